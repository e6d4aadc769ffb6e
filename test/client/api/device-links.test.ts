import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { deviceName } from '../../../client/api/device-name.ts'
import type { DeviceLink } from '../../../client/index.ts'
import { askedWithStepUp, codeOf, openTab, setUp, setUpStepUp } from '../../support/client/clients.ts'
import { type Answer, guest, inTurn, ok, problem, tokens } from '../../support/client/fake-server.ts'

const link = { id: 'l', code: 'BCDF-GHJK', link: 'l.secret-_', expires_at: 1_900_000_000 }
const opened = {
  ...{ secret: 'polling secret', words: ['amber', 'fox'], label: 'amber-fox-42' },
  ...{ expires_at: 1_900_000_120, interval: 2 },
}
const state = (status: DeviceLink['status'], more: object = {}) => ({
  id: 'l',
  status,
  expires_at: 1,
  ...more,
})

/** Makes the waits of two seconds between requests end at once, and counts them. */
function hurry() {
  const real = globalThis.setTimeout
  const waited = { times: 0 }
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, wait?: number) => {
    if (wait !== 2000) return real(work, wait)
    waited.times++
    return real(work, 0)
  }) as typeof setTimeout)
  onTestFinished(() => spy.mockRestore())
  return waited
}

describe('the device that is signed in', () => {
  it('makes a link, after a step-up if the server asks for one', async () => {
    const { client, asked } = await setUpStepUp('POST /device-links', ok(link))
    expect(await client.deviceLinks.start({ url: 'https://app.example/link?x=1#old' })).toEqual({
      id: 'l',
      code: 'BCDF-GHJK',
      url: 'https://app.example/link?x=1#guestkey-link=l.secret-_',
      expires_at: 1_900_000_000,
    })
    expect(asked()).toEqual(askedWithStepUp('POST /device-links'))
  })

  it('links to its own page by default', async () => {
    openTab('https://app.example/account?tab=2#devices')
    const { client } = await setUp(() => ok(link))
    expect((await client.deviceLinks.start()).url).toBe(
      'https://app.example/account?tab=2#guestkey-link=l.secret-_',
    )
  })

  it('calls back once for each change until the link is done, whatever fails in between', async () => {
    const waited = hurry()
    const asking = state('opened', {
      words: ['amber', 'fox'],
      device: { platform: 'iOS', browser: 'Safari' },
    })
    const { client } = await setUp(
      inTurn(
        ...([ok(state('waiting')), ok(state('waiting')), 'cut', problem(503, 'unavailable')] as Answer[]),
        ...[ok(asking), { status: 502, body: 'proxy' }, ok(state('approved')), ok(state('done'))],
      ),
    )
    const seen: DeviceLink[] = []
    expect(await client.deviceLinks.watch('l', { onChange: (now) => seen.push(now) })).toEqual(state('done'))
    expect(seen).toEqual([state('waiting'), asking, state('approved'), state('done')])
    expect(waited.times).toBe(7)
  })

  it.each<[string, Answer]>([
    ['not_found', problem(404, 'not_found')],
    ['not_signed_in', problem(401, 'not_signed_in')],
  ])('stops watching on %s', async (code, answer) => {
    const { client, doors } = await setUp(() => answer)
    expect(await codeOf(client.deviceLinks.watch('a/b'))).toBe(code)
    expect(doors.doors()).toEqual(['GET /device-links/a%2Fb'])
  })

  it('stops watching if there are only failures for twelve minutes', async () => {
    hurry()
    let now = 1_900_000_000_000
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
    onTestFinished(() => clock.mockRestore())
    const waits = [11, 2]
    const { client, doors } = await setUp(() => {
      now += (waits.shift() ?? 0) * 60_000
      return problem(503, 'unavailable')
    })
    expect(await codeOf(client.deviceLinks.watch('l'))).toBe('unavailable')
    expect(doors.asked.length).toBe(2)
  })

  it('stops watching when the page aborts', async () => {
    const { client, doors } = await setUp(() => ok(state('waiting')))
    const page = new AbortController()
    const watching = client.deviceLinks.watch('l', {
      signal: page.signal,
      onChange: () => setImmediate(() => page.abort()),
    })
    expect(await codeOf(watching)).toBe('aborted')
    expect(await codeOf(client.deviceLinks.watch('l', { signal: AbortSignal.abort() }))).toBe('aborted')
    expect(doors.asked.length).toBe(1)
  })

  it('approves, refuses and withdraws a link', async () => {
    const { client, doors } = await setUp((door, body) => {
      if (door.startsWith('DELETE')) return { status: 204 }
      if (door.startsWith('GET')) return ok(guest('a'))
      return ok(state((body as { approve: boolean }).approve ? 'approved' : 'refused'))
    })
    expect(await client.deviceLinks.approve('l')).toEqual(state('approved'))
    expect(await client.deviceLinks.refuse('l')).toEqual(state('refused'))
    await client.deviceLinks.cancel('l')
    expect(doors.asked).toEqual([
      { door: 'PATCH /device-links/l', body: { approve: true } },
      // The approval has kept the guest.
      { door: 'GET /userinfo', body: '' },
      { door: 'PATCH /device-links/l', body: { approve: false } },
      { door: 'DELETE /device-links/l', body: '' },
    ])
  })
})

