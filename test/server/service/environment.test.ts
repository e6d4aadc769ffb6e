// The environment variables of the service. A wrong one stops the start with an explanation; a right one sets its option.

import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Options, OptionsError } from '../../../server/index.ts'
import type { optionsSchema } from '../../../server/options/options.ts'
import { readEnvironment } from '../../../server/service/environment.ts'
import { guestkey } from '../../support/command.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { ended, launch, startService } from '../../support/service.ts'
import {
  anonymously,
  backendSecret,
  claimsOf,
  granted,
  headerOf,
  refresh,
  send,
} from '../../support/tokens.ts'

const secret = 'a secret of more than 32 characters'
const production = { NODE_ENV: 'production', GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: 'https://example.com' }

describe('the service does not start, and explains in one line, with exit code 1', () => {
  const wrong: [string, Record<string, string>, RegExp][] = [
    [
      'no secret and no origin in production',
      { NODE_ENV: 'production' },
      /GUESTKEY_ORIGIN and GUESTKEY_SECRET must be set/,
    ],
    ['no secret in production', { ...production, GUESTKEY_SECRET: '' }, /GUESTKEY_SECRET/],
    [
      'no origin in production',
      { NODE_ENV: 'production', GUESTKEY_SECRET: secret },
      /GUESTKEY_ORIGIN must be set/,
    ],
    ['a misspelt variable', { GUESTKEY_ORGIN: 'x' }, /unknown variable GUESTKEY_ORGIN; .*GUESTKEY_ORIGIN/],
    ['a variable in another case', { GUESTKEY_origin: 'x' }, /unknown variable GUESTKEY_origin/],
    ['a PORT that is a name', { PORT: 'http' }, /PORT must be a port number, 0 to 65535/],
    ['a PORT above the range', { PORT: '65536' }, /PORT must be a port number, 0 to 65535/],
    ['a PORT below the range', { PORT: '-1' }, /PORT must be a port number, 0 to 65535/],
    ['a PORT that is not an integer', { PORT: '80.5' }, /PORT must be a port number, 0 to 65535/],
    ['an empty PORT', { PORT: '' }, /PORT must be a port number, 0 to 65535/],
    ['an empty HOST', { HOST: '' }, /HOST is empty: give it a value, or leave the variable out/],
    ['an empty DATABASE_URL', { DATABASE_URL: '' }, /DATABASE_URL is empty: give it a value/],
    [
      'a Unix socket without an origin',
      { HOST: '/tmp/x.sock' },
      /GUESTKEY_ORIGIN must be set if .* Unix socket/,
    ],
    ['a HOST that is not an address of this machine', { HOST: '203.0.113.1' }, /203\.0\.113\.1/],
    ['an origin with a path', { GUESTKEY_ORIGIN: 'https://example.com/app' }, /must be an origin like/],
    ['an origin without https', { GUESTKEY_ORIGIN: 'http://example.com' }, /must be https/],
    [
      'one wrong origin among several',
      { GUESTKEY_ORIGIN: 'https://example.com,example.com' },
      /must be an origin like/,
    ],
    [
      'an RP ID outside of the origin',
      { ...production, GUESTKEY_RP_ID: 'example.org' },
      /not within the RP ID example\.org/,
    ],
    ['a short secret', { GUESTKEY_SECRET: 'short' }, /at least 32 characters/],
    ['a rate limit that is not a number', { GUESTKEY_RATE_LIMIT: 'many' }, /GUESTKEY_RATE_LIMIT/],
    ['a rate limit of 0', { GUESTKEY_RATE_LIMIT: '0' }, /rateLimit|GUESTKEY_RATE_LIMIT/],
    [
      'a number of proxies that is not a number',
      { GUESTKEY_TRUST_PROXY: 'yes' },
      /GUESTKEY_TRUST_PROXY must be the number/,
    ],
    [
      'an unknown log level',
      { GUESTKEY_LOG_LEVEL: 'loud' },
      /GUESTKEY_LOG_LEVEL must be one of fatal, error/,
    ],
    [
      'a database other than PostgreSQL',
      { DATABASE_URL: 'mysql://db/x' },
      /DATABASE_URL must be like postgres:\/\/user:password@host:5432\/database/,
    ],
    [
      'a pool size that is not a number',
      { GUESTKEY_POOL_SIZE: 'many' },
      /GUESTKEY_POOL_SIZE must be a number/,
    ],
    ['clients that are not JSON', { GUESTKEY_CLIENTS: '[{' }, /GUESTKEY_CLIENTS must be a JSON array/],
    [
      'clients with a secret that are not JSON',
      { GUESTKEY_CLIENTS: `[{"id":"a","secret":"${secret}"` },
      /GUESTKEY_CLIENTS must be a JSON array/,
    ],
    ['clients in a missing file', { GUESTKEY_CLIENTS: 'no.json' }, /GUESTKEY_CLIENTS .*ENOENT/],
    ['options that are not JSON', { GUESTKEY_OPTIONS: '{' }, /GUESTKEY_OPTIONS must be a JSON object/],
    ['options that are a list', { GUESTKEY_OPTIONS: '[1]' }, /GUESTKEY_OPTIONS must be a JSON object/],
    ['options in a missing file', { GUESTKEY_OPTIONS: 'no.json' }, /GUESTKEY_OPTIONS .*ENOENT/],
    ['a misspelt option', { GUESTKEY_OPTIONS: '{"retension":{}}' }, /retension/],
    [
      'an option that has a variable of its own',
      { GUESTKEY_OPTIONS: '{"secret":"x"}' },
      /secret has a variable of its own/,
    ],
    ['a profile that is not a JSON Schema', { GUESTKEY_OPTIONS: '{"profile":{"type":"objekt"}}' }, /profile/],
    ['a client that is not in an array', { GUESTKEY_CLIENTS: '{"id":"a"}' }, /clients/],
    ['a client with a misspelt key', { GUESTKEY_CLIENTS: '[{"id":"a","orgins":[]}]' }, /orgins/],
    [
      'a public client with a secret',
      { GUESTKEY_CLIENTS: `[{"id":"a","secret":"${secret}"}]` },
      /must have a secret if it is confidential/,
    ],
    [
      'a claims namespace that is not a URI',
      { GUESTKEY_CLAIMS_NAMESPACE: 'auth' },
      /tokens\.claimsNamespace/,
    ],
    [
      'a second secret without a first',
      { GUESTKEY_OTHER_SECRET: secret },
      /GUESTKEY_SECRET, which must be set too/,
    ],
    [
      'a second secret that is too short',
      { GUESTKEY_SECRET: secret, GUESTKEY_OTHER_SECRET: 'short' },
      /at least 32 characters/,
    ],
    ['a pool size of 0', { GUESTKEY_POOL_SIZE: '0' }, /poolSize|GUESTKEY_POOL_SIZE/],
  ]
  test.each(wrong)('%s', async (_what, env, message) => {
    const { out, err, code } = await guestkey(['start'], {
      GUESTKEY_DATA: temporaryFolder(),
      PORT: '0',
      ...env,
    })
    expect(err).toMatch(message)
    expect(err).toMatch(/^guestkey: /)
    expect(err, 'a stack').not.toMatch(/^\s+at /m)
    expect(err).not.toContain(secret)
    expect(out).not.toMatch(/guestkey is at/)
    expect(code).toBe(1)
  })

  test('if its port is in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { child, said } = launch({ GUESTKEY_DATA: temporaryFolder(), PORT: String(port) })
    expect((await ended(child)).code).toBe(1)
    expect(said.err).toBe(`guestkey: Port ${port} of 127.0.0.1 is in use. Set PORT to another one.\n`)
  })

  test.each<[string, (folder: string) => string, RegExp]>([
    [
      'a data folder that is a file',
      (folder) => {
        writeFileSync(join(folder, 'data'), '')
        return join(folder, 'data')
      },
      /data/,
    ],
    [
      'a database that is a folder',
      (folder) => {
        mkdirSync(join(folder, 'guestkey.db'))
        return folder
      },
      /guestkey\.db/,
    ],
    [
      'a database file that is not SQLite',
      (folder) => {
        writeFileSync(
          join(folder, 'guestkey.db'),
          'not a database, but long enough to be taken for one'.repeat(99),
        )
        return folder
      },
      /guestkey\.db.*not a database/,
    ],
  ])('%s', async (_what, prepare, message) => {
    const { child, said } = launch({ GUESTKEY_DATA: prepare(temporaryFolder()) })
    expect((await ended(child)).code).toBe(1)
    expect(said.err).toMatch(/^guestkey: /)
    expect(said.err).toMatch(message)
    expect(said.err, 'a stack').not.toMatch(/^\s+at /m)
  })
})

