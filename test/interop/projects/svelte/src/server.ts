import type { StartGuest } from '@guestkey/client'
import { render as renderComponent } from 'svelte/server'
import Shop from './shop.svelte'

export const render = (initialGuest: StartGuest | null | undefined) =>
  renderComponent(Shop, { props: { given: { initialGuest } } }).body
