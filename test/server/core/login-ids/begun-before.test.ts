// A promotion that began before the guest had a passkey: the passkey must be proven before it goes on.

import { expect, test } from 'vitest'
import { type Browser, startApp } from '../../../support/app.ts'
import {
  askForCode,
  authorizationOf,
  codeBook,
  finish,
  loginIdsOf,
  openPage,
  pkce,
  throughPages,
} from '../../../support/promotion.ts'

const address = 'fox@example.org'
const later = 6 * 60

async function startWorld() {
  const book = codeBook()
  const promoted: string[] = []
  const app = await startApp({
    redirectUris: ['https://app.example/back'],
    loginIds: { send: book.send, onPromote: ({ login_id: loginId }) => void promoted.push(loginId.value) },
  })
  const browser = app.browser()
  await browser.signIn()
  return { ...book, app, browser, promoted }
}
type World = Awaited<ReturnType<typeof startWorld>>

/** Begins a promotion. The result ends it. */
const ways = {
  'a code': async (world: World) => {
    const transaction = await askForCode(world.browser, address)
    const code = world.codeTo(address)
    return () => world.browser.post('/guest/promotion/verify', { transaction, code })
  },
  'an authorization request': async (world: World) => {
    const { verifier, challenge } = pkce()
    const asked = authorizationOf(challenge)
    const page = await openPage(world.browser, asked)
    let given: Parameters<typeof finish>[1] | undefined
    return async () => {
      const to = given ? undefined : await throughPages(world, world.browser, page, address)
      given ??= { code: to!.searchParams.get('code')!, verifier, redirectUri: asked.redirect_uri }
      return finish(world.browser, given)
    }
  },
} satisfies Record<string, (world: World) => Promise<() => ReturnType<Browser['post']>>>

test.each(Object.entries(ways))('%s from before the first passkey needs a proof of it', async (_, begin) => {
  const world = await startWorld()
  const { app, browser, promoted } = world
  const end = await begin(world)
  const device = app.device()
  expect((await browser.addPasskey(device)).status).toBe(201)
  app.clock.forward(later)
  const refused = await end()
  expect([refused.status, refused.body.code]).toEqual([401, 'insufficient_user_authentication'])
  expect([await loginIdsOf(browser), promoted]).toEqual([[], []])
  // Nothing was used up.
  expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
  const done = await end()
  expect(done.status, done.text).toBe(200)
  expect(await loginIdsOf(browser)).toMatchObject([{ value: address }])
})

test.each(Object.entries(ways))(
  '%s after a proof of the passkey goes on without another',
  async (_, begin) => {
    const world = await startWorld()
    const { app, browser } = world
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    const end = await begin(world)
    app.clock.forward(later)
    expect(
      (await browser.post('/guest/promotion/start', { type: 'email', value: 'owl@example.org' })).status,
    ).toBe(401)
    const done = await end()
    expect(done.status, done.text).toBe(200)
  },
)
