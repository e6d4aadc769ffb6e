import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import {
  answer,
  continueAsGuest,
  expectNothingAmiss,
  label,
  notes,
  openJotter,
  press,
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
  await phone.carry(await laptop.credentials())
  await press(phone.page, 'Sign out')
  await phone.page.locator('#welcome').waitFor()
  expect(await notes(phone.page)).toEqual([])
  await phone.page.getByLabel('Your guest name').focus()
  await phone.pickFromAutofill()
  expect(await label(phone.page)).toBe(name)
  await shows(phone.page, 'bread')
  expect(await notes(phone.page)).toEqual(['bread', 'milk'])
  expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 2 })
})

test('a phone signs in a borrowed laptop beside it, which lists the phone and can sign it out', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await save(phone.page)
  await shows(phone.page, 'This device only')

  const borrowed = await open(demo, { transport: 'hybrid', passkeys: await phone.credentials() })
  await press(borrowed.page, 'Sign in with a passkey')
  expect(await label(borrowed.page)).toBe(name)
  await borrowed.page.reload()
  await shows(borrowed.page, /^Another device$/)
  await press(borrowed.page, 'Sign out another device')
  await shows(borrowed.page, 'That device is signed out.')
  await phone.page.reload()
  await phone.page.locator('#welcome').waitFor()
})

test('a sign-in on a device without a passkey fails with a message, and Continue as guest still works', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  await press(device.page, 'Sign in with a passkey')
  await shows(device.page, 'That was cancelled.')
  expect(await continueAsGuest(device.page)).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
})

test('two tabs that continue as guest at once are one guest, and each sees the other sign out', async () => {
  const demo = await startDemo()
  const left = await open(demo)
  const right = await left.openTab()
  await right.page.goto(demo.origin)
  await right.page.locator('#welcome').waitFor()
  // Pressed inside the pages, so that the second press comes before the first tab can tell the other one.
  const pressNow = (page: Page) =>
    page.evaluate(() => document.querySelector<HTMLElement>('#continue')?.click())
  await Promise.all([pressNow(left.page), pressNow(right.page)])
  expect(await label(left.page)).toBe(await label(right.page))
  await save(left.page)
  await right.page.locator('#desk[data-written=ink]').waitFor()
  await press(right.page, 'Sign out')
  await left.page.locator('#welcome').waitFor()
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

test('the page asks before a guest without a passkey signs out', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const name = await continueAsGuest(device.page)
  await press(device.page, 'Sign out')
  await answer(device.page, 'Stay')
  expect(await label(device.page)).toBe(name)
  await press(device.page, 'Sign out')
  await answer(device.page, 'Save first')
  await device.page.locator('#welcome').waitFor()
  await press(device.page, 'Sign in with a passkey')
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
  await answer(device.page, 'Delete all')
  await shows(device.page, 'All notes deleted.')
  const [after] = await device.credentials()
  expect(after!.signCount).toBeGreaterThan(before!.signCount)
})

test('passkeys are renamed and removed, the last one after a warning, and the guest stays', async () => {
  const demo = await startDemo()
  const device = await open(demo, { synced: true })
  const name = await continueAsGuest(device.page)
  await save(device.page)
  await device.page.getByRole('button', { name: /^Rename passkey/ }).click()
  await device.page.getByLabel('Name of this passkey').fill('My <b>phone</b>')
  await press(device.page, 'Save')
  await shows(device.page, 'My <b>phone</b>')
  await press(device.page, 'Add another passkey')
  await shows(device.page, 'This device already holds a passkey for this account.')
  demo.clock.forward(10 * 60) // removing a passkey needs a fresh proof
  await device.page.getByRole('button', { name: /^Remove passkey/ }).click()
  await shows(device.page, 'It is your only passkey.')
  await answer(device.page, 'Remove')
  await device.page.locator('#desk[data-written=pencil]').waitFor()
  expect(await label(device.page)).toBe(name)
})

test('the keyboard alone is enough to begin, write and save', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const reach = async (name: string) => {
    for (let i = 0; i < 40; i++) {
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim())
      if (focused === name) return page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
    }
    throw new Error(`${name} cannot be reached by Tab`)
  }
  await reach('Continue as guest')
  await label(page)
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Control+Enter')
  await page.locator('#note-list').getByText('by keyboard').waitFor()
  await page.locator('.brand').focus()
  await reach('Save with a passkey')
  await page.locator('#desk[data-written=ink]').waitFor()
})

test.each(['light', 'dark'] as const)(
  'axe finds no problem in %s mode, on a phone and a desktop',
  async (colorScheme) => {
    const demo = await startDemo()
    const { page } = await open(demo, {
      window: { colorScheme, reducedMotion: 'reduce', viewport: screens.phone },
    })
    const check = () => expectNothingAmiss(page)
    await check()
    await continueAsGuest(page)
    await write(page, 'milk')
    await check()
    await press(page, 'Sign out')
    await page.getByRole('dialog').waitFor()
    await check()
    await answer(page, 'Stay')
    await save(page)
    await shows(page, 'This device only')
    await check()
  },
)
