// What one node makes, every node reads: everything that is sealed, MACed, derived or encrypted under the secret is made
// at a node with one secret, and used at a node with the other one beside it, while both run and after a restart.

import type { Challenge } from 'altcha-lib'
import { expect, test } from 'vitest'
import { deriveKeys, type Keys } from '../../../server/core/crypto/secrets.ts'
import { ANONYMOUS_GRANT } from '../../../server/core/tokens/grants.ts'
import type { Browser, TestApp } from '../../support/app.ts'
import { startApp } from '../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  keptGuest,
  sendAssertion,
  sendRegistration,
} from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import {
  askForChallenge,
  guestWithKey,
  sendAssertion as sendKeyAssertion,
} from '../../support/device-keys.ts'
import { press } from '../../support/openid-app.ts'
import { providerClient, signInAt, startProvider } from '../../support/openid-provider.ts'
import { section } from '../../support/pages.ts'
import {
  askForCode,
  authorizationOf,
  authorized,
  codeBook,
  finish,
  openPage,
  pkce,
  promotedUser,
  throughPages,
} from '../../support/promotion.ts'
import { prove } from '../../support/proof-of-work.ts'
import { guestWithCodes, useCode } from '../../support/recovery.ts'
import { cookiesSet } from '../../support/refusals.ts'
import { backendSecret, clients, granted, keptClient, refresh, send, userinfo } from '../../support/tokens.ts'

const earlier = 'the earlier secret, of more than 32 characters'
const later = 'the later secret, of more than 32 characters'

/** The secrets of the node that makes a thing, and of the node that uses it. The first one seals. */
const steps: [made: string[], used: string[]][] = [
  [[earlier], [earlier, later]],
  [[earlier], [later, earlier]],
  [
    [earlier, later],
    [later, earlier],
  ],
  [
    [later, earlier],
    [earlier, later],
  ],
]

const day = 24 * 60 * 60
const device = { platform: 'Android', browser: 'Chrome' }
const codes = codeBook()
/** Every test starts its own. */
let provider: Awaited<ReturnType<typeof startProvider>>

const startNode = (secret: string[], at?: TestApp) =>
  startApp(
    {
      proofOfWork: { perNetwork: 60 },
      ...{ secret, origin: 'http://localhost:4000' },
      redirectUris: ['https://app.example/back'],
      clients: clients.map((client) => ({
        ...client,
        ...(client.id === 'diary' && { scopes: ['openid'], redirectUris: ['https://diary.example/back'] }),
      })) as never,
      loginIds: {
        send: codes.send,
        providers: [{ id: 'example', name: 'Example', issuer: provider.issuer, ...providerClient }],
      },
      ...(at && { store: at.store, now: at.clock.now }),
    },
    (host) => void host.set('trust proxy', true),
  )

let people = 0
const newAddress = () => `person${people++}@example.org`

async function post(browser: Browser, path: string, body: object = {}, status = 200) {
  const answer = await browser.post(`/guest/${path}`, body)
  expect(answer.status, `${path}: ${answer.text}`).toBe(status)
  return answer.body
}

const expectSub = async (browser: Browser, sub: string) =>
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)

/** A link that somebody made, opened by another browser, and approved. */
async function approvedLink(node: TestApp) {
  const browser = node.browser()
  const guest = await browser.signIn()
  const link = await post(browser, 'device-links', {}, 201)
  const other = node.browser()
  const { secret } = await post(other, 'device-links/open', { device, link: link.link })
  expect((await browser.patch(`/guest/device-links/${link.id}`, { approve: true })).status).toBe(200)
  return { guest, other, secret }
}

/** Makes the thing at one node; what it returns uses it at the other. */
type Thing = { keys: (keyof Keys)[]; make: (node: TestApp) => Promise<(node: TestApp) => Promise<unknown>> }

