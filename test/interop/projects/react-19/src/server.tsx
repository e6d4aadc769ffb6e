import type { InitialGuest } from '@guestkey/client'
import { renderToString } from 'react-dom/server'
import { Shop } from './app.tsx'

export const render = (initialGuest: InitialGuest | null | undefined) =>
  renderToString(<Shop initialGuest={initialGuest} />)
