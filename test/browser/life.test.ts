import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { eventually } from '../support/eventually.ts'
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

const day = 24 * 60 * 60

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const open = (demo: Demo, options?: DeviceOptions) => openJotter(browser, demo, options)
const question = (page: Page) => page.getByRole('status').getByRole('region', { name: 'Keep these notes?' })
const notice = (page: Page) => page.locator('#notice')

/** Waits until the page has an answer from this endpoint. */
const hears = (page: Page, door: string) =>
  page.waitForResponse((response) => response.url().endsWith(`/guest${door}`))

test.each(Object.entries(screens))(
  'after the third note the page asks whether to keep them, and on a %s nothing moves',
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
    await press(page, 'Save them with a passkey')
    await page.locator('#desk[data-written=ink]').waitFor()
    await question(page).waitFor({ state: 'hidden' })
    expect(await notes(page)).toEqual(['eggs', 'bread', 'milk'])
  },
)

test('"Later" puts the question off for a week, writes no row, and outlasts a reload', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const name = await continueAsGuest(page)
  await write(page, 'milk', 'bread', 'eggs')
  await question(page).waitFor()
  await Promise.all([hears(page, '/prompts/snooze'), press(page, 'Later')])
  await question(page).waitFor({ state: 'hidden' })
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
  await press(laptop.page, 'Sign in with a passkey')
  await shows(laptop.page, `Your notes from here are with ${name} now.`)
  expect(await label(laptop.page)).toBe(name)
  expect(await laptop.page.getByLabel('New note').inputValue()).toBe('half a no')
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['eggs', 'bread', 'milk'])
  await phone.page.reload()
  await shows(phone.page, 'eggs')

  await press(laptop.page, 'Undo')
  await shows(laptop.page, `You are ${left} again, and your notes are here.`)
  expect(await label(laptop.page)).toBe(left)
  await shows(laptop.page, 'eggs')
  expect(await notes(laptop.page)).toEqual(['eggs'])
  await phone.page.reload()
  await shows(phone.page, 'bread')
  expect(await notes(phone.page)).toEqual(['bread', 'milk'])

  await write(laptop.page, 'butter')
  await press(laptop.page, 'Sign in with a passkey')
  await shows(laptop.page, `Your notes from here are with ${name} now.`)
  await press(laptop.page, 'Got it')
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['butter', 'eggs', 'bread', 'milk'])
})

test('a guest who wrote nothing is merged without a notice', async () => {
  const demo = await startDemo()
  const phone = await open(demo, { synced: true })
  const name = await continueAsGuest(phone.page)
  await save(phone.page)
  const laptop = await open(demo, { passkeys: await phone.credentials() })
  await continueAsGuest(laptop.page)
  await press(laptop.page, 'Sign in with a passkey')
  await shows(laptop.page, `Welcome back, ${name}.`)
  expect(await notice(laptop.page).isVisible()).toBe(false)
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
    await press(laptop.page, 'Sign in with another passkey')
  }

  demo.clock.forward(10 * 60)
  await signInWith(carried)
  await shows(laptop.page, `You are ${name} now. ${other}, who was here before, has 2 notes.`)
  expect((await notice(laptop.page).boundingBox())!.y).toBeGreaterThanOrEqual(0) // the pressed button is far below
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['milk'])
  await press(laptop.page, 'Bring its notes along')
  await shows(laptop.page, `Sign in as ${other} once more`)
  expect(await notes(laptop.page)).toEqual(['milk'])

  await signInWith(own)
  await shows(laptop.page, `You are ${other} now. ${name}, who was here before, has one note.`)
  await signInWith((await phone.credentials()).map((passkey) => ({ ...passkey, signCount: 100 })))
  await shows(laptop.page, `You are ${name} now. ${other}, who was here before, has 2 notes.`)
  await press(laptop.page, 'Bring its notes along')
  await shows(laptop.page, `The notes of ${other} are with ${name} now.`)
  expect(await notes(laptop.page)).toEqual(['butter', 'eggs', 'milk'])

  await press(laptop.page, 'Undo')
  await shows(laptop.page, `The notes of ${other} are its own again.`)
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
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download everything')])
  expect(download.suggestedFilename()).toBe(`jotter-${name}.json`)
  const { account, notes } = JSON.parse(await readFile(await download.path(), 'utf8'))
  expect(JSON.stringify(account)).toContain(name)
  expect(notes).toMatchObject([{ text: 'bread' }, { text: 'milk' }])

  demo.clock.forward(10 * 60) // with a passkey, deleting wants a fresh proof
  await press(page, 'Delete account')
  await answer(page, 'Keep it')
  expect(await label(page)).toBe(name)
  await press(page, 'Delete account')
  await answer(page, 'Delete account')
  await page.locator('#welcome').waitFor()
  await shows(page, `${name} is deleted, with all its notes.`)
  expect(await demo.rows()).toMatchObject({ guests: 0, passkeys: 0, sessions: 0 })
  await eventually(() => expect(demo.notes()).toBe(0))
  await page.reload()
  await page.locator('#welcome').waitFor()
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
  await press(page, 'Sign in with a passkey')
  await shows(page, `Your notes from here are with ${name} now.`)
  await expectNothingAmiss(page)
  await press(page, 'Delete account')
  await expectNothingAmiss(page)
  await answer(page, 'Delete account')
  await shows(page, `${name} is deleted`)
  await expectNothingAmiss(page)
})
