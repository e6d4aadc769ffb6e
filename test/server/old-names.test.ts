// The names that fields and parameters had in 0.5 still work in 0.6: see server/old-names.ts.

import { expect, test } from 'vitest'
import type { CodeMessage, Promotion } from '../../server/index.ts'
import { startApp } from '../support/app.ts'
import { codeBook, promote } from '../support/promotion.ts'

const address = 'ada@example.org'

test('send and onPromote get the old names beside the new ones, which alone are in JSON', async () => {
  const book = codeBook()
  const sent: CodeMessage[] = []
  const promotions: Promotion[] = []
  const app = await startApp({
    rpName: 'Jotter',
    loginIds: {
      send(message: CodeMessage) {
        sent.push(message)
        return book.send(message)
      },
      onPromote: (promotion: Promotion) => void promotions.push(promotion),
    },
  })
  const browser = app.browser()
  await browser.signIn()
  expect((await promote(book, browser, address)).status).toBe(200)
  expect([sent[0]!.rp_name, sent[0]!.rpName]).toEqual(['Jotter', 'Jotter'])
  expect(JSON.stringify(sent[0])).not.toContain('rpName')
  const loginId = { type: 'email', value: address }
  expect([promotions[0]!.login_id, promotions[0]!.loginId]).toEqual([loginId, loginId])
  expect(Object.keys(promotions[0]!)).toEqual(['guest', 'login_id'])
})

test('rotateSigningKeys() and import() return the old names too', async () => {
  const { guests } = await startApp()
  const rotation = await guests.rotateSigningKeys()
  expect(rotation.signsFrom).toBe(rotation.signs_from)
  expect(rotation.previousRetiresAt).toBe(rotation.previous_retires_at)
  const summary = await guests.import([{ sub: '' }, { sub: 'one' }])
  expect([summary.with_problems, summary.withProblems]).toEqual([1, 1])
})

test('signInAnonymously() and signInAs() return the guest under its old name too', async () => {
  const app = await startApp({}, (host, guests) => {
    host.post('/enter', async (req, res) => {
      const anonymous = await guests.signInAnonymously(req, res)
      await guests.keep(anonymous.guest)
      const back = await guests.signInAs(req, res, anonymous.guest.sub)
      res.json({ anonymous, back, same: [anonymous, back].map(({ guest, record }) => record === guest) })
    })
  })
  const { anonymous, back, same } = (await app.browser().post('/enter')).body
  expect(same).toEqual([true, true])
  expect([Object.keys(anonymous), Object.keys(back)]).toEqual(Array(2).fill(['token', 'guest']))
  const request = new Request(app.origin, { method: 'POST' })
  const { guest, record, headers } = await app.guests.signInAnonymously(request)
  expect(record).toBe(guest)
  expect(headers.getSetCookie()).toHaveLength(1)
})

test('auditTrail() takes the id under its old name too', async () => {
  const app = await startApp({ keep: 'always' })
  const [one, other] = [await app.browser().signIn(), await app.browser().signIn()]
  const trail = await app.guests.auditTrail({ anonymousId: one.sub })
  expect(trail.map(({ anonymous_id }) => anonymous_id)).toContain(one.sub)
  expect(await app.guests.auditTrail({ anonymous_id: one.sub })).toEqual(trail)
  expect(await app.guests.auditTrail({ anonymousId: other.sub })).not.toEqual(trail)
})
