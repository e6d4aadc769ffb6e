import { describe, expect, it, vi } from 'vitest'
import type { LoginId } from '../../../client/index.ts'
import { askedWithStepUp, codeOf, setUp, setUpStepUp } from '../../support/client/clients.ts'
import { guest, ok, problem } from '../../support/client/fake-server.ts'
import { eventually } from '../../support/eventually.ts'

const verified_at = 1_800_000_000
const mail: LoginId = { type: 'email', value: 'ada@example.org', primary: true, verified_at }
const phone: LoginId = { type: 'phone', value: '+41446681800', primary: false, verified_at }
const keyOf = ({ type, value }: LoginId) => ({ type, value })
const user = guest('a', { is_anonymous: false, is_verified: true, expires_at: null })

describe('loginIds', () => {
  it('lists all login IDs', async () => {
    const { client, doors } = await setUp(() => ok({ login_ids: [mail, phone] }))
    expect(await client.loginIds.list()).toEqual([mail, phone])
    expect(doors.doors()).toEqual(['GET /login-ids'])
  })

  it('makes a listed login ID the primary one', async () => {
    const { client, doors } = await setUp(() => ok({ login_ids: [phone, mail] }))
    expect(await client.loginIds.setPrimary(phone)).toEqual([phone, mail])
    expect(doors.asked).toEqual([{ door: 'PATCH /login-ids', body: keyOf(phone) }])
  })

  it('removes the last login ID, and then the user is a guest again in all tabs', async () => {
    let removed = false
    const { client, open, doors } = await setUp((door) => {
      if (door === 'GET /userinfo') return ok(removed ? guest('a') : user)
      removed = true
      return { status: 204 }
    })
    const second = open()
    await Promise.all([client.user(), second.user()])
    const [here, there] = [vi.fn(), vi.fn()]
    client.onChange(here)
    second.onChange(there)
    await client.loginIds.remove(mail, { force: true })
    expect(doors.asked[2]).toEqual({ door: 'DELETE /login-ids?force=true', body: keyOf(mail) })
    expect(here.mock.calls).toEqual([[guest('a')]])
    await eventually(() => expect(there.mock.calls).toEqual([[guest('a')]]))
  })

  it('removes a login ID after a proof if the server asks for one', async () => {
    const { client, asked } = await setUpStepUp('DELETE /login-ids', { status: 204 })
    await client.loginIds.remove(mail)
    expect(asked()).toEqual(askedWithStepUp('DELETE /login-ids'))
  })

  it('rejects with would_lose_account for the last way in, without force', async () => {
    const { client, doors } = await setUp(() => problem(409, 'would_lose_account'))
    expect(await codeOf(client.loginIds.remove(mail))).toBe('would_lose_account')
    expect(doors.asked).toEqual([{ door: 'DELETE /login-ids', body: keyOf(mail) }])
  })
})
