import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Device, type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { readQr } from '../support/qr.ts'
import {
  answer,
  continueAsGuest,
  expectNothingAmiss,
  label,
  notes,
  press,
  save,
  screens,
  shows,
  write,
} from './jotter.ts'

const minute = 60

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const region = (page: Page, name: string) => page.getByRole('region', { name })
const dialog = (page: Page) => page.getByRole('dialog')
const words = (page: Page) => page.locator('.words:visible')
const lost = (page: Page) => region(page, 'If this device were lost')
const verdict = (page: Page) => lost(page).locator('.verdict')

/** Opens a URL on a new device, as after a scan. The test fails if the page reports any problem. */
async function openByScan(url: string, options: DeviceOptions = {}): Promise<Device> {
  const device = await newDevice(browser, options)
  onTestFinished(async () => {
    await device.close()
    expect(device.problems).toEqual([])
  })
  await device.context.addInitScript(askOften)
  await device.page.goto(url)
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

async function open(demo: Demo, options?: DeviceOptions): Promise<Device> {
  const device = await openByScan(demo.origin, options)
  await device.page.locator('#loading').waitFor({ state: 'hidden' })
  return device
}

/** Reads the QR code in a screenshot of the page. */
const scan = async (page: Page) => readQr(await page.screenshot())

/** Makes a link, and returns the code to type. */
async function link(page: Page): Promise<string> {
  await press(page, 'Link a device')
  await dialog(page)
    .getByRole('img', { name: /^QR code/ })
    .waitFor()
  return page.locator('#link-code').innerText()
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await answer(page, 'Continue')
}

/** A wrong code for the same link. */
const wrongFor = (code: string) => code.slice(0, -1) + (code.endsWith('B') ? 'C' : 'B')

async function makeCodes(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: /^Make (recovery|new) codes$/ }).click()
  const items = dialog(page).getByRole('listitem')
  await items.nth(9).waitFor()
  return items.allInnerTexts()
}

async function useCode(page: Page, code: string): Promise<void> {
  await press(page, 'Use a recovery code')
  await page.getByRole('textbox', { name: 'Recovery code' }).fill(code)
  await answer(page, 'Sign in')
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

/** Clears everything of the site, as the settings of the browser can. */
async function clearEverything(device: Device): Promise<void> {
  const { page, context } = device
  const origin = new URL(page.url()).origin
  await page.goto('about:blank')
  const cdp = await context.newCDPSession(page)
  await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await clearCookies(device)
  await page.goto(origin)
  await page.locator('#loading').waitFor({ state: 'hidden' })
}

/** Opens a device whose guest has a passkey and a note. */
async function openSaved(demo: Demo, options: DeviceOptions = {}) {
  const device = await open(demo, options)
  const name = await continueAsGuest(device.page)
  await write(device.page, 'milk')
  await save(device.page)
  return { ...device, name: name! }
}

test('the QR code on a phone signs in a laptop, which is then offered a passkey of its own', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo)
  await link(phone.page)
  const margin = await phone.page.locator('#link-qr path').evaluate((dark: SVGPathElement) => {
    const { x, y } = dark.getBBox()
    return Math.min(x, y)
  })
  expect(margin).toBe(4) // modules; some cameras need all four
  const laptop = await openByScan(await scan(phone.page))
  await dialog(laptop.page)
    .getByRole('heading', { name: `Sign in here as ${phone.name}?` })
    .waitFor()
  expect(laptop.page.url()).toBe(`${demo.origin}/`)
  expect(await laptop.page.locator('#somebody').isVisible()).toBe(false)
  await answer(laptop.page, `Sign in as ${phone.name}`)
  const theirs = await words(laptop.page).innerText()
  expect(theirs).toMatch(/^[a-z]+ [a-z]+$/)
  await shows(phone.page, /^Chrome on Linux asks to be signed in/)
  expect(await words(phone.page).innerText()).toBe(theirs)
  await answer(phone.page, 'Approve')
  expect(await label(laptop.page)).toBe(phone.name)
  await shows(laptop.page, 'milk')
  await shows(phone.page, 'The other device is signed in.')
  await answer(phone.page, 'Close')
  await shows(phone.page, /^Another device$/)

  await press(laptop.page, 'Make a passkey here')
  await shows(laptop.page, 'Passkey made.')
  expect(await laptop.credentials()).toHaveLength(1)
  expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 2, sessions: 2 })
  await press(laptop.page, 'Sign out')
  await laptop.page.locator('#welcome').waitFor()
  await press(laptop.page, 'Sign in with a passkey')
  expect(await label(laptop.page)).toBe(phone.name)
})

