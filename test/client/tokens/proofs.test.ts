import type { AuthenticationResponseJSON } from '@simplewebauthn/browser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGuestClient } from '../../../client/index.ts'
import { ceremonyError, type GuestClientErrorCode } from '../../../client/lib/errors.ts'
import { asksForStepUp, createCall } from '../../../client/lib/http.ts'
import { sendProof } from '../../../client/webauthn/send-proof.ts'
import { closed, codeOf, plugInAuthenticator } from '../../support/client/clients.ts'
import { guest, ok, problem, startFakeServer, stepUp } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

let doors: Awaited<ReturnType<typeof startFakeServer>>

describe('the result of a ceremony', () => {
  afterEach(() => doors.close())

  const proof = { id: 'p' } as AuthenticationResponseJSON
  const send = () => sendProof(createCall(doors.baseUrl), '/passkeys/authenticate', proof)

  it('is sent again if the connection breaks', async () => {
    doors = await startFakeServer((_door, _body, asked) =>
      asked.length < 3 ? (asked.length < 2 ? 'cut' : 'cut in the middle') : ok(guest('a')),
    )
    expect(await send()).toEqual(guest('a'))
    expect(doors.asked).toEqual(Array(3).fill({ door: 'POST /passkeys/authenticate', body: proof }))
  })

  it('is sent at most three times', async () => {
    doors = await startFakeServer(() => 'cut')
    expect(await codeOf(send())).toBe('network')
    expect(doors.asked.length).toBe(3)
  })

  it('is not sent again after any answer', async () => {
    doors = await startFakeServer(() => problem(503, 'unavailable'))
    expect(await codeOf(send())).toBe('unavailable')
    expect(doors.asked.length).toBe(1)
  })

  it('has succeeded if the first request had arrived and signed in the owner of the passkey', async () => {
    doors = await startFakeServer((door, _body, asked) => {
      if (door === 'GET /passkeys/p') return ok({ id: 'p' })
      if (door === 'GET /userinfo') return ok(guest('a'))
      return asked.length < 2 ? 'cut in the middle' : problem(401, 'authentication_failed')
    })
    expect(await send()).toEqual(guest('a'))
  })

  it('has failed if the guest who is signed in is not the owner of the passkey', async () => {
    doors = await startFakeServer((door, _body, asked) => {
      if (door === 'GET /passkeys/p') return problem(404, 'not_found')
      return asked.length < 2 ? 'cut' : problem(401, 'authentication_failed')
    })
    expect(await codeOf(send())).toBe('authentication_failed')
  })

  it('has failed if the first answer says so', async () => {
    doors = await startFakeServer(() => problem(401, 'authentication_failed'))
    expect(await codeOf(send())).toBe('authentication_failed')
    expect(doors.asked.length).toBe(1)
  })
})

