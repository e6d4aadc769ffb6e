// <guestkey-passkeys> as a person uses it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../support/app.ts'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import { answer, byClient, dialog, focused, isClosed, press, shows, startElements } from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const body = '<guestkey-button></guestkey-button><guestkey-passkeys></guestkey-passkeys>'
const section = (page: Page) => page.locator('guestkey-passkeys')
const row = (page: Page) => section(page).locator('.row')
const toast = (page: Page) => section(page).locator('.toast')
const added = (page: Page) =>
  press(page, 'Add a passkey').then(() => toast(page).getByText('Kept.').waitFor())

/** A guest who has looked at the section. */
async function start(device: DeviceOptions = {}, html = body) {
  const clock = createClock()
  const host = await startElements(browser, { now: clock.now })
  const opened = await host.open(html, device)
  const { page } = opened
  await press(page, 'Continue as guest')
  await shows(page, /^None yet/)
  return { ...host, ...opened, clock, name: await page.locator('.chip .guest').innerText() }
}

/** A guest with a passkey, of which the proof is too old to change anything. */
async function startSaved(device: DeviceOptions = {}) {
  const started = await start(device)
  await added(started.page)
  started.clock.forward(600)
  return started
}

test('a passkey is added, has another name, and is removed after a question', async () => {
  const { app, page, name } = await start()
  expect(await row(page).innerText()).toBe(`None yet. With one, ${name} comes back on its own.`)
  await added(page)
  await row(page)
    .getByText(/^Made on \d+ \w+|^Made on \w+ \d+/)
    .waitFor()
  expect(await app.rows()).toMatchObject({ passkeys: 1 })

  await press(page, 'Rename passkey Passkey')
  await page.getByRole('textbox', { name: 'Name' }).fill('Everywhere')
  await page.keyboard.press('Enter')
  await isClosed(page)
  await row(page).getByText('Everywhere').waitFor()
  expect(await focused(page)).toBe('Rename passkey Everywhere')

  await press(page, 'Remove passkey Everywhere')
  await dialog(page, 'Remove your last passkey?').waitFor()
  await shows(page, `Without it, nothing brings ${name} back. On this device you stay signed in.`)
  expect(await focused(page)).toBe('Keep it')
  await page.keyboard.press('Escape')
  await isClosed(page)
  expect(await focused(page)).toBe('Remove passkey Everywhere')
  expect(await app.rows()).toMatchObject({ passkeys: 1 })

  await press(page, 'Remove passkey Everywhere')
  await answer(page, 'Remove')
  await toast(page).getByText('Passkey “Everywhere” removed.').waitFor()
  await shows(page, /^None yet/)
  expect(await focused(page)).toBe('Passkeys')
  expect(await app.rows()).toMatchObject({ passkeys: 0 })
})

describe('who keeps a passkey', () => {
  test.each([
    [{ synced: true }, 'In your password manager, on all its devices'],
    [{}, 'On one device only'],
    [{ transport: 'usb' }, 'On the key itself'],
  ] as const)('is said: %j', async (device, place) => {
    const { page } = await start(device)
    await added(page)
    await row(page).getByText(place, { exact: true }).waitFor()
    await row(page)
      .getByText(/, not used yet$/)
      .waitFor()
  })

  test('and when it was last used', async () => {
    const { page } = await start({ synced: true })
    await added(page)
    await byClient(page, 'signOut')
    await press(page, 'Continue with your passkey')
    await row(page)
      .getByText(/, used (today|\d)/)
      .waitFor()
  })
})

test('what needs a recent proof asks for a passkey, says so, and can be cancelled', async () => {
  const { app, page, setPresent, events } = await startSaved()
  await setPresent(false)
  await press(page, 'Remove passkey Passkey')
  await answer(page, 'Remove')
  await shows(page, 'Your device is asking for your face, your fingerprint or its PIN.')
  await answer(page, 'Cancel')
  await isClosed(page)
  expect(await section(page).locator('.note').count()).toBe(0)
  expect(await app.rows()).toMatchObject({ passkeys: 1 })

  await setPresent(true)
  await press(page, 'Remove passkey Passkey')
  await answer(page, 'Remove')
  await shows(page, /^None yet/)
  expect(events.map(({ what }) => what)).toContain('asserted')
  expect(await app.rows()).toMatchObject({ passkeys: 0 })
})