test('a laptop that the phone refuses is not signed in, and says so', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await link(phone.page)
  const laptop = await openByScan(await scan(phone.page))
  await answer(laptop.page, `Sign in as ${name}`)
  await words(laptop.page).waitFor()
  await words(phone.page).waitFor()
  await answer(phone.page, 'Refuse')
  await shows(phone.page, 'Refused. The other device was not signed in.')
  await shows(laptop.page, 'The other device said no.')
  await answer(laptop.page, 'Close')
  await laptop.page.locator('#welcome').waitFor()
  expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0 })
})

test('an expired code fails on both devices, and a new one works', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await link(phone.page)
  const url = await scan(phone.page)
  demo.clock.forward(11 * minute)
  const laptop = await openByScan(url)
  await shows(laptop.page, /too old/)
  await answer(laptop.page, 'Close')
  await shows(phone.page, 'This code is no longer good.')
  await answer(phone.page, 'Make a new code')
  await phone.page.locator('#link-qr svg').waitFor()
  const code = await phone.page.locator('#link-code').innerText()
  await press(laptop.page, 'Sign in with another device')
  await typeCode(laptop.page, code)
  await answer(laptop.page, `Sign in as ${name}`)
  await words(phone.page).waitFor()

  // After it was opened, it expires in two minutes.
  demo.clock.forward(3 * minute)
  await shows(laptop.page, /too old/)
  await shows(phone.page, 'This code is no longer good.')
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
  await press(laptop.page, 'Sign in with another device')
  await typeCode(laptop.page, ` ${code.replace('-', ' ').toLowerCase()}`)
  await answer(laptop.page, `Sign in as ${name}`)
  await words(phone.page).waitFor()
  await answer(phone.page, 'Approve')
  expect(await label(laptop.page)).toBe(name)
  await shows(laptop.page, 'milk')
  expect(await demo.rows()).toMatchObject({ guests: 1, sessions: 2, passkeys: 0 })
  await shows(phone.page, 'The other device is signed in.')
  await answer(phone.page, 'Close')
  await lost(phone.page).getByText('You are signed in on another device').waitFor()
})

test('five wrong codes end a link, and more end the attempts of the device', async () => {
  const demo = await startDemo()
  const phone = await open(demo)
  await continueAsGuest(phone.page)
  const code = await link(phone.page)
  const laptop = await open(demo)
  await press(laptop.page, 'Sign in with another device')
  const error = laptop.page.locator('#answer-error')
  const guess = async (given: string) => {
    const [heard] = await Promise.all([
      laptop.page.waitForResponse(/device-links\/open$/),
      typeCode(laptop.page, given),
    ])
    await expect.poll(() => error.innerText()).not.toBe('')
    return heard.status()
  }
  for (let wrong = 0; wrong < 5; wrong++) expect(await guess(wrongFor(code))).toBe(400)
  expect(await guess(code)).toBe(400)
  expect(await error.innerText()).toBe('That code is wrong, was used, or is too old: please show a new one.')
  await shows(phone.page, 'This code is no longer good.')
  let status = 0
  for (let tries = 0; tries < 20 && status !== 429; tries++) status = await guess(wrongFor(code))
  expect(status).toBe(429)
  expect(await error.innerText()).toBe('Too many wrong codes: please wait a while.')
})

test('a guest who is on the new device already is asked first, and then merged', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo)
  const laptop = await open(demo)
  const left = await continueAsGuest(laptop.page)
  await write(laptop.page, 'eggs')
  await link(phone.page)
  await laptop.page.goto('about:blank')
  await laptop.page.goto(await scan(phone.page))
  await shows(laptop.page, `${left}, who is here now, becomes part of that guest, and the notes come along.`)
  const claims: string[] = []
  laptop.page.on('request', (request) => {
    if (request.url().endsWith('/device-links/claim')) claims.push(request.url())
  })
  await answer(laptop.page, `Stay ${left}`)
  expect(await label(laptop.page)).toBe(left)
  expect(await notes(laptop.page)).toEqual(['eggs'])
  await words(phone.page).waitFor()
  expect(claims).toEqual([])
  await answer(phone.page, 'Refuse')
  await answer(phone.page, 'Make a new code')

  await phone.page.locator('#link-qr svg').waitFor()
  await laptop.page.goto('about:blank')
  await laptop.page.goto(await scan(phone.page))
  await answer(laptop.page, `Sign in as ${phone.name}`)
  await words(phone.page).waitFor()
  await answer(phone.page, 'Approve')
  await shows(laptop.page, `Your notes from here are with ${phone.name} now.`)
  expect(await label(laptop.page)).toBe(phone.name)
  await shows(laptop.page, 'milk')
  expect(await notes(laptop.page)).toEqual(['eggs', 'milk'])
})

