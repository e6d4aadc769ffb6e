// Several deployments on localhost: browsers send the cookies of all ports to each of them.

import supertest from 'supertest'
import { expect, test } from 'vitest'
import type { Options } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'

/** An app whose options name no cookie. */
const start = (options: Partial<Options> = {}): Promise<TestApp> =>
  startApp({ cookieName: undefined as never, ...options }, (app, guests) => {
    app.get('/who', guests.requireGuest(), (req, res) => void res.json({ sub: req.guest!.sub }))
  })

const secret = 'a secret of one deployment, and of no other one'
const other = 'the secret of another deployment on this machine'

/** Browsers at several apps, with one cookie jar. */
function inOneJar(...apps: TestApp[]): Browser[] {
  const browsers = apps.map((app) => app.browser())
  for (const one of browsers) Object.defineProperty(one, 'cookies', { value: browsers[0]!.cookies })
  return browsers
}
const whoIs = async (browser: Browser) => (await browser.get('/who')).body.sub

test('each keeps its own guest, sealed or with a passkey, whatever the others do', async () => {
  const [one, two] = [await start(), await start()]
  const [here, there] = inOneJar(one, two) as [Browser, Browser]
  const first = await here.signIn()
  expect((await there.get('/guest/userinfo')).body.code).toBe('not_signed_in')
  const second = await there.signIn()
  expect([await whoIs(here), await whoIs(there)]).toEqual([first.sub, second.sub])
  await here.addPasskey(one.device())
  expect([await whoIs(here), await whoIs(there)]).toEqual([first.sub, second.sub])
  await there.post('/guest/sign-out', { force: true })
  expect([await whoIs(here), (await there.get('/who')).status]).toEqual([first.sub, 401])
})

test('a cookie that another deployment has set with the name of before is no cookie', async () => {
  const app = await start({ secret })
  const elsewhere = await startApp({ secret: other })
  const browser = elsewhere.browser()
  const { cookies } = browser
  for (const kind of ['sealed', 'stored']) {
    if (kind === 'sealed') await browser.signIn()
    else await browser.addPasskey(elsewhere.device())
    const Cookie = `guestkey=${cookies.get('guestkey')}`
    const asked = await supertest(app.server).get('/guest/userinfo').set({ Cookie })
    expect(asked.body.code, kind).toBe('not_signed_in')
    const headers = { Cookie, Origin: app.origin, 'Content-Type': 'application/json' }
    const signedIn = await supertest(app.server).post('/guest/sign-in').set(headers).send('{}')
    expect(signedIn.status, kind).toBe(200)
    expect(signedIn.get('Set-Cookie'), kind).toEqual([expect.stringMatching(/^guestkey-[0-9a-f]{8}=gks_/)])
  }
  expect((await browser.get('/guest/userinfo')).status, 'which is not lost').toBe(200)
})

test('a cookie of ours with the name of before is read, and moves to the new name', async () => {
  const before = await startApp({ secret })
  const browser = before.browser()
  const { sub } = await browser.signIn()
  const app = await start({ secret, store: before.store, origin: before.origin, now: before.clock.now })
  const [now] = inOneJar(app) as [Browser]
  now.cookies.set('guestkey', browser.token!)
  expect(await whoIs(now)).toBe(sub)
  before.clock.forward(2 * 24 * 60 * 60)
  expect((await now.get('/guest/userinfo')).status).toBe(200)
  const names = [...now.cookies.keys()].filter((name) => !name.endsWith('-seen'))
  expect(names).toEqual(['guestkey', expect.stringMatching(/^guestkey-[0-9a-f]{8}$/)])
  now.cookies.delete('guestkey')
  expect(await whoIs(now)).toBe(sub)
})

test('a node with the secrets in another order reads the cookie', async () => {
  const one = await start({ secret: [secret, other] })
  const two = await start({ secret: [other, secret], store: one.store, origin: one.origin })
  const [here, there] = inOneJar(one, two) as [Browser, Browser]
  const { sub } = await here.signIn()
  expect(await whoIs(there)).toBe(sub)
})

test('a broken seal in its own cookie is invalid, as everywhere', async () => {
  const app = await start()
  const browser = app.browser()
  await browser.signIn()
  const [[name, token]] = [...browser.cookies] as [[string, string]]
  browser.cookies.set(name, `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`)
  expect((await browser.get('/guest/userinfo')).body.code).toBe('session_invalid')
})
