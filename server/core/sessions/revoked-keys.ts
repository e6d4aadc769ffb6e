// Device keys that go with the sessions of their devices: what is written of each, and who is told.

import type { Context } from '../../context.ts'
import type { RevocableKey } from '../../store/store.ts'
import { note } from '../events/audit-trail.ts'

type About = { anonymousId: string; sessionId: string | null }

const revokedEvent = (anonymousId: string, id: string) => ({ anonymous_id: anonymousId, device_key_id: id })

/** All keys of a guest, and what is written of each that is revoked. */
export async function revocableKeys(ctx: Context, about: About): Promise<RevocableKey[]> {
  const { anonymousId } = about
  const keys = await ctx.store.listDeviceKeys({ anonymousId })
  return keys.map(({ id }) => ({
    id,
    notes: [note(ctx, 'device_key.removed', revokedEvent(anonymousId, id), about)],
  }))
}

/** Tells of those that were revoked. */
export function announceRevoked(ctx: Context, anonymousId: string, ids: string[]): void {
  for (const id of ids) ctx.events.emit('device_key.removed', revokedEvent(anonymousId, id))
}
