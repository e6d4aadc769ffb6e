import { createRoot, hydrateRoot } from 'react-dom/client'
import { App } from './account.jsx'
import { Shop } from './app.tsx'

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
if (location.pathname === '/readme') createRoot(root).render(<App initialGuest={initialGuest} />)
else if (root.firstElementChild) hydrateRoot(root, <Shop options={options} initialGuest={initialGuest} />)
else createRoot(root).render(<Shop options={options} />)
