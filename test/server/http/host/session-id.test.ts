// The id of the session in req.guest, by which a host finds what it has open for a session that has ended.

import { expect, test } from 'vitest'
import { sessionIdOf, startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'

test('req.guest has the id of the session, which JSON of the guest does not have', async () => {
  const app = await startApp({}, (host, guests) => {
    host.get('/session', guests.requireGuest(), (req, res) => {
      const { session_id } = req.guest!
      res.json({ session_id, keys: Object.keys(req.guest!), copy: { ...req.guest } })
    })
    host.post('/join', async (req, res) => {
      const { guest } = await guests.signInAnonymously(req, res)
      res.json({ guest, session_id: [guest.session_id, req.guest!.session_id] })
    })
  })
  const { browser, device, guest } = await keptGuest(app)
  for (const one of [browser, app.browser()]) {
    if (one !== browser) await one.signInWithPasskey(device)
    const { body } = await one.get('/session')
    expect(body.session_id).toBe(await sessionIdOf(one))
    expect(body.keys).not.toContain('session_id')
    expect(body.copy).toMatchObject({ sub: guest.sub })
    expect(body.copy).not.toHaveProperty('session_id')
  }
  const { body } = await app.browser().post('/join')
  expect(body.session_id).toEqual([body.guest.sub, body.guest.sub])
  expect(body.guest).not.toHaveProperty('session_id')
})