test('a browser key signs the guest in after the cookies are cleared, without a prompt', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const { page } = device
  const name = await continueAsGuest(page)
  await verdict(page).getByText(`${name} would be lost, and the notes with it.`).waitFor()
  await press(page, 'Keep me signed in')
  await shows(page, 'This browser keeps you signed in.')
  await shows(page, 'Kept, without a passkey')
  await lost(page).getByText('The key in this browser would be lost with it.').waitFor()
  await clearCookies(device)
  await page.reload()
  expect(await label(page)).toBe(name)
  expect(device.events).toEqual([])
  await press(page, 'No longer keep me signed in')
  await shows(page, 'This would be the last way back.')
  await answer(page, 'No longer keep me signed in')
  await shows(page, 'Off. A key')
  expect(await demo.rows()).toMatchObject({ device_keys: 0 })
})

test('saving with a passkey makes a new browser key, and the page warns of codes from before', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const { page } = device
  const name = await continueAsGuest(page)
  await press(page, 'Keep me signed in')
  await shows(page, 'This browser keeps you signed in.')
  await makeCodes(page)
  await answer(page, 'I have them')
  const codes = region(page, 'Recovery codes')
  await codes.getByText('10 of 10 left').waitFor()
  expect(await codes.getByText('They are from before').isVisible()).toBe(false)
  await write(page, 'milk')
  await save(page)
  await codes.getByText('They are from before your passkey').waitFor()
  demo.clock.forward(1)
  await press(page, 'Make new codes')
  await answer(page, 'Make new codes')
  await dialog(page).getByRole('listitem').nth(9).waitFor()
  await answer(page, 'I have them')
  await codes.getByText('They are from before').waitFor({ state: 'hidden' })
  expect(await demo.rows()).toMatchObject({ device_keys: 1 })
  const asked = device.events.length
  await clearCookies(device)
  await page.reload()
  expect(await label(page)).toBe(name)
  expect(device.events).toHaveLength(asked)
})

test('a browser with cleared storage says that it does not keep the guest signed in', async () => {
  const demo = await startDemo()
  const device = await openSaved(demo)
  const { page } = device
  await press(page, 'Keep me signed in')
  await shows(page, 'This browser keeps you signed in.')
  await clearIndexedDb(device)
  await page.reload()
  expect(await label(page)).toBe(device.name)
  const section = region(page, 'Keep me signed in in this browser')
  await section.getByText(/^Off\./).waitFor()
  await section.getByText('None of these is in this browser.').waitFor()

  await clearCookies(device)
  await page.reload()
  await page.locator('#welcome').waitFor()
  expect(await continueAsGuest(page)).not.toBe(device.name)
})

test('signing out asks whether to delete the key too, and once more if it is the last way back', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  const name = await continueAsGuest(page)
  await press(page, 'Keep me signed in')
  await shows(page, 'This browser keeps you signed in.')
  await press(page, 'Sign out')
  await answer(page, 'Sign out, keep the key')
  await page.locator('#welcome').waitFor()
  // After a sign-out nobody is signed in unasked.
  await page.reload()
  await press(page, "Use this browser's key")
  expect(await label(page)).toBe(name)

  await press(page, 'Sign out')
  await answer(page, 'Sign out and forget it')
  await shows(page, `Leave ${name} behind?`)
  await answer(page, 'Sign out anyway')
  await page.locator('#welcome').waitFor()
  expect(await demo.rows()).toMatchObject({ device_keys: 0 })
  await page.locator('#sign-in-key').waitFor({ state: 'hidden' })
})

