// A guest is disabled at the same moment as somebody comes in: whoever wins, no session is alive afterwards.

import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { TestApp } from '../../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  keptGuest,
  sendAssertion,
  sendRegistration,
} from '../../../support/ceremonies.ts'
import { guestWithKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { foldedIn, hour, livingSessions, merged, recordingHost, rowOf } from '../../../support/merging.ts'
import { askForCode, codeBook, promotedUser } from '../../../support/promotion.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'
import { createMeeting, inLanes, roundsOf } from '../../../support/rounds.ts'
import { anotherNode, keptClient, refresh, startTokenApp } from '../../../support/tokens.ts'

const rounds = roundsOf(16, 100)
const book = codeBook()
let people = 0

/** Makes a guest at one node, and what comes in at the other node at the moment when it is disabled. */
type Entry = (app: TestApp, node: TestApp) => Promise<{ sub: string; enter: () => Promise<Response> }>

const entries: Record<string, Entry> = {
  'a sign-in by passkey': async (app, node) => {
    const { guest, device } = await keptGuest(app)
    const visitor = node.browser()
    const proof = await device.get(await askToSignIn(visitor))
    return { sub: guest.sub, enter: () => sendAssertion(visitor, proof) }
  },
  'a sign-in by device key': async (app, node) => {
    const { guest, key } = await guestWithKey(app)
    return { sub: guest.sub, enter: () => signInByDeviceKey(node.browser(), key, guest.sub) }
  },
  'a sign-in by recovery code': async (app, node) => {
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const [code] = await newCodes(browser)
    return { sub, enter: () => useCode(node.browser(), code) }
  },
  'a sign-in by a code to a login ID': async (app, node) => {
    const { guest, value } = await promotedUser({ app, ...book }, `race${people++}@example.org`)
    const visitor = node.browser()
    const transaction = await askForCode(visitor, value, 'sign-in/code/start')
    const code = book.codeTo(value)
    return { sub: guest.sub, enter: () => visitor.post('/guest/sign-in/code', { transaction, code }) }
  },
  'a refresh token': async (app, node) => {
    const { guest, tokens } = await keptClient(app)
    return { sub: guest.sub, enter: () => refresh(node, tokens.refresh_token) }
  },
  'a first passkey of a guest without a row': async (app, node) => {
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const tab = copyOf(node, browser)
    const proof = await app.device().create(await askToRegister(tab))
    return { sub, enter: () => sendRegistration(tab, proof) }
  },
  'a first login ID of a guest without a row': async (app, node) => {
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const tab = copyOf(node, browser)
    const value = `race${people++}@example.org`
    const transaction = await askForCode(tab, value)
    const code = book.codeTo(value)
    return { sub, enter: () => tab.post('/guest/promotion/verify', { transaction, code }) }
  },
  'recovery codes of a guest without a row': async (app, node) => {
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const tab = copyOf(node, browser)
    return { sub, enter: () => tab.post('/guest/recovery-codes') }
  },
  'the undoing of a merge': async (app, node) => {
    const { guest, browser, ticket } = await merged(app)
    const tab = copyOf(node, browser)
    return { sub: guest.sub, enter: () => tab.post('/guest/merge/undo', { ticket, force: true }) }
  },
  'the undoing of a merge of a guest without a row': async (app, node) => {
    const { guest, browser, ticket } = await foldedIn(app)
    const tab = copyOf(node, browser)
    return { sub: guest.sub, enter: () => tab.post('/guest/merge/undo', { ticket, force: true }) }
  },
}

test.each(Object.entries(entries))('%s, while the guest is disabled', async (_, begin) => {
  const meet = createMeeting()
  const counts = { entered: 0, refused: 0 }
  const options = { loginIds: { send: book.send }, merge: recordingHost().hooks }
  const twoNodes = async () => {
    const app = await startTokenApp(options)
    return { app, node: await anotherNode(app, options) }
  }
  await inLanes(rounds, twoNodes, async ({ app, node }) => {
    app.clock.forward(hour) // a network gets few codes an hour
    const { sub, enter } = await begin(app, node)
    const [answer] = await meet(
      enter,
      () => app.guests.disable(sub),
      ([{ status }]) => status < 300,
    )
    expect(answer.status, answer.text).toBeLessThan(500)
    counts[answer.status < 300 ? 'entered' : 'refused']++
    expect(await livingSessions(app, sub)).toEqual([])
    const row = await rowOf(app, { sub })
    if (row) expect(row).toMatchObject({ disabled_reason: 'other' })
    expect(await app.guests.enable(sub), 'it was disabled').toBe(true)
  })
  expect(counts.entered).toBeGreaterThan(0)
  expect(counts.refused).toBeGreaterThan(0)
})
