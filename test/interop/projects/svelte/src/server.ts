import type { InitialGuest } from '@guestkey/client'
import { render as renderComponent } from 'svelte/server'
import Shop from './shop.svelte'

export const render = (initialGuest: InitialGuest | null | undefined) =>
  renderComponent(Shop, { props: { given: { initialGuest } } }).body
