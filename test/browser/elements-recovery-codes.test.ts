// <guestkey-recovery-codes> as a person uses it, in Chromium. Needs `npm run build:client`.

import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Options } from '../../server/options/options.ts'
import { createClock } from '../support/app.ts'
import { type DeviceOptions, launchBrowser } from '../support/browser.ts'
import {
  answer,
  byClient,
  dialog,
  focused,
  heard,
  isClosed,
  listen,
  press,
  shows,
  startElements,
} from './elements-page.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const body =
  '<guestkey-button></guestkey-button><guestkey-recovery-codes app="Jotter"></guestkey-recovery-codes>'
const section = (page: Page) => page.locator('guestkey-recovery-codes')
const shown = (page: Page) => page.locator('.codes li').allInnerTexts()
const pressEscape = (page: Page) => page.keyboard.press('Escape')

/** What the server says about the codes. */
const status = (page: Page) =>
  page.evaluate(async () => (await fetch('/guest/recovery-codes')).json()) as Promise<{
    left: number
    confirmed: boolean
  }>

async function start(device: DeviceOptions = {}, options: Partial<Options> = {}) {
  const host = await startElements(browser, options)
  const opened = await host.open(body, device)
  await press(opened.page, 'Continue as guest')
  await shows(opened.page, /^None yet/)
  return { ...host, ...opened, name: await opened.page.locator('.chip .guest').innerText() }
}

async function startShown(device: DeviceOptions = {}, options: Partial<Options> = {}) {
  const started = await start(device, options)
  await press(started.page, 'Make recovery codes')
  await dialog(started.page, 'Your recovery codes').waitFor()
  return { ...started, codes: await shown(started.page) }
}

test('codes are shown once, count when they are kept, and one of them brings the guest back', async () => {
  const { page, open, codes, name } = await startShown()
  await listen(page)
  expect(codes.length).toBe(10)
  for (const code of codes) expect(code).toMatch(/^(\w{4}-){3}\w{4}$/)
  await shows(page, `Each one signs ${name} in once.`)
  expect(await status(page)).toMatchObject({ left: 10, confirmed: false })
  await answer(page, 'I have kept them')
  await isClosed(page)
  await shows(page, '10 of 10 left')
  expect(await status(page)).toMatchObject({ left: 10, confirmed: true })
  await expect.poll(() => focused(page)).toBe('Replace')
  await expect.poll(() => heard(page)).toEqual(['saved'])

  const laptop = await open(
    '<guestkey-sign-in></guestkey-sign-in><guestkey-recovery-codes></guestkey-recovery-codes>',
  )
  await press(laptop.page, 'More ways')
  await laptop.page.getByRole('button', { name: 'Recovery code' }).click()
  await laptop.page.getByRole('textbox').fill(codes[3]!)
  await press(laptop.page, 'Sign in')
  await shows(laptop.page, '9 of 10 left')
  expect(await laptop.page.locator('.ticks .used').count()).toBe(1)
})

describe('closing the codes', () => {
  test.each(['Escape', 'the cross', 'a click beside them'])(
    'by %s asks whether to close without them',
    async (way) => {
      const { page, codes } = await startShown()
      if (way === 'Escape') await pressEscape(page)
      else if (way === 'the cross') await answer(page, 'Close')
      else await page.mouse.click(5, 5)
      await dialog(page, 'Close without the codes?').waitFor()
      expect(await focused(page)).toBe('Back to the codes')
      await page.keyboard.press('Enter')
      await dialog(page, 'Your recovery codes').waitFor()
      expect(await shown(page)).toEqual(codes)
      expect(await status(page)).toMatchObject({ left: 10, confirmed: false })
    },
  )

  test('by the browser, which may do so at a second Escape, loses nothing', async () => {
    const { page, codes } = await startShown()
    await page.locator('dialog').evaluate((element) => (element as HTMLDialogElement).close())
    await dialog(page, 'Your recovery codes').waitFor()
    expect(await shown(page)).toEqual(codes)
  })

  test('throws them away if the person says so', async () => {
    const { page } = await startShown()
    await pressEscape(page)
    await answer(page, 'Throw them away')
    await isClosed(page)
    await shows(page, /^None yet/)
    expect(await status(page)).toMatchObject({ left: 0, confirmed: false })
    expect(await focused(page)).toBe('Make recovery codes')
  })
})

test('codes of a page that was left are said not to count, until the person has kept them', async () => {
  const { page } = await startShown()
  await page.reload()
  await shows(page, /Until you have kept them they do not count as a way back\.$/)
  await press(page, 'I have kept them')
  await section(page).locator('.ticks').waitFor()
  expect(await status(page)).toMatchObject({ left: 10, confirmed: true })
})

