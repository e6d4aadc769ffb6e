// What the client sends and what it makes of answers that are not guestkey's, in cookie mode and in token mode.
import { describe, expect, it, vi } from 'vitest'
import { createGuestClient, GuestClientError, type GuestClientOptions } from '../../../client/index.ts'
import { codeOf, setUp } from '../../support/client/clients.ts'
import { type Answer, guest, ok, problem, tokens } from '../../support/client/fake-server.ts'
import { plugInIndexedDb } from '../../support/client/indexed-db.ts'

const errorOf = (promise: Promise<unknown>) => promise.catch((error: GuestClientError) => error)

const answered = (answer: Answer) => setUp(() => answer)
const json = { 'content-type': 'application/json' }

describe('error.detail', () => {
  it('is what the server says for the developer; the message stays the sentence for people', async () => {
    const { client } = await answered(
      problem(403, 'cross_site_request', { detail: 'Correct the option origin.' }),
    )
    const error = await errorOf(client.user())
    expect(error).toMatchObject({
      code: 'cross_site_request',
      status: 403,
      detail: 'Correct the option origin.',
      message: 'The request came from another site.',
    })
  })

  it('is the description of an error of OAuth', async () => {
    plugInIndexedDb()
    const refused = {
      error: 'invalid_client',
      error_description: 'Register the client.',
      code: 'invalid_client',
    }
    const { client } = await setUp(() => ({ status: 400, body: refused }), { mode: 'token', clientId: 'spa' })
    expect(await errorOf(client.signInAnonymously())).toMatchObject({
      code: 'invalid_client',
      detail: 'Register the client.',
    })
  })

  it('is at most 500 characters of what something else answered', async () => {
    for (const [body, detail] of [
      ['<h1>Bad Gateway</h1>', '<h1>Bad Gateway</h1>'],
      ['x'.repeat(1000), 'x'.repeat(500)],
      ['', ''],
    ]) {
      const { client } = await answered({ status: 502, body })
      expect(await errorOf(client.user())).toMatchObject({ code: 'server_error', detail })
    }
  })

  it('is undefined if no server answered', async () => {
    const { client } = await answered('cut')
    expect(await errorOf(client.user())).toMatchObject({ code: 'network', detail: undefined })
  })
})

describe("an answer of the app's own middleware", () => {
  it.each<[string, Answer, string]>([
    [
      'a limiter, as text',
      { status: 429, body: 'Too many requests, please try again later.' },
      'too_many_requests',
    ],
    [
      'a limiter, as JSON',
      { status: 429, body: { message: 'slow down' }, headers: json },
      'too_many_requests',
    ],
    ['a CSRF check, as HTML', { status: 403, body: '<h1>invalid csrf token</h1>' }, 'forbidden'],
    ['a CSRF check, as JSON', { status: 403, body: { error: 'EBADCSRFTOKEN' }, headers: json }, 'forbidden'],
    [
      'a 403 with a code of its own',
      { status: 403, body: { code: 'EBADCSRFTOKEN' }, headers: json },
      'forbidden',
    ],
    ['our own limiter', problem(429, 'too_many_guesses'), 'too_many_guesses'],
    ['our own refusal', problem(403, 'guest_sign_in_off'), 'guest_sign_in_off'],
    ['anything else', { status: 418, body: 'a teapot' }, 'server_error'],
  ])('gets a fitting code: %s', async (_, answer, code) => {
    const { client } = await answered(answer)
    const error = (await errorOf(client.signInAnonymously())) as GuestClientError
    expect(error).toBeInstanceOf(GuestClientError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^[A-Z].*[.?]$/)
  })

  it('makes no new guest and signs nobody out', async () => {
    const { client, doors } = await setUp((door) =>
      door === 'GET /userinfo' ? { status: 403, body: 'no' } : ok(guest('a')),
    )
    await client.signInAnonymously()
    const told = vi.fn()
    client.onChange(told)
    expect(await codeOf(client.user())).toBe('forbidden')
    expect(told).not.toHaveBeenCalled()
    expect(doors.doors()).toEqual(['POST /sign-in', 'GET /userinfo'])
  })
})

