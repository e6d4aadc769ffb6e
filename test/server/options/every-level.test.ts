// What holds for options on every level: undefined is not given, and a misspelt name is refused with the nearest right one.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GuestError, type GuestKey, type Options, OptionsError } from '../../../server/index.ts'
import { optionsSchema, resolveOptions } from '../../../server/options/options.ts'
import { startApp } from '../../support/app.ts'
import { temporaryFolder } from '../../support/engine.ts'

const fine = () => ({
  origin: 'https://example.com',
  secret: 's'.repeat(32),
  store: join(temporaryFolder(), 'guestkey.db'),
})

/** Options with an entry on every level. */
function sample(): Options {
  const provider = { id: 'example', name: 'Example', issuer: 'https://id.example', clientId: 'guestkey' }
  return {
    ...{
      ...fine(),
      postgres: {},
      retention: {},
      pages: { texts: { en: {} } },
      rateLimit: { perMinute: 1 },
    },
    collections: { users: { retention: {} }, staff: {} },
    prompts: [{ prompt: 'promote' }, { prompt: 'rate_us', when: {} }],
    ...{ loginIds: { providers: [provider] }, merge: {}, clients: [{ id: 'spa' }] },
    wellKnown: { passkeyEndpoints: {} },
    sessions: {},
    passkeys: {},
    deviceKeys: {},
    tokens: {},
    webhooks: [{ url: 'https://example.com/hook', secret: `whsec_${Buffer.alloc(32).toString('base64')}` }],
  }
}

type Schema = { _zod: { def: { [name: string]: unknown; type: string } } }

/** The schemas that a value of this schema can have: without what makes it optional, and each of a union. */
function formsOf({ _zod: { def } }: Schema): Schema['_zod']['def'][] {
  if (def.innerType) return formsOf(def.innerType as Schema)
  return def.type === 'union' ? (def.options as Schema[]).flatMap(formsOf) : [def]
}

/** The value, with all further keys that its schema knows as undefined, on each level. */
function withUndefined(value: unknown, schema: Schema): unknown {
  if (typeof value !== 'object' || value === null) return value
  const forms = formsOf(schema)
  const inner = (type: string, name: string) => forms.find((one) => one.type === type)?.[name]
  if (Array.isArray(value)) return value.map((one) => withUndefined(one, inner('array', 'element') as Schema))
  const shape = inner('object', 'shape') as Record<string, Schema> | undefined
  const valueType = inner('record', 'valueType') as Schema
  if (!shape && !valueType) return value
  const missing = Object.keys(shape ?? {}).map((name) => [name, undefined])
  const given = Object.entries(value).map(([name, one]) => [
    name,
    withUndefined(one, shape ? shape[name]! : valueType),
  ])
  return Object.fromEntries([...missing, ...given])
}

/** The message of the OptionsError, on one line. */
function refusal(options: unknown): string {
  try {
    resolveOptions(options as Options)
  } catch (error) {
    expect(error).toBeInstanceOf(OptionsError)
    return (error as Error).message.replace(/\s+/g, ' ')
  }
  throw new Error('was not refused')
}

describe('an option that is undefined', () => {
  test('is not given, on any level', () => {
    const options = sample()
    const full = withUndefined(options, optionsSchema as unknown as Schema) as Options
    expect(Object.keys(full)).toEqual(expect.arrayContaining(['rpId', 'logger', 'merge']))
    expect(Object.keys(full.retention!)).toContain('device')
    expect(
      Object.keys((full.collections as typeof options.collections & object)['users' as never]),
    ).toContain('prompts')
    expect(resolveOptions(full)).toStrictEqual(resolveOptions(options))
  })

  test('is the default of the collection, the page and the service', async () => {
    const texts = { en: { promoteTitle: undefined }, de: undefined }
    const { collections, pages } = resolveOptions({
      ...{ ...fine(), retention: { passkey: undefined }, pages: { texts } },
      collections: { users: { retention: { device: undefined } } },
    })
    expect(collections.users!.retention).toMatchObject({
      device: 365 * 24 * 60 * 60,
      passkey: 730 * 24 * 60 * 60,
    })
    expect(pages.texts).toEqual({ en: {} })
  })
})

