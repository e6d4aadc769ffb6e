// The numbers of the overview: what the server counts by day or by week, and what the pictures make of it.
import type { Counts, Numbers, Statistics } from '../../../server/core/statistics/statistics.ts'
import type { Numbers as Table } from '../charts/as-table.ts'
import type { Step } from '../charts/funnel.ts'
import type { Part } from '../charts/spread.ts'
import { get } from '../server/api.ts'
import { serverNow } from '../server/clock.ts'
import { refusalName } from '../words/refusals.ts'
import { texts } from '../words/words.ts'

const { numbers, methods, recoverability, steps: names } = texts.overview

export type Kind = keyof typeof numbers
export const kinds = Object.keys(numbers) as Kind[]

/** What one looks at: the last days, of one collection or of all. */
export type Wanted = { days: number; collection: string }

const DAY = 864e5

/** The query of what one looks at. Many days are counted in weeks. */
export function queryOf({ days, collection }: Wanted): string {
  const since = new Date(serverNow() - days * DAY).toISOString().slice(0, 10)
  return `${new URLSearchParams({ since, step: days > 31 ? 'week' : 'day', ...(collection && { collection }) })}`
}

export const readStatistics = (wanted: Wanted): Promise<Statistics> =>
  get<Statistics>(`statistics?${queryOf(wanted)}`)

/** The same by week and collection, of the last twelve weeks. */
export const readWeeks = (): Promise<Statistics> => {
  const since = new Date(serverNow() - 84 * DAY).toISOString().slice(0, 10)
  return get<Statistics>(`statistics?since=${since}&step=week&split=collection`)
}

/** All that was counted together; null: nothing is shown. */
export const sumOf = (counts: Counts | undefined): number | null =>
  (counts ?? []).reduce<number | null>((sum, one) => (one === null ? sum : (sum ?? 0) + one), null)

export const dateOf = (day: string): number => Date.parse(day) / 1000
export const dayName = (day: string): string =>
  new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

const steps = Object.keys(names) as (keyof typeof names)[]

export const funnelOf = ({ guests }: Numbers): Step[] =>
  steps.map((kind) => ({ name: names[kind], value: sumOf(guests[kind]) }))

/** The funnel of each week and collection. */
export function funnelTable({ periods, collections = [], ...all }: Statistics): Table {
  const parts = [{ ...all, collection: texts.overview.total }, ...collections]
  return {
    heads: [texts.overview.period.week, texts.overview.collection, ...steps.map((kind) => names[kind])],
    rows: periods
      .map((day, i) =>
        parts.map(({ collection, guests }) => [
          dayName(day),
          collection ?? '',
          ...steps.map((kind) => guests[kind]?.[i] ?? null),
        ]),
      )
      .toReversed()
      .flat(),
  }
}

export function guestsTable({ periods, guests, step }: Statistics): Table {
  return {
    heads: [texts.overview.period[step], ...kinds.map((kind) => numbers[kind])],
    rows: periods.map((day, i) => [dayName(day), ...kinds.map((kind) => guests[kind]?.[i] ?? null)]),
  }
}

const lines = { synced: '', passkey: 'kept', device: 'hatched', none: 'pencil' } as const

export const recoverabilityOf = (found: Statistics): Part[] =>
  (Object.keys(recoverability) as (keyof typeof recoverability)[]).map((way) => ({
    name: recoverability[way],
    value: found.recoverability[way],
    kind: lines[way],
  }))

export const signInsOf = ({ sign_ins }: Statistics): Omit<Part, 'kind'>[] =>
  (Object.keys(methods) as (keyof typeof methods)[]).map((method) => ({
    name: methods[method],
    value: sumOf(sign_ins[method]),
  }))

/** The refusals by code, the most frequent first. */
export const refusalsOf = ({ refusals }: Statistics): Part[] =>
  Object.entries(refusals)
    .map(([code, counts]) => ({ name: refusalName(code), value: sumOf(counts), kind: 'none' }))
    .toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0))

/** A table of names and numbers. */
export const tableOf = (head: string, parts: Omit<Part, 'kind'>[]): Table => ({
  heads: [head, texts.overview.number],
  rows: parts.map(({ name, value }) => [name, value]),
})
