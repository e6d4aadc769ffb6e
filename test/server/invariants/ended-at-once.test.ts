// A session that has ended is dead at every node with the next request, however often each node has just read it.

import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../../support/app.ts'
import { copyOf, keptGuest } from '../../support/ceremonies.ts'
import { offered, signedIn } from '../../support/merging.ts'
import { promote, startPromotingApp } from '../../support/promotion.ts'
import {
  anotherNode,
  bySession,
  clients,
  granted,
  keptClient,
  refresh,
  secret,
  send,
  userinfo,
} from '../../support/tokens.ts'

type Nodes = Awaited<ReturnType<typeof startNodes>>

/** Two nodes of one deployment, with the same clock. What ends a session happens at the first one. */
async function startNodes() {
  const options = { secret, clients: clients.map((client) => ({ ...client })), merge: { onMerge: () => {} } }
  const promoting = await startPromotingApp(options as never)
  return { ...promoting, nodes: [promoting.app, await anotherNode(promoting.app)] }
}

/** Reads a session at both nodes until they know it. Returns a function that expects it to be over there. */
async function known({ app, nodes }: Nodes, browser: Browser) {
  const { access_token } = await granted(bySession(app, browser.cookie))
  const asks = nodes.flatMap((node) => {
    const copy = copyOf(node, browser)
    return [() => copy.get('/guest/userinfo'), () => userinfo(node, access_token)]
  })
  for (let i = 0; i < 3; i++) for (const ask of asks) expect((await ask()).status).toBe(200)
  return async () => {
    for (const ask of asks) expect((await ask()).status).toBe(401)
  }
}

type Ending = (at: Nodes, browser: Browser, sub: string) => unknown

const always: Record<string, Ending> = {
  'is signed out': (_, browser) => browser.post('/guest/sign-out', { force: true }),
  'is left for another guest': async ({ app }, browser) =>
    browser.signInWithPasskey((await keptGuest(app)).device),
  'is of a guest whom the host erases': ({ app }, _, sub) => app.guests.erase(sub),
  'is of a guest whom the host disables': ({ app }, _, sub) => app.guests.disable(sub, { reason: 'abuse' }),
  'gains the first login ID': (at, browser) => promote(at, browser, 'ada@example.org'),
  'reaches its absolute end': ({ app }) => app.clock.forward(400 * 24 * 60 * 60),
}

const firstPasskey: Ending = ({ app }, browser) => browser.addPasskey(app.device())

/** Makes the guest, and ends its session by what the table says. */
async function expectOver(made: (app: TestApp) => Promise<{ browser: Browser; sub: string }>, end: Ending) {
  const at = await startNodes()
  const { browser, sub } = await made(at.app)
  const expectDead = await known(at, browser)
  await end(at, browser, sub)
  await expectDead()
}

describe('a session of a guest without a row', () => {
  test.each(Object.entries({ ...always, 'gains the first passkey': firstPasskey }))(
    'is over at once if it %s',
    async (_, end) => {
      await expectOver(async (app) => {
        const browser = app.browser()
        const { sub } = await browser.signIn()
        return { browser, sub }
      }, end)
    },
  )
})

describe('a session that its browser carries, of a guest whom the host keeps', () => {
  test.each(Object.entries({ ...always, 'gains the first passkey': firstPasskey }))(
    'is over at once if it %s',
    async (_, end) => {
      await expectOver(async (app) => {
        const browser = app.browser()
        const { sub } = await browser.signIn()
        await app.guests.keep(sub)
        return { browser, sub }
      }, end)
    },
  )
})

describe('a stored session', () => {
  test.each(Object.entries(always))('is over at once if it %s', async (_, end) => {
    await expectOver(async (app) => {
      const { browser, guest } = await keptGuest(app)
      return { browser, sub: guest.sub }
    }, end)
  })

  const fromElsewhere: Record<string, (laptop: Browser, id: string) => unknown> = {
    'signs out everywhere': (laptop) => laptop.post('/guest/sign-out', { everywhere: true }),
    'ends it in the list': (laptop, id) => laptop.delete(`/guest/sessions/${id}`),
    'ends all others': (laptop) => laptop.delete('/guest/sessions'),
    leaves: (laptop) => laptop.delete('/guest/account'),
  }
  test.each(Object.entries(fromElsewhere))('is over at once if its guest %s elsewhere', async (_, end) => {
    const at = await startNodes()
    const { browser, device, guest } = await keptGuest(at.app)
    const expectDead = await known(at, browser)
    const { body } = await browser.get('/guest/sessions')
    const laptop = at.app.browser()
    await signedIn(laptop.signInWithPasskey(device), guest.sub)
    await end(laptop, body.sessions[0].id)
    await expectDead()
  })

  test('is over at once if its guest signs in again in the same browser', async () => {
    const at = await startNodes()
    const { browser, device, guest } = await keptGuest(at.app)
    const expectDead = await known(at, browser)
    await signedIn(browser.signInWithPasskey(device), guest.sub)
    await expectDead()
  })

  test('is over at once if its guest is merged into another one', async () => {
    const at = await startNodes()
    const { browser, old, ticket } = await offered(at.app)
    const expectDead = await known(at, old)
    expect((await browser.post('/guest/merge', { ticket })).status).toBe(200)
    await expectDead()
  })

  test.each(['is revoked by its client', 'is refreshed with a used token'])(
    'is over at once, for its access token, if it %s',
    async (title) => {
      const { app, nodes } = await startNodes()
      const { tokens } = await keptClient(app)
      const expectAt = async (status: number) => {
        for (const node of nodes) expect((await userinfo(node, tokens.access_token)).status).toBe(status)
      }
      for (let i = 0; i < 3; i++) await expectAt(200)
      if (title === 'is revoked by its client')
        await send(app, 'revoke', { token: tokens.refresh_token, client_id: 'spa' })
      else {
        await granted(refresh(app, tokens.refresh_token))
        await expectAt(200)
        app.clock.forward(5 * 60)
        expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
      }
      await expectAt(401)
    },
  )
})

test('what a node knows of a session is as new as the last change at another node', async () => {
  const at = await startNodes()
  const [app, other] = at.nodes as [TestApp, TestApp]
  const { browser, guest } = await keptGuest(app)
  await known(at, browser)
  const copy = copyOf(other, browser)
  expect((await copy.get('/guest/userinfo')).body).toMatchObject({
    label: guest.label,
    recoverability: 'passkey',
  })
  expect((await browser.patch('/guest/label', { label: 'another name' })).status).toBe(200)
  expect((await copy.get('/guest/userinfo')).body.label).toBe('another name')
  expect((await browser.addPasskey(app.device({ synced: true }))).status).toBe(201)
  expect((await copy.get('/guest/userinfo')).body.recoverability).toBe('synced')
})
