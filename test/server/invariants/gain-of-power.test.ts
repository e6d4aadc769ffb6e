// The promise of a gain of power, and of a sign-out of others: what somebody took before it, with a copy of the guest's session, and whether that still
// acts for the guest after it. One row for each thing, one column for each gain.

import { describe, expect, test } from 'vitest'
import { type Browser, startApp } from '../../support/app.ts'
import { askToRegister, copyOf, keptGuest, sendRegistration } from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey, askForChallenge, sendProof, signInByDeviceKey } from '../../support/device-keys.ts'
import { join, type TestOperator } from '../../support/operators.ts'
import {
  askForCode,
  authorizationOf,
  authorized,
  codeBook,
  finish,
  openPage,
  pkce,
  promote,
  throughPages,
} from '../../support/promotion.ts'
import { newCodes, useCode } from '../../support/recovery.ts'
import { bearer, bySession, granted, refresh, sendJson, userinfo } from '../../support/tokens.ts'
import { enter, open } from '../../support/ways-in.ts'

const thiefs = 'thief@example.org'
const device = { platform: 'Android', browser: 'Chrome' }

/** How long a way in waits. Nothing else ends in so short a time. */
const wayInSeconds = 60

async function startWorld() {
  const book = codeBook()
  const app = await startApp({
    loginIds: { send: book.send },
    redirectUris: ['https://app.example/back'],
    clients: [{ id: 'app' }],
    operators: { wayIn: { delaySeconds: wayInSeconds } },
  })
  const owner = app.browser()
  const { sub } = await owner.signIn()
  /** `codes`: what is on the owner's paper, and the thief has seen; none yet if empty. */
  return { ...book, app, owner, sub, copy: copyOf(app, owner), codes: [] as string[] }
}
/** `operator`: the one who opens ways in, once there is one. */
type World = Awaited<ReturnType<typeof startWorld>> & { operator?: TestOperator }

/** Whether a request acted for the guest. */
const did = async (answer: PromiseLike<{ status: number }>) => (await answer).status < 300

/** Whether this browser is signed in as the guest. */
const isIn = async ({ sub }: World, browser: Browser) =>
  (await browser.get('/guest/userinfo')).body.sub === sub

/** A link that the copy of the session made. */
async function linkBy(copy: Browser): Promise<{ id: string; link: string }> {
  const { status, body, text } = await copy.post('/guest/device-links')
  expect(status, text).toBe(201)
  return body
}

async function openedBy(opener: Browser, { link }: { link: string }): Promise<string> {
  const { status, body, text } = await opener.post('/guest/device-links/open', { link, device })
  expect(status, text).toBe(200)
  return body.secret
}

const approve = (copy: Browser, id: string) => copy.patch(`/guest/device-links/${id}`, { approve: true })
const claim = (opener: Browser, secret: string) => opener.post('/guest/device-links/claim', { secret })

/** The tokens of an app that the copy of the session let in. */
async function appTokens({ app, copy }: World): Promise<{ access_token: string; refresh_token: string }> {
  const { id, link } = await linkBy(copy)
  const { body } = await sendJson(app, 'device-links/open', { link, device, client_id: 'app' })
  expect((await approve(copy, id)).status).toBe(200)
  const claimed = await sendJson(app, 'device-links/claim', { secret: body.secret, client_id: 'app' })
  expect(claimed.status, claimed.text).toBe(200)
  return claimed.body.tokens
}

/** The code of a way in that an operator opens for whoever says that it is the guest. */
async function codeOfWayIn(world: World): Promise<string> {
  const { app, sub } = world
  if (!world.operator) {
    world.operator = await join(app, 'owner')
    app.clock.forward(wayInSeconds + 1) // nothing about operators has changed meanwhile
  }
  return open(world.operator, { sub })
}

