// Turns figures into tables of text, and into verdicts against the targets.

import { absent, type Name } from './contenders.ts'
import { type Target, targets } from './targets.ts'

/** Named figures, e.g. `perSecond` or `MB`. */
export type Figures = Record<string, number>
/** The figures of a row, by contender. */
export type Columns = Record<string, Figures>
export type Row = { title: string; columns: Columns }
export type Rows = Record<string, Row>

export type Verdict = Target & { value: number | undefined; verdict: string }

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The verdicts on the rows that were run, against their targets. */
export const judge = (rows: Rows): Verdict[] =>
  targets
    .filter(({ row }) => rows[row])
    .map((target) => {
      const { row, of, figure = 'perSecond', to, over } = target
      const figureOf = (column: string) => rows[row]!.columns[column]?.[figure] ?? Number.NaN
      const value = to ? figureOf(of) / figureOf(to) : figureOf(of) - (over ? figureOf(over) : 0)
      if (Number.isNaN(value)) {
        const missing = [of, to, over].find((name) => absent[name as Name])
        return { ...target, value: undefined, verdict: absent[missing as Name] ?? 'not measured' }
      }
      const goal = 'atLeast' in target ? target.atLeast : target.atMost
      const met = 'atLeast' in target ? value >= goal : value <= goal
      const off = goal === 0 ? '' : ` by ${Math.round(Math.abs(value / goal - 1) * 100)} %`
      return { ...target, value, verdict: met ? 'met' : `short${off}` }
    })

const headings: Record<string, string> = {
  perSecond: 'a second',
  perSecondAlone: 'without the load',
  p50: 'p50, ms',
  p99: 'p99, ms',
  ofStandalone: '× standalone',
  cpu: 'CPU of the server, µs',
  databaseCpu: 'of PostgreSQL, µs',
  generatorCpu: 'of the generator, cores',
}

/** The figures of one row, with a line for each contender. */
export function printRow({ title, columns: measured }: Row): void {
  console.log(`\n${title}`)
  const columns = withRatios(measured)
  const present = new Set(Object.values(columns).flatMap(Object.keys))
  const figures = [...Object.keys(headings), ...present].filter(
    (figure, i, all) => present.has(figure) && all.indexOf(figure) === i,
  )
  printTable(
    ['', ...figures.map((figure) => headings[figure] ?? figure)],
    Object.entries(columns).map(([name, values]) => [
      name,
      ...figures.map((figure) => (values[figure] === undefined ? '' : readable(values[figure]))),
    ]),
  )
}

/** What each contender does per second, as a ratio to the service on SQLite, if that takes part. */
function withRatios(columns: Columns): Columns {
  const base = columns.standalone?.perSecond
  if (!base) return columns
  return Object.fromEntries(
    Object.entries(columns).map(([name, figures]) => [
      name,
      { ...figures, ofStandalone: figures.perSecond! / base },
    ]),
  )
}

const verdictHead = ['work', 'who', 'measured', 'target', '']
const verdictLines = (verdicts: Verdict[], rows: Rows): string[][] =>
  verdicts.map((target) => {
    const { row, of, figure, to, over, value, verdict } = target
    const than = to ? ` × ${to}` : over ? ` over ${over}` : ''
    return [
      rows[row]!.title,
      figure ? `${of}, ${headings[figure] ?? figure}` : of,
      value === undefined ? '' : readable(value),
      `${'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`}${than}`,
      verdict,
    ]
  })

export function printVerdicts(verdicts: Verdict[], rows: Rows): void {
  if (verdicts.length === 0) return
  console.log('\nagainst the targets')
  printTable(verdictHead, verdictLines(verdicts, rows))
}

/** The verdicts as a table of Markdown. */
export const markdownOf = (verdicts: Verdict[], rows: Rows): string =>
  [verdictHead, verdictHead.map(() => '---'), ...verdictLines(verdicts, rows)]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')

/** Three significant digits, and whole numbers from 100 on. */
const readable = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

function printTable(head: string[], body: string[][]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((line) => line[column]!.length)))
  for (const line of [head, ...body]) {
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
  }
}