describe('the new device', () => {
  it('finds the link that opened its page, and takes it out of the address', async () => {
    const tab = openTab('https://app.example/link?x=1#a=1&guestkey-link=l.secret-_&b')
    const { client } = await setUp(() => ok(opened))
    // A real location derives `hash` from its `href`.
    Object.assign(tab.location, { hash: new URL(tab.location.href).hash })
    expect(client.deviceLinks.pending()).toBe('l.secret-_')
    expect(tab.location.href).toBe('https://app.example/link?x=1#a=1&b')
    expect(tab.history.replaceState).toHaveBeenCalledWith({ router: 'of the page' }, '', expect.anything())
    Object.assign(tab.location, { hash: '' })
    expect(client.deviceLinks.pending()).toBe('l.secret-_')
    await client.deviceLinks.open({ link: 'l.secret-_' })
    expect(client.deviceLinks.pending()).toBeNull()
  })

  it('leaves an address without a link alone', async () => {
    const tab = openTab('https://app.example/#guestkey')
    const { client } = await setUp(() => ok(opened))
    Object.assign(tab.location, { hash: '#guestkey' })
    expect(client.deviceLinks.pending()).toBeNull()
    expect(tab.history.replaceState).not.toHaveBeenCalled()
  })

  it('shows the words, waits for the approval, and signs in', async () => {
    const waited = hurry()
    const answer = { ...guest('a'), offer_passkey: true }
    const claims = inTurn({ status: 202, body: { status: 'opened', interval: 2 } }, 'cut', ok(answer))
    const { client, doors } = await setUp((door) =>
      door === 'POST /device-links/claim' ? claims() : ok(opened),
    )
    const [offered, changed] = [vi.fn(), vi.fn()]
    client.on('passkey.offered', offered)
    client.onChange(changed)
    const pending = await client.deviceLinks.open({ code: 'bcdf ghjk', leave: true })
    expect(pending).toEqual({
      ...{ words: ['amber', 'fox'], label: 'amber-fox-42', expires_at: 1_900_000_120 },
      claim: expect.any(Function),
    })
    expect(doors.asked[0]?.body).toEqual({
      code: 'bcdf ghjk',
      leave: true,
      device: { platform: expect.any(String), browser: expect.any(String) },
    })
    expect(await pending.claim()).toEqual(answer)
    expect(doors.asked.slice(1)).toEqual(
      Array(3).fill({ door: 'POST /device-links/claim', body: { secret: 'polling secret' } }),
    )
    expect(waited.times).toBe(2)
    expect(changed.mock.calls).toEqual([[guest('a')]])
    expect(offered.mock.calls).toEqual([[answer]])
  })

  it.each(['link_refused', 'link_invalid', 'too_many_sessions'])('stops waiting on %s', async (code) => {
    const { client, doors } = await setUp((door) =>
      door === 'POST /device-links/claim' ? problem(403, code) : ok(opened),
    )
    const { claim } = await client.deviceLinks.open({ link: 'l.s' })
    expect(await codeOf(claim())).toBe(code)
    expect(doors.asked.length).toBe(2)
  })

  it.each([
    ['unavailable', 503],
    ['internal_error', 500],
    ['request_timeout', 408],
    ['too_many_requests', 429],
    ['server_error', 502],
  ])('goes on waiting after %s, which may pass', async (code, status) => {
    const claims = inTurn(problem(status, code), ok(guest('a')))
    const { client, doors } = await setUp((door) =>
      door === 'POST /device-links/claim' ? claims() : ok({ ...opened, interval: 0 }),
    )
    const { claim } = await client.deviceLinks.open({ link: 'l.s' })
    expect((await claim()).sub).toBe('a')
    expect(doors.asked.length).toBe(3)
  })

  it('stops waiting when the page aborts', async () => {
    const { client } = await setUp((door) =>
      door === 'POST /device-links/claim' ? { status: 202, body: { status: 'opened' } } : ok(opened),
    )
    const { claim } = await client.deviceLinks.open({ link: 'l.s' })
    const page = new AbortController()
    setImmediate(() => page.abort())
    expect(await codeOf(claim({ signal: page.signal }))).toBe('aborted')
  })

  it.each([
    ['would_leave_guest', 409],
    ['link_invalid', 400],
    ['too_many_guesses', 429],
  ])('rejects with %s if the server refuses to open the link', async (code, status) => {
    const { client } = await setUp(() => problem(status as number, code as string))
    expect(await codeOf(client.deviceLinks.open({ code: 'x' }))).toBe(code)
  })

  it('takes the tokens of the guest in token mode', async () => {
    const { client, doors } = await setUp(
      (door) =>
        door === 'POST /device-links/claim' ? ok({ ...guest('a'), tokens: tokens('linked') }) : ok(opened),
      { mode: 'token', clientId: 'spa' },
    )
    const { claim } = await client.deviceLinks.open({ link: 'l.s' })
    expect(await claim()).toEqual(guest('a'))
    expect(await client.accessToken()).toBe('access-linked')
    expect(doors.asked.map(({ body }) => (body as { client_id: string }).client_id)).toEqual(['spa', 'spa'])
  })
})

describe('the name of a device', () => {
  it.each([
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'iOS',
      'Safari',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0 Mobile/15E148 Safari/604.1',
      'iOS',
      'Chrome',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
      'macOS',
      'Chrome',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0',
      'Windows',
      'Edge',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
      'Android',
      'Samsung Internet',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0', 'Linux', 'Firefox'],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/137.0.0.0 Safari/537.36 OPR/1',
      'ChromeOS',
      'Opera',
    ],
    ['', 'Unknown', 'Unknown'],
  ])('of the user agent "%s" is %s and %s', (userAgent, platform, browser) => {
    vi.stubGlobal('navigator', { userAgent })
    onTestFinished(() => void vi.unstubAllGlobals())
    expect(deviceName()).toEqual({ platform, browser })
  })
})
