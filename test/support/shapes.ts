// JSON Schemas as short texts for people, in the notation of TypeScript's types.

import { z } from '../../server/zod.ts'

type Schema = {
  $ref?: string
  description?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
}

/** The shapes of the schemas that have a name, by name. */
export type Shapes = Map<string, Schema>

/**
 * The shape of a schema of zod, as it is sent to us (`input`) or by us (`output`). Adds the named schemas that it mentions
 * to `named`.
 */
export function shapeOf(schema: z.ZodMiniType, io: 'input' | 'output', named: Shapes): string {
  const { $defs, ...json } = z.toJSONSchema(schema, { io }) as Schema & { $defs?: Record<string, Schema> }
  for (const [name, one] of Object.entries($defs ?? {})) named.set(name, one)
  return draw(json, '', named)
}

/** The shapes of the named schemas, by name in the order of the alphabet. */
export const namedShapes = (named: Shapes): [string, string][] =>
  [...named]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => [name, draw(schema, '', named)])

/** The text of a schema. The lines after the first are indented by `indent`. */
function draw(schema: Schema, indent: string, named: Shapes): string {
  const { $ref, type, items, properties = {}, additionalProperties } = schema
  if ($ref) return $ref.split('/').at(-1)!
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => draw(one, indent, named)).join(' | ')
  if (type === 'array') return `${inBrackets(draw(items ?? {}, indent, named))}[]`
  if (type !== 'object') return type === 'integer' ? 'number' : [type ?? 'unknown'].flat().join(' | ')
  const base = baseOf(schema, named)
  const own = Object.entries(properties).filter(([name]) => !(base && name in base.properties))
  const members = own.map(([name, one]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    const note = one.description ? ` // ${one.description}` : ''
    return `${indent}  ${name}${mark}: ${draw(one, `${indent}  `, named)}${note}\n`
  })
  if (members.length > 0 && typeof additionalProperties === 'object') members.push(`${indent}  …\n`)
  const whole = members.length > 0 ? `{\n${members.join('')}${indent}}` : '{}'
  if (base) return `${base.name} & ${whole}`
  return members.length === 0 && typeof additionalProperties === 'object'
    ? `{ [name: string]: ${draw(additionalProperties, indent, named)} }`
    : whole
}

/** The largest named schema whose properties this one has, too, and others beside them. */
function baseOf({ properties = {} }: Schema, named: Shapes) {
  const all = JSON.stringify(properties)
  const sizeOf = (one: { properties: object }) => Object.keys(one.properties).length
  return [...named]
    .map(([name, { properties = {} }]) => ({ name, properties }))
    .filter((one) => sizeOf(one) > 4 && sizeOf(one) < sizeOf({ properties }))
    .filter((one) =>
      Object.entries(one.properties).every(([name, it]) => all.includes(`"${name}":${JSON.stringify(it)}`)),
    )
    .toSorted((one, other) => sizeOf(other) - sizeOf(one))[0]
}

const inBrackets = (shape: string) => (/^[^{]* \| /.test(shape) ? `(${shape})` : shape)
