// The console: its other views, its keys, its looks on a phone and in both schemes, in Chromium with real ceremonies.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { keptGuest } from '../support/ceremonies.ts'
import { linesOf } from '../support/operators.ts'
import { codeBook, promotedUser } from '../support/promotion.ts'
import { startReceiver } from '../support/receiver.ts'
import { answer, goTo, heading, press, shows, startConsole } from './console-page.ts'
import { expectNothingAmiss, screens } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('a setting says where it comes from, changes after a question, and goes back to the options', async () => {
  const { app, join } = await startConsole(browser)
  const { page } = await join('owner', { name: 'ada' })
  await goTo(page, 'Settings')
  const setting = page.locator('.setting', { hasText: 'Guest sign-in' }).first()
  await setting.getByText('From the options').waitFor()
  await setting.getByRole('switch').click()
  expect((await app.guests.settings.get()).guestSignIn?.value).toBe(true) // it asks first
  await page.getByRole('dialog').getByText('In force on all nodes').waitFor()
  await answer(page, 'Change it', { reason: 'Maintenance', reference: 'T-5' })
  await setting.getByText('by ada, now: maintenance T-5').waitFor()
  expect(await setting.getByRole('switch').getAttribute('aria-checked')).toBe('false')
  expect((await app.browser().post('/guest/sign-in')).body.code).toBe('guest_sign_in_off')
  await goTo(page, 'Overview')
  await shows(page, 'Guest sign-in is off')
  await goTo(page, 'Settings')
  await press(page, 'Back to the options: Guest sign-in')
  await answer(page, 'Back to it')
  await setting.getByText('From the options').waitFor()
  expect((await app.guests.settings.get()).guestSignIn?.value).toBe(true)
})

test('a notice and a limit are changed by what one types, and a wrong value is refused in the field', async () => {
  const { app, join } = await startConsole(browser)
  const { page } = await join('owner')
  await goTo(page, 'Settings')
  await press(page, 'Edit: Shown in every element')
  await page.getByLabel('Text').fill('de: Heute ist es langsam.\npt-BR: Hoje é lento.')
  await answer(page, 'Change it')
  await shows(page, /pt-BR: Hoje é lento/)
  await press(page, 'Edit: Changes from one network')
  await page.getByRole('dialog').getByLabel('Changes from one network').fill('many')
  await answer(page, 'Change it')
  await page.getByRole('dialog').locator('.invalid').waitFor()
  await page.getByRole('dialog').getByLabel('Changes from one network').fill('500')
  await answer(page, 'Change it')
  await shows(page, '500 changes a minute')
  const { notice, 'rateLimit.perMinute': limit } = await app.guests.settings.get()
  expect([notice?.value, limit?.value]).toEqual([
    { de: 'Heute ist es langsam.', 'pt-BR': 'Hoje é lento.' },
    500,
  ])
})

test('an owner invites an operator, who joins by that link; then changes the role and removes it', async () => {
  const { app, join, open } = await startConsole(browser)
  const { page } = await join('owner', { name: 'ada' })
  await goTo(page, 'Operators')
  await press(page, 'Invite…')
  await page.getByRole('dialog').getByLabel('Name').fill('grace')
  await page.getByRole('dialog').getByLabel('Role').selectOption('Support: may also act on one guest')
  await answer(page, 'Make the link')
  const link = await page.getByRole('dialog').locator('code').innerText()
  await press(page, 'Done')
  const grace = await open(link)
  await press(grace.page, 'Make a passkey')
  await heading(grace.page, 'Overview')
  await press(page, 'Role… grace')
  await page.getByRole('dialog').getByLabel('Role').selectOption('Viewer: may read')
  await answer(page, 'Change the role')
  await page.getByRole('row', { name: /grace viewer 1/ }).waitFor()
  await press(page, 'Remove… grace')
  await answer(page, 'Remove')
  await page.getByRole('row', { name: /grace/ }).waitFor({ state: 'detached' })
  expect((await app.guests.operators.list()).map(({ name }) => name)).toEqual(['ada'])
  await press(page, 'Remove… ada')
  await answer(page, 'Remove')
  await page.getByRole('dialog').getByText('This is the last owner who can sign in.').waitFor()
})

