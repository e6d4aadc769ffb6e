// Codes: six digits, valid once, for ten minutes and five attempts; how many are sent, and what responses tell.

import type { Response } from 'supertest'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { seal } from '../../../../server/core/crypto/seal.ts'
import { deriveKeys, hashToken, mac } from '../../../../server/core/crypto/secrets.ts'
import { readCode } from '../../../../server/core/login-ids/codes.ts'
import type { Options } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, flipBit } from '../../../support/ceremonies.ts'
import { startDeaf } from '../../../support/deaf.ts'
import { eventually } from '../../../support/eventually.ts'
import { freePort } from '../../../support/free-port.ts'
import { startMailbox } from '../../../support/mailbox.ts'
import {
  askForCode,
  email,
  loginIdsOf,
  not,
  promote,
  promotedUser,
  startPromotingApp,
} from '../../../support/promotion.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import { sendJson } from '../../../support/tokens.ts'

const minute = 60
const hour = 60 * minute
const ada = 'ada@example.org'

/** A guest to whom a code was sent. */
async function guestWithCode(options?: Partial<Options>) {
  const promoting = await startPromotingApp(options)
  const browser = promoting.app.browser()
  const guest = await browser.signIn()
  const transaction = await askForCode(browser, ada)
  const code = promoting.codeTo(ada)
  const give = (given = code, to = transaction, as = browser) =>
    as.post('/guest/promotion/verify', { transaction: to, code: given })
  return { ...promoting, browser, guest, transaction, code, give }
}

const codesOf = (answers: Response[]) => answers.map(({ status, body }) => body.code ?? status)