test('recovery codes are shown once, kept in three ways, and one brings back a guest without anything else', async () => {
  const demo = await startDemo()
  const device = await openSaved(demo, { window: { permissions: ['clipboard-read', 'clipboard-write'] } })
  const { page } = device
  await verdict(page).getByText(`${device.name} might come back.`).waitFor()
  const codes = await makeCodes(page)
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)

  await answer(page, 'Copy')
  await shows(page, 'Copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(codes.join('\n'))
  const [download] = await Promise.all([page.waitForEvent('download'), answer(page, 'Download')])
  expect(download.suggestedFilename()).toBe(`jotter-recovery-codes-${device.name}.txt`)
  expect(await readFile(await download.path(), 'utf8')).toContain(codes.join('\n'))
  await page.evaluate(() => {
    window.print = () => document.title
  })
  await answer(page, 'Print')
  await page.emulateMedia({ media: 'print' })
  expect((await page.locator('body').innerText()).split('\n').filter(Boolean)).toEqual([
    `Recovery codes of ${device.name}`,
    expect.stringMatching(/^For localhost:\d+, made on /),
    ...codes,
  ])
  await page.emulateMedia({ media: null })
  await answer(page, 'I have them')
  await shows(page, '10 of 10 left')
  await verdict(page).getByText(`${device.name} would come back.`).waitFor()
  expect(await page.content()).not.toContain(codes[0])

  await device.lose()
  await clearEverything(device)
  await useCode(page, codes[0]!.toLowerCase().replaceAll('-', ' '))
  expect(await label(page)).toBe(device.name)
  await shows(page, 'Recovery codes left: 9.')
  await shows(page, '9 of 10 left')
  // The passkey of before cannot be proven any more, and need not be.
  await press(page, 'Make a passkey here')
  await shows(page, 'Passkey made.')
  expect(await device.credentials()).toHaveLength(1)
  expect(await demo.rows()).toMatchObject({ passkeys: 2 })

  await press(page, 'Sign out')
  await useCode(page, codes[0]!)
  await shows(page, 'That is no recovery code, or it was used before.')
})

test('recovery codes are renewed and removed, after a warning about those that stop working', async () => {
  const demo = await startDemo()
  const { page } = await openSaved(demo)
  const before = await makeCodes(page)
  await page.keyboard.press('Escape')
  await shows(page, '10 of 10 left')
  await shows(page, 'Did you write them down?')
  await verdict(page).getByText('might come back.').waitFor()
  await press(page, 'I wrote them down')
  await shows(page, 'Each one signs you in once.')
  await verdict(page).getByText('would come back.').waitFor()
  await press(page, 'Make new codes')
  await shows(page, 'The 10 that are left stop working.')
  await answer(page, 'Make new codes')
  await dialog(page).getByRole('listitem').nth(9).waitFor()
  expect(await dialog(page).getByRole('listitem').first().innerText()).not.toBe(before[0])
  await answer(page, 'I have them')
  await press(page, 'Remove the codes')
  await answer(page, 'Remove')
  await shows(page, 'Recovery codes removed.')
  await region(page, 'Recovery codes').getByText('Ten codes for a drawer').waitFor()
})

test('a laptop that a phone beside it signed in is offered a passkey of its own', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo)
  const laptop = await open(demo, { transport: 'hybrid', passkeys: await phone.credentials() })
  await press(laptop.page, 'Sign in with a passkey')
  expect(await label(laptop.page)).toBe(phone.name)
  await press(laptop.page, 'Not now')
  await laptop.page.getByRole('button', { name: 'Make a passkey here' }).waitFor({ state: 'hidden' })
})

test('the authenticator of a device hears of removed passkeys, and of a new label', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { synced: true })
  const [passkey] = await phone.credentials()
  const { credentialId } = passkey!
  await press(phone.page, 'Change your name')
  await phone.page.getByRole('textbox', { name: 'Name' }).fill('Ada on the boat')
  await answer(phone.page, 'Save')
  await shows(phone.page, 'You are Ada on the boat now.')
  await expect
    .poll(() => phone.events)
    .toContainEqual({ what: 'updated', credentialId, name: 'Ada on the boat' })

  // Removed on this device: the authenticator hides it.
  const laptop = await open(demo, { synced: true, passkeys: await phone.credentials() })
  await press(laptop.page, 'Sign in with a passkey')
  expect(await label(laptop.page)).toBe('Ada on the boat')
  await laptop.page.getByRole('button', { name: /^Remove passkey/ }).click()
  await answer(laptop.page, 'Remove')
  await expect.poll(() => laptop.events).toContainEqual({ what: 'deleted', credentialId })

  // Removed elsewhere: the next sign-in here fails, and the authenticator hears of it.
  await phone.context.clearCookies()
  await phone.page.reload()
  await phone.page.locator('#welcome').waitFor()
  await press(phone.page, 'Sign in with a passkey')
  await shows(
    phone.page,
    'That passkey did not work here. Another passkey, a recovery code or another device may do.',
  )
  await expect.poll(() => phone.events).toContainEqual({ what: 'deleted', credentialId })
})

