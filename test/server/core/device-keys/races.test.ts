// Device keys at two nodes with one store: a proof works once, a key has one guest, a revoked key works at neither.

import type { Response } from 'supertest'
import { expect, test, vi } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import { DeviceKey, kinds } from '../../../support/device-key.ts'
import {
  addDeviceKey,
  askForChallenge,
  guestWithKey,
  sendAssertion,
  sendProof,
  signInByDeviceKey,
} from '../../../support/device-keys.ts'
import { temporaryStore } from '../../../support/engine.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { createMeeting, roundsOf } from '../../../support/rounds.ts'
import { countRows } from '../../../support/tables.ts'
import { askToken } from '../../../support/tokens.ts'

const origin = 'http://localhost:4000'
const secret = 'a secret that both nodes share, of more than 32 characters'
const rounds = roundsOf(12, 40)

vi.setConfig({ testTimeout: 120_000 })

/** Two servers in this process, each with its own connections to the store. */
async function twoNodes(options: Partial<Options> = {}) {
  const store = await temporaryStore()
  const start = () => startApp({ store, origin, secret, clients: [{ id: 'app' }], ...options })
  const nodes: [TestApp, TestApp] = [await start(), await start()]
  return { nodes, store }
}

const statuses = (responses: Response[]) => responses.map(({ status }) => status).toSorted()

/** The same browser at the other node: a copy of its cookies. */
const tabAt = (node: TestApp, browser: Browser) => copyOf(node, browser)

test('one assertion sent fifty times at once, to two nodes and both endpoints, signs in once', async () => {
  const { nodes } = await twoNodes()
  for (const kind of kinds) {
    const { guest, key } = await guestWithKey(nodes[0], kind)
    for (let round = 0; round < roundsOf(2, 5); round++) {
      const asked = await askForChallenge(nodes[round % 2]!.browser(), 'sign_in', guest.sub)
      const assertion = key.assertion(asked)
      const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', client_id: 'app', assertion }
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          const node = nodes[i % 2]!
          return i % 3 === 0 ? askToken(node, grant) : sendAssertion(node.browser(), assertion)
        }),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 400 || status === 401)).toHaveLength(49)
    }
    const back = nodes[0].browser()
    await signInByDeviceKey(back, key, guest.sub)
    const { sessions } = (await back.get('/guest/sessions')).body
    expect(sessions, 'each sign-in ends the session before').toHaveLength(2)
  }
})

test('the same registration at two nodes adds one key and keeps one guest', async () => {
  const { nodes, store } = await twoNodes()
  const kept: string[] = []
  for (const node of nodes) node.guests.on('guest.kept', ({ guest }) => void kept.push(guest.sub))
  for (let round = 0; round < rounds; round++) {
    const browser = nodes[0].browser()
    const guest = await browser.signIn()
    const key = new DeviceKey('EdDSA')
    const proof = key.registration(await askForChallenge(browser, 'register', guest.sub))
    const other = tabAt(nodes[1], browser)
    const answers = await Promise.all([sendProof(browser, proof), sendProof(other, proof)])
    expect(statuses(answers), answers.map(({ text }) => text).join()).toEqual([200, 201])
    expect(answers[0].body.device_key).toEqual(answers[1].body.device_key)
    expect((await other.get('/guest/device-keys')).body.device_keys).toHaveLength(1)
  }
  expect(await countRows(store)).toMatchObject({ guests: rounds, device_keys: rounds, sessions: rounds })
  expect(kept).toHaveLength(rounds)
})

test('if two guests add the same key at once, one gets it', async () => {
  const { nodes, store } = await twoNodes()
  for (let round = 0; round < rounds; round++) {
    const key = new DeviceKey('EdDSA')
    const visitors = await Promise.all(
      nodes.map(async (node) => {
        const browser = node.browser()
        const guest = await browser.signIn()
        return {
          browser,
          proof: key.registration(await askForChallenge(browser, 'register', guest.sub)),
        }
      }),
    )
    const answers = await Promise.all(visitors.map(({ browser, proof }) => sendProof(browser, proof)))
    expect(statuses(answers), answers.map(({ text }) => text).join()).toEqual([201, 400])
  }
  expect(await countRows(store), 'the other guest was not kept').toMatchObject({
    ...{ guests: rounds, device_keys: rounds },
  })
})

