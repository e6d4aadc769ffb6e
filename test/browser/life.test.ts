import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { eventually } from '../support/eventually.ts'
import {
  answer,
  choose,
  continueAsGuest,
  expectNothingAmiss,
  inInk,
  label,
  nobody,
  notes,
  openJotter,
  press,
  save,
  screens,
  shows,
  write,
} from './jotter.ts'

const day = 24 * 60 * 60

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const open = (demo: Demo, options?: DeviceOptions) => openJotter(browser, demo, options)
const question = (page: Page) => page.getByRole('region', { name: 'Keep these notes?' })

/** Signs in with a passkey while somebody is signed in. */
async function switchGuest(page: Page): Promise<void> {
  await choose(page, 'Account')
  await press(page, 'Sign in as another guest, and bring these notes')
}

/** Waits until the page has an answer from this endpoint. */
const hears = (page: Page, door: string) =>
  page.waitForResponse((response) => response.url().endsWith(`/guest${door}`))

test.each(Object.entries(screens))(
  'after the third note the page asks whether to keep them, and on a %s the field stays where it is',
  async (_name, viewport) => {
    const demo = await startDemo()
    const { page } = await open(demo, { window: { viewport } })
    await continueAsGuest(page)
    await write(page, 'milk', 'bread')
    expect(await question(page).count()).toBe(0)
    const composer = () => page.locator('#composer').boundingBox()
    const before = await composer()
    await write(page, 'eggs')
    await question(page).waitFor()
    expect(await composer()).toEqual(before)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('text')
    await question(page).getByRole('button', { name: 'Save with a passkey' }).click()
    await inInk(page)
    await question(page).waitFor({ state: 'hidden' })
    expect(await notes(page)).toEqual(['eggs', 'bread', 'milk'])
  },
)

test('the service, too, puts the question off for a week after "Later", and writes no row for it', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const name = await continueAsGuest(page)
  await write(page, 'milk', 'bread', 'eggs')
  await question(page).waitFor()
  await Promise.all([hears(page, '/prompts/snooze'), press(page, 'Later')])
  await question(page).waitFor({ state: 'hidden' })
  // What the element has noted in this browser.
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  await page.reload()
  await Promise.all([hears(page, '/userinfo?moment=third_note'), write(page, 'butter')])
  expect(await question(page).count()).toBe(0)
  expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0 })
  expect(await label(page)).toBe(name)
  demo.clock.forward(8 * day)
  await write(page, 'salt')
  await question(page).waitFor()
})

test('notes from a laptop come along to the guest of the passkey, and go back with Undo', async () => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await write(phone.page, 'milk', 'bread')
  await save(phone.page)

  const laptop = await open(demo, { passkeys: await phone.credentials() })
  const left = await continueAsGuest(laptop.page)
  await write(laptop.page, 'eggs')
  await laptop.page.getByLabel('New note').fill('half a no')
  await switchGuest(laptop.page)
  await shows(laptop.page, `Your notes from here are with ${name} now.`)
  expect(await label(laptop.page)).toBe(name)
  expect(await laptop.page.getByLabel('New note').inputValue()).toBe('half a no')
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['eggs', 'bread', 'milk'])
  await phone.page.reload()
  await shows(phone.page, 'eggs')

  await press(laptop.page, 'Undo')
  await laptop.page.getByText('milk').waitFor({ state: 'detached' })
  await shows(laptop.page, 'eggs')
  expect(await label(laptop.page)).toBe(left)
  expect(await notes(laptop.page)).toEqual(['eggs'])
  await phone.page.reload()
  await shows(phone.page, 'bread')
  expect(await notes(phone.page)).toEqual(['bread', 'milk'])

  await write(laptop.page, 'butter')
  await switchGuest(laptop.page)
  await shows(laptop.page, `Your notes from here are with ${name} now.`)
  await press(laptop.page, 'Close')
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['butter', 'eggs', 'bread', 'milk'])
})

