// Merges at the same moment as other requests, jobs and nodes: each guest is wholly merged or not at all.

import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import type { Merge, Options } from '../../../../server/index.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { askToRegister, askToSignIn, sendAssertion, sendRegistration } from '../../../support/ceremonies.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  auditOf,
  livingSessions,
  makeDue,
  merges,
  profile,
  rowOf,
  signedIn,
  startMergingApp,
  subOf,
} from '../../../support/merging.ts'
import { createMeeting, inLanes, roundsOf } from '../../../support/rounds.ts'

const rounds = roundsOf(24, 200)

/** Two nodes on one store; only the first one has hooks. */
async function twoNodes(options: Partial<Options> = {}) {
  const secret = 'a secret that both nodes share, of more than 32 characters'
  const started = await startMergingApp({ secret, ...options })
  const { app } = started
  const node = await startApp({
    secret,
    profile,
    store: app.store,
    origin: app.origin,
    now: app.clock.now,
    ...options,
  })
  return { ...started, node }
}

type Nodes = Awaited<ReturnType<typeof twoNodes>>

/** Runs rounds in lanes. Each lane has two nodes of its own, so that no clean-up disturbs another round. */
const inRounds = (race: (nodes: Nodes, round: number) => Promise<void>) =>
  inLanes(rounds, () => twoNodes(), race)

/** A new guest with a passkey. */
async function newcomer(app: TestApp) {
  const device = app.device()
  const { body, status, text } = await app.browser().addPasskey(device)
  expect(status, text).toBe(201)
  return { device, guest: body as { sub: string } }
}

/** What became of a guest; row, response and hook calls must agree. */
async function outcomeOf(
  app: TestApp,
  guest: { sub: string },
  answer: Response,
  told: Merge[],
  undone: Merge[],
) {
  const about = ({ from }: Merge) => from.anonymous_id === guest.sub
  const brought = told.filter(about).length - undone.filter(about).length
  const [row] = await merges(app, guest)
  const isMerged = row?.status === 'merged'
  expect(answer.body.merged ?? false).toBe(isMerged)
  expect(brought).toBe(isMerged ? 1 : 0)
  const lines = await auditOf(app, { sub: answer.body.sub }, 'guest.merged')
  return { isMerged, stage: (await rowOf(app, guest))?.stage, lines }
}

test('a merge and a registration in another tab of the guest: only one of them is done', async () => {
  const meet = createMeeting()
  const counts = { merged: 0, registered: 0 }
  await inRounds(async ({ app, node, merges: told, undone }, round) => {
    const winner = await newcomer(app)
    const browser = app.browser()
    const guest = await browser.signIn()
    if (round % 2) await app.guests.keep(guest.sub)
    const tab = node.browser()
    for (const [name, value] of browser.cookies) tab.cookies.set(name, value)
    const device = app.device()
    const proof = await device.create(await askToRegister(tab))
    const assertion = await winner.device.get(await askToSignIn(browser))
    const [answer, registered] = await meet(
      () => sendAssertion(browser, assertion),
      () => sendRegistration(tab, proof),
      ([, { status }]) => status !== 201,
    )
    expect(answer.status, answer.text).toBe(200)
    const { isMerged, stage } = await outcomeOf(app, guest, answer, told, undone)
    if (registered.status === 201) {
      // A guest with a passkey is never folded in unasked.
      counts.registered++
      expect({ isMerged, stage }).toEqual({ isMerged: false, stage: 'active' })
      expect(await subOf(tab)).toBe(guest.sub)
      await signedIn(node.browser().signInWithPasskey(device), guest.sub)
    } else {
      expect(registered.status, registered.text).toBe(401)
      expect(['session_invalid', 'guest_merged']).toContain(registered.body.code)
      expect(isMerged).toBe(true)
      counts.merged++
    }
  })
  expect(counts.registered).toBeGreaterThan(0)
  expect(counts.merged).toBeGreaterThan(0)
})

test.each(['erased by the host', 'found due by the clean-up'])(
  'a merge and a guest who is %s: the guest is wholly merged or wholly gone',
  async (how) => {
    const meet = createMeeting()
    const counts = { merged: 0, gone: 0 }
    await inRounds(async ({ app, node, merges: told, undone }) => {
      const winner = await newcomer(app)
      const browser = app.browser()
      const guest = await browser.signIn()
      await app.guests.keep(guest.sub)
      /** The guest's stage after another clean-up. */
      const swept = async () => {
        await node.guests.sweep()
        return (await rowOf(app, guest))?.stage
      }
      const assertion = await winner.device.get(await askToSignIn(browser))
      if (how !== 'erased by the host') await makeDue(app, guest.sub)
      const [answer] = await meet(
        () => sendAssertion(browser, assertion),
        async () => {
          if (how === 'erased by the host') await node.guests.erase(guest.sub)
          else await node.guests.sweep()
        },
        ([{ body }]) => body.merged === true,
      )
      expect(answer.status, answer.text).toBe(200)
      expect(answer.body.sub).toBe(winner.guest.sub)
      if (how === 'erased by the host') {
        // It is erased in any case, before the merge or after it.
        expect(await rowOf(app, guest)).toBeUndefined()
        expect(await merges(app, guest)).toEqual([])
        const about = ({ from }: Merge) => from.anonymous_id === guest.sub
        const done = (await auditOf(app, winner.guest, 'guest.merged')).filter(
          ({ outcome }) => outcome === 'done',
        )
        expect(told.filter(about).length - undone.filter(about).length).toBe(done.length)
        expect(answer.body.merged ?? false).toBe(done.length === 1)
        counts[done.length === 1 ? 'merged' : 'gone']++
      } else {
        const { isMerged, stage } = await outcomeOf(app, guest, answer, told, undone)
        if (isMerged) expect(stage).toBe('merged')
        else await eventually(async () => expect(await swept()).toBeUndefined())
        counts[isMerged ? 'merged' : 'gone']++
      }
      expect(await livingSessions(app, guest.sub)).toEqual([])
    })
    expect(counts.merged).toBeGreaterThan(0)
    expect(counts.gone).toBeGreaterThan(0)
  },
)