test('of keys that are added at once, no more than deviceKeys.max are, and one for each challenge', async () => {
  const { nodes } = await twoNodes({ deviceKeys: { max: 2 } })
  for (let round = 0; round < rounds / 2; round++) {
    const { browser, guest } = await guestWithKey(nodes[0])
    const other = tabAt(nodes[1], browser)
    const asked = await askForChallenge(browser, 'register', guest.sub)
    const proofs = [asked, asked, await askForChallenge(other, 'register', guest.sub)].map((about) =>
      new DeviceKey('EdDSA').registration(about),
    )
    const answers = await Promise.all([
      sendProof(browser, proofs[0]!),
      sendProof(other, proofs[1]!),
      sendProof(other, proofs[2]!),
    ])
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect((await browser.get('/guest/device-keys')).body.device_keys).toHaveLength(2)
  }
})

test('a key revoked at one node signs nobody in at the other', async () => {
  const { nodes } = await twoNodes()
  for (let round = 0; round < rounds; round++) {
    const { browser, guest, key } = await guestWithKey(nodes[0], 'EdDSA')
    const asked = await askForChallenge(nodes[1].browser(), 'sign_in', guest.sub)
    expect((await browser.delete(`/guest/device-keys/${key.id}?force=true`)).status).toBe(204)
    const back = await sendAssertion(nodes[1].browser(), key.assertion(asked))
    expect([back.status, back.body.code]).toEqual([401, 'device_key_refused'])
  }
})

test('a key that is revoked while it signs in works this time or not, and never again', async () => {
  const { nodes } = await twoNodes()
  const meet = createMeeting()
  const seen = new Set<number>()
  for (let round = 0; round < rounds; round++) {
    const { browser, guest, key } = await guestWithKey(nodes[0], 'EdDSA')
    // Another device revokes the key: the session of the key's own device ends when the key signs in.
    const [elsewhere, [code]] = [nodes[0].browser(), await newCodes(browser)]
    await useCode(elsewhere, code)
    const assertion = key.assertion(await askForChallenge(nodes[1].browser(), 'sign_in', guest.sub))
    const [revoked, signedIn] = await meet(
      () => elsewhere.delete(`/guest/device-keys/${key.id}?force=true`),
      () => sendAssertion(nodes[1].browser(), assertion),
      ([, { status }]) => status === 401,
    )
    expect(revoked.status).toBe(204)
    expect([200, 401]).toContain(signedIn.status)
    seen.add(signedIn.status)
    expect((await signInByDeviceKey(nodes[1].browser(), key, guest.sub)).status).toBe(401)
  }
  expect([...seen].toSorted()).toEqual([200, 401])
})

test('if the last two keys are revoked at once, one stays', async () => {
  const { nodes } = await twoNodes()
  for (let round = 0; round < rounds / 2; round++) {
    const { browser, key } = await guestWithKey(nodes[0], 'EdDSA')
    const second = new DeviceKey('EdDSA')
    expect((await addDeviceKey(browser, second)).status).toBe(201)
    const other = tabAt(nodes[1], browser)
    const answers = await Promise.all([
      browser.delete(`/guest/device-keys/${key.id}`),
      other.delete(`/guest/device-keys/${second.id}`),
    ])
    expect(statuses(answers)).toEqual([204, 409])
  }
})

test('a guest who signs out and adds a key at once is either kept with the key or gone', async () => {
  const { nodes, store } = await twoNodes()
  let kept = 0
  for (let round = 0; round < rounds; round++) {
    const browser = nodes[0].browser()
    const guest = await browser.signIn()
    const key = new DeviceKey('EdDSA')
    const proof = key.registration(await askForChallenge(browser, 'register', guest.sub))
    const other = tabAt(nodes[1], browser)
    const [added, signedOut] = await Promise.all([
      sendProof(browser, proof),
      other.post('/guest/sign-out', { force: true }),
    ])
    expect([201, 401]).toContain(added.status)
    expect(signedOut.status, signedOut.text).toBe(204)
    const back = await signInByDeviceKey(nodes[1].browser(), key, guest.sub)
    expect(back.status).toBe(added.status === 201 ? 200 : 401)
    kept += Number(added.status === 201)
  }
  expect(await countRows(store)).toMatchObject({ guests: kept, device_keys: kept })
})
