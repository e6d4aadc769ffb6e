import type { StartGuest } from '@guestkey/client'
import { renderToString } from 'react-dom/server'
import { Shop } from './app.tsx'

export const render = (initialGuest: StartGuest | null | undefined) =>
  renderToString(<Shop initialGuest={initialGuest} />)
