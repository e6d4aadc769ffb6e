// Device keys that are revoked together with their devices' sessions: what is written about each, and its event.

import type { Context } from '../../context.ts'
import type { RevocableKey } from '../../store/store.ts'
import { note } from '../events/audit-trail.ts'

type About = { anonymousId: string; sessionId: string | null }

const revokedEvent = (anonymousId: string, id: string) => ({ anonymous_id: anonymousId, device_key_id: id })

/** All device keys of a guest, each with what the store writes if that key is revoked. */
export async function revocableKeys(ctx: Context, about: About): Promise<RevocableKey[]> {
  const { anonymousId } = about
  const keys = await ctx.store.listDeviceKeys({ anonymousId })
  return keys.map(({ id }) => ({
    id,
    notes: [note(ctx, 'device_key.removed', revokedEvent(anonymousId, id), about)],
  }))
}

/** Emits `device_key.removed` for each key that was revoked. */
export function announceRevoked(ctx: Context, anonymousId: string, ids: string[]): void {
  for (const id of ids) ctx.events.emit('device_key.removed', revokedEvent(anonymousId, id))
}
