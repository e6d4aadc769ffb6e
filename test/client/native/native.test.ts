import { execFile } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createNativeClient, type KeyStore, type NativeClientOptions } from '../../../client/native.ts'
import type { Options } from '../../../server/index.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { codeOf } from '../../support/client/clients.ts'
import { fileStore } from '../../support/client/native-app.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { providerClient, signInAt, startProvider } from '../../support/openid-provider.ts'

const redirectUri = 'com.example.app:/back'
const program = fileURLToPath(new URL('../../support/client/native-app.ts', import.meta.url))
const hour = 3600

/** The service, and apps that have the same key store. `forward` moves the clock of the service and of the apps. */
async function setUp(options: Partial<Options> = {}) {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const app = await startApp({
    clients: [{ id: 'my-app', redirectUris: [redirectUri] }],
    now: () => Date.now(),
    ...options,
  })
  const asked: string[] = []
  // Node's own `Date` has the time of the machine.
  app.server.prependListener('request', ({ method, url }, res) => {
    asked.push(`${method} ${url}`)
    res.setHeader('date', new Date().toUTCString())
  })
  const file = join(temporaryFolder(), 'keys.json')
  const baseUrl = `${app.origin}/guest`
  const open = (more: Partial<NativeClientOptions> = {}) =>
    createNativeClient({ baseUrl, clientId: 'my-app', store: fileStore(file), ...more })
  return {
    app,
    file,
    open,
    /** How many requests for tokens the service got. */
    tokenRequests: () => asked.filter((door) => door === 'POST /guest/token').length,
    texts: () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>,
    forward: (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000),
    run: async () =>
      JSON.parse(
        (await promisify(execFile)(process.execPath, [program, baseUrl, file], { timeout: 30_000 })).stdout,
      ) as {
        sub: string
        key: string
        left: string[]
      },
  }
}

/** A key store whose functions fail while `fails` names them. */
function failing(store: KeyStore) {
  const fails = new Set<keyof KeyStore>()
  const guard =
    <Given extends unknown[], Result>(name: keyof KeyStore, work: (...given: Given) => Promise<Result>) =>
    async (...given: Given) => {
      if (fails.has(name)) throw new Error('the key store is locked')
      return work(...given)
    }
  return {
    fails,
    store: {
      get: guard('get', store.get),
      set: guard('set', store.set),
      delete: guard('delete', store.delete),
    } satisfies KeyStore,
  }
}

describe('an app that is no web page', () => {
  it('is the same guest after it was started anew, without a browser’s globals, and writes a row only for its key', async () => {
    const { app, open, run, texts } = await setUp()
    expect(await open().user()).toBeNull()
    const { sub } = await open().signInAnonymously()
    expect((await open().user())?.sub).toBe(sub)
    expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0 })
    const ran = await run()
    expect(ran).toEqual({ sub, key: expect.any(String), left: [] })
    expect(await run()).toEqual(ran)
    expect(await app.rows()).toMatchObject({ guests: 1, device_keys: 1 })
    for (const [name, text] of Object.entries(texts())) {
      expect(name).toMatch(/^[\w.-]+$/)
      expect(text.length).toBeLessThanOrEqual(2048)
    }
  })

  it('is brought back by its device key when the session is over, and not after a sign-out', async () => {
    const { open, forward } = await setUp()
    const { sub } = await open().signInAnonymously()
    await open().deviceKey.enable({ name: 'Kitchen' })
    forward(400 * 24 * hour)
    expect(await open().user()).toBeNull()
    const back = open()
    expect((await back.signInAnonymously()).sub).toBe(sub)
    expect(await back.deviceKeys.list()).toMatchObject([{ name: 'Kitchen' }])
    await back.signOut()
    expect((await back.signInAnonymously()).sub).not.toBe(sub)
    expect((await back.deviceKey.signIn()).sub).toBe(sub)
  })

  it('refreshes once for all who ask at the same time', async () => {
    const { open, forward, tokenRequests } = await setUp()
    const client = open()
    const { sub } = await client.signInAnonymously()
    forward(hour)
    const before = tokenRequests()
    const asked = [client.user(), client.sessions.list(), client.accessToken(), client.moment('checkout')]
    expect(await Promise.all(asked)).toMatchObject([{ sub }, [{}], expect.any(String), { sub }])
    expect(tokenRequests() - before).toBe(1)
  })

  it('makes one guest for all who ask at the same time', async () => {
    const { open } = await setUp()
    const client = open()
    const guests = await Promise.all([1, 2, 3].map(() => client.signInAnonymously()))
    expect(new Set(guests.map(({ sub }) => sub)).size).toBe(1)
  })

  it('signs with keys of its own, whose private half is nowhere in the key store', async () => {
    const { open, forward, file } = await setUp()
    const hardware = new Map<string, KeyObject>()
    const keys: NativeClientOptions['keys'] = {
      async create() {
        const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
        const { crv, kty, x, y } = publicKey.export({ format: 'jwk' })
        const handle = `key-${hardware.size}`
        hardware.set(handle, privateKey)
        return { jwk: { crv: crv!, kty: kty!, x: x!, y: y! }, handle }
      },
      publicJwk: ({ jwk }) => jwk,
      async sign({ handle }, data) {
        const key = hardware.get(handle)!
        return new Uint8Array(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }))
      },
    }
    const client = open({ keys })
    const { sub } = await client.signInAnonymously()
    await client.deviceKey.enable()
    forward(400 * 24 * hour)
    expect((await open({ keys }).signInAnonymously()).sub).toBe(sub)
    const stored = readFileSync(file, 'utf8')
    for (const key of hardware.values()) expect(stored).not.toContain(key.export({ format: 'jwk' }).d)
    expect(hardware.size).toBeGreaterThan(1)
  })

  it('uses the fetch that it is given, and keeps the token from other origins', async () => {
    const { open, app } = await setUp()
    const sent: Request[] = []
    const client = open({
      fetch: async (...asked) => {
        const request = new Request(...asked)
        sent.push(request)
        return fetch(request)
      },
    })
    await client.signInAnonymously()
    const elsewhere = await startApp()
    await client.fetch(`${app.origin}/guest/userinfo`)
    await client.fetch(`${elsewhere.origin}/guest/userinfo`)
    expect(sent.length).toBeGreaterThan(2)
    expect(sent.slice(-2).map(({ headers }) => headers.has('authorization'))).toEqual([true, false])
  })

  it.each([
    [{ baseUrl: '' }, /baseUrl is missing/],
    [{ clientId: '' }, /clientId is missing/],
    [{ store: {} as KeyStore }, /store is missing: it must have get, set and delete/],
    [{ sore: 1 } as never, /Unknown option: sore/],
    [{ mode: 'cookie' } as never, /Unknown option: mode/],
  ])('is refused with the options %j', async (wrong, message) => {
    const { open } = await setUp()
    expect(() => open(wrong)).toThrow(message)
  })
})

