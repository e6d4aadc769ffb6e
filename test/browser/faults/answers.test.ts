// Each function of the client ends soundly, whatever answers in place of the service. Needs `npm run build:client`.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Answerer, end, expectSoundEnds, openFaulty, subOf } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const answering =
  (status: number, type: string, body: string, headers = {}): Answerer =>
  (_req, res) =>
    void res.writeHead(status, { 'content-type': type, ...headers }).end(body)
/** Begins an answer, and breaks it off after some time. */
const breaking =
  (milliseconds: number): Answerer =>
  (_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.write('{"sub":')
    setTimeout(() => res.destroy(), milliseconds)
  }
/** Never answers. */
const silence: Answerer = (_req, res) => new Promise((resolve) => res.once('close', resolve))

/** What answers, and the code of `user` then. */
const answers: [string, string, Answerer][] = [
  ['nothing answers', 'timeout', silence],
  ['an answer begins and never ends', 'timeout', breaking(60_000)],
  ['an answer breaks off', 'network', breaking(20)],
  ['the connection breaks', 'network', (_req, res) => void res.destroy()],
  ['the page of an app answers', 'server_error', answering(200, 'text/html', '<!doctype html><p>Welcome')],
  ['a page that is missing answers', 'server_error', answering(404, 'text/html', '<h1>Not found')],
  ['null answers', 'server_error', answering(200, 'application/json', 'null')],
  ['an empty list answers', 'server_error', answering(200, 'application/json', '[]')],
  ['an empty object answers', 'server_error', answering(200, 'application/json', '{}')],
  ['no content answers', 'server_error', (_req, res) => void res.writeHead(204).end()],
  ['a redirect loop answers', 'network', (req, res) => void res.writeHead(302, { location: req.url }).end()],
  [
    'a limiter answers',
    'too_many_requests',
    answering(429, 'application/json', '{"code":"rate_limited"}', { 'retry-after': '7' }),
  ],
  ['a proxy answers', 'server_error', answering(502, 'text/plain', 'Bad gateway')],
]
const quick = { cookie: /^(nothing|the page|null|an empty object|no content)/, token: /^(nothing|the page)/ }

describe.each(['cookie', 'token'] as const)('in %s mode, every function ends soundly', (mode) => {
  const rows = answers.filter(([what]) => inject('isFull') || quick[mode].test(what))
  // Without a session, the client in token mode asks nobody who is signed in.
  test.each(rows)('if %s', async (_what, code, answer) => {
    const site = await openFaulty(browser, { client: { mode, timeoutSeconds: 0.5 }, answer })
    const outcomes = await expectSoundEnds(site)
    expect(outcomes.user).toBe(mode === 'token' ? 'value' : code)
    expect(outcomes.signInAnonymously).toBe(code)
  })

  test.each(rows)(
    'if a guest is signed in and %s, and the guest is there when the service answers',
    async (_what, code, answer) => {
      const site = await openFaulty(browser, { client: { mode, timeoutSeconds: 0.5 } })
      const sub = await subOf(site.page, 'signInAnonymously')
      site.setAnswer(answer)
      for (const name of ['user', 'signInAnonymously', 'passkeys.add', 'rename']) {
        const { ended } = await end(site.page, name)
        expect([name, ended === 'client_failed' ? 'server_error' : ended]).toEqual([name, code])
      }
      site.setAnswer(undefined)
      expect(await subOf(site.page, 'user')).toBe(sub)
      expect(await subOf(site.page, 'signInAnonymously')).toBe(sub)
    },
  )
})

test('an answer that is no object is server_error, whatever was asked', async () => {
  const site = await openFaulty(browser, { answer: answering(200, 'application/json', 'null') })
  for (const name of [
    'sessions.list',
    'passkeys.list',
    'passkeys.signIn',
    'recoveryCodes.create',
    'account.export',
  ])
    expect([name, (await end(site.page, name)).ended]).toEqual([name, 'server_error'])
})

test('an error has retryAfter, and a code of guestkey even if the part with the sentences is missing', async () => {
  const site = await openFaulty(browser)
  site.setAnswer(answering(429, 'application/json', '{"code":"slow_down"}', { 'retry-after': '7' }))
  await site.page.route('**/client/explain*', (route) => route.abort())
  expect(
    await site.page.evaluate(
      'guests.user().catch(({ code, retryAfter, status }) => [code, retryAfter, status])',
    ),
  ).toEqual(['too_many_requests', 7, 429])
})

test('a registration whose answer does not come in time is asked for again, and is one passkey', async () => {
  const site = await openFaulty(browser, { client: { timeoutSeconds: 4 } })
  const sub = await subOf(site.page, 'signInAnonymously')
  let lost = 0
  site.setAnswer((_req, res, path) => {
    if (path !== '/passkeys/register' || lost++) return
    // The service does its work, but the answer is lost on the way.
    for (const name of ['writeHead', 'write', 'end'] as const) res[name] = (() => res) as never
  })
  expect(await site.page.evaluate('guests.passkeys.add().then(({ sub }) => sub, ({ code }) => code)')).toBe(
    sub,
  )
  expect(lost).toBe(2)
  expect(site.registered.length).toBe(1)
  expect(await subOf(site.page, 'user')).toBe(sub)
})

test('a session that is over is healed by user(), also if that fails at first, and the routes of the host answer', async () => {
  const site = await openFaulty(browser)
  await subOf(site.page, 'signInAnonymously')
  const { page, app } = site
  await page.evaluate('guests.passkeys.add()')
  const { anonymous_id } = (await page.evaluate('guests.user()')) as { anonymous_id: string }
  await app.guests.erase(anonymous_id)
  const statusOfHost = () => page.evaluate(`fetch('/page').then(({ status }) => status)`)
  expect(await statusOfHost()).toBe(401)
  site.setAnswer((_req, res, path) => path === '/sign-in' && void res.destroy())
  expect(await subOf(page, 'user')).toBeNull()
  expect(await statusOfHost()).toBe(401)
  site.setAnswer(undefined)
  expect(await subOf(page, 'user')).toBeNull()
  expect(await statusOfHost()).toBe(200)
})
