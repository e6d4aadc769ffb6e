// Signing in by the host, which has its own proof of who asks: signInAs().

import supertest from 'supertest'
import { expect, test } from 'vitest'
import { GuestError } from '../../../../server/index.ts'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { cookiesSet } from '../../../support/refusals.ts'

test.each<[string, unknown]>([
  ['unknown', 'A'.repeat(22)],
  ['empty', ''],
  ['no text', 42],
  ['missing', undefined],
])('a host cannot sign in a guest whose id is %s: not_found, and no cookie is set', async (_, id) => {
  const app = await startApp({}, (host, guests) => {
    host.post('/enter', async (req, res) => {
      const refusal = await guests.signInAs(req, res, id as string).catch((error: unknown) => error)
      res.json({ code: refusal instanceof GuestError && refusal.code })
    })
  })
  await keptGuest(app)
  const answer = await supertest(app.server).post('/enter')
  expect(answer.body).toEqual({ code: 'not_found' })
  expect(cookiesSet(answer)).toEqual([])
})

test('a host cannot sign in a guest who is not kept, and can once it is', async () => {
  const app = await startApp({}, (host, guests) => {
    host.post('/enter/:id', async (req, res) => {
      await guests.signInAs(req, res, req.params.id).then(
        () => res.json({ code: null }),
        (error: GuestError) => res.json({ code: error.code }),
      )
    })
  })
  const guest = await app.browser().signIn()
  const enter = () => supertest(app.server).post(`/enter/${guest.sub}`)
  expect((await enter()).body).toEqual({ code: 'not_found' })
  await app.guests.keep(guest.sub)
  expect((await enter()).body).toEqual({ code: null })
})
