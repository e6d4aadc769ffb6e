// Prompts: what the app should ask a guest for now. Rules decide by what is known without tracking anybody.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Collection } from '../../options/options.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { PromptFacts, SnoozeRow } from '../../store/store.ts'
import type { UserInfo } from '../../types.ts'
import { toGuest } from '../guests/guest.ts'
import { rulesOf } from '../guests/retention.ts'
import type { Issued, Session } from '../sessions/sessions.ts'
import { guestExpiryFor } from '../tokens/pairwise-times.ts'
import { reissueFor } from '../tokens/refresh-tokens.ts'
import { wayInOf } from './ways-in.ts'

/**
 * The userinfo response: the guest as this client knows it, and the due prompts. `moment`: the name of
 * the moment that the app is at, if any.
 */
export async function userInfo(
  ctx: Context,
  session: Session,
  { client, moment }: { client?: Client | undefined; moment?: string | undefined } = {},
): Promise<UserInfo> {
  // A client with pairwise subjects cannot act on prompts, so it gets none.
  const prompts = client?.pairwise === undefined ? await duePrompts(ctx, session, moment) : []
  const isOwn = client?.pairwise === undefined && session.kind === 'stored'
  const wayIn = isOwn ? await wayInOf(ctx, session.anonymousId) : null
  const guest = toGuest(session, client)
  const expires_at = client ? guestExpiryFor(ctx, client, session, guest.expires_at) : guest.expires_at
  return { ...guest, expires_at, prompts, ...(wayIn && { way_in: wayIn }) }
}

/**
 * Userinfo after a write. The write stands even if the store then fails, so the response names no prompts instead.
 */
export async function userInfoAfter(ctx: Context, session: Session): Promise<UserInfo> {
  try {
    return await userInfo(ctx, session)
  } catch (err) {
    ctx.logger.warn({ err }, 'the due prompts could not be looked up: the response names none')
    return { ...toGuest(session), prompts: [] }
  }
}

/** The due prompts, each once, in the order of the rules. */
export async function duePrompts(ctx: Context, session: Session, moment?: string): Promise<string[]> {
  const { prompts } = rulesOf(ctx, session.collection)
  if (prompts.length === 0) return []
  const facts = await promptFacts(ctx, session)
  const due = prompts.filter((rule) => isDue(rule, session, facts, { now: ctx.now(), moment }))
  return [...new Set(due.map(({ prompt }) => prompt))]
}

/**
 * What the guest's row says. If the host kept the guest, its session may know of an earlier start, more days or
 * snoozes.
 */
async function promptFacts(ctx: Context, session: Session): Promise<PromptFacts> {
  const { kind, anonymousId, createdAt } = session
  const { daysSeen = 0, snoozes = [] } = session.carried ?? {}
  const row = kind === 'sealed' ? undefined : await ctx.store.findPromptFacts({ anonymousId })
  if (!row) return { createdAt, daysSeen, snoozes, attributes: [], hasDeviceKey: false, recoveryCodes: 0 }
  return {
    ...row,
    createdAt: Math.min(row.createdAt, createdAt),
    daysSeen: Math.max(row.daysSeen, daysSeen),
    snoozes: joinedSnoozes(row.snoozes, snoozes),
  }
}

const joinedSnoozes = (some: SnoozeRow[], others: SnoozeRow[]): SnoozeRow[] => {
  const byPrompt = new Map(some.map((one) => [one.prompt, one]))
  for (const { prompt, times, snoozedUntil } of others) {
    const known = byPrompt.get(prompt) ?? { times: 0, snoozedUntil: 0 }
    byPrompt.set(prompt, {
      prompt,
      times: Math.max(times, known.times),
      snoozedUntil: Math.max(snoozedUntil, known.snoozedUntil),
    })
  }
  return [...byPrompt.values()]
}

type Rule = Collection['prompts'][number]

function isDue(
  { prompt, when, maxSnoozes }: Rule,
  { kind, recoverability, promotedAt }: Session,
  facts: PromptFacts,
  { now, moment }: { now: number; moment: string | undefined },
): boolean {
  const snooze = facts.snoozes.find((one) => one.prompt === prompt)
  if (snooze && (snooze.times >= maxSnoozes || snooze.snoozedUntil > now)) return false
  if (isFulfilled(prompt, { recoverability, promotedAt }, facts)) return false
  return (
    (when.moment === undefined || when.moment === moment) &&
    (when.ageSeconds === undefined || now - facts.createdAt >= when.ageSeconds) &&
    (when.daysSeen === undefined || facts.daysSeen >= when.daysSeen) &&
    (when.kept === undefined || when.kept === (kind === 'stored')) &&
    (when.recoverability === undefined || when.recoverability.includes(recoverability))
  )
}

/** Whether the guest has already done what the prompt asks for. */
function isFulfilled(
  prompt: string,
  { recoverability, promotedAt }: Pick<Session, 'recoverability' | 'promotedAt'>,
  { attributes, hasDeviceKey, recoveryCodes }: PromptFacts,
): boolean {
  if (prompt === 'add_device_key') return hasDeviceKey
  if (prompt === 'add_recovery_codes') return recoveryCodes > 0
  if (prompt === 'promote') return promotedAt !== null
  if (prompt === 'add_passkey') return hasPasskey(recoverability)
  const [, attribute] = /^add_attribute:(.*)$/.exec(prompt) ?? []
  return attribute !== undefined && attributes.includes(attribute)
}

/**
 * Hides a prompt for `seconds`, by default for the rule's `snoozeSeconds`. If the guest has no row, the session's
 * token remembers it, and the holder must use the token in `issued` from now on.
 * Errors: `prompt_unknown`; `insufficient_scope` if the token must change and the asking client does not hold the
 * session, or if the guest was erased meanwhile.
 */
export async function snooze(
  ctx: Context,
  session: Session,
  { prompt, seconds, client }: { prompt: string; seconds?: number | undefined; client?: Client | undefined },
): Promise<{ session: Session; issued?: Issued }> {
  const rule = rulesOf(ctx, session.collection).prompts.find((one) => one.prompt === prompt)
  if (!rule) throw new GuestError('prompt_unknown')
  const until = ctx.now() + (seconds ?? rule.snoozeSeconds)
  const { anonymousId } = session
  const before = session.carried?.snoozes.find((one) => one.prompt === prompt)?.times ?? 0
  if (await ctx.store.snoozePrompt({ anonymousId, prompt, until, before })) return { session }
  if (!session.carried) throw new GuestError('insufficient_scope')
  const snoozes = snoozed(session.carried.snoozes, prompt, until)
  return reissueFor(ctx, { ...session, carried: { ...session.carried, snoozes } }, client)
}

const snoozed = (snoozes: SnoozeRow[], prompt: string, snoozedUntil: number): SnoozeRow[] => {
  const times = (snoozes.find((one) => one.prompt === prompt)?.times ?? 0) + 1
  return [...snoozes.filter((one) => one.prompt !== prompt), { prompt, times, snoozedUntil }]
}
