// What the client does while a part of it is loaded, or cannot be.
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import * as whole from '../../client/index.ts'
import * as small from '../../client/small.ts'
import { codeOf, plugInAuthenticator, setUp } from '../support/client/clients.ts'
import { type Answer, guest, ok, problem, tokens } from '../support/client/fake-server.ts'
import { plugInIndexedDb } from '../support/client/indexed-db.ts'
import { hinderPart, losePart } from '../support/client/part-faults.ts'

/** A service with device keys, which it does not check, and the key of guest `a` in this browser. */
async function setUpKey() {
  const db = plugInIndexedDb()
  const server = { here: 'a' as string | null, guests: 0 }
  const set = await setUp((door, body) => {
    if (door.startsWith('GET /.well-known')) return ok({ issuer: 'https://auth.example' })
    if (door === 'POST /device-keys/challenge') return ok({ challenge: 'c', now: 1 })
    if (door === 'POST /device-keys') return ok({ ...guest(server.here!), device_key: { id: 'k' } })
    if (door.endsWith('/options')) return ok({ challenge: 'AA', user: { id: 'AA' }, pubKeyCredParams: [] })
    if (door === 'GET /device-keys') return ok({ device_keys: [] })
    if (door === 'POST /sign-out') server.here = null
    if (door === 'POST /sign-out') return { status: 204 }
    if (door === 'POST /device-keys/sign-in') server.here = 'a'
    if (door === 'POST /sign-in' && !server.here) {
      if ((body as { lookup_only?: boolean }).lookup_only) return problem(404, 'no_guest')
      server.here = `new-${++server.guests}`
    }
    return server.here ? ok(guest(server.here)) : problem(401, 'not_signed_in')
  })
  await set.client.deviceKey.enable()
  set.doors.asked.length = 0
  return { ...set, server, db }
}

describe('without the part for the key of this browser', () => {
  it('a sign-in of somebody else ends that the guest of the key comes back unasked', async () => {
    const { open, server } = await setUpKey()
    const lost = losePart('other-parts')
    server.here = 'b'
    expect((await open().signInAnonymously()).sub).toBe('b')
    lost.end()
    server.here = null
    const page = open()
    expect((await page.deviceKey.held())?.may_resume).toBe(false)
    expect((await page.signInAnonymously()).sub).toBe('new-1')
  })

  it('the guest of the key may come back unasked again after a sign-in', async () => {
    const { client, open, server } = await setUpKey()
    await client.signOut()
    expect((await client.deviceKey.held())?.may_resume).toBe(false)
    losePart('other-parts')
    server.here = 'a'
    await open().signInAnonymously()
    expect((await client.deviceKey.held())?.may_resume).toBe(true)
  })

  it('the guest can sign out, and the key does not bring the guest back', async () => {
    const { open } = await setUpKey()
    losePart('other-parts')
    await open().signOut()
    expect((await open().signInAnonymously()).sub).toBe('new-1')
  })

  it('whoever is signed in can continue as guest', async () => {
    const { open } = await setUpKey()
    losePart('other-parts')
    expect((await open().signInAnonymously()).sub).toBe('a')
  })

  it('no new guest is made if the key would bring somebody back', async () => {
    const { open, server } = await setUpKey()
    losePart('other-parts')
    server.here = null
    expect(await codeOf(open().signInAnonymously())).toBe('client_incomplete')
    expect([server.here, server.guests]).toEqual([null, 0])
  })
})

describe('without the part for what comes after a passkey dialog', () => {
  /** A browser with autofill, and a service that does this with the proof of a passkey. */
  async function setUpProof(answer: Answer) {
    plugInAuthenticator()
    Object.assign(globalThis.PublicKeyCredential, { isConditionalMediationAvailable: async () => true })
    return setUp((door) => {
      if (door.endsWith('/options')) return ok({ challenge: 'AA' })
      return door === 'POST /passkeys/authenticate' ? answer : ok(guest('a'))
    })
  }

  it('a passkey signs in, and autofill is not supported', async () => {
    losePart('passkey-extras')
    const { client } = await setUpProof(ok(guest('a')))
    expect((await client.passkeys.signIn()).sub).toBe('a')
    expect(await client.passkeys.autofillSupported()).toBe(false)
  })

  it.each<[string, Answer]>([
    ['network', 'cut'],
    ['authentication_failed', problem(401, 'authentication_failed')],
  ])('a proof that fails is sent once, and the error is that of the request: %s', async (code, answer) => {
    losePart('passkey-extras')
    const { client, doors } = await setUpProof(answer)
    expect(await codeOf(client.passkeys.signIn())).toBe(code)
    expect(doors.doors()).toEqual(['POST /passkeys/authenticate/options', 'POST /passkeys/authenticate'])
  })
})

