// The operators' numbers as CSV (RFC 4180), one number a line.

import type { Counts, Numbers, Statistics } from '../../core/statistics/statistics.ts'

const HEAD = ['from', 'to', 'collection', 'kind', 'name', 'number']

/** `collection`: empty for the numbers of all together. `number`: empty if it is not shown. */
export function toCsv(statistics: Statistics): string {
  const { collection, collections = [], refusals } = statistics
  const lines = [
    HEAD,
    ...linesOf(statistics, statistics, collection ?? ''),
    ...countLines(statistics, '', 'refusals', refusals),
    ...collections.flatMap((one) => linesOf(statistics, one, one.collection)),
  ]
  return lines.map((fields) => `${fields.map(field).join(',')}\r\n`).join('')
}

const linesOf = (of: Statistics, numbers: Numbers, collection: string): string[][] => [
  ...countLines(of, collection, 'guests', numbers.guests),
  ...countLines(of, collection, 'sign_ins', numbers.sign_ins),
  ...Object.entries(numbers.recoverability).map(([name, guests]) => {
    const day = of.recoverability_of ?? ''
    return [day, day, collection, 'recoverability', name, textOf(guests)]
  }),
]

const countLines = (
  { periods, until }: Statistics,
  collection: string,
  kind: string,
  counts: Record<string, Counts>,
): string[][] =>
  Object.entries(counts).flatMap(([name, numbers]) =>
    periods.map((from, i) => {
      const to = lastDayOf(from, periods[i + 1], until)
      return [from, to, collection, kind, name, textOf(numbers[i]!)]
    }),
  )

/** The day before the next period; of the last period, the last day of all. */
function lastDayOf(from: string, next: string | undefined, until: string): string {
  if (next === undefined) return until
  const day = new Date(next)
  day.setUTCDate(day.getUTCDate() - 1)
  return day.toISOString().slice(0, from.length)
}

const textOf = (number: number | null): string => (number === null ? '' : String(number))

/** A spreadsheet takes a field that begins with one of these as a formula: with a quote before it, as text. */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