test('a guest who wrote nothing is merged without a notice', async () => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await write(phone.page, 'milk')
  await save(phone.page)
  const laptop = await open(demo, { passkeys: await phone.credentials() })
  await continueAsGuest(laptop.page)
  await switchGuest(laptop.page)
  await shows(laptop.page, 'milk')
  expect(await label(laptop.page)).toBe(name)
  expect(await laptop.page.locator('#said').isVisible()).toBe(false)
})

test('a guest with a passkey is merged only on request, after a proof of that passkey', async () => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await write(phone.page, 'milk')
  await save(phone.page)
  const laptop = await open(demo, { synced: true, window: { viewport: screens.phone } })
  const other = await continueAsGuest(laptop.page)
  await write(laptop.page, 'eggs', 'butter')
  await save(laptop.page)
  const [own, carried] = [await laptop.credentials(), await phone.credentials()]
  const signInWith = async (passkeys: typeof own) => {
    await laptop.lose()
    await laptop.carry(passkeys)
    await switchGuest(laptop.page)
  }

  demo.clock.forward(10 * 60)
  await signInWith(carried)
  await shows(laptop.page, `${other}, who was here before, has notes (2).`)
  await shows(laptop.page, 'milk')
  expect(await label(laptop.page)).toBe(name)
  expect(await notes(laptop.page)).toEqual(['milk'])
  await press(laptop.page, 'Bring them along')
  await shows(laptop.page, `Sign in as ${other} once more`)
  expect(await notes(laptop.page)).toEqual(['milk'])

  await signInWith(own)
  await shows(laptop.page, `${name}, who was here before, has notes (1).`)
  await shows(laptop.page, 'eggs')
  await signInWith((await phone.credentials()).map((passkey) => ({ ...passkey, signCount: 100 })))
  await shows(laptop.page, `${other}, who was here before, has notes (2).`)
  await press(laptop.page, 'Bring them along')
  await shows(laptop.page, `The notes of ${other} are with ${name} now.`)
  expect(await notes(laptop.page)).toEqual(['butter', 'eggs', 'milk'])

  await press(laptop.page, 'Undo')
  await laptop.page.getByText('butter').waitFor({ state: 'detached' })
  expect(await label(laptop.page)).toBe(name)
  expect(await notes(laptop.page)).toEqual(['milk'])
})

test.each([
  ['without a passkey', false],
  ['with a passkey', true],
])('a guest %s can download and delete everything', async (_how, saved) => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const name = await continueAsGuest(page)
  await write(page, 'milk', 'bread')
  if (saved) await save(page)
  await choose(page, 'Account')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')])
  expect(download.suggestedFilename()).toBe(`jotter-${name}.json`)
  const { account, notes } = JSON.parse(await readFile(await download.path(), 'utf8'))
  expect(JSON.stringify(account)).toContain(name)
  expect(notes).toMatchObject([{ text: 'bread' }, { text: 'milk' }])

  demo.clock.forward(10 * 60) // with a passkey, deleting wants a fresh proof
  await press(page, 'Delete…')
  await answer(page, 'Keep everything')
  expect(await label(page)).toBe(name)
  await press(page, 'Delete…')
  await answer(page, 'Delete for good')
  await nobody(page)
  expect(await demo.rows()).toMatchObject({ guests: 0, passkeys: 0, sessions: 0 })
  await eventually(() => expect(demo.notes()).toBe(0))
  await page.reload()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
})

test.each(['light', 'dark'] as const)('axe finds no problem in %s mode', async (colorScheme) => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await save(phone.page)
  const window = { colorScheme, reducedMotion: 'reduce' } as const
  const { page } = await open(demo, { window, passkeys: await phone.credentials() })
  await continueAsGuest(page)
  await write(page, 'milk', 'bread', 'eggs')
  await question(page).waitFor()
  await expectNothingAmiss(page)
  await press(page, 'Later')
  await switchGuest(page)
  await shows(page, `Your notes from here are with ${name} now.`)
  await expectNothingAmiss(page)
  await choose(page, 'Account')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectNothingAmiss(page)
})
