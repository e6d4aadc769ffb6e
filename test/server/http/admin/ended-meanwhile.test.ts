// An operator whose session ends after the gate has let the request in, and before the change is written: nothing is changed.

import { expect, test } from 'vitest'
import { type Visit, walkAdmin } from '../../../support/admin-walk.ts'
import { holdLock } from '../../../support/lock.ts'
import { foldedIn } from '../../../support/merging.ts'
import { admin, join, refusal, startAdmin, why } from '../../../support/operators.ts'
import { execute, tables } from '../../../support/tables.ts'

/** What these do is a read, or a ceremony that has no session yet. */
const writesNothing = ({ method, path, may }: Visit['one']) =>
  method === 'GET' || may === 'anybody' || path.endsWith('/options') || path === '/guests/find'

/** Sends the request while nothing can be written, and ends the sessions of all operators in the same moment. */
async function sentAsSessionsEnd({ app, url, body, browser }: Visit) {
  const release = await holdLock(app.store)
  let isAnswered = false
  const answer = browser.post(url, body).finally(() => {
    isAnswered = true
  })
  // When these are answered, the gate has let it in: each reads the session too.
  for (let turn = 0; turn < 5; turn++) await browser.get(`${admin}/me`)
  expect(isAnswered, url).toBe(false)
  await release('UPDATE operator_sessions SET expires_at = -expires_at')
  return answer
}

test('an operator whose session ends while a change waits to be written changes nothing, whatever it is', async () => {
  const seen: string[] = []
  await walkAdmin(async (visit) => {
    const { app, one, url, body, browser } = visit
    if (!writesNothing(one)) {
      const before = await tables(app.store)
      const cookies = new Map(browser.cookies)
      const refused = await sentAsSessionsEnd(visit)
      await execute(app.store, 'UPDATE operator_sessions SET expires_at = -expires_at')
      expect(refusal(refused), one.path).toBe('401 session_invalid')
      expect(await tables(app.store), one.path).toEqual(before)
      expect(browser.cookies, one.path).toEqual(cookies)
      seen.push(one.path)
    }
    const answer = one.method === 'GET' ? await browser.get(url) : await browser.post(url, body)
    expect(answer.status, `${one.path} ${answer.text}`).toBeLessThan(300)
    return answer
  })
  expect(seen.length).toBeGreaterThan(25)
})

test('a merge that such an operator undoes stands, and the host is told to do it again', async () => {
  const told: string[] = []
  const app = await startAdmin({
    merge: {
      onMerge: () => void told.push('merge'),
      async onUndoMerge() {
        told.push('undo')
        await execute(app.store, 'DELETE FROM operator_sessions')
      },
    },
  })
  const owner = await join(app, 'owner')
  const { guest, winner } = await foldedIn(app)
  const { ticket } = (await app.guests.get(guest.sub))!.merges[0]!
  const refused = await owner.browser.post(`${admin}/merges/undo`, { ticket, ...why })
  expect(refusal(refused)).toBe('401 session_invalid')
  expect(told).toEqual(['merge', 'undo', 'merge'])
  expect((await app.guests.get(winner.guest.sub))!.merges).toMatchObject([{ ticket, status: 'merged' }])
})
