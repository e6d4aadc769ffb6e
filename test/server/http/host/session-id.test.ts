// The id of the session in req.guest, by which a host finds what it has open for a session that has ended.

import { expect, test } from 'vitest'
import { sessionIdOf, startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'

test('req.guest has the id of the session, which JSON of the guest does not have', async () => {
  const app = await startApp({}, (host, guests) => {
    host.get('/session', guests.requireGuest(), (req, res) => {
      const { sessionId } = req.guest!
      res.json({ sessionId, keys: Object.keys(req.guest!), copy: { ...req.guest } })
    })
    host.post('/join', async (req, res) => {
      const { record } = await guests.signInAnonymously(req, res)
      res.json({ record, sessionId: [record.sessionId, req.guest!.sessionId] })
    })
  })
  const { browser, device, guest } = await keptGuest(app)
  for (const one of [browser, app.browser()]) {
    if (one !== browser) await one.signInWithPasskey(device)
    const { body } = await one.get('/session')
    expect(body.sessionId).toBe(await sessionIdOf(one))
    expect(body.keys).not.toContain('sessionId')
    expect(body.copy).toMatchObject({ sub: guest.sub })
    expect(body.copy).not.toHaveProperty('sessionId')
  }
  const { body } = await app.browser().post('/join')
  expect(body.sessionId).toEqual([body.record.sub, body.record.sub])
  expect(body.record).not.toHaveProperty('sessionId')
})
