// The clean-up and a guest who comes back at the same moment: all of the guest is there, or nothing.

import { setTimeout } from 'node:timers/promises'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import type { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import {
  askToRegister,
  askToSignIn,
  copyOf,
  sendAssertion,
  sendRegistration,
} from '../../../support/ceremonies.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  day,
  expectDead,
  give,
  keptGuest,
  margin,
  sealedGuest,
  start,
  whoIs,
} from '../../../support/forgetting.ts'
import { guestRow, tracesOf, unixSeconds } from '../../../support/guest-rows.ts'
import { createMeeting, inLanes, roundsOf } from '../../../support/rounds.ts'
import { execute } from '../../../support/tables.ts'

const rounds = roundsOf(24, 200)

/** Runs the rounds in lanes with one app each, so that no round meets the clean-up of another round. */
const inRounds = (race: (app: TestApp, round: number) => Promise<void>) =>
  inLanes(rounds, () => start(patient), race)

/** The host has nothing to move in a merge, so a kept guest may be merged. */
const patient: Partial<Options> = {
  ...{ challengeSeconds: day, stepUpSeconds: day, sessions: { max: 10_000 } },
  merge: { onMerge: () => {} },
}

/** A guest who begins with a passkey, and has a profile. */
async function newcomer(app: TestApp) {
  const [browser, device] = [app.browser(), app.device()]
  const { body, status, text } = await browser.addPasskey(device)
  expect(status, text).toBe(201)
  expect((await give(browser)).status).toBe(200)
  return { browser, device, guest: body as { sub: string } }
}

/** Makes the guest due for the next step. */
async function makeDue(app: TestApp, id: string, stage: 'warned' | 'expired'): Promise<void> {
  const due = unixSeconds(app) - 2 * margin
  await execute(
    app.store,
    `${stage === 'expired' ? `DELETE FROM sessions WHERE anonymous_id = '${id}';` : ''}
    UPDATE guests SET stage = '${stage}', expires_at = ${due}, due_at = ${due}, last_seen_at = ${due - 250 * day} WHERE anonymous_id = '${id}'`,
  )
}

/** Runs the request and the clean-up at once, with another offset in each round. In some rounds one ends before the other. */
const atOffset = async (app: TestApp, round: number, send: () => Promise<Response>): Promise<Response> => {
  const step = (round % 30) - 15
  if (step < -13) {
    const answer = await send()
    await app.guests.sweep()
    return answer
  }
  if (step > 13) {
    await app.guests.sweep()
    return send()
  }
  const after = <T>(ms: number, work: () => Promise<T>) => (ms > 0 ? setTimeout(ms).then(work) : work())
  const [answer] = await Promise.all([after(step / 2, send), after(-step / 2, () => app.guests.sweep())])
  return answer
}

/** Runs the request and the clean-up at once, so that in about half of the rounds the request succeeds. */
function createRace(isDone = ({ status }: Response) => status < 300) {
  const meet = createMeeting()
  return async (app: TestApp, send: () => Promise<Response>): Promise<Response> => {
    const sweep = () => app.guests.sweep()
    const [answer] = await meet(send, sweep, ([response]) => isDone(response))
    return answer
  }
}

const expectGone = async (app: TestApp, sub: string) => {
  const { audit: _audit, spent: _spent, merges: _merges, ...left } = await tracesOf(app, sub)
  expect(left).toEqual({})
}

const expectAlive = async (app: TestApp, browser: Browser, sub: string, passkeys: number) => {
  expect((await whoIs(browser)).sub).toBe(sub)
  expect((await browser.get('/guest/passkeys')).body.passkeys).toHaveLength(passkeys)
  expect((await browser.get('/guest/profile')).body.attributes).toMatchObject({ nickname: 'Fox' })
  expect(await guestRow(app, sub)).toMatchObject({ stage: 'active' })
}

const proofOf = async (app: TestApp, device: SoftwareAuthenticator) =>
  device.get(await askToSignIn(app.browser()))

test('expiry against a passkey sign-in: the guest lives, whichever comes first', async () => {
  await inRounds(async (app, round) => {
    const { device, guest } = await newcomer(app)
    const proof = await proofOf(app, device)
    await makeDue(app, guest.sub, 'warned')
    const browser = app.browser()
    const answer = await atOffset(app, round, () => sendAssertion(browser, proof))
    expect(answer.status, answer.text).toBe(200)
    await expectAlive(app, browser, guest.sub, 1)
  })
})