test('a removal that fails says why in the dialog, and works the next time', async () => {
  const { app, page } = await start()
  await added(page)
  await page.route('**/guest/passkeys/*', (route) => route.abort())
  await press(page, 'Remove passkey Passkey')
  await answer(page, 'Remove')
  await page.locator('dialog').getByText('The server did not answer.').waitFor()
  expect(await app.rows()).toMatchObject({ passkeys: 1 })
  await page.unroute('**/guest/passkeys/*')
  await answer(page, 'Remove')
  await shows(page, /^None yet/)
})

test('a question that another device made wrong is asked again: now it is the last way back', async () => {
  const { app, page, name } = await start()
  await byClient(page, 'recoveryCodes.create')
  await byClient(page, 'recoveryCodes.confirm')
  await added(page)
  await press(page, 'Remove passkey Passkey')
  await page.locator('dialog').getByText('It no longer signs you in.').waitFor()
  await byClient(page, 'recoveryCodes.remove')
  await answer(page, 'Remove')
  await page.locator('dialog').getByText(`Without it, nothing brings ${name} back.`).waitFor()
  expect(await app.rows()).toMatchObject({ passkeys: 1 })
  await answer(page, 'Remove')
  await shows(page, /^None yet/)
  expect(await app.rows()).toMatchObject({ passkeys: 0 })
})

test('a passkey that was removed elsewhere meanwhile is simply gone', async () => {
  const { page } = await start()
  await added(page)
  await press(page, 'Remove passkey Passkey')
  await page.evaluate(async () => {
    const url = '/guest/client.js'
    const { passkeys } = (await import(url)).createGuestClient()
    for (const { id } of await passkeys.list()) await passkeys.remove(id, { force: true })
  })
  await answer(page, 'Remove')
  await shows(page, /^None yet/)
  await isClosed(page)
  expect(await section(page).locator('.note').count()).toBe(0)
})

test('a question ends with the guest who was asked', async () => {
  const { page } = await start({ synced: true })
  await added(page)
  await press(page, 'Remove passkey Passkey')
  await dialog(page, 'Remove your last passkey?').waitFor()
  await byClient(page, 'signOut')
  await isClosed(page)
  expect(await section(page).getByRole('heading').count()).toBe(0)
  await press(page, 'Continue with your passkey')
  await row(page).getByText('Passkey', { exact: true }).waitFor()
  expect(await page.locator('dialog').count()).toBe(0)
})

test('a second passkey on one device is refused in grey', async () => {
  const { app, page } = await start()
  await added(page)
  await press(page, 'Add a passkey')
  await shows(page, 'This device has a passkey of yours already.')
  expect(await section(page).locator('.note').getAttribute('class')).not.toMatch(/danger|caution/)
  expect(await app.rows()).toMatchObject({ passkeys: 1 })
})

test('adding one says what it waits for, and can be cancelled', async () => {
  const { app, page, setPresent } = await start()
  await setPresent(false)
  await press(page, 'Add a passkey')
  await shows(page, 'Waiting for your passkey')
  await press(page, 'Cancel')
  await section(page).locator('.note').waitFor({ state: 'detached' })
  await setPresent(true)
  await added(page)
  expect(await app.rows()).toMatchObject({ passkeys: 1 })
})

