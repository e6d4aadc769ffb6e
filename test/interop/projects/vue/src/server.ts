import type { InitialGuest } from '@guestkey/client'
import { GuestProvider } from '@guestkey/client/vue'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import Shop from './shop.vue'

export const render = (initialGuest: InitialGuest | null | undefined) =>
  renderToString(createSSRApp(Shop).use(GuestProvider, { initialGuest }))
