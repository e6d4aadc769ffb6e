// The numbers of the metrics, and their text as OpenMetrics 1.0 has it.

import { type FamiliesOf, type Family, type FamilyName, families, type LabelsOf } from './families.ts'

export const CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Series = { labels: string; value: number; counts: number[] }

export type Registry = {
  /** Adds to a counter. `more`: default 1. */
  add: <Name extends FamiliesOf<'counter'>>(name: Name, labels: LabelsOf<Name>, more?: number) => void
  /** Sets a gauge, or a counter that something else counts. */
  set: <Name extends FamiliesOf<'gauge' | 'counter'>>(
    name: Name,
    labels: LabelsOf<Name>,
    value: number,
  ) => void
  /** Notes a value in a histogram. */
  observe: <Name extends FamiliesOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number) => void
  /** Forgets all series of a metric, which is then set anew. */
  clear: (name: FamilyName) => void
  text: () => string
}

export function createRegistry(): Registry {
  const all = new Map<FamilyName, Map<string, Series>>()

  function seriesOf(name: FamilyName, values: readonly string[]): Series {
    const ofName = all.get(name) ?? new Map<string, Series>()
    all.set(name, ofName)
    const key = values.length === 1 ? values[0]! : values.join('\0')
    let series = ofName.get(key)
    if (!series) {
      const { labels, buckets = [] }: Family = families[name]
      const pairs = labels.map((label, i) => `${label}="${escaped(values[i]!)}"`)
      series = { labels: pairs.join(','), value: 0, counts: Array(buckets.length + 1).fill(0) }
      ofName.set(key, series)
    }
    return series
  }

  return {
    add(name, labels, more = 1) {
      seriesOf(name, labels).value += more
    },
    set(name, labels, value) {
      seriesOf(name, labels).value = value
    },
    observe(name, labels, value) {
      const series = seriesOf(name, labels)
      const { buckets }: Family = families[name]
      const at = buckets!.findIndex((limit) => value <= limit)
      series.counts[at < 0 ? buckets!.length : at]!++
      series.value += value
    },
    clear(name) {
      all.delete(name)
    },
    text: () => {
      const lines = (Object.keys(families) as FamilyName[]).flatMap((name) => {
        const { type, help } = families[name]
        const series = [...(all.get(name)?.values() ?? [])]
        return [
          `# TYPE ${name} ${type}`,
          `# HELP ${name} ${escaped(help)}`,
          ...series.flatMap((one) => linesOf(name, one)),
        ]
      })
      return `${lines.join('\n')}\n# EOF\n`
    },
  }
}

function linesOf(name: FamilyName, { labels, value, counts }: Series): string[] {
  const { type, buckets = [] }: Family = families[name]
  const line = (suffix: string, number: number, more = '') => {
    const all = [labels, more].filter(Boolean).join(',')
    return `${name}${suffix}${all && `{${all}}`} ${number}`
  }
  if (type !== 'histogram') return [line(type === 'counter' ? '_total' : '', value)]
  let sum = 0
  const inBuckets = [...buckets, '+Inf'].map((limit, i) => {
    sum += counts[i]!
    return line('_bucket', sum, `le="${typeof limit === 'number' ? decimal(limit) : limit}"`)
  })
  return [...inBuckets, line('_count', sum), line('_sum', value)]
}

/** OpenMetrics 1.0: a limit is written as a float, so that all writers write the same. */
const decimal = (limit: number): string => (Number.isInteger(limit) ? `${limit}.0` : String(limit))

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
