// What operators see of the counters: numbers of closed days, by day or week, of all collections together or of each.

import { setImmediate } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import {
  DAY_SECONDS,
  type GuestCounter,
  guestCounters,
  includesAct,
  mondayOf,
  startOfDay,
  WEEK_SECONDS,
} from '../../rules/statistics.ts'
import type { Counting, PeriodCount, Store } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'
import type { SignInMethod } from './counters.ts'

const DEFAULT_DAYS = 28
const READ_SECONDS = 4 * WEEK_SECONDS
const MAX_DAYS = { day: 400, week: 800 }

/** A number for each period. Null: nothing is shown there (rules/statistics.ts). */
export type Counts = (number | null)[]

const recoverabilities = ['none', 'device', 'passkey', 'synced'] as const
recoverabilities satisfies readonly Recoverability[]
const methods = ['passkey', 'code', 'host', 'device_key', 'device_link', 'recovery_code', 'way_in'] as const
methods satisfies readonly SignInMethod[]

/** The numbers of all collections, or of one. `recoverability`: stored guests in steps; null: under 10. */
export type Numbers = {
  guests: Record<GuestCounter | 'came_back', Counts>
  sign_ins: Record<SignInMethod | 'anonymous', Counts>
  recoverability: Record<Recoverability, number | null>
}

/** Days are `YYYY-MM-DD`, UTC. `periods`: the first day of each. */
export type Statistics = Numbers & {
  since: string
  until: string
  step: 'day' | 'week'
  collection: string | null
  counted_until: string | null
  recoverability_of: string | null
  periods: string[]
  refusals: Record<string, Counts>
  collections?: (Numbers & { collection: string })[] | undefined
}

/** `since`, `until`: days, both counted; default: the last 28 days that are shown. `split`: whether by collection, too. */
export type StatisticsQuery = {
  since?: string | undefined
  until?: string | undefined
  step?: 'day' | 'week' | undefined
  collection?: string | undefined
  split?: 'collection' | undefined
}

/** Errors: `invalid_request` if a day is none, the range ends before it begins, or it is too long. */
export async function readStatistics(ctx: Context, query: StatisticsQuery): Promise<Statistics> {
  const { step = 'day', collection = null, split } = query
  const counting = await ctx.store.readCounting({})
  const seconds = step === 'day' ? DAY_SECONDS : WEEK_SECONDS
  const closed = counting.closedDay
  const { from, to } = rangeIn(query, step, closed ?? startOfDay(ctx.claims.now()) - DAY_SECONDS)
  const periods = closed === null || to < from ? 0 : Math.ceil((to + DAY_SECONDS - from) / seconds)
  const rows = await readRows(ctx, { from, to, seconds, collection, split: split !== undefined })
  const numbers = (whose: string | null) => numbersOf({ rows, periods, counting, whose })
  return {
    since: dateOf(from),
    until: dateOf(to),
    step,
    collection,
    counted_until: closed === null ? null : dateOf(closed),
    recoverability_of: counting.picture && dateOf(counting.picture.day),
    periods: Array.from({ length: periods }, (_, i) => dateOf(from + i * seconds)),
    ...numbers(collection),
    refusals: refusalsIn(rows, periods),
    ...(split && {
      collections: collectionsIn(ctx, rows, counting, collection).map((one) => ({
        collection: one,
        ...numbers(one),
      })),
    }),
  }
}

/** Reads four weeks at a time: with SQLite, a node answers nobody meanwhile. */
async function readRows(
  { store }: Context,
  asked: Parameters<Store['sumCounts']>[0],
): Promise<PeriodCount[]> {
  const { from, to, seconds } = asked
  const rows: PeriodCount[] = []
  for (let start = from; start <= to; start += READ_SECONDS) {
    const end = Math.min(to, start + READ_SECONDS - DAY_SECONDS)
    const found = await store.sumCounts({ ...asked, from: start, to: end })
    const before = (start - from) / seconds
    for (const row of found) rows.push({ ...row, period: row.period + before })
    await setImmediate()
  }
  return rows
}

