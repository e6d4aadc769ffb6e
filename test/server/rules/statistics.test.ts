// Which numbers operators see. What must hold: nobody can compute a number under 5, whatever was ever shown is put together.

import { describe, expect, test } from 'vitest'
import {
  closeDays as close,
  DAY_SECONDS,
  type DayCount,
  inSteps,
  LEAST_COUNT,
  mondayOf,
  startOfDay,
  WEEK_SECONDS,
} from '../../../server/rules/statistics.ts'

const day = (n: number) => n * DAY_SECONDS
const of = (n: number, counted: number, collection = 'users', name = 'kept'): DayCount => ({
  ...{ day: day(n), name, collection, counted },
})

/** Closes days on which nobody has expired, so nothing is at random. */
const closeDays = (open: DayCount[], last: number) =>
  close(open, last, () => {
    throw new Error('nothing of this is blurred')
  })

/** Closes one day after the other. `counts`: of each day. Returns all that is shown. */
function shownOf(counts: DayCount[][]): DayCount[] {
  let waiting: DayCount[] = []
  return counts.flatMap((ofDay, n) => {
    const closed = closeDays([...waiting, ...ofDay], day(n))
    waiting = closed.waiting
    return closed.shown
  })
}

describe('closing days', () => {
  test('shows a number of 5, and lets one of 4 wait for the next day', () => {
    expect(closeDays([of(1, 5)], day(1))).toEqual({ shown: [of(1, 5)], waiting: [] })
    expect(closeDays([of(1, 4)], day(1))).toEqual({ shown: [], waiting: [of(2, 4)] })
  })

  test('adds what waits to the next day, until together they are 5', () => {
    expect(closeDays([of(3, 2), of(1, 1), of(2, 1), of(4, 1)], day(4))).toEqual({
      shown: [of(4, 5)],
      waiting: [],
    })
    expect(closeDays([of(2, 4), of(1, 1)], day(2)).shown).toEqual([of(2, 5)])
    expect(closeDays([of(1, 3), of(2, 40), of(3, 1)], day(3))).toEqual({
      shown: [of(2, 43)],
      waiting: [of(4, 1)],
    })
  })

  test('keeps collections and counters apart', () => {
    const open = [of(1, 4, 'a'), of(1, 4, 'b'), of(1, 6, 'a', 'saved'), of(2, 1, 'a')]
    expect(closeDays(open, day(2))).toEqual({
      shown: [of(1, 6, 'a', 'saved'), of(2, 5, 'a')],
      waiting: [of(3, 4, 'b')],
    })
  })

  test('gives the same, whether days are closed one by one or together', () => {
    const counts = tableOfCounts(17, { days: 30, collections: ['a', 'b'], most: 7 })
    const together = closeDays(counts.flat(), day(29)).shown
    const sorted = (rows: DayCount[]) => rows.map((row) => JSON.stringify(row)).sort()
    expect(sorted(shownOf(counts))).toEqual(sorted(together))
    expect(together.length).toBeGreaterThan(10)
  })

  test('loses nothing: what is shown and what waits is all that was counted', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const open = tableOfCounts(seed, { days: 10, collections: ['a', 'b', 'c'], most: 6 }).flat()
      const { shown, waiting } = closeDays(open, day(9))
      const sum = (rows: DayCount[]) => rows.reduce((all, { counted }) => all + counted, 0)
      expect(sum(shown) + sum(waiting)).toBe(sum(open))
      expect(shown.filter(({ counted }) => counted < LEAST_COUNT)).toEqual([])
      expect(waiting.filter(({ counted }) => counted >= LEAST_COUNT)).toEqual([])
    }
  })
})

describe('what is shown', () => {
  test.each([
    { days: 4, collections: ['users'] },
    { days: 2, collections: ['shop', 'users'] },
  ])(
    'leaves five possible values or more for each number under 5, even to whoever knows the rule: %j',
    ({ days, collections }) => {
      const cells = days * collections.length
      const MOST = 9
      /** By all that is ever shown: for each cell, the numbers under 5 that it has, and all that it may have. */
      const histories = new Map<string, { small: Set<number>; possible: Set<number> }[]>()
      for (let one = 0; one < (MOST + 1) ** cells; one++) {
        const numbers = Array.from(
          { length: cells },
          (_, i) => Math.floor(one / (MOST + 1) ** i) % (MOST + 1),
        )
        const counts = Array.from({ length: days }, (_, n) =>
          collections.map((collection, c) => of(n, numbers[n * collections.length + c]!, collection)),
        )
        const ofDays = shownOf(counts)
        if (ofDays.some(({ counted }) => counted > MOST)) continue // some of what it may come from is not tried here
        const shown = JSON.stringify(ofDays)
        const seen =
          histories.get(shown) ??
          numbers.map(() => ({ small: new Set<number>(), possible: new Set<number>() }))
        histories.set(shown, seen)
        for (const [i, number] of numbers.entries()) {
          seen[i]!.possible.add(number)
          if (number < LEAST_COUNT) seen[i]!.small.add(number)
        }
      }
      const known = [...histories].flatMap(([shown, seen]) =>
        seen.filter(({ small, possible }) => small.size > 0 && possible.size < LEAST_COUNT).map(() => shown),
      )
      expect(histories.size).toBeGreaterThan(100)
      expect(known).toEqual([])
    },
  )
})

