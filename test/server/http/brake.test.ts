// The brake: in a flood, a new guest and what costs as much take a proof of work; before that nothing changes.

import type { Challenge } from 'altcha-lib'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { BotCheckPurpose, Options } from '../../../server/index.ts'
import { startApp } from '../../support/app.ts'
import { storeWithTables } from '../../support/engine.ts'
import { discover, openIdClient, press, request, startProviding } from '../../support/openid-app.ts'
import { prove } from '../../support/proof-of-work.ts'
import { tables } from '../../support/tables.ts'

type App = Awaited<ReturnType<typeof startApp>>
const minute = 60
const secret = 's'.repeat(43)
const brake = (perNetwork: number, perNode = 600) => ({ proofOfWork: { perNetwork, perNode } })

/** Asks for a new guest. */
const ask = (app: App, headers: Record<string, string> = {}, path = '/guest/sign-in', body: object = {}) =>
  app.browser().post(path, body, headers)

/** An app in which a network has had what is free in this minute, and the challenge that it gets next. */
async function inFlood(options: Partial<Options> = {}) {
  const app = await startApp({ ...brake(1), secret, ...options })
  expect((await ask(app)).status).toBe(200)
  return { app, challenge: await challengeOf(app) }
}
async function challengeOf(app: App, path?: string, body?: object): Promise<Challenge> {
  const { status, body: problem } = await ask(app, {}, path, body)
  expect([status, problem.code]).toEqual([429, 'proof_of_work_required'])
  return problem.challenge
}

describe('a network', () => {
  test('asks for as many guests a minute as are free; one more takes work, and tells when it is free again', async () => {
    const app = await startApp(brake(3))
    for (let i = 0; i < 3; i++) expect((await ask(app)).status).toBe(200)
    const { status, headers, body } = await ask(app)
    expect([status, headers['retry-after'], body.code]).toEqual([429, '60', 'proof_of_work_required'])
    expect(headers['set-cookie']).toBeUndefined()
    app.clock.forward(minute)
    expect((await ask(app)).status).toBe(200)
  })

  test('goes on as a guest who is there without work', async () => {
    const app = await startApp(brake(1))
    const browser = app.browser()
    expect((await browser.post('/guest/sign-in')).status).toBe(200)
    await challengeOf(app)
    expect((await browser.post('/guest/sign-in')).status).toBe(200)
  })

  test('is asked for more the more it asks for, up to ten times as much', async () => {
    const app = await startApp(brake(1))
    await ask(app)
    const counters: number[] = []
    for (let i = 2; i <= 14; i++) {
      const proof = JSON.parse(Buffer.from(await prove(await challengeOf(app)), 'base64').toString())
      counters.push(proof.solution.counter)
    }
    // 1,200 counters for each time, half as much at least, half as much again at most.
    counters.forEach((tries, i) => {
      const work = Math.min(10, i + 2)
      expect(tries).toBeGreaterThanOrEqual(600 * work)
      expect(tries).toBeLessThanOrEqual(1800 * work)
    })
  })
})

describe('a node', () => {
  const from = (i: number) => ({ 'X-Forwarded-For': `192.0.2.${i}` })
  const start = (perNode: number) => startApp(brake(10, perNode), (app) => void app.set('trust proxy', true))

  test('takes work from everybody when all networks together ask for more than is free', async () => {
    // The routes come after the router, but the setting is one of the app.
    const app = await start(20)
    for (let i = 0; i < 20; i++) expect((await ask(app, from(i))).status).toBe(200)
    expect((await ask(app, from(99))).body.code).toBe('proof_of_work_required')
  })

  test('takes five times as much as usual for a flood, and forgets what was usual', async () => {
    const app = await start(10)
    const letIn = async (count: number) => {
      let n = 0
      for (let i = 0; i < count; i++) if ((await ask(app, from(i))).status === 200) n++
      return n
    }
    for (let i = 0; i < 120; i++) {
      expect(await letIn(8)).toBe(8)
      app.clock.forward(minute)
    }
    // Usual: 8 × (1 − (59/60)^120) = 6.9 a minute.
    expect(await letIn(60)).toBe(34)
    app.clock.forward(600 * minute)
    expect(await letIn(60)).toBe(10)
  })
})