/** What the thief takes before the gain. The result tries to act for the guest, and says whether it did. */
const taken = {
  'a copy of the session': async (world) => () => isIn(world, world.copy),
  'an access token for the session': async ({ app, copy }) => {
    const { access_token } = await granted(bySession(app, copy.cookie))
    return () => did(userinfo(app, access_token))
  },
  'the access token of an app': async (world) => {
    const { access_token } = await appTokens(world)
    return () => did(sendJson(world.app, 'device-links', {}, bearer(access_token)))
  },
  'the refresh token of an app': async (world) => {
    const { refresh_token } = await appTokens(world)
    return () => did(refresh(world.app, refresh_token, { client_id: 'app' }))
  },
  'another browser that was let in': async (world) => {
    const opener = world.app.browser()
    const made = await linkBy(world.copy)
    const secret = await openedBy(opener, made)
    expect((await approve(world.copy, made.id)).status).toBe(200)
    expect((await claim(opener, secret)).status).toBe(200)
    return () => isIn(world, opener)
  },
  'a device key': async ({ app, copy, sub }) => {
    const key = new DeviceKey('ES256')
    expect((await addDeviceKey(copy, key)).status).toBe(201)
    return () => did(signInByDeviceKey(app.browser(), key, sub))
  },
  'the proof of a device key that is not added yet': async ({ copy, sub }) => {
    const proof = new DeviceKey('ES256').registration(await askForChallenge(copy, 'register', sub))
    return () => did(sendProof(copy, proof))
  },
  'a recovery code': async (world) => {
    const codes = world.codes.length > 0 ? world.codes : await newCodes(world.copy)
    return () => did(useCode(world.app.browser(), codes.at(-1)!))
  },
  'a passkey that is not registered yet': async ({ app, copy }) => {
    const proof = await app.device().create(await askToRegister(copy))
    return async () =>
      (await did(sendRegistration(copy, proof))) || did(sendRegistration(app.browser(), proof))
  },
  'a ticket to merge the guest': async (world) => {
    const thief = await keptGuest(world.app)
    expect((await promote(world, thief.browser, thiefs)).status).toBe(200)
    const { body } = await promote(world, world.copy, thiefs)
    expect([body.code, body.ticket]).toEqual(['login_id_taken', expect.any(String)])
    return () => did(thief.browser.post('/guest/merge', { ticket: body.ticket }))
  },
  'a device link that nobody opened': async (world) => {
    const made = await linkBy(world.copy)
    const opener = world.app.browser()
    return async () => {
      const { body } = await opener.post('/guest/device-links/open', { link: made.link, device })
      await approve(world.copy, made.id)
      return body.secret !== undefined && did(claim(opener, body.secret))
    }
  },
  'a device link that is opened': async (world) => {
    const made = await linkBy(world.copy)
    const opener = world.app.browser()
    const secret = await openedBy(opener, made)
    return async () => {
      await approve(world.copy, made.id)
      return (await claim(opener, secret)).status === 200
    }
  },
  'a device link that is approved': async (world) => {
    const made = await linkBy(world.copy)
    const opener = world.app.browser()
    const secret = await openedBy(opener, made)
    expect((await approve(world.copy, made.id)).status).toBe(200)
    return async () => (await claim(opener, secret)).status === 200
  },
  'an authorization request': async (world) => {
    const { verifier, challenge } = pkce()
    const asked = authorizationOf(challenge)
    const page = await openPage(world.copy, asked)
    return async () => {
      const to = await throughPages(world, world.copy, page, thiefs)
      const code = to.searchParams.get('code')!
      return did(finish(world.copy, { code, verifier, redirectUri: asked.redirect_uri }))
    }
  },
  'an authorization code': async (world) => {
    const given = await authorized(world, world.copy, thiefs)
    return () => did(finish(world.copy, given))
  },
  'a code that was sent': async (world) => {
    const transaction = await askForCode(world.copy, thiefs)
    const code = world.codeTo(thiefs)
    return () => did(world.copy.post('/guest/promotion/verify', { transaction, code }))
  },
  'the code of a way in': async (world) => {
    const code = await codeOfWayIn(world)
    return () => {
      world.app.clock.forward(wayInSeconds)
      return did(enter(world.app.browser(), world.app.device(), code))
    }
  },
  'a passkey made by a way in, which is not used yet': async (world) => {
    const code = await codeOfWayIn(world)
    world.app.clock.forward(wayInSeconds)
    const browser = world.app.browser()
    const { status, body, text } = await browser.post('/guest/way-in/options', { code })
    expect(status, text).toBe(200)
    const proof = await world.app.device().create(body)
    return () => did(browser.post('/guest/way-in', proof))
  },
} satisfies Record<string, (world: World) => Promise<() => Promise<boolean>>>

/** A guest without a row gets no way in. */
const takenFrom = (start: keyof typeof starts) =>
  Object.entries(taken).filter(([name]) => start !== 'a guest without a row' || !name.includes('way in'))

type Taken = keyof typeof taken

/** How the guest may be before: without a row, kept by the host in the same session, or in a stored session. */
const starts = {
  'a guest without a row': async () => {},
  'a kept guest': async ({ app, sub }) => void expect(await app.guests.keep(sub)).toBe(true),
  'a guest in a stored session': async (world) => {
    const [code] = await newCodes(world.owner)
    expect((await useCode(world.owner, code)).status).toBe(200)
    world.copy = copyOf(world.app, world.owner)
  },
} satisfies Record<string, (world: World) => Promise<void>>

