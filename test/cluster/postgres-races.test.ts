// Races between two nodes, each its own process: one wins, nothing is half done, and all nodes agree.

import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Response } from 'supertest'
import { beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  register,
  sendAssertion,
  sendRegistration,
} from '../support/ceremonies.ts'
import { ask, type Cluster, startCluster } from '../support/cluster.ts'
import { storeWithTables } from '../support/engine.ts'
import { openStore } from '../support/open-store.ts'
import { createMeeting, inLanes, inRounds, roundsOf } from '../support/rounds.ts'
import { countRows } from '../support/tables.ts'
import { sharedInFile } from '../support/when-over.ts'

const rounds = roundsOf(20, 100)
/** All tests share two nodes: their guests have nothing to do with each other. */
const shared = sharedInFile(async () => {
  const database = await storeWithTables()
  return { database, cluster: await startCluster({ database }) }
})
let database: string
let cluster: Cluster
beforeAll(() => {
  database = shared().database
  cluster = shared().cluster
})

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))
const node = (i: number) => cluster.nodes[i % cluster.nodes.length]!
const statuses = (responses: Response[]) => responses.map(({ status }) => status).toSorted()
const userinfo = (browser: Browser) => browser.get('/guest/userinfo')

async function keptGuest(options?: { counter: 'increasing' }) {
  const [browser, device] = [cluster.browser(), cluster.device(options)]
  const added = await browser.addPasskey(device)
  expect(added.status, added.text).toBe(201)
  return { browser, device, sub: added.body.sub as string, passkeyId: added.body.passkey.id as string }
}

/** Asks every node at once for the guest of this session, and expects the same answer from all. */
async function everywhere(session: Pick<Browser, 'cookies'>): Promise<string | undefined> {
  const answers = await Promise.all(times(4, (i) => userinfo(cluster.at(node(i), session))))
  const subs = new Set(answers.map(({ body }) => body.sub as string | undefined))
  expect(subs.size, statuses(answers).join()).toBe(1)
  return [...subs][0]
}

test('when two guests register one credential id at once, one gets it and the other is refused', async () => {
  const before = await countRows(database)
  await inRounds(rounds, async (round) => {
    const credentialId = Buffer.from(`credential ${round} of two guests`).toString('base64url')
    const visitors = times(2, (i) => cluster.at(node(i)))
    const proofs = await Promise.all(
      visitors.map(async (one) => cluster.device().create(await askToRegister(one), { credentialId })),
    )
    const answers = await Promise.all(visitors.map((one, i) => sendRegistration(one, proofs[i]!)))
    expect(statuses(answers)).toEqual([201, 400])
  })
  const after = await countRows(database)
  for (const table of ['guests', 'passkeys', 'sessions']) expect(after[table]! - before[table]!).toBe(rounds)
})

test('when ten signature counters come at once, the greatest one stays', async () => {
  const newGuest = () => keptGuest({ counter: 'increasing' })
  await inLanes(roundsOf(8, 20), newGuest, async ({ device, passkeyId }, round) => {
    const counts = times(10, (i) => 20 * round + ((i * 7) % 10))
    const visitors = times(10, (i) => cluster.at(node(i)))
    const proofs: AuthenticationResponseJSON[] = []
    for (const [i, visitor] of visitors.entries()) {
      proofs.push(await device.get(await askToSignIn(visitor), { signCount: counts[i]! }))
    }
    const answers = await Promise.all(visitors.map((visitor, i) => sendAssertion(visitor, proofs[i]!)))
    expect(new Set([...statuses(answers), 200, 401])).toEqual(new Set([200, 401]))
    expect(answers[counts.indexOf(Math.max(...counts))]!.status).toBe(200)
    const found = `SELECT sign_count::int FROM passkeys WHERE credential_id = '${passkeyId}'`
    expect(await ask(database, found)).toEqual([{ sign_count: Math.max(...counts) }])
    await Promise.all(visitors.filter(({ token }) => token).map((one) => one.post('/guest/sign-out')))
  })
})

test('a passkey that signs in while it is removed signs in or not, and is gone afterwards', async () => {
  const meet = createMeeting()
  let signedIn = 0
  await inLanes(
    rounds,
    () => keptGuest(),
    async ({ browser, device }) => {
      const other = cluster.device()
      const { passkey } = (await browser.addPasskey(other)).body
      const visitor = cluster.at(node(0))
      const assertion = await other.get(await askToSignIn(visitor))
      const [signIn, removal] = await meet(
        () => sendAssertion(visitor, assertion),
        () => cluster.at(node(1), browser).delete(`/guest/passkeys/${passkey.id}`),
        ([{ status }]) => status === 200,
      )
      expect(removal.status).toBe(204)
      expect([200, 401]).toContain(signIn.status)
      expect(await everywhere(visitor)).toBe(signIn.status === 200 ? signIn.body.sub : undefined)
      expect((await cluster.browser().signInWithPasskey(other)).status).toBe(401)
      if (visitor.token) await visitor.post('/guest/sign-out')
      signedIn += Number(signIn.status === 200)
      expect((await cluster.browser().signInWithPasskey(device)).status).toBe(200)
    },
  )
  expect(signedIn, 'the sign-in came first at least once').toBeGreaterThan(0)
  expect(signedIn, 'the removal came first at least once').toBeLessThan(rounds)
})

test('when the last three passkeys are removed at once, one stays', async () => {
  await inRounds(rounds / 2, async () => {
    const { browser, passkeyId } = await keptGuest()
    const more = await Promise.all(times(2, () => register(copyOf(cluster, browser), cluster.device())))
    const ids = [passkeyId, ...more.map(({ body }) => body.passkey.id)]
    const answers = await Promise.all(
      ids.map((id, i) => cluster.at(node(i), browser).delete(`/guest/passkeys/${id}`)),
    )
    expect(statuses(answers)).toEqual([204, 204, 409])
    expect((await browser.get('/guest/passkeys')).body.passkeys).toHaveLength(1)
  })
})

