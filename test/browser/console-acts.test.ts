// The console: what is ended, removed and undone one by one, who did it, and what a refusal says, in Chromium with real
// ceremonies.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { keptGuest } from '../support/ceremonies.ts'
import { DeviceKey } from '../support/device-key.ts'
import { addDeviceKey } from '../support/device-keys.ts'
import { foldedIn, keepings } from '../support/merging.ts'
import { linesOf } from '../support/operators.ts'
import { answer, goTo, heading, press, shows, startConsole } from './console-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const email = { type: 'email', value: 'ada@example.org' } as const

describe('of one guest', () => {
  test('a login ID is removed, and the guest is no regular user any more', async () => {
    const { app, join } = await startConsole(browser)
    const { guest } = await keptGuest(app)
    await app.guests.promote(guest.sub, { loginId: email, verified: true })
    const { page } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await heading(page, /regular/)
    await press(page, `Remove ${email.value}`)
    await page.getByRole('dialog', { name: `Remove ${email.value}?` }).waitFor()
    expect((await app.guests.get(guest.sub))?.login_ids).toHaveLength(1) // it asks first
    await answer(page, 'Remove')
    await shows(page, 'The address is removed.')
    await heading(page, /saved/)
    expect(await app.guests.get(guest.sub)).toMatchObject({ stage: 'kept', login_ids: [] })
    expect((await linesOf(app, 'login_id.removed'))[0]?.operator).toMatchObject({
      role: 'support',
      case: 'T-1',
    })
  })

  test('the key of a browser is revoked, and signs nobody in any more', async () => {
    const { app, join } = await startConsole(browser)
    const { guest, browser: guestBrowser } = await keptGuest(app)
    const key = new DeviceKey('ES256')
    await addDeviceKey(guestBrowser, key)
    const { page } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await page.getByRole('button', { name: /^Revoke / }).click()
    await answer(page, 'Revoke')
    await shows(page, 'The key is revoked.')
    expect(await page.getByRole('button', { name: /^Revoke / }).count()).toBe(0)
    expect((await app.guests.get(guest.sub))?.device_keys).toEqual([])
    expect((await linesOf(app, 'device_key.removed'))[0]).toMatchObject({
      anonymous_id: guest.sub,
      operator: { reason: 'test' },
    })
  })

  test('a merge is undone, and both guests are there', async () => {
    const { app, join } = await startConsole(browser, { merge: { onMerge: () => {} } })
    const { guest: merged, winner } = await foldedIn(app, keepings['kept by the host'])
    expect(await app.guests.get(merged.sub)).toMatchObject({ stage: 'merged' })
    const { page } = await join('support')
    await page.goto(`${app.origin}/guest/admin/#/guests/${winner.guest.sub}`)
    await heading(page, new RegExp(winner.guest.label))
    const row = page.getByRole('row', { name: `${merged.label} was merged into this guest` })
    await row.getByRole('button', { name: /^Undo/ }).click()
    await answer(page, 'Undo the merge', { reason: 'The guest asked for it' })
    await shows(page, 'The merge is undone.')
    await page.getByText('undone').first().waitFor()
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0)
    await row.getByRole('link').click()
    await heading(page, new RegExp(merged.label))
    expect(await app.guests.get(merged.sub)).toMatchObject({ stage: 'kept' })
    expect((await linesOf(app, 'guest.merge_undone'))[0]?.operator).toMatchObject({ reason: 'guest_request' })
  })

  test('what another operator has removed meanwhile is said to be gone', async () => {
    const { app, join } = await startConsole(browser)
    const { guest, passkeyId } = await keptGuest(app)
    await app.guests.promote(guest.sub, { loginId: email, verified: true })
    const [ada, grace] = [await join('owner', { name: 'ada' }), await join('owner', { name: 'grace' })]
    for (const { page } of [ada, grace]) {
      await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
      await press(page, `Remove ${email.value}`)
    }
    await answer(ada.page, 'Remove')
    await shows(ada.page, 'The address is removed.')
    await answer(grace.page, 'Remove')
    const question = grace.page.getByRole('dialog')
    await question.getByText('This is not there any more.').waitFor()
    await question.getByText('Somebody else may have ended or removed it.').waitFor()
    expect(await question.innerText()).not.toContain('not_found')
    expect((await app.guests.get(guest.sub))?.passkeys.map(({ id }) => id)).toEqual([passkeyId])
  })
})

