import { hkdfSync } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { codeOf, plugInAuthenticator, setUp } from '../../support/client/clients.ts'
import { guest, ok, problem } from '../../support/client/fake-server.ts'

/** The output of the authenticator's pseudo-random function. */
const output = new Uint8Array(32).map((_, i) => i + 1)
const inBase64Url = Buffer.from(output).toString('base64url')

/** An authenticator whose extension results are `results`. */
async function setUpPrf(results: object | undefined = { results: { first: output.buffer } }) {
  const authenticator = plugInAuthenticator()
  const asked = vi.fn()
  const get = async (options: object) => {
    asked(options)
    return {
      ...authenticator.assertion,
      getClientExtensionResults: () => ({ ...(results && { prf: results }), appid: true }),
    }
  }
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { get, create: get } })
  const set = await setUp((door) =>
    door.endsWith('/options')
      ? ok({ challenge: 'AA', extensions: { appid: 'x' } })
      : ok(guest('a', { recoverability: 'synced' })),
  )
  return { ...set, asked }
}

describe('passkeys.secret', () => {
  it('derives a secret for its label from the output of a passkey at a step-up', async () => {
    const { client, asked, doors } = await setUpPrf()
    const { secret, passkey_id, passkeyId } = await client.passkeys.secret('notes')
    expect([passkey_id, passkeyId]).toEqual(['p', 'p']) // passkeyId as 0.5 called it
    expect(Buffer.from(secret)).toEqual(Buffer.from(hkdfSync('sha256', output, '', 'notes', 32)))
    expect(doors.asked[0]).toEqual({ door: 'POST /passkeys/authenticate/options', body: { step_up: true } })
    expect(asked.mock.calls[0]?.[0].publicKey.extensions).toEqual({
      appid: 'x',
      prf: { eval: { first: new TextEncoder().encode('guestkey secret') } },
    })
  })

  it('returns the same secret each time, and another one for another label', async () => {
    const { client } = await setUpPrf()
    const [one, again, other] = await Promise.all([
      client.passkeys.secret('notes'),
      client.passkeys.secret('notes'),
      client.passkeys.secret('drafts'),
    ])
    expect(one).toEqual(again)
    expect(other.secret).not.toEqual(one.secret)
  })

  it.each([undefined, {}, { enabled: true }, { results: {} }])(
    'rejects with no_secret if passkey or browser give no output: %j',
    async (results) => {
      const { client } = await setUpPrf(results ?? {})
      expect(await codeOf(client.passkeys.secret('notes'))).toBe('no_secret')
    },
  )

  it('rejects with insufficient_user_authentication if there is no passkey', async () => {
    plugInAuthenticator()
    const { client } = await setUp(() => problem(401, 'insufficient_user_authentication'))
    expect(await codeOf(client.passkeys.secret('notes'))).toBe('insufficient_user_authentication')
  })
})

describe('the output of a passkey stays in the browser', () => {
  it.each<[string, object]>([
    ['if it comes as bytes', { results: { first: output.buffer } }],
    ['if it comes as text, as from some browser extensions', { results: { first: inBase64Url } }],
  ])('%s', async (_, results) => {
    const { client, doors } = await setUpPrf(results)
    await client.passkeys.secret('notes').catch(() => {})
    await client.passkeys.signIn()
    const sent = doors.asked.filter(({ door }) => door === 'POST /passkeys/authenticate')
    expect(
      sent.map(({ body }) => (body as { clientExtensionResults: object }).clientExtensionResults),
    ).toEqual([{ appid: true }, { appid: true }])
    expect(JSON.stringify(doors.asked)).not.toContain(inBase64Url)
    expect(JSON.stringify(doors.asked)).not.toContain('prf')
  })
})
