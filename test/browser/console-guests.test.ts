// The console: finding guests and acting on one, by each role, in Chromium with real ceremonies.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { keptGuest } from '../support/ceremonies.ts'
import { linesOf } from '../support/operators.ts'
import { answer, find, goTo, heading, openFound, press, shows, startConsole } from './console-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('the whole story: first start, passkey, find a guest, disable it with a reason, and the audit trail shows it', async () => {
  const { app, join } = await startConsole(browser)
  const { guest, browser: guestBrowser } = await keptGuest(app)
  const { page } = await join('owner', { name: 'ada' })

  await find(page, guest.label)
  await openFound(page)
  await heading(page, new RegExp(guest.label))
  await press(page, 'Disable…')
  const question = page.getByRole('dialog')
  await question.getByRole('button', { name: 'Disable' }).click()
  await question.getByText('This is needed.').first().waitFor() // no change without a reason
  await question.getByLabel('Reason that the guest sees').selectOption('Legal')
  await answer(page, 'Disable', { reason: 'Abuse', reference: 'T-1234' })
  await heading(page, /disabled/)
  expect((await guestBrowser.get('/guest/userinfo')).status).toBe(401)

  await goTo(page, 'Audit')
  const line = page.getByRole('row', { name: /Disabled/ })
  await line.waitFor()
  expect(await line.innerText()).toMatch(/ada \(owner\)[\s\S]*Abuse, case T-1234/)
  expect((await linesOf(app, 'guest.disabled'))[0]?.operator).toMatchObject({
    reason: 'abuse',
    case: 'T-1234',
  })

  await line.getByRole('link').click()
  await press(page, 'Enable…')
  await answer(page, 'Enable')
  await heading(page, /saved/)
})

describe('a guest is found', () => {
  test('by id, label, passkey, session and whole address, and never by a part', async () => {
    const { app, join } = await startConsole(browser)
    const { guest, passkeyId } = await keptGuest(app)
    const [session] = (await app.guests.get(guest.sub))!.sessions
    const { page } = await join('viewer')
    await page.keyboard.press('g')
    await page.keyboard.press('g')
    await heading(page, 'Guests')
    for (const name of [guest.sub, guest.label, passkeyId, session!.id]) {
      await find(page, name)
      await page.getByText(`1 guest found by “${name}”`).waitFor()
      await page.getByRole('link', { name: guest.label }).waitFor()
    }
    for (const part of [guest.label.slice(0, -1), 'a@b.example', '+41446681800', 'no|body']) {
      await find(page, part)
      await shows(page, 'No guest fits.')
    }
    expect(page.url()).not.toContain('b.example') // nor is it in the history
  })

  test('by arrows in the list, and the list is where it was on the way back', async () => {
    const { app, join } = await startConsole(browser)
    for (let i = 0; i < 3; i++) await keptGuest(app)
    const { page } = await join('viewer')
    await goTo(page, 'Guests')
    const links = page.getByRole('table').getByRole('link')
    await links.nth(2).waitFor()
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown')
    const second = await links.nth(1).innerText()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(second)
    await page.keyboard.press('Enter')
    await heading(page, new RegExp(second))
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    await page.keyboard.press('Escape')
    await heading(page, 'Guests')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(second)
  })

  test('by filters, page after page', async () => {
    const { app, join } = await startConsole(browser)
    await app.guests.import(Array.from({ length: 52 }, (_, i) => ({ sub: `old-${i}` })))
    const { guest } = await keptGuest(app)
    const { page } = await join('viewer')
    await goTo(page, 'Guests')
    await page.getByLabel('Any way back').selectOption('No way back')
    await expect.poll(() => page.getByRole('table').getByRole('link').count()).toBe(50)
    await press(page, 'More')
    await expect.poll(() => page.getByRole('table').getByRole('link').count()).toBe(52)
    await page.getByLabel('Any way back').selectOption('By a passkey on one device')
    await page.getByRole('link', { name: guest.label }).waitFor()
    expect(await page.getByRole('table').getByRole('link').count()).toBe(1)
    await press(page, 'Show all')
    await expect.poll(() => page.getByRole('table').getByRole('link').count()).toBe(50)
  })
})