test('the server cannot read a locked note, and another passkey does not open it', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { prf: true })
  const { page } = phone
  await page.getByLabel('New note').fill('the key is under the boat')
  await page.getByLabel('Lock with my passkey').check()
  await press(page, 'Add note')
  await shows(page, 'Only your passkey opens it.')
  expect(await notes(page)).toEqual(['the key is under the boat', 'milk'])
  expect(demo.written().join()).toContain('milk')
  expect(demo.written()).toHaveLength(2)
  expect(demo.written().join()).not.toContain('boat')

  await page.reload()
  await shows(page, 'Locked with your passkey')
  expect(await notes(page)).toEqual(['Locked with your passkey', 'milk'])
  await page.getByRole('button', { name: /^Unlock the note/ }).click()
  await shows(page, 'the key is under the boat')
  await press(page, 'Lock the notes again')
  await shows(page, 'Locked with your passkey')
  await page.getByRole('button', { name: /^Remove passkey/ }).click()
  await shows(page, 'A note is locked with it, and can never be read without it.')
  await answer(page, 'Keep it')

  const code = await link(page)
  const laptop = await open(demo, { prf: true })
  await press(laptop.page, 'Sign in with another device')
  await typeCode(laptop.page, code)
  await answer(laptop.page, `Sign in as ${phone.name}`)
  await words(page).waitFor()
  await answer(page, 'Approve')
  await press(laptop.page, 'Make a passkey here')
  await shows(laptop.page, 'Passkey made.')
  await laptop.page.getByRole('button', { name: /^Unlock the note/ }).click()
  await shows(laptop.page, 'That passkey does not open this note: it was locked with another one.')
  expect(await notes(laptop.page)).toEqual(['Locked with your passkey', 'milk'])
})

test('a note to be locked is not sent if the passkey gives no secrets', async () => {
  const demo = await startDemo()
  const { page } = await openSaved(demo, { prf: false })
  await page.getByLabel('New note').fill('the key is under the boat')
  await page.getByLabel('Lock with my passkey').check()
  await press(page, 'Add note')
  await shows(page, 'This passkey, or this browser, keeps no secrets.')
  expect(await page.getByLabel('New note').inputValue()).toBe('the key is under the boat')
  expect(demo.written()).toHaveLength(1)
})

test('locking is not offered in a browser without secrets from passkeys', async () => {
  const demo = await startDemo()
  const device = await open(demo)
  const { page } = device
  await device.context.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ 'extension:prf': false })
  })
  await page.reload()
  await continueAsGuest(page)
  await save(page)
  expect(await page.getByLabel('Lock with my passkey').isVisible()).toBe(false)
})

test('Continue as guest offers a passkey that is on the device', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { synced: true })
  const laptop = await open(demo, { synced: true, passkeys: await phone.credentials(), takesOffered: true })
  expect(await continueAsGuest(laptop.page)).toBe(phone.name)
  await shows(laptop.page, `Welcome back, ${phone.name}.`)
  expect(await demo.rows()).toMatchObject({ guests: 1, sessions: 2 })

  // If the user declines, has no passkey here, or has a browser that cannot do this, a new guest is made without a
  // message.
  const declining = await open(demo, { synced: true, passkeys: await phone.credentials() })
  expect(await continueAsGuest(declining.page)).not.toBe(phone.name)
  const empty = await open(demo, { takesOffered: true })
  expect(await continueAsGuest(empty.page)).not.toBe(phone.name)
  expect(await empty.page.locator('#toast').isVisible()).toBe(false)
  const old = await open(demo, { synced: true, passkeys: await phone.credentials(), takesOffered: true })
  await old.context.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ immediateGet: false })
  })
  await old.page.reload()
  expect(await continueAsGuest(old.page)).not.toBe(phone.name)
  expect(await old.page.locator('#toast').isVisible()).toBe(false)
})