test.each(['null', '[1]', '"x"', '7'])('a file of options that holds %s is refused in a sentence', (text) => {
  const file = join(temporaryFolder(), 'options.json')
  writeFileSync(file, text)
  expect(refusal({ GUESTKEY_OPTIONS: file })).toBe(
    'GUESTKEY_OPTIONS must be a JSON object, or a file that holds one',
  )
})

test('every variable that is set but empty is refused by name', () => {
  const known = refusal({ GUESTKEY_UNKNOWN: 'x' })
    .replace(/^.*there are /, '')
    .split(', ')
  for (const name of ['HOST', 'PORT', 'DATABASE_URL', ...known])
    expect(refusal({ GUESTKEY_SECRET: secret, [name]: '' })).toMatch(
      new RegExp(`^${name} (is empty: give|must be)`),
    )
})

test('HOST may be an IPv6 address in brackets', () => {
  const read = (HOST: string) => readEnvironment({ HOST, GUESTKEY_DATA: temporaryFolder() }).host
  expect([read('[::1]'), read('::1'), read('127.0.0.1')]).toEqual(['::1', '::1', '127.0.0.1'])
})

test('GUESTKEY_WORKERS is a number, or one for each core', () => {
  const production = {
    NODE_ENV: 'production',
    GUESTKEY_ORIGIN: 'https://example.com',
    GUESTKEY_SECRET: secret,
  }
  const read = (env: NodeJS.ProcessEnv) => readEnvironment({ ...production, ...env }).workers
  const workers = [read({}), ...['1', '128', 'auto'].map((GUESTKEY_WORKERS) => read({ GUESTKEY_WORKERS }))]
  expect(workers).toEqual([1, 1, 128, availableParallelism()])
  for (const GUESTKEY_WORKERS of ['0', '129', '2.5', 'all'])
    expect(refusal({ ...production, GUESTKEY_WORKERS })).toBe(
      'GUESTKEY_WORKERS must be a number of processes, 1 to 128, or auto',
    )
  expect(refusal({ GUESTKEY_WORKERS: '2' })).toBe(
    'GUESTKEY_WORKERS needs NODE_ENV=production: the demo keeps the mail that it sends in one process',
  )
})

