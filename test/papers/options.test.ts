// server/options/README.md: its tables have each option of the schema, with the type and the default of the schema.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageTexts } from '../../server/names/page-texts.ts'
import { type OptionsError, optionsSchema, resolveOptions } from '../../server/options/options.ts'
import { temporaryFolder } from '../support/engine.ts'
import { readPage, rowsIn } from '../support/pages.ts'

/** As much of a schema as is read here. */
type Schema = {
  _zod: {
    def: {
      type: string
      innerType?: Schema
      defaultValue?: unknown
      shape?: Record<string, Schema>
      element?: Schema
      valueType?: Schema
      options?: Schema[]
      entries?: Record<string, string>
      values?: unknown[]
    }
  }
  safeParse: (value: unknown) => { success: boolean }
}

type Row = { type: string; default: string | undefined }

const seconds = { days: 24 * 60 * 60, hours: 60 * 60, minutes: 60, seconds: 1 }

/** A number of seconds in the largest unit in which it is whole. */
function duration(count: number): string {
  const [unit, size] = Object.entries(seconds).find(([, size]) => count % size === 0)!
  return `${count / size} ${unit}`
}

/** What a number counts, by the name of its option. */
const unitOf = (name: string): string =>
  /Seconds$/.test(name) || /^retention\.(none|device|passkey|synced)$/.test(name)
    ? 'seconds'
    : /(Days|daysSeen)$/.test(name)
      ? 'days'
      : /Bytes$/.test(name)
        ? 'bytes'
        : 'number'

/** A schema without what makes it optional. */
function withoutDefault(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def
  return ['optional', 'default', 'prefault'].includes(type) ? withoutDefault(innerType!) : schema
}

function typeOf(name: string, schema: Schema): string {
  const { type, options, entries, values } = withoutDefault(schema)._zod.def
  switch (type) {
    case 'string':
      return 'text'
    case 'number':
      return unitOf(name)
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'list'
    case 'object':
    case 'record':
      return 'object'
    case 'enum':
      return Object.values(entries!)
        .map((value) => `\`${value}\``)
        .join(' or ')
    case 'literal':
      return values!.join(' or ')
    case 'union':
      return [...new Set(options!.map((one) => typeOf(name, one)))].join(' or ')
    default:
      return schema.safeParse(() => {}).success ? 'function' : 'object'
  }
}

/** The default in the schema; undefined if the schema has none, because code or another option decides. */
function defaultOf(name: string, schema: Schema): string | undefined {
  const { type, defaultValue } = schema._zod.def
  if (type === 'optional') return undefined
  if (type !== 'default' && type !== 'prefault') return 'required'
  if (defaultValue === Date.now) return '`Date.now`'
  if (typeof defaultValue === 'number') {
    const unit = unitOf(name)
    return unit === 'seconds'
      ? duration(defaultValue)
      : unit === 'days'
        ? `${defaultValue} days`
        : `${defaultValue}`
  }
  if (typeof defaultValue !== 'object') return `\`${defaultValue}\``
  if (Object.keys(defaultValue!).length === 0) return 'none'
  const text = JSON.stringify(defaultValue).replaceAll('"', "'")
  return `\`${text.replaceAll(/\{'(\w+)':(\w+)\}/g, '{ $1: $2 }')}\``
}

/** All options by their paths, those inside other options included. A schema in two places is described at the outer one. */
function rowsFor(shape: Record<string, Schema>): Map<string, Row> {
  const rows = new Map<string, Row>()
  const seen = new Set<Schema>()
  const waiting = Object.entries(shape)
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [path, schema] = next
    if (/[\w]$/.test(path) && !rows.has(path))
      rows.set(path, { type: typeOf(path, schema), default: defaultOf(path, schema) })
    const inner = withoutDefault(schema)
    if (seen.has(inner)) continue
    seen.add(inner)
    const { shape = {}, element, valueType, options = [] } = inner._zod.def
    for (const [name, one] of Object.entries(shape)) waiting.push([`${path}.${name}`, one])
    if (element) waiting.push([`${path}[]`, element])
    if (valueType) waiting.push([`${path}.<name>`, valueType])
    for (const one of options) waiting.push([path, one])
  }
  return rows
}

const page = 'server/options/README.md'
const inPage = rowsIn(readPage(page)).map(([name, type, value]): [string, Row] => [
  name!.replaceAll('`', ''),
  { type: type!, default: value! },
])
const expected = rowsFor((optionsSchema as unknown as Schema)._zod.def.shape!)

test('the page has a row for each option, and no other', () => {
  expect(inPage.map(([name]) => name).toSorted()).toEqual([...expected.keys()].toSorted())
})

test('the page names each text of our pages, and no other', () => {
  const [, names] = /The texts of our pages are (.*?)\. Each/s.exec(readPage(page))!
  expect(names!.match(/\w+(?=`)/g)).toEqual([...pageTexts])
})

test('the page says how long guests are remembered by default', () => {
  const { collections } = resolveOptions({
    origin: 'https://example.com',
    store: join(temporaryFolder(), 'guestkey.db'),
  })
  const { none: _, ...retention } = collections.users!.retention
  for (const [name, value] of Object.entries(retention)) {
    const [, row] = inPage.find(([path]) => path === `retention.${name}`)!
    expect(row.default, name).toBe(duration(Number(value)))
  }
})

test.each(inPage)('the page says type and default of %s as the schema does', (name, row) => {
  const { type, default: value } = expected.get(name)!
  expect(row.type).toBe(type)
  if (value !== undefined) expect(row.default).toBe(value)
  else expect(row.default).toMatch(/^(?!required$|none$).+/)
})

test.each(Object.keys(optionsSchema.shape))('an error about %s links to its row', (name) => {
  const wrong = { origin: 'https://example.com', [name]: Symbol('wrong') }
  const { help } = errorOf(() => resolveOptions(wrong as never))
  expect(help).toMatch(new RegExp(`^file:.*/server/options/README\\.md#${name}$`))
  expect(readFileSync(new URL(help), 'utf8')).toContain(`| <a id="${name}"></a>\`${name}\` |`)
})

/** The error with which the work is refused. */
function errorOf(work: () => unknown): OptionsError {
  try {
    work()
  } catch (error) {
    return error as OptionsError
  }
  throw new Error('was not refused')
}
