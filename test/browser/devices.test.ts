// Jotter on several devices: links, keys of browsers, and what the authenticator of a device hears.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Device, type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { readQr } from '../support/qr.ts'
import {
  answer,
  choose,
  continueAsGuest,
  label,
  nobody,
  notes,
  press,
  reach,
  save,
  shows,
  write,
} from './jotter.ts'

const minute = 60

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const words = (page: Page) => page.locator('.words:visible').innerText()

/** Opens a URL on a new device, as after a scan. The test fails if the page reports any problem. */
async function openByScan(url: string, options: DeviceOptions = {}): Promise<Device> {
  const device = await newDevice(browser, options)
  onTestFinished(async () => {
    await device.close()
    expect(device.problems).toEqual([])
  })
  await device.context.addInitScript(askOften)
  await device.page.goto(url)
  await device.page.locator('#loading').waitFor({ state: 'hidden' })
  return device
}

/**
 * Runs in the page, and makes waits of two seconds shorter: a device polls the link that often, and a test need not
 * wait as long.
 */
function askOften() {
  const wait = window.setTimeout.bind(window)
  Object.assign(window, {
    setTimeout: (work: () => void, milliseconds?: number) =>
      wait(work, milliseconds === 2000 ? 300 : milliseconds),
  })
}

const open = (demo: Demo, options?: DeviceOptions) => openByScan(demo.origin, options)

/** Reads the QR code in a screenshot of the page. */
const scan = async (page: Page) => readQr(await page.screenshot())

/** Makes a link, and returns the code to type. */
async function link(page: Page): Promise<string> {
  await choose(page, 'Link another device')
  await page.getByRole('img', { name: /^QR code/ }).waitFor()
  return page.locator('.code').innerText()
}

/** Goes to where the code of another device is typed, while nobody is signed in. */
async function toCode(page: Page): Promise<void> {
  await press(page, 'More ways')
  await page.getByRole('button', { name: /^Another device/ }).click()
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await page.keyboard.press('Enter')
}

/** A wrong code for the same link. */
const wrongFor = (code: string) => code.slice(0, -1) + (code.endsWith('B') ? 'C' : 'B')

/** Has this browser remember the guest. */
async function remember(page: Page): Promise<void> {
  await choose(page, 'Account')
  await page.getByRole('switch', { name: 'Remember me in this browser' }).click()
  await page.getByRole('switch', { checked: true }).waitFor()
  await page.getByRole('link', { name: 'Back to the notes' }).click()
}

/** Clears the cookies, as the settings of the browser can. */
const clearCookies = ({ context }: Device) => context.clearCookies()

async function clearIndexedDb({ page }: Device): Promise<void> {
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name!).onsuccess = resolve
      })
    }
  })
}

/** Opens a device whose guest has a passkey and a note. */
async function openSaved(demo: Demo, options: DeviceOptions = {}) {
  const device = await open(demo, options)
  const name = await continueAsGuest(device.page)
  await write(device.page, 'milk')
  await save(device.page)
  return { ...device, name }
}

test('the QR code on a phone signs in a laptop, which is then offered a passkey of its own', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo)
  await link(phone.page)
  const margin = await phone.page.locator('.qr path').evaluate((dark: SVGPathElement) => {
    const { x, y } = dark.getBBox()
    return Math.min(x, y)
  })
  expect(margin).toBe(4) // modules; some cameras need all four
  const laptop = await openByScan(await scan(phone.page))
  await shows(laptop.page, `Signing in as ${phone.name}`)
  expect(await laptop.page.locator('#who .chip').count()).toBe(0)
  const theirs = await words(laptop.page)
  expect(theirs).toMatch(/^[a-z]+\s+[a-z]+$/)
  await shows(phone.page, /^Chrome on Linux asks to be signed in/)
  expect(await words(phone.page)).toBe(theirs)
  await press(phone.page, 'Yes, sign it in')
  expect(await label(laptop.page)).toBe(phone.name)
  await shows(laptop.page, 'milk')
  await shows(phone.page, 'Linked')

  await press(laptop.page, 'Add a passkey here')
  await shows(laptop.page, 'Kept.')
  expect(await laptop.credentials()).toHaveLength(1)
  expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 2, sessions: 2 })
  await answer(laptop.page, 'Close')
  await choose(laptop.page, 'Sign out')
  await press(laptop.page, 'Continue with your passkey')
  expect(await label(laptop.page)).toBe(phone.name)
})

test('an expired code fails on both devices, and a new one works', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await link(phone.page)
  const url = await scan(phone.page)
  demo.clock.forward(11 * minute)
  const laptop = await openByScan(url)
  await shows(laptop.page, 'No device shows this code.')
  await shows(phone.page, 'The code has run out.')
  await press(phone.page, 'Show a new one')
  const code = await phone.page.locator('.code').innerText()
  await typeCode(laptop.page, code)
  await shows(laptop.page, `Signing in as ${name}`)
  await shows(phone.page, 'Is this your other device?')

  // After it was opened, it expires in two minutes.
  demo.clock.forward(3 * minute)
  await shows(laptop.page, 'No device shows this code.')
  await shows(phone.page, 'The code has run out.')
  expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0 })
})