describe('a proof', () => {
  test('lets one guest in, and no second one, at any node', async () => {
    const { app, challenge } = await inFlood()
    const other = await startApp({ ...brake(1), secret, store: app.store })
    const Altcha = await prove(challenge)
    expect((await ask(app, { Altcha })).status).toBe(200)
    expect((await ask(app, { Altcha })).body.code).toBe('proof_of_work_required')
    expect((await ask(other)).status).toBe(200)
    expect((await ask(other, { Altcha })).body.code).toBe('proof_of_work_required')
  })

  test('of one node counts at another one, once', async () => {
    const { app, challenge } = await inFlood()
    const other = await startApp({ ...brake(1), secret, store: app.store })
    const Altcha = await prove(challenge)
    await ask(other)
    expect((await ask(other, { Altcha })).status).toBe(200)
    expect((await ask(app, { Altcha })).body.code).toBe('proof_of_work_required')
  })

  test('leaves one row, with the nonce of the challenge alone, which expires with it', async () => {
    const { app, challenge } = await inFlood()
    const { nonce, expiresAt } = challenge.parameters
    const before = await app.rows()
    expect((await ask(app, { Altcha: await prove(challenge) })).status).toBe(200)
    expect(await app.rows()).toEqual({ ...before, spent: 1 })
    const [row] = (await tables(app.store)).spent!
    expect(JSON.parse(row!)).toEqual({ id: nonce, expires_at: expiresAt, result: null, ended_at: null })
  })

  test('counts for five minutes', async () => {
    const { app, challenge } = await inFlood()
    const Altcha = await prove(challenge)
    app.clock.forward(5 * minute)
    await ask(app)
    expect((await ask(app, { Altcha })).body.code).toBe('proof_of_work_required')
  })

  test('for one purpose counts for no other one', async () => {
    const app = await startApp({ ...brake(1), loginIds: { send() {} } })
    const guest = app.browser()
    await guest.post('/guest/sign-in')
    const { body } = await guest.post('/guest/promotion/start', { type: 'email', value: 'a@example.com' })
    expect(body.code).toBe('proof_of_work_required')
    const Altcha = await prove(body.challenge)
    expect((await ask(app, { Altcha })).body.code).toBe('proof_of_work_required')
  })

  /** What is sent in place of a proof of the challenge. */
  const wrong: [string, (challenge: Challenge, proof: string) => string][] = [
    ['no base64', () => 'ALTCHA'],
    ['no object', () => btoa('[]')],
    ['nothing of its kind', () => btoa('{"challenge":{},"solution":null}')],
    [
      'a wrong key',
      (challenge) =>
        btoa(JSON.stringify({ challenge, solution: { counter: 0, derivedKey: '00'.repeat(32) } })),
    ],
    [
      'an easier challenge of its own',
      (challenge, proof) => {
        const { solution } = JSON.parse(atob(proof))
        const easier = { ...challenge, parameters: { ...challenge.parameters, cost: 1 } }
        return btoa(JSON.stringify({ challenge: easier, solution }))
      },
    ],
    [
      'a challenge that ends later',
      (challenge, proof) => {
        const { solution } = JSON.parse(atob(proof))
        const { parameters } = challenge
        const later = { ...challenge, parameters: { ...parameters, expiresAt: parameters.expiresAt! + 600 } }
        return btoa(JSON.stringify({ challenge: later, solution }))
      },
    ],
  ]
  test.each(wrong)('that is %s counts for nothing', async (_name, wrongly) => {
    const { app, challenge } = await inFlood()
    const proof = await prove(challenge)
    expect((await ask(app, { Altcha: wrongly(challenge, proof) })).body.code).toBe('proof_of_work_required')
    expect((await ask(app, { Altcha: proof })).status).toBe(200)
  })

  test('of another deployment counts for nothing', async () => {
    const { app } = await inFlood()
    const { challenge } = await inFlood({ secret: 'd'.repeat(43) })
    expect((await ask(app, { Altcha: await prove(challenge) })).body.code).toBe('proof_of_work_required')
  })

  test('counts while the secret changes', async () => {
    const store = await storeWithTables()
    const [old, next] = ['o', 'n'].map((letter) => letter.repeat(43))
    const { challenge } = await inFlood({ store, secret: old! })
    const app = await startApp({ ...brake(1), store, secret: [next!, old!] })
    await ask(app)
    expect((await ask(app, { Altcha: await prove(challenge) })).status).toBe(200)
  })
})

