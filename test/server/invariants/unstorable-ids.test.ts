// A text that a database cannot store is the id of nobody: PostgreSQL answers NUL with an error, which would be a 503.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { endpoints } from '../../../server/http/router.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { sendJson, startTokenApp } from '../../support/tokens.ts'

const unstorable: Record<string, string> = {
  NUL: 'a\0b',
  'NUL alone': '\0',
  'a lone surrogate': '\ud800',
  'a control character': 'a\u0085b',
  'more than 255 characters': 'a'.repeat(256),
  nothing: '',
}
const secret = 'A'.repeat(43)
const tokens = (id: string) => [
  `gkt_~${Buffer.from(id).toString('base64url')}.${secret}`,
  ...(/^[\w-]+$/.test(id) ? [`gkt_${id}.${secret}`] : []),
]
const bytes = ['ff', 'c3', 'eda080', '00', 'f4908080'].map(
  (hex) => `gkt_~${Buffer.from(hex, 'hex').toString('base64url')}.${secret}`,
)

/** What a client asks for with a session token: an endpoint, an optional one, and a route of the host. */
async function start(): Promise<TestApp> {
  return startApp({}, (host, guests) => {
    host.get('/who', guests.requireGuest(), (_req, res) => void res.json({}))
  })
}

describe('an id in a session token', () => {
  test.each(Object.entries(unstorable))('is nobody’s if it is %s', async (_name, id) => {
    const app = await start()
    for (const token of [...tokens(id), ...bytes]) {
      for (const headers of [{ Cookie: `guestkey=${token}` }, { Authorization: `Bearer ${token}` }]) {
        const ask = () => supertest(app.server).get('/guest/userinfo').set(headers)
        await expectRefusal(app, ask, 401, 'session_invalid')
        expect((await supertest(app.server).get('/who').set(headers)).status).toBe(401)
        const verified = await supertest(app.server).get('/guest/verify').set(headers)
        expect(verified.status).toBe(401)
        const signIn = () => sendJson(app, 'sign-in', {}, headers)
        expect((await signIn()).body.code).toBeOneOf(['session_invalid', 'cross_site_request'])
      }
    }
  })
})

describe('NUL in a query', () => {
  test.each(endpoints.filter(({ query }) => query).map(({ method, path }) => [method, path]))(
    'is refused with 400 at %s %s',
    async (method, path) => {
      const device = { id: 'tv', scopes: ['openid'], pairwise: secret, deviceGrant: true }
      const app = await startTokenApp({ clients: [device] })
      const browser = app.browser()
      await browser.signIn()
      const url = `/guest${path.replace(':id', 'x')}`
      const send = supertest(app.server)[method!.toLowerCase() as 'get']
      for (const query of ['?a=%00', '?%00=a', '?moment=%00&force=%00&request=%00']) {
        const { status, text } = await send(url + query)
          .set({ Cookie: browser.cookie!, Origin: app.origin, 'Content-Type': 'application/json' })
          .send(method === 'GET' ? undefined : '{}')
        expect(status, text).toBe(400)
      }
    },
  )
})

describe('an id that the host gives', () => {
  test.each(Object.entries(unstorable))('is nobody’s if it is %s', async (_name, id) => {
    const app = await startApp({}, (host, guests) => {
      host.post('/sign-in', async (req, res) => void res.json(await guests.signInAs(req, res, id)))
    })
    const { guests } = app
    const loginId = { type: 'email', value: 'a@example.com' } as const
    await expect(guests.keep(id)).rejects.toMatchObject({ code: 'invalid_request', status: 400 })
    await expect(guests.promote(id, { loginId, verified: true })).rejects.toMatchObject({ code: 'not_found' })
    await expect(guests.undoMerge(id)).rejects.toMatchObject({ code: 'merge_ticket_invalid' })
    expect(await guests.erase(id)).toBe(false)
    expect(await guests.auditTrail({ anonymousId: id })).toEqual([])
    expect(await guests.webhooks.retry(id)).toBe(0)
    expect((await supertest(app.server).post('/sign-in')).status).toBe(404)
  })

  test.each(Object.entries(unstorable))('has an empty profile if it is %s', async (_name, id) => {
    const { z } = await import('zod')
    const { guests } = await startApp({ profile: z.object({ nickname: z.string() }) })
    expect(await guests.profile.get(id)).toMatchObject({ attributes: {}, updated_at: null })
    await expect(guests.profile.update(id, { nickname: 'a' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