test('erasure against a passkey sign-in: everything is there, or nothing', async () => {
  const atOnce = createRace()
  const came = { back: 0, late: 0 }
  await inRounds(async (app) => {
    const { device, guest } = await newcomer(app)
    const proof = await proofOf(app, device)
    await makeDue(app, guest.sub, 'expired')
    const browser = app.browser()
    const answer = await atOnce(app, () => sendAssertion(browser, proof))
    if (answer.status === 200) await expectAlive(app, browser, guest.sub, 1)
    else {
      expect(`${answer.status} ${answer.body.code}`).toBe('401 authentication_failed')
      expect(browser.token).toBeUndefined()
      await expectGone(app, guest.sub)
    }
    came[answer.status === 200 ? 'back' : 'late']++
  })
  expect(Math.min(came.back, came.late), JSON.stringify(came)).toBeGreaterThan(0)
})

test('expiry against a second passkey: it is added, or the guest expires and signs in with the first', async () => {
  const atOnce = createRace()
  const came = { back: 0, late: 0 }
  await inRounds(async (app) => {
    const { browser, device, guest } = await newcomer(app)
    const proof = await app.device().create(await askToRegister(browser))
    await makeDue(app, guest.sub, 'warned')
    const answer = await atOnce(app, () => sendRegistration(browser, proof))
    if (answer.status === 201) await expectAlive(app, browser, guest.sub, 2)
    else {
      expect(`${answer.status} ${answer.body.code}`).toBe('401 session_invalid')
      await expectDead(app, browser)
      expect(await guestRow(app, guest.sub)).toMatchObject({ stage: 'expired' })
      await browser.signInWithPasskey(device)
      await expectAlive(app, browser, guest.sub, 1)
    }
    came[answer.status === 201 ? 'back' : 'late']++
  })
  expect(Math.min(came.back, came.late), JSON.stringify(came)).toBeGreaterThan(0)
})

test('erasure against a first passkey: the guest is kept with it, or erased', async () => {
  const atOnce = createRace()
  const came = { back: 0, late: 0 }
  await inRounds(async (app) => {
    const { browser, guest } = await keptGuest(app)
    const proof = await app.device().create(await askToRegister(browser))
    await makeDue(app, guest.sub, 'warned')
    const copy = copyOf(app, browser)
    const answer = await atOnce(app, () => sendRegistration(browser, proof))
    await expectDead(app, copy)
    if (answer.status === 201) await expectAlive(app, browser, guest.sub, 1)
    else {
      expect(`${answer.status} ${answer.body.code}`).toBe('401 session_invalid')
      await expectGone(app, guest.sub)
    }
    came[answer.status === 201 ? 'back' : 'late']++
  })
  expect(Math.min(came.back, came.late), JSON.stringify(came)).toBeGreaterThan(0)
})

test('erasure against a merge: the guest is merged with its profile, or erased before', async () => {
  const atOnce = createRace(({ body }) => body.merged === true)
  const came = { merged: 0, gone: 0 }
  await inRounds(async (app) => {
    const { device, guest } = await newcomer(app)
    const left = await sealedGuest(app)
    await left.browser.patch('/guest/profile', { attributes: { note: 'brought along' } })
    const proof = await device.get(await askToSignIn(left.browser))
    const copy = copyOf(app, left.browser)
    await makeDue(app, left.guest.sub, 'warned')
    const answer = await atOnce(app, () => sendAssertion(left.browser, proof))
    expect(answer.status, answer.text).toBe(200)
    await expectAlive(app, left.browser, guest.sub, 1)
    const { note } = (await left.browser.get('/guest/profile')).body.attributes
    const row = await guestRow(app, left.guest.sub)
    expect(note).toBe(row ? 'brought along' : undefined)
    if (row) expect(row.stage).toBe('merged')
    else await expectGone(app, left.guest.sub)
    expect((await copy.get('/guest/userinfo')).status).toBe(401)
    came[row ? 'merged' : 'gone']++
  })
  expect(Math.min(came.merged, came.gone), JSON.stringify(came)).toBeGreaterThan(0)
})

test('expiry against use: the guest stays signed in, or expires completely', async () => {
  await inRounds(async (app, round) => {
    const { browser, device, guest } = await newcomer(app)
    app.clock.forward(11 * 60)
    await makeDue(app, guest.sub, 'warned')
    const answer = await atOffset(app, round, () =>
      browser.patch('/guest/profile', { attributes: { note: `${round}` } }),
    )
    await seenOrExpired(app, guest.sub)
    const { stage } = (await guestRow(app, guest.sub))!
    if (stage === 'expired') {
      await expectDead(app, browser)
      await browser.signInWithPasskey(device)
    }
    await expectAlive(app, browser, guest.sub, 1)
    const { note } = (await browser.get('/guest/profile')).body.attributes
    expect(note).toBe(answer.status === 200 ? `${round}` : undefined)
  })
})

const seenOrExpired = (app: TestApp, sub: string) =>
  eventually(async () => expect((await guestRow(app, sub))!.stage).not.toBe('warned'))