describe('a misspelt option', () => {
  /** Each object of options in the sample by its path. The keys of the others are names that the host chooses. */
  function placesIn(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
    if (typeof value !== 'object' || value === null) return []
    const within = Object.entries(value).flatMap(([name, one]) =>
      placesIn(one, [...path, Array.isArray(value) ? Number(name) : name]),
    )
    const isOfNames = Array.isArray(value) || ['collections', 'pages.texts'].includes(path.join('.'))
    return isOfNames ? within : [path, ...within]
  }

  const withKeyAt = (value: unknown, [name, ...path]: PropertyKey[], key: string): unknown => {
    if (name === undefined) return { ...(value as object), [key]: 'x' }
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
      PropertyKey,
      unknown
    >
    copy[name] = withKeyAt(copy[name], path, key)
    return copy
  }

  test('is refused on every level, and the error says where', () => {
    const places = placesIn(sample())
    const said = places.map((path) => refusal(withKeyAt(sample(), path, 'unknwon')))
    for (const [i, path] of places.entries()) {
      const where = path.length > 0 ? ` of ${path.join('.').replace(/\.(\d+)/g, '[$1]')}` : ''
      expect(said[i], where).toMatch(/^guestkey options: ✖ unknown option unknwon/)
      expect(`${said[i]!.replace(/:? (did|there) .*$/, '')}`, where).toBe(
        `guestkey options: ✖ unknown option unknwon${where}`,
      )
    }
    expect(places.length).toBeGreaterThan(15)
  })

  test.each<[object, string]>([
    [
      { pages: { texts: { en: { promoteTitel: 'x' } } } },
      'promoteTitel of pages.texts.en: did you mean promoteTitle?',
    ],
    [
      { pages: { texts: { en: { code_wrng: 'x' } } } },
      'code_wrng of pages.texts.en: did you mean code_wrong?',
    ],
    [{ pages: { texts: { en: { whatever: 'x' } } } }, 'whatever of pages.texts.en'],
    [{ collections: { users: { retenton: {} } } }, 'retenton of collections.users: did you mean retention?'],
    [
      { collections: { users: { retention: { sync: 1 } } } },
      'sync of collections.users.retention: did you mean synced?',
    ],
    [{ rateLimit: { max: 5 } }, 'max of rateLimit: there is perMinute'],
    [{ sessions: { idle: 5 } }, 'idle of sessions: did you mean idleSeconds?'],
    [
      { loginIds: { maximum: 5 } },
      'maximum of loginIds: there are send, sendFrom, types, onPromote, max and providers',
    ],
    [{ providers: [{ ID: 'x' }] }, 'ID of providers[0]: did you mean id?'],
    [{ merge: { onmerge: 1 } }, 'onmerge of merge: did you mean onMerge?'],
  ])('%j is refused with the nearest right name', (options, said) => {
    expect(refusal({ ...fine(), ...options })).toContain(`✖ unknown option ${said}`)
  })

  test('among several is refused with each of them', () => {
    const said = refusal({ ...fine(), orgin: 'x', rpID: 'x', merge: { profile: 'x' } })
    expect(said).toContain(
      'unknown option orgin: did you mean origin?; unknown option rpID: did you mean rpId?',
    )
    expect(said).toContain('unknown option profile of merge: did you mean profiles?')
  })

  test('of a form of a value leaves the sentence about the form to other values', () => {
    expect(refusal({ ...fine(), rateLimit: 5 })).toMatch(
      /must be false or \{ perMinute: n \}.*→ at rateLimit$/,
    )
    expect(refusal({ ...fine(), collections: 5 })).toMatch(/must be a list of names.*→ at collections$/)
    expect(refusal({ ...fine(), collections: { users: { guestSignIn: 5 } } })).toMatch(
      /must be true or false, not 5 → at collections\.users\.guestSignIn$/,
    )
  })

  const request = () => new Request('http://localhost/page')
  test.each<[string, (guests: GuestKey, options: never) => unknown, object, string]>([
    [
      'requireGuest',
      (guests, options) => guests.requireGuest(options),
      { redirct: '/' },
      'redirct: did you mean redirect?',
    ],
    [
      'requirePasskey',
      (guests, options) => guests.requirePasskey(options),
      { maxAge: 5 },
      'maxAge: did you mean maxAgeSeconds?',
    ],
    [
      'signInAnonymously',
      (guests, options) => guests.signInAnonymously(request(), options),
      { colection: 'users' },
      'colection: did you mean collection?',
    ],
    [
      'signOut',
      (guests, options) => guests.signOut(request(), options),
      { everwhere: true },
      'everwhere: did you mean everywhere?',
    ],
    [
      'accessToken',
      (guests, options) => guests.accessToken(request(), options),
      { clientID: 'spa' },
      'clientID: did you mean clientId?',
    ],
    [
      'promote',
      (guests, options) => guests.promote('x', options),
      { loginID: {} },
      'loginID: did you mean loginId?',
    ],
    [
      'promote',
      (guests, options) => guests.promote('x', options),
      { loginId: { typ: 'email' } },
      'typ: did you mean type?',
    ],
    [
      'import',
      (guests, options) => guests.import([], options),
      { dryrun: true },
      'dryrun: did you mean dryRun?',
    ],
    [
      'disable',
      (guests, options) => guests.disable('x', options),
      { untill: 5 },
      'untill: did you mean until?',
    ],
    [
      'settings.set',
      (guests, options) => guests.settings.set({}, options),
      { reasn: 'x' },
      'reasn: did you mean reason?',
    ],
    ['sweep', (guests, options) => guests.sweep(options), { dryRn: true }, 'dryRn: did you mean dryRun?'],
    [
      'auditTrail',
      (guests, options) => guests.auditTrail(options),
      { anonymousID: 'x' },
      'anonymousID: did you mean anonymousId?',
    ],
    [
      'webhooks.failed',
      (guests, options) => guests.webhooks.failed(options),
      { limt: 5 },
      'limt: did you mean limit?',
    ],
  ])('of %s is refused with a TypeError', async (method, call, options, said) => {
    const { guests } = await startApp()
    const thrown: unknown = await Promise.resolve()
      .then(() => call(guests, options as never))
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(TypeError)
    expect(thrown).not.toBeInstanceOf(GuestError)
    expect((thrown as Error).message).toBe(`${method}: unknown option ${said}`)
  })
})

describe('the languages of pages.texts', () => {
  test.each(['en', 'de-AT', 'zh-Hant-TW', 'gsw'])('can be %s', (tag) => {
    const pages = { texts: { [tag]: { cancel: 'x' } } }
    expect(resolveOptions({ ...fine(), pages }).pages).toEqual(pages)
  })

  test.each([
    ['de_AT', /such as en or de-AT; write de-AT → at pages\.texts\.de_AT$/],
    ['de-at', /write de-AT/],
    ['EN', /write en /],
    ['english', /must be the tag of a language, such as en or de-AT/],
    ['x"><script>', /must be the tag of a language, such as en or de-AT → /],
  ])('cannot be %s', (tag, said) => {
    expect(refusal({ ...fine(), pages: { texts: { [tag]: { cancel: 'x' } } } })).toMatch(said)
  })
})
