// The console: how operators come in, and what happens when a proof or a session is over, in Chromium with real ceremonies.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { keptGuest } from '../support/ceremonies.ts'
import { linesOf } from '../support/operators.ts'
import { answer, find, goTo, heading, openFound, press, shows, startConsole } from './console-page.ts'

const endSessionIn = (page: Page) =>
  page.evaluate(() =>
    fetch('/guest/admin/sign-out', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }),
  )

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

describe('an operator', () => {
  test('becomes one by the link, signs out, and comes back with the passkey', async () => {
    const { app, join } = await startConsole(browser)
    const { page } = await join('owner', { name: 'ada' })
    expect(page.url()).not.toContain('invitation')
    await shows(page, 'ada')
    await goTo(page, 'ada')
    await press(page, 'Sign out')
    await heading(page, 'Sign in as an operator')
    await press(page, 'Sign in with a passkey')
    await heading(page, 'ada owner')
    await page.reload()
    await heading(page, 'ada owner')
    expect((await linesOf(app)).map(({ action }) => action).sort()).toEqual([
      'operator.added',
      'operator.joined',
      'operator.signed_in',
      'operator.signed_out',
    ])
  })

  test('picks the passkey from the suggestions of the field', async () => {
    const { join } = await startConsole(browser)
    const { page, pickFromAutofill } = await join('viewer')
    await goTo(page, 'viewer')
    await press(page, 'Sign out')
    await page.getByLabel('Name').waitFor()
    await pickFromAutofill()
    await heading(page, 'viewer viewer')
  })

  test('whose link was used is told so, and what to do', async () => {
    const { app, open } = await startConsole(browser)
    const { link } = await app.guests.operators.add('ada', 'owner')
    const first = await open(link)
    await press(first.page, 'Make a passkey')
    await heading(first.page, 'Overview')
    const second = await open(link)
    await press(second.page, 'Make a passkey')
    await shows(second.page, 'This link is not good any more.')
    await shows(second.page, 'Ask for a new one.')
    await press(second.page, 'Sign in without the link')
    await heading(second.page, 'Sign in as an operator')
  })

  test('who cancels the passkey can try again', async () => {
    const { app, open } = await startConsole(browser)
    const { link } = await app.guests.operators.add('ada', 'owner')
    const { page, setUserVerified } = await open(link)
    await setUserVerified(false)
    await press(page, 'Make a passkey')
    await shows(page, 'The passkey was not used.')
    await setUserVerified(true)
    await press(page, 'Make a passkey')
    await heading(page, 'Overview')
  })

  test('with a guest’s passkey is none', async () => {
    const { app, open } = await startConsole(browser)
    const { page } = await open()
    await heading(page, 'Sign in as an operator')
    await page.evaluate(async () => {
      const url = '/guest/client.js'
      const { createGuestClient } = await import(url)
      await createGuestClient().passkeys.add()
    })
    await press(page, 'Sign in with a passkey')
    await shows(page, 'This passkey is none of an operator here.')
    expect(await linesOf(app)).toEqual([])
  })
})

describe('a change', () => {
  test('with a stale proof asks for the passkey, and goes on by itself', async () => {
    const { app, join } = await startConsole(browser, { operators: { stepUpSeconds: 1 } })
    const { guest } = await keptGuest(app)
    const { page, events } = await join('support')
    await find(page, guest.sub)
    await openFound(page)
    await heading(page, new RegExp(guest.label))
    await press(page, 'Disable…')
    await page.waitForTimeout(1500)
    await answer(page, 'Disable')
    await heading(page, /disabled/)
    expect(events.filter(({ what }) => what === 'asserted')).toHaveLength(1)
    expect(await app.guests.get(guest.sub)).toMatchObject({ disabled: { reason: 'abuse' } })
  })

  test('whose proof is cancelled changes nothing, and keeps what was typed', async () => {
    const { app, join } = await startConsole(browser, { operators: { stepUpSeconds: 1 } })
    const { guest } = await keptGuest(app)
    const { page, setUserVerified } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await press(page, 'Disable…')
    await page.waitForTimeout(1500)
    await setUserVerified(false)
    await answer(page, 'Disable', { reference: 'T-77' })
    const proof = page.getByRole('dialog', { name: 'Prove that it is you' })
    await proof.getByText('The passkey was not used.').waitFor()
    await proof.getByRole('button', { name: 'Cancel' }).click()
    const question = page.getByRole('dialog')
    await question.getByText('The passkey was not used.').waitFor()
    expect(await question.getByLabel('Case').inputValue()).toBe('T-77')
    expect(await app.guests.get(guest.sub)).toMatchObject({ disabled: null })
    await setUserVerified(true)
    await question.getByRole('button', { name: 'Disable' }).click()
    await heading(page, /disabled/)
  })

  test('in a session that was ended signs in again in place, and goes on by itself', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const { page } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await press(page, 'Disable…')
    await page.getByRole('dialog').getByLabel('Case').fill('T-78')
    await endSessionIn(page)
    await answer(page, 'Disable', { reference: 'T-78' })
    await heading(page, /disabled/)
    expect((await linesOf(app, 'guest.disabled'))[0]?.operator).toMatchObject({
      role: 'support',
      case: 'T-78',
    })
  })

  test('by another operator than the one who asked is not made', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const other = await join('owner', { name: 'grace' })
    const { page, carry, lose } = await join('support', { name: 'ada' })
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await press(page, 'Disable…')
    await endSessionIn(page)
    await lose()
    await carry(await other.credentials())
    await answer(page, 'Disable')
    await page.getByRole('dialog').getByText('Somebody else is signed in now.').waitFor()
    expect(await app.guests.get(guest.sub)).toMatchObject({ disabled: null })
  })
})

