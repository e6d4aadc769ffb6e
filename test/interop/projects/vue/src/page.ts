import { GuestProvider } from '@guestkey/client/vue'
import { createApp, createSSRApp } from 'vue'
import Shop from './shop.vue'

const root = document.getElementById('app')!
const given = document.getElementById('guest')?.textContent
const initialGuest = given ? JSON.parse(given) : undefined
const options = {
  get baseUrl() {
    performance.mark('client') // for each client that is made
    return '/guest'
  },
}
if (location.pathname === '/elements') await import('@guestkey/client/elements')
if (location.pathname === '/readme') await import('./main.js')
else if (root.firstElementChild) createSSRApp(Shop).use(GuestProvider, { options, initialGuest }).mount(root)
else createApp(Shop).use(GuestProvider, { options }).mount(root)