test('metrics are off, unless a port of their own or a token says who gets them', () => {
  const read = (env: NodeJS.ProcessEnv) => readEnvironment(env).metrics
  expect(read({})).toBeUndefined()
  expect(read({ GUESTKEY_METRICS_PORT: '9464' })).toEqual({ port: 9464, host: '127.0.0.1', token: undefined })
  const token = 'a'.repeat(32)
  expect(read({ GUESTKEY_METRICS_TOKEN: token })).toEqual({ port: undefined, host: '127.0.0.1', token })
  expect(read({ GUESTKEY_METRICS_PORT: '0', GUESTKEY_METRICS_HOST: '[::1]' })?.host).toBe('::1')
  expect(refusal({ GUESTKEY_METRICS_HOST: '10.0.0.1' })).toBe(
    'GUESTKEY_METRICS_HOST is the address of GUESTKEY_METRICS_PORT, which must be set too',
  )
  expect(refusal({ GUESTKEY_METRICS_TOKEN: 'short' })).toMatch(
    /^GUESTKEY_METRICS_TOKEN must have at least 32/,
  )
  expect(refusal({ GUESTKEY_METRICS_PORT: '70000' })).toMatch(/^GUESTKEY_METRICS_PORT must be a port number/)
  expect(refusal({ GUESTKEY_OPTIONS: '{"metrics":true}' })).toBe(
    'GUESTKEY_OPTIONS: metrics has a variable of its own',
  )
  const several = {
    NODE_ENV: 'production',
    GUESTKEY_ORIGIN: 'https://a.example',
    GUESTKEY_SECRET: token,
    GUESTKEY_WORKERS: '2',
  }
  expect(refusal({ ...several, GUESTKEY_METRICS_PORT: '9464' })).toMatch(/^metrics need GUESTKEY_WORKERS=1/)
})

