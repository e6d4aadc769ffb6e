import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import {
  choose,
  continueAsGuest,
  expectNothingAmiss,
  inInk,
  label,
  nobody,
  notes,
  openJotter,
  press,
  reach,
  save,
  screens,
  shows,
  write,
} from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const open = (demo: Demo, options?: DeviceOptions) => openJotter(browser, demo, options)

test('a guest writes, saves with a passkey, and comes back on a second device and by autofill', async () => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await write(phone.page, 'milk')
  expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0, passkeys: 0 })
  await save(phone.page)
  expect(await label(phone.page)).toBe(name)
  expect((await phone.credentials())[0]).toMatchObject({ userName: name, isResidentCredential: true })

  const laptop = await open(demo, { synced: true, passkeys: await phone.credentials() })
  await press(laptop.page, 'Sign in with a passkey')
  expect(await label(laptop.page)).toBe(name)
  await shows(laptop.page, 'milk')
  await write(laptop.page, 'bread')

  // A virtual authenticator counts even for synced passkeys, whose counter is always 0 outside of tests.
  const autofilling = await open(demo, { synced: true, passkeys: await laptop.credentials() })
  await press(autofilling.page, 'More ways')
  await autofilling.page.getByLabel('E-mail address or passkey').focus()
  await autofilling.pickFromAutofill()
  expect(await label(autofilling.page)).toBe(name)
  await shows(autofilling.page, 'bread')
  expect(await notes(autofilling.page)).toEqual(['bread', 'milk'])

  await choose(phone.page, 'Sign out')
  await nobody(phone.page)
  expect(await notes(phone.page)).toEqual([])
  expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 2 })
})

test('two tabs that continue as guest at once are one guest, and each sees the other sign out', async () => {
  const demo = await startDemo()
  const left = await open(demo)
  const right = await left.openTab()
  await right.page.goto(demo.origin)
  const begin = (page: Page) => page.getByRole('button', { name: 'Continue as guest' })
  for (const { page } of [left, right]) await begin(page).waitFor()
  // Pressed inside the pages, so that the second press comes before the first tab can tell the other one.
  const pressNow = (page: Page) => begin(page).evaluate((one: HTMLElement) => one.click())
  await Promise.all([pressNow(left.page), pressNow(right.page)])
  expect(await label(left.page)).toBe(await label(right.page))
  await save(left.page)
  await inInk(right.page)
  await choose(right.page, 'Sign out')
  await nobody(left.page)
})

test('after a cancelled prompt the guest stays, and the next attempt saves', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const name = await continueAsGuest(device.page)
  await write(device.page, 'milk')
  await device.setUserVerified(false)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'That was cancelled.')
  expect(await demo.rows()).toMatchObject({ guests: 0, passkeys: 0, spent: 0 })
  await device.setUserVerified(true)
  await save(device.page)
  await device.page.reload()
  expect(await label(device.page)).toBe(name)
  await shows(device.page, 'milk')
})

test.each([
  ['before the request arrived', async (route: Route) => route.abort('connectionreset')],
  [
    'before the answer arrived',
    async (route: Route) => {
      // Sent on by the test, so that the browser gets nothing of the answer, not even its cookie.
      const request = route.request()
      const headers = await request.allHeaders()
      const answered = await fetch(request.url(), { method: 'POST', headers, body: request.postData()! })
      expect(answered.status).toBe(201)
      await route.abort('connectionreset')
    },
  ],
])('the client repeats a registration if the connection is cut %s', async (_when, cut) => {
  const demo = await startDemo()
  const device = await open(demo)
  const name = await continueAsGuest(device.page)
  let cuts = 0
  await device.page.route('**/guest/passkeys/register', async (route) => {
    if (cuts++ === 0) await cut(route)
    else await route.continue()
  })
  await save(device.page)
  expect(cuts).toBe(2)
  expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
  await device.page.reload()
  expect(await label(device.page)).toBe(name)
})

test('without a network no guest is made and none is lost', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const name = await continueAsGuest(device.page)
  await device.context.setOffline(true)
  await press(device.page, 'Save with a passkey')
  await shows(device.page, 'The server could not be reached.')
  await device.context.setOffline(false)
  await device.page.reload()
  expect(await label(device.page)).toBe(name)
})

test('an action that needs a fresh proof asks for the passkey and goes on by itself', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  await continueAsGuest(device.page)
  await write(device.page, 'milk')
  await write(device.page, 'bread')
  await save(device.page)
  demo.clock.forward(10 * 60)
  const [before] = await device.credentials()
  await press(device.page, 'Delete all')
  await shows(device.page, 'Delete all 2 notes, for good?')
  await press(device.page, 'Delete them')
  await shows(device.page, 'Nothing here yet.')
  expect(demo.notes()).toBe(0)
  const [after] = await device.credentials()
  expect(after!.signCount).toBeGreaterThan(before!.signCount)
})

test('a note that is deleted comes back with Undo', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  await continueAsGuest(page)
  await write(page, 'milk', 'bread')
  await press(page, 'Delete the note “milk”')
  await shows(page, 'Note deleted.')
  expect(await notes(page)).toEqual(['bread'])
  expect(demo.notes()).toBe(1)
  await press(page, 'Undo')
  await shows(page, 'milk')
  expect(await notes(page)).toEqual(['milk', 'bread'])
  expect(demo.notes()).toBe(2)
})

test('a half-written note outlasts a session that ends by itself, and nobody else sees it', async () => {
  const demo = await startDemo()
  const { page, context } = await open(demo)
  const field = page.getByLabel('New note')
  const end = async () => {
    await context.clearCookies()
    // The page may have noticed by itself, by an answer that came late.
    const add = page.getByRole('button', { name: 'Add note', exact: true })
    await add.click({ timeout: 5000 }).catch(() => {})
  }
  const name = await continueAsGuest(page)
  await field.fill('half a no')
  await end()
  await shows(page, 'These notes are from a guest who was not saved.')
  expect(await field.inputValue()).toBe('half a no')
  await press(page, 'Continue as a new guest')
  expect(await label(page)).not.toBe(name)
  expect(await field.inputValue()).toBe('half a no')

  await save(page)
  const saved = await label(page)
  await end()
  await press(page, 'Continue with your passkey')
  expect(await label(page)).toBe(saved)
  expect(await field.inputValue()).toBe('half a no')
  await end()
  await press(page, 'Start as a new guest')
  expect(await label(page)).not.toBe(saved)
  expect(await field.inputValue()).toBe('')
})

test('the keyboard alone is enough to begin, write and save', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await reach(page, 'Continue as guest')
  await label(page)
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Control+Enter')
  await page.locator('#list').getByText('by keyboard').waitFor()
  await page.locator('.brand').focus()
  await reach(page, 'Save with a passkey')
  await inInk(page)
})

test.each(['light', 'dark'] as const)(
  'axe finds no problem in %s mode, on a phone and a desktop',
  async (colorScheme) => {
    const demo = await startDemo()
    const { page } = await open(demo, {
      window: { colorScheme, reducedMotion: 'reduce', viewport: screens.phone },
    })
    const check = () => expectNothingAmiss(page)
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await check()
    await continueAsGuest(page)
    await write(page, 'milk', 'bread')
    await check()
    await press(page, 'Delete the note “milk”')
    await shows(page, 'Note deleted.')
    await check()
    await save(page)
    await check()
    await choose(page, 'Account')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await check()
  },
)