describe('work is asked for', () => {
  const spend = async (app: App) => void (await ask(app))
  const asGuest = async (app: App) => {
    const guest = app.browser()
    await guest.post('/guest/sign-in')
    return guest
  }

  test.each<[string, string, object]>([
    ['a passkey of a new guest', '/guest/passkeys/register/options', {}],
    ['a code to sign in', '/guest/sign-in/code/start', { type: 'email', value: 'a@example.com' }],
  ])('for %s', async (_name, path, body) => {
    const app = await startApp({ ...brake(1), loginIds: { send() {} } })
    await spend(app)
    const challenge = await challengeOf(app, path, body)
    expect((await ask(app, { Altcha: await prove(challenge) }, path, body)).status).toBe(200)
  })

  test.each<[string, string, object, number]>([
    ['recovery codes of a guest who is not kept', '/guest/recovery-codes', {}, 201],
    ['a code to a new address', '/guest/promotion/start', { type: 'email', value: 'a@example.com' }, 200],
    ['a link for another device', '/guest/device-links', {}, 201],
  ])('for %s', async (_name, path, body, done) => {
    const app = await startApp({ ...brake(1), loginIds: { send() {} } })
    const guest = await asGuest(app)
    const { body: problem } = await guest.post(path, body)
    expect(problem.code).toBe('proof_of_work_required')
    const { status } = await guest.post(path, body, { Altcha: await prove(problem.challenge) })
    expect(status).toBe(done)
    // A guest who is kept by now needs no work to stay so.
    if (path.endsWith('codes')) expect((await guest.post(path, body)).status).toBe(201)
  })

  test('for a new guest of a client, whose error is one of OAuth', async () => {
    const app = await startApp({ ...brake(1), clients: [{ id: 'app' }] })
    const form = { grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'app' }
    // An app that is no page: it sends no Origin.
    const grant = (headers = {}) => supertest(app.server).post('/guest/token').set(headers).send(form)
    await spend(app)
    const { status, body } = await grant()
    expect([status, body.error, body.code]).toEqual([
      429,
      'temporarily_unavailable',
      'proof_of_work_required',
    ])
    const Altcha = await prove(body.challenge)
    expect((await grant({ Altcha })).status).toBe(200)
  })

  test('on our pages, which cannot do it: they say that there are too many, and botCheck counts there', async () => {
    const clients = [openIdClient('wiki')]
    for (const options of [
      { ...brake(1), clients },
      { clients, botCheck: () => false },
    ]) {
      const app = await startProviding(options)
      const page = await app.browser().get((await request(await discover(app))).path)
      const visit = async () => press(app, app.browser(), page)
      const statuses = [(await visit()).status, (await visit()).status]
      expect(statuses).toEqual('botCheck' in options ? [403, 403] : [303, 429])
    }
  })

  test('not for a backend, which has proven who it is', async () => {
    const secret = 'a secret of this client, not short'
    const app = await startApp({ ...brake(1), clients: [{ id: 'app', kind: 'confidential', secret }] })
    const form = { grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous', client_id: 'app' }
    for (let i = 0; i < 3; i++) {
      const answer = await supertest(app.server)
        .post('/guest/token')
        .send({ ...form, client_secret: secret })
      expect(answer.status).toBe(200)
    }
  })

  test.each<Partial<Options>>([{ rateLimit: { perMinute: 1000 }, proofOfWork: false }, { rateLimit: false }])(
    'never, if it is off: %o',
    async (options) => {
      const app = await startApp(options)
      for (let i = 0; i < 100; i++) expect((await ask(app)).status).toBe(200)
    },
  )

  test('from the 61st guest of a network in a minute on, by default', async () => {
    const app = await startApp({ rateLimit: { perMinute: 1000 } })
    for (let i = 0; i < 60; i++) expect((await ask(app)).status).toBe(200)
    await challengeOf(app)
  })
})

describe('botCheck', () => {
  const asked: BotCheckPurpose[] = []
  const says = (answer: boolean | undefined) => (_req: unknown, purpose: BotCheckPurpose) => {
    asked.push(purpose)
    return Promise.resolve(answer)
  }

  test('false refuses, in calm weather too', async () => {
    const app = await startApp({ botCheck: says(false) })
    const { status, body } = await ask(app)
    expect([status, body.code]).toEqual([403, 'bot_check_failed'])
  })

  test('true lets in without work, and undefined leaves it to the work', async () => {
    const app = await startApp({ ...brake(1), botCheck: says(true) })
    for (let i = 0; i < 3; i++) expect((await ask(app)).status).toBe(200)
    const other = await startApp({ ...brake(1), botCheck: says(undefined) })
    await ask(other)
    await challengeOf(other)
  })

  test('gets the request and what it is for', async () => {
    const seen: unknown[] = []
    const app = await startApp({
      botCheck: (req, purpose) => {
        seen.push([req.headers['x-captcha'], purpose])
        return req.headers['x-captcha'] === 'right'
      },
    })
    const guest = app.browser()
    expect((await guest.post('/guest/sign-in', {}, { 'X-Captcha': 'right' })).status).toBe(200)
    expect((await guest.post('/guest/recovery-codes', {})).body.code).toBe('bot_check_failed')
    expect(seen).toEqual([
      ['right', 'guest'],
      [undefined, 'keep'],
    ])
  })

  test('that fails refuses the request, and the log says why', async () => {
    const app = await startApp({
      botCheck() {
        throw new Error('no answer from the CAPTCHA')
      },
    })
    expect((await ask(app)).body.code).toBe('internal_error')
    expect(app.logs.find(({ level }) => level === 'error')?.fields.cause).toMatch(
      /no answer from the CAPTCHA/,
    )
  })
})
