// Prompts: the host's rules say what guests are asked for, and when, without tracking anybody.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../../server/context.ts'
import { duePrompts, snooze as snoozePrompt } from '../../../../server/core/life/prompts.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { guestkey, type Options, OptionsError, type PromptRule } from '../../../../server/index.ts'
import type { PromptFacts } from '../../../../server/store/store.ts'
import { type Browser, createClock, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import { guestRow, rowBecomes, seenNow } from '../../../support/guest-rows.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  ask,
  bearer,
  bySession,
  claimsOf,
  dpopKey,
  type Granted,
  granted,
  keptClient,
  refresh,
  registerAs,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const minute = 60
const day = 24 * 60 * minute
const profile = z.object({ nickname: z.string(), email: z.string() })
/** A clock at noon (UTC), so that an hour later is the same day. */
const noon = () => createClock(Math.floor(Date.now() / (day * 1000)) * day * 1000 + (day * 1000) / 2)

async function startPrompter(prompts: PromptRule[], options: Partial<Options> = {}): Promise<TestApp> {
  const clock = noon()
  const app = await startApp({ prompts, profile, now: clock.now, ...options }, (host, guests) => {
    host.get('/moment/:name', (req, res, next) => {
      guests.moment(req, req.params.name).then((due) => res.json(due), next)
    })
  })
  return { ...app, clock }
}

const promptsOf = async (browser: Browser, moment?: string): Promise<string[]> =>
  (await browser.get(`/guest/userinfo${moment === undefined ? '' : `?moment=${moment}`}`)).body.prompts
const snooze = (browser: Browser, prompt: string, seconds?: number) =>
  browser.post('/guest/prompts/snooze', { prompt, ...(seconds !== undefined && { seconds }) })

async function sealedGuest(app: TestApp) {
  const browser = app.browser()
  return { browser, ...(await browser.signIn()) }
}

/** A guest who is kept without a passkey, by an attribute that no rule here asks for. */
async function keptGuest(app: TestApp) {
  const guest = await sealedGuest(app)
  await guest.browser.patch('/guest/profile', { attributes: { email: 'fox@example.org' } })
  return guest
}

describe('a prompt is due', () => {
  test('for a guest who has not done it, if the rule has no condition', async () => {
    const app = await startPrompter([{ prompt: 'add_passkey' }, { prompt: 'see_news' }])
    const { browser } = await sealedGuest(app)
    expect(await promptsOf(browser)).toEqual(['add_passkey', 'see_news'])
    expect((await browser.post('/guest/sign-in')).body.prompts).toEqual(['add_passkey', 'see_news'])
  })

  test('never, if there are no rules', async () => {
    const app = await startPrompter([])
    const { browser } = await keptGuest(app)
    expect(await promptsOf(browser)).toEqual([])
  })

  test('ageSeconds: once the guest is that old, sealed or kept', async () => {
    const app = await startPrompter([{ prompt: 'ask', when: { ageSeconds: 3 * day } }])
    const guests = [await sealedGuest(app), await keptGuest(app)]
    for (const { browser } of guests) expect(await promptsOf(browser)).toEqual([])
    app.clock.forward(3 * day - 1)
    for (const { browser } of guests) expect(await promptsOf(browser)).toEqual([])
    app.clock.forward(1)
    for (const { browser } of guests) expect(await promptsOf(browser)).toEqual(['ask'])
  })

  test('ageSeconds: the age counts from the first visit, not from keeping', async () => {
    const app = await startPrompter([{ prompt: 'ask', when: { ageSeconds: 3 * day } }])
    const [byPatch, byHost, byId] = [await sealedGuest(app), await sealedGuest(app), await sealedGuest(app)]
    app.clock.forward(2 * day)
    await byPatch.browser.patch('/guest/profile', { attributes: { email: 'x' } })
    await app.guests.keep(byId.sub)
    await app.guests.keep((await byHost.browser.get('/guest/userinfo')).body)
    app.clock.forward(1 * day)
    for (const { browser } of [byPatch, byHost, byId]) expect(await promptsOf(browser)).toEqual(['ask'])
  })

  test('daysSeen: once the guest was here on that many days (UTC), however long each visit was', async () => {
    const app = await startPrompter([{ prompt: 'ask', when: { daysSeen: 3 } }])
    const sealed = await sealedGuest(app)
    const kept = await keptGuest(app)
    const visit = async () => {
      for (const { browser } of [sealed, kept]) await browser.get('/guest/userinfo')
      await seenNow(app, kept.sub)
      return [await promptsOf(sealed.browser), await promptsOf(kept.browser)]
    }
    app.clock.forward(11 * 60 * minute)
    expect(await visit(), 'the same day').toEqual([[], []])
    app.clock.forward(60 * minute)
    expect(await visit(), 'the second day').toEqual([[], []])
    app.clock.forward(23 * 60 * minute)
    expect(await visit(), 'still the second day').toEqual([[], []])
    app.clock.forward(5 * day + 60 * minute)
    expect(await visit(), 'the third day, five days later').toEqual([['ask'], ['ask']])
    expect((await guestRow(app, kept.sub))!.days_seen).toBe(3)
  })

  test.each(['an attribute', 'a passkey', 'the host', 'the id alone'])(
    'daysSeen: the days before the guest was kept (by %s) count, and that day too',
    async (by) => {
      const app = await startPrompter([{ prompt: 'ask', when: { daysSeen: 3 } }])
      const { browser, sub } = await sealedGuest(app)
      app.clock.forward(day)
      expect(await promptsOf(browser)).toEqual([])
      app.clock.forward(day)
      if (by === 'an attribute') await browser.patch('/guest/profile', { attributes: { email: 'x' } })
      else if (by === 'a passkey') await browser.addPasskey(app.device())
      else if (by === 'the host') await app.guests.keep((await browser.get('/guest/userinfo')).body)
      else await app.guests.keep(sub)
      expect(await promptsOf(browser)).toEqual(['ask'])
    },
  )

  test('kept: if the guest is kept, or if it is not', async () => {
    const app = await startPrompter([
      { prompt: 'kept', when: { kept: true } },
      { prompt: 'not_kept', when: { kept: false } },
    ])
    expect(await promptsOf((await sealedGuest(app)).browser)).toEqual(['not_kept'])
    const { browser } = await keptGuest(app)
    expect(await promptsOf(browser)).toEqual(['kept'])
    await browser.addPasskey(app.device())
    expect(await promptsOf(browser)).toEqual(['kept'])
  })

  test('recoverability: if the guest could come back in one of these ways', async () => {
    const app = await startPrompter([
      { prompt: 'weak', when: { recoverability: ['none', 'device'] } },
      { prompt: 'one_device', when: { recoverability: ['passkey'] } },
      { prompt: 'safe', when: { recoverability: ['synced'] } },
    ])
    const { browser } = await sealedGuest(app)
    expect(await promptsOf(browser)).toEqual(['weak'])
    const added = await browser.addPasskey(app.device())
    expect(added.body.prompts).toEqual(['one_device'])
    await browser.addPasskey(app.device({ synced: true }))
    expect(await promptsOf(browser)).toEqual(['safe'])
  })

  test('moment: at that moment only', async () => {
    const app = await startPrompter([
      { prompt: 'promote', when: { moment: 'checkout' } },
      { prompt: 'add_passkey', when: { moment: 'saved' } },
      { prompt: 'see_news' },
    ])
    for (const { browser } of [await sealedGuest(app), await keptGuest(app)]) {
      expect(await promptsOf(browser)).toEqual(['see_news'])
      expect(await promptsOf(browser, 'checkout')).toEqual(['promote', 'see_news'])
      expect(await promptsOf(browser, 'saved')).toEqual(['add_passkey', 'see_news'])
      expect(await promptsOf(browser, 'Checkout')).toEqual(['see_news'])
      expect(await promptsOf(browser), 'the moment is not remembered').toEqual(['see_news'])
    }
  })

  test('only if all conditions in `when` hold', async () => {
    const app = await startPrompter([
      { prompt: 'ask', when: { moment: 'checkout', ageSeconds: day, kept: true, recoverability: ['none'] } },
    ])
    const [sealed, kept] = [await sealedGuest(app), await keptGuest(app)]
    app.clock.forward(day - 1)
    expect(await promptsOf(kept.browser, 'checkout')).toEqual([])
    app.clock.forward(1)
    expect(await promptsOf(sealed.browser, 'checkout')).toEqual([])
    expect(await promptsOf(kept.browser)).toEqual([])
    expect(await promptsOf(kept.browser, 'checkout')).toEqual(['ask'])
    await kept.browser.addPasskey(app.device())
    expect(await promptsOf(kept.browser, 'checkout')).toEqual([])
  })

  test('in the order of the rules, and once each', async () => {
    const app = await startPrompter([
      { prompt: 'third', when: { moment: 'later' } },
      { prompt: 'second' },
      { prompt: 'first' },
      { prompt: 'second', when: { kept: false } },
      { prompt: 'third' },
    ])
    const { browser } = await sealedGuest(app)
    expect(await promptsOf(browser)).toEqual(['second', 'first', 'third'])
    expect(await promptsOf(browser, 'later')).toEqual(['third', 'second', 'first'])
  })

  test('add_passkey and add_attribute: until the guest has one, and again after it is removed', async () => {
    const app = await startPrompter([{ prompt: 'add_passkey' }, { prompt: 'add_attribute:nickname' }])
    const { browser } = await sealedGuest(app)
    const told = (nickname: string | null) =>
      browser.patch('/guest/profile', { attributes: { nickname, email: 'x' } })
    await told('Fox')
    expect(await promptsOf(browser)).toEqual(['add_passkey'])
    await told(null)
    expect(await promptsOf(browser)).toEqual(['add_passkey', 'add_attribute:nickname'])
    const { passkey } = (await browser.addPasskey(app.device())).body
    expect(await promptsOf(browser)).toEqual(['add_attribute:nickname'])
    await told('Fox')
    expect(await promptsOf(browser)).toEqual([])
    expect((await browser.delete(`/guest/passkeys/${passkey.id}?force=true`)).status).toBe(204)
    expect(await promptsOf(browser)).toEqual(['add_passkey'])
  })
})

describe('a moment', () => {
  test('that a route of the host names is in the response, and the route gets the due prompts', async () => {
    const app = await startPrompter([{ prompt: 'promote', when: { moment: 'checkout' } }])
    for (const { browser } of [await sealedGuest(app), await keptGuest(app)]) {
      const before = await tables(app.store)
      const answer = await browser.get('/moment/checkout')
      expect(answer.body).toEqual(['promote'])
      expect(answer.headers['guest-moment']).toBe('checkout')
      expect(cookiesSet(answer)).toEqual([])
      expect(await tables(app.store)).toEqual(before)
      expect(await promptsOf(browser)).toEqual([])
      expect((await browser.get('/moment/other')).body).toEqual([])
    }
  })

  test('does nothing if nobody is signed in', async () => {
    const app = await startPrompter([{ prompt: 'promote' }])
    const answer = await app.browser().get('/moment/checkout')
    expect(answer.body).toEqual([])
    expect(answer.headers['guest-moment']).toBeUndefined()
  })

  test('of any name is encoded into one header', async () => {
    const app = await startPrompter([{ prompt: 'promote' }])
    const { browser } = await sealedGuest(app)
    const answer = await browser.get(`/moment/${encodeURIComponent('a b\r\nSet-Cookie: x=y é')}`)
    expect(answer.status).toBe(200)
    expect(cookiesSet(answer)).toEqual([])
    expect(decodeURIComponent(answer.headers['guest-moment']!)).toBe('a b\r\nSet-Cookie: x=y é')
  })

  test('in the query of userinfo has at most 64 characters', async () => {
    const app = await startPrompter([{ prompt: 'promote' }])
    const { browser } = await sealedGuest(app)
    expect(await promptsOf(browser, 'x'.repeat(64))).toEqual(['promote'])
    for (const query of [`moment=${'x'.repeat(65)}`, 'moment=a&moment=b']) {
      await expectRefusal(app, () => browser.get(`/guest/userinfo?${query}`), 400, 'invalid_request')
    }
  })
})

const kinds = { sealed: sealedGuest, kept: keptGuest }

describe.each(Object.entries(kinds))('a snooze by a guest who is %s', (kind, guestOf) => {
  const rules: PromptRule[] = [
    { prompt: 'add_passkey' },
    { prompt: 'promote', snoozeSeconds: day },
    { prompt: 'see_news', maxSnoozes: 1 },
  ]
  const all = rules.map(({ prompt }) => prompt)
  const but = (...out: string[]) => all.filter((prompt) => !out.includes(prompt))

  test('hides the prompt for seven days, or as long as the rule or the request says', async () => {
    const app = await startPrompter(rules)
    const { browser, sub } = await guestOf(app)
    const later = await snooze(browser, 'add_passkey')
    expect(later.status, later.text).toBe(200)
    expect(later.body).toMatchObject({ sub, prompts: but('add_passkey') })
    expect(later.body.tokens).toBeUndefined()
    expect(await promptsOf(browser)).toEqual(but('add_passkey'))
    await snooze(browser, 'promote')
    expect(await promptsOf(browser)).toEqual(but('add_passkey', 'promote'))
    app.clock.forward(day - 1)
    expect(await promptsOf(browser)).toEqual(but('add_passkey', 'promote'))
    app.clock.forward(1)
    expect(await promptsOf(browser)).toEqual(but('add_passkey'))
    await snooze(browser, 'promote', 3 * day)
    app.clock.forward(3 * day - 1)
    expect(await promptsOf(browser)).toEqual(but('add_passkey', 'promote'))
    app.clock.forward(3 * day + 1)
    expect(await promptsOf(browser)).toEqual(all)
  })

  test('hides the prompt for good the third time, or after maxSnoozes of the rule', async () => {
    const app = await startPrompter(rules)
    const { browser } = await guestOf(app)
    await snooze(browser, 'see_news', 1)
    for (let times = 1; times <= 3; times++) {
      expect(await promptsOf(browser)).toContain('add_passkey')
      await snooze(browser, 'add_passkey', 1)
      app.clock.forward(1)
    }
    app.clock.forward(30 * day)
    expect(await promptsOf(browser)).toEqual(['promote'])
  })

  test('is refused for a prompt without a rule, or for a time out of range', async () => {
    const app = await startPrompter(rules)
    const { browser } = await guestOf(app)
    for (const prompt of ['nobodys', 'add_attribute:nickname', '__proto__', 'constructor', 'Promote', '']) {
      await expectRefusal(app, () => snooze(browser, prompt), 400, 'prompt_unknown')
    }
    for (const seconds of [0, -1, 1.5, 1e300, 10 * 365 * day + 1]) {
      await expectRefusal(app, () => snooze(browser, 'promote', seconds), 400, 'invalid_request')
    }
    for (const body of [{}, { prompt: 1 }, { prompt: ['promote'] }, { prompt: 'promote', until: 5 }]) {
      const send = () => browser.post('/guest/prompts/snooze', body)
      await expectRefusal(app, send, 400, 'invalid_request')
    }
    expect(await promptsOf(browser)).toEqual(all)
  })

  test('is remembered when the guest adds its first passkey or is kept', async () => {
    const app = await startPrompter(rules)
    const [first, second, third] = [await guestOf(app), await guestOf(app), await guestOf(app)]
    for (const { browser } of [first, second, third]) {
      await snooze(browser, 'promote', 30 * day)
      await snooze(browser, 'see_news')
    }
    await first.browser.addPasskey(app.device())
    expect(await promptsOf(first.browser)).toEqual([])
    await second.browser.patch('/guest/profile', { attributes: { nickname: 'Fox' } })
    expect(await promptsOf(second.browser)).toEqual(['add_passkey'])
    await app.guests.keep(third.sub)
    expect(await promptsOf(third.browser)).toEqual(['add_passkey'])
    app.clock.forward(30 * day)
    for (const { browser } of [first, second, third]) {
      expect(await promptsOf(browser), 'the number of snoozes is remembered too').not.toContain('see_news')
    }
  })

  test(`is written ${kind === 'sealed' ? 'only to the cookie' : 'to the store, and the cookie stays'}`, async () => {
    const app = await startPrompter(rules)
    const { browser, sub } = await guestOf(app)
    const [before, old] = [await tables(app.store), copyOf(app, browser)]
    const answer = await snooze(browser, 'promote')
    if (kind === 'sealed') {
      expect(await tables(app.store)).toEqual(before)
      expect(cookiesSet(answer)).toHaveLength(1)
      expect(await promptsOf(old), 'an older copy does not know it').toContain('promote')
      expect((await old.get('/guest/userinfo')).body.sub).toBe(sub)
    } else {
      expect(cookiesSet(answer)).toEqual([])
      expect((await tables(app.store)).snoozes).toHaveLength(1)
      expect(await promptsOf(old), 'every copy knows it').not.toContain('promote')
    }
  })
})

test('a snooze renews a sealed session, but does not move its absolute end', async () => {
  const app = await startPrompter([{ prompt: 'ask', maxSnoozes: 1000 }], {
    sessions: { absoluteSeconds: 20 * day },
  })
  const { browser } = await sealedGuest(app)
  for (let i = 0; i < 19; i++) {
    app.clock.forward(day)
    expect((await snooze(browser, 'ask', 1)).status).toBe(200)
  }
  app.clock.forward(day - 1)
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
  app.clock.forward(1)
  await expectRefusal(app, () => snooze(browser, 'ask'), 401, 'session_invalid')
})

test('the cookie stays small enough after a snooze of every prompt', async () => {
  const rules = Array.from({ length: 20 }, (_, i) => ({ prompt: `a_name_of_the_hosts_own_${i}` }))
  const app = await startPrompter(rules)
  const { browser } = await sealedGuest(app)
  for (const { prompt } of rules) expect((await snooze(browser, prompt)).status).toBe(200)
  expect(await promptsOf(browser)).toEqual([])
  expect(browser.cookie!.length).toBeLessThan(4096)
})

describe('with twenty snoozes, and the longest of everything, the cookie', () => {
  const longest = (i: number) => `p${String(i).padStart(63, '0')}:a${'x'.repeat(63)}`
  const collection = 'c'.repeat(32)
  const prompts = Array.from({ length: 20 }, (_, i) => ({ prompt: longest(i), maxSnoozes: 1000 }))
  const start = async (rules = prompts) => {
    const app = await startPrompter(rules, {
      ...{ origin: 'https://app.example', cookieName: 'n'.repeat(64), collections: [collection] },
      sessions: { absoluteSeconds: 500 * day },
    })
    const { browser } = await sealedGuest(app)
    await browser.patch('/guest/label', { label: '樹'.repeat(64) })
    return { app, browser }
  }
  const snoozeAll = async (browser: Browser, seconds: number) => {
    for (const { prompt } of prompts) {
      const [set] = cookiesSet(await snooze(browser, prompt, seconds))
      expect(Buffer.byteLength(set!)).toBeLessThanOrEqual(4096) // RFC 6265bis, 5.6, and the attributes too
      expect(await promptsOf(browser), 'the one that was snoozed last').not.toContain(prompt)
    }
  }

  test('is one that browsers keep, and the oldest snoozes are dropped', async () => {
    const { browser } = await start()
    await snoozeAll(browser, 10 * 365 * day)
    const due = await promptsOf(browser)
    expect(due).toEqual(prompts.slice(0, due.length).map(({ prompt }) => prompt))
    expect(due.length, 'no more than must be').toBeLessThan(8)
    expect((await browser.get('/guest/userinfo')).body.label).toBe('樹'.repeat(64))
  })

  test('loses snoozes that are over first', async () => {
    const { app, browser } = await start()
    for (const { prompt } of prompts.slice(0, 3)) await snooze(browser, prompt, 300 * day)
    for (const { prompt } of prompts.slice(3, 13)) await snooze(browser, prompt, day)
    app.clock.forward(2 * day)
    for (const { prompt } of prompts.slice(13)) await snooze(browser, prompt, 300 * day)
    const due = prompts.slice(3, 13).map(({ prompt }) => prompt)
    expect(await promptsOf(browser)).toEqual(due)
  })

  test('keeps a last snooze, which hides its prompt for good, rather than one that is over', async () => {
    const { app, browser } = await start(
      prompts.map((rule, i) => (i < 3 ? { ...rule, maxSnoozes: 1 } : rule)),
    )
    for (const { prompt } of prompts.slice(0, 13)) await snooze(browser, prompt, day)
    app.clock.forward(2 * day)
    for (const { prompt } of prompts.slice(13)) await snooze(browser, prompt, 300 * day)
    expect(await promptsOf(browser)).toEqual(prompts.slice(3, 13).map(({ prompt }) => prompt))
  })
})

test('a snooze is refused without a session and after sign-out', async () => {
  const app = await startPrompter([{ prompt: 'ask' }])
  await expectRefusal(app, () => snooze(app.browser(), 'ask'), 401, 'not_signed_in')
  const { browser } = await keptGuest(app)
  const copy = copyOf(app, browser)
  await browser.post('/guest/sign-out', { force: true })
  await expectRefusal(app, () => snooze(copy, 'ask'), 401, 'session_invalid')
})

describe('a client with tokens', () => {
  const prompts: PromptRule[] = [
    { prompt: 'add_passkey' },
    { prompt: 'ask', snoozeSeconds: day },
    { prompt: 'often', when: { daysSeen: 3 } },
  ]
  const later = (app: TestApp, { access_token }: Granted, headers = bearer(access_token)) =>
    sendJson(app, 'prompts/snooze', { prompt: 'ask', client_id: 'spa' }, headers)
  const dueTo = async (app: TestApp, { access_token }: Granted) =>
    (await userinfo(app, access_token)).body.prompts as string[]

  /** A client whose tokens are bound to its own key (DPoP). */
  async function boundClient(app: TestApp) {
    const key = await dpopKey()
    const proof = async () => ({ DPoP: await key.prove(app, 'POST', '/guest/token') })
    const by = async (method: string, path: string, token: string) => ({
      Authorization: `DPoP ${token}`,
      DPoP: await key.prove(app, method, path, { token }),
    })
    return {
      begin: async () => granted(anonymously(app, {}, await proof())),
      refresh: async ({ refresh_token }: Granted) => granted(refresh(app, refresh_token, {}, await proof())),
      due: async ({ access_token: token }: Granted) =>
        (await ask(app, '/guest/userinfo', await by('GET', '/guest/userinfo', token))).body
          .prompts as string[],
      later: async (tokens: Granted) =>
        later(app, tokens, await by('POST', '/guest/prompts/snooze', tokens.access_token)),
    }
  }

  test('gets prompts in userinfo; its new tokens carry a snooze, also after a refresh', async () => {
    const app = await startTokenApp({ prompts })
    const client = await boundClient(app)
    const first = await client.begin()
    expect(await client.due(first)).toEqual(['add_passkey', 'ask'])
    const before = await tables(app.store)
    const answer = await client.later(first)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.prompts).toEqual(['add_passkey'])
    expect(cookiesSet(answer)).toEqual([])
    const second = answer.body.tokens as Granted
    expect(second).toMatchObject({ token_type: 'DPoP', scope: 'read write' })
    expect(await client.due(second)).toEqual(['add_passkey'])
    const third = await client.refresh(second)
    expect(await client.due(third)).toEqual(['add_passkey'])
    expect(await tables(app.store)).toEqual(before)
    app.clock.forward(day)
    const fourth = await client.refresh(third)
    expect(await client.due(fourth)).toEqual(['add_passkey', 'ask'])
    for (const { sub, cnf } of [second, third, fourth].map((one) => claimsOf(one.access_token))) {
      expect({ sub, cnf }).toEqual({
        sub: claimsOf(first.access_token).sub,
        cnf: claimsOf(first.access_token).cnf,
      })
    }
  })

  test('is not asked any more after three snoozes', async () => {
    const app = await startTokenApp({ prompts })
    const client = await boundClient(app)
    let tokens = await client.begin()
    for (let times = 1; times <= 3; times++) {
      expect(await client.due(tokens)).toContain('ask')
      tokens = (await client.later(tokens)).body.tokens
      app.clock.forward(day)
      tokens = await client.refresh(tokens)
    }
    expect(await client.due(tokens)).not.toContain('ask')
  })

  test('without a bound key cannot snooze for a guest whom its tokens carry', async () => {
    const app = await startTokenApp({ prompts })
    const first = await granted(anonymously(app))
    await expectRefusal(app, () => later(app, first), 403, 'insufficient_scope')
    expect(await dueTo(app, first)).toEqual(['add_passkey', 'ask'])
  })

  test('counts the days on which it refreshed as days seen', async () => {
    const app = await startTokenApp({ prompts })
    let tokens = await granted(anonymously(app))
    for (const expected of [false, true]) {
      app.clock.forward(day)
      tokens = await granted(refresh(app, tokens.refresh_token))
      expect((await dueTo(app, tokens)).includes('often')).toBe(expected)
    }
  })

  test('of a kept guest snoozes in the store, and its tokens stay', async () => {
    const app = await startTokenApp({ prompts })
    const { tokens } = await keptClient(app)
    const carried = await granted(anonymously(app))
    const { sub } = claimsOf(carried.access_token)
    await app.guests.keep(sub as string)
    for (const one of [tokens, carried]) {
      const answer = await later(app, one)
      expect(answer.status, answer.text).toBe(200)
      expect(answer.body.tokens).toBeUndefined()
      expect(await dueTo(app, one)).not.toContain('ask')
    }
    expect((await tables(app.store)).snoozes).toHaveLength(2)
    const next = await granted(refresh(app, carried.refresh_token))
    expect(await dueTo(app, next)).toEqual(['add_passkey'])
  })

  test('does not get add_passkey once the guest has a passkey', async () => {
    const app = await startTokenApp({ prompts })
    const first = await granted(anonymously(app))
    const answer = await registerAs(app, app.device(), { token: first.access_token })
    expect(answer.body.prompts).toEqual(['ask'])
    expect(await dueTo(app, answer.body.tokens)).toEqual(['ask'])
  })

  test('cannot snooze in a session that a browser holds by cookie', async () => {
    const app = await startTokenApp({ prompts })
    const browser = app.browser()
    await browser.signIn()
    const jwt = await granted(bySession(app, browser.cookie))
    await expectRefusal(app, () => later(app, jwt), 403, 'insufficient_scope')
    expect(await promptsOf(browser)).toContain('ask')
  })

  test('with a key of its own changes nothing that a browser carries in its cookie', async () => {
    const app = await startTokenApp({ prompts })
    const browser = app.browser()
    const { label } = await browser.signIn()
    const { cookie } = browser
    const key = await dpopKey()
    const own = { Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' }
    const proof = { DPoP: await key.prove(app, 'POST', '/guest/token') }
    const { access_token: token } = await granted(bySession(app, cookie, {}, { ...own, ...proof }))
    const by = async (method: string, path: string) => ({
      Authorization: `DPoP ${token}`,
      DPoP: await key.prove(app, method, path, { token }),
    })
    const snoozed = await later(app, {} as Granted, await by('POST', '/guest/prompts/snooze'))
    expect([snoozed.status, snoozed.body.code]).toEqual([403, 'insufficient_scope'])
    const renamed = await supertest(app.server)
      .patch('/guest/label')
      .set(await by('PATCH', '/guest/label'))
      .send({ label: 'Eve' })
    expect([renamed.status, renamed.body.code]).toEqual([403, 'insufficient_scope'])
    expect(await promptsOf(browser)).toContain('ask')
    expect((await browser.get('/guest/userinfo')).body.label).toBe(label)
  })

  test('with pairwise subjects gets no prompts, and may not snooze', async () => {
    const app = await startTokenApp({ prompts })
    const diary = await granted(anonymously(app, { client_id: 'diary' }))
    expect(await dueTo(app, diary)).toEqual([])
    await expectRefusal(app, () => later(app, diary), 403, 'insufficient_scope')
  })
})

test('prompts, snoozes and later visits write no row for a sealed guest', async () => {
  const app = await startPrompter([{ prompt: 'ask', when: { daysSeen: 2, moment: 'checkout' } }])
  const before = await tables(app.store)
  const { browser } = await sealedGuest(app)
  for (let i = 0; i < 5; i++) {
    app.clock.forward(day)
    await promptsOf(browser, 'checkout')
    await browser.get('/moment/checkout')
    await snooze(browser, 'ask', 1)
  }
  expect(await tables(app.store)).toEqual(before)
})

test('snoozes are in the export, and are erased with the guest', async () => {
  const app = await startPrompter([{ prompt: 'ask' }])
  for (const { browser, sub } of [await sealedGuest(app), await keptGuest(app)]) {
    await snooze(browser, 'ask', day)
    const { prompts } = (await browser.get('/guest/account/export')).body
    const until = Math.floor(app.clock.now() / 1000) + day
    expect(prompts).toEqual([{ prompt: 'ask', snoozed: 1, snoozed_until: until }])
    await app.guests.erase(sub)
  }
  expect((await tables(app.store)).snoozes).toEqual([])
})

test.each([
  [{ prompt: '' }],
  [{ prompt: 'Ask' }],
  [{ prompt: 'a b' }],
  [{ prompt: 'ask', when: { ageSeconds: -1 } }],
  [{ prompt: 'ask', when: { age: 1 } }],
  [{ prompt: 'ask', when: { daysSeen: 0 } }],
  [{ prompt: 'ask', when: { recoverability: ['strong'] } }],
  [{ prompt: 'ask', when: { moment: '' } }],
  [{ prompt: 'ask', snoozeSeconds: 0 }],
  [{ prompt: 'ask', maxSnoozes: 0 }],
  [{ prompt: 'ask', snooze: 5 }],
  [{ prompt: 'add_attribute:colour' }],
  [{ prompt: 'add_attribute:toString' }],
  [{}],
  ['ask'],
])('the option prompts refuses the rule %j', (rule) => {
  const options = { origin: 'http://localhost:3000', store: '/nowhere/x.db', profile, prompts: [rule] }
  expect(() => guestkey(options as never)).toThrow(OptionsError)
})

test.each([
  ['add_passky', 'add_passkey'],
  ['addPasskey', 'add_passkey'],
  ['add_passkey:nickname', 'add_passkey'],
  ['add_devicekey', 'add_device_key'],
  ['add_recovery_code', 'add_recovery_codes'],
  ['promoted', 'promote'],
  ['add_atribute:nickname', 'add_attribute:nickname'],
  ['add_attribute', 'add_attribute:<name>'],
])('the option prompts refuses %s, and says that it must be %s', (prompt, right) => {
  const options = { origin: 'http://localhost:3000', store: '/nowhere/x.db', profile, prompts: [{ prompt }] }
  expect(() => guestkey(options)).toThrow(
    `must be ${right}, or a name of your own that is less like it, not ${prompt}`,
  )
})

test.each(['add_pass', 'add_passkey_later', 'promote_me'])(
  '%s is a name of the host, because it differs from every prompt of guestkey in more than two letters',
  async (prompt) => {
    const app = await startPrompter([{ prompt }])
    expect(await promptsOf((await sealedGuest(app)).browser)).toEqual([prompt])
  },
)

test('a guest kept by id alone gets the prompts of its own collection once it is seen', async () => {
  const app = await startPrompter([{ prompt: 'ask' }], {
    collections: { users: {}, customers: { prompts: [{ prompt: 'join' }] } },
  })
  const browser = app.browser()
  const { sub } = (await browser.post('/guest/sign-in', { collection: 'customers' })).body
  await app.guests.keep(sub)
  expect(await promptsOf(browser)).toEqual(['join'])
  await rowBecomes(app, sub, { collection: 'customers' })
  expect(await promptsOf(browser)).toEqual(['join'])
})

describe('the due prompts in code', () => {
  const now = 1_700_000_000
  type Rules = { prompt: string; when?: object; maxSnoozes?: number }[]
  const noFacts = {
    createdAt: now,
    daysSeen: 1,
    snoozes: [],
    attributes: [],
    hasDeviceKey: false,
    recoveryCodes: 0,
  }

  function contextWith(rules: Rules, facts: Partial<PromptFacts> | null = {}) {
    const asked: object[] = []
    const written: object[] = []
    const prompts = rules.map((rule) => ({ when: {}, maxSnoozes: 3, snoozeSeconds: 100, ...rule }))
    const ctx = {
      now: () => now,
      config: { defaultCollection: 'users', collections: { users: { prompts } } },
      store: {
        async findPromptFacts(key: object) {
          asked.push(key)
          return facts ? { ...noFacts, ...facts } : undefined
        },
        async snoozePrompt(input: object) {
          written.push(input)
          return facts !== null
        },
      },
    } as unknown as Context
    return { ctx, asked, written }
  }
  const facts = {
    anonymousId: 'guest',
    collection: 'users',
    createdAt: now,
    recoverability: 'none',
    promotedAt: null,
  }
  const stored = (more: object = {}) =>
    ({ kind: 'stored', carried: null, ...facts, ...more }) as unknown as Session
  const sealed = (more: object = {}) => {
    const carried = { daysSeen: 1, snoozes: [], ...more }
    return { kind: 'sealed', ...facts, carried } as unknown as Session
  }

  test.each<[string, object, object]>([
    ['add_passkey', {}, { recoverability: 'passkey' }],
    ['promote', {}, { promotedAt: 5 }],
    ['add_device_key', { hasDeviceKey: true }, {}],
    ['add_recovery_codes', { recoveryCodes: 1 }, {}],
    ['add_attribute:nickname', { attributes: ['nickname'] }, {}],
  ])('%s is due until the guest has it, and others are not due less for it', async (prompt, has, is) => {
    const all = [
      'add_passkey',
      'promote',
      'add_device_key',
      'add_recovery_codes',
      'add_attribute:nickname',
      'other',
    ]
    const rules = all.map((one) => ({ prompt: one }))
    expect(await duePrompts(contextWith(rules).ctx, stored())).toEqual(all)
    expect(await duePrompts(contextWith(rules).ctx, sealed())).toEqual(all)
    const left = all.filter((one) => one !== prompt)
    expect(await duePrompts(contextWith(rules, has).ctx, stored(is))).toEqual(left)
  })

  test.each<[string, object, Partial<PromptFacts>, boolean]>([
    ['a guest who is old enough', { ageSeconds: 100 }, { createdAt: now - 100 }, true],
    ['a guest who is too young', { ageSeconds: 100 }, { createdAt: now - 99 }, false],
    ['a guest who was seen often enough', { daysSeen: 3 }, { daysSeen: 3 }, true],
    ['a guest who was seen too seldom', { daysSeen: 3 }, { daysSeen: 2 }, false],
    ['a guest who is kept', { kept: true }, {}, true],
    ['a guest who is kept, for guests who are not', { kept: false }, {}, false],
    ['one of these recoverabilities', { recoverability: ['none', 'device'] }, {}, true],
    ['another recoverability', { recoverability: ['device'] }, {}, false],
    ['no moment', { moment: 'checkout' }, {}, false],
  ])('a prompt for %s (%j, %j) is due: %s', async (_, when, has, isDue) => {
    const { ctx } = contextWith([{ prompt: 'other', when }], has)
    expect(await duePrompts(ctx, stored())).toEqual(isDue ? ['other'] : [])
  })

  test.each([
    [{ times: 2, snoozedUntil: now + 1 }, false],
    [{ times: 2, snoozedUntil: now }, true],
    [{ times: 3, snoozedUntil: now }, false],
  ])('a prompt that was snoozed (%j) is due: %s', async (snoozed, isDue) => {
    const rules = [{ prompt: 'other' }]
    const due = isDue ? ['other'] : []
    const snoozes = [
      { prompt: 'another', times: 9, snoozedUntil: now + 9 },
      { prompt: 'other', ...snoozed },
    ]
    expect(await duePrompts(contextWith(rules, { snoozes }).ctx, stored())).toEqual(due)
    const { ctx, asked } = contextWith(rules)
    expect(await duePrompts(ctx, sealed({ snoozes }))).toEqual(due)
    expect(asked, 'a guest without a row has no facts in the store').toEqual([])
  })

  test('what the row and the token know is joined: the earlier start, more days, and each snooze', async () => {
    const carried = {
      daysSeen: 5,
      snoozes: [
        { prompt: 'a', times: 3, snoozedUntil: 0 },
        { prompt: 'b', times: 1, snoozedUntil: now },
        { prompt: 'c', times: 3, snoozedUntil: 0 },
      ],
    }
    const snoozes = [
      { prompt: 'a', times: 1, snoozedUntil: 0 },
      { prompt: 'b', times: 2, snoozedUntil: now + 1 },
    ]
    const when = { ageSeconds: 100, daysSeen: 5 }
    const rules = ['a', 'b', 'c', 'd'].map((prompt) => ({ prompt, when }))
    const due = async (row: Partial<PromptFacts>, createdAt: number) =>
      duePrompts(contextWith(rules, { snoozes, ...row }).ctx, stored({ carried, createdAt }))
    expect(await due({ createdAt: now, daysSeen: 2 }, now - 100)).toEqual(['d'])
    expect(await due({ createdAt: now - 100, daysSeen: 9 }, now)).toEqual(['d'])
    expect(await due({ createdAt: now, daysSeen: 2 }, now)).toEqual([])
  })

  test('nothing is looked up if there are no rules', async () => {
    const { ctx, asked } = contextWith([])
    expect(await duePrompts(ctx, stored())).toEqual([])
    expect(asked).toEqual([])
  })

  test('a snooze lasts as long as the request or the rule says, and counts those that the token knows', async () => {
    const { ctx, written } = contextWith([{ prompt: 'other' }])
    const carried = { snoozes: [{ prompt: 'other', times: 2, snoozedUntil: 0 }] }
    await snoozePrompt(ctx, stored(), { prompt: 'other' })
    await snoozePrompt(ctx, stored({ carried }), { prompt: 'other', seconds: 7 })
    expect(written).toEqual([
      { anonymousId: 'guest', prompt: 'other', until: now + 100, before: 0 },
      { anonymousId: 'guest', prompt: 'other', until: now + 7, before: 2 },
    ])
    await expect(snoozePrompt(ctx, stored(), { prompt: 'nobodys' })).rejects.toMatchObject({
      code: 'prompt_unknown',
    })
    const erased = snoozePrompt(contextWith([{ prompt: 'other' }], null).ctx, stored(), { prompt: 'other' })
    await expect(erased).rejects.toMatchObject({ code: 'insufficient_scope' })
  })
})
