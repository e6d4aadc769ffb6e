import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { GuestClientOptions } from '../../../client/index.ts'
import {
  askedWithStepUp,
  codeOf,
  openTab,
  requestsUnderWay,
  setUp,
  setUpStepUp,
  waitingForLock,
} from '../../support/client/clients.ts'
import { type Answer, type Answers, guest, ok, problem, tokens } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const redirectUri = 'https://app.example/back?from=notes'
const pushed: Answer = { status: 201, body: { request_uri: 'urn:x:1', expires_in: 1800 } }
const user = guest('a', { is_anonymous: false, is_verified: true, expires_at: null })

type Body = Record<string, string>

/** A client in a tab, and a server that accepts its requests. */
async function setUpRedirects(
  finished: Answers = () => ok(user),
  options: GuestClientOptions = {},
  others: Answers = () => ok(guest('a')),
) {
  const tab = openTab()
  const set = await setUp((door, body, asked) => {
    if (door === 'POST /par') return pushed
    return (door === 'POST /promotion/finish' ? finished : others)(door, body, asked)
  }, options)
  const bodies = (door: string) =>
    set.doors.asked.flatMap((one) => (one.door === door ? [one.body as Body] : []))
  /** The last authorization request. */
  const request = () => bodies('POST /par').at(-1)!
  /** The address to which the service sends the browser back. */
  const back = (answer: Body = { code: 'c' }, state = request().state!) =>
    `https://app.example/back?${new URLSearchParams({ from: 'notes', ...answer, state, iss: 'https://i' })}`
  return { ...set, tab, request, back, finishes: () => bodies('POST /promotion/finish') }
}

describe.each([
  ['promote', 'promote'],
  ['signInWithRedirect', 'sign_in'],
] as const)('%s', (verb, purpose) => {
  it('leaves for the page of the service with a request that says the purpose', async () => {
    const { client, doors, tab, request } = await setUpRedirects()
    await client[verb]({ redirectUri })
    expect(request()).toEqual({
      response_type: 'code',
      client_id: 'guestkey',
      redirect_uri: redirectUri,
      state: expect.stringMatching(/^guestkey\.[\w-]{36}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      purpose,
    })
    expect(tab.location.assign.mock.calls).toEqual([
      [`${doors.baseUrl}/authorize?client_id=guestkey&request_uri=urn%3Ax%3A1`],
    ])
  })

  it('passes the locale on', async () => {
    const { client, tab } = await setUpRedirects()
    await client[verb]({ redirectUri, locale: 'de-CH fr' })
    expect(tab.location.assign.mock.lastCall?.[0]).toMatch(/&ui_locales=de-CH\+fr$/)
  })

  it('makes a new state and a new verifier each time, and sends the verifier to nobody', async () => {
    const { client, request, tab } = await setUpRedirects()
    await client[verb]({ redirectUri })
    const first = request()
    const [kept] = tab.kept.values()
    await client[verb]({ redirectUri })
    expect(request().state).not.toBe(first.state)
    expect(request().code_challenge).not.toBe(first.code_challenge)
    const { verifier } = JSON.parse(kept!)
    expect(verifier).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify([first, tab.location.assign.mock.calls])).not.toContain(verifier)
  })

  it.each<[string, Answer]>([
    ['not_signed_in', problem(401, 'not_signed_in')],
    ['invalid_request', { status: 400, body: { error: 'invalid_request', code: 'invalid_request' } }],
    ['network', 'cut'],
  ])('stays on the page after %s', async (code, answer) => {
    const tab = openTab()
    const { client } = await setUp(() => answer)
    expect(await codeOf(client[verb]({ redirectUri }))).toBe(code)
    expect(tab.location.assign).not.toHaveBeenCalled()
  })

  it('stays on the page if the state cannot be stored', async () => {
    const { client, tab } = await setUpRedirects()
    tab.sessionStorage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    expect(await codeOf(client[verb]({ redirectUri }))).toBe('storage')
    expect(tab.location.assign).not.toHaveBeenCalled()
  })

  it('sends nothing outside of secure contexts, where the browser cannot hash', async () => {
    const { client, doors } = await setUpRedirects()
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    expect(await codeOf(client[verb]({ redirectUri }))).toBe('not_allowed_here')
    expect(doors.asked).toEqual([])
  })

  it('leaves after a proof if the server asks for one', async () => {
    const tab = openTab()
    const { client, asked } = await setUpStepUp('POST /par', pushed)
    await client[verb]({ redirectUri })
    expect(asked()).toEqual(askedWithStepUp('POST /par'))
    expect(tab.location.assign).toHaveBeenCalledTimes(1)
  })
})