describe('the option headers', () => {
  const token = { 'X-CSRF-Token': 'secret' }

  it.each<[string, GuestClientOptions['headers']]>([
    ['an object', token],
    ['Headers', new Headers(token)],
    ['a function', () => token],
    ['a function that is asynchronous', async () => token],
  ])('is sent with every request: %s', async (_, headers) => {
    const { client, doors } = await setUp(
      (door) => (door === 'POST /sign-out' ? { status: 204 } : ok(guest('a'))),
      {
        ...(headers && { headers }),
      },
    )
    await client.signInAnonymously()
    await client.rename('fox')
    await client.user()
    await client.signOut({ force: true })
    expect(doors.doors()).toEqual(['POST /sign-in', 'PATCH /label', 'GET /userinfo', 'POST /sign-out'])
    for (const sent of doors.headers) expect(sent['x-csrf-token']).toBe('secret')
    expect(doors.headers[0]!['content-type']).toBe('application/json')
  })

  it('is asked for again with each request, and does not change what the client itself sends', async () => {
    let count = 0
    const headers = () => ({ 'X-Count': String(++count), 'Content-Type': 'text/plain', 'If-Match': 'theirs' })
    const { client, doors } = await setUp(
      (door) => (door.includes('profile') ? ok({ attributes: {} }, { etag: '"1"' }) : ok(guest('a'))),
      { headers },
    )
    await client.profile.update({ nickname: 'fox' })
    await client.profile.update({ nickname: 'wolf' }, { ifMatch: '"1"' })
    expect(doors.headers.map((sent) => sent['x-count'])).toEqual(doors.headers.map((_, i) => String(i + 1)))
    const changes = doors.headers.filter((_, i) => doors.asked[i]!.door === 'PATCH /profile')
    expect(changes.map((sent) => sent['content-type'])).toEqual(['application/json', 'application/json'])
    expect(changes.map((sent) => sent['if-match'])).toEqual(['theirs', '"1"'])
  })

  it('is sent in token mode with every request, for tokens too, and leaves the token as it is', async () => {
    plugInIndexedDb()
    const { client, doors } = await setUp((door) => ok(door === 'POST /token' ? tokens(1) : guest('a')), {
      ...{ mode: 'token', clientId: 'spa' },
      headers: { ...token, Authorization: 'Basic theirs' },
    })
    await client.signInAnonymously()
    await client.rename('fox')
    expect(doors.doors()).toEqual(['POST /token', 'POST /sign-in', 'PATCH /label'])
    for (const sent of doors.headers) expect(sent['x-csrf-token']).toBe('secret')
    expect(doors.headers[1]!.authorization).toBe('DPoP access-1')
  })

  it('is not sent by fetch, whose headers the page gives itself', async () => {
    const { client, doors } = await setUp(() => ok({}), { headers: token })
    await client.fetch(`${doors.origin}/guest/notes`)
    expect(doors.headers[0]).not.toHaveProperty('x-csrf-token')
  })

  it('that fails makes the request fail, without sending it', async () => {
    const cause = new Error('no token')
    for (const headers of [
      () => {
        throw cause
      },
      () => Promise.reject(cause),
    ]) {
      const { client, doors } = await setUp(() => ok(guest('a')), { headers })
      const error = await errorOf(client.user())
      expect(error).toMatchObject({ code: 'network', cause })
      expect(doors.asked).toEqual([])
    }
  })

  it('that never comes is waited for no longer than an answer', async () => {
    const { client, doors } = await setUp(() => ok(guest('a')), {
      headers: () => new Promise<never>(() => {}),
      timeoutSeconds: 0.05,
    })
    expect(await codeOf(client.user())).toBe('timeout')
    expect(doors.asked).toEqual([])
  })

  it('is checked as an option: a misspelt one throws', () => {
    expect(() => createGuestClient({ header: token } as never)).toThrow('Unknown option: header')
  })
})