describe('fetch', () => {
  it('sends a request as it is at the call, and needs no part for the answer', async () => {
    for (const part of ['other-parts', 'passkeys', 'passkey-extras']) losePart(part)
    const { doors } = await setUp(() => ok('things'))
    const client = small.createGuestClient({ baseUrl: doors.baseUrl })
    const headers = new Headers({ 'content-type': 'application/json' })
    const answer = client.fetch(`${doors.origin}/things`, { method: 'POST', body: '{"n":1}', headers })
    headers.set('content-type', 'text/plain')
    expect(await (await answer).text()).toBe('things')
    expect(doors.asked).toEqual([{ door: 'POST /things', body: { n: 1 } }])
  })

  it('rejects as that of the browser does if the server cannot be reached', async () => {
    losePart('other-parts')
    const { client, doors } = await setUp(() => 'cut')
    await expect(client.fetch(`${doors.origin}/things`)).rejects.toThrow(TypeError)
  })
})

describe('while a part is loaded', () => {
  /** A part that is there at the end of the test at the latest. */
  function slowPart(part: string) {
    const { promise, resolve: arrive } = Promise.withResolvers<void>()
    onTestFinished(() => arrive())
    hinderPart(part, promise)
    return { arrive }
  }
  const locks = async () => (await navigator.locks.query()).held?.map(({ name }) => name)

  it('no lock is held by a guest who comes back by the key of this browser', async () => {
    const { open, server } = await setUpKey()
    const { arrive } = slowPart('other-parts')
    server.here = null
    const coming = open().signInAnonymously()
    // Another tab asks meanwhile, and is answered.
    expect(await open().user()).toBeNull()
    expect(await locks()).toEqual([])
    arrive()
    expect((await coming).sub).toBe('a')
  })

  it('no lock is held by a first passkey, and the key of this browser is made anew when the part is there', async () => {
    const { open, doors, db } = await setUpKey()
    const authenticator = plugInAuthenticator()
    authenticator.prompt = async () => ({
      ...authenticator.assertion,
      response: { ...authenticator.assertion.response, attestationObject: new ArrayBuffer(1) },
    })
    const [{ id }] = [...db.kept.values()] as [{ id: string }]
    const { arrive } = slowPart('other-parts')
    const adding = open().passkeys.add()
    await vi.waitFor(() => expect(doors.doors()).toContain('POST /passkeys/register'))
    expect((await open().user())?.sub).toBe('a')
    expect(await locks()).toEqual([])
    arrive()
    expect((await adding).sub).toBe('a')
    expect(doors.doors()).toContain('POST /device-keys')
    expect(db.kept.values().next().value).not.toMatchObject({ id })
  })

  it('no lock is held in token mode', async () => {
    plugInIndexedDb()
    const { arrive } = slowPart('tokens')
    const { client } = await setUp((door) => ok(door === 'POST /token' ? tokens('a') : guest('a')), {
      mode: 'token',
    })
    const all = [client.signInAnonymously(), client.signOut(), client.user()]
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await navigator.locks.query()).toMatchObject({ held: [], pending: [] })
    arrive()
    await Promise.all(all)
  })
  /** A browser with autofill, and a service in which anybody can sign in with a passkey. */
  async function setUpAutofill() {
    const authenticator = plugInAuthenticator()
    Object.assign(globalThis.PublicKeyCredential, { isConditionalMediationAvailable: async () => true })
    vi.stubGlobal('document', { querySelectorAll: () => [], removeEventListener() {} })
    onTestFinished(() => void vi.unstubAllGlobals())
    const set = await setUp((door) => ok(door.endsWith('/options') ? { challenge: 'AA' } : guest('a')))
    return { ...set, authenticator }
  }

  it.each(['client.js', 'client-small.js'])(
    'close ends the autofill of %s that waits for it',
    async (file) => {
      const { doors, authenticator } = await setUpAutofill()
      const { createGuestClient } = file === 'client.js' ? whole : small
      const client = createGuestClient({ baseUrl: doors.baseUrl })
      const { arrive } = slowPart(file === 'client.js' ? 'passkey-extras' : 'passkeys')
      const filling = codeOf(client.passkeys.signIn({ autofill: true }))
      client.close()
      arrive()
      expect(await filling).toBe('aborted')
      expect([doors.asked, authenticator.prompts]).toEqual([[], 0])
    },
  )

  it('a dialog that succeeds ends the autofill that waits for it', async () => {
    const { client, authenticator } = await setUpAutofill()
    const { arrive } = slowPart('passkey-extras')
    const filling = codeOf(client.passkeys.signIn({ autofill: true }))
    expect((await client.passkeys.signIn()).sub).toBe('a')
    arrive()
    expect(await filling).toBe('aborted')
    expect(authenticator.prompts).toBe(1)
  })
})
