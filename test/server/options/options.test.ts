// The options of guestkey(): their defaults, and the errors at construction that name what is wrong.

import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { guestkey, type Options, OptionsError } from '../../../server/index.ts'
import { optionsSchema, resolveOptions } from '../../../server/options/options.ts'
import { startApp } from '../../support/app.ts'
import { temporaryFolder } from '../../support/engine.ts'

afterEach(() => void vi.unstubAllEnvs())

const secret = 's'.repeat(32)
const fine = () => ({ origin: 'https://example.com', secret, store: join(temporaryFolder(), 'guestkey.db') })

/** The message of the OptionsError, on one line. */
function refusal(options: unknown): string {
  try {
    resolveOptions(options as Options)
  } catch (error) {
    expect(error).toBeInstanceOf(OptionsError)
    expect(error).toBeInstanceOf(TypeError)
    return (error as Error).message.replace(/\s+/g, ' ')
  }
  throw new Error('was not refused')
}

describe('the options', () => {
  test('have defaults, except for the origin', () => {
    const { store } = fine()
    const days = (count: number) => count * 24 * 60 * 60
    const retention = {
      ...{ none: days(90), device: days(365), passkey: days(730), synced: days(730) },
      ...{ warnSeconds: days(14), graceSeconds: days(30) },
    }
    expect(resolveOptions({ origin: 'https://app.example.com', store })).toMatchObject({
      origins: ['https://app.example.com'],
      rpId: 'app.example.com',
      rpName: 'app.example.com',
      topOrigins: [],
      basePath: '/guest',
      cookieName: 'guestkey',
      collections: { users: { prompts: [], retention } },
      defaultCollection: 'users',
      keep: 'on-demand',
      webhooks: [],
      merge: { profiles: 'keep-target', graceSeconds: days(7) },
      maxProfileBytes: 8192,
      auditSeconds: days(90),
      loginIds: {
        sendFrom: 'no-reply@app.example.com',
        types: ['email', 'phone'],
        max: 10,
        providers: [],
      },
      wellKnown: { atRoot: true, android: [], apple: [] },
      pages: {},
      redirectUris: [],
      clients: [{ id: 'guestkey', redirectUris: [] }],
      tokens: {
        issuer: 'https://app.example.com',
        signingAlgorithm: 'ES256',
        signingKeySeconds: days(90),
        accessTokenSeconds: 600,
        refreshGraceSeconds: 30,
      },
      sessions: { idleSeconds: days(90), absoluteSeconds: days(365), max: 100 },
      challengeSeconds: 300,
      stepUpSeconds: 300,
      passkeys: { max: 20 },
      deviceKeys: { max: 20 },
      maxBodyBytes: 65_536,
      bodySeconds: 10,
      rateLimit: { perMinute: 600 },
      deadCredentials: 'refuse',
      trustProxy: 0,
      now: Date.now,
      logger: undefined,
    })
  })

  test.each([undefined, null, 'https://example.com', []])('cannot be %j', (options) => {
    expect(refusal(options)).toMatch(/expected object/)
  })

  test('without an origin are refused by name', () => {
    expect(refusal({})).toMatch(/origin/)
    expect(refusal({ ...fine(), origin: undefined })).toMatch(/origin/)
  })

  test('are checked by guestkey() before it opens anything', () => {
    const options = { ...fine(), orgin: 'https://example.com' }
    expect(() => guestkey(options as Options)).toThrow(OptionsError)
    expect(existsSync(options.store)).toBe(false)
  })

  test('are not changed', () => {
    const options = Object.freeze({ ...fine(), origin: Object.freeze(['https://example.com']) as string[] })
    expect(resolveOptions(options).origins).toEqual(options.origin)
  })
})

describe('an option that does not exist is refused by name', () => {
  test.each([
    'orign',
    'sessionIdleSecond',
    'sessionIdleMs',
    'basepath',
    'rpID',
    'cookiename',
    'constructor',
    'toString',
  ])('%s', (name) => {
    expect(refusal({ ...fine(), [name]: 1 })).toMatch(
      new RegExp(`unknown option ${name}(: did you mean \\w+\\?)?$`),
    )
  })

  test('inside rateLimit as well', () => {
    const said = refusal({ ...fine(), rateLimit: { perMinutes: 5 } })
    expect(said).toMatch(/unknown option perMinutes of rateLimit: did you mean perMinute\?/)
  })

  test('together with everything else that is wrong', () => {
    const said = refusal({ origin: 'example.com', basePath: 'guest', maxPaskeys: 1 })
    for (const name of ['origin', 'basePath', 'maxPaskeys']) expect(said).toContain(name)
  })
})

