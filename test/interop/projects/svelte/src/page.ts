import { hydrate, mount } from 'svelte'
import Readme from './readme.svelte'
import Shop from './shop.svelte'

const target = document.getElementById('app')!
const given = document.getElementById('guest')?.textContent
const initialGuest = given ? JSON.parse(given) : undefined
const options = {
  get baseUrl() {
    performance.mark('client') // for each client that is made
    return '/guest'
  },
}
if (location.pathname === '/elements') await import('@guestkey/client/elements')
if (location.pathname === '/readme') mount(Readme, { target })
else if (target.firstElementChild) hydrate(Shop, { target, props: { given: { options, initialGuest } } })
else mount(Shop, { target, props: { given: { options } } })
