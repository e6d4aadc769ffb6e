// The whole story of a guest: the first visit, a second device, and the last sign-out.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Browser } from './app.ts'
import type { SoftwareAuthenticator } from './authenticator.ts'
import { copyOf } from './ceremonies.ts'

/** Plays the story, and expects the right response at every step. */
export async function playWholeStory(site: {
  browser: () => Browser
  device: () => SoftwareAuthenticator
}): Promise<void> {
  const [phone, device] = [site.browser(), site.device()]
  const guest = await phone.signIn()
  expect(guest).toMatchObject({ isAnonymous: true, recoverability: 'none' })
  await answered(201, phone.addPasskey(device))
  expect(await userinfo(phone)).toMatchObject({ sub: guest.sub, recoverability: 'synced' })

  const laptop = site.browser()
  const back = await answered(200, laptop.signInWithPasskey(device.copy()))
  expect(back.body).toMatchObject({ sub: guest.sub, label: guest.label })
  expect(await userinfo(laptop)).toMatchObject({ sub: guest.sub })

  const before = copyOf(site, phone)
  await answered(200, phone.signInWithPasskey(device, { stepUp: true }))
  await answered(401, before.get('/guest/userinfo')) // a step-up begins a new session
  const { passkey } = (await answered(201, phone.addPasskey(site.device()))).body
  await answered(200, phone.patch(`/guest/passkeys/${passkey.id}`, { name: 'The blue one' }))
  expect(await passkeyNames(laptop)).toContain('The blue one')
  await answered(204, phone.delete(`/guest/passkeys/${passkey.id}`))
  expect(await passkeyNames(laptop)).toHaveLength(1)

  expect((await answered(200, laptop.get('/guest/sessions'))).body.sessions).toHaveLength(2)
  const left = copyOf(site, laptop)
  await answered(204, laptop.post('/guest/sign-out'))
  await answered(401, left.get('/guest/userinfo'))
  expect(await userinfo(phone)).toMatchObject({ sub: guest.sub })
  await answered(204, phone.post('/guest/sign-out', { everywhere: true }))
  await answered(401, phone.get('/guest/userinfo'))
  await answered(200, phone.signInWithPasskey(device))
  expect(await userinfo(phone)).toMatchObject({ sub: guest.sub, label: guest.label })
}

async function answered(status: number, asked: Promise<Response>): Promise<Response> {
  const response = await asked
  expect(response.status, response.text).toBe(status)
  return response
}

const userinfo = async (browser: Browser) => (await answered(200, browser.get('/guest/userinfo'))).body

const passkeyNames = async (browser: Browser): Promise<string[]> =>
  (await answered(200, browser.get('/guest/passkeys'))).body.passkeys.map(
    ({ name }: { name: string }) => name,
  )
