// The deployment changes its secret node by node. A node with both secrets finishes what another node began.

import { expect, test } from 'vitest'
import { seal } from '../../../server/core/crypto/seal.ts'
import { deriveKeys } from '../../../server/core/crypto/secrets.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { askToRegister, copyOf, sendRegistration } from '../../support/ceremonies.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey } from '../../support/device-keys.ts'
import { authorized, codeBook, finish } from '../../support/promotion.ts'
import { newCodes } from '../../support/recovery.ts'

const earlier = 'the earlier secret, of more than 32 characters'
const later = 'the later secret, of more than 32 characters'
const rings = { earlier: [earlier, later], later: [later, earlier], 'earlier alone': [earlier] }
type Ring = keyof typeof rings

const codes = codeBook()

const startNode = (ring: Ring, at?: TestApp) =>
  startApp({
    ...{ secret: rings[ring], loginIds: { send: codes.send }, redirectUris: ['https://app.example/back'] },
    ...(at && { store: at.store, origin: at.origin, now: at.clock.now }),
  })

/** How the guest becomes kept while the passkey is being created. */
const keepers: Record<string, (node: TestApp, browser: Browser) => Promise<unknown>> = {
  nobody: async () => {},
  'the host': async (node, browser) => {
    const { sub } = (await browser.get('/guest/userinfo')).body
    expect(await node.guests.keep(sub)).toBe(true)
  },
  'recovery codes': (_, browser) => newCodes(browser),
  'a device key': async (_, browser) =>
    expect((await addDeviceKey(browser, new DeviceKey('ES256'))).status).toBe(201),
}

/** The secrets of the nodes that give the options, keep the guest meanwhile, and accept the registration. */
const ways: [options: Ring, keeps: Ring, takes: Ring][] = [
  ['earlier', 'later', 'earlier'],
  ['earlier', 'later', 'later'],
  ['earlier', 'earlier', 'later'],
  ['later', 'earlier', 'later'],
  ['later', 'earlier', 'earlier'],
  ['later', 'later', 'earlier'],
  ['earlier alone', 'later', 'later'],
  ['earlier alone', 'later', 'earlier'],
]

for (const [keeper, keep] of Object.entries(keepers)) {
  test(`a passkey that is registered while the secret changes signs in, if the guest is kept meanwhile by ${keeper}`, async () => {
    for (const [options, keeps, takes] of ways) {
      const way = [options, keeps, takes].join(', ')
      const first = await startNode(options)
      const second = await startNode(keeps, first)
      const third = await startNode(takes, first)
      const device = first.device()
      const browser = first.browser()
      const guest = await browser.signIn()
      const proof = await device.create(await askToRegister(browser))
      await keep(second, copyOf(second, browser))
      const registering = copyOf(third, browser)
      const added = await sendRegistration(registering, proof)
      expect([added.status, added.body.sub], way).toEqual([201, guest.sub])
      const again = await sendRegistration(copyOf(second, registering), proof)
      expect([again.status, again.body.sub], way).toEqual([200, guest.sub])
      for (const node of [second, third]) {
        const signedIn = await node.browser().signInWithPasskey(device)
        expect([signedIn.status, signedIn.body.sub], way).toEqual([200, guest.sub])
      }
      // The signals to authenticators and a second passkey use the same user handle.
      const signal = await registering.get('/guest/passkeys/signal')
      expect((await askToRegister(registering)).user.id, way).toBe(signal.body.user_id)
      for (const node of [first, second, third]) await node.close()
    }
  })
}

test('a passkey that is registered across a restart with a new secret signs in', async () => {
  for (const [before, after] of [
    ['earlier alone', 'later'],
    ['later', 'earlier'],
  ] as const) {
    const app = await startNode(before)
    const device = app.device()
    const browser = app.browser()
    const guest = await browser.signIn()
    const options = await askToRegister(browser)
    const nobody = app.browser()
    const optionsOfNobody = await askToRegister(nobody)
    await app.close()
    const restarted = await startNode(after, app)
    const tab = copyOf(restarted, browser)
    await newCodes(tab)
    const added = await sendRegistration(tab, await device.create(options))
    expect([added.status, added.body.sub]).toEqual([201, guest.sub])
    expect((await restarted.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    const other = restarted.device()
    const begun = await sendRegistration(copyOf(restarted, nobody), await other.create(optionsOfNobody))
    expect(begun.status).toBe(201)
    expect((await restarted.browser().signInWithPasskey(other)).body.sub).toBe(begun.body.sub)
    await restarted.close()
  }
})

test('two tabs register a first passkey at nodes with different secrets: the passkey that was accepted signs in', async () => {
  const one = await startNode('earlier')
  const other = await startNode('later', one)
  for (let round = 0; round < 20; round++) {
    const browser = one.browser()
    const guest = await browser.signIn()
    if (round % 2) await newCodes(browser)
    const tabs = [one, other].map((node) => ({
      device: node.device(),
      browser: copyOf(node, browser),
    }))
    const proofs = await Promise.all(
      tabs.map(async ({ device, browser }) => device.create(await askToRegister(browser))),
    )
    const answers = await Promise.all(tabs.map(({ browser }, i) => sendRegistration(browser, proofs[i]!)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401])
    const { device } = tabs[answers.findIndex(({ status }) => status === 201)]!
    for (const node of [one, other])
      expect((await node.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
  }
})

test('a passkey signs in if its challenge comes from an earlier version and names no user handle', async () => {
  const app = await startNode('earlier alone')
  const browser = app.browser()
  const guest = await browser.signIn()
  await newCodes(browser)
  const next = await startNode('later', app)
  const device = next.device()
  const tab = copyOf(next, browser)
  const options = await askToRegister(tab)
  const [text] = Buffer.from(options.challenge, 'base64url').toString().split('.')
  const { h, ...payload } = JSON.parse(Buffer.from(text!, 'base64url').toString())
  expect(h).toBe(options.user.id)
  const challenge = Buffer.from(seal(deriveKeys(later).challenge, payload)).toString('base64url')
  expect((await sendRegistration(tab, await device.create({ ...options, challenge }))).status).toBe(201)
  expect((await next.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test('a promotion that began on our page finishes after the secret has changed, and only in the same browser', async () => {
  for (const [begins, ends] of [
    ['earlier', 'later'],
    ['later', 'earlier'],
    ['earlier alone', 'later'],
  ] as const) {
    const app = await startNode(begins)
    const browser = app.browser()
    const guest = await browser.signIn()
    const given = await authorized({ app, codeTo: codes.codeTo }, browser, `${begins[0]}@example.org`)
    const next = await startNode(ends, app)
    const stranger = next.browser()
    await stranger.signIn()
    expect((await finish(stranger, given)).body.code).toBe('invalid_grant')
    const done = await finish(copyOf(next, browser), given)
    expect([done.status, done.body.sub, done.body.isAnonymous]).toEqual([200, guest.sub, false])
    await next.close()
    await app.close()
  }
})