test('an owner sees the sessions of an operator and ends one: that operator is out', async () => {
  const { app, join, open } = await startConsole(browser)
  const grace = await join('support', { name: 'grace' })
  const elsewhere = await open(undefined, { passkeys: await grace.credentials() })
  await press(elsewhere.page, 'Sign in with a passkey')
  await heading(elsewhere.page, 'Overview')
  const { page } = await join('owner', { name: 'ada' })
  await goTo(page, 'Operators')
  await press(page, 'Sessions… grace')
  const dialog = page.getByRole('dialog', { name: 'Sessions of grace' })
  const ends = dialog.getByRole('button', { name: /^End: / })
  await expect.poll(() => ends.count()).toBe(2)
  await ends.first().click() // the last one used is the first
  const question = page.getByRole('dialog', { name: 'End this session?' })
  await question.getByLabel('Reason', { exact: true }).selectOption('Security')
  await question.getByLabel('Case').fill('T-9')
  await question.getByRole('button', { name: 'End it' }).click()
  await expect.poll(() => ends.count()).toBe(1)
  await elsewhere.setUserVerified(false)
  await goTo(elsewhere.page, 'Guests')
  await elsewhere.page.getByRole('dialog', { name: 'Your session is over' }).waitFor()
  await goTo(grace.page, 'Guests')
  await heading(grace.page, 'Guests')
  expect((await linesOf(app, 'operator.sessions_ended'))[0]?.operator).toMatchObject({ case: 'T-9' })
})

test('the audit trail shows what one operator did, and still does when one comes back', async () => {
  const { app, join } = await startConsole(browser)
  const [first, second] = [await keptGuest(app), await keptGuest(app)]
  const [ada, grace] = [await join('owner', { name: 'ada' }), await join('support', { name: 'grace' })]
  for (const [{ page }, { guest }] of [
    [ada, first],
    [grace, second],
  ] as const) {
    await page.goto(`${app.origin}/guest/admin/#/guests/${guest.sub}`)
    await press(page, 'Disable…')
    await answer(page, 'Disable')
    await heading(page, /disabled/)
  }
  const { page } = ada
  const disabled = page.getByRole('row', { name: /Disabled/ })
  await goTo(page, 'Audit')
  await expect.poll(() => disabled.count()).toBe(2)
  await page.getByLabel('By whom').selectOption('grace')
  await expect.poll(() => disabled.count()).toBe(1)
  expect(await disabled.innerText()).toContain('grace (support)')
  const actors = page.locator('tbody td:nth-of-type(2)')
  expect([...new Set(await actors.allInnerTexts())]).toEqual(['grace (support)'])
  await disabled.getByRole('link').click()
  await heading(page, new RegExp(second.guest.label))
  await page.goBack()
  await expect.poll(() => disabled.count()).toBe(1)
  expect(await page.getByLabel('By whom').locator('option:checked').innerText()).toBe('grace')
  await page.getByLabel('By whom').selectOption('By anybody')
  await expect.poll(() => disabled.count()).toBe(2)
})

test('a browser whose clock is wrong by an hour shows times and proofs by the server’s', async () => {
  const { app, join } = await startConsole(browser)
  const { guest } = await keptGuest(app)
  const { page } = await join('support')
  await page.clock.install({ time: Date.now() + 60 * 60 * 1000 })
  await page.goto(`${app.origin}/guest/admin/?#/guests/${guest.sub}`)
  await heading(page, new RegExp(guest.label))
  await shows(page, 'Passkey proven.')
  await page.getByRole('table', { name: 'Sessions' }).getByText('now').first().waitFor()
  await goTo(page, 'Guests')
  await page.getByLabel('Created at any time').selectOption('Created in the last 1 day')
  await page.getByRole('link', { name: guest.label }).waitFor()
  await page.getByRole('link', { name: guest.label }).click()
  await press(page, 'Disable…')
  const soon = new Date(Date.now() + 30 * 60 * 1000)
  const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  await page.getByRole('dialog').getByLabel('Until').fill(local)
  await answer(page, 'Disable') // later than now by the server, not by this browser
  await heading(page, /disabled/)
})

test('the overview says what each refusal means, with its code', async () => {
  let ahead = -3 * 864e5
  const { app, join } = await startConsole(browser, { now: () => Date.now() + ahead })
  for (let i = 0; i < 6; i++) await app.browser().get('/guest/userinfo')
  await app.guests.runChores()
  ahead = 0
  for (let i = 0; i < 3; i++) await app.guests.runChores()
  const { page } = await join('viewer')
  const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Refusals' }) })
  await panel.getByText('Nobody was signed in (not_signed_in)').first().waitFor()
})