test('a code works however it is typed, and linking keeps a guest who was not kept', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await write(phone.page, 'milk')
  const code = await link(phone.page)
  expect(code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/)
  const laptop = await open(demo)
  await toCode(laptop.page)
  await typeCode(laptop.page, ` ${code.replace('-', ' ').toLowerCase()}`)
  await press(phone.page, 'Yes, sign it in')
  expect(await label(laptop.page)).toBe(name)
  await shows(laptop.page, 'milk')
  expect(await demo.rows()).toMatchObject({ guests: 1, sessions: 2, passkeys: 0 })
})

test('five wrong codes end a link, and more end the attempts of the device', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  await continueAsGuest(phone.page)
  const code = await link(phone.page)
  const laptop = await open(demo)
  await toCode(laptop.page)
  const guess = async (given: string) => {
    const [heard] = await Promise.all([
      laptop.page.waitForResponse(/device-links\/open$/),
      typeCode(laptop.page, given),
    ])
    await laptop.page.locator('.note:visible').first().waitFor()
    return heard.status()
  }
  for (let wrong = 0; wrong < 5; wrong++) expect(await guess(wrongFor(code))).toBe(400)
  expect(await guess(code)).toBe(400)
  await shows(laptop.page, 'No device shows this code.')
  await shows(phone.page, 'The code has run out.')
  let status = 0
  for (let tries = 0; tries < 20 && status !== 429; tries++) status = await guess(wrongFor(code))
  expect(status).toBe(429)
  await shows(laptop.page, 'Too many')
})

test('a guest who is on the new device already is asked first, and then merged', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo)
  const laptop = await open(demo)
  const left = await continueAsGuest(laptop.page)
  await write(laptop.page, 'eggs')
  const claims: string[] = []
  laptop.page.on('request', (request) => {
    if (request.url().endsWith('/device-links/claim')) claims.push(request.url())
  })
  const scanOnLaptop = async () => {
    const url = await scan(phone.page)
    await laptop.page.goto('about:blank')
    await laptop.page.goto(url)
    await shows(laptop.page, `Leave ${left}?`)
  }
  await link(phone.page)
  await scanOnLaptop()
  await press(laptop.page, 'Stay')
  expect(await label(laptop.page)).toBe(left)
  expect(await notes(laptop.page)).toEqual(['eggs'])
  expect(claims).toEqual([])

  await scanOnLaptop()
  await press(laptop.page, 'Leave and continue')
  await press(phone.page, 'Yes, sign it in')
  await shows(laptop.page, `Your notes from here are with ${phone.name} now.`)
  expect(await label(laptop.page)).toBe(phone.name)
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['eggs', 'milk'])
})

test('saving with a passkey makes a new browser key, which signs in without a prompt', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const { page } = device
  const name = await continueAsGuest(page)
  await remember(page)
  await write(page, 'milk')
  expect(await page.locator('body').getAttribute('data-written')).toBe('ink')
  await choose(page, 'Account')
  await press(page, 'Add a passkey')
  await expect.poll(() => demo.rows()).toMatchObject({ passkeys: 1, device_keys: 1 })
  await clearCookies(device)
  await page.reload()
  expect(await label(page)).toBe(name)
  await page.getByRole('link', { name: 'Back to the notes' }).click()
  await shows(page, 'milk')
  expect(device.events.filter(({ what }) => what === 'asserted')).toEqual([])
})

test('signing out asks whether this browser forgets the guest, too', async () => {
  const demo = await startDemo()
  const { page, name } = await openSaved(demo)
  await remember(page)
  await choose(page, 'Sign out')
  await page.getByRole('dialog', { name: 'Forget this browser, too?' }).waitFor()
  await answer(page, 'Stay signed in')
  expect(await label(page)).toBe(name)

  // Whoever signed out is not signed in unasked.
  await page.reload()
  await choose(page, 'Sign out')
  await answer(page, 'Sign out, keep it')
  await nobody(page)
  await page.reload()
  await press(page, `Continue as ${name}`)
  expect(await label(page)).toBe(name)
  expect(await demo.rows()).toMatchObject({ device_keys: 1 })

  await choose(page, 'Sign out')
  await answer(page, 'Sign out and forget it')
  await nobody(page)
  expect(await demo.rows()).toMatchObject({ device_keys: 0, passkeys: 1 })
  await page.getByRole('button', { name: 'Continue with your passkey' }).waitFor()
})