test('codes that the server could not confirm stay in sight', async () => {
  const { page, codes } = await startShown()
  await page.route('**/guest/recovery-codes/confirm', (route) => route.abort())
  await answer(page, 'I have kept them')
  await page.locator('dialog').getByText('The server did not answer.').waitFor()
  expect(await shown(page)).toEqual(codes)
  await page.unroute('**/guest/recovery-codes/confirm')
  await answer(page, 'I have kept them')
  await isClosed(page)
  expect(await status(page)).toMatchObject({ confirmed: true })
})

test('codes do not stay for another guest', async () => {
  const { page } = await startShown()
  await page.evaluate(async () => {
    const url = '/guest/client.js'
    const client = (await import(url)).createGuestClient()
    await client.signOut({ force: true })
    await client.signInAnonymously()
  })
  await isClosed(page)
  await shows(page, /^None yet/)
  expect(await shown(page)).toEqual([])
})

describe('the codes', () => {
  test('can be copied', async () => {
    const { page, codes, name } = await startShown({
      window: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    await answer(page, 'Copy')
    await page.locator('dialog').getByRole('button', { name: 'Copied' }).waitFor()
    // The dialog was drawn again, and the focus stays where it is.
    expect(await focused(page)).toBe('Copied')
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied.split(/\r?\n/)).toEqual(expect.arrayContaining([`Jotter · ${name}`, ...codes]))
  })

  test('that the browser does not copy are downloaded or printed instead, and it says so', async () => {
    const { page } = await startShown()
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    })
    await answer(page, 'Copy')
    await shows(page, 'This browser did not copy them. Download or print them.')
  })

  test('can be downloaded, under the name of the guest', async () => {
    const { page, codes, name } = await startShown()
    const [file] = await Promise.all([page.waitForEvent('download'), answer(page, 'Download')])
    expect(file.suggestedFilename()).toBe(`recovery-codes-${name}.txt`)
    const lines = readFileSync(await file.path(), 'utf8').split('\n')
    expect(lines).toEqual(expect.arrayContaining([`Jotter · ${name}`, ...codes]))
  })

  test('can be printed, and nothing of the page with them', async () => {
    const { page, codes } = await startShown()
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => {
      window.print = () => {
        document.body.dataset.printed = document.body.innerText
        dispatchEvent(new Event('afterprint'))
      }
    })
    await answer(page, 'Print')
    const printed = await page.locator('body').getAttribute('data-printed')
    expect(printed!.split('\n')).toEqual(expect.arrayContaining(codes))
    expect(printed).not.toContain('A page')
    await page.emulateMedia({ media: 'screen' })
    expect(await page.locator('guestkey-paper').count()).toBe(0)
    await page.getByRole('heading', { name: 'A page', includeHidden: true }).waitFor()
  })
})

test('codes are replaced after a question, because the ones from before stop working', async () => {
  const { page, codes } = await startShown()
  await answer(page, 'I have kept them')
  await isClosed(page)
  await press(page, 'Replace')
  await dialog(page, 'Replace your recovery codes?').waitFor()
  await pressEscape(page)
  await isClosed(page)
  await press(page, 'Replace')
  await answer(page, 'Replace')
  await dialog(page, 'Your recovery codes').waitFor()
  expect(codes).not.toContain((await shown(page))[0])
  expect(await status(page)).toMatchObject({ left: 10, confirmed: false })
})

test('codes from before the first passkey are said to be older, until they are replaced', async () => {
  const clock = createClock()
  const { page } = await startShown({}, { now: clock.now })
  await answer(page, 'I have kept them')
  await isClosed(page)
  const old = page.getByText(/^They are older than your first passkey\./)
  expect(await old.count()).toBe(0)
  clock.forward(60)
  await byClient(page, 'passkeys.add')
  await old.waitFor()
  clock.forward(60)
  await press(page, 'Replace')
  await answer(page, 'Replace')
  await answer(page, 'I have kept them')
  await isClosed(page)
  expect(await old.count()).toBe(0)
})

test('a page can have them made: make()', async () => {
  const { page } = await start()
  await section(page).evaluate((element) => (element as HTMLElement & { make(): void }).make())
  await dialog(page, 'Your recovery codes').waitFor()
})

test('the way back counts everywhere at once', async () => {
  const { page } = await startShown()
  await shows(page, 'not saved yet')
  await answer(page, 'I have kept them')
  await page.getByText('not saved yet').waitFor({ state: 'detached' })
  // A guest without a way back would be asked first.
  await byClient(page, 'signOut')
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const { page } = await start({ window: { colorScheme, reducedMotion: 'reduce' } })
  await expectNothingAmiss(page)
  await press(page, 'Make recovery codes')
  await dialog(page, 'Your recovery codes').waitFor()
  await expectNothingAmiss(page)
  await pressEscape(page)
  await dialog(page, 'Close without the codes?').waitFor()
  await expectNothingAmiss(page)
  await answer(page, 'Back to the codes')
  await page.reload()
  await shows(page, /^10 of 10 left/)
  await expectNothingAmiss(page)
  await press(page, 'I have kept them')
  await section(page).locator('.ticks').waitFor()
  await expectNothingAmiss(page)
})