test.each(['HOST', 'PORT'])('the service listens on a Unix socket that %s names', async (name) => {
  const folder = temporaryFolder()
  const socketPath = join(folder, 'guestkey.sock')
  const given = { GUESTKEY_DATA: folder, [name]: socketPath, GUESTKEY_ORIGIN: 'https://example.com' }
  const { child } = launch(given)
  const ask = () =>
    new Promise<number | undefined>((resolve) =>
      request({ socketPath, path: '/guest/userinfo' }, (res) => resolve(res.resume().statusCode))
        .on('error', () => resolve(undefined))
        .end(),
    )
  await expect.poll(ask).toBe(401)
  const second = launch(given)
  expect((await ended(second.child)).code).toBe(1)
  expect(second.said.err).toBe(`guestkey: ${socketPath} exists. Remove it if no service listens there.\n`)
  child.kill('SIGTERM')
  expect((await ended(child)).code).toBe(0)
})

describe('the settings for tokens', () => {
  const clients = JSON.stringify([
    { id: 'spa', scopes: ['read'] },
    { id: 'backend', kind: 'confidential', secret: backendSecret },
  ])
  const namespace = { GUESTKEY_CLAIMS_NAMESPACE: 'https://auth.example.com' }

  test.each(['JSON', 'a file'])('come from the environment, with clients as %s', async (how) => {
    const folder = temporaryFolder()
    const file = join(folder, 'clients.json')
    writeFileSync(file, clients)
    const given = {
      ...namespace,
      GUESTKEY_DATA: folder,
      GUESTKEY_CLIENTS: how === 'JSON' ? ` ${clients}` : file,
    }
    const { url } = await startService(given)
    const { access_token, scope } = await granted(anonymously({ server: url as never }))
    expect(scope).toBe('read')
    expect(claimsOf(access_token)['https://auth.example.com/is_anonymous']).toBe(true)
    const proven = { client_id: 'backend', client_secret: backendSecret, token: access_token }
    expect((await send({ server: url as never }, 'introspect', proven)).body.active).toBe(true)
  })

  test('allow a new client secret beside the old one, and refresh tokens stay valid', async () => {
    const folder = temporaryFolder()
    const old = 'the secret from before, of 32 characters at least'
    const given = {
      GUESTKEY_DATA: folder,
      GUESTKEY_CLIENTS: clients,
      GUESTKEY_ORIGIN: 'http://localhost:3000',
    }
    const before = await startService({ ...given, GUESTKEY_SECRET: old })
    const first = await granted(anonymously({ server: before.url as never }))
    await before.stop()
    const both = await startService({ ...given, GUESTKEY_SECRET: secret, GUESTKEY_OTHER_SECRET: old })
    const second = await granted(refresh({ server: both.url as never }, first.refresh_token))
    expect(headerOf(second.access_token).kid).toBe(headerOf(first.access_token).kid)
    await both.stop()
    const after = await startService({ ...given, GUESTKEY_SECRET: secret })
    const third = await granted(refresh({ server: after.url as never }, second.refresh_token))
    expect(headerOf(third.access_token).kid).toBe(headerOf(first.access_token).kid)
    expect((await refresh({ server: after.url as never }, first.refresh_token)).body.error).toBe(
      'invalid_grant',
    )
  })
})