/** What the owner does. `prepare` happens before anything is taken. `stays`: what still acts for the guest after it. */
type Gain = {
  of: (keyof typeof starts)[]
  prepare?: (world: World) => Promise<void>
  /** Returns the browser in which the owner goes on. */
  gain: (world: World) => Promise<Browser>
  stays: Taken[]
}

/** Everything that does not hang on the session in which it was taken. */
const ofOtherSessions: Taken[] = [
  'the access token of an app',
  'the refresh token of an app',
  'another browser that was let in',
  'a device key',
  'a recovery code',
  'a ticket to merge the guest',
]

const withCodes = async (world: World) => {
  world.codes = await newCodes(world.owner)
}

const everyStart = Object.keys(starts) as (keyof typeof starts)[]

const gains: Record<string, Gain> = {
  'a first passkey': {
    of: everyStart,
    async gain({ app, owner }) {
      const added = await owner.addPasskey(app.device())
      expect(added.status, added.text).toBe(201)
      return owner
    },
    stays: ['a recovery code'],
  },
  'a first login ID': {
    of: everyStart,
    async gain(world) {
      const done = await promote(world, world.owner, 'owner@example.org')
      expect(done.status, done.text).toBe(200)
      return world.owner
    },
    stays: ['a recovery code'],
  },
  'a recovery code in the same browser': {
    of: ['a kept guest', 'a guest in a stored session'],
    prepare: withCodes,
    async gain({ owner, codes }) {
      const back = await useCode(owner, codes[0]!)
      expect(back.status, back.text).toBe(200)
      return owner
    },
    stays: ofOtherSessions.filter((one) => one !== 'a ticket to merge the guest'),
  },
  'a recovery code on another device': {
    of: ['a kept guest'],
    prepare: withCodes,
    async gain({ app, codes }) {
      const laptop = app.browser()
      const back = await useCode(laptop, codes[0]!)
      expect(back.status, back.text).toBe(200)
      return laptop
    },
    // Whoever has the paper has not lost everything.
    stays: (Object.keys(taken) as Taken[]).filter((one) => !one.includes('way in')),
  },
  'a sign-out everywhere': {
    of: ['a kept guest', 'a guest in a stored session'],
    prepare: withCodes,
    async gain({ app, owner, codes }) {
      expect((await owner.post('/guest/sign-out', { everywhere: true })).status).toBe(204)
      const laptop = app.browser()
      expect((await useCode(laptop, codes[0]!)).status).toBe(200)
      return laptop
    },
    stays: ['a recovery code'],
  },
  'a sign-out of all others': {
    of: ['a kept guest'],
    prepare: withCodes,
    async gain({ app, codes }) {
      const laptop = app.browser()
      expect((await useCode(laptop, codes[0]!)).status).toBe(200)
      expect((await laptop.delete('/guest/sessions', {})).status).toBe(200)
      return laptop
    },
    stays: ['a recovery code'],
  },
  'a device link': {
    of: ['a kept guest'],
    async gain({ app, owner }) {
      const laptop = app.browser()
      const made = await linkBy(owner)
      const secret = await openedBy(laptop, made)
      expect((await approve(owner, made.id)).status).toBe(200)
      expect((await claim(laptop, secret)).status).toBe(200)
      return laptop
    },
    // A session has one link at a time: the owner's replaces the one that the copy made.
    stays: (Object.keys(taken) as Taken[]).filter((one) => !/^a device link/.test(one)),
  },
  'a way in': {
    of: ['a kept guest', 'a guest in a stored session'],
    prepare: withCodes,
    async gain(world) {
      const code = await codeOfWayIn(world)
      world.app.clock.forward(wayInSeconds)
      const laptop = world.app.browser()
      const back = await enter(laptop, world.app.device(), code)
      expect(back.status, back.text).toBe(200)
      return laptop
    },
    stays: [],
  },
}

describe.each(Object.entries(gains))('after %s', (_, { of, prepare, gain, stays }) => {
  describe.each(of)('of %s', (start) => {
    test.each(takenFrom(start))('%s', async (name, take) => {
      const world: World = await startWorld()
      await starts[start](world)
      await prepare?.(world)
      const act = await take(world)
      const owner = await gain(world)
      const acts = stays.includes(name as Taken)
      expect(await act(), acts ? 'still acts for the guest' : 'acts for the guest no more').toBe(acts)
      // What still acts may put the owner out, for example by a first passkey of the thief's.
      if (!acts) expect(await isIn(world, owner), 'the owner is still signed in').toBe(true)
    })
  })
})

/** The same, without the gain: what the thief takes is good for something. */
describe('without a gain of power', () => {
  test.each(Object.entries(taken))('%s acts for the guest', async (_, take) => {
    const world: World = await startWorld()
    await starts['a kept guest'](world)
    const act = await take(world)
    expect(await act()).toBe(true)
  })
})
