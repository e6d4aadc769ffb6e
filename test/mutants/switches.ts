// Puts all mutants of a file into it at once, each behind a switch, so that one process can try many of them.

import type { Mutant, Whole } from './mutations.ts'

export type NumberedMutant = Mutant & { id: number }

/** What the switches of all files share: the mutant that is on, and the mutants whose switches were asked since. */
type Mutation = { on: number | undefined; reached: Set<number> }
declare global {
  var mutation: Mutation | undefined
}

/** Stands at the end of each file. A process that a test starts takes the mutant from the environment. */
const asksWhetherOn = `
function isMutant(id) {
  globalThis.mutation ??= { on: Number(process.env.MUTANT), reached: new Set() }
  globalThis.mutation.reached.add(id)
  return globalThis.mutation.on === id
}
`

/** The source with a switch for each of its mutants. No mutant is on at first, unless MUTANT is set. */
export const withSwitches = (source: string, mutants: NumberedMutant[]): string =>
  switched(source, { start: 0, end: source.length }, mutants) + asksWhetherOn

/** Of two that have the same text, the outer one comes first. */
const kinds = ['statement', 'expression', 'property']
const isSame = (a: Whole, b: Whole) => a.start === b.start && a.end === b.end && a.kind === b.kind

function switched(source: string, range: { start: number; end: number }, mutants: NumberedMutant[]): string {
  const waiting = mutants.toSorted(
    ({ whole: a }, { whole: b }) =>
      a.start - b.start || b.end - a.end || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
  )
  let text = ''
  let at = range.start
  while (waiting.length > 0) {
    const { whole } = waiting[0]!
    const next = waiting.findIndex((mutant) => mutant.whole.start >= whole.end)
    const within = waiting.splice(0, next === -1 ? waiting.length : next)
    const own = within.filter((mutant) => isSame(mutant.whole, whole))
    const inner = switched(
      source,
      whole,
      within.filter((mutant) => !own.includes(mutant)),
    )
    text += source.slice(at, whole.start) + withSwitch(source, whole, own, inner)
    at = whole.end
  }
  return text + source.slice(at, range.end)
}

/** `inner`: the text of `whole`, with the switches of what it contains. */
function withSwitch(source: string, whole: Whole, mutants: NumberedMutant[], inner: string): string {
  // Braces, so that no line before it goes on here, and no `else` belongs to it.
  if (whole.kind === 'statement') return `{ if (!isMutant(${mutants[0]!.id})) ${inner} }`
  if (whole.kind === 'property') {
    const [{ id, was, becomes }] = mutants as [NumberedMutant]
    // A computed name, because the call must keep its `this`.
    return inner.replace(/(\?\.|\.)\s*\w+$/, (_, dot) => {
      return `${dot === '?.' ? dot : ''}[isMutant(${id}) ? '${becomes}' : '${was}']`
    })
  }
  const others = mutants.map(({ id, start, end, becomes }) => {
    const other = source.slice(whole.start, start) + becomes + source.slice(end, whole.end)
    return `isMutant(${id}) ? ${other} : `
  })
  return `(${others.join('')}${inner})`
}