test('a stored session that ends at one node has ended at every node', async () => {
  const { browser, device, sub } = await keptGuest()
  await inRounds(rounds, async (round) => {
    const visitor = cluster.at(node(round))
    expect((await visitor.signInWithPasskey(device)).status).toBe(200)
    expect(await everywhere(visitor)).toBe(sub)
    const session = copyOf(cluster, visitor)
    expect((await cluster.at(node(round + 1), visitor).post('/guest/sign-out')).status).toBe(204)
    expect(await everywhere(session)).toBe(undefined)
  })
  expect(await everywhere(browser)).toBe(sub)
})

test('a sealed session that ends at one node, by sign-out or by a passkey, has ended at every node', async () => {
  await inRounds(rounds / 2, async (round) => {
    const visitor = cluster.at(node(round))
    const { sub } = await visitor.signIn()
    expect(await everywhere(visitor)).toBe(sub)
    const session = copyOf(cluster, visitor)
    const elsewhere = cluster.at(node(round + 1), visitor)
    if (round % 4 < 2) expect((await elsewhere.post('/guest/sign-out', { force: true })).status).toBe(204)
    else expect((await register(elsewhere, cluster.device())).status).toBe(201)
    expect(await everywhere(session)).toBe(undefined)
  })
})

test('when one registration goes to two nodes, the old session has ended everywhere at the first answer', async () => {
  await inRounds(rounds / 2, async (round) => {
    const visitor = cluster.at(node(round))
    const { sub } = await visitor.signIn()
    const proof = await cluster.device().create(await askToRegister(visitor))
    const session = copyOf(cluster, visitor)
    expect(await everywhere(session)).toBe(sub)
    const sent = times(2, (i) => sendRegistration(cluster.at(node(i), session), proof))
    await Promise.race(sent)
    expect(await everywhere(session)).toBe(undefined)
    expect(statuses(await Promise.all(sent))).toEqual([200, 201])
  })
})

test('after sign-in and sign-out everywhere at once, all nodes agree on the new session', async () => {
  await inLanes(
    rounds,
    () => keptGuest(),
    async ({ device, sub }) => {
      const [visitor, ending] = [cluster.at(node(0)), cluster.at(node(0))]
      await ending.signInWithPasskey(device)
      const session = copyOf(cluster, ending)
      const assertion = await device.get(await askToSignIn(visitor))
      const [signedIn, signedOut] = await Promise.all([
        sendAssertion(visitor, assertion),
        cluster.at(node(1), ending).post('/guest/sign-out', { everywhere: true }),
      ])
      expect([signedIn.status, signedOut.status]).toEqual([200, 204])
      expect(await everywhere(session)).toBe(undefined)
      expect([sub, undefined]).toContain(await everywhere(visitor))
    },
  )
})

test('the limits on passkeys and sessions hold, however many come at once', async () => {
  for (let round = 0; round < 3; round++) {
    const { browser, device } = await keptGuest()
    const tabs = times(30, (i) => cluster.at(node(i), browser))
    const registered = await Promise.all(tabs.map((tab) => register(tab, cluster.device())))
    expect(statuses(registered)).toEqual([...Array(19).fill(201), ...Array(11).fill(409)])
    const visitors = times(110, (i) => cluster.at(node(i)))
    const signedIn = await Promise.all(visitors.map((visitor) => visitor.signInWithPasskey(device)))
    expect(statuses(signedIn)).toEqual([...Array(99).fill(200), ...Array(11).fill(409)])
  }
})

test('clean-up at two nodes during sign-ins deletes every expired row and no live one', async () => {
  const stores = [openStore(database), openStore(database)]
  const kept = await keptGuest()
  for (let round = 0; round < rounds / 2; round++) {
    // Expired rows of the guest who signs in, in another order in each round.
    await ask(
      database,
      `INSERT INTO sessions SELECT anonymous_id, md5(n::text), 1, 1, 1 + n % 7, 2, NULL
        FROM guests, generate_series(1, 50) n WHERE anonymous_id = '${kept.sub}' ORDER BY random();
      INSERT INTO spent SELECT md5(n::text), 1 + n % 5, NULL FROM generate_series(1, 50) n ORDER BY random();
      INSERT INTO audit SELECT '${kept.sub}', 1 + n % 5, md5(n::text), NULL, 'guest.kept', 'done'
        FROM generate_series(1, 50) n ORDER BY random()`,
    )
    const [visitor, newcomer] = [cluster.at(node(0)), cluster.at(node(1))]
    const [swept, back, registered] = await Promise.all([
      Promise.all(
        stores.map((store) => store.deleteExpired({ before: 1000, auditBefore: 1000, limit: 1000 })),
      ),
      visitor.signInWithPasskey(kept.device),
      newcomer.addPasskey(cluster.device()),
    ])
    expect(swept[0]! + swept[1]!).toBe(150)
    expect([back.status, registered.status]).toEqual([200, 201])
    expect(await everywhere(visitor)).toBe(kept.sub)
    expect(await everywhere(newcomer)).toBe(registered.body.sub)
    await visitor.post('/guest/sign-out')
  }
  const expired = ['sessions WHERE expires_at', 'spent WHERE expires_at', 'audit WHERE at']
    .map((column) => `SELECT 1 FROM ${column} < 1000`)
    .join(' UNION ALL ')
  expect(await ask(database, expired)).toEqual([])
  expect(await everywhere(kept.browser)).toBe(kept.sub)
  await Promise.all(stores.map((store) => store.close()))
})