describe('what an operator looked at', () => {
  test('is nowhere for the next one in the same tab: no search, no list, no reason and case', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const other = await join('support', { name: 'grace' })
    const { page, carry, lose } = await join('support', { name: 'ada' })
    await find(page, guest.sub)
    await openFound(page)
    await press(page, 'Disable…')
    await answer(page, 'Disable', { reference: 'T-77' })
    await heading(page, /disabled/)
    await goTo(page, 'Guests')
    await heading(page, 'Guests')
    expect(await page.getByRole('searchbox').inputValue()).toBe(guest.sub)
    await goTo(page, 'ada')
    await press(page, 'Sign out')
    await heading(page, 'Sign in as an operator')
    await lose()
    await carry(await other.credentials())
    await press(page, 'Sign in with a passkey')
    await heading(page, 'grace support')
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
    await goTo(page, 'Guests')
    await page.locator('.pick').first().waitFor()
    await page.getByRole('link', { name: guest.label }).click()
    await press(page, 'Enable…')
    expect(await page.getByRole('dialog').getByLabel('Case').inputValue()).toBe('')
    expect(await page.getByRole('dialog').getByLabel('Reason', { exact: true }).inputValue()).toBe('')
  })

  test('goes once a question is closed in which somebody else signed in', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const other = await join('viewer', { name: 'grace' })
    const { page, carry, lose } = await join('support', { name: 'ada' })
    await find(page, guest.sub)
    await openFound(page)
    await press(page, 'Disable…')
    await endSessionIn(page)
    await lose()
    await carry(await other.credentials())
    await answer(page, 'Disable')
    await page.getByRole('dialog').getByText('Somebody else is signed in now.').waitFor()
    expect(await page.locator('#app').isVisible()).toBe(false)
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await heading(page, new RegExp(guest.label))
    await shows(page, 'grace')
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
  })

  test('goes when the session is over, though nobody touches the page', async () => {
    let later = 0
    const { app, join } = await startConsole(browser, { now: () => Date.now() + later })
    const { guest } = await keptGuest(app)
    const { page } = await join('support')
    await page.clock.install()
    await page.goto(`${app.origin}/guest/admin/?#/guests/${guest.sub}`)
    await heading(page, new RegExp(guest.label))
    const asked = page.waitForResponse(/\/admin\/me$/)
    await page.clock.fastForward('12:00:00')
    expect((await asked).status(), 'the clock of the page is wrong').toBe(200)
    await heading(page, new RegExp(guest.label))
    later = 12 * 60 * 60 * 1000
    await page.clock.fastForward('12:00:00')
    await heading(page, 'Sign in as an operator')
    expect(await page.getByText(guest.label).count()).toBe(0)
  })

  test('is hidden while the page asks for a new session, and goes if nobody proves to be that operator', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const { page, setUserVerified } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await heading(page, new RegExp(guest.label))
    await endSessionIn(page)
    await setUserVerified(false)
    await page.evaluate(() => dispatchEvent(new HashChangeEvent('hashchange')))
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The passkey was not used.').waitFor()
    expect(await page.locator('#app').isVisible()).toBe(false)
    expect(await page.title()).toBe('Jotter')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await heading(page, 'Sign in as an operator')
    expect(await page.getByText(guest.label).count()).toBe(0)
  })

  test('goes when the browser shows the page again from its memory and the session is over', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    const { page } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await heading(page, new RegExp(guest.label))
    await endSessionIn(page)
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await heading(page, 'Sign in as an operator')
  })
})