describe('fetch', () => {
  afterEach(() => doors.close())

  let authenticator: ReturnType<typeof plugInAuthenticator>
  beforeEach(() => {
    authenticator = plugInAuthenticator()
  })

  /** A host that refuses /things until there was a proof. */
  async function host(hold: (door: string) => Promise<void> | undefined = () => undefined) {
    let proven = false
    doors = await startFakeServer(async (door) => {
      if (door === 'GET /userinfo') return ok(guest('a', { recoverability: 'synced' }))
      if (door === 'POST /passkeys/authenticate/options') return ok({ challenge: 'AA', timeout: 60_000 })
      if (door === 'POST /passkeys/authenticate') {
        proven = true
        return ok(guest('a', { recoverability: 'synced' }))
      }
      const answer = proven ? ok('done') : stepUp
      await hold(door)
      return answer
    })
    const client = createGuestClient({ baseUrl: doors.baseUrl })
    const things = () => doors.asked.filter(({ door }) => door.endsWith('/things'))
    return { client, things, url: `${doors.origin}/things` }
  }

  it('returns other answers as they are, a 401 too', async () => {
    doors = await startFakeServer(() => problem(401, 'not_signed_in'))
    const client = createGuestClient({ baseUrl: doors.baseUrl })
    expect((await client.fetch(`${doors.origin}/things`)).status).toBe(401)
    expect(doors.asked.length).toBe(1)
  })

  it('asks for a proof and repeats the request with its body', async () => {
    const { client, things, url } = await host()
    const response = await client.fetch(url, { method: 'PUT', body: 'a thing' })
    expect([response.status, authenticator.prompts]).toEqual([200, 1])
    expect(things()).toEqual(Array(2).fill({ door: 'PUT /things', body: 'a thing' }))
    expect(doors.asked.find(({ door }) => door.endsWith('/options'))?.body).toEqual({ step_up: true })
  })

  it('repeats a Request, and a body that is a stream', async () => {
    const { client, things, url } = await host()
    const body = new Blob(['a stream']).stream()
    const request = new Request(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect((await client.fetch(request)).status).toBe(200)
    expect(things()).toEqual(Array(2).fill({ door: 'POST /things', body: 'a stream' }))
  })

  it('asks for one proof for five requests', async () => {
    const { client, things, url } = await host()
    const responses = await Promise.all(Array.from({ length: 5 }, () => client.fetch(url)))
    expect(responses.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect([things().length, authenticator.prompts]).toEqual([10, 1])
  })

  it('is content with a proof that came while the refusal was on its way', async () => {
    const proof = Promise.withResolvers<void>()
    const { client, url } = await host((door) => (door.endsWith('/late') ? proof.promise : undefined))
    const late = client.fetch(url.replace('things', 'late'))
    await eventually(() => expect(doors.doors()).toContain('GET /late'))
    await client.fetch(url)
    proof.resolve()
    expect((await late).status).toBe(200)
    expect(authenticator.prompts).toBe(1)
  })

  it('rejects if the proof is cancelled, and asks anew the next time', async () => {
    const { client, things, url } = await host()
    const { prompt } = authenticator
    authenticator.prompt = closed
    expect(await codeOf(client.fetch(url))).toBe('cancelled')
    expect(things().length).toBe(1)
    authenticator.prompt = prompt
    expect((await client.fetch(url)).status).toBe(200)
  })

  it('repeats a request only once', async () => {
    doors = await startFakeServer((door) =>
      door.endsWith('/things')
        ? stepUp
        : ok({ ...guest('a', { recoverability: 'passkey' }), challenge: 'AA' }),
    )
    const client = createGuestClient({ baseUrl: doors.baseUrl })
    expect((await client.fetch(`${doors.origin}/things`)).status).toBe(401)
    expect(authenticator.prompts).toBe(1)
  })
})

describe('the challenge of RFC 9470', () => {
  const asks = (status: number, header?: string) =>
    asksForStepUp(new Response(null, { status, headers: header ? { 'www-authenticate': header } : {} }))

  it.each([
    'Bearer error="insufficient_user_authentication", acr_values="phr", max_age=300',
    'Bearer realm="guests",error="insufficient_user_authentication"',
    'bearer Error = insufficient_user_authentication',
    'Basic realm="x", Bearer error_description="A proof", error="insufficient_user_authentication"',
  ])('is recognized in: %s', (header) => {
    expect(asks(401, header)).toBe(true)
    expect(asks(403, header)).toBe(false)
  })

  it.each([
    undefined,
    'Bearer',
    'Bearer error="invalid_token"',
    'Bearer error="insufficient_user_authentication_x"',
    'Bearer xerror="insufficient_user_authentication"',
  ])('is not recognized in: %s', (header) => {
    expect(asks(401, header)).toBe(false)
  })
})

describe('the error of a ceremony', () => {
  it.each<[string, GuestClientErrorCode]>([
    ['NotAllowedError', 'cancelled'],
    ['AbortError', 'aborted'],
    ['SecurityError', 'not_allowed_here'],
    ['InvalidStateError', 'already_here'],
    ['ConstraintError', 'no_user_verification'],
    ['NotSupportedError', 'no_user_verification'],
    ['UnknownError', 'authenticator_error'],
  ])('%s has the code %s', (name, code) => {
    const cause = new DOMException('words of the browser', name)
    const error = ceremonyError(cause)
    expect(error).toMatchObject({ code, cause, status: undefined })
    expect(error.message).toMatch(/^[A-Z][^.]+\.$/)
  })

  it('has the code timeout if the prompt was open until its time was up', () => {
    const error = new DOMException('', 'NotAllowedError')
    expect(ceremonyError(error, true).code).toBe('timeout')
    expect(ceremonyError(new DOMException('', 'AbortError'), true).code).toBe('aborted')
  })
})
