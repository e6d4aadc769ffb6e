// Invariant 1, "No row without a reason": a flood of visitors leaves nothing in the store.

import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { askToRegister, askToSignIn, sendAssertion } from '../../support/ceremonies.ts'
import { engine, temporaryDeployment } from '../../support/engine.ts'
import { newCodes, useCode } from '../../support/recovery.ts'
import { roundsOf } from '../../support/rounds.ts'
import { type Service, startService } from '../../support/service.ts'
import { bytesOnDisk, tables } from '../../support/tables.ts'

const doors = {
  signIn: '/guest/sign-in',
  registerOptions: '/guest/passkeys/register/options',
  register: '/guest/passkeys/register',
  authenticateOptions: '/guest/passkeys/authenticate/options',
  authenticate: '/guest/passkeys/authenticate',
  recoveryCode: '/guest/sign-in/recovery-code',
}
// All of them must be answered before the first background job, which comes after a minute.
const anonymousRequests = roundsOf(5_000, 30_000)
const failedProofs = roundsOf(1000, 3000)

/** The rows, and on SQLite the bytes of the file and its log. PostgreSQL writes to its files by itself. */
async function contents(store: string) {
  const bytes =
    engine === 'sqlite'
      ? createHash('sha256')
          .update(await bytesOnDisk(store))
          .digest('hex')
      : ''
  return { tables: await tables(store), bytes }
}

/** A POST request as bytes. */
function post({ origin }: Service, path: string, body: object = {}, cookie?: string): string {
  const json = JSON.stringify(body)
  return [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Origin: ${origin}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    '',
    json,
  ].join('\r\n')
}

/** Sends `count` requests over eight connections, taking these in turn. Returns how often each status came back. */
async function flood({ port }: Service, requests: string[], count: number): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  let sent = 0
  async function oneConnection(): Promise<void> {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let awaited = 0
    let answers = ''
    const sendMore = () => {
      awaited = Math.min(50, count - sent)
      socket.write(Array.from({ length: awaited }, () => requests[sent++ % requests.length]).join(''))
    }
    sendMore()
    for await (const chunk of socket) {
      answers += chunk
      const lines = answers.match(/HTTP\/1\.1 \d{3}/g) ?? []
      if (lines.length < awaited) continue
      for (const line of lines) statuses[line.slice(-3)] = (statuses[line.slice(-3)] ?? 0) + 1
      answers = ''
      if (sent >= count) break
      sendMore()
    }
  }
  await Promise.all(Array.from({ length: 8 }, oneConnection))
  return statuses
}

test('thousands of anonymous sign-ins, options requests and failed proofs leave the store as it was', async () => {
  const { store, environment } = await temporaryDeployment()
  const service = await startService({ ...environment, GUESTKEY_LOG_LEVEL: 'silent' })
  const [kept, visitor] = [service.browser(), service.browser()]
  const newDevice = () => new SoftwareAuthenticator({ origin: service.origin, counter: 'increasing' })
  const [device, stranger] = [newDevice(), newDevice()]
  expect((await kept.addPasskey(device)).status).toBe(201)
  const used = await device.get(await askToSignIn(kept), { signCount: 100 })
  expect((await sendAssertion(kept, used)).status).toBe(200)
  await visitor.signIn()
  const [usedCode] = await newCodes(kept)
  expect((await useCode(kept, usedCode)).status).toBe(200)

  const asked = { register: await askToRegister(visitor), signIn: await askToSignIn(visitor) }
  await stranger.create(asked.register)
  const ask = (path: string, body?: object) => [
    post(service, path, body),
    post(service, path, body, visitor.cookie),
  ]
  const anonymous = [
    ...ask(doors.signIn),
    ...ask(doors.registerOptions),
    ...ask(doors.authenticateOptions),
    post(service, doors.signIn),
  ]
  const failing = [
    ...ask(doors.register, await newDevice().create(asked.register, { userVerified: false })),
    ...ask(doors.register, await newDevice().create(asked.register, { origin: 'https://evil.example' })),
    ...ask(doors.register, await newDevice().create(asked.register, { challenge: 'AAAA' })),
    ...ask(doors.authenticate, used),
    ...ask(doors.authenticate, await stranger.get(asked.signIn)),
    ...ask(doors.authenticate, await device.get(asked.signIn, { badSignature: 'wrong' })),
    ...ask(doors.authenticate, await device.get(asked.signIn, { signCount: 99 })),
    ...ask(doors.authenticate, {}),
    ...ask(doors.recoveryCode, { code: '7M2K-ZQ4X-0R8T-C5VB' }),
    ...ask(doors.recoveryCode, { code: usedCode }),
    post(service, doors.signIn, {}, 'guestkey=gks_forged.forged'),
    post(service, doors.signIn, {}, 'guestkey=gkt_forged.forged'),
  ]
  const before = await contents(store)

  expect(await flood(service, anonymous, anonymousRequests)).toEqual({ 200: anonymousRequests })
  const refusals = await flood(service, failing, failedProofs)
  expect(Object.keys(refusals)).toEqual(['400', '401'])
  expect(refusals[400]! + refusals[401]!).toBe(failedProofs)

  expect(await contents(store)).toEqual(before)
})
