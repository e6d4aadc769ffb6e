// <guestkey-devices> on several devices, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../support/app.ts'
import { type Device, type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { answer, byClient, dialog, focused, isClosed, press, shows, startElements } from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const body = '<guestkey-button></guestkey-button><guestkey-devices></guestkey-devices>'
const section = (page: Page) => page.locator('guestkey-devices')
const rows = (page: Page) => section(page).locator('[data-key=sessions] .row')
const toggle = (page: Page) => page.getByRole('switch', { name: 'Remember me in this browser' })
const isOn = (page: Page, on: boolean) =>
  expect.poll(() => toggle(page).getAttribute('aria-checked')).toBe(`${on}`)

async function start(device: DeviceOptions = {}, html = body) {
  const clock = createClock()
  const host = await startElements(browser, { now: clock.now })
  const opened = await host.open(html, device)
  await press(opened.page, 'Continue as guest')
  await toggle(opened.page).waitFor()
  return { ...host, ...opened, clock, name: await opened.page.locator('.chip .guest').innerText() }
}

/** A guest on a phone and, by the same passkey, on so many others. */
async function startOn(others: number) {
  const phone = await start({ synced: true })
  await byClient(phone.page, 'passkeys.add')
  // Each one counts on from the last, as the copies of one passkey do.
  const laptops: Device[] = []
  for (let i = 0; i < others; i++) {
    const laptop = await phone.open(body, { passkeys: await (laptops.at(-1) ?? phone).credentials() })
    await press(laptop.page, 'Been here before?')
    await press(laptop.page, 'Sign in with a passkey')
    await toggle(laptop.page).waitFor()
    laptops.push(laptop)
  }
  await phone.page.reload()
  await expect.poll(() => rows(phone.page).count()).toBe(others + 1)
  return { ...phone, laptops }
}

/** Whether somebody is signed in there. */
const isIn = (page: Page) => page.evaluate(async () => (await fetch('/guest/userinfo')).status === 200)

describe('the devices', () => {
  test('are told apart by how and when they came, and end at once after a question', async () => {
    const { app, page, laptops } = await startOn(1)
    const [first, second] = await rows(page).allInnerTexts()
    expect(first).toMatch(/^This browser\nNow · by a passkey · since .+\nthis one$/)
    expect(second).toMatch(/^Another device\nLast here today · by a passkey · since .+\nSign out$/)
    await section(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await dialog(page, 'Sign out this device?').waitFor()
    expect(await focused(page)).toBe('Cancel')
    await page.keyboard.press('Enter')
    await isClosed(page)
    expect(await isIn(laptops[0]!.page)).toBe(true)

    await section(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await answer(page, 'Sign out')
    await shows(page, 'That device was signed out.')
    await expect.poll(() => rows(page).count()).toBe(1)
    expect(await focused(page)).toBe('Devices')
    expect(await isIn(laptops[0]!.page)).toBe(false)
    expect(await app.rows()).toMatchObject({ sessions: 1 })
  })

  test('can all be signed out but this one', async () => {
    const { app, page, laptops } = await startOn(2)
    await press(page, 'Sign out everywhere else')
    await dialog(page, 'Sign out everywhere else?').waitFor()
    await answer(page, 'Sign out')
    await shows(page, 'All other devices were signed out.')
    await expect.poll(() => rows(page).count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Sign out everywhere else' }).count()).toBe(0)
    for (const laptop of laptops) expect(await isIn(laptop.page)).toBe(false)
    expect(await isIn(page)).toBe(true)
    expect(await app.rows()).toMatchObject({ sessions: 1 })
  })

  test('that signed out meanwhile are simply gone', async () => {
    const { page, laptops } = await startOn(1)
    await section(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await byClient(laptops[0]!.page, 'signOut')
    await answer(page, 'Sign out')
    await shows(page, 'That device was signed out.')
    await expect.poll(() => rows(page).count()).toBe(1)
  })

  test('stay if the server does not answer, and the dialog says so', async () => {
    const { page, laptops } = await startOn(1)
    await page.route('**/guest/sessions/*', (route) => route.abort())
    await section(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await answer(page, 'Sign out')
    await page.locator('dialog').getByText('The server did not answer.').waitFor()
    expect(await isIn(laptops[0]!.page)).toBe(true)
    await page.unroute('**/guest/sessions/*')
    await answer(page, 'Sign out')
    await expect.poll(() => rows(page).count()).toBe(1)
  })

  test('can be linked where the page says, unless a listener goes there', async () => {
    const { page } = await start({}, body.replace('<guestkey-devices', '<guestkey-devices link-url="#link"'))
    await press(page, 'Link a device')
    await page.waitForURL(/#link$/)
    await page.evaluate(() => {
      location.hash = ''
      document.addEventListener('guestkey-link', (event) => event.preventDefault(), { once: true })
    })
    await press(page, 'Link a device')
    expect(page.url()).not.toMatch(/#link$/)
    // What is no page of the web is none: the code is shown here.
    await section(page).evaluate((element) => element.setAttribute('link-url', 'javascript:alert(1)'))
    await press(page, 'Link a device')
    await page.getByRole('dialog', { name: 'Link a device' }).waitFor()
  })
})

describe('the switch', () => {
  test('makes the key of this browser, which brings the guest back without being asked', async () => {
    const { app, page, name } = await start()
    await isOn(page, false)
    await toggle(page).click()
    await isOn(page, true)
    expect(await app.rows()).toMatchObject({ device_keys: 1 })
    await page.context().clearCookies()
    await page.reload()
    await isOn(page, true)
    expect(await page.locator('.chip .guest').innerText()).toBe(name)
  })

  test('asks before it removes the last way back', async () => {
    const { app, page, name } = await start()
    await toggle(page).click()
    await isOn(page, true)
    await toggle(page).click()
    await dialog(page, 'Turn this off?').waitFor()
    await shows(page, `Without it, nothing brings ${name} back. On this device you stay signed in.`)
    expect(await focused(page)).toBe('Keep it')
    await page.keyboard.press('Escape')
    await isClosed(page)
    await isOn(page, true)
    await toggle(page).click()
    await answer(page, 'Turn off')
    await isOn(page, false)
    expect(await app.rows()).toMatchObject({ device_keys: 0 })
    expect(await isIn(page)).toBe(true)
  })

  test('asks for nothing if there is another way back', async () => {
    const { app, page } = await start()
    await byClient(page, 'passkeys.add')
    await toggle(page).click()
    await isOn(page, true)
    await toggle(page).click()
    await isOn(page, false)
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await app.rows()).toMatchObject({ device_keys: 0 })
  })

  test('says that it waits for a passkey, and can be cancelled', async () => {
    const { app, page, clock, setPresent } = await start()
    await byClient(page, 'passkeys.add')
    await page.reload()
    clock.forward(600)
    await setPresent(false)
    await toggle(page).click()
    await shows(page, 'Waiting for your passkey')
    await press(page, 'Cancel')
    await section(page).locator('.note').waitFor({ state: 'detached' })
    await isOn(page, false)
    expect(await app.rows()).toMatchObject({ device_keys: 0 })
    await setPresent(true)
    await toggle(page).click()
    await isOn(page, true)
  })

  test('is that of this browser, and the keys of others can have a name and go', async () => {
    const { app, page, laptops } = await startOn(1)
    await toggle(laptops[0]!.page).click()
    await isOn(laptops[0]!.page, true)
    await page.reload()
    await isOn(page, false)
    const others = section(page).locator('[data-key=browsers] .row:nth-child(2)')
    await others.getByText('Remembers you, too').waitFor()
    await others.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Laptop at work')
    await answer(page, 'Save')
    await others.getByText('Laptop at work').waitFor()
    await others.getByRole('button', { name: 'Remove' }).click()
    await dialog(page, 'Remove “Laptop at work”?').waitFor()
    await answer(page, 'Remove')
    await shows(page, '“Laptop at work” removed.')
    await others.waitFor({ state: 'detached' })
    expect(await app.rows()).toMatchObject({ device_keys: 0, sessions: 2 })
  })

  test('asks before it takes the place of the key of another guest', async () => {
    const { app, page, name } = await start()
    await toggle(page).click()
    await isOn(page, true)
    await byClient(page, 'signOut')
    await press(page, 'Been here before?')
    await press(page, 'Start as a new guest')
    await isOn(page, false)
    await toggle(page).click()
    await dialog(page, 'Forget the other guest?').waitFor()
    await page.keyboard.press('Enter')
    await isClosed(page)
    await isOn(page, false)
    expect(await section(page).locator('.note').count()).toBe(0)
    await toggle(page).click()
    await answer(page, 'Replace')
    await isOn(page, true)
    expect(await page.locator('.chip .guest').innerText()).not.toBe(name)
    expect(await app.rows()).toMatchObject({ device_keys: 2 })
  })

  test('says why it cannot keep a key, and stays off', async () => {
    const { page } = await start()
    await page.evaluate(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('no', 'SecurityError')
      }
    })
    await toggle(page).click()
    await shows(page, 'This browser keeps nothing for this site.')
    await isOn(page, false)
  })
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const phone = await start({ synced: true, window: { colorScheme, reducedMotion: 'reduce' } })
  const { page } = phone
  await expectNothingAmiss(page)
  await toggle(page).click()
  await isOn(page, true)
  await expectNothingAmiss(page)
  await toggle(page).click()
  await dialog(page, 'Turn this off?').waitFor()
  await expectNothingAmiss(page)
  await page.keyboard.press('Escape')
  await byClient(page, 'passkeys.add')
  const laptop = await phone.open(body, { passkeys: await phone.credentials() })
  await press(laptop.page, 'Been here before?')
  await press(laptop.page, 'Sign in with a passkey')
  await toggle(laptop.page).click()
  await isOn(laptop.page, true)
  await page.reload()
  await expect.poll(() => rows(page).count()).toBe(2)
  await expectNothingAmiss(page)
  await press(page, 'Sign out everywhere else')
  await dialog(page, 'Sign out everywhere else?').waitFor()
  await expectNothingAmiss(page)
})