describe('expired guests', () => {
  const sunday = mondayOf(day(20_000)) + WEEK_SECONDS - DAY_SECONDS
  const expired = (at: number, counted: number): DayCount => ({
    ...{ day: at, name: 'expired', collection: 'users', counted },
  })
  /** The middle of both draws: nothing is added. */
  const still = () => 0

  test('wait until their week is over, and are then shown on its Sunday, together and in tens', () => {
    const open = [
      expired(sunday - 6 * DAY_SECONDS, 14),
      expired(sunday - DAY_SECONDS, 12),
      expired(sunday, 4),
    ]
    const saturday = sunday - DAY_SECONDS
    const early = close(open.slice(0, 2), saturday, still)
    expect(early).toEqual({ shown: [], waiting: [expired(sunday, 14 + 12)] })
    const closed = close(
      [...early.waiting, open[2]!, expired(sunday + DAY_SECONDS, 3)],
      sunday + DAY_SECONDS,
      still,
    )
    expect(closed.shown).toEqual([expired(sunday, 30)])
    expect(closed.waiting).toEqual([expired(sunday + 2 * DAY_SECONDS, 3)])
  })

  test('are not shown under 20, and what is not shown is in no later number', () => {
    expect(close([expired(sunday, 14)], sunday, still)).toEqual({ shown: [], waiting: [] })
    expect(close([expired(sunday, 15)], sunday, still).shown).toEqual([expired(sunday, 20)])
  })

  /** How likely each number is to be shown for so many expired guests (0: none), over all draws of a grid. */
  function chances(counted: number): Map<number, number> {
    const GRID = 250
    const found = new Map<number, number>()
    for (let one = 0; one < GRID ** 2; one++) {
      const draws = [((one % GRID) + 0.5) / GRID, (Math.floor(one / GRID) + 0.5) / GRID]
      const shown = close([expired(sunday, counted)], sunday, () => draws.pop()!).shown[0]?.counted ?? 0
      found.set(shown, (found.get(shown) ?? 0) + 1 / GRID ** 2)
    }
    return found
  }

  test('cannot be subtracted from those who were saved one promised time earlier: each number is about as likely with one more', () => {
    for (const saved of [20, 25, 30, 34, 39]) {
      const [nobodyCameBack, oneCameBack] = [chances(saved), chances(saved - 1)]
      for (const [shown, chance] of nobodyCameBack) {
        if (chance < 0.01) continue // too few draws of the grid
        const times = chance / (oneCameBack.get(shown) ?? 0)
        expect([saved, shown, times > 0.75 && times < 1.34]).toEqual([saved, shown, true])
      }
    }
  })

  test('are right in the mean, to about one', () => {
    const mean = [...chances(57)].reduce((sum, [shown, chance]) => sum + shown * chance, 0)
    expect(Math.abs(mean - 57)).toBeLessThan(1)
  })
})

test.each([
  [0, null],
  [9, null],
  [10, 10],
  [19, 10],
  [99, 90],
  [100, 100],
  [119, 110],
  [999, 990],
  [1000, 1000],
  [1099, 1000],
  [1_234_567, 1_200_000],
])('%i stored guests are shown as %j', (guests, shown) => {
  expect(inSteps(guests)).toBe(shown)
})

test('a day begins at midnight, UTC', () => {
  expect(startOfDay(day(20_000))).toBe(day(20_000))
  expect(startOfDay(day(20_001) - 1)).toBe(day(20_000))
})

/** Made-up counts of some days: the same for the same seed. */
function tableOfCounts(
  seed: number,
  { days, collections, most }: { days: number; collections: string[]; most: number },
): DayCount[][] {
  let state = seed
  const next = () => {
    state = (state * 48_271) % 2_147_483_647 // Lehmer's generator
    return state
  }
  return Array.from({ length: days }, (_, n) =>
    collections.map((collection) => of(n, next() % (most + 1), collection)),
  )
}