describe('a code', () => {
  test('has six digits, names its receiver and purpose, and works for ten minutes', async () => {
    const { app, sent, code, browser, guest } = await guestWithCode({ rpName: 'Jotter' })
    const now = Math.floor(app.clock.now() / 1000)
    expect(sent).toEqual([
      {
        type: 'email',
        value: ada,
        code,
        purpose: 'promote',
        rp_name: 'Jotter',
        expires_at: now + 10 * minute,
      },
    ])
    expect(code).toMatch(/^\d{6}$/)
    const { body } = await browser.post('/guest/sign-in/code/start', email(ada))
    expect(body).toEqual({ transaction: expect.any(String), expires_at: now + 10 * minute })
    expect(guest.isAnonymous).toBe(true)
  })

  test('works with spaces in it and until its last second, and not after', async () => {
    const one = await guestWithCode()
    one.app.clock.forward(10 * minute - 1)
    expect((await one.give(` ${one.code.slice(0, 3)} ${one.code.slice(3)} `)).status).toBe(200)
    const late = await guestWithCode()
    late.app.clock.forward(10 * minute)
    await expectRefusal(late.app, () => late.give(), 400, 'code_expired')
  })

  test('is dead after five wrong attempts, even if the next one is right', async () => {
    const { app, code, give, browser } = await guestWithCode()
    for (let i = 0; i < 5; i++) expect((await give(not(code))).body.code).toBe('code_wrong')
    await expectRefusal(app, () => give(), 400, 'code_expired')
    expect((await browser.get('/guest/userinfo')).body.isAnonymous).toBe(true)
  })

  test('works at the fifth attempt', async () => {
    const { code, give } = await guestWithCode()
    for (let i = 0; i < 4; i++) await give(not(code))
    expect((await give()).status).toBe(200)
  })

  test('counts five of 20 wrong attempts at once, and is dead then', async () => {
    const { code, give, browser, app } = await guestWithCode()
    const tabs = Array.from({ length: 20 }, () => copyOf(app, browser))
    const answers = await Promise.all(
      tabs.map((tab, i) => give(String((Number(code) + i + 1) % 1e6).padStart(6, '0'), undefined, tab)),
    )
    const counts = codesOf(answers)
    expect(counts.filter((one) => one === 'code_wrong')).toHaveLength(5)
    expect(counts.filter((one) => one === 'code_expired')).toHaveLength(15)
    expect((await give()).body.code).toBe('code_expired')
  })

  test('for a sign-in also has five attempts, even if all come at once', async () => {
    const promoting = await startPromotingApp()
    await promotedUser(promoting, ada)
    const { app } = promoting
    const transaction = await askForCode(app.browser(), ada, 'sign-in/code/start')
    const code = promoting.codeTo(ada)
    const give = (given: string) => app.browser().post('/guest/sign-in/code', { transaction, code: given })
    const answers = await Promise.all(Array.from({ length: 20 }, () => give(not(code))))
    expect(codesOf(answers).filter((one) => one === 'code_wrong')).toHaveLength(5)
    await expectRefusal(app, () => give(code), 400, 'code_expired')
  })

  test('works once, even in 20 tabs at once', async () => {
    const { code, transaction, app } = await guestWithCode()
    const others = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const tab = app.browser()
        await tab.signIn()
        return tab
      }),
    )
    // Only the guest who asked can use it. Other guests cannot, and their attempts do not count.
    const strangers = await Promise.all(
      others.map((tab) => tab.post('/guest/promotion/verify', { transaction, code })),
    )
    expect(codesOf(strangers)).toEqual(Array(20).fill('code_expired'))
    const promoting = await startPromotingApp()
    const { guest } = await promotedUser(promoting, ada)
    const mine = await askForCode(promoting.app.browser(), ada, 'sign-in/code/start')
    const given = { transaction: mine, code: promoting.codeTo(ada) }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => promoting.app.browser().post('/guest/sign-in/code', given)),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(won.map(({ body }) => body.sub)).toEqual([guest.sub])
    expect(codesOf(answers).filter((one) => one === 'code_expired')).toHaveLength(19)
  })

  test('works only with its own transaction, unchanged and for its purpose', async () => {
    const { app, browser, transaction, code, give, codeTo } = await guestWithCode()
    await expectRefusal(
      app,
      () => app.browser().post('/guest/sign-in/code', { transaction, code }),
      400,
      'code_expired',
    )
    const other = await askForCode(browser, ada, 'sign-in/code/start')
    await expectRefusal(app, () => give(code, other), 400, 'code_expired')
    const more = await askForCode(browser, 'eve@example.org')
    expect((await give(code === codeTo('eve@example.org') ? not(code) : code, more)).body.code).toBe(
      'code_wrong',
    )
    const [said, seal] = transaction.split('.') as [string, string]
    const changed = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(said, 'base64url').toString()), v: 'eve@example.org' }),
    ).toString('base64url')
    for (const wrong of [
      `${changed}.${seal}`,
      `${said}.${flipBit(seal, 3)}`,
      said,
      `${said}.`,
      '.',
      'x',
      '',
    ]) {
      await expectRefusal(app, () => give(code, wrong), 400, 'code_expired')
    }
    expect((await give()).status).toBe(200)
  })

  test('counts letters, other digits and a wrong length as wrong attempts; more than 16 characters are refused', async () => {
    const { app, give } = await guestWithCode()
    await expectRefusal(app, () => give('1'.repeat(17)), 400, 'invalid_request')
    for (const wrong of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
      expect((await give(wrong)).body.code).toBe('code_wrong')
    expect((await give()).body.code).toBe('code_expired')
  })

  test.each([
    ['without an @', { type: 'email', value: 'ada' }],
    ['made of two addresses', { type: 'email', value: 'ada@example.org, eve@example.org' }],
    ['with a line break', { type: 'email', value: 'ada@example.org\r\nBcc: eve@example.org' }],
    ['with a name', { type: 'email', value: 'Ada <ada@example.org>' }],
    ['longer than 254 characters', { type: 'email', value: `${'a'.repeat(250)}@example.org` }],
    ['without a country code', { type: 'phone', value: '044 668 18 00' }],
    ['with an extension', { type: 'phone', value: '+41446681800;ext=5' }],
  ])('is not sent to an address or number %s', async (_, value) => {
    const { app, sent } = await startPromotingApp()
    const browser = app.browser()
    await browser.signIn()
    for (const door of ['promotion/start', 'sign-in/code/start'])
      await expectRefusal(app, () => browser.post(`/guest/${door}`, value), 400, 'login_id_invalid')
    expect(sent).toEqual([])
  })

  test('reaches telephones by a function, and a number is the same however it is written', async () => {
    const promoting = await startPromotingApp()
    const { browser } = await promotedUser(promoting, '+41446681800')
    expect(promoting.sent[0]).toMatchObject({ type: 'phone', value: '+41446681800' })
    const laptop = promoting.app.browser()
    const { body } = await laptop.post('/guest/sign-in/code/start', {
      type: 'phone',
      value: '+41 (44) 668-18.00',
    })
    const code = promoting.codeTo('+41446681800')
    const back = await laptop.post('/guest/sign-in/code', { transaction: body.transaction, code })
    expect(back.status, back.text).toBe(200)
    expect((await loginIdsOf(browser)).map(({ value }) => value)).toEqual(['+41446681800'])
  })
})