test('how long it waits is counted for each attempt: help comes after eight seconds', async () => {
  const { page } = await start()
  // What was cancelled goes on waiting for its answer.
  await page.route('**/passkeys/register/options', () => {})
  await page.clock.install()
  await page.reload()
  const help = page.getByText('Don’t see it? It may be behind this window.')
  await press(page, 'Add a passkey')
  await page.clock.runFor(6000)
  await press(page, 'Cancel')
  await press(page, 'Add a passkey')
  await page.clock.runFor(4000)
  await shows(page, 'Waiting for your passkey')
  expect(await help.count()).toBe(0)
  await page.clock.runFor(5000)
  await help.waitFor()
})

describe('what is cancelled before the browser asks', () => {
  /** Holds the requests to this path until the function is called that it returns. */
  async function hold(page: Page, path: string) {
    const held = Promise.withResolvers<void>()
    await page.route(path, async (route) => {
      await held.promise
      await route.continue()
    })
    return async () => {
      const answered = page.waitForResponse(path)
      held.resolve()
      await answered
      // The next request of the client, if there is one, is sent before these.
      for (let i = 0; i < 3; i++) await page.evaluate(() => fetch('/guest/userinfo').then(() => {}))
    }
  }
  /** Counts how often the page asks for a passkey. */
  const count = (page: Page) =>
    page.evaluate(() => {
      const counts = { asked: 0 }
      for (const name of ['create', 'get'] as const) {
        const real = navigator.credentials[name].bind(navigator.credentials)
        navigator.credentials[name] = (options: never) => {
          counts.asked++
          return real(options)
        }
      }
      Object.assign(window, { counts })
    })
  const timesAsked = (page: Page) =>
    page.evaluate(() => (window as never as { counts: { asked: number } }).counts.asked)

  test('is not asked: a new passkey', async () => {
    const { app, page } = await start()
    await count(page)
    const release = await hold(page, '**/passkeys/register/options')
    await press(page, 'Add a passkey')
    await press(page, 'Cancel')
    await release()
    expect(await timesAsked(page)).toBe(0)
    await added(page)
    expect(await timesAsked(page)).toBe(1)
    expect(await app.rows()).toMatchObject({ passkeys: 1 })
  })

  test('is not asked: the proof for a removal', async () => {
    const { app, page } = await startSaved()
    await count(page)
    const release = await hold(page, '**/guest/passkeys/*')
    await press(page, 'Remove passkey Passkey')
    await answer(page, 'Remove')
    await answer(page, 'Cancel')
    await release()
    expect(await timesAsked(page)).toBe(0)
    expect(await app.rows()).toMatchObject({ passkeys: 1 })
    await press(page, 'Remove passkey Passkey')
    await answer(page, 'Remove')
    await shows(page, /^None yet/)
    expect(await timesAsked(page)).toBe(1)
  })
})

test('without passkeys in the browser, it says so and offers none', async () => {
  const { open } = await startElements(browser)
  const { page } = await open('<guestkey-button></guestkey-button>')
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await page.goto(page.url().replace(/body=.*/, `body=${encodeURIComponent(body)}`))
  await press(page, 'Continue as guest')
  await shows(page, 'This browser does not do passkeys, so they are not offered here.')
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
})

describe('the list', () => {
  test('that cannot be loaded says so, and is asked for again', async () => {
    const { page } = await start()
    await added(page)
    await page.route('**/guest/passkeys', (route) => route.abort())
    await page.reload()
    await shows(page, 'The server did not answer.')
    await page.unroute('**/guest/passkeys')
    await press(page, 'Try again')
    await row(page).getByText('Passkey', { exact: true }).waitFor()
    expect(await section(page).locator('.note').count()).toBe(0)
  })

  test('that takes long says so after eight seconds', async () => {
    const { page } = await start()
    let asked = 0
    await page.route('**/guest/passkeys', (route) => (asked++ ? route.continue() : undefined))
    await page.clock.install()
    await page.reload()
    await section(page).locator('[aria-busy=true] .still').waitFor()
    expect(await page.getByText('This takes longer than usual.').count()).toBe(0)
    await page.clock.runFor(8000)
    await shows(page, 'This takes longer than usual.')
    await press(page, 'Try again')
    await shows(page, /^None yet/)
  })

  test('follows what happens in another tab', async () => {
    const { page } = await start()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await shows(other, /^None yet/)
    await added(page)
    await row(other).getByText('Passkey', { exact: true }).waitFor()
  })
})

