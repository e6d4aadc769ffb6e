// The public surface of each recorded version still holds: a later version may add to it, but never remove.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ErrorCode, GuestError } from '../../server/index.ts'
import { codeOfNow, optionsOfNow } from '../../server/old-names.ts'
import { temporaryStore } from '../support/engine.ts'
import { optionsOf, startNode, startProvider, startReceivers } from './deployment.ts'
import { AT, playStory, type Story, type Use } from './story.ts'
import {
  asJson,
  commandsNow,
  exportsOf,
  flagsIn,
  type Json,
  metadataNow,
  openapiNow,
  optionsNow,
  packageNow,
  type Surface,
  samplesOf,
  variablesNow,
} from './surface.ts'

const versions = readdirSync(import.meta.dirname).filter((name) => /^\d+\.\d+\.\d+$/.test(name))
const read = (version: string, file: string) => readFileSync(join(import.meta.dirname, version, file), 'utf8')

/**
 * The parts of `then` that are missing in `now`, by their paths. Other lists may grow, but not the list of what a request
 * must have.
 */
function missing(then: Json, now: Json | undefined, path = ''): string[] {
  if (typeof then !== 'object' || then === null || typeof now !== 'object' || now === null)
    return then === now ? [] : [`${path}: ${JSON.stringify(then)} is ${JSON.stringify(now)}`]
  if (Array.isArray(then)) {
    if (!Array.isArray(now)) return [`${path}: is no list`]
    const isAsked = path.endsWith('/required') && /\/(requestBody|parameters)\//.test(path)
    if (isAsked) return missing(then.toSorted().join(), now.toSorted().join(), path)
    return then.flatMap((one) => {
      const found = now.some((other) => missing(one, other).length === 0)
      return found ? [] : [`${path}: ${JSON.stringify(one)} is not in ${JSON.stringify(now)}`]
    })
  }
  return Object.entries(then).flatMap(([name, value]) =>
    missing(value, (now as Record<string, Json>)[name], `${path}/${name}`),
  )
}

type Schema = { [key: string]: Json } & { default?: Json; properties?: Record<string, Json> }

/** Patterns that take more texts now, and all that they took before. */
const wider = ['pages/properties/accent/pattern']

/** What is missing of an option that a version recorded: of its schema, where the option is now, in the unit of now. */
function missingOf(name: string, recorded: Json, now: Json): string[] {
  const then = recorded as Schema
  const { options, renamed } = optionsOfNow({ [name]: then.default ?? true })
  const path = (Object.keys(renamed)[0] ?? name).split('.')
  const value = path.reduce((all, one) => (all as Record<string, Json>)[one]!, options as Json)
  const schema = path.reduce<Json | undefined>((all, one) => (all as Schema | undefined)?.properties?.[one], {
    properties: now,
  })
  const { $schema: _, ...expected } = then
  const lost = missing(then.default === undefined ? expected : { ...expected, default: value }, schema, name)
  return lost.filter((one) => !wider.some((path) => one.startsWith(`${path}:`)))
}

/** The names and types of the members; null marks an optional one. */
function shapeOf(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? 'number' : typeof value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]))
}

/** The names and types of the members that anybody can read in the tokens, cookies and tickets of a use. */
function saidIn(use: Use): Json[] {
  const texts = JSON.stringify(use).match(/[\w-]{16,}/g) ?? []
  return texts.flatMap((text) => {
    try {
      const said: Json = JSON.parse(Buffer.from(text.replace(/^gk\w{1,2}_/, ''), 'base64url').toString())
      return typeof said === 'object' ? [shapeOf(said)] : []
    } catch {
      return []
    }
  })
}

/** A new recording, made by the current version. */
async function storyNow() {
  const [receivers, provider] = [await startReceivers(), await startProvider()]
  onTestFinished(async () => void (await Promise.all([receivers.close(), provider.close()])))
  const story = await playStory({ store: await temporaryStore(), receivers, provider, hangs: false })
  return { story, received: receivers.received }
}

/** What is one of two now: userinfo has the claims of OpenID Connect for apps that are registered for them, which 0.5 refused. */
const either = '/paths//guest/userinfo/get/responses/200/content/application/json/schema/$ref'

async function node() {
  const started = await startNode(optionsOf(), await temporaryStore(), { now: () => AT })
  onTestFinished(started.close)
  return started
}

describe.each(versions)('the surface of %s still holds:', (version) => {
  const then = JSON.parse(read(version, 'surface.json')) as Surface

  test('endpoints: paths, methods, params, bodies and responses', async () => {
    const lost = missing(then.openapi, await openapiNow(await node()))
    expect(lost.filter((one) => !one.startsWith(either))).toEqual([])
  })

  test('metadata of the authorization server', async () => {
    expect(missing(then.metadata, await metadataNow(await node()))).toEqual([])
  })

  test('options: names, types and defaults, some by their names of 0.5', () => {
    const now = optionsNow()
    for (const [name, schema] of Object.entries(then.options.schema as Record<string, Json>))
      expect.soft(missingOf(name, schema, now.schema)).toEqual([])
    expect(missing(optionsOfNow(then.options.defaults).options as Json, now.defaults)).toEqual([])
  })

  test('error codes, with status and title', () => {
    for (const [code, problem] of Object.entries(then.errors)) {
      const { status, title } = new GuestError(codeOfNow(code) as ErrorCode)
      expect.soft({ status, title }, code).toEqual(problem)
    }
  })

  test('events and webhooks with their fields; cookies, tokens and tickets with their claims', async () => {
    const { story, received } = await storyNow()
    const now = samplesOf(story, received)
    expect(missing(shapeOf(then.events), shapeOf(asJson(now.events)))).toEqual([])
    expect(missing(shapeOf(then.webhooks), shapeOf(now.webhooks))).toEqual([])
    expect(now.cookies).toEqual(expect.arrayContaining(then.cookies))
    const { uses } = JSON.parse(read(version, 'sqlite.json')) as Story
    expect(uses.flatMap(saidIn).length).toBeGreaterThan(uses.length)
    for (const use of uses) {
      const again = story.uses.find(({ name }) => name === use.name)
      expect.soft(missing(saidIn(use), again ? saidIn(again) : []), use.name).toEqual([])
    }
  })

  test('commands, with the options that their help names', async () => {
    const now = await commandsNow()
    for (const [name, help] of Object.entries(then.commands)) {
      expect.soft(Object.keys(now)).toContain(name)
      expect.soft(flagsIn(now[name] ?? ''), name).toEqual(expect.arrayContaining(flagsIn(help)))
    }
  })

  test('environment variables', async () => {
    expect(await variablesNow()).toEqual(expect.arrayContaining(then.variables))
  })

  test('the package: its entries and their exports', () => {
    expect(missing(then.package, packageNow())).toEqual([])
    const entries = { '.': 'server/index.ts', './client': 'client/index.ts' }
    for (const [entry, names] of Object.entries(then.exports))
      expect(missing(names, exportsOf(entries[entry as keyof typeof entries])), entry).toEqual([])
  })
})