test('an operator adds a passkey, removes the first one, and ends another session', async () => {
  const { app, join, open } = await startConsole(browser)
  const { page, credentials, context } = await join('viewer', { name: 'ada' })
  const other = await open(undefined, { passkeys: await credentials() })
  await press(other.page, 'Sign in with a passkey')
  await heading(other.page, 'Overview')
  await goTo(page, 'ada')
  await press(page, /^End: /)
  await shows(page, 'The session has ended.')
  await other.setUserVerified(false)
  await goTo(other.page, 'Guests')
  await other.page.getByRole('dialog', { name: 'Your session is over' }).waitFor()
  const key = await context.newPage()
  await key.close()
  await press(page, 'Add a passkey')
  await shows(page, 'This device has a passkey of yours already.')
  expect((await linesOf(app, 'operator.passkey_added')).length).toBe(0)
})

test('a webhook that failed is shown with what was sent, and is sent again', async () => {
  const receiver = await startReceiver()
  receiver.behaviour = 503
  let ahead = 0
  const { app, join } = await startConsole(browser, {
    now: () => Date.now() + ahead,
    webhooks: [{ url: receiver.url, secret: receiver.secret, events: ['guest.kept'] }],
  })
  await keptGuest(app)
  for (let tries = 0; tries < 10; tries++) {
    ahead += 864e5
    await app.guests.runChores()
  }
  expect(await app.guests.webhooks.failed()).toHaveLength(1)
  const { page } = await join('owner')
  await goTo(page, 'Webhooks')
  await page.getByRole('heading', { name: 'guest.kept' }).waitFor()
  await page.getByText('What is sent').click()
  await shows(page, '"anonymous_id"')
  receiver.behaviour = 204
  await press(page, 'Send again: guest.kept')
  await answer(page, 'Send again')
  await shows(page, 'No webhook has failed.')
})

test('an owner makes a new signing key, and sees the jobs', async () => {
  const { join } = await startConsole(browser)
  const { page } = await join('owner')
  await goTo(page, 'Jobs and keys')
  await shows(page, 'signs now')
  const rows = page.getByRole('table', { name: 'Keys that sign access tokens' }).getByRole('row')
  const before = await rows.count()
  await press(page, 'Make a new key…')
  await answer(page, 'Make a new key')
  await expect.poll(() => rows.count()).toBe(before + 1)
})

test('the overview draws the numbers, and has them as tables and files', async () => {
  let ahead = -3 * 864e5
  const { app, join } = await startConsole(browser, { now: () => Date.now() + ahead })
  for (let i = 0; i < 6; i++) await keptGuest(app)
  await app.guests.runChores()
  ahead = 0
  for (let i = 0; i < 3; i++) await app.guests.runChores()
  const { page } = await join('viewer')
  await page.getByRole('heading', { name: 'From guest to regular' }).waitFor()
  const created = page.locator('.funnel li').first()
  expect(await created.innerText()).toMatch(/Created\s+6/)
  const drawn = () =>
    page.locator('console-plot').evaluate((plot) => {
      const canvas = plot.shadowRoot!.querySelector('canvas')
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
      return pixels?.some((value) => value > 0) ?? false
    })
  await expect.poll(drawn).toBe(true)
  const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Guests a day' }) })
  await panel.getByText('As a table').click()
  const cells = await panel.getByRole('cell').allInnerTexts()
  expect(cells.filter((text) => text === '6').length).toBeGreaterThan(0)
  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'CSV: Guests a day' }).click()
  const text = await (await saved).createReadStream().then((stream) => stream.toArray())
  expect(Buffer.concat(text).toString()).toMatch(/^Day,Created,Kept,[\s\S]*,6,/)
  const all = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  expect((await all).suggestedFilename()).toMatch(/^guestkey-statistics-.*\.csv$/)
})

describe('the keys', () => {
  test('find, go and help; and single ones can be turned off', async () => {
    const { join } = await startConsole(browser)
    const { page } = await join('viewer')
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keys' })
    await keys.getByText('Find a guest').waitFor()
    await page.keyboard.press('Escape')
    await keys.waitFor({ state: 'detached' })
    for (const [key, name] of [
      ['g', 'Guests'],
      ['a', 'Audit'],
      ['w', 'Webhooks'],
      ['s', 'Settings'],
      ['o', 'Overview'],
    ]) {
      await page.keyboard.press('g')
      await page.keyboard.press(key!)
      await heading(page, name!)
    }
    await press(page, 'Keys')
    await keys.getByRole('checkbox').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.matches('.find input'))).toBe(false)
  })
})

