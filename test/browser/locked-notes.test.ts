// Notes that the server cannot read: a secret of a passkey locks them, in a real browser.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { answer, choose, continueAsGuest, notes, openJotter, press, save, shows, write } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Opens a device whose guest has a passkey and a note. */
async function openSaved(demo: Demo, options: DeviceOptions) {
  const device = await openJotter(browser, demo, options)
  await continueAsGuest(device.page)
  await write(device.page, 'milk')
  await save(device.page)
  return device
}

async function writeLocked(page: Page): Promise<void> {
  await page.getByLabel('New note').fill('the key is under the boat')
  await page.getByRole('checkbox', { name: /Lock with my passkey/ }).check()
  await press(page, 'Add note')
}

test('the server cannot read a locked note, and another passkey does not open it', async () => {
  const demo = await startDemo()
  const phone = await openSaved(demo, { prf: true })
  const { page } = phone
  await writeLocked(page)
  await shows(page, 'the key is under the boat')
  expect(await notes(page)).toEqual(['the key is under the boat', 'milk'])
  expect(demo.written().join()).toContain('milk')
  expect(demo.written()).toHaveLength(2)
  expect(demo.written().join()).not.toContain('boat')

  await page.reload()
  await shows(page, 'Locked with your passkey')
  expect(await notes(page)).toEqual(['Locked with your passkey', 'milk'])
  await page.getByRole('button', { name: /^Unlock the locked note/ }).click()
  await shows(page, 'the key is under the boat')

  // A locked note is restored as it was.
  await press(page, 'Delete the note “the key is under the boat”')
  await shows(page, 'Note deleted.')
  await press(page, 'Undo')
  await shows(page, 'the key is under the boat')
  expect(demo.written().join()).not.toContain('boat')

  // Another passkey of the same guest.
  const laptop = await openJotter(browser, demo, {
    prf: true,
    passkeys: (await phone.credentials()).map((passkey) => ({ ...passkey, signCount: 100 })),
  })
  await press(laptop.page, 'Sign in with a passkey')
  await shows(laptop.page, 'Locked with your passkey')
  await laptop.page.evaluate(async () => {
    const url = '/guest/client.js'
    const client = (await import(url)).createGuestClient()
    for (const { id } of await client.passkeys.list()) await client.passkeys.remove(id, { force: true })
    await client.passkeys.add()
  })
  await laptop.page.getByRole('button', { name: /^Unlock the locked note/ }).click()
  await shows(laptop.page, 'That passkey does not open this note: it was locked with another one.')
  expect(await notes(laptop.page)).toEqual(['Locked with your passkey', 'milk'])
})

test('before the passkey goes that locks notes, the page says what goes with it', async () => {
  const demo = await startDemo()
  const { page } = await openSaved(demo, { prf: true })
  await choose(page, 'Account')
  await page.getByRole('button', { name: /^Remove passkey/ }).click()
  await page.getByRole('alertdialog').waitFor()
  expect(await page.getByText('Notes that only this passkey opens').count()).toBe(0)
  await answer(page, 'Keep it')
  await page.getByRole('link', { name: 'Back to the notes' }).click()
  await writeLocked(page)
  await shows(page, 'the key is under the boat')
  await choose(page, 'Account')
  await page.getByRole('button', { name: /^Remove passkey/ }).click()
  await shows(page, 'Notes that only this passkey opens: 1. Without it, nobody can read them.')
})

test('a note that was changed on its way stays locked', async () => {
  const demo = await startDemo()
  const { page } = await openSaved(demo, { prf: true })
  await writeLocked(page)
  await shows(page, 'the key is under the boat')
  await page.route('**/notes', async (route) => {
    const response = await route.fetch()
    const { notes } = await response.json()
    for (const note of notes)
      if (note.passkey_id) note.text = note.text.replace(/.$/, (last: string) => (last === 'A' ? 'Q' : 'A'))
    await route.fulfill({ response, json: { notes } })
  })
  await page.reload()
  await page.getByRole('button', { name: /^Unlock the locked note/ }).click()
  await shows(page, 'This note was changed on its way: it cannot be opened.')
  expect(await notes(page)).toEqual(['Locked with your passkey', 'milk'])
})

test('a note to be locked is not sent if the passkey gives no secrets', async () => {
  const demo = await startDemo()
  const { page } = await openSaved(demo, { prf: false })
  await writeLocked(page)
  await shows(page, 'This passkey, or this browser, keeps no secrets.')
  expect(await page.getByLabel('New note').inputValue()).toBe('the key is under the boat')
  expect(demo.written()).toHaveLength(1)
})

test('locking is not offered in a browser without secrets from passkeys', async () => {
  const demo = await startDemo()
  const device = await openJotter(browser, demo)
  const { page } = device
  await device.context.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ 'extension:prf': false })
  })
  await page.reload()
  await continueAsGuest(page)
  await save(page)
  expect(await page.getByRole('checkbox', { name: /Lock with my passkey/ }).isVisible()).toBe(false)
})