test('the keyboard alone is enough to link two devices', async () => {
  const demo = await startDemo()
  const reach = async (page: Page, name: string) => {
    for (let i = 0; i < 60; i++) {
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim())
      if (focused === name) return page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
    }
    throw new Error(`${name} cannot be reached by Tab`)
  }
  const phone = await open(demo)
  const name = await continueAsGuest(phone.page)
  await reach(phone.page, 'Link a device')
  await dialog(phone.page).waitFor()
  await expect.poll(() => phone.page.evaluate(() => document.activeElement?.id)).toBe('link-title')
  const code = await phone.page.locator('#link-code').innerText()

  const laptop = await open(demo)
  await reach(laptop.page, 'Sign in with another device')
  await dialog(laptop.page).waitFor()
  await laptop.page.keyboard.type(code)
  await laptop.page.keyboard.press('Enter')
  await dialog(laptop.page)
    .getByRole('heading', { name: `Sign in here as ${name}?` })
    .waitFor()
  await reach(laptop.page, `Sign in as ${name}`)
  await words(laptop.page).waitFor()
  await words(phone.page).waitFor()
  // Enter alone decides nothing: the question may have appeared while somebody was typing.
  expect(await phone.page.evaluate(() => document.activeElement?.id)).toBe('link-title')
  await reach(phone.page, 'Approve')
  expect(await label(laptop.page)).toBe(name)
  expect(await laptop.page.evaluate(() => document.activeElement?.id)).toBe('notes-title')
  await shows(phone.page, 'The other device is signed in.')
  await phone.page.keyboard.press('Escape')
  await dialog(phone.page).waitFor({ state: 'hidden' })
  expect(await phone.page.evaluate(() => document.activeElement?.textContent)).toBe('Link a device')
})

test('a link is withdrawn when its dialog is closed', async () => {
  const demo = await startDemo()
  const { page } = await open(demo)
  await continueAsGuest(page)
  const code = await link(page)
  await Promise.all([
    page.waitForResponse((heard) => heard.request().method() === 'DELETE'),
    page.keyboard.press('Escape'),
  ])
  await shows(page, 'The code is withdrawn.')
  const laptop = await open(demo)
  await press(laptop.page, 'Sign in with another device')
  await typeCode(laptop.page, code)
  await shows(laptop.page, /^That code is wrong/)
})

test.each(['light', 'dark'] as const)(
  'axe finds no problem in %s mode with devices, on a phone and a desktop',
  async (colorScheme) => {
    const demo = await startDemo()
    const window = { colorScheme, reducedMotion: 'reduce', viewport: screens.phone } as const
    const { page } = await open(demo, { window, prf: true })
    const name = await continueAsGuest(page)
    await press(page, 'Keep me signed in')
    await shows(page, 'This browser keeps you signed in.')
    await save(page)
    await page.getByLabel('New note').fill('locked')
    await page.getByLabel('Lock with my passkey').check()
    await expectNothingAmiss(page)
    await press(page, 'Add note')
    await shows(page, 'Only your passkey opens it.')
    await page.reload()
    await shows(page, 'Locked with your passkey')
    await makeCodes(page)
    await expectNothingAmiss(page)
    await answer(page, 'I have them')
    await shows(page, '10 of 10 left')
    await press(page, 'Change your name')
    await expectNothingAmiss(page)
    await page.keyboard.press('Escape')
    await link(page)
    await expectNothingAmiss(page)

    const laptop = await openByScan(await scan(page), { window })
    await dialog(laptop.page).waitFor()
    await expectNothingAmiss(laptop.page)
    await answer(laptop.page, `Sign in as ${name}`)
    await words(laptop.page).waitFor()
    await expectNothingAmiss(laptop.page)
    await words(page).waitFor()
    await expectNothingAmiss(page)
    await answer(page, 'Approve')
    await laptop.page.getByRole('button', { name: 'Make a passkey here' }).waitFor()
    await expectNothingAmiss(laptop.page)
    await shows(page, 'The other device is signed in.')
    await expectNothingAmiss(page)
  },
  60_000,
)
