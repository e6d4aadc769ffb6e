// Leaving: the export of everything that is known about a guest, and the erasure of the guest. The erasure of guests who
// stay away: core/jobs/expired-guests.ts.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { EraseOutcome, SessionRef } from '../../store/store.ts'
import { deviceKeyRows, toDeviceKey } from '../device-keys/manage.ts'
import { note, tellUnwritten } from '../events/audit-trail.ts'
import type { GuestEvents } from '../events/events.ts'
import { toGuest } from '../guests/guest.ts'
import { isId, isOurs } from '../guests/ids.ts'
import { toLoginId } from '../login-ids/login-ids.ts'
import { passkeyRows, toPasskey } from '../passkeys/manage.ts'
import { recoveryCodesLeft } from '../recovery-codes.ts'
import { ending } from '../sessions/endings.ts'
import { listSessions, longestIdle, type Session, sessionEnded, sessionRef } from '../sessions/sessions.ts'
import { isFresh, requireProof, requireRecentPasskey } from '../sessions/step-up.ts'

/**
 * Erases the guest who is signed in, with everything.
 * Errors: `insufficient_user_authentication` if the guest has a passkey and did not prove one recently;
 * `session_invalid` if the session ended meanwhile.
 */
export async function eraseAccount(ctx: Context, session: Session): Promise<void> {
  const isProven = isFresh(ctx, session)
  requireProof(ctx, session)
  const outcome = await erase(ctx, session.anonymousId, 'left', {
    by: { session: sessionRef(ctx, session), isProven },
    isKept: session.kind === 'stored',
  })
  if (outcome === 'ended') throw sessionEnded('before the guest was erased')
  if (outcome === 'unproven') requireRecentPasskey(ctx, session)
}

/** Erases a guest for the host; false if the guest had no row. Either way, all sessions of the guest end. */
export const eraseGuestByHost = async (ctx: Context, anonymousId: string): Promise<boolean> =>
  isId(anonymousId) && (await erase(ctx, anonymousId, 'host', { by: undefined, isKept: true })) === 'erased'

/**
 * If the guest is not kept, the store writes only that its session ended. Guests whose merge into this one is under way
 * or was refused, and who have no other way back, are erased too: none of them could come back. Imported ones stay: the
 * host may sign them in by their ids in the other system.
 */
async function erase(
  ctx: Context,
  anonymousId: string,
  reason: GuestEvents['guest.erased']['reason'],
  { by, isKept }: { by: { session: SessionRef; isProven: boolean } | undefined; isKept: boolean },
): Promise<EraseOutcome> {
  const erasureOf = (id: string) => ({
    anonymousId: id,
    // An imported guest never had a session without a row.
    endedUntil: isOurs(id) ? ctx.now() + longestIdle(ctx) : null,
    notes: isKept ? [note(ctx, 'guest.erased', { reason }, { anonymousId: id })] : [],
  })
  for (;;) {
    const now = ctx.now()
    const stranded = isKept ? await ctx.store.listStranded({ anonymousId, now }) : []
    const alongside = stranded.filter(isOurs)
    const spared = stranded.filter((id) => !isOurs(id))
    const outcome = await ctx.store.eraseGuest({
      ...erasureOf(anonymousId),
      by,
      ending: ending(ctx, 'erased'),
      alongside: { now, guests: alongside.map(erasureOf), spared },
    })
    if (outcome === 'stale') continue
    // Nothing is written about a guest without a row.
    if (!isKept && (outcome === 'erased' || outcome === 'unknown'))
      tellUnwritten(ctx, 'guest.erased', { reason }, { anonymousId })
    return outcome
  }
}

/**
 * Everything that is known about the guest who is signed in.
 * Errors: `session_invalid` if the guest was erased meanwhile.
 */
export async function exportAccount(ctx: Context, session: Session): Promise<Record<string, unknown>> {
  const key = { anonymousId: session.anonymousId }
  const [guest, loginIds, profile, passkeys, codes, deviceKeys, sessions, rows, facts, merges, audit] =
    await Promise.all([
      ctx.store.findGuest(key),
      ctx.store.listLoginIds(key),
      ctx.store.findProfile(key),
      passkeyRows(ctx, session),
      recoveryCodesLeft(ctx, session),
      deviceKeyRows(ctx, session),
      listSessions(ctx, session),
      ctx.store.listSessions({ ...key, now: ctx.now() }),
      ctx.store.findPromptFacts(key),
      ctx.store.listMerges(key),
      ctx.store.listAudit({ ...key, since: 0, limit: 10_000 }),
    ])
  const known = guest ?? (session.kind === 'sealed' ? { ...session, ...session.carried } : undefined)
  if (!known) throw new GuestError('session_invalid', { reason: 'the guest was erased meanwhile' })
  return {
    exported_at: ctx.now(),
    guest: {
      ...toGuest(session),
      created_at: known.createdAt,
      last_seen_at: known.lastSeenAt,
      days_seen: known.daysSeen,
      ...(guest && { user_handle: guest.userHandle }),
    },
    login_ids: loginIds.map(toLoginId),
    profile: profile ? { attributes: profile.attributes, updated_at: profile.updatedAt } : null,
    passkeys: passkeys.map((row) => ({
      ...toPasskey(row),
      public_key: row.publicKey,
      aaguid: row.aaguid,
      backup_eligible: row.backupEligible,
      sign_count: row.signCount,
    })),
    recovery_codes: codes,
    device_keys: deviceKeys.map((row) => ({ ...toDeviceKey(row), public_key: JSON.parse(row.publicKey) })),
    sessions: sessions.map((one) => {
      const row = rows.find(({ id }) => id === one.id)
      const { endsAt, grant } = row ?? session
      return { ...one, ends_at: endsAt, client_id: grant?.clientId ?? null, scope: row?.grant?.scope ?? null }
    }),
    merges: merges.map(({ fromId, label, status }) => ({ anonymous_id: fromId, label, status })),
    prompts: (facts?.snoozes ?? session.carried?.snoozes ?? []).map(({ prompt, times, snoozedUntil }) => ({
      prompt,
      snoozed: times,
      snoozed_until: snoozedUntil,
    })),
    audit: audit.map(({ at, action, outcome, sessionId }) => ({
      at,
      action,
      outcome,
      session_id: sessionId,
    })),
  }
}