const addresses = [
  ['overview', 'Overview'],
  ['guests', 'Guests'],
  ['audit', 'Audit'],
  ['webhooks', 'Webhooks'],
  ['settings', 'Settings'],
  ['operators', 'Operators'],
  ['upkeep', 'Jobs and keys'],
  ['you', /owner/],
] as const

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)

describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
  test('axe finds nothing in any view, on a phone and a desktop, and the title gets the focus', async () => {
    const { app, join } = await startConsole(browser, { operators: { wayIn: {} } })
    const { guest } = await keptGuest(app)
    const { page } = await join('owner', { window: { colorScheme, reducedMotion: 'reduce' } })
    for (const [address, name] of [...addresses, [`guests/${guest.sub}`, new RegExp(guest.label)] as const]) {
      await page.goto(`${app.origin}/guest/admin/#/${address}`)
      await heading(page, name)
      await expect.poll(() => page.getByText('One moment…').count()).toBe(0)
      expect(await focused(page)).toMatch(name)
      await expectNothingAmiss(page)
    }
    await press(page, 'Disable…')
    await expectNothingAmiss(page)
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 320, height: 640 })
    for (const [address, name] of addresses) {
      await page.goto(`${app.origin}/guest/admin/#/${address}`)
      await heading(page, name)
      await expect.poll(() => page.getByText('One moment…').count()).toBe(0)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(
        320,
      )
    }
  })

  test('axe finds nothing where operators sign in', async () => {
    const { app, open } = await startConsole(browser)
    const { link } = await app.guests.operators.add('ada', 'owner')
    for (const address of [undefined, link]) {
      const { page } = await open(address, { window: { colorScheme } })
      await heading(page, address ? 'Become an operator' : 'Sign in as an operator')
      await expectNothingAmiss(page)
    }
  })
})

test('a long address of a guest stands beside its date on a phone, not below it', async () => {
  const book = codeBook()
  const { app, join } = await startConsole(browser, { loginIds: { send: book.send } })
  const address = 'maximiliane.alexandrina.theodora@customerrelations.example.org'
  const { guest } = await promotedUser({ app, ...book }, address)
  const { page } = await join('support', { window: { viewport: screens.phone } })
  await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
  const row = page.getByRole('row', { name: address })
  await row.waitFor()
  const [name, when] = await row.evaluate((one) =>
    ['th .lines', 'td .meta'].map((part) => {
      const range = document.createRange()
      range.selectNodeContents(one.querySelector(part)!)
      const { left, right, width } = range.getBoundingClientRect()
      return { left, right, width }
    }),
  )
  expect(name!.width).toBeGreaterThan(100)
  expect(name!.right).toBeLessThanOrEqual(when!.left)
  expect(when!.right).toBeLessThanOrEqual(screens.phone.width)
})

test('a phone reaches every view by its bar, the last four by More', async () => {
  const { join } = await startConsole(browser)
  const { page } = await join('viewer', { window: { viewport: screens.phone, hasTouch: true } })
  const bar = page.locator('.tabbar')
  for (const name of ['Guests', 'Audit', 'Webhooks', 'Overview'])
    await bar
      .getByRole('link', { name })
      .click()
      .then(() => heading(page, name))
  const more = bar.getByRole('button', { name: 'More' })
  expect(await more.getAttribute('aria-current')).toBe(null)
  for (const [name, title] of [
    ['Settings', 'Settings'],
    ['Operators', 'Operators'],
    ['Jobs and keys', 'Jobs and keys'],
    ['You', 'viewer viewer'],
  ] as const) {
    await more.click()
    await page.getByRole('dialog', { name: 'More' }).getByRole('link', { name, exact: true }).click()
    await heading(page, title)
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await more.getAttribute('aria-current')).toBe('true')
    await expect.poll(() => focused(page)).toBe(title)
  }
  await more.click()
  await expectNothingAmiss(page)
})

test('words that guests see too are in the language of the browser, and say so', async () => {
  const { join } = await startConsole(browser)
  const { page } = await join('viewer', { window: { locale: 'de-AT' } })
  await goTo(page, 'viewer')
  const label = page.getByRole('heading', { level: 2 }).locator('span[lang=de]')
  await expect.poll(() => label.first().innerText()).toBe('Sitzungen')
})
