// Prompts: what a guest is to be asked for now, by rules on what is known without tracking anybody.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Collection } from '../../options/options.ts'
import type { PromptFacts, SnoozeRow } from '../../store/store.ts'
import type { UserInfo } from '../../types.ts'
import { toGuest } from '../guests/guest.ts'
import { rulesOf } from '../guests/retention.ts'
import { reissue } from '../sessions/session-tokens.ts'
import { type Issued, isCarried, type Session } from '../sessions/sessions.ts'
import { hasPasskey } from '../sessions/step-up.ts'
import { reissueGrant } from '../tokens/refresh-tokens.ts'

/** What userinfo says: the guest as this client knows it, and what is due, at this moment if the host names one. */
export async function userInfo(
  ctx: Context,
  session: Session,
  { client, moment }: { client?: Client | undefined; moment?: string | undefined } = {},
): Promise<UserInfo> {
  // A client that knows the guest by another name can do nothing about it.
  const prompts = client?.pairwise === undefined ? await duePrompts(ctx, session, moment) : []
  return { ...toGuest(session, client), prompts }
}

/** The same after something was written: that stands, whether or not the store can be asked again. */
export async function userInfoAfter(ctx: Context, session: Session): Promise<UserInfo> {
  try {
    return await userInfo(ctx, session)
  } catch (err) {
    ctx.logger.warn({ err }, 'what is due could not be looked up')
    return { ...toGuest(session), prompts: [] }
  }
}

/** What is due, in the order of the rules. */
export async function duePrompts(ctx: Context, session: Session, moment?: string): Promise<string[]> {
  const { prompts } = rulesOf(ctx, session.collection)
  if (prompts.length === 0) return []
  const facts = await promptFacts(ctx, session)
  const due = prompts.filter((rule) => isDue(rule, session, facts, { now: ctx.now(), moment }))
  return [...new Set(due.map(({ prompt }) => prompt))]
}

/** What the row says, and of one who was kept by the host what the session knows better. */
async function promptFacts(ctx: Context, { kind, anonymousId, ...session }: Session): Promise<PromptFacts> {
  const carried = { ...session, attributes: [], hasDeviceKey: false, recoveryCodes: 0 }
  const row = kind === 'sealed' ? undefined : await ctx.store.findPromptFacts({ anonymousId })
  if (!row) return carried
  return {
    ...row,
    createdAt: Math.min(row.createdAt, carried.createdAt),
    daysSeen: Math.max(row.daysSeen, carried.daysSeen),
    snoozes: joinedSnoozes(row.snoozes, carried.snoozes),
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

/** Whether there is nothing more to ask for. */
function isFulfilled(
  prompt: string,
  { recoverability, promotedAt }: Pick<Session, 'recoverability' | 'promotedAt'>,
  { attributes, hasDeviceKey, recoveryCodes }: PromptFacts,
): boolean {
  if (prompt === 'add_device_key') return hasDeviceKey
  if (prompt === 'add_recovery_codes') return recoveryCodes > 0
  if (prompt === 'promote') return promotedAt !== null
  if (prompt === 'add_passkey') return hasPasskey({ recoverability })
  const [, attribute] = /^add_attribute:(.*)$/.exec(prompt) ?? []
  return attribute !== undefined && attributes.includes(attribute)
}

/**
 * Leaves the guest alone with a prompt for a while: the rule's time, unless another one is given. Of a guest without
 * a row the session remembers it: it goes on with the token that is `issued`.
 * Errors: `unknown_prompt`; `insufficient_scope` where a client asks whose token the session does not go on by.
 */
export async function snooze(
  ctx: Context,
  session: Session,
  { prompt, seconds, client }: { prompt: string; seconds?: number | undefined; client?: Client | undefined },
): Promise<{ session: Session; issued?: Issued }> {
  const rule = rulesOf(ctx, session.collection).prompts.find((one) => one.prompt === prompt)
  if (!rule) throw new GuestError('unknown_prompt')
  const until = ctx.now() + (seconds ?? rule.snoozeSeconds)
  const { anonymousId } = session
  const before = session.snoozes.find((one) => one.prompt === prompt)?.times ?? 0
  if (await ctx.store.snoozePrompt({ anonymousId, prompt, until, before })) return { session }
  return reissueFor(ctx, { ...session, snoozes: snoozed(session.snoozes, prompt, until) }, client)
}

/**
 * A session that says something else from now on, with the token that its holder carries it in.
 * Errors: `insufficient_scope` where a client asks whose token the session does not go on by.
 */
export function reissueFor(
  ctx: Context,
  next: Session,
  client: Client | undefined,
): { session: Session; issued: Issued } {
  if (!isCarried(next) || (client && !next.grant)) throw new GuestError('insufficient_scope')
  const issued = client ? reissueGrant(ctx, client, next) : reissue(ctx, next)
  return { session: issued.session, issued }
}

const snoozed = (snoozes: SnoozeRow[], prompt: string, snoozedUntil: number): SnoozeRow[] => {
  const times = (snoozes.find((one) => one.prompt === prompt)?.times ?? 0) + 1
  return [...snoozes.filter((one) => one.prompt !== prompt), { prompt, times, snoozedUntil }]
}
