// Which numbers operators see, so that each counts at least LEAST_COUNT acts. It counts acts, not persons, who have no ids here.
//
// A day is shown once it is over, and then never changes. A number of a day that is under LEAST_COUNT is not shown: it waits,
// and is added to the next day of the same counter, until together they are enough. Each act counts once, in one counter: a
// first passkey that also keeps the guest counts in `kept+saved`, and neither in `kept` nor in `saved`. Weeks, totals and
// everything else are sums of counters that are shown. So whatever anybody computes from all that was ever shown is made of
// whole shown numbers, each of at least LEAST_COUNT.
//
// Who knows this rule learns no more: a day that waited may have had any number from 0 to LEAST_COUNT - 1 that leaves the
// same sum to be shown, and the day that ends the wait makes up for it.
//
// Who expired is an exception, because it is known beforehand: all who were saved on a day and are not seen again expire on the
// same day, one promised time later. An exact number would tell how many came back. So it is counted by the week, and blurred
// once, before anybody sees it: by a number of either sign at random (a two-sided geometric distribution).

/** The least number that is shown. */
export const LEAST_COUNT = 5

/** The least number of expired guests that is shown, after blurring. */
const LEAST_EXPIRED = 20

/**
 * How much likelier a blurred number is at most with one guest more or less: 1 / BLUR times. So a number tells nobody with more
 * than 56 % (1 / (1 + BLUR)) whether a guest is among those counted. The numbers are wrong by about six.
 */
const BLUR = 0.8

export const DAY_SECONDS = 24 * 60 * 60
export const WEEK_SECONDS = 7 * DAY_SECONDS
/** The first Monday of Unix time. */
const MONDAY = 4 * DAY_SECONDS

/** What happens to guests. `created`: a new guest, kept or not. `saved`: the first passkey. */
export const guestCounters = ['created', 'kept', 'saved', 'promoted', 'expired', 'erased'] as const
export type GuestCounter = (typeof guestCounters)[number]

/** The counter of an act, by all that it did: `kept+saved` for `kept` and `saved`. */
export const counterOf = (did: GuestCounter[]): string =>
  guestCounters.filter((one) => did.includes(one)).join('+')

/** Whether acts of this counter did `what`. */
export const includesAct = (counter: string, what: GuestCounter): boolean => counter.split('+').includes(what)

/** How often something happened on a day (UTC; Unix seconds of its first second), in a collection; '': in none. */
export type DayCount = { day: number; name: string; collection: string; counted: number }

/** The first second of the day of a time. Both in Unix seconds. */
export const startOfDay = (seconds: number): number => seconds - (seconds % DAY_SECONDS)

/** The Monday of a day's week. Both are Unix seconds. */
export const mondayOf = (day: number): number =>
  day - ((((day - MONDAY) % WEEK_SECONDS) + WEEK_SECONDS) % WEEK_SECONDS)

/**
 * Closes all days up to `last`. `open`: their counts, which nobody has seen. `random`: from 0 to under 1, for what is blurred.
 * `shown`: the numbers to show from now on. `waiting`: what is left, as counts of the day after `last`: numbers under
 * LEAST_COUNT, and those of expired guests whose week is not over.
 */
export function closeDays(
  open: DayCount[],
  last: number,
  random: () => number,
): { shown: DayCount[]; waiting: DayCount[] } {
  const isOfExpired = ({ name }: DayCount) => includesAct(name, 'expired')
  const exact = closeExactly(
    open.filter((one) => !isOfExpired(one)),
    last,
  )
  const weeks = closeWeeks(open.filter(isOfExpired), last, random)
  return { shown: [...exact.shown, ...weeks.shown], waiting: [...exact.waiting, ...weeks.waiting] }
}

/** Shows each week that is over on its Sunday, blurred and in tens, or not at all. */
function closeWeeks(open: DayCount[], last: number, random: () => number) {
  const weeks = new Map<string, DayCount>()
  for (const one of open) {
    const day = mondayOf(one.day) + WEEK_SECONDS - DAY_SECONDS
    const counter = JSON.stringify([day, one.name, one.collection])
    weeks.set(counter, { ...one, day, counted: one.counted + (weeks.get(counter)?.counted ?? 0) })
  }
  const all = [...weeks.values()]
  return {
    shown: all
      .filter(({ day }) => day <= last)
      .map((one) => ({ ...one, counted: Math.round(blurred(one.counted, random) / 10) * 10 }))
      .filter(({ counted }) => counted >= LEAST_EXPIRED),
    waiting: all.filter(({ day }) => day > last).map((one) => ({ ...one, day: last + DAY_SECONDS })),
  }
}

/** The number, more or less a number at random: n with a probability in proportion to BLUR to the power of |n|. */
function blurred(counted: number, random: () => number): number {
  const geometric = () => Math.floor(Math.log(1 - random()) / Math.log(BLUR))
  return counted + geometric() - geometric()
}

function closeExactly(open: DayCount[], last: number): { shown: DayCount[]; waiting: DayCount[] } {
  const shown: DayCount[] = []
  const waits = new Map<string, DayCount>()
  for (const one of open.toSorted((a, b) => a.day - b.day)) {
    const { day, name, collection } = one
    const counter = JSON.stringify([name, collection])
    const counted = one.counted + (waits.get(counter)?.counted ?? 0)
    if (counted >= LEAST_COUNT) {
      shown.push({ day, name, collection, counted })
      waits.delete(counter)
    } else waits.set(counter, { day: last + DAY_SECONDS, name, collection, counted })
  }
  return { shown, waiting: [...waits.values()] }
}

/**
 * A number of stored guests, rounded down to tens, or from 100 on to two digits; null: under 10. Two pictures that differ
 * say only that a step was passed, and not by how many guests.
 */
export function inSteps(guests: number): number | null {
  if (guests < 10) return null
  const step = 10 ** Math.max(1, Math.floor(Math.log10(guests)) - 1)
  return Math.floor(guests / step) * step
}