describe('one guest', () => {
  test('shows everything, and its passkey, session and row can be ended, each with a question', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const { page } = await join('owner')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await heading(page, new RegExp(guest.label))
    await page.getByText('Show it as JSON').click()
    const all = JSON.parse(
      await page.getByRole('region', { name: 'Everything that the API gives' }).innerText(),
    )
    expect(all).toMatchObject({ anonymous_id: guest.sub, label: guest.label, passkeys: [{}], sessions: [{}] })

    await page.getByRole('button', { name: /^Remove / }).click()
    await answer(page, 'Remove')
    const question = page.getByRole('dialog')
    await question.getByText('The guest would have no way back.').waitFor()
    await question.getByLabel('Do it although the guest then has no way back').check()
    await question.getByRole('button', { name: 'Remove' }).click()
    await question.waitFor({ state: 'detached' })
    expect((await app.guests.get(guest.sub))?.passkeys).toEqual([])

    await press(page, 'Extend…')
    await answer(page, 'Extend')
    await shows(page, 'The guest expires later.')
    await press(page, 'Erase…')
    await answer(page, 'Erase for good')
    await heading(page, 'Guests')
    expect(await app.guests.get(guest.sub)).toMatchObject({ stage: 'unkept' })
  })

  test('that has no row can be kept and disabled by its id alone', async () => {
    const { app, join } = await startConsole(browser)
    const guest = await app.browser().signIn()
    const { page } = await join('support')
    await find(page, guest.sub)
    await shows(page, 'not saved')
    await openFound(page)
    await shows(page, 'This guest has no row')
    await press(page, 'Keep…')
    await answer(page, 'Keep')
    await shows(page, 'The guest is kept.')
    expect(await app.guests.get(guest.sub)).toMatchObject({ stage: 'kept' })
  })

  test('gets a way in by one owner, which another one approves', async () => {
    const { app, join } = await startConsole(browser, { operators: { wayIn: { delaySeconds: 1 } } })
    const { guest } = await keptGuest(app)
    const ada = await join('owner', { name: 'ada' })
    const grace = await join('owner', { name: 'grace' })
    await ada.page.waitForTimeout(2100) // operators changed within the delay
    for (const { page } of [ada, grace]) await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await press(ada.page, 'Make a way in…')
    await answer(ada.page, 'Make it')
    const code = ada.page.getByRole('dialog').locator('code')
    expect(await code.innerText()).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/)
    await press(ada.page, 'Done')
    await shows(ada.page, 'Another owner must approve it.')
    expect(await ada.page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
    await goTo(grace.page, 'Overview')
    await grace.page.getByRole('link', { name: 'Look at the guest' }).click()
    await heading(grace.page, new RegExp(guest.label))
    await press(grace.page, 'Approve…')
    await answer(grace.page, 'Approve')
    await shows(grace.page, 'It needs no other approval.')
    await press(grace.page, 'Cancel it…')
    await answer(grace.page, 'Cancel the way in')
    await shows(grace.page, 'Has this guest lost everything?')
    expect((await app.guests.get(guest.sub))?.way_in).toBeNull()
  })
})

describe('each role sees what it may do', () => {
  test.each([
    ['viewer', []],
    ['support', ['Disable…', 'End sessions…', 'Extend…']],
    ['owner', ['Disable…', 'End sessions…', 'Erase…', 'Extend…', 'Make a way in…']],
  ] as const)('%s', async (role, may) => {
    const { app, join } = await startConsole(browser, { operators: { wayIn: {} } })
    const { guest } = await keptGuest(app)
    const { page } = await join(role)
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await heading(page, new RegExp(guest.label))
    const names = await page.getByRole('main').getByRole('button').allInnerTexts()
    expect(names.filter((name) => name.endsWith('…')).sort()).toEqual([...may])
    await goTo(page, 'Settings')
    await heading(page, 'Settings')
    const isOff = await page.getByRole('switch').first().getAttribute('aria-disabled')
    expect(isOff).toBe(role === 'owner' ? null : 'true')
    await goTo(page, 'Operators')
    await page
      .getByRole('row', { name: new RegExp(role) })
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: 'Invite…' }).count()).toBe(role === 'owner' ? 1 : 0)
  })
})