describe('finishPromotion', () => {
  it('sends the code with the verifier of the challenge, and then the guest is a user in all tabs', async () => {
    let finished = false
    const { client, open, request, back, finishes } = await setUpRedirects(
      () => {
        finished = true
        return ok(user)
      },
      {},
      () => ok(finished ? user : guest('a')),
    )
    const second = open()
    await Promise.all([client.user(), second.user()])
    await client.promote({ redirectUri })
    // The browser comes back to a new page.
    const next = open()
    const [here, there] = [vi.fn(), vi.fn()]
    next.onChange(here)
    second.onChange(there)
    expect(await next.finishPromotion(back())).toEqual(user)
    const [{ code_verifier, ...rest }] = finishes() as [Body]
    // Without a client_id: with one, the answer would bring tokens in place of the cookie.
    expect(rest).toEqual({ code: 'c', redirect_uri: redirectUri })
    expect(createHash('sha256').update(code_verifier!).digest('base64url')).toBe(request().code_challenge)
    expect(here.mock.calls).toEqual([[user]])
    await eventually(() => expect(there.mock.calls).toEqual([[user]]))
  })

  it('returns the previous guest, and tells listeners only the guest who is signed in', async () => {
    const previous = { anonymous_id: 'b', label: 'blue-owl-7', collection: 'users', recoverability: 'none' }
    const more = { previous, merged: true, ticket: 't' }
    const { client, back } = await setUpRedirects(() => ok({ ...user, ...more }))
    await client.signInWithRedirect({ redirectUri })
    const changed = vi.fn()
    client.onChange(changed)
    expect(await client.finishPromotion(back())).toEqual({ ...user, ...more })
    expect(changed.mock.calls).toEqual([[user]])
  })

  it('reads the address bar, takes the answer out of it, and leaves the rest', async () => {
    const { client, tab, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    tab.location.href = `${back({ code: 'c', error_description: 'd', error_uri: 'e' })}#top`
    expect(await client.finishPromotion()).toEqual(user)
    expect(tab.location.href).toBe('https://app.example/back?from=notes#top')
    expect(tab.history.replaceState.mock.calls).toEqual([[tab.history.state, '', expect.any(URL)]])
    expect(await client.finishPromotion()).toBeNull()
  })

  it('reads the address as it was at the call, even if a router changes it at once', async () => {
    const { client, tab, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    tab.location.href = back()
    const finishing = client.finishPromotion()
    tab.location.href = 'https://app.example/notes'
    expect(await finishing).toEqual(user)
    expect(tab.location.href).toBe('https://app.example/notes')
  })

  it('leaves the address bar alone if it has another answer than the given URL', async () => {
    const { client, tab, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    tab.location.href = 'https://app.example/?code=other&state=other'
    expect(await client.finishPromotion(back())).toEqual(user)
    expect(tab.history.replaceState).not.toHaveBeenCalled()
  })

  it('accepts a URL without an origin, as routers have it', async () => {
    const { client, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    expect(await client.finishPromotion(back().replace('https://app.example', ''))).toEqual(user)
  })

  it.each([
    ['nothing', 'https://app.example/back'],
    ['neither a code nor an error', 'https://app.example/back?state=guestkey.1'],
    ['no state', 'https://app.example/back?code=c'],
    ['the answer of another flow of the page', 'https://app.example/back?code=c&state=theirs'],
    ['the answer to another client', 'https://app.example/back?code=c&state=spa.1'],
  ])('resolves to null if the address has %s, and leaves it there', async (_, url) => {
    const { client, tab, finishes, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    tab.location.href = url
    expect(await client.finishPromotion()).toBeNull()
    expect(tab.location.href).toBe(url)
    expect(finishes()).toEqual([])
    expect(await client.finishPromotion(back())).toEqual(user)
  })

  it.each([
    ['in another browser', (tab: ReturnType<typeof openTab>) => tab.kept.clear()],
    ['by somebody else', () => {}, 'guestkey.theirs'],
  ])('refuses what was begun %s', async (_, prepare, state?: string) => {
    const { client, tab, finishes, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    prepare(tab)
    tab.location.href = back({ code: 'c' }, state)
    expect(await codeOf(client.finishPromotion())).toBe('flow_invalid')
    expect(tab.location.href).toBe('https://app.example/back?from=notes')
    expect(finishes()).toEqual([])
  })

  it('still works after an answer to what somebody else began', async () => {
    const { client, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    await codeOf(client.finishPromotion(back({ code: 'c' }, 'guestkey.theirs')))
    expect(await client.finishPromotion(back())).toEqual(user)
  })

  it('accepts an answer once', async () => {
    const { client, back, finishes } = await setUpRedirects()
    await client.promote({ redirectUri })
    await client.finishPromotion(back())
    expect(await codeOf(client.finishPromotion(back()))).toBe('flow_invalid')
    expect(finishes().length).toBe(1)
  })

  it('sends one request for two callers at once', async () => {
    const { client, tab, back, finishes } = await setUpRedirects()
    await client.promote({ redirectUri })
    tab.location.href = back()
    expect(await Promise.all([client.finishPromotion(), client.finishPromotion()])).toEqual([user, user])
    expect(finishes().length).toBe(1)
  })

  it.each([
    ['access_denied', 'cancelled'],
    ['server_error', 'server_error'],
  ])('rejects after %s, and keeps the guest', async (error, code) => {
    const { client, tab, back, finishes } = await setUpRedirects()
    await client.promote({ redirectUri })
    const changed = vi.fn()
    client.onChange(changed)
    tab.location.href = back({ error })
    expect(await codeOf(client.finishPromotion())).toBe(code)
    expect([tab.location.href, tab.kept.size]).toEqual(['https://app.example/back?from=notes', 0])
    expect(finishes()).toEqual([])
    expect(changed).not.toHaveBeenCalled()
  })

  it('ignores a refusal with a state that this tab did not make', async () => {
    const { client, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    expect(await codeOf(client.finishPromotion(back({ error: 'access_denied' }, 'guestkey.theirs')))).toBe(
      'flow_invalid',
    )
    expect(await client.finishPromotion(back())).toEqual(user)
  })

  it.each<[string, Answer]>([
    ['invalid_grant', problem(400, 'invalid_grant')],
    ['code_expired', problem(400, 'code_expired')],
    ['login_id_unknown', problem(404, 'login_id_unknown')],
    ['promotion_refused', problem(409, 'promotion_refused')],
    // A second request might end the session that the first one began.
    ['network', 'cut'],
  ])('changes nothing and sends nothing again if it fails with %s', async (code, answer) => {
    const { client, back, finishes } = await setUpRedirects(() => answer)
    await client.promote({ redirectUri })
    const changed = vi.fn()
    client.onChange(changed)
    expect(await codeOf(client.finishPromotion(back()))).toBe(code)
    expect(finishes().length).toBe(1)
    expect(changed).not.toHaveBeenCalled()
  })

  it('rejects with the ticket that merges the guest into the account with the login ID', async () => {
    const { client, back } = await setUpRedirects(() => problem(409, 'login_id_taken', { ticket: 't' }))
    await client.promote({ redirectUri })
    const error = await client.finishPromotion(back()).catch((error) => error)
    expect(error).toMatchObject({ code: 'login_id_taken', ticket: 't' })
  })

  it('sends its request while no other one is under way', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const hold = async () => {
      await held
      return ok(user)
    }
    const { doors, client, open, back } = await setUpRedirects(hold, {}, hold)
    await client.promote({ redirectUri })
    const all: Promise<unknown>[] = [client.finishPromotion(back())]
    await requestsUnderWay(doors, 2)
    all.push(open().user(), open().user())
    await waitingForLock(2)
    release()
    await Promise.all(all)
    expect(doors.mostOpen()).toBe(1)
  })
})

describe('a redirect that is under way', () => {
  it('in one tab is not disturbed by one in another tab', async () => {
    const { client, tab, back, finishes } = await setUpRedirects()
    await client.promote({ redirectUri })
    const first = back()
    const second = openTab()
    await client.promote({ redirectUri })
    expect(await client.finishPromotion(back({ code: 'of the second' }))).toEqual(user)
    expect(second.kept.size).toBe(0)
    expect(await codeOf(client.finishPromotion(first))).toBe('flow_invalid')
    tab.show()
    expect(await client.finishPromotion(first)).toEqual(user)
    expect(finishes().map(({ code }) => code)).toEqual(['of the second', 'c'])
  })

  it('in one tab is replaced by one that begins later there', async () => {
    const { client, back } = await setUpRedirects()
    await client.promote({ redirectUri })
    const first = back()
    await client.signInWithRedirect({ redirectUri })
    expect(await codeOf(client.finishPromotion(first))).toBe('flow_invalid')
    expect(await client.finishPromotion(back())).toEqual(user)
  })

  it('of one client is not disturbed by one of another client in the same page', async () => {
    const { client, back, finishes } = await setUpRedirects()
    const other = await setUp(() => pushed, { mode: 'token', clientId: 'spa' })
    await client.promote({ redirectUri })
    await other.client.signInWithRedirect({ redirectUri })
    expect(await other.client.finishPromotion(back())).toBeNull()
    expect(await client.finishPromotion(back())).toEqual(user)
    expect(finishes().length).toBe(1)
  })
})

describe('in token mode', () => {
  const finished = () => ok({ ...user, previous: {}, ticket: 't', tokens: tokens('b') })
  const setUpSpa = () =>
    setUpRedirects(finished, { mode: 'token', clientId: 'spa' }, (door) =>
      ok(door === 'POST /token' ? tokens(1) : guest('a')),
    )

  it('a request names the client, and carries the access token', async () => {
    const { client, doors, tab, request } = await setUpSpa()
    await client.signInAnonymously()
    await client.promote({ redirectUri })
    expect(request()).toMatchObject({ client_id: 'spa', state: expect.stringMatching(/^spa\./) })
    expect(doors.headers.at(-1)).toMatchObject({ authorization: 'DPoP access-1' })
    expect(tab.location.assign.mock.lastCall?.[0]).toContain('/authorize?client_id=spa&')
  })

  it.each(['promote', 'signInWithRedirect'] as const)(
    'the code of %s is exchanged for tokens, which the page does not see',
    async (verb) => {
      const { client, open, finishes, back } = await setUpSpa()
      const second = open()
      await second.user()
      if (verb === 'promote') await client.signInAnonymously()
      await client[verb]({ redirectUri })
      const [changed, there] = [vi.fn(), vi.fn()]
      client.onChange(changed)
      second.onChange(there)
      expect(await client.finishPromotion(back())).toEqual({ ...user, previous: {}, ticket: 't' })
      expect(finishes()).toMatchObject([{ code: 'c', redirect_uri: redirectUri, client_id: 'spa' }])
      expect(changed.mock.calls).toEqual([[user]])
      expect(await client.accessToken()).toBe('access-b')
      await eventually(() => expect(there).toHaveBeenCalled())
      expect(await second.accessToken()).toBe('access-b')
    },
  )
})

it('in cookie mode a redirect is for the service’s own client, whatever the clientId is', async () => {
  const { client, request, finishes, back } = await setUpRedirects(undefined, { clientId: 'spa' })
  await client.promote({ redirectUri })
  expect(request().client_id).toBe('guestkey')
  expect(await client.finishPromotion(back())).toEqual(user)
  expect(finishes()[0]).not.toHaveProperty('client_id')
})
