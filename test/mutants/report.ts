// The report of the mutation testing: the survivors, and the scores of files and folders.

import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mutant } from './mutations.ts'
import { results } from './processes.ts'

export type Job = { id: number; file: string; mutant: Mutant }
export type Outcome = 'killed' | 'late' | 'survived'
/** `tried`: how many of the `reachedBy` tests that reach it were run with it. */
export type Result = Job & { outcome: Outcome; tried: number; reachedBy: number }

const oneLine = (text: string) => {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > 90 ? `${line.slice(0, 87)}…` : line || 'nothing'
}
/** What a mutant changes, on one line. */
export const changeOf = ({ was, becomes }: Mutant): string => `${oneLine(was)} -> ${oneLine(becomes)}`

const describe = ({ file, mutant, tried, reachedBy }: Result) =>
  `${file}:${mutant.line}  ${changeOf(mutant)}  (${tried} of ${reachedBy} tests)`

/** One line for each key: how many mutants were killed, out of how many. */
function scores(all: Result[], keyOf: (result: Result) => string): string[] {
  return Object.entries(Object.groupBy(all, keyOf)).map(([key, group = []]) => {
    const killed = group.filter(({ outcome }) => outcome !== 'survived').length
    const late = group.filter(({ outcome }) => outcome === 'late').length
    const note = late > 0 ? `, ${late} by the time limit` : ''
    return `${key}: ${killed} / ${group.length} killed (${Math.round((100 * killed) / group.length)} %)${note}`
  })
}

/** Prints the report, and writes it to a file. `total`: how many mutants were chosen. */
export function report(done: Result[], total: number): void {
  const survivors = done.filter(({ outcome }) => outcome === 'survived')
  const left = done.length < total ? [`\n${total - done.length} were left for want of time.`] : []
  const lines = [
    'Survivors:',
    ...survivors
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.mutant.start - b.mutant.start)
      .map(describe),
    '\nBy file:',
    ...scores(done, ({ file }) => file),
    '\nBy folder:',
    ...scores(done, ({ file }) => dirname(file)),
    ...left,
  ]
  writeFileSync(join(results, 'report.txt'), `${lines.join('\n')}\n`)
  console.log(`\n${lines.join('\n')}\n\nAlso in .mutants/report.txt and results.json.`)
}