/** The first and the last day: whole weeks if the step is a week, and no day that is not closed. */
function rangeIn(
  { since, until }: StatisticsQuery,
  step: 'day' | 'week',
  closed: number,
): { from: number; to: number } {
  const end = until === undefined ? closed : dayIn('until', until)
  const last = Math.min(end, closed)
  const first = since === undefined ? last - (DEFAULT_DAYS - 1) * DAY_SECONDS : dayIn('since', since)
  if (until !== undefined && first > end) throw wrong(`since (${since}) must not be after until (${until})`)
  const days = (last - first) / DAY_SECONDS + 1
  if (days > MAX_DAYS[step])
    throw wrong(`the range has ${days} days: for the step ${step}, it may have at most ${MAX_DAYS[step]}`)
  if (step === 'day') return { from: first, to: last }
  return { from: mondayOf(first), to: Math.min(mondayOf(last) + WEEK_SECONDS - DAY_SECONDS, closed) }
}

function dayIn(name: string, text: string): number {
  const day = Date.parse(`${text}T00:00:00Z`) / 1000
  if (Number.isNaN(day) || dateOf(day) !== text)
    throw wrong(`${name} must be a day such as 2026-11-30, not ${text}`)
  return day
}

const wrong = (detail: string) => new GuestError('invalid_request', { detail: `${detail}.` })

const dateOf = (day: number): string => new Date(day * 1000).toISOString().slice(0, 10)

/** The collections of the options, and those that were counted. */
function collectionsIn(
  { config }: Context,
  rows: PeriodCount[],
  { picture }: Counting,
  only: string | null,
): string[] {
  const counted = [...rows, ...(picture?.guests ?? [])].map(({ collection }) => collection)
  const all = [...new Set([...Object.keys(config.collections), ...counted])]
  return all.filter((one) => one !== '' && (only === null || one === only)).sort()
}

/** Sums of the rows of a collection (null: of all). `rows` have one of their own for each collection, or for all. */
function numbersOf({
  rows,
  periods,
  counting: { picture },
  whose,
}: {
  rows: PeriodCount[]
  periods: number
  counting: Counting
  whose: string | null
}): Numbers {
  const ofWhom = rows.filter(({ collection }) => whose === null || collection === whose)
  const sums = (...names: string[]) => sumsOf(ofWhom, periods, (name) => names.includes(name))
  const acts = (what: GuestCounter) => sumsOf(ofWhom, periods, (name) => includesAct(name, what))
  const stored = (picture?.guests ?? []).filter(({ collection }) => whose === null || collection === whose)
  const guests = (how: Recoverability) =>
    stored.reduce((sum, one) => sum + (one.recoverability === how ? one.guests : 0), 0) || null
  return {
    guests: {
      ...tableOf(guestCounters, acts),
      came_back: sums(...methods.map((method) => `came_back.${method}`)),
    },
    sign_ins: {
      anonymous: acts('created'),
      ...tableOf(methods, (method) => sums(`signed_in.${method}`, `came_back.${method}`)),
    },
    recoverability: tableOf(recoverabilities, guests),
  }
}

function refusalsIn(rows: PeriodCount[], periods: number): Record<string, Counts> {
  const names = [
    ...new Set(rows.map(({ name }) => name).filter((name) => name.startsWith('refused.'))),
  ].sort()
  return Object.fromEntries(
    names.map((name) => [name.slice('refused.'.length), sumsOf(rows, periods, (one) => one === name)]),
  )
}

function sumsOf(rows: PeriodCount[], periods: number, isMeant: (name: string) => boolean): Counts {
  const counts: Counts = Array.from({ length: periods }, () => null)
  for (const { period, name, counted } of rows)
    if (isMeant(name)) counts[period] = (counts[period] ?? 0) + counted
  return counts
}

const tableOf = <Key extends string, Value>(keys: readonly Key[], at: (key: Key) => Value) =>
  Object.fromEntries(keys.map((key) => [key, at(key)])) as Record<Key, Value>