describe('the limit for codes', () => {
  const start = (
    app: TestApp,
    browser: Browser,
    value: string,
    network = '203.0.113.1',
    door = 'promotion/start',
  ) =>
    sendJson(app, door, email(value), {
      ...{ Cookie: browser.cookie ?? 'none=', Origin: app.origin, 'X-Forwarded-For': network },
    })

  const startLimited = () =>
    startPromotingApp({}, (app) => {
      app.set('trust proxy', true)
    })

  async function expectLimit(app: TestApp, send: () => Promise<Response>, seconds: number) {
    const refused = await expectRefusal(app, send, 429, 'too_many_codes')
    expect(Number(refused.headers['retry-after'])).toBe(seconds)
  }

  async function guestOf(app: TestApp) {
    const browser = app.browser()
    await browser.signIn()
    return browser
  }

  test('is five an hour to one address, whoever asks and for whatever purpose', async () => {
    const { app, sent } = await startLimited()
    for (let i = 0; i < 5; i++) {
      const door = i % 2 ? 'promotion/start' : 'sign-in/code/start'
      expect((await start(app, await guestOf(app), ada, `203.0.113.${i}`, door)).status).toBe(200)
      app.clock.forward(minute)
    }
    const other = await guestOf(app)
    await expectLimit(app, () => start(app, other, 'ADA@example.org', '203.0.113.9'), hour - 5 * minute)
    await expectLimit(
      app,
      () => start(app, other, ada, '203.0.113.9', 'sign-in/code/start'),
      hour - 5 * minute,
    )
    expect((await start(app, other, 'eve@example.org', '203.0.113.9')).status).toBe(200)
    const before = sent.length
    app.clock.forward(hour - 5 * minute - 1)
    await expectLimit(app, () => start(app, other, ada, '203.0.113.9'), 1)
    expect(sent).toHaveLength(before)
    app.clock.forward(1)
    expect((await start(app, other, ada, '203.0.113.9')).status).toBe(200)
  })

  test('is ten an hour for one guest', async () => {
    const { app } = await startLimited()
    const browser = await guestOf(app)
    for (let i = 0; i < 10; i++)
      expect((await start(app, browser, `a${i}@example.org`, `203.0.113.${i}`)).status).toBe(200)
    await expectLimit(app, () => start(app, browser, 'b@example.org', '203.0.113.99'), hour)
    expect((await start(app, await guestOf(app), 'b@example.org', '203.0.113.99')).status).toBe(200)
    app.clock.forward(hour)
    expect((await start(app, browser, 'b@example.org', '203.0.113.99')).status).toBe(200)
  })

  test('is thirty an hour from one network', async () => {
    const { app } = await startLimited()
    const browser = app.browser()
    for (let i = 0; i < 30; i++) {
      const from = `2001:db8::${i + 1}`
      expect((await start(app, browser, `a${i}@example.org`, from, 'sign-in/code/start')).status).toBe(200)
    }
    await expectLimit(app, () => start(app, browser, ada, '2001:db8::ffff', 'sign-in/code/start'), hour)
    expect((await start(app, browser, ada, '2001:db8:0:1::1', 'sign-in/code/start')).status).toBe(200)
  })

  test('holds if 20 guests ask for the same address at once', async () => {
    const { app, sent } = await startLimited()
    const browsers = await Promise.all(Array.from({ length: 20 }, () => guestOf(app)))
    const answers = await Promise.all(browsers.map((one, i) => start(app, one, ada, `203.0.113.${i}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
    expect(sent).toHaveLength(5)
  })
})

describe('whether anybody has an address', () => {
  test('is not told by the start of a sign-in, which sends nothing to an address that nobody has', async () => {
    const promoting = await startPromotingApp()
    await promotedUser(promoting, ada)
    const { app, sent } = promoting
    sent.length = 0
    const answers: [number, string[], string, string][] = []
    for (const value of [ada, 'eve@example.org']) {
      const { status, body, headers } = await app.browser().post('/guest/sign-in/code/start', email(value))
      const { date, ...others } = headers
      const shape = JSON.stringify({ ...body, transaction: body.transaction.replace(/[\w-]/g, 'x') })
      answers.push([status, Object.keys(body), shape.replaceAll(/x{10,}/g, 'x'), JSON.stringify(others)])
    }
    const known = answers[0]!.map((one) => String(one).replace(/"content-length":"\d+"/, ''))
    const unknown = answers[1]!.map((one) => String(one).replace(/"content-length":"\d+"/, ''))
    expect(known).toEqual(unknown)
    expect(sent.map(({ value }) => value)).toEqual([ada])
  })

  test('is not told by the responses to wrong codes, however many', async () => {
    const promoting = await startPromotingApp()
    await promotedUser(promoting, ada)
    const { app, codeTo } = promoting
    const told: unknown[] = []
    for (const value of [ada, 'eve@example.org']) {
      const transaction = await askForCode(app.browser(), value, 'sign-in/code/start')
      const code = not(codeTo(ada))
      const answers: unknown[] = []
      for (let i = 0; i < 7; i++) {
        const { status, body } = await app.browser().post('/guest/sign-in/code', { transaction, code })
        answers.push([status, body])
      }
      told.push(answers)
    }
    expect(told[0]).toEqual(told[1])
  })

  test('is not told by a sender that fails or is slow', async () => {
    let fails = false
    let fail = (_: Error) => {}
    const down = new Promise<void>((_, reject) => {
      fail = reject
    })
    const codes: { value: string; code: string }[] = []
    const app = await startApp({
      loginIds: {
        async send(message) {
          if (fails) await down
          codes.push(message)
        },
      },
    })
    await promotedUser({ app, codeTo: (value) => codes.findLast((one) => one.value === value)!.code }, ada)
    fails = true
    for (const value of [ada, 'eve@example.org']) {
      const { status } = await app.browser().post('/guest/sign-in/code/start', email(value))
      expect(status, 'while the sender still hangs').toBe(200)
    }
    fail(new Error('down'))
    const { status } = await app.browser().post('/guest/sign-in/code/start', email(ada))
    expect(status).toBe(200)
  })
})

describe('a code that cannot be sent', () => {
  test('because the mail server is down gives 503; the guest and the session stay as they were', async () => {
    const port = await freePort()
    const app = await startApp({ loginIds: { send: `smtp://127.0.0.1:${port}` } })
    const browser = app.browser()
    const guest = await browser.signIn()
    const { token } = browser
    const refused = await browser.post('/guest/promotion/start', email(ada))
    expect(refused.body).toMatchObject({ status: 503, code: 'not_sent' })
    expect(refused.text).not.toContain('127.0.0.1')
    expect(browser.token).toBe(token)
    expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
    expect(JSON.stringify(app.logs)).not.toContain('example.org')
  })

  test('because the mail server does not answer gives 503, as soon as the params in its URL say', async () => {
    const { port } = await startDeaf()
    const app = await startApp({ loginIds: { send: `smtp://127.0.0.1:${port}?greetingTimeout=200` } })
    const browser = app.browser()
    await browser.signIn()
    const start = performance.now()
    const refused = await browser.post('/guest/promotion/start', email(ada))
    expect(refused.body).toMatchObject({ status: 503, code: 'not_sent' })
    expect(performance.now() - start).toBeLessThan(5000)
    expect(app.logs.at(-2)?.fields).toMatchObject({ reason: 'ETIMEDOUT' })
  })

  test('because the function fails gives 503; nobody is told its message', async () => {
    const app = await startApp({
      loginIds: {
        send() {
          throw new Error('the gateway said: no such mailbox ada@example.org')
        },
      },
    })
    const browser = app.browser()
    await browser.signIn()
    const refused = await browser.post('/guest/promotion/start', email(ada))
    expect(refused.body).toMatchObject({ status: 503, code: 'not_sent' })
    expect(refused.text + JSON.stringify(app.logs)).not.toContain('mailbox')
    expect((await browser.get('/guest/userinfo')).status).toBe(200)
  })

  test('because SMTP does not reach telephones is refused', async () => {
    const { url, mails } = await startMailbox()
    const app = await startApp({ loginIds: { send: url } })
    const browser = app.browser()
    await browser.signIn()
    const send = () => browser.post('/guest/promotion/start', { type: 'phone', value: '+41446681800' })
    await expectRefusal(app, send, 404, 'no_codes')
    expect(mails).toEqual([])
  })

  describe('in production', () => {
    afterEach(() => vi.unstubAllEnvs())

    test('without the option send is refused, and is not logged', async () => {
      vi.stubEnv('NODE_ENV', 'production')
      const app = await startApp({ secret: 'a secret of more than 32 characters, for production' })
      const browser = app.browser()
      await browser.signIn()
      for (const door of ['promotion/start', 'sign-in/code/start'])
        await expectRefusal(app, () => browser.post(`/guest/${door}`, email(ada)), 404, 'no_codes')
      expect(JSON.stringify(app.logs)).not.toMatch(/example\.org|\b\d{6}\b/)
    })
  })
})

test('a code sent by SMTP is a plain text mail without a link', async () => {
  const mailbox = await startMailbox()
  const app = await startApp({
    loginIds: { send: mailbox.url, sendFrom: 'Jotter <hello@example.com>' },
    rpName: 'Jotter',
  })
  const { browser } = await promotedUser({ app, codeTo: (value) => mailbox.codeTo(value)! }, ada)
  const [mail] = mailbox.mails
  expect(mail).toMatchObject({ from: 'hello@example.com', to: [ada] })
  expect(mail!.text).toMatch(/^Subject: \d{6} is your code for Jotter\r$/m)
  expect(mail!.text).toMatch(/^Content-Type: text\/plain/m)
  expect(mail!.text).not.toMatch(/https?:/)
  expect((await loginIdsOf(browser))[0]!.value).toBe(ada)
  const started = await app.browser().post('/guest/sign-in/code/start', email(ada))
  expect(started.status, started.text).toBe(200)
  await eventually(() => expect(mailbox.mails).toHaveLength(2))
  const said = mailbox.mails.map(({ text }) => text.replace(/=\r\n/g, ''))
  expect(said).toEqual([
    expect.stringContaining('Your code to use this address with your account at Jotter:'),
    expect.stringContaining('Your code to sign in to Jotter:'),
  ])
})

test('a developer without the option send reads the code in the log', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  const transaction = await askForCode(browser, ada)
  const line = app.logs.find(({ message }) => message.startsWith('a code for development'))!
  expect(line.fields).toMatchObject({ type: 'email', value: ada, code: expect.stringMatching(/^\d{6}$/) })
  const done = await browser.post('/guest/promotion/verify', { transaction, code: line.fields.code })
  expect(done.status).toBe(200)
})

test('the log and the store hold no code, address or transaction, except for the proven login ID', async () => {
  const promoting = await startPromotingApp()
  const { app, sent } = promoting
  const browser = app.browser()
  await browser.signIn()
  const unproven = await askForCode(browser, 'eve@example.org')
  await browser.post('/guest/promotion/verify', { transaction: unproven, code: not(sent[0]!.code) })
  const transaction = await askForCode(browser, 'eve@example.org', 'sign-in/code/start')
  const kept = JSON.stringify(await tables(app.store))
  await promote(promoting, browser, ada)
  const lines = JSON.stringify(app.logs)
  for (const text of [unproven, transaction, ...unproven.split('.'), ...transaction.split('.')]) {
    expect(kept).not.toContain(text)
    expect(lines).not.toContain(text)
  }
  expect(kept + lines).not.toContain('eve@')
  expect(lines).not.toContain('ada@')
  for (const { code } of sent) expect(kept + lines).not.toMatch(new RegExp(`(?<![\\w-])${code}(?![\\w-])`))
  const { login_ids, ...others } = await tables(app.store)
  expect(login_ids!.join()).toContain(ada)
  expect(JSON.stringify(others)).not.toContain('example.org')
})

test('expired codes and limits are deleted', async () => {
  const { app, browser } = await guestWithCode()
  await askForCode(browser, 'eve@example.org')
  expect(await app.rows()).toMatchObject({ codes: 2, limits: 6 })
  app.clock.forward(10 * minute + hour + 1)
  await app.guests.runChores()
  expect(await app.rows()).toMatchObject({ codes: 0, limits: 6 })
  app.clock.forward(hour)
  await app.guests.runChores()
  expect(await app.rows(), 'the daily limits are left').toMatchObject({ codes: 0, limits: 2 })
  app.clock.forward(24 * hour)
  await app.guests.runChores()
  expect(await app.rows()).toMatchObject({ codes: 0, limits: 0 })
})

test('an address gets at most fifteen codes a day, so that guessing stays hopeless', async () => {
  const { app, browser } = await guestWithCode()
  const ask = () => browser.post('/guest/promotion/start', { type: 'email', value: 'eve@example.org' })
  for (let hours = 0; hours < 3; hours++) {
    for (let i = 0; i < 5; i++) expect((await ask()).status).toBe(200)
    app.clock.forward(hour + 1)
  }
  const refused = await ask()
  expect(refused.body.code).toBe('too_many_codes')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(20 * hour)
  app.clock.forward(21 * hour)
  expect((await ask()).status).toBe(200)
})

test('a transaction proves what it says until its last second, for its purpose alone', () => {
  const keys = deriveKeys('a secret of more than 32 characters, for the codes')
  const payload = { i: 'the id', p: 'promote', t: 'email', v: ada, a: 'a guest', e: 1000 }
  const read = (now: number, purpose: 'promote' | 'sign_in' = 'promote', more: object = {}) => {
    const ctx = { keys, keyring: [keys], now: () => now } as unknown as Context
    const transaction = seal(keys.code, { ...payload, ...more })
    return readCode(ctx, purpose, { transaction, code: '123 456' })
  }
  const proof = { loginId: { type: 'email', value: ada }, anonymousId: 'a guest', isProven: false }
  const code = { id: hashToken('the id'), code: mac(keys.code, 'the id 123456') }
  expect(read(999)).toEqual({ ...proof, code })
  expect(read(999, 'promote', { y: 1 })).toEqual({ ...proof, isProven: true, code })
  for (const refused of [() => read(1000), () => read(999, 'sign_in')])
    expect(refused).toThrow(expect.objectContaining({ code: 'code_expired' }))
})