test('the account asks the same, and whether the last way back may go with the browser', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const name = await continueAsGuest(page)
  await remember(page)
  await choose(page, 'Account')
  await press(page, 'Sign out')
  await answer(page, 'Sign out and forget it')
  await shows(page, `${name} has no way back yet. Once you sign out, everything is gone.`)
  expect(await demo.rows()).toMatchObject({ guests: 1, device_keys: 1 })
  await answer(page, 'Sign out and lose it')
  await nobody(page)
  expect(await demo.rows()).toMatchObject({ device_keys: 0 })
})

test('a browser with cleared storage does not say that it remembers the guest', async () => {
  const demo = await startDemo()
  const device = await openSaved(demo)
  const { page } = device
  await remember(page)
  await clearIndexedDb(device)
  await page.reload()
  expect(await label(page)).toBe(device.name)
  await choose(page, 'Account')
  await page.getByRole('switch', { name: 'Remember me in this browser', checked: false }).waitFor()
  await shows(page, 'Remembers you, too')

  await clearCookies(device)
  await page.reload()
  await press(page, 'Start as a new guest')
  expect(await label(page)).not.toBe(device.name)
})

test('the authenticator of a device hears of removed passkeys, and of a new label', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { synced: true })
  const [passkey] = await phone.credentials()
  const { credentialId } = passkey!
  await choose(phone.page, 'Rename')
  await phone.page.getByRole('textbox', { name: 'Name' }).fill('Ada on the boat')
  await answer(phone.page, 'Save')
  await expect.poll(() => label(phone.page)).toBe('Ada on the boat')
  await expect
    .poll(() => phone.events)
    .toContainEqual({ what: 'updated', credentialId, name: 'Ada on the boat' })

  // Removed on this device: the authenticator hides it.
  const laptop = await open(demo, { synced: true, passkeys: await phone.credentials() })
  await press(laptop.page, 'Sign in with a passkey')
  expect(await label(laptop.page)).toBe('Ada on the boat')
  await choose(laptop.page, 'Account')
  await laptop.page.getByRole('button', { name: /^Remove passkey/ }).click()
  await answer(laptop.page, 'Remove')
  await expect.poll(() => laptop.events).toContainEqual({ what: 'deleted', credentialId })

  // Removed elsewhere: the next sign-in here fails, and the authenticator hears of it.
  await clearCookies(phone)
  await phone.page.reload()
  await press(phone.page, 'Continue with your passkey')
  await shows(phone.page, 'This passkey is no longer valid.')
  await expect.poll(() => phone.events).toContainEqual({ what: 'deleted', credentialId })
})

/** Continues as guest by the client of a page, which may offer passkeys of this device. Returns the label. */
const continueAtOnce = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const url = '/guest/client.js'
    const { createGuestClient } = await import(url)
    return (await createGuestClient().signInAnonymously({ immediate: true })).label
  })

test('a page that continues as guest can offer a passkey that is on the device', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { synced: true })
  const laptop = await open(demo, { synced: true, passkeys: await phone.credentials(), takesOffered: true })
  expect(await continueAtOnce(laptop.page)).toBe(phone.name)
  expect(await label(laptop.page)).toBe(phone.name)
  expect(await demo.rows()).toMatchObject({ guests: 1, sessions: 2 })

  // If the user declines, has no passkey here, or has a browser that cannot do this, a new guest is made.
  const declining = await open(demo, { synced: true, passkeys: await phone.credentials() })
  expect(await continueAtOnce(declining.page)).not.toBe(phone.name)
  const empty = await open(demo, { takesOffered: true })
  expect(await continueAtOnce(empty.page)).not.toBe(phone.name)
  const old = await open(demo, { synced: true, passkeys: await phone.credentials(), takesOffered: true })
  await old.context.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ immediateGet: false })
  })
  await old.page.reload()
  expect(await continueAtOnce(old.page)).not.toBe(phone.name)
})

test('the keyboard alone is enough to link two devices', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await phone.page.locator('.brand').focus()
  await reach(phone.page, /not saved yet$/)
  await phone.page.locator('#who .menu').waitFor()
  await reach(phone.page, 'Link another device')
  const code = await phone.page.locator('.code').innerText()

  const laptop = await open(demo)
  await laptop.page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await reach(laptop.page, 'More ways')
  await reach(laptop.page, /^Another device/)
  await laptop.page.getByRole('textbox', { name: 'Code' }).waitFor()
  await laptop.page.keyboard.press('Tab')
  await laptop.page.keyboard.type(code)
  await laptop.page.keyboard.press('Enter')
  await shows(laptop.page, `Signing in as ${name}`)
  await shows(phone.page, 'Is this your other device?')
  // Enter alone decides nothing: the question may have appeared while somebody was typing.
  await phone.page.keyboard.press('Enter')
  await reach(phone.page, 'Yes, sign it in')
  expect(await label(laptop.page)).toBe(name)
  await reach(phone.page, 'Done')
})
