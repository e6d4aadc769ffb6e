// Collections: populations of guests in one deployment, each with its own retention and prompts.

import { describe, expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import { guestkey, OptionsError } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { askToRegister, copyOf, sendRegistration } from '../../../support/ceremonies.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { guestRow, rowBecomes, unixSeconds } from '../../../support/guest-rows.ts'
import { expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import {
  anonymously,
  bySession,
  claimsOf,
  granted,
  refresh,
  secret,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const day = 24 * 60 * 60

const collections = {
  users: {},
  customers: {
    retention: { none: 30 * day, passkey: 300 * day },
    prompts: [{ prompt: 'join_the_club' }],
  },
  kiosks: { retention: { none: 60 * 60, passkey: false as const }, prompts: [] },
}
const forAll: Partial<Options> = {
  collections,
  retention: { none: 60 * day, passkey: 500 * day },
  prompts: [{ prompt: 'add_passkey' }],
}

const signIn = (browser: Browser, collection?: string) =>
  browser.post('/guest/sign-in', { ...(collection !== undefined && { collection }) })
const whoIs = async (browser: Browser) => (await browser.get('/guest/userinfo')).body

const expected = {
  users: { none: 60 * day, passkey: 500 * day, prompts: ['add_passkey'] },
  customers: { none: 30 * day, passkey: 300 * day, prompts: ['join_the_club'] },
  kiosks: { none: 60 * 60, passkey: null, prompts: [] },
} as const
const names = Object.keys(expected) as (keyof typeof expected)[]

describe('each collection', () => {
  test.each(names)('%s has its own retention and prompts', async (collection) => {
    const app = await startApp(forAll)
    const { none, passkey, prompts } = expected[collection]
    const browser = app.browser()
    const signedIn = (await signIn(browser, collection)).body
    expect(signedIn).toMatchObject({ collection, prompts, expires_at: unixSeconds(app) + none })
    expect(await whoIs(browser)).toEqual(signedIn)
    const added = await browser.addPasskey(app.device())
    const due = prompts.filter((prompt) => prompt !== 'add_passkey')
    const expires_at = passkey === null ? null : unixSeconds(app) + passkey
    expect(added.body).toMatchObject({ collection, expires_at, prompts: due })
    expect(await whoIs(browser)).toMatchObject({ collection, expires_at, prompts: due })
  })

  test('stands in the access tokens, and every refresh keeps it', async () => {
    const app = await startTokenApp(forAll)
    for (const collection of names) {
      const first = await granted(anonymously(app, { collection }))
      const second = await granted(refresh(app, first.refresh_token))
      for (const { access_token } of [first, second]) {
        expect(claimsOf(access_token)).toMatchObject({ collection })
        expect((await userinfo(app, access_token)).body).toMatchObject({
          ...{ collection, prompts: expected[collection].prompts },
          expires_at: expect.any(Number),
        })
      }
      const browser = app.browser()
      await signIn(browser, collection)
      const { access_token } = await granted(bySession(app, browser.cookie))
      expect(claimsOf(access_token)).toMatchObject({ collection })
    }
  })

  test('whoever asks for none gets the first one, at every endpoint where guests begin', async () => {
    const app = await startTokenApp({ collections: ['visitors', 'users'] })
    expect((await signIn(app.browser())).body.collection).toBe('visitors')
    const { access_token } = await granted(anonymously(app))
    expect(claimsOf(access_token).collection).toBe('visitors')
    expect((await app.browser().addPasskey(app.device())).body.collection).toBe('visitors')
  })

  test('if the options name none, every guest is in users', async () => {
    const app = await startApp()
    expect((await signIn(app.browser())).body.collection).toBe('users')
    expect((await signIn(app.browser(), 'users')).body.collection).toBe('users')
  })

  test('stays the same when the guest is kept, whatever keeps it', async () => {
    const app = await startApp(forAll)
    const browser = app.browser()
    const { sub } = (await signIn(browser, 'customers')).body
    const proof = await app.device().create(await askToRegister(browser))
    await sendRegistration(browser, proof)
    expect((await guestRow(app, sub))!.collection).toBe('customers')
    const byId = app.browser()
    const other = (await signIn(byId, 'kiosks')).body.sub
    await app.guests.keep(other)
    expect((await byId.get('/guest/userinfo')).body.collection).toBe('kiosks')
    await rowBecomes(app, other, { collection: 'kiosks', expires_at: unixSeconds(app) + 60 * 60 })
  })
})

describe('a request for another collection', () => {
  test.each(['', 'nobody', 'Users', 'users ', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is refused everywhere if the collection %j is unknown',
    async (collection) => {
      const app = await startTokenApp(forAll)
      const browser = app.browser()
      await expectRefusal(app, () => signIn(browser, collection), 400, 'collection_unknown')
      expect(browser.token).toBeUndefined()
      await expectOAuthRefusal(
        app,
        () => anonymously(app, { collection }),
        400,
        'collection_unknown',
        'invalid_request',
      )
      const guest = (await signIn(browser, 'users')).body
      await expectRefusal(app, () => signIn(browser, collection), 400, 'collection_unknown')
      expect(await whoIs(browser)).toEqual(guest)
    },
  )

  test.each([[['users']], [{}], [1], [null], [true]])(
    'is refused if %j is sent as its name',
    async (collection) => {
      const app = await startApp(forAll)
      const browser = app.browser()
      await expectRefusal(app, () => browser.post('/guest/sign-in', { collection }), 400, 'invalid_request')
    },
  )

  test('is refused if the guest is in another one, and changes nothing: sealed, kept or with a passkey', async () => {
    const app = await startApp(forAll)
    const browser = app.browser()
    const { sub } = (await signIn(browser, 'customers')).body
    const refuse = () => expectRefusal(app, () => signIn(browser, 'users'), 409, 'collection_mismatch')
    const stays = async () => expect(await whoIs(browser)).toMatchObject({ sub, collection: 'customers' })
    await refuse()
    await stays()
    expect((await signIn(browser)).body, 'who asks for none is not moved').toMatchObject({
      collection: 'customers',
    })
    await app.guests.keep(sub)
    await stays()
    await rowBecomes(app, sub, { collection: 'customers' })
    await refuse()
    await stays()
    await browser.addPasskey(app.device())
    await refuse()
    await stays()
    expect((await signIn(browser, 'customers')).body).toMatchObject({ sub, collection: 'customers' })
  })

  test('is refused in a route of the host, too', async () => {
    const app = await startApp(forAll, (host, guests) => {
      host.post('/enter/:collection', (req, res, next) => {
        const { collection } = req.params
        guests.signInAnonymously(req, res, { collection }).then(({ guest }) => res.json(guest), next)
      })
    })
    const browser = app.browser()
    expect((await browser.post('/enter/nobody')).status).toBe(400)
    expect((await browser.post('/enter/kiosks')).body.collection).toBe('kiosks')
    expect((await browser.post('/enter/users')).status).toBe(409)
    expect((await whoIs(browser)).collection).toBe('kiosks')
  })

  test('is not needed with a passkey, which signs in to the collection of its guest', async () => {
    const app = await startApp(forAll)
    const browser = app.browser()
    const device = app.device()
    const { sub } = (await signIn(browser, 'customers')).body
    await browser.addPasskey(device)
    const other = app.browser()
    const left = (await signIn(other, 'kiosks')).body
    const answer = await other.signInWithPasskey(device)
    expect(answer.body).toMatchObject({ sub, collection: 'customers', prompts: ['join_the_club'] })
    expect(answer.body.previous).toMatchObject({ anonymous_id: left.sub, collection: 'kiosks' })
    expect(answer.body.merged).toBeUndefined()
    expect((await guestRow(app, sub))!.collection).toBe('customers')
  })
})

test('a guest whose collection the options no longer name lives on, by the rules of the default one', async () => {
  const store = await storeWithTables()
  const before = await startApp({ ...forAll, store, secret })
  const [sealed, kept] = [before.browser(), before.browser()]
  await signIn(sealed, 'customers')
  await signIn(kept, 'customers')
  await kept.addPasskey(before.device())
  await before.close()
  const after = await startApp({ ...forAll, store, secret, collections: ['users'], now: before.clock.now })
  for (const browser of [sealed, kept]) {
    const back = copyOf(after, browser)
    expect(await whoIs(back)).toMatchObject({ collection: 'customers' })
    await expectRefusal(after, () => signIn(back, 'customers'), 400, 'collection_unknown')
  }
  expect(await whoIs(copyOf(after, sealed))).toMatchObject({ prompts: ['add_passkey'] })
})

describe('the option collections', () => {
  const start = (given: unknown) => () =>
    guestkey({
      origin: 'http://localhost:3000',
      store: '/nowhere/x.db',
      secret,
      collections: given,
    } as Options)

  test.each([
    [[]],
    [{}],
    [['Users']],
    [['a b']],
    [['__proto__']],
    [[`${'a'.repeat(33)}`]],
    ['users'],
    [{ Users: {} }],
    [{ users: { retention: { never: 1 } } }],
    [{ users: { retention: { none: 0 } } }],
    [{ users: { retention: { none: true } } }],
    [{ users: { retain: {} } }],
    [{ users: { prompts: [{ prompt: 'Add Passkey' }] } }],
    [{ users: { prompts: [{ prompt: 'add_passkey', when: { days: 3 } }] } }],
    [{ users: { prompts: [{ prompt: 'add_attribute:nickname' }] } }],
    [null],
  ])('refuses %j when the app is made', (given) => {
    expect(start(given)).toThrow(OptionsError)
  })

  test('given as a list of names, gives each the rules of the whole deployment', async () => {
    const app: TestApp = await startApp({ ...forAll, collections: ['users', 'customers'] })
    for (const collection of ['users', 'customers']) {
      expect((await signIn(app.browser(), collection)).body).toMatchObject({
        ...{ collection, prompts: ['add_passkey'], expires_at: unixSeconds(app) + 60 * day },
      })
    }
  })
})
