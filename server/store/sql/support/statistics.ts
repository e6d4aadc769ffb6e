// The SQL of the operators' numbers. Counts are added and days are closed one transaction at a time, behind the row `closed`.

import { randomInt } from 'node:crypto'
import { closeDays, DAY_SECONDS, type DayCount } from '../../../rules/statistics.ts'
import type { Counting, GuestsInSteps } from '../../store.ts'
import {
  ask,
  insert,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { toRecoverability, wayBack } from '../way-back.ts'

/** The rows of `counting`: the last closed day, the picture of recoverability, and for each process its last batch. */
const CLOSED = 'closed'
const PICTURE = 'recoverability'
/** How long the last batch of a process is known, in days. */
const NODE_DAYS = 7
const ofNode = (node: string) => `node/${node}`

/** Finds the last closed day, and holds it until the verb is done. 0: no day is closed yet. */
const lockClosed = insert(
  'counting',
  { id: CLOSED, day: 0, value: '' },
  'ON CONFLICT (id) DO UPDATE SET day = counting.day RETURNING day',
)

const put = (id: string, day: number, value: string): Statement =>
  insert(
    'counting',
    { id, day, value },
    'ON CONFLICT (id) DO UPDATE SET day = excluded.day, value = excluded.value',
  )

const add = ({ day, name, collection, counted }: DayCount): Statement =>
  insert(
    'counters',
    { day, name, collection, counted },
    'ON CONFLICT (day, name, collection) DO UPDATE SET counted = counters.counted + excluded.counted',
  )

const RANDOM_STEPS = 2 ** 47
/** From 0 to under 1, and not to be guessed from numbers that were shown. */
const random = (): number => randomInt(RANDOM_STEPS) / RANDOM_STEPS

const toDayCount = ({ day, name, collection, counted }: Row): DayCount => ({
  day: Number(day),
  name: name as string,
  collection: collection as string,
  counted: Number(counted),
})

export const statisticReads = {
  readCounting: () =>
    ask(sql('SELECT id, day, value FROM counting WHERE id IN (?, ?)', CLOSED, PICTURE), toCounting),

  sumCounts: ({ from, to, seconds, collection, split }) => {
    const by = split || collection !== null ? ', collection' : ''
    return ask(
      sql(
        `SELECT day - (day - ?) % ? AS begins_at, name${by}, SUM(counted) AS counted FROM counters
        WHERE day >= ? AND day <= ?${collection === null ? '' : " AND collection IN (?, '')"}
        GROUP BY begins_at, name${by} ORDER BY begins_at, name${by}`,
        from,
        seconds,
        from,
        to,
        ...(collection === null ? [] : [collection]),
      ),
      (rows) =>
        rows.map((row) => ({
          period: (Number(row.begins_at) - from) / seconds,
          name: row.name as string,
          collection: (row.collection ?? '') as string,
          counted: Number(row.counted),
        })),
    )
  },

  pageRecoverability: ({ after, limit }) =>
    ask(
      sql(
        `SELECT anonymous_id, collection, ${wayBack('guests.anonymous_id')} FROM guests
        WHERE anonymous_id > ? AND stage IN ('active', 'warned') ORDER BY anonymous_id LIMIT ?`,
        after,
        limit,
      ),
      (rows) =>
        rows.map((row) => ({
          anonymousId: row.anonymous_id as string,
          collection: row.collection as string,
          recoverability: toRecoverability(row),
        })),
    ),
} satisfies Partial<Reads>

export const statisticWrites = {
  *addCounts({ node, batch, counts }): Steps<void> {
    const [[closed], [before]] = yield [
      lockClosed,
      sql('SELECT value FROM counting WHERE id = ?', ofNode(node)),
    ]
    if (before && Number(before.value) >= batch) return noWrites(undefined)
    const firstOpen = Number(closed?.day ?? 0) + DAY_SECONDS
    const booked = counts.map((one) => ({ ...one, day: Math.max(one.day, firstOpen) }))
    return {
      statements: [
        put(ofNode(node), Math.max(...booked.map(({ day }) => day)), String(batch)),
        ...booked.map(add),
      ],
      outcome: () => undefined,
    }
  },

  *closeDays({ last, keptFrom }): Steps<void> {
    const [[closed]] = yield [lockClosed]
    const before = Number(closed?.day ?? 0)
    if (before >= last) return noWrites(undefined)
    const [open] = yield [
      sql(
        'SELECT day, name, collection, counted FROM counters WHERE day > ? AND day <= ? ORDER BY day, name, collection',
        before,
        last,
      ),
    ]
    const { shown, waiting } = closeDays(open.map(toDayCount), last, random)
    return {
      statements: [
        sql('DELETE FROM counters WHERE day > ? AND day <= ?', before, last),
        sql('DELETE FROM counters WHERE day < ?', keptFrom),
        // A process that has written nothing for so long is over. One that was cut off sends its last batch again.
        sql("DELETE FROM counting WHERE id LIKE 'node/%' AND day < ?", last - NODE_DAYS * DAY_SECONDS),
        put(CLOSED, last, ''),
        ...[...shown, ...waiting].map(add),
      ],
      outcome: () => undefined,
    }
  },

  savePicture: ({ day, guests }) => ask(put(PICTURE, day, JSON.stringify(guests)), () => undefined),
} satisfies Partial<Writes>

function toCounting(rows: Row[]): Counting {
  const row = (id: string) => rows.find((one) => one.id === id)
  const [closed, picture] = [row(CLOSED), row(PICTURE)]
  return {
    closedDay: closed && Number(closed.day) > 0 ? Number(closed.day) : null,
    picture: picture
      ? { day: Number(picture.day), guests: JSON.parse(picture.value as string) as GuestsInSteps[] }
      : null,
  }
}
