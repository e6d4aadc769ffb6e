// How the console writes times, numbers and failures. Times are the server's, so they are compared with its clock.
import { serverNow } from '../server/clock.ts'
import { deploymentTexts } from './deployment-texts.ts'
import { questions } from './questions.ts'
import { actions, failures } from './reports.ts'
import { texts as first } from './texts.ts'

/** All texts of the console. */
export const texts = { ...first, ...deploymentTexts, asks: questions }

const at = (seconds: number) => new Date(seconds * 1000)
const nowSeconds = () => serverNow() / 1000

/** A day, as “today”, “yesterday” or a date. */
export function day(seconds: number | null): string {
  if (seconds === null) return texts.never
  const days = daysFrom(at(seconds))
  if (Math.abs(days) < 2) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(days, 'day')
  const isThisYear = at(seconds).getFullYear() === new Date(serverNow()).getFullYear()
  return at(seconds).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  })
}

/** How many calendar days from now; negative: before today. Where a clock is put forward, a day has 23 hours. */
function daysFrom(date: Date): number {
  const today = new Date(serverNow()).setHours(12, 0, 0, 0)
  return Math.round((new Date(date).setHours(12, 0, 0, 0) - today) / 864e5)
}

/** The time of day, in the way of the browser. */
export const clock = (seconds: number): string =>
  at(seconds).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })

/** A day and the time. */
export const moment = (seconds: number | null): string =>
  seconds === null ? texts.never : `${day(seconds)}, ${clock(seconds)}`

/** How long ago, as “40 minutes ago”; a day if that is longer. */
export function ago(seconds: number): string {
  const minutes = Math.round((seconds - nowSeconds()) / 60)
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  if (minutes > -1) return texts.now
  if (minutes > -90) return relative.format(minutes, 'minute')
  return minutes > -12 * 60 ? relative.format(Math.round(minutes / 60), 'hour') : day(seconds)
}

/** A number of seconds as “24 hours”. */
export function duration(seconds: number): string {
  const [unit, value] = (
    seconds >= 2 * 86_400
      ? ['day', seconds / 86_400]
      : seconds >= 3600
        ? ['hour', seconds / 3600]
        : ['minute', seconds / 60]
  ) as [string, number]
  return Math.ceil(value).toLocaleString('en', { style: 'unit', unit, unitDisplay: 'long' })
}

export const number = (value: number): string => value.toLocaleString()

/** What happened, and what to do. What the server says in detail comes before the next step. */
export function failure(error: unknown): [what: string, next: string] {
  const {
    code = '',
    detail,
    retryAfter,
  } = Object(error) as {
    code?: string
    detail?: string
    retryAfter?: number
  }
  const { other } = failures
  const [said, next] = failures[code] ?? ['', other[1]]
  const what = said || (detail ?? other[0])
  if (retryAfter) return [what, `Wait ${duration(retryAfter)}, then try again.`]
  return [what, next]
}

/** The name of what the trail says, with what it says about it. */
export const actionName = (action: string): string => actions[action] ?? action