test('the level of its heading is what the page says, else 2', async () => {
  const { page } = await start({}, body.replace('<guestkey-passkeys', '<guestkey-passkeys heading-level="4"'))
  const level = (level: number) => page.getByRole('heading', { level, name: 'Passkeys' })
  await level(4).waitFor()
  for (const [given, wanted] of [
    ['1', 1],
    ['6', 6],
    ['7', 2],
    ['two', 2],
    ['', 2],
  ] as const) {
    await section(page).evaluate((element, given) => element.setAttribute('heading-level', given), given)
    await level(wanted).waitFor()
  }
})

describe('the page hears that a passkey is to be removed', () => {
  /** Has the page do this when it hears it. */
  const when = (page: Page, work: string) =>
    page.evaluate((work) => {
      document.addEventListener('guestkey-passkey-remove', (event) => {
        const { detail } = event
        document.title = detail.passkey.name
        if (work === 'warn') detail.warn('Two notes are locked with it.')
        else event.preventDefault()
      })
    }, work)

  test('and can warn of what goes with it', async () => {
    const { app, page } = await startSaved()
    await when(page, 'warn')
    await press(page, /^Remove passkey/)
    await page.locator('dialog[open]').getByText('Two notes are locked with it.').waitFor()
    expect(await page.title()).toBe('Passkey')
    await answer(page, 'Keep it')
    await isClosed(page)
    expect(await app.rows()).toMatchObject({ passkeys: 1 })
  })

  test('and can keep the element from asking', async () => {
    const { app, page } = await startSaved()
    await when(page, 'prevent')
    await press(page, /^Remove passkey/)
    await expect.poll(() => page.title()).toBe('Passkey')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await app.rows()).toMatchObject({ passkeys: 1 })
  })
})

describe('a toast', () => {
  test('goes after ten seconds, and by its button', async () => {
    const { page } = await start()
    await page.clock.install()
    await page.reload()
    await added(page)
    await page.clock.runFor(7000)
    expect(await toast(page).count()).toBe(1)
    await page.clock.runFor(4000)
    await toast(page).waitFor({ state: 'detached' })
    await press(page, 'Remove passkey Passkey')
    await answer(page, 'Remove')
    await toast(page).getByRole('button', { name: 'Close' }).click()
    await toast(page).waitFor({ state: 'detached' })
  })

  test('stays while it has the focus, to which F6 leads and Escape gives it back', async () => {
    const { page } = await start()
    await page.clock.install()
    await page.reload()
    await added(page)
    const before = await focused(page)
    await page.keyboard.press('F6')
    expect(await focused(page)).toBe('Close')
    await page.clock.runFor(30_000)
    expect(await toast(page).count()).toBe(1)
    await page.keyboard.press('Escape')
    await toast(page).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(before)
  })
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const { page, setPresent, setUserVerified } = await start({
    window: { colorScheme, reducedMotion: 'reduce' },
  })
  await expectNothingAmiss(page)
  await setPresent(false)
  await press(page, 'Add a passkey')
  await shows(page, 'Waiting for your passkey')
  await expectNothingAmiss(page)
  await press(page, 'Cancel')
  await setPresent(true)
  await setUserVerified(false)
  await press(page, 'Add a passkey')
  await shows(page, 'The passkey was not used.')
  await expectNothingAmiss(page)
  await setUserVerified(true)
  await added(page)
  await expectNothingAmiss(page)
  await press(page, 'Rename passkey Passkey')
  await dialog(page, 'Rename').waitFor()
  await expectNothingAmiss(page)
  await page.keyboard.press('Escape')
  await press(page, 'Remove passkey Passkey')
  await dialog(page, 'Remove your last passkey?').waitFor()
  await expectNothingAmiss(page)
})
