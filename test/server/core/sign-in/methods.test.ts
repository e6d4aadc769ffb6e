// Which ways to sign in a deployment says that it offers.

import { describe, expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'

const methodsOf = async (app: Awaited<ReturnType<typeof startApp>>) =>
  (await app.browser().get('/guest/sign-in-methods')).body

const provider = { id: 'example', name: 'Example ID', issuer: 'https://id.example.com', clientId: 'guests' }

describe('the ways to sign in', () => {
  test('are those of the options: codes by a function reach telephones too, and providers have a host', async () => {
    const app = await startApp({ rpName: 'Jotter', loginIds: { send: () => {}, providers: [provider] } })
    expect(await methodsOf(app)).toEqual({
      name: 'Jotter',
      guest_sign_in: true,
      new_passkeys: true,
      codes: ['email', 'phone'],
      providers: [{ id: 'example', name: 'Example ID', host: 'id.example.com' }],
    })
    const byMail = await startApp({ loginIds: { send: 'smtp://127.0.0.1:2525' } })
    expect(await methodsOf(byMail)).toMatchObject({ codes: ['email'], providers: [] })
  })

  test('are fewer as soon as an operator switches one off', async () => {
    const app = await startApp({ collections: { users: {}, members: {} } })
    await app.guests.settings.set({ codes: false, passkeyRegistration: false, 'guestSignIn.users': false })
    expect(await methodsOf(app)).toMatchObject({ guest_sign_in: true, new_passkeys: false, codes: [] })
    await app.guests.settings.set({ 'guestSignIn.members': false })
    expect(await methodsOf(app)).toMatchObject({ guest_sign_in: false })
  })

  test('are the same for everybody, kept for a minute, and set no cookie', async () => {
    const app = await startApp()
    const { headers } = await app.browser().get('/guest/sign-in-methods')
    expect(headers['cache-control']).toBe('public, max-age=60')
    expect(headers['set-cookie']).toBeUndefined()
  })
})