describe('a key store that fails', () => {
  it('rejects with storage while it cannot be read, and then the guest is the same', async () => {
    const { open, file } = await setUp()
    const { sub } = await open().signInAnonymously()
    await open().deviceKey.enable()
    const { store, fails } = failing(fileStore(file))
    const client = open({ store })
    fails.add('get')
    for (const ask of [client.user, client.signInAnonymously, client.deviceKey.held, client.deviceKey.signIn])
      expect(await codeOf(ask())).toBe('storage')
    fails.clear()
    expect((await client.signInAnonymously()).sub).toBe(sub)
  })

  it('rejects with storage while it cannot be written, and a refresh and a new key are done again later', async () => {
    const { open, file, forward, app } = await setUp()
    const { sub } = await open().signInAnonymously()
    const { store, fails } = failing(fileStore(file))
    const client = open({ store })
    fails.add('set')
    expect(await codeOf(client.user())).toBe('storage')
    expect(await codeOf(client.deviceKey.enable())).toBe('storage')
    expect(await app.rows()).toMatchObject({ guests: 0, device_keys: 0 })
    fails.clear()
    expect((await client.user())?.sub).toBe(sub)
    await client.deviceKey.enable()
    forward(hour)
    fails.add('set')
    expect(await codeOf(client.user())).toBe('storage')
    fails.clear()
    expect((await open({ store }).user())?.sub).toBe(sub)
  })

  it('makes no new guest while the key alone cannot be read, whatever localStorage has', async () => {
    const { open, file, forward } = await setUp()
    const { sub } = await open().signInAnonymously()
    await open().deviceKey.enable()
    forward(400 * 24 * hour)
    vi.stubGlobal('localStorage', { getItem: () => null })
    const whole = fileStore(file)
    const get = async (name: string) => {
      if (name.endsWith('_key')) throw new Error('the key is locked')
      return whole.get(name)
    }
    expect(await codeOf(open({ store: { ...whole, get } }).signInAnonymously())).toBe('storage')
    expect((await open().signInAnonymously()).sub).toBe(sub)
  })

  it('makes no guest who would be lost', async () => {
    const { open, file } = await setUp()
    const { store, fails } = failing(fileStore(file))
    fails.add('set')
    expect(await codeOf(open({ store }).signInAnonymously())).toBe('storage')
    fails.clear()
    expect(await open({ store }).user()).toBeNull()
  })
})