describe('a variable sets one option, and leaves the rest of GUESTKEY_OPTIONS as it is', () => {
  /** Each variable that sets an option: a value, the path of the option, and the option's value then. */
  const setting: [variable: string, value: string, path: string, set: unknown][] = [
    ['GUESTKEY_SECRET', secret, 'secret', [secret]],
    ['GUESTKEY_CLIENTS', '[{"id":"spa"}]', 'clients', [{ id: 'spa' }]],
    ['GUESTKEY_CLAIMS_NAMESPACE', 'urn:auth', 'tokens.claimsNamespace', 'urn:auth'],
    ['GUESTKEY_RP_ID', 'example.com', 'rpId', 'example.com'],
    ['GUESTKEY_RP_NAME', 'Jotter', 'rpName', 'Jotter'],
    ['GUESTKEY_COOKIE_NAME', 'jotter', 'cookieName', 'jotter'],
    ['GUESTKEY_TRUST_PROXY', '0', 'trustProxy', 0],
    ['GUESTKEY_POOL_SIZE', '3', 'postgres.poolSize', 3],
    ['GUESTKEY_RATE_LIMIT', '100', 'rateLimit.perMinute', 100],
    ['GUESTKEY_RATE_LIMIT', 'off', 'rateLimit', false],
    ['GUESTKEY_OPERATORS_ORIGIN', 'https://a.example', 'operators.origin', ['https://a.example']],
    ['GUESTKEY_OPERATORS_PORT', '3001', 'operators.separate', true],
    ['GUESTKEY_METRICS_PORT', '9464', 'metrics', true],
    ['GUESTKEY_METRICS_TOKEN', secret, 'metrics', true],
  ]
  const settingNone = [
    'GUESTKEY_DATA',
    'GUESTKEY_DRAIN_SECONDS',
    'GUESTKEY_LOG_LEVEL',
    'GUESTKEY_METRICS_HOST',
    'GUESTKEY_OPERATORS_HOST',
    'GUESTKEY_WORKERS',
  ]
  /** Variables that set no option by themselves. The test below covers GUESTKEY_OTHER_SECRET, a part of the secret. */
  const settingOthers = ['GUESTKEY_OPTIONS', 'GUESTKEY_ORIGIN', 'GUESTKEY_OTHER_SECRET']

  type InVariables = 'origin' | 'store' | 'secret' | 'clients' | 'metrics'
  /** The service has no routes of a host. */
  type Meaningless = 'requestProperty' | 'deadCredentials'
  type NotInJson =
    | 'beforeExpire'
    | 'botCheck'
    | 'now'
    | 'logger'
    // A JSON Schema, which becomes a zod schema.
    | 'profile'
  type HooksIn = {
    loginIds: 'onPromote'
    merge: 'onMerge' | 'onUndoMerge'
    wellKnown: never
    postgres: never
    sessions: never
    passkeys: never
    deviceKeys: never
    tokens: never
    operators: never
  }
  type Named = Pick<Options, keyof typeof optionsSchema.shape & keyof Options>
  /** Every other option. The type demands an entry for each new option, and for each option within another one. */
  const options: Required<Omit<Named, InVariables | Meaningless | NotInJson | keyof HooksIn>> & {
    [Group in keyof HooksIn]: Required<Omit<Exclude<Named[Group], boolean | undefined>, HooksIn[Group]>>
  } = {
    rpId: 'example.org',
    rpName: 'Notes',
    topOrigins: ['https://example.net'],
    postgres: { poolSize: 7, connectSeconds: 8, statementSeconds: 9, ssl: { ca: 'PEM' }, schema: 'guests' },
    basePath: '/g',
    cookieName: 'notes',
    keep: 'always',
    guestSignIn: false,
    collections: { users: { retention: { none: 60 } } },
    retention: { none: 90 },
    prompts: [{ prompt: 'add_passkey', afterSeconds: 60 }] as never,
    maxProfileBytes: 100,
    merge: { profiles: 'keep-target', graceSeconds: 100 },
    loginIds: {
      send: 'smtp://localhost',
      sendFrom: 'hello@example.org',
      types: ['email'],
      providers: [{ issuer: 'https://accounts.example.net' }] as never,
      max: 3,
    },
    pages: { texts: { en: { promoteTitle: 'Hello' } } },
    webhooks: [{ url: 'https://example.org/hook', secret }] as never,
    auditSeconds: 30,
    redirectUris: ['https://example.org/back'],
    wellKnown: {
      atRoot: false,
      android: [{ packageName: 'com.example', fingerprints: ['AA'] }] as never,
      apple: ['TEAMID1234.com.example'],
      passkeyEndpoints: { enroll: 'https://example.org/passkeys' },
    },
    tokens: {
      issuer: 'https://example.org',
      claimsNamespace: 'https://example.org/claims',
      signingAlgorithm: 'EdDSA',
      signingKeySeconds: 30,
      accessTokenSeconds: 60,
      refreshGraceSeconds: 10,
    },
    trustedIssuers: [{ issuer: 'https://example.org', audience: 'app', algorithms: ['RS256'] }] as never,
    sessions: { idleSeconds: 100, absoluteSeconds: 1000, max: 7 },
    challengeSeconds: 60,
    stepUpSeconds: 60,
    passkeys: { max: 5 },
    deviceKeys: { max: 6 },
    maxBodyBytes: 1000,
    bodySeconds: 5,
    rateLimit: { perMinute: 5 },
    proofOfWork: { perNetwork: 5, perNode: 50 },
    trustProxy: 2,
    operators: {
      origin: 'https://admin.example.org',
      rpId: 'admin.example.org',
      separate: true,
      sessionIdleSeconds: 60,
      sessionAbsoluteSeconds: 600,
      stepUpSeconds: 30,
      wayIn: { delaySeconds: 60 },
      invitationSeconds: 300,
    },
  }

  /** The values by their paths, such as `postgres.ssl.ca`. */
  function byPath(value: unknown, path: string[] = []): Record<string, unknown> {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject) return { [path.join('.')]: value }
    const within = Object.entries(value).map(([name, one]) => byPath(one, [...path, name]))
    return Object.assign({}, ...within)
  }
  /** The options that stay as they were, and the ones that the variable set. */
  function expected(given: object, path: string, set: unknown): Record<string, unknown> {
    const isLeft = ([one]: [string, unknown]) =>
      !`${one}.`.startsWith(`${path}.`) && !path.startsWith(`${one}.`)
    return Object.assign(Object.fromEntries(Object.entries(byPath(given)).filter(isLeft)), { [path]: set })
  }
  const read = (given: object, variables: Record<string, string>) =>
    byPath(readEnvironment({ ...variables, GUESTKEY_OPTIONS: JSON.stringify(given) }).options)

  test.each(setting)('%s=%s sets %s', (variable, value, path, set) => {
    const pairs = Object.entries(options).map(([name, option]) => ({ [name]: option }))
    const turnedOff = { rateLimit: false }
    for (const given of [...pairs, turnedOff, options, {}]) {
      expect(read(given, { [variable]: value }), JSON.stringify(given)).toEqual(expected(given, path, set))
    }
  })

  test('a variable overrides an option under its name of 0.5, too', () => {
    const given = { claimsNamespace: 'urn:old' }
    expect(read(given, { GUESTKEY_CLAIMS_NAMESPACE: 'urn:new' })).toEqual({ claimsNamespace: 'urn:new' })
  })

  test('GUESTKEY_OTHER_SECRET comes second in the option secret', () => {
    const other = 'o'.repeat(32)
    const variables = { GUESTKEY_SECRET: secret, GUESTKEY_OTHER_SECRET: other }
    expect(read(options, variables)).toEqual(expected(options, 'secret', [secret, other]))
  })

  test('the table above names every variable', () => {
    const message = refusal({ GUESTKEY_UNKNOWN: 'x' })
    const known = message.replace(/^.*there are /, '').split(', ')
    const here = [...setting.map(([variable]) => variable), ...settingNone, ...settingOthers]
    expect(known.toSorted()).toEqual([...new Set(here)].toSorted())
  })

  test.each(['origin', 'store', 'secret', 'clients'])('%s is refused in GUESTKEY_OPTIONS', (name) => {
    expect(refusal({ GUESTKEY_OPTIONS: JSON.stringify({ [name]: 'x' }) })).toBe(
      `GUESTKEY_OPTIONS: ${name} has a variable of its own`,
    )
  })

  test.each([
    ['requestProperty', 'visitor'],
    ['deadCredentials', 'ignore'],
  ])('%s is refused in GUESTKEY_OPTIONS', (name, value) => {
    expect(refusal({ GUESTKEY_OPTIONS: JSON.stringify({ [name]: value }) })).toBe(
      `GUESTKEY_OPTIONS: ${name} has no meaning for the service, which has no routes of an app`,
    )
  })

  test.each([
    ['"large"', 'postgres'],
    ['null', 'postgres'],
  ])('postgres as %s is refused beside GUESTKEY_POOL_SIZE', async (value, message) => {
    const given = { GUESTKEY_POOL_SIZE: '3', GUESTKEY_OPTIONS: `{"postgres":${value}}` }
    const { err, code } = await guestkey(['start'], { GUESTKEY_DATA: temporaryFolder(), PORT: '0', ...given })
    expect(code).toBe(1)
    expect(err).toContain(message)
  })

  test('postgres.ssl stays in force if GUESTKEY_POOL_SIZE is set', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    launch({
      GUESTKEY_DATA: temporaryFolder(),
      DATABASE_URL: `postgres://guestkey:password@127.0.0.1:${port}/guestkey`,
      GUESTKEY_POOL_SIZE: '3',
      GUESTKEY_OPTIONS: '{"postgres":{"ssl":true}}',
    })
    const [socket] = await once(server, 'connection')
    const [packet] = await once(socket, 'data')
    socket.destroy()
    const sslRequest = 80877103 // PostgreSQL, 54.7: Message Formats, SSLRequest
    expect(packet.readInt32BE(4)).toBe(sslRequest)
  })
})

function refusal(env: Record<string, string>): string {
  try {
    readEnvironment(env)
  } catch (error) {
    if (error instanceof OptionsError) return error.message
    throw error
  }
  throw new Error('was not refused')
}
