// What operators see and do about the deployment itself: settings, webhooks, signing keys, jobs and the audit trail.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { AuditPlace, AuditRow } from '../../store/store.ts'
import type { AuditEntry, DeadLetter, OperatorAct, Setting } from '../../types.ts'
import { isId } from '../guests/ids.ts'
import { changeSettings, resetSetting } from '../settings/change.ts'
import type { SettingChanges } from '../settings/settings.ts'
import { noteAbout } from './operators.ts'

/** Who changed a setting, as every operator sees it: the id of the operator or machine, and the reason with the case. */
const changedBy = ({ by, reason, case: reference }: OperatorAct) => ({
  by: by ?? undefined,
  reason: `${reason} ${reference}`,
})

/** Errors: as `changeSettings`. */
export const changeSettingsBy = (
  ctx: Context,
  values: SettingChanges,
  act: OperatorAct,
): Promise<Record<string, Setting>> => changeSettings(ctx, values, changedBy(act), act)

/** Errors: as `resetSetting`. */
export const resetSettingBy = (
  ctx: Context,
  name: string,
  act: OperatorAct,
): Promise<Record<string, Setting>> => resetSetting(ctx, name, act)

/** The deliveries that were given up, the oldest first. */
export async function listFailedWebhooks(ctx: Context, limit: number): Promise<DeadLetter[]> {
  const rows = await ctx.store.listDeadDeliveries({ limit })
  return rows.map(({ id, url, event, payload, createdAt, attempts, failure }) => ({
    id,
    url,
    event,
    payload,
    created_at: createdAt,
    attempts,
    failure: failure ?? '',
  }))
}

/** Makes one of these due again, or all (undefined). The node that looks next sends it, within five seconds. Returns how many. */
export const retryWebhooks = (ctx: Context, id: string | undefined, act: OperatorAct): Promise<number> =>
  ctx.store.retryDeliveries({
    id: id ?? null,
    now: 0,
    notes: [noteAbout(ctx, 'webhooks.retried', id ?? 'all', act)],
  })

/** A key that signs access tokens. `signs`: it is the one that signs now. */
export type ListedKey = {
  kid: string
  algorithm: string
  signs_from: number
  retires_at: number | null
  signs: boolean
}

/** The signing keys that are published, the oldest first. */
export async function listSigningKeys({ signingKeys }: Context): Promise<ListedKey[]> {
  const keys = await signingKeys.list()
  return keys.map(({ kid, algorithm, signsFrom, retiresAt, signs }) => ({
    kid,
    algorithm,
    signs_from: signsFrom,
    retires_at: retiresAt,
    signs,
  }))
}

/** Makes a new signing key, unless one is about to take over. Then nothing is done, and no line written. */
export async function rotateSigningKeysBy(ctx: Context, act: OperatorAct) {
  const notes = [noteAbout(ctx, 'signing_keys.rotated', 'done', act)]
  const { kid, signsFrom, previousRetiresAt } = await ctx.signingKeys.rotate({ notes, by: ctx.store })
  return { kid, signs_from: signsFrom, previous_retires_at: previousRetiresAt }
}

/** A background job. `last_run_at`: when it last began, on whatever node. `due_at`: from when on a node may begin it again. */
export type ListedJob = { name: string; last_run_at: number | null; due_at: number }

/** The jobs that have run at least once. Times are by the database's clock. */
export async function listJobs({ store }: Context): Promise<ListedJob[]> {
  const jobs = await store.listJobs({})
  return jobs.map(({ name, lastRunAt, claimedUntil }) => ({
    name,
    last_run_at: lastRunAt,
    due_at: claimedUntil,
  }))
}

/** A page of the audit trail. `next`: the cursor of the next page; null if there is none. */
export type AuditPage = { entries: AuditEntry[]; next: string | null }

/**
 * A page of the audit trail, the latest entry first, of one guest or of all, and by one operator or by anybody. `cursor`: `next`
 * of the page before, with the same guest and operator.
 * Errors: `invalid_request` if the cursor is none of ours.
 */
export async function pageAudit(
  ctx: Context,
  {
    anonymousId,
    operatorId,
    cursor,
    limit,
  }: {
    anonymousId?: string | undefined
    operatorId?: string | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<AuditPage> {
  const after = cursor === undefined ? null : placeIn(cursor)
  if ((anonymousId && !isId(anonymousId)) || (operatorId !== undefined && !isId(operatorId)))
    return { entries: [], next: null }
  const { rows, next } = await ctx.store.pageAudit({
    anonymousId: anonymousId ?? null,
    operatorId: operatorId ?? null,
    after,
    limit,
  })
  return { entries: rows.map(toEntry), next: next && `${next.at}.${next.place}.${next.id}` }
}

function placeIn(cursor: string): AuditPlace {
  const [, at, place, id] = /^(\d{1,12})\.(\d{1,2})\.([\w-]{1,64})$/.exec(cursor) ?? []
  if (id !== undefined) return { at: Number(at), place: Number(place), id }
  throw new GuestError('invalid_request', {
    detail: 'cursor must be `next` of the page before, unchanged.',
  })
}

const toEntry = ({ anonymousId, at, action, outcome, sessionId, operator }: AuditRow) => ({
  anonymous_id: anonymousId,
  at,
  action,
  outcome,
  session_id: sessionId,
  ...(operator && { operator }),
})
