// A stop of the service takes less than ten seconds, whoever does not answer: a receiver of webhooks, a mail server, an
// OpenID provider, a client, the store.

import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Browser } from '../../support/app.ts'
import { startDeaf } from '../../support/deaf.ts'
import { engine, temporaryDeployment } from '../../support/engine.ts'
import { holdLock } from '../../support/lock.ts'
import { startReceiver } from '../../support/receiver.ts'
import { ended, type Service, startService } from '../../support/service.ts'
import { tables } from '../../support/tables.ts'

/** What Docker gives a container to stop. */
const STOP_MILLISECONDS = 10_000

async function stop({ child }: Service) {
  const end = ended(child)
  child.kill('SIGTERM')
  return end
}

test('that sends a webhook to a receiver that hangs, gives it back, and the next start sends it', async () => {
  const { environment, store } = await temporaryDeployment()
  const receiver = await startReceiver()
  receiver.behaviour = () => {}
  const { url, secret } = receiver
  const options = { webhooks: [{ url, secret, events: ['passkey.added'] }] }
  const env = { ...environment, GUESTKEY_OPTIONS: JSON.stringify(options) }
  const service = await startService(env)
  expect((await service.browser().addPasskey(service.device())).status).toBe(201)
  await expect.poll(() => receiver.sent.length).toBe(1)
  const { code, milliseconds } = await stop(service)
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(STOP_MILLISECONDS)
  const [delivery] = (await tables(store)).outbox!.map((row) => JSON.parse(row))
  expect([delivery.attempts, delivery.due_at, delivery.failure], 'it was no attempt').toEqual([0, 0, null])

  receiver.behaviour = 204
  const next = await startService(env)
  await expect.poll(() => receiver.ids()).toEqual([delivery.id, delivery.id])
  expect(await stop(next)).toMatchObject({ code: 0 })
  expect((await tables(store)).outbox).toEqual([])
})

/** Asks for a code by mail, for which the service asks the mail server. */
const askForMail = (browser: Browser) =>
  browser.post('/guest/promotion/start', { type: 'email', value: 'a@b.example' })

/** Goes to the provider, for which the service asks the provider's metadata. */
async function goToProvider(browser: Browser) {
  const pushed = await browser.post('/guest/par', {
    ...{ response_type: 'code', client_id: 'guestkey', redirect_uri: 'https://app.example/back' },
    ...{ state: 'state', purpose: 'sign_in', code_challenge_method: 'S256' },
    code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'),
  })
  const uri = encodeURIComponent(pushed.body.request_uri)
  const page = await browser.get(`/guest/authorize?client_id=guestkey&request_uri=${uri}`)
  const href = /href="([^"]*\/authorize\/provider[^"]*)"/.exec(page.text)![1]!.replace(/&(amp|#38);/g, '&')
  return browser.get(href)
}

test('cuts requests that wait for a mail server, for a provider or for their client', async () => {
  const [mail, provider] = [await startDeaf(), await startDeaf()]
  const issuer = `http://localhost:${provider.port}`
  const options = {
    loginIds: {
      ...{ send: `smtp://127.0.0.1:${mail.port}`, sendFrom: 'guests@example.com' },
      providers: [{ id: 'example', name: 'Example', issuer, clientId: 'guestkey' }],
    },
    redirectUris: ['https://app.example/back'],
  }
  const service = await startService({ GUESTKEY_OPTIONS: JSON.stringify(options) })
  const browser = service.browser()
  await browser.signIn()
  const asked = Promise.allSettled([askForMail(browser), goToProvider(service.browser())])
  await Promise.all([mail.connected, provider.connected])
  const client = connect({ port: service.port }).on('error', () => {})
  onTestFinished(() => void client.destroy())
  const head = ['POST /guest/sign-in HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
  client.write(`${[...head, 'Content-Length: 2'].join('\r\n')}\r\n\r\n{`)
  const { code, milliseconds } = await stop(service)
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(STOP_MILLISECONDS)
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(service.said.out).toMatch(/"requests":3,"msg":"requests that took too long were cut"/)
})

test.runIf(engine === 'sqlite')('answers what waits for the lock of another process, and ends', async () => {
  const { environment, store } = await temporaryDeployment()
  const service = await startService(environment)
  const [browser, device] = [service.browser(), service.device()]
  expect((await browser.addPasskey(device)).status).toBe(201)
  await holdLock(store)
  const writes = Promise.allSettled(
    Array.from({ length: 20 }, () => service.browser().addPasskey(service.device())),
  )
  const { code, milliseconds } = await stop(service)
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(STOP_MILLISECONDS)
  for (const outcome of await writes)
    if (outcome.status === 'fulfilled') expect(outcome.value.status).toBe(503)
})