const things: Record<string, Thing> = {
  'the session of a guest without a row': {
    keys: ['session'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      return (other) => expectSub(copyOf(other, browser), sub)
    },
  },
  'the seen cookie beside it': {
    keys: ['seen'],
    async make(node) {
      const browser = node.browser()
      await browser.signIn()
      node.clock.forward(day)
      expect(cookiesSet(await browser.get('/guest/sessions'))).toEqual([
        expect.stringMatching(/^guestkey-seen=/),
      ])
      return async (other) =>
        expect(cookiesSet(await copyOf(other, browser).get('/guest/sessions'))).toEqual([])
    },
  },
  'the options of a first passkey, and its user handle': {
    keys: ['challenge', 'userHandle'],
    async make(node) {
      const [browser, phone] = [node.browser(), node.device()]
      const { sub } = await browser.signIn()
      const proof = await phone.create(await askToRegister(browser))
      return async (other) => {
        const added = await sendRegistration(copyOf(other, browser), proof)
        expect([added.status, added.body.sub], added.text).toEqual([201, sub])
        expect((await other.browser().signInWithPasskey(phone)).body.sub).toBe(sub)
      }
    },
  },
  'the options of a sign-in': {
    keys: ['challenge'],
    async make(node) {
      const { device: phone, guest } = await keptGuest(node)
      const browser = node.browser()
      const proof = await phone.get(await askToSignIn(browser))
      return async (other) =>
        expect((await sendAssertion(copyOf(other, browser), proof)).body.sub).toBe(guest.sub)
    },
  },
  'the challenge for a device key': {
    keys: ['challenge'],
    async make(node) {
      const { key, guest } = await guestWithKey(node)
      const browser = node.browser()
      const proof = key.assertion(await askForChallenge(browser, 'sign_in', guest.sub))
      return async (other) =>
        expect((await sendKeyAssertion(copyOf(other, browser), proof)).body.sub).toBe(guest.sub)
    },
  },
  'the challenge for a new device key': {
    keys: ['challenge'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const proof = new DeviceKey('ES256').registration(await askForChallenge(browser, 'register', sub))
      return (other) => post(copyOf(other, browser), 'device-keys', { proof }, 201)
    },
  },
  'the session of a registration whose response was lost': {
    keys: ['successor'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const proof = await node.device().create(await askToRegister(browser))
      const before = copyOf(node, browser)
      expect((await sendRegistration(browser, proof)).status).toBe(201)
      return async (other) => {
        const again = copyOf(other, before)
        expect((await sendRegistration(again, proof)).status).toBe(200)
        expect(again.token).toBe(browser.token)
        await expectSub(again, sub)
      }
    },
  },
  'the session of a device link, claimed once': {
    keys: ['successor'],
    async make(node) {
      const { guest, other: laptop, secret } = await approvedLink(node)
      return async (other) =>
        expect((await post(copyOf(other, laptop), 'device-links/claim', { secret })).sub).toBe(guest.sub)
    },
  },
  'the session of a device link, claimed again after the response was lost': {
    keys: ['successor'],
    async make(node) {
      const { guest, other: laptop, secret } = await approvedLink(node)
      const before = copyOf(node, laptop)
      await post(laptop, 'device-links/claim', { secret })
      return async (other) => {
        const again = copyOf(other, before)
        await post(again, 'device-links/claim', { secret })
        expect(again.token).toBe(laptop.token)
        await expectSub(again, guest.sub)
      }
    },
  },
  'the letters of a device link': {
    keys: ['code'],
    async make(node) {
      const browser = node.browser()
      await browser.signIn()
      const { code } = await post(browser, 'device-links', {}, 201)
      return (other) => post(other.browser(), 'device-links/open', { device, code })
    },
  },
  'the refresh token of a stored session': {
    keys: ['refresh'],
    async make(node) {
      const { guest, tokens } = await keptClient(node)
      return async (other) => {
        const next = await granted(refresh(other, tokens.refresh_token))
        expect((await userinfo(other, next.access_token)).body.sub).toBe(guest.sub)
      }
    },
  },
  'the refresh token of a stored session, whose response was lost': {
    keys: ['refresh'],
    async make(node) {
      const { tokens } = await keptClient(node)
      const first = await granted(refresh(node, tokens.refresh_token))
      return async (other) => {
        const again = await granted(refresh(other, tokens.refresh_token))
        await granted(refresh(other, again.refresh_token))
        // The successor of the response that was lost is now the one before the current one, and good for the grace.
        expect((await refresh(other, first.refresh_token)).status).toBe(200)
      }
    },
  },
  'the refresh token of a guest without a row': {
    keys: ['sealedRefresh'],
    async make(node) {
      const tokens = await granted(send(node, 'token', { grant_type: ANONYMOUS_GRANT, client_id: 'spa' }))
      const { sub } = (await userinfo(node, tokens.access_token)).body
      return async (other) => {
        const next = await granted(refresh(other, tokens.refresh_token))
        expect((await userinfo(other, next.access_token)).body.sub).toBe(sub)
      }
    },
  },
  'the keys that sign access tokens': {
    keys: ['signing'],
    async make(node) {
      const { tokens, guest } = await keptClient(node, 'front')
      return async (other) => {
        const credentials = { client_id: 'backend', client_secret: backendSecret }
        const asked = await send(other, 'introspect', { token: tokens.access_token, ...credentials })
        expect(asked.body).toMatchObject({ active: true, sub: guest.sub })
        const next = await granted(refresh(other, tokens.refresh_token, { client_id: 'front' }))
        const checked = await send(other, 'introspect', { token: next.access_token, ...credentials })
        expect(checked.body).toMatchObject({ active: true, sub: guest.sub })
      }
    },
  },
  'a code that was sent to promote a guest': {
    keys: ['code'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const address = newAddress()
      const transaction = await askForCode(browser, address)
      const code = codes.codeTo(address)
      return async (other) =>
        expect(await post(copyOf(other, browser), 'promotion/verify', { transaction, code })).toMatchObject({
          sub,
          isAnonymous: false,
        })
    },
  },
  'a code that was sent to sign in': {
    keys: ['code'],
    async make(node) {
      const { guest, value } = await promotedUser({ app: node, ...codes }, newAddress())
      const browser = node.browser()
      const transaction = await askForCode(browser, value, 'sign-in/code/start')
      const code = codes.codeTo(value)
      return async (other) =>
        expect((await post(copyOf(other, browser), 'sign-in/code', { transaction, code })).sub).toBe(
          guest.sub,
        )
    },
  },
  'how many codes were sent to an address': {
    keys: ['code'],
    async make(node) {
      const browser = node.browser()
      await browser.signIn()
      const address = newAddress()
      for (let i = 0; i < 5; i++) await askForCode(browser, address)
      return async (other) => {
        const asked = { type: 'email', value: address }
        expect((await post(copyOf(other, browser), 'promotion/start', asked, 429)).code).toBe(
          'too_many_codes',
        )
      }
    },
  },
  'an authorization request that was pushed': {
    keys: ['authorization'],
    async make(node) {
      const browser = node.browser()
      await browser.signIn()
      const { request_uri } = await post(browser, 'par', authorizationOf(pkce().challenge), 201)
      return async (other) => {
        const page = await openPage(copyOf(other, browser), { client_id: 'guestkey', request_uri })
        expect(page.status, page.text).toBe(200)
      }
    },
  },
  'our page, which carries the request': {
    keys: ['authorization', 'code', 'authorizationCode'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const { verifier, challenge } = pkce()
      const page = await openPage(browser, authorizationOf(challenge))
      return async (other) => {
        const tab = copyOf(other, browser)
        const to = await throughPages({ app: other, ...codes }, tab, page, newAddress())
        const given = {
          code: to.searchParams.get('code')!,
          verifier,
          redirectUri: 'https://app.example/back',
        }
        expect((await finish(tab, given)).body).toMatchObject({ sub, isAnonymous: false })
      }
    },
  },
  'an authorization code': {
    keys: ['authorizationCode'],
    async make(node) {
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const given = await authorized({ app: node, ...codes }, browser, newAddress())
      return async (other) =>
        expect((await finish(copyOf(other, browser), given)).body).toMatchObject({ sub, isAnonymous: false })
    },
  },
  'the apps that know who is signed in, beside the session': {
    keys: ['apps'],
    async make(node) {
      const browser = node.browser()
      await browser.signIn()
      const client = { client_id: 'diary', scope: 'openid', redirect_uri: 'https://diary.example/back' }
      const asked = () => authorizationOf(pkce().challenge, client)
      await press(node, browser, await openPage(browser, asked()))
      return async (other) =>
        expect((await openPage(copyOf(other, browser), asked())).headers.location).toContain('code=')
    },
  },
  'the challenge of a proof of work': {
    keys: ['work'],
    async make(node) {
      const network = { 'X-Forwarded-For': '192.0.2.1' }
      const ask = (at: TestApp, headers = {}) =>
        at.browser().post('/guest/sign-in', {}, { ...network, ...headers })
      /** Asks until it costs work. */
      const flood = async (at: TestApp): Promise<Challenge> => (await ask(at)).body.challenge ?? flood(at)
      const challenge = await flood(node)
      return async (other) => {
        await flood(other)
        expect((await ask(other, { Altcha: await prove(challenge) })).status).toBe(200)
      }
    },
  },
  'a flow that is at a provider': {
    keys: ['flow'],
    async make(node) {
      await provider.sendBackTo([`${node.origin}/guest/authorize/callback/example`])
      const browser = node.browser()
      const { sub } = await browser.signIn()
      const { verifier, challenge } = pkce()
      const page = await openPage(browser, authorizationOf(challenge))
      const href = /href="([^"]*\/authorize\/provider[^"]*)"/
        .exec(page.text)![1]!
        .replace(/&(amp|#38);/g, '&')
      const { location } = (await browser.get(href)).headers
      const back = await signInAt(location!, `somebody${people++}`)
      return async (other) => {
        const tab = copyOf(other, browser)
        const sent = await tab.get(back.replace(other.origin, ''))
        expect(sent.status, sent.text).toBe(303)
        const code = new URL(sent.headers.location!).searchParams.get('code')!
        const given = { code, verifier, redirectUri: 'https://app.example/back' }
        expect((await finish(tab, given)).body).toMatchObject({ sub, isAnonymous: false })
      }
    },
  },
}

/** What does not depend on the secret. */
const others: typeof things = {
  'the session of a kept guest': {
    keys: [],
    async make(node) {
      const { browser, guest } = await keptGuest(node)
      return (other) => expectSub(copyOf(other, browser), guest.sub)
    },
  },
  'recovery codes': {
    keys: [],
    async make(node) {
      const { guest, codes } = await guestWithCodes(node)
      return async (other) => expect((await useCode(other.browser(), codes[0])).body.sub).toBe(guest.sub)
    },
  },
}

/** The first column of the table in server/service/README.md. */
function inReadme(): string[] {
  const text = section('server/service/README.md', 'Changing the secret')
  return [...text.matchAll(/^\| ([a-z][^|]*) \|/gm)].map(([, name]) => name!)
}

test('the README has everything that depends on the secret, and this test uses every key that comes of it', () => {
  expect(inReadme()).toEqual(Object.keys(things))
  const used = new Set(Object.values(things).flatMap(({ keys }) => keys))
  expect([...used].toSorted()).toEqual(Object.keys(deriveKeys(earlier)).toSorted())
})
for (const [made, used] of steps) {
  const said = [made, used].map((ring) =>
    ring.map((one) => (one === earlier ? 'earlier' : 'later')).join(' + '),
  )
  for (const restarts of [false, true]) {
    const name = `what is made under ${said[0]} works under ${said[1]}, ${restarts ? 'after a restart' : 'side by side'}`
    test(name, async () => {
      provider = await startProvider(['https://stands.example/for-now'])
      const node = await startNode(made)
      const uses: [string, (other: TestApp) => Promise<unknown>][] = []
      for (const [thing, { make }] of Object.entries({ ...things, ...others }))
        uses.push([thing, await make(node)])
      if (restarts) await node.close()
      const other = await startNode(used, node)
      const failed: string[] = []
      for (const [thing, use] of uses)
        await use(other).catch((error: Error) => failed.push(`${thing}: ${error.message}`))
      expect(failed).toEqual([])
    })
  }
}
