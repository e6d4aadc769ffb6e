// A way in, in a browser, by the examples of client/README.md: whoever is signed in cancels it, and whoever has its code comes in.

import { expect, onTestFinished, test } from 'vitest'
import { createClock, startApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { day } from '../support/merging.ts'
import { admin, join, prove, why } from '../support/operators.ts'
import { example } from '../support/pages.ts'
import { press, shows, startElements } from './elements-page.ts'

/** A guest who is signed in on a phone, and an owner. `run` runs an example in a page. */
async function start() {
  const app = await startApp({ operators: { wayIn: {} } }, (host) => {
    host.get('/', (_req, res) => void res.type('html').send('<!doctype html><title>Lost</title>'))
  })
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const phone = await newDevice(browser)
  const owner = await join(app, 'owner')
  app.clock.forward(day + 1)
  expect((await prove(owner.browser, owner.device)).status).toBe(200)
  const run = async ({ page }: typeof phone, script: string) => {
    await page.goto(app.origin)
    await page.addScriptTag({
      type: 'module',
      content: `
        import { createGuestClient } from '/guest/client.js'
        const client = createGuestClient()
        const title = (guest) => { document.title = guest?.sub ?? 'nobody' }
        try { ${script} } catch (error) { document.title = error.code ?? String(error) }`,
    })
  }
  await run(phone, 'title(await client.passkeys.add())')
  await expect.poll(() => phone.page.title()).toMatch(/^[\w-]{22}$/)
  const sub = await phone.page.title()
  const open = async () =>
    (await owner.browser.post(`${admin}/guests/${sub}/way-in`, why)).body.code as string
  return { app, browser, phone, sub, run, open }
}

test('a person who has its code comes in with a new passkey, after the delay and once', async () => {
  const { app, browser, sub, run, open } = await start()
  const code = await open()
  const laptop = await newDevice(browser)
  const enter = `const code = '${code.toLowerCase()}'; ${example('client/README.md', 'way-in')} title(guest)`
  await run(laptop, enter)
  await expect.poll(() => laptop.page.title()).toBe('way_in_waiting')
  app.clock.forward(day)
  await run(laptop, enter)
  await expect.poll(() => laptop.page.title()).toBe(sub)
  await run(laptop, 'title(await client.user())')
  await expect.poll(() => laptop.page.title()).toBe(sub)
  await run(laptop, `await client.wayIn.signIn('${code}')`)
  await expect.poll(() => laptop.page.title()).toBe('way_in_invalid')
  await run(laptop, 'await client.wayIn.signIn()')
  await expect.poll(() => laptop.page.title()).toBe('invalid_request')
})

test('a guest who did not ask for it sees it, and cancels it', async () => {
  const { app, browser, phone, run, open } = await start()
  const code = await open()
  let asked = ''
  phone.page.on('dialog', (dialog) => {
    asked = dialog.message()
    void dialog.dismiss()
  })
  await run(phone, `${example('client/README.md', 'way-in-seen')}; document.title = 'cancelled'`)
  await expect.poll(() => phone.page.title()).toBe('cancelled')
  expect(asked).toMatch(/^Did you ask for a new way in\? It opens at \w{3} /)
  await run(phone, 'await client.wayIn.cancel()')
  await expect.poll(() => phone.page.title()).toBe('not_found')
  app.clock.forward(day)
  const laptop = await newDevice(browser)
  await run(laptop, `await client.wayIn.signIn('${code}')`)
  await expect.poll(() => laptop.page.title()).toBe('way_in_invalid')
})

test('the menu of the button and the account show it, and each cancels it', async () => {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const clock = createClock()
  const { app, open } = await startElements(browser, { now: clock.now, operators: { wayIn: {} } })
  const { page } = await open('<guestkey-button></guestkey-button><guestkey-account></guestkey-account>')
  const owner = await join(app, 'owner')
  clock.forward(day + 1)
  await prove(owner.browser, owner.device)
  await page.getByRole('button', { name: 'Continue as guest' }).first().click()
  await press(page, /not saved yet$/)
  await page.locator('.menu').getByRole('button', { name: 'Save with a passkey' }).click()
  await shows(page, '1 way back')
  await page.keyboard.press('Escape')
  const sub = await page.evaluate(async () => (await (await fetch('/guest/userinfo')).json()).sub)
  for (const place of ['.menu', 'guestkey-account']) {
    expect((await owner.browser.post(`${admin}/guests/${sub}/way-in`, why)).status).toBe(201)
    await page.reload()
    await page.locator('guestkey-account').getByText('Did you ask for a new way in?').waitFor()
    if (place === '.menu') await page.locator('.chip').click()
    const note = page.locator(place).getByText(/An operator has opened one: from .+ on, whoever has its code/)
    await note.waitFor()
    await page.locator(place).getByRole('button', { name: 'Cancel the way in' }).click()
    // Both places hear of it.
    await expect.poll(() => page.getByText('Did you ask for a new way in?').count()).toBe(0)
    const { body } = await owner.browser.get(`${admin}/guests/${sub}`)
    expect(body.way_in ?? null).toBeNull()
  }
})
