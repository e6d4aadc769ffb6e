// What the store has about one guest, as the guest's export and operators see it.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { AuditRow } from '../../store/store.ts'
import type { DeviceKey, LoginId, MergeStatus, OperatorAct, Passkey, RecoveryCodesLeft } from '../../types.ts'
import { toDeviceKey } from '../device-keys/manage.ts'
import { toGuest } from '../guests/guest.ts'
import { toLoginId } from '../login-ids/login-ids.ts'
import { toPasskey } from '../passkeys/manage.ts'
import { recoveryCodesLeft } from '../recovery-codes.ts'
import { listSessions, type Session } from '../sessions/sessions.ts'

const MAX_AUDIT_LINES = 10_000

/** What is known about a guest beside its row and its sessions. Of a guest without a row, that is little. */
export type GuestRecord = {
  login_ids: LoginId[]
  profile: { attributes: Record<string, unknown>; updated_at: number } | null
  passkeys: (Passkey & {
    public_key: string
    aaguid: string
    backup_eligible: boolean
    sign_count: number
  })[]
  recovery_codes: RecoveryCodesLeft
  device_keys: (DeviceKey & { public_key: unknown })[]
  /** The merges into this guest. */
  merges: { anonymous_id: string; label: string; status: MergeStatus }[]
  /** The prompts that the guest snoozed. */
  prompts: { prompt: string; snoozed: number; snoozed_until: number }[]
  /** The latest first. */
  audit: AuditLine[]
}

/** A line of the audit trail about the guest. */
export type AuditLine = {
  at: number
  action: string
  outcome: string
  session_id: string | null
  /**
   * If an operator did it. A guest learns in which role and why, and the reference to ask about; not who it was (`by`).
   */
  operator?: Omit<OperatorAct, 'by'> & Partial<Pick<OperatorAct, 'by'>>
}

/** `forOperators`: with the ids of the operators who did something. Default: false. */
export async function recordOf(
  ctx: Context,
  anonymousId: string,
  { forOperators = false } = {},
): Promise<GuestRecord> {
  const key = { anonymousId }
  const [loginIds, profile, passkeys, codes, deviceKeys, facts, merges, audit] = await Promise.all([
    ctx.store.listLoginIds(key),
    ctx.store.findProfile(key),
    ctx.store.listPasskeys(key),
    recoveryCodesLeft(ctx, key),
    ctx.store.listDeviceKeys(key),
    ctx.store.findPromptFacts(key),
    ctx.store.listMerges(key),
    ctx.store.listAudit({ ...key, since: 0, limit: MAX_AUDIT_LINES }),
  ])
  return {
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
    merges: merges.map(({ fromId, label, status }) => ({ anonymous_id: fromId, label, status })),
    prompts: (facts?.snoozes ?? []).map(toSnoozed),
    audit: audit.map((row) => toLine(row, forOperators)),
  }
}

function toLine({ at, action, outcome, sessionId, operator }: AuditRow, forOperators: boolean): AuditLine {
  const line = { at, action, outcome, session_id: sessionId }
  if (!operator) return line
  const { by, ...others } = operator
  return { ...line, operator: forOperators ? { by, ...others } : others }
}

const toSnoozed = ({
  prompt,
  times,
  snoozedUntil,
}: {
  prompt: string
  times: number
  snoozedUntil: number
}) => ({ prompt, snoozed: times, snoozed_until: snoozedUntil })

/**
 * Everything that is known about the guest who is signed in.
 * Errors: `session_invalid` if the guest was erased meanwhile.
 */
export async function exportAccount(ctx: Context, session: Session): Promise<Record<string, unknown>> {
  const key = { anonymousId: session.anonymousId }
  const [guest, record, sessions, rows] = await Promise.all([
    ctx.store.findGuest(key),
    recordOf(ctx, session.anonymousId),
    listSessions(ctx, session),
    ctx.store.listSessions({ ...key, now: ctx.now() }),
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
    ...record,
    sessions: sessions.map((one) => {
      const row = rows.find(({ id }) => id === one.id)
      const { endsAt, grant } = row ?? session
      return { ...one, ends_at: endsAt, client_id: grant?.clientId ?? null, scope: row?.grant?.scope ?? null }
    }),
    // Until the guest is kept, only its session remembers them.
    ...(!guest && session.carried && { prompts: session.carried.snoozes.map(toSnoozed) }),
  }
}