describe('the check of values', () => {
  const origins: [string, unknown, RegExp][] = [
    ['a path', 'https://example.com/app', /must be an origin like https:\/\/example\.com.* origin/],
    ['a trailing slash', 'https://example.com/', /must be an origin like/],
    ['a query', 'https://example.com?x', /must be an origin like/],
    ['userinfo', 'https://me@example.com', /must be an origin like/],
    ['the default port', 'https://example.com:443', /must be an origin like/],
    ['upper case', 'https://Example.com', /must be an origin like/],
    ['no scheme', 'example.com', /must be an origin like/],
    ['a host and port', 'localhost:3000', /must be an origin like/],
    ['a wildcard', '*', /must be an origin like/],
    ['null', 'null', /must be an origin like/],
    ['nothing', '', /must be an origin like/],
    ['http', 'http://example.com', /must be https/],
    ['http on an address', 'http://127.0.0.1:3000', /must be https/],
    ['something like localhost', 'http://localhost.example.com', /must be https/],
    ['another scheme', 'ftp://example.com', /must be/],
    ['the scheme of WebSockets', 'ws://localhost:3000', /must be https.*write http:\/\/localhost:3000/],
    ['another scheme on localhost', 'ftp://localhost', /must be https.*write http:\/\/localhost/],
    ['an app', 'android:apk-key-hash:x', /must be/],
    ['an IP address', 'https://192.0.2.1', /must name a host/],
    ['an IPv6 address', 'https://[2001:db8::1]', /must name a host/],
    ['a number', 5, /origin/],
    ['an empty list', [], /origin/],
    [
      'a list with one that is wrong',
      ['https://example.com', 'https://example.com/'],
      /must be.*origin\[1\]/,
    ],
  ]
  test.each(origins)('refuses and explains an origin with %s', (_what, origin, said) => {
    expect(refusal({ ...fine(), origin })).toMatch(said)
  })

  test.each([
    'https://example.com',
    'https://example.com:8443',
    'https://xn--bcher-kva.example',
    'http://localhost',
    'http://localhost:3000',
    'http://app.localhost:3000',
  ])('accepts the origin %s', (origin) => {
    expect(resolveOptions({ ...fine(), origin }).origins).toEqual([origin])
  })

  const values: [keyof Options, unknown, RegExp][] = [
    ['rpId', 'example.org', /https:\/\/example\.com is not within the RP ID example\.org/],
    ['rpId', 'ample.com', /not within the RP ID/],
    ['rpId', 'https://example.com', /not within the RP ID/],
    ['rpId', 'app.example.com', /not within the RP ID/],
    ['rpName', '', /rpName/],
    ['rpName', 'Jot\u202eter', /must have no control characters.*rpName/],
    ['topOrigins', ['https://example.org/'], /must be an origin like.*topOrigins\[0\]/],
    ['topOrigins', 'https://example.org', /topOrigins/],
    ['store', '', /store/],
    ['store', 5, /store/],
    ['secret', 'short', /at least 32 characters.*secret/],
    ['secret', '', /at least 32 characters.*secret/],
    ['secret', Buffer.alloc(32), /secret/],
    ['basePath', 'guest', /must look like \/guest.*basePath/],
    ['basePath', '/', /must look like \/guest.*basePath/],
    ['basePath', '/guest/', /must look like \/guest.*basePath/],
    ['basePath', '/a//b', /must look like \/guest.*basePath/],
    ['basePath', '/guest?x', /must look like \/guest.*basePath/],
    ['basePath', '/gäste', /must look like \/guest.*basePath/],
    ['basePath', '/%67uest', /must look like \/guest.*basePath/],
    ['basePath', 'https://example.com/guest', /must look like \/guest.*basePath/],
    ['basePath', '/guest/..', /must look like \/guest.*basePath/],
    ['basePath', '/.', /must look like \/guest.*basePath/],
    ['cookieName', '', /must be like guestkey.*cookieName/],
    ['cookieName', 'guest key', /must be like guestkey.*cookieName/],
    ['cookieName', 'guestkey; Domain=example.com', /must be like guestkey.*cookieName/],
    // guestkey adds the prefix itself: on http://localhost a browser silently drops a cookie with this name.
    ['cookieName', '__Host-guestkey', /must be like guestkey.*cookieName/],
    ['store', ':memory:', /must be the path of a file.*store/],
    ['collections', [], /collections/],
    ['collections', 'users', /collections/],
    ['collections', ['Users'], /collections\[0\]/],
    ['collections', ['users', 'a b'], /collections\[1\]/],
    ['sessions', { idleSeconds: 0 }, /sessions\.idleSeconds/],
    ['sessions', { absoluteSeconds: -1 }, /sessions\.absoluteSeconds/],
    ['challengeSeconds', 1.5, /challengeSeconds/],
    ['stepUpSeconds', '300', /stepUpSeconds/],
    ['stepUpSeconds', Number.POSITIVE_INFINITY, /stepUpSeconds/],
    ['passkeys', { max: 0 }, /passkeys\.max/],
    ['deviceKeys', { max: 0 }, /deviceKeys\.max/],
    ['sessions', { max: Number.NaN }, /sessions\.max/],
    ['sessions', 60, /must be an object, not 60.*sessions/],
    ['maxBodyBytes', -1, /maxBodyBytes/],
    ['bodySeconds', null, /bodySeconds/],
    ['rateLimit', true, /rateLimit/],
    ['rateLimit', 600, /rateLimit/],
    ['rateLimit', { perMinute: 0 }, /rateLimit/],
    ['rateLimit', {}, /rateLimit/],
    ['deadCredentials', 'drop', /deadCredentials/],
    ['trustProxy', true, /trustProxy/],
    ['trustProxy', -1, /trustProxy/],
    ['secret', [], /secret/],
    ['secret', [secret, 'short'], /at least 32 characters.*secret\[1\]/],
    ['tokens', { issuer: 'https://example.com/' }, /must be an origin like.*tokens\.issuer/],
    ['tokens', { issuer: 'http://example.com' }, /must be https.*tokens\.issuer/],
    ['clients', {}, /clients/],
    ['tokens', { claimsNamespace: 'auth.example.com' }, /must be an absolute URI.*tokens\.claimsNamespace/],
    ['tokens', { claimsNamespace: 'https://auth.example.com/#x' }, /without a fragment.*claimsNamespace/],
    ['tokens', { signingAlgorithm: 'RS256' }, /tokens\.signingAlgorithm/],
    ['tokens', { signingAlgorithm: 'none' }, /tokens\.signingAlgorithm/],
    ['tokens', { signingKeySeconds: 0 }, /tokens\.signingKeySeconds/],
    ['tokens', { accessTokenSeconds: 3601 }, /must be an hour at most.*tokens\.accessTokenSeconds/],
    ['tokens', { accessTokenSeconds: 0 }, /tokens\.accessTokenSeconds/],
    ['tokens', { refreshGraceSeconds: 0 }, /tokens\.refreshGraceSeconds/],
    ['loginIds', { send: true }, /must be like smtp:\/\/.* or a function.*loginIds\.send/],
    ['loginIds', { send: 'mail.example.com' }, /must be like smtp:\/\/.* or a function/],
    ['loginIds', { send: 'https://mail.example.com' }, /must be like smtp:\/\/.* or a function/],
    ['loginIds', { sendFrom: '' }, /loginIds\.sendFrom/],
    ['loginIds', { onPromote: 'https://example.com/promote' }, /must be a function.*loginIds\.onPromote/],
    ['loginIds', { max: 0 }, /loginIds\.max/],
    ['loginIds', { max: '10' }, /loginIds\.max/],
    ['redirectUris', 'https://example.com/back', /redirectUris/],
    ['redirectUris', ['/back'], /must be an absolute URI.*redirectUris\[0\]/],
    ['redirectUris', ['https://example.com/back#x'], /without a fragment.*redirectUris\[0\]/],
    ['pages', { accent: 'blue' }, /must be like #2a45c4.*pages\.accent/],
    ['pages', { accent: '#2a45c4}body{display:none' }, /must be like #2a45c4.*pages\.accent/],
    ['pages', { logo: 'http://cdn.example/logo.svg' }, /or an https URL.*pages\.logo/],
    ['pages', { home: 'javascript:alert(1)' }, /or an https URL.*pages\.home/],
    ['pages', { logo: 'https://me:you@cdn.example/logo.svg' }, /no user name and password.*pages\.logo/],
    ['pages', { theme: 'blue' }, /pages\.theme/],
    ['pages', { acent: '#2a45c4' }, /unknown option acent of pages: did you mean accent\?/],
    ['pages', { texts: { en: { sendCode: 5 } } }, /pages\.texts\.en\.sendCode/],
    ['loginIds', { providers: {} }, /loginIds\.providers/],
    ['loginIds', null, /loginIds/],
    ['loginIds', 'smtp://localhost', /must be an object.*loginIds/],
    ['merge', { graceSeconds: 0 }, /merge\.graceSeconds/],
    [
      'merge',
      { profiles: 'keep-both' },
      /must be 'keep-target', 'keep-source' or a function.*merge\.profiles/,
    ],
    ['wellKnown', { atRoot: 'no' }, /must be true or false.*wellKnown\.atRoot/],
    ['now', 0, /must be a function.*now/],
    ['logger', {}, /must have the methods.*info.*logger/],
    ['logger', null, /logger/],
  ]
  test.each(values)('refuses and explains %s: %j', (name, value, said) => {
    expect(refusal({ ...fine(), [name]: value })).toMatch(said)
  })

  test.each([
    ['accent', /must be like #2a45c4/, '#2a45c4;color:red', 'rgb(1 2 3', 'rgb(1,2,3)', 'url(x)', 'var(--x)'],
    ['accent', /must be like #2a45c4/, 'oklch(0 0 0)/**/', '#2a45c', 'light-dark(#fff)', '#fff\n'],
    ['radius', /must be like 10px or 0\.5rem/, '0', '10', '-1px', '10px;', 'calc(1px)', '10vw', '1e3px', ''],
    ['font', /must be names of fonts, such as Inter/, '', 'a;b', 'a}', 'url(x)', '"a', "'a'", 'a, ', '1a'],
    ['font', /must be names of fonts, such as Inter/, '"a\\"', '</style>', 'a/*b*/', '"a\n"'],
    ['logo', /must be the path of a picture on this site/, 'logo.svg', '//evil.example/x', '/a/../b'],
    ['home', /must be the path of a page on this site/, '/\\evil.example/x', 'data:text/html,x', ''],
    [
      'privacy',
      /must be the path of a page on this site/,
      'javascript:alert(1)',
      '/\t/evil.example',
      '/"onload="',
    ],
  ] as [string, RegExp, ...string[]][])(
    'refuses a value of pages.%s that could end its declaration or lead elsewhere: %s',
    (name, said, ...wrong) => {
      for (const value of wrong) {
        const message = refusal({ ...fine(), pages: { [name]: value } })
        expect(message, value).toMatch(said)
        expect(message, value).toContain(`pages.${name}`)
      }
    },
  )

  test('accepts a theme of the pages as a style sheet would have it', () => {
    for (const pages of [
      { accent: '#2a45c4', radius: '10px', font: 'Inter', logo: '/logo.svg', home: '/', privacy: '/privacy' },
      { accent: '#FFF', radius: '0.5rem', font: 'Inter, "Segoe UI", sans-serif', theme: 'dark' },
      { accent: 'light-dark(rgb(10 125 79), oklch(0.7 0.15 160))', font: 'Noto Sans', radius: '0px' },
      { accent: 'hsl(268 50% 50%)', logo: 'https://cdn.example/a.svg?v=1', home: 'http://localhost:3000/x' },
    ] as const)
      expect(resolveOptions({ ...fine(), pages }).pages).toEqual(pages)
  })

  test('accepts a base path that is empty, deep or dotted', () => {
    for (const basePath of ['', '/guest', '/auth/guests', '/v1.2/~x_y-z'])
      expect(resolveOptions({ ...fine(), basePath }).basePath).toBe(basePath)
  })

  test('accepts several origins within one RP ID', () => {
    const origin = ['https://example.com', 'https://app.example.com']
    expect(resolveOptions({ ...fine(), origin }).rpId).toBe('example.com')
    expect(refusal({ ...fine(), origin: origin.toReversed() })).toMatch(
      /not within the RP ID app\.example\.com/,
    )
    expect(resolveOptions({ ...fine(), origin: origin.toReversed(), rpId: 'example.com' }).rpId).toBe(
      'example.com',
    )
  })

  test('accepts origins that are related to the RP ID', () => {
    const origin = ['https://app.example.com', 'https://example.co.uk', 'https://example.com']
    expect(resolveOptions({ ...fine(), origin, rpId: 'app.example.com' })).toMatchObject({
      relatedOrigins: ['https://example.co.uk', 'https://example.com'],
      ceremonyOrigins: origin,
    })
    expect(resolveOptions({ ...fine(), origin: origin.slice(0, 2) })).toMatchObject({
      rpId: 'app.example.com',
      relatedOrigins: ['https://example.co.uk'],
    })
    expect(refusal({ ...fine(), origin: origin.slice(1), rpId: 'app.example.com' })).toMatch(/not within/)
  })

  test('refuses related origins with more than five names, because browsers accept five', () => {
    const five = ['a.de', 'shop.a.fr', 'a.co.uk', 'b.com.au', 'c.example', 'd.example', 'e.example']
    const origin = ['example.com', ...five].map((host) => `https://${host}`)
    expect(resolveOptions({ ...fine(), origin }).relatedOrigins).toHaveLength(7)
    expect(refusal({ ...fine(), origin: [...origin, 'https://f.example'] })).toMatch(
      /at most 5 names, and these have 6: a, b, c, d, e, f/,
    )
  })
})

describe('a value that can never work is refused, and the error names the one that would do', () => {
  const [client, provider] = [{ id: 'a' }, { id: 'a', name: 'A', clientId: 'a' }]
  const webhook = { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }
  test.each<[object, string, RegExp]>([
    [{ origin: 'https://Example.com' }, 'origin', /write https:\/\/example\.com$/],
    [{ origin: 'https://example.com:443' }, 'origin', /write https:\/\/example\.com$/],
    [{ origin: 'https://example.com/' }, 'origin', /write https:\/\/example\.com$/],
    [{ origin: 'https://example.com:8443/app?x#y' }, 'origin', /write https:\/\/example\.com:8443$/],
    [{ origin: 'https://me:pw-of-mine@example.com' }, 'origin', /write https:\/\/example\.com$/],
    [{ origin: 'https://bücher.example' }, 'origin', /write https:\/\/xn--bcher-kva\.example$/],
    [{ origin: 'https://example.com.' }, 'origin', /write https:\/\/example\.com$/],
    [{ origin: 'http://example.com' }, 'origin', /must be https.*write https:\/\/example\.com$/],
    [{ origin: 'http://127.0.0.1:3000' }, 'origin', /write http:\/\/localhost:3000$/],
    [{ origin: 'http://[::1]:3000' }, 'origin', /write http:\/\/localhost:3000$/],
    [{ origin: 'localhost:3000' }, 'origin', /write http:\/\/localhost:3000$/],
    [{ origin: 'app.example.com' }, 'origin', /write https:\/\/app\.example\.com$/],
    [{ origin: 'https://*.example.com' }, 'origin', /no wildcard; list each origin/],
    [{ origin: 'https://example..com' }, 'origin', /must name a host/],
    [{ origin: ['https://example.com', 'https://*'] }, 'origin[1]', /no wildcard/],
    [{ topOrigins: ['https://Example.org'] }, 'topOrigins[0]', /write https:\/\/example\.org$/],
    [{ tokens: { issuer: 'https://example.com/auth' } }, 'tokens.issuer', /write https:\/\/example\.com$/],
    [
      { clients: [{ ...client, origins: ['https://*.a.example'] }] },
      'clients[0].origins[0]',
      /no wildcard; list each/,
    ],
    [
      { redirectUris: ['https://me:pw-of-mine@a.example/b'] },
      'redirectUris[0]',
      /write https:\/\/a\.example\/b$/,
    ],
    [{ redirectUris: ['https://*.a.example/b'] }, 'redirectUris[0]', /no wildcard/],
    [{ redirectUris: ['javascript:alert(1)'] }, 'redirectUris[0]', /browsers follow.*not with javascript:$/],
    [
      { clients: [{ ...client, redirectUris: ['https://me:pw-of-mine@a.example/b'] }] },
      'clients[0].redirectUris[0]',
      /write https:\/\/a\.example\/b$/,
    ],
    [
      { webhooks: [{ ...webhook, url: 'http://localhost:80@elsewhere.example/' }] },
      'webhooks[0].url',
      /must be an https URL/,
    ],
    [
      { webhooks: [{ ...webhook, url: 'https://me:pw-of-mine@a.example/hook' }] },
      'webhooks[0].url',
      /must have no user name and password; write https:\/\/a\.example\/hook$/,
    ],
    [
      { webhooks: [{ ...webhook, url: 'https://a.example/#x' }] },
      'webhooks[0].url',
      /write https:\/\/a\.example\/$/,
    ],
    [
      { loginIds: { providers: [{ ...provider, issuer: 'https://me:pw-of-mine@a.example' }] } },
      'loginIds.providers[0].issuer',
      /write https:\/\/a\.example\/$/,
    ],
    [
      { wellKnown: { passkeyEndpoints: { enroll: 'https://me:pw-of-mine@a.example/p' } } },
      'wellKnown.passkeyEndpoints.enroll',
      /write https:\/\/a\.example\/p$/,
    ],
    [
      { wellKnown: { passkeyEndpoints: { manage: 'ftp://localhost/p' } } },
      'wellKnown.passkeyEndpoints.manage',
      /https, or http on localhost$/,
    ],
    [{ loginIds: { send: 'smtp://' } }, 'loginIds.send', /must be like smtp:\/\//],
    [
      { loginIds: { sendFrom: 'Jotter' } },
      'loginIds.sendFrom',
      /must be an e-mail address, like hello@example\.com/,
    ],
  ])('%j', (options, path, said) => {
    const message = refusal({ ...fine(), ...options })
    expect(message).toMatch(new RegExp(`^guestkey options: ✖ .* → at ${path.replace(/[[\].]/g, '\\$&')}$`))
    expect(message.slice(0, message.indexOf(' → at '))).toMatch(said)
    expect(message).not.toContain('pw-of-mine')
  })

  test.each([
    ['https://example.com', 'https://example.com', /rpId must be a domain alone: write example\.com$/],
    ['example.com:443', 'https://example.com', /write example\.com$/],
    ['Example.com', 'https://example.com', /write example\.com$/],
    ['bücher.example', 'https://xn--bcher-kva.example', /write xn--bcher-kva\.example$/],
    ['com', 'https://shop.example.com', /com is a public suffix.*set rpId to shop\.example\.com/],
    ['co.uk', 'https://shop.co.uk', /co\.uk is a public suffix/],
    ['github.io', 'https://me.github.io', /github\.io is a public suffix.*set rpId to me\.github\.io/],
    ['vercel.app', 'https://me.vercel.app', /vercel\.app is a public suffix/],
  ])('the RP ID %s for %s', (rpId, origin, said) => {
    expect(refusal({ ...fine(), rpId, origin })).toMatch(said)
  })

  test.each([
    ['localhost', 'http://app.localhost:3000'],
    ['me.github.io', 'https://app.me.github.io'],
    ['intranet', 'https://intranet'],
    ['example.co.uk', 'https://shop.example.co.uk'],
  ])('but the RP ID %s for %s is taken', (rpId, origin) => {
    expect(resolveOptions({ ...fine(), rpId, origin }).rpId).toBe(rpId)
  })

  test('no origin at all', () => {
    expect(refusal({})).toMatch(/✖ origin is missing: it must be the origin of your pages, like https:/)
  })

  /** Values of every kind. An option may take some of them. */
  const anything = [
    null,
    '',
    'x y',
    ' ',
    0,
    -1,
    1.5,
    Number.NaN,
    true,
    [],
    [1],
    [''],
    {},
    { x: 1 },
    Symbol('x'),
  ]
  test.each(Object.keys(optionsSchema.shape))('every wrong value of %s', (name) => {
    const refused = anything.flatMap((value) => {
      try {
        resolveOptions({ ...fine(), [name]: value })
        return []
      } catch (error) {
        expect(error).toBeInstanceOf(OptionsError)
        return [(error as Error).message]
      }
    })
    expect(refused.length).toBeGreaterThan(0)
    for (const message of refused) {
      expect(message).toContain(name)
      expect(message).toMatch(/must|is missing|unknown option|set rpId to/)
      expect(message).not.toMatch(/Invalid|expected|Too (small|big)/)
    }
  })
})

describe('the options for apps', () => {
  const hash = Array.from({ length: 32 }, () => 'aB').join(':')
  const app = { packageName: 'com.example.app', sha256CertFingerprints: [hash] }

  test('allow ceremonies from the origins of the apps', () => {
    const { appOrigins, ceremonyOrigins } = resolveOptions({
      ...{ ...fine(), rpId: 'example.com', origin: 'https://www.example.com' },
      ...{ wellKnown: { android: [app], apple: ['A1B2C3D4E5.com.example.app'] } },
    })
    const android = `android:apk-key-hash:${Buffer.alloc(32, 0xab).toString('base64url')}`
    expect(appOrigins).toEqual([android, 'https://example.com'])
    expect(ceremonyOrigins).toEqual(['https://www.example.com', ...appOrigins])
  })

  test.each<[string, object, RegExp]>([
    ['no list', { wellKnown: { android: app } }, /android/],
    [
      'no package',
      { wellKnown: { android: [{ ...app, packageName: 'app' }] } },
      /package name.*android\[0\]\.packageName/,
    ],
    [
      'no fingerprint',
      { wellKnown: { android: [{ ...app, sha256CertFingerprints: [] }] } },
      /sha256CertFingerprints/,
    ],
    [
      'a short fingerprint',
      { wellKnown: { android: [{ ...app, sha256CertFingerprints: [hash.slice(3)] }] } },
      /32 bytes in hex/,
    ],
    [
      'a fingerprint without colons',
      { wellKnown: { android: [{ ...app, sha256CertFingerprints: ['ab'.repeat(32)] }] } },
      /32 bytes in hex/,
    ],
    [
      'a misspelt key',
      { wellKnown: { android: [{ ...app, packagename: 'x' }] } },
      /unknown option packagename of wellKnown\.android\[0\]: did you mean packageName\?/,
    ],
    [
      'an application identifier without its team',
      { wellKnown: { apple: ['com.example.app'] } },
      /application identifier.*apple\[0\]/,
    ],
    ['a team without the rest', { wellKnown: { apple: ['A1B2C3D4E5'] } }, /application identifier/],
    [
      'a page that is only a path',
      { wellKnown: { passkeyEndpoints: { enroll: '/passkeys' } } },
      /URL of a page.*passkeyEndpoints\.enroll/,
    ],
    [
      'a page without https',
      { wellKnown: { passkeyEndpoints: { manage: 'http://example.com' } } },
      /URL of a page/,
    ],
    [
      'a page that is a script',
      { wellKnown: { passkeyEndpoints: { manage: 'javascript:alert(1)' } } },
      /URL of a page/,
    ],
    [
      'a misspelt name of a page',
      { wellKnown: { passkeyEndpoints: { enrol: 'https://example.com' } } },
      /unknown option enrol of wellKnown\.passkeyEndpoints: did you mean enroll\?/,
    ],
  ])('are refused with an explanation: %s', (_what, options, said) => {
    expect(refusal({ ...fine(), ...options })).toMatch(said)
  })
})

describe('clients', () => {
  const confidential = { id: 'backend', kind: 'confidential', secret }
  const [method, jwks] = ['private_key_jwt', { keys: [{ kty: 'EC' }] }]
  const signing = { id: 'a', kind: 'confidential', tokenEndpointAuthMethod: method, jwks }
  const noOrigins =
    'file:// file://localhost data://x blob:https://a.example javascript://x wss://a.example capacitor:// capacitor:localhost capacitor://localhost/ capacitor://a@localhost capacitor://* Tauri://x chrome-extension://a/b'.split(
      ' ',
    )
  const wrong: [string, object, RegExp][] = [
    ['no id', {}, /clients\[0\]\.id/],
    ['an empty id', { id: '' }, /must be like my-app.*clients\[0\]\.id/],
    ['a space in the id', { id: 'my app' }, /must be like my-app/],
    ['a slash in the id', { id: 'a/b' }, /must be like my-app/],
    ['a long id', { id: 'x'.repeat(129) }, /must be like my-app/],
    ['an id that is a number', { id: 5 }, /clients\[0\]\.id/],
    [
      'a misspelt key',
      { id: 'a', origin: 'https://a.example' },
      /unknown option origin of clients\[0\]: did you mean origins\?/,
    ],
    [
      'a misspelt duration',
      { id: 'a', accessTokenMinutes: 5 },
      /unknown option accessTokenMinutes of clients\[0\]/,
    ],
    ['an unknown kind', { id: 'a', kind: 'native' }, /clients\[0\]\.kind/],
    ['no secret, though confidential', { id: 'a', kind: 'confidential' }, /must have a secret/],
    ['a secret, though public', { id: 'a', secret }, /must have a secret if it is confidential/],
    ['a short secret', { ...confidential, secret: 'short' }, /at least 32 characters.*clients\[0\]\.secret/],
    [
      'an origin with a path',
      { id: 'a', origins: ['https://a.example/'] },
      /must be an origin like.*origins\[0\]/,
    ],
    ['a wildcard for an origin', { id: 'a', origins: ['*'] }, /must be an origin like/],
    ['the origin null', { id: 'a', origins: ['null'] }, /must be an origin like/],
    ['an origin without https', { id: 'a', origins: ['http://a.example'] }, /must be https/],
    ...noOrigins.map((one): [string, object, RegExp] => [
      `the origin ${one}`,
      { id: 'a', origins: [one] },
      /clients\[0\]\.origins/,
    ]),
    ['an origin that is no list', { id: 'a', origins: 'https://a.example' }, /clients\[0\]\.origins/],
    ['an empty list of audiences', { id: 'a', audiences: [] }, /clients\[0\]\.audiences/],
    ['an audience that is no URI', { id: 'a', audiences: ['api'] }, /must be an absolute URI/],
    ['an audience with a fragment', { id: 'a', audiences: ['https://a.example#x'] }, /without a fragment/],
    ['two scopes in one', { id: 'a', scopes: ['read write'] }, /must be one scope token/],
    ['an empty scope', { id: 'a', scopes: [''] }, /must be one scope token/],
    ['a quote in a scope', { id: 'a', scopes: ['"read"'] }, /must be one scope token/],
    ['a redirect URI that is relative', { id: 'a', redirectUris: ['/done'] }, /must be an absolute URI/],
    [
      'a redirect URI with a fragment',
      { id: 'a', redirectUris: ['https://a.example/#'] },
      /without a fragment/,
    ],
    ['an access token of two hours', { id: 'a', accessTokenSeconds: 7200 }, /must be an hour at most/],
    ['an access token of 0 seconds', { id: 'a', accessTokenSeconds: 0 }, /accessTokenSeconds/],
    ['a refresh token of half a second', { id: 'a', refreshIdleSeconds: 0.5 }, /refreshIdleSeconds/],
    ['a negative life', { id: 'a', refreshAbsoluteSeconds: -1 }, /refreshAbsoluteSeconds/],
    ['a short pairwise secret', { id: 'a', pairwise: 'short' }, /at least 32 characters.*pairwise/],
    ['a name that reverses text', { id: 'a', name: 'wiki\u202E' }, /clients\[0\]\.name/],
    ['pkce optional for a public client', { id: 'a', pkce: 'optional' }, /must have pkce 'required'/],
    ['a way to authenticate, but public', { id: 'a', tokenEndpointAuthMethod: method }, /set kind to 'conf/],
    ['private_key_jwt without keys', { ...signing, jwks: undefined }, /either jwks or jwksUri/],
    ['keys twice', { ...signing, jwksUri: 'https://a.example/jwks' }, /either jwks or jwksUri/],
    ['keys and a secret', { ...signing, secret }, /no secret with private_key_jwt/],
    [
      'keys, but another way to authenticate',
      { ...confidential, jwks },
      /only with the tokenEndpointAuthMethod/,
    ],
    ['no key in its JWK set', { ...signing, jwks: { keys: [] } }, /clients\[0\]\.jwks\.keys/],
    ['a private key', { ...signing, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }, /must be a public key/],
    ['a secret key', { ...signing, jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, /must be a public key/],
    ['keys by http', { ...signing, jwks: undefined, jwksUri: 'http://a.example' }, /clients\[0\]\.jwksUri/],
    ['an algorithm of ID tokens without a key', { id: 'a', idTokenAlgorithm: 'HS256' }, /idTokenAlgorithm/],
    ['an alias that could get mail', { id: 'a', emailAlias: '{sub}@a.example' }, /clients\[0\]\.emailAlias/],
    ['the same alias for all', { id: 'a', emailAlias: 'guest@a.invalid' }, /clients\[0\]\.emailAlias/],
    ['logout told by http', { id: 'a', backchannelLogoutUri: 'http://a.example' }, /backchannelLogoutUri/],
    ['a way back that is no URI', { id: 'a', postLogoutRedirectUris: ['/'] }, /postLogoutRedirectUris/],
    ['pairwise without a secret', { id: 'a', pairwise: true }, /clients\[0\]\.pairwise/],
    ['dpop that is not one of its words', { id: 'a', dpop: true }, /clients\[0\]\.dpop/],
    ['no object', 'a' as never, /clients\[0\]/],
  ]
  test.each(wrong)('are refused with %s', (_what, client, said) => {
    const message = refusal({ ...fine(), clients: [client] })
    expect(message).toMatch(said)
    expect(message).not.toContain(secret)
  })

  test('are refused if two have the same id', () => {
    expect(refusal({ ...fine(), clients: [{ id: 'a' }, { id: 'a', kind: 'confidential', secret }] })).toMatch(
      /the client a is registered twice/,
    )
  })

  test('have the defaults of the options, and include the own client guestkey', () => {
    const [own, spa, slow] = resolveOptions({
      ...fine(),
      tokens: { accessTokenSeconds: 60 },
      sessions: { idleSeconds: 70, absoluteSeconds: 80 },
      clients: [{ id: 'spa' }, { id: 'slow', accessTokenSeconds: 600, refreshIdleSeconds: 700 }],
    }).clients
    const defaults = {
      ...{ kind: 'public', secret: undefined, pairwise: undefined, dpop: 'optional' },
      ...{ scopes: [], operatorScopes: [], redirectUris: [], audiences: ['https://example.com'] },
      ...{ accessTokenSeconds: 60, refreshIdleSeconds: 70, refreshAbsoluteSeconds: 80 },
      ...{ pkce: 'required', idTokenAlgorithm: 'ES256', deviceGrant: false, postLogoutRedirectUris: [] },
      ...{ name: undefined, emailAlias: undefined, backchannelLogoutUri: undefined },
      ...{ jwks: undefined, jwksUri: undefined, tokenEndpointAuthMethod: undefined },
    }
    expect(own).toEqual({ ...defaults, id: 'guestkey', origins: ['https://example.com'] })
    expect(spa).toEqual({ ...defaults, id: 'spa', origins: [] })
    expect(slow).toMatchObject({ accessTokenSeconds: 600, refreshIdleSeconds: 700 })
    const { clients: eddsa } = resolveOptions({ ...fine(), tokens: { signingAlgorithm: 'EdDSA' } })
    expect(eddsa[0]).toMatchObject({ idTokenAlgorithm: 'EdDSA' })
    const given = [{ id: 'guestkey', audiences: ['https://api.example'] }]
    const tokens = { issuer: 'https://id.example' }
    const { clients } = resolveOptions({ ...fine(), clients: given, tokens })
    expect(clients).toMatchObject([{ id: 'guestkey', audiences: ['https://api.example'] }])
  })

  test('may run ceremonies on their pages within the RP ID', () => {
    const clients = [
      { id: 'a', origins: ['https://a.example.com', 'https://a.example'] },
      { id: 'b', origins: ['https://notexample.com', 'https://example.com'] },
    ]
    expect(resolveOptions({ ...fine(), clients }).ceremonyOrigins).toEqual([
      'https://example.com',
      'https://a.example.com',
    ])
  })
})

describe('the option loginIds.send', () => {
  test.each(['smtp://localhost', 'smtps://user:password@mail.example.com:465'])('may be %s', (send) => {
    expect(resolveOptions({ ...fine(), loginIds: { send } })).toMatchObject({
      loginIds: { send, sendFrom: 'no-reply@example.com' },
    })
  })

  test('may be a function, and sendFrom may name the sender', () => {
    const send = () => {}
    const sendFrom = 'Jotter <hello@example.com>'
    expect(resolveOptions({ ...fine(), loginIds: { send, sendFrom } })).toMatchObject({
      loginIds: { send, sendFrom },
    })
  })

  test('is refused without repeating its password', () => {
    const send = 'smpt://user:a-password-of-the-mail-server@mail.example.com'
    expect(refusal({ ...fine(), loginIds: { send } })).not.toContain('a-password')
  })
})

describe('OpenID providers', () => {
  const provider = { id: 'example', name: 'Example', issuer: 'https://id.example', clientId: 'guestkey' }
  const wrong: [string, object, RegExp][] = [
    ['no id', { id: undefined }, /providers\[0\]\.id/],
    ['an id in upper case', { id: 'Example' }, /must be like example.*providers\[0\]\.id/],
    ['an id with a quote', { id: 'a"b' }, /must be like example.*providers\[0\]\.id/],
    ['a long id', { id: 'a'.repeat(33) }, /must be like example.*providers\[0\]\.id/],
    ['no name', { name: '' }, /providers\[0\]\.name/],
    ['a bell in the name', { name: 'A\u0007' }, /must have no control characters.*providers\[0\]\.name/],
    ['no issuer', { issuer: undefined }, /providers\[0\]\.issuer/],
    ['an issuer that is no URL', { issuer: 'id.example' }, /must be an https URL.*providers\[0\]\.issuer/],
    ['an issuer by http', { issuer: 'http://id.example' }, /must be an https URL/],
    ['an issuer that only begins with localhost', { issuer: 'http://localhost:x@id.example' }, /must be an/],
    ['an issuer like localhost', { issuer: 'http://localhost.id.example' }, /must be an https URL/],
    ['an issuer by another scheme', { issuer: 'ftp://id.example' }, /must be an https URL/],
    ['no client', { clientId: '' }, /providers\[0\]\.clientId/],
    ['an empty secret', { clientSecret: '' }, /must not be empty.*providers\[0\]\.clientSecret/],
    ['a secret that is a number', { clientSecret: 5 }, /must be a text, or a function.*clientSecret/],
    ['an unknown response mode', { responseMode: 'fragment' }, /must be 'query' or 'form_post'/],
    [
      'a misspelt key',
      { clientID: 'guestkey' },
      /unknown option clientID of loginIds\.providers\[0\]: did you mean clientId\?/,
    ],
  ]
  test.each(wrong)('are refused with %s', (_what, more, said) => {
    expect(refusal({ ...fine(), loginIds: { providers: [{ ...provider, ...more }] } })).toMatch(said)
  })

  test('are refused if two have the same id', () => {
    expect(
      refusal({ ...fine(), loginIds: { providers: [provider, { ...provider, name: 'Other' }] } }),
    ).toMatch(/must not have the same id twice.*providers/)
  })

  test('have the scope openid by default', () => {
    const local = { ...provider, id: 'local', issuer: 'http://localhost:4000', scope: 'openid email' }
    const { loginIds } = resolveOptions({ ...fine(), loginIds: { providers: [provider, local] } })
    expect(loginIds.providers).toEqual([
      { ...provider, clientSecret: undefined, scope: 'openid' },
      { ...local, clientSecret: undefined },
    ])
  })
})

test('redirectUris become those of the own client guestkey', () => {
  const redirectUris = ['https://example.com/back', 'com.example.app:/back']
  const { clients } = resolveOptions({ ...fine(), redirectUris, clients: [{ id: 'spa' }] })
  expect(clients).toMatchObject([
    { id: 'guestkey', redirectUris },
    { id: 'spa', redirectUris: [] },
  ])
})

test.each([
  ['sslmode=disable', true],
  ['sslmode=disable', { ca: 'PEM' }],
  ['ssl=false', true],
  ['sslmode=require', false],
  ['ssl=true', false],
])('a URL with %s is refused beside postgres.ssl %j', (query, ssl) => {
  const [store, on] = [`postgres://u:pw-of-mine@h/d?${query}`, ssl !== false]
  const said = refusal({ ...fine(), store, postgres: { ssl } })
  expect(said).toContain(
    `says ${query}, and postgres.ssl says ${on ? 'to use TLS' : 'false'}; leave one of them out`,
  )
  expect(said).not.toContain('pw-of-mine')
  expect(resolveOptions({ ...fine(), store: `postgres://h/d?${query}`, postgres: {} }).postgres).toEqual({})
})

describe('a secret that the options do not give', () => {
  const withoutSecret = () => ({ origin: 'https://example.com', store: fine().store })

  test('is made once beside the store, readable by its owner only, and used from then on', async () => {
    const store = join(temporaryFolder(), 'data', 'guestkey.db')
    const [made] = resolveOptions({ origin: 'https://example.com', store }).secrets
    const file = join(store, '../secret')
    expect(Buffer.from(made!, 'base64').length).toBeGreaterThanOrEqual(32)
    expect(readFileSync(file, 'utf8')).toBe(made)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(store, '..')).mode & 0o077).toBe(0)
    expect(resolveOptions({ origin: 'https://example.com', store }).secrets).toEqual([made])
  })

  test('keeps guests signed in across a restart', async () => {
    const store = join(temporaryFolder(), 'guestkey.db')
    const first = await startApp({ store })
    const browser = first.browser()
    const guest = await browser.signIn()
    await first.close()
    const second = await startApp({ store })
    const later = second.browser()
    for (const [name, value] of browser.cookies) later.cookies.set(name, value)
    expect((await later.get('/guest/userinfo')).body).toEqual(guest)
  })

  test('is different for every deployment', () => {
    expect(resolveOptions(withoutSecret()).secrets).not.toEqual(resolveOptions(withoutSecret()).secrets)
  })

  test('is not made if the options give one', () => {
    const options = fine()
    expect(resolveOptions(options).secrets).toEqual([secret])
    expect(existsSync(join(options.store, '../secret'))).toBe(false)
  })

  test('may come from a file with a line end', () => {
    const options = withoutSecret()
    writeFileSync(join(options.store, '../secret'), `${secret}\n`)
    expect(resolveOptions(options).secrets).toEqual([secret])
  })

  test('is an error in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const options = withoutSecret()
    expect(refusal(options)).toMatch(/in production a secret must be given \(GUESTKEY_SECRET/)
    expect(existsSync(join(options.store, '../secret'))).toBe(false)
    expect(resolveOptions({ ...options, secret }).secrets).toEqual([secret])
  })

  test.each(['', 'short\n'])('is refused if its file holds %j', (text) => {
    const options = withoutSecret()
    writeFileSync(join(options.store, '../secret'), text)
    expect(refusal(options)).toMatch(/secret in .* is incomplete/)
  })

  test('is the same for two processes that start at once', async () => {
    const stores = Array.from({ length: 200 }, () => join(temporaryFolder(), 'guestkey.db'))
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const module = import.meta.resolve('../../../server/options/options.ts')
    const start = `
      const { parentPort, workerData: { stores, gate, module } } = require('node:worker_threads')
      import(module).then(({ resolveOptions }) => {
        parentPort.postMessage(stores.map((store, round) => {
          Atomics.add(gate, 0, 1)
          while (Atomics.load(gate, 0) < 2 * (round + 1)); // both begin each round together
          try {
            return resolveOptions({ origin: 'https://example.com', store }).secrets[0]
          } catch (error) {
            return error.message
          }
        }))
      })`
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const worker = new Worker(start, { eval: true, workerData: { stores, gate, module } })
        onTestFinished(() => void worker.terminate())
        return (await once(worker, 'message'))[0] as string[]
      }),
    )
    expect(one).toEqual(other)
    for (const said of one!) expect(Buffer.from(said, 'base64')).toHaveLength(32)
    expect(readdirSync(join(stores[0]!, '..'))).toEqual(['secret'])
  })
})
