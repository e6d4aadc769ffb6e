// Device keys that are revoked together with their devices' sessions: the event about each of them.

import type { Context } from '../../context.ts'
import type { Note } from '../../store/store.ts'
import { note } from '../events/audit-trail.ts'

/**
 * The event about each device key that the store revokes while it ends sessions. Only the store knows which these are:
 * it fills in the id.
 */
export const revocation = (ctx: Context, about: { anonymousId: string; sessionId: string | null }): Note =>
  note(ctx, 'device_key.removed', { device_key_id: '' }, about)