describe('promotion in a browser of the system', () => {
  /** A service with a provider, and a browser in which the person signs in there as `user`, or cancels there. */
  async function withProvider() {
    const provider = await startProvider(['https://stands.example/for-now'])
    const { issuer } = provider
    const set = await setUp({
      loginIds: { providers: [{ id: 'example', name: 'Example', issuer, ...providerClient }] },
    })
    await provider.sendBackTo([`${set.app.origin}/guest/authorize/callback/example`])
    return { ...set, openBrowser: (user: string, cancel = false) => throughProvider(set.app, user, cancel) }
  }

  const throughProvider = (app: TestApp, user: string, cancel: boolean) => async (url: string) => {
    const browser = app.browser()
    const path = (url: string) => url.replace(app.origin, '')
    const page = await browser.get(path(url))
    const href = /href="([^"]*\/authorize\/provider[^"]*)"/.exec(page.text)![1]!.replace(/&(amp|#38);/g, '&')
    const away = await browser.get(href)
    const back = await browser.get(path(await signInAt(away.headers.location!, user, { cancel })))
    return back.headers.location!
  }

  it('makes the guest a regular user with the same sub, who signs in with it on another device', async () => {
    const { app, open, openBrowser } = await withProvider()
    const phone = open({ redirectUri, openBrowser: openBrowser('ada') })
    const { sub } = await phone.signInAnonymously()
    expect(await phone.promote({ locale: 'de' })).toMatchObject({ sub, is_anonymous: false })
    expect(await phone.user()).toMatchObject({ sub, is_anonymous: false })
    const file = join(temporaryFolder(), 'tablet.json')
    const tablet = open({ store: fileStore(file), redirectUri, openBrowser: openBrowser('ada') })
    expect(await tablet.signInWithRedirect()).toMatchObject({ sub })
    expect(await tablet.user()).toMatchObject({ sub })
    expect(await app.rows()).toMatchObject({ guests: 1, login_ids: 1 })
  })

  it('keeps the guest if the person closes the browser or cancels at the provider', async () => {
    const { open, openBrowser } = await withProvider()
    const closed = async () => Promise.reject(new Error('closed'))
    const { sub } = await open().signInAnonymously()
    expect(await codeOf(open({ redirectUri, openBrowser: closed }).promote())).toBe('cancelled')
    expect(await codeOf(open({ redirectUri, openBrowser: openBrowser('ada', true) }).promote())).toBe(
      'cancelled',
    )
    expect(await open().user()).toMatchObject({ sub, is_anonymous: true })
  })

  it('is finished by the app that the system starts again, once', async () => {
    const { open, openBrowser } = await withProvider()
    const { sub } = await open().signInAnonymously()
    let url = ''
    const ended = open({
      redirectUri,
      openBrowser: async (page) => {
        url = await openBrowser('ada')(page)
        return new Promise(() => {})
      },
    })
    void ended.promote()
    await vi.waitUntil(() => url, { timeout: 20_000 })
    const started = open()
    expect(await started.finishPromotion('com.example.app:/other?x=1')).toBeNull()
    expect(await started.finishPromotion(url)).toMatchObject({ sub, is_anonymous: false })
    expect(await codeOf(open().finishPromotion(url))).toBe('flow_invalid')
  })

  it('is unsupported without a browser or an address to come back to', async () => {
    const { open } = await setUp()
    expect(await codeOf(open({ redirectUri }).promote())).toBe('unsupported')
    expect(await codeOf(open({ openBrowser: async (url) => url }).signInWithRedirect())).toBe('unsupported')
  })
})

describe('passkeys by the prompts of the system', () => {
  it('save the guest, prove who is there, and sign in on another device', async () => {
    const { app, open, forward } = await setUp()
    const device = app.device({ synced: true })
    const prompts = vi.fn()
    const passkeys: NativeClientOptions['passkeys'] = {
      create: (options) => device.create(options as never) as never,
      get(options) {
        prompts()
        return device.get(options as never) as never
      },
    }
    const phone = open({ passkeys })
    expect(phone.passkeys.supported()).toBe(true)
    const { sub } = await phone.signInAnonymously()
    expect(await phone.passkeys.add()).toMatchObject({ sub, recoverability: 'synced' })
    forward(10 * 60)
    await phone.deviceKey.enable()
    expect(prompts).toHaveBeenCalledTimes(1)
    const [passkey] = await phone.passkeys.list()
    expect(await phone.passkeys.rename(passkey!.id, 'Pixel')).toMatchObject({ name: 'Pixel' })
    const tablet = open({ passkeys, store: fileStore(join(temporaryFolder(), 'tablet.json')) })
    expect(await tablet.passkeys.signIn()).toMatchObject({ sub })
    await tablet.passkeys.remove(passkey!.id, { force: true })
    expect(await tablet.passkeys.list()).toEqual([])
  })

  it('reject with the code of the error, and keep the guest', async () => {
    const { open } = await setUp()
    const cancel = async () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    const client = open({ passkeys: { create: cancel, get: cancel } })
    const { sub } = await client.signInAnonymously()
    expect(await codeOf(client.passkeys.add())).toBe('cancelled')
    expect((await client.user())?.sub).toBe(sub)
    expect(open().passkeys.supported()).toBe(false)
    expect(await codeOf(open().passkeys.add())).toBe('unsupported')
    expect(await codeOf(open().passkeys.signIn())).toBe('unsupported')
  })
})
