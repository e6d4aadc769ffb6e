// The public surface: endpoints, options, errors, events, commands, cookies, and exports.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { errorCodes } from '../../server/errors.ts'
import { GuestError } from '../../server/index.ts'
import { optionsSchema, resolveOptions } from '../../server/options/options.ts'
import type { Node, Received } from './deployment.ts'
import type { Story } from './story.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

export type Json = { [name: string]: Json } | Json[] | string | number | boolean | null

export type Surface = {
  /** The OpenAPI document, without its texts for people. */
  openapi: Json
  metadata: Json
  /** The options by name, as JSON Schema, and their values if only the origin is set. */
  options: { schema: Json; defaults: Json }
  errors: Record<string, { status: number; title: string }>
  events: Json
  /** The webhook payload of each event. */
  webhooks: Json
  /** The help texts by command; '' is guestkey without a command. */
  commands: Record<string, string>
  /** The environment variables of the service. */
  variables: string[]
  cookies: string[]
  package: Json
  /** By entry of the package: its exports, and its exports that are only types. */
  exports: Record<string, { values: string[]; types: string[] }>
}

/** What the command prints to standard output, or else to standard error. */
async function guestkey(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [join(root, 'server/main.ts'), ...args], {
    cwd: tmpdir(),
    env: { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return out || err
}

/** The commands that the overview names. */
export const commandsIn = (overview: string): string[] =>
  [...overview.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'guestkey')

/** The options and operands that a help text names. */
export const flagsIn = (help: string): string[] =>
  [...new Set(help.match(/--[a-z][a-z-]*|<[a-z]+>/g))].toSorted()

export async function commandsNow(): Promise<Record<string, string>> {
  const overview = await guestkey(['--help'])
  const texts: Record<string, string> = { '': overview }
  for (const name of commandsIn(overview)) texts[name] = await guestkey(['help', name])
  return texts
}

export async function variablesNow(): Promise<string[]> {
  const said = await guestkey(['check'], { GUESTKEY_NO_SUCH_THING: '1' })
  return [...new Set(said.match(/GUESTKEY_[A-Z_]+|DATABASE_URL/g))]
    .filter((name) => name !== 'GUESTKEY_NO_SUCH_THING')
    .toSorted()
}

/** The schema of one option, without a default that is a function, which JSON cannot hold. */
function schemaOf(option: z.core.$ZodType): Json {
  const of = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  try {
    return asJson(of(option))
  } catch {
    return asJson(of((option as z.core.$ZodDefault)._zod.def.innerType))
  }
}

export function optionsNow(): Surface['options'] {
  const schema = Object.entries(optionsSchema.shape).map(([name, option]) => [name, schemaOf(option)])
  const defaults = resolveOptions({
    origin: 'https://app.example',
    secret: 'x'.repeat(32),
    store: 'guestkey.db',
  })
  return { schema: Object.fromEntries(schema), defaults: asJson(defaults) }
}

const PROBLEM = '{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}'

/** The parts of the document that programs rely on, without its texts for people. Names a Problem response as such. */
function essence(part: Json): Json {
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map(essence)
  if (JSON.stringify(part.content) === PROBLEM) return 'Problem'
  const said = ([name, value]: [string, Json]) =>
    ['summary', 'description', 'title'].includes(name) && typeof value === 'string'
  return Object.fromEntries(
    Object.entries(part)
      .filter((entry) => !said(entry))
      .map(([name, value]) => [name, essence(value)]),
  )
}

export const openapiNow = async (node: Node): Promise<Json> =>
  essence((await node.program().get('/guest/openapi.json')).body)

/** The names that a module exports, found in its source text. */
export function exportsOf(path: string): { values: string[]; types: string[] } {
  const source = read(path)
  const [values, types]: [string[], string[]] = [[], []]
  if (/export \*/.test(source)) throw new Error(`${path}: exports must be named`)
  for (const [, type, names] of source.matchAll(/export (type )?\{([^}]*)\}/g))
    for (const one of names!
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)) {
      const [, alone, name] = /^(type )?(?:.* as )?(\w+)$/.exec(one)!
      ;(type || alone ? types : values).push(name!)
    }
  for (const [, kind, name] of source.matchAll(
    /export (?:async )?(const|function|class|type|interface) (\w+)/g,
  ))
    (['type', 'interface'].includes(kind!) ? types : values).push(name!)
  return { values: values.toSorted(), types: types.toSorted() }
}

export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))

export const metadataNow = async (node: Node): Promise<Json> =>
  (await node.program().get('/.well-known/oauth-authorization-server')).body

export function packageNow(): Json {
  const { name, type, exports, bin, engines } = JSON.parse(read('package.json'))
  return { name, type, exports, bin, engines }
}

/** A sample of each event and webhook, and the names of the cookies, from a story. */
export function samplesOf({ events, uses, accounts, flow }: Story, received: Received[]) {
  const bodies = received.filter(({ path }) => path === '/takes').map(({ body }) => JSON.parse(body))
  const jars = [...uses, ...accounts, flow].flatMap(({ cookies }) => Object.keys(cookies ?? {}))
  return {
    events: asJson(events),
    webhooks: asJson(Object.fromEntries(bodies.toReversed().map((body) => [body.type, body]))),
    cookies: [...new Set(jars)].toSorted(),
  }
}

export async function surfaceNow(node: Node, samples: ReturnType<typeof samplesOf>): Promise<Surface> {
  return {
    openapi: await openapiNow(node),
    metadata: await metadataNow(node),
    options: optionsNow(),
    errors: Object.fromEntries(
      errorCodes.map((code) => {
        const { status, title } = new GuestError(code)
        return [code, { status, title }]
      }),
    ),
    ...samples,
    commands: await commandsNow(),
    variables: await variablesNow(),
    package: packageNow(),
    exports: { '.': exportsOf('server/index.ts'), './client': exportsOf('client/index.ts') },
  }
}
