// Who sends the body of a request slowly: who asks counts when the body has arrived, not when the request began.

import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { AdminEndpoint } from '../../../../server/http/admin/endpoint.ts'
import { adminEndpoints } from '../../../../server/http/admin/router.ts'
import type { TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import {
  admin,
  join,
  machines,
  machineToken,
  refusal,
  startAdmin,
  type TestOperator,
  why,
} from '../../../support/operators.ts'

type Answer = { status: number; body: { type?: string } }

const slow = adminEndpoints.filter(({ body, may }) => body && may !== 'anybody')

/**
 * Begins a request, and resolves when the endpoint has it without its body. The function that this returns sends the body,
 * which no endpoint takes, and resolves to the answer.
 */
async function begin(
  app: TestApp,
  path: string,
  headers: Record<string, string>,
): Promise<() => Promise<Answer>> {
  const body = JSON.stringify({ surprise: true })
  const sent = request({
    port: (app.server.address() as AddressInfo).port,
    method: 'POST',
    path: admin + path.replace(/:id|:item/g, 'x'.repeat(43)),
    headers: {
      Origin: app.origin,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Expect: '100-continue',
      ...headers,
    },
  })
  sent.flushHeaders()
  await once(sent, 'continue')
  sent.write(body.slice(0, 5))
  return async () => {
    const answered = once(sent, 'response')
    sent.end(body.slice(5))
    const [response] = await answered
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, body: JSON.parse(text) }
  }
}

/** Sends the bodies. Returns what each endpoint answered. */
async function refusalsOf(asked: AdminEndpoint[], began: (() => Promise<Answer>)[]): Promise<string[]> {
  const answers = await Promise.all(began.map((finish) => finish()))
  return answers.map((answer, i) => `${asked[i]!.path} ${refusal(answer)}`)
}

/** What ends the power of an owner while a body is on its way. */
const endings: [string, (app: TestApp, owner: TestOperator, other: TestOperator) => Promise<unknown>][] = [
  ['was removed', (_app, { id }, { browser }) => browser.post(`${admin}/operators/${id}/remove`, why)],
  [
    'got another role',
    (_app, { id }, { browser }) => browser.post(`${admin}/operators/${id}/role`, { role: 'viewer', ...why }),
  ],
  [
    'had all sessions ended',
    (_app, { id }, { browser }) => browser.post(`${admin}/operators/${id}/sessions/end`, why),
  ],
  ['signed out', (app, { browser }) => copyOf(app, browser).post(`${admin}/sign-out`)],
]

test.each(endings)('an owner who %s meanwhile is let in nowhere', async (_what, end) => {
  const app = await startAdmin()
  const [owner, other] = [await join(app, 'owner', 'ada'), await join(app, 'owner', 'eve')]
  const headers = { Cookie: owner.browser.cookie! }
  const began = await Promise.all(slow.map(({ path }) => begin(app, path, headers)))
  expect(await end(app, owner, other)).toMatchObject({ status: expect.toSatisfy((status) => status < 300) })
  expect(await refusalsOf(slow, began)).toEqual(slow.map(({ path }) => `${path} 401 session_invalid`))
})

test('a proof that is five minutes old when the body arrives is not enough for what needs one', async () => {
  const app = await startAdmin()
  const { browser } = await join(app, 'owner')
  const proven = slow.filter(({ needs }) => needs)
  const headers = { Cookie: browser.cookie! }
  const began = await Promise.all(proven.map(({ path }) => begin(app, path, headers)))
  app.clock.forward(5 * 60 + 1)
  expect(await refusalsOf(proven, began)).toEqual(
    proven.map(({ path }) => `${path} 401 insufficient_user_authentication`),
  )
})

test('a token of a machine that has expired when the body arrives is not taken', async () => {
  const app = await startAdmin({ clients: machines })
  const token = await machineToken(app, 'admin:guests')
  const theirs = slow.filter(({ scope }) => scope === 'admin:guests')
  const headers = { Authorization: `Bearer ${token}` }
  const began = await Promise.all(theirs.map(({ path }) => begin(app, path, headers)))
  app.clock.forward(12 * 60)
  expect(await refusalsOf(theirs, began)).toEqual(theirs.map(({ path }) => `${path} 401 session_invalid`))
})
