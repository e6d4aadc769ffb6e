// Who sends codes: the host's function, SMTP, or in development the log.

import { expect, test, vi } from 'vitest'
import { createSender } from '../../../../server/core/login-ids/sender.ts'
import type { Config } from '../../../../server/options/options.ts'

const message = { type: 'email', value: 'ada@example.org', code: '123456', purpose: 'sign_in', rp_name: 'x' }
const start = (origins: string[], send?: unknown) => {
  const warn = vi.fn()
  const logger = { debug() {}, info() {}, warn, error() {} }
  return {
    warn,
    sender: createSender(
      { origins, loginIds: { send, types: ['email', 'phone'] } } as unknown as Config,
      logger,
    ),
  }
}

test.each([[['http://localhost:3000']], [['http://localhost', 'http://app.localhost:3000']]])(
  'without the option loginIds.send, codes go to the log at %j',
  async (origins) => {
    const { sender, warn } = start(origins)
    expect([sender.can('email'), sender.can('phone')]).toEqual([true, true])
    await sender.send(message as never)
    expect(warn.mock.calls[0]![0]).toEqual({ type: 'email', value: 'ada@example.org', code: '123456' })
  },
)

test.each([
  [['https://app.example']],
  [['https://localhost:3000']],
  [['http://localhost:3000', 'https://app.localhost']],
])('without the option loginIds.send, nothing is sent at %j', async (origins) => {
  const { sender, warn } = start(origins)
  expect([sender.can('email'), sender.can('phone')]).toEqual([false, false])
  await expect(sender.send(message as never)).rejects.toThrow('set the option loginIds.send')
  expect(warn).not.toHaveBeenCalled()
})

test('without the option loginIds.send, nothing is sent in production, even at localhost', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(start(['http://localhost:3000']).sender.can('email')).toBe(false)
})

test('a function gets every message and may send to phones; SMTP sends mail only', async () => {
  const sent: unknown[] = []
  const { sender } = start(['https://app.example'], async (one: unknown) => void sent.push(one))
  expect([sender.can('email'), sender.can('phone')]).toEqual([true, true])
  await sender.send(message as never)
  expect(sent).toEqual([message])
  const smtp = start(['https://app.example'], 'smtp://127.0.0.1:1').sender
  expect([smtp.can('email'), smtp.can('phone')]).toEqual([true, false])
})
