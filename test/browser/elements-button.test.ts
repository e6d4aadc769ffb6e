// <guestkey-button> as a person uses it, in Chromium, with real ceremonies. Needs `npm run build:client`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { example } from '../support/pages.ts'
import { heard, listen, press, shows, startElements } from './elements-page.ts'
import { answer, expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const button = '<guestkey-button></guestkey-button>'
const menu = (page: Page) => page.locator('.menu')
const openMenu = (page: Page) => press(page, /, (not saved yet|saved)$/)
const nameOf = (page: Page) => page.locator('.chip .guest').innerText()

test('the two lines of the README are the whole story: continue, save, sign out, come back on a second device', async () => {
  const { app, open } = await startElements(browser)
  const lines = example('README.md', 'element')
  const phone = await open(lines, { synced: true })
  const { page } = phone
  await listen(page)
  await press(page, 'Continue as guest')
  const name = await nameOf(page)
  expect(name).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
  await shows(page, 'not saved yet')
  expect(await app.rows()).toMatchObject({ guests: 0, sessions: 0 })

  await openMenu(page)
  await press(page, 'Save with a passkey')
  await shows(page, '1 way back')
  expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1 })

  await press(page, 'Sign out')
  await press(page, 'Continue with your passkey')
  expect(await nameOf(page)).toBe(name)
  expect(await heard(page)).toEqual(['signed-in', 'saved', 'signed-out', 'signed-in'])
  await page.reload()
  expect(await nameOf(page)).toBe(name)

  const laptop = await open(lines, { synced: true, passkeys: await phone.credentials() })
  await press(laptop.page, 'Been here before?')
  await press(laptop.page, 'Sign in with a passkey')
  expect(await nameOf(laptop.page)).toBe(name)
  expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 2 })
})

describe('the name of the last guest', () => {
  test.each([
    ['a sign-out', 'Continue with your passkey'],
    ['a sign-out everywhere', 'Continue as guest'],
    ['an erasure', 'Continue as guest'],
  ])('after %s, in this tab, another one and the next page: %s', async (way, says) => {
    const { open } = await startElements(browser)
    const { page } = await open(button, { synced: true })
    await press(page, 'Continue as guest')
    await openMenu(page)
    await press(page, 'Save with a passkey')
    await shows(page, '1 way back')
    const other = await page.context().newPage()
    await other.goto(page.url())
    await nameOf(other)
    await page.evaluate(async (way) => {
      const url = '/guest/client.js'
      const { createGuestClient } = await import(url)
      const client = createGuestClient()
      if (way === 'an erasure') await client.account.delete()
      else await client.signOut({ everywhere: way === 'a sign-out everywhere' })
    }, way)
    for (const one of [page, other]) {
      await one.getByRole('button', { name: says }).waitFor()
      await one.reload()
      await one.getByRole('button', { name: says }).waitFor()
    }
  })
})

test('a guest comes back on another device by the small button beside it', async () => {
  const { open } = await startElements(browser)
  const phone = await open(button, { synced: true })
  await press(phone.page, 'Continue as guest')
  await openMenu(phone.page)
  await press(phone.page, 'Save with a passkey')
  await shows(phone.page, '1 way back')
  const laptop = await open(button, { passkeys: await phone.credentials() })
  await press(laptop.page, 'Been here before?')
  await press(laptop.page, 'Sign in with a passkey')
  expect(await nameOf(laptop.page)).toBe(await nameOf(phone.page))
})

describe('signing out while not saved', () => {
  async function ask() {
    const host = await startElements(browser)
    const device = await host.open('<guestkey-button what="notes"></guestkey-button>')
    await press(device.page, 'Continue as guest')
    const name = await nameOf(device.page)
    await openMenu(device.page)
    await press(device.page, 'Sign out…')
    await device.page.getByRole('dialog', { name: 'Sign out and lose your notes?' }).waitFor()
    return { ...host, ...device, name }
  }
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)

  test('asks first; Escape stays signed in', async () => {
    const { page, name } = await ask()
    expect(await focused(page)).toBe('Stay signed in')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await nameOf(page)).toBe(name)
    await page.reload()
    expect(await nameOf(page)).toBe(name)
  })

  test('loses everything if the person says so', async () => {
    const { page, name } = await ask()
    await press(page, 'Sign out and lose it')
    await press(page, 'Continue as guest')
    expect(await nameOf(page)).not.toBe(name)
  })

  test('can save in place of it', async () => {
    const { app, page, name } = await ask()
    await answer(page, 'Save with a passkey')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await app.rows()).toMatchObject({ guests: 1, passkeys: 1 })
    expect(await nameOf(page)).toBe(name)
  })
})

test('a passkey that was not used changes nothing, is said in grey, and works the next time', async () => {
  const { app, open } = await startElements(browser)
  const device = await open(button)
  const { page } = device
  await press(page, 'Continue as guest')
  await openMenu(page)
  await device.setUserVerified(false)
  await press(page, 'Save with a passkey')
  await shows(page, 'The passkey was not used.')
  expect(await page.locator('.note').getAttribute('class')).not.toMatch(/danger|caution/)
  expect(await app.rows()).toMatchObject({ guests: 0, passkeys: 0 })
  await device.setUserVerified(true)
  await press(page, 'Save with a passkey')
  await shows(page, '1 way back')
})

test('a wait for a passkey says what it waits for, and can be cancelled', async () => {
  const { open } = await startElements(browser)
  const device = await open(button)
  const { page } = device
  await device.setPresent(false)
  await press(page, 'Been here before?')
  await press(page, 'Sign in with a passkey')
  await shows(page, 'Waiting for your passkey')
  await press(page, 'Cancel')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  expect(await page.locator('.note').count()).toBe(0)
  await device.setPresent(true)
  await page.keyboard.press('Escape')
  await press(page, 'Continue as guest')
  await shows(page, 'not saved yet')
})

test('a server that does not answer is said, and costs nobody', async () => {
  const { app, open } = await startElements(browser)
  const { page } = await open(button)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await page.route('**/guest/sign-in', (route) => route.abort())
  await press(page, 'Continue as guest')
  await shows(page, 'The server did not answer.')
  await page.unroute('**/guest/sign-in')
  await press(page, 'Continue as guest')
  await shows(page, 'not saved yet')
  expect(await app.rows()).toMatchObject({ guests: 0 })
})

test('a guest can have another name', async () => {
  const { open } = await startElements(browser)
  const { page } = await open(button)
  await press(page, 'Continue as guest')
  await openMenu(page)
  await press(page, 'Rename')
  await page.getByRole('textbox', { name: 'Name' }).fill('Wren')
  await press(page, 'Save')
  await page.getByRole('button', { name: /^Wren ?, not saved yet$/ }).waitFor()
})

describe('the menu', () => {
  test('closes by Escape, which gives the focus back, by a press beside it, and when the focus leaves', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(`${button}<button>Beside</button>`)
    await press(page, 'Continue as guest')
    const trigger = page.locator('.chip')
    const focusedLabel = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.ariaLabel)
    await openMenu(page)
    await menu(page).waitFor()
    expect(await trigger.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Tab')
    expect(await focusedLabel()).toBe('Rename')
    await page.keyboard.press('Escape')
    await menu(page).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe(
      'chip',
    )
    await page.keyboard.press('Enter')
    await menu(page).waitFor()
    await page.locator('h1').click({ force: true })
    await menu(page).waitFor({ state: 'detached' })
    await trigger.click()
    await menu(page).waitFor()
    await page.getByRole('button', { name: 'Beside' }).focus()
    await menu(page).waitFor({ state: 'detached' })
  })

  test('stays within a window of 320 pixels, on either side', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(`<p align="right">${button}</p>`, {
      window: { viewport: { width: 320, height: 640 } },
    })
    await press(page, 'Been here before?')
    const at = (await menu(page).boundingBox())!
    expect(at.x).toBeGreaterThanOrEqual(0)
    expect(at.x + at.width).toBeLessThanOrEqual(320)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })

  test('follows its button when the window is turned and when the page scrolls', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(`<p align="right">${button}</p>${'<p>A line</p>'.repeat(60)}`)
    await press(page, 'Been here before?')
    await page.setViewportSize({ width: 320, height: 640 })
    const right = async () => {
      const at = (await menu(page).boundingBox())!
      return at.x + at.width
    }
    await expect.poll(right).toBeLessThanOrEqual(320)
    await menu(page).evaluate((it) => Promise.all(it.getAnimations().map(({ finished }) => finished)))
    const top = async () => (await menu(page).boundingBox())!.y
    const before = await top()
    await page.evaluate(() => scrollBy(0, 40))
    await expect.poll(top).toBe(before - 40)
  })

  test('leads to the account and to device links where the host says, unless a listener goes there', async () => {
    const { open } = await startElements(browser)
    const { page } = await open('<guestkey-button account-url="#account" link-url="#link"></guestkey-button>')
    await press(page, 'Continue as guest')
    await openMenu(page)
    await press(page, 'Account')
    await page.waitForURL(/#account$/)
    await page.evaluate(() => document.addEventListener('guestkey-link', (event) => event.preventDefault()))
    await openMenu(page)
    await press(page, 'Link another device')
    expect(page.url()).toMatch(/#account$/)
  })

  test.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:https://example.com/x',
    'https://',
    '',
  ])('leads nowhere but to pages of the web, and shows a dialog in place of %j', async (url) => {
    const { open } = await startElements(browser)
    const { page } = await open(button)
    const before = page.url()
    await page.locator('guestkey-button').evaluate((element, url) => {
      element.setAttribute('account-url', url)
      element.setAttribute('link-url', url)
    }, url)
    await press(page, 'Continue as guest')
    for (const name of ['Account', 'Link another device']) {
      await openMenu(page)
      await press(page, name)
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    expect(page.url()).toBe(before)
  })

  test('shows recovery codes in the account, unless the page does', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(button, { authenticator: false })
    await press(page, 'Continue as guest')
    await page.evaluate(() => {
      document.addEventListener('guestkey-codes', (event) => event.preventDefault(), { once: true })
      // As in a browser without passkeys.
      Reflect.deleteProperty(window, 'PublicKeyCredential')
    })
    await openMenu(page)
    await press(page, 'Make recovery codes')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await press(page, 'Make recovery codes')
    await page.getByRole('dialog').getByRole('region', { name: 'Recovery codes' }).waitFor()
  })
})

describe('the words', () => {
  test('are in the language of the element, and follow it', async () => {
    const { open } = await startElements(browser)
    const { page } = await open('<div lang="de-AT"><guestkey-button></guestkey-button></div>')
    await page.getByRole('button', { name: 'Als Gast weitermachen' }).waitFor()
    await page.evaluate(() => document.querySelector('guestkey-button')!.setAttribute('lang', 'en'))
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  })

  test('of a menu follow too, those that the server counted for', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(button, { synced: true })
    await press(page, 'Continue as guest')
    await press(page, /not saved yet$/)
    await press(page, 'Save with a passkey')
    await shows(page, '1 way back')
    await page.evaluate(() => document.querySelector('guestkey-button')!.setAttribute('lang', 'de'))
    await shows(page, '1 Weg zurück')
  })

  test('are those of the browser if the page has no language of ours', async () => {
    const { open } = await startElements(browser)
    const { page } = await open('<div lang="tlh"><guestkey-button></guestkey-button></div>', {
      window: { locale: 'de-CH' },
    })
    await page.getByRole('button', { name: 'Als Gast weitermachen' }).waitFor()
  })

  test('can be the host’s own, by their keys', async () => {
    const { open } = await startElements(browser)
    const { page } = await open(button)
    await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
    await page.evaluate(() => {
      document.querySelector('guestkey-button')!.texts = { continueAsGuest: 'Just start' }
    })
    await page.getByRole('button', { name: 'Just start' }).waitFor()
  })
})

describe('a client of the page', () => {
  /** Opens a page with two buttons and this module. `asked` has a line for each request to the service. */
  async function openWith(module: string) {
    const { app, open } = await startElements(browser)
    const { page } = await open('')
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (/^\/guest\/(userinfo|sign-in)$/.test(pathname))
        asked.push(`${request.method()} ${pathname} by ${request.headers()['x-page'] ?? 'another client'}`)
    })
    const body = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>
      <p id="first">${button}</p><p id="second">${button}</p>`
    await page.route('**/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: module }))
    await page.route('**/own', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${app.origin}/own`)
    return { page, asked }
  }
  const imports = `
    import { createGuestClient } from '/guest/client.js'
    import { shareClient } from '/guest/elements.js'
    const clientOf = (name) => createGuestClient({ headers: { 'X-Page': name } })
    const elements = document.querySelectorAll('guestkey-button')`
  const begin = (page: Page, where: string) =>
    page.locator(where).getByRole('button', { name: 'Continue as guest' }).click()

  test('that is shared is that of elements that are in the HTML already', async () => {
    const { page, asked } = await openWith(`${imports}
      shareClient(clientOf('the page'))`)
    await begin(page, '#first')
    await page.locator('#second .chip').waitFor()
    expect(asked).toEqual(['GET /guest/userinfo by the page', 'POST /guest/sign-in by the page'])
  })

  test('that is shared late takes the place of the one that they have used until then', async () => {
    const { page, asked } = await openWith(`${imports}
      addEventListener('late', () => shareClient(clientOf('the page')))`)
    await page.locator('#first').getByRole('button', { name: 'Continue as guest' }).waitFor()
    expect(asked).toEqual(['GET /guest/userinfo by another client'])
    await page.evaluate(() => dispatchEvent(new Event('late')))
    await expect.poll(() => asked.at(-1)).toBe('GET /guest/userinfo by the page')
    await begin(page, '#first')
    await page.locator('#second .chip').waitFor()
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual(['POST /guest/sign-in by the page'])
  })

  test('that was left for another one has no listener any more', async () => {
    const { page } = await openWith(`${imports}
      const first = clientOf('the first')
      const on = first.on
      let listeners = 0
      first.on = (...given) => {
        const stop = on(...given)
        document.title = ++listeners
        return () => {
          stop()
          document.title = --listeners
        }
      }
      shareClient(first)
      addEventListener('late', () => shareClient(clientOf('the page')))
      addEventListener('moved', () => document.body.append(document.querySelector('#first')))`)
    const isShown = (where: string) => page.locator(where).getByRole('button').first().waitFor()
    await Promise.all([isShown('#first'), isShown('#second')])
    expect(await page.title()).toBe('1')
    await page.evaluate(() => dispatchEvent(new Event('moved')))
    await isShown('#first')
    expect(await page.title()).toBe('1')
    await page.evaluate(() => dispatchEvent(new Event('late')))
    await expect.poll(() => page.title()).toBe('0')
  })

  test('that is shared leaves an element its own', async () => {
    const { page, asked } = await openWith(`${imports}
      elements[1].client = clientOf('the second')
      shareClient(clientOf('the page'))`)
    await begin(page, '#second')
    await page.locator('#first .chip').waitFor()
    expect(asked).toContain('POST /guest/sign-in by the second')
    expect(asked.join()).not.toContain('another client')
  })
})

test('what is inside of it is shown until its code is there, and if that does not come', async () => {
  const { app, open } = await startElements(browser)
  const { page } = await open('', {})
  await page.route('**/elements-en-*', (route) => route.abort())
  await page.goto(
    `${app.origin}/page?body=${encodeURIComponent('<guestkey-button>Guests welcome</guestkey-button>')}`,
  )
  await page.getByText('Guests welcome').waitFor()
  await page.unroute('**/elements-en-*')
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
})

test.each(['light', 'dark'] as const)('axe finds nothing in any state, in %s mode', async (colorScheme) => {
  const { open } = await startElements(browser)
  const device = await open('<guestkey-button what="notes" account-url="#a"></guestkey-button>', {
    window: { colorScheme, reducedMotion: 'reduce' },
  })
  const { page } = device
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await expectNothingAmiss(page)
  await press(page, 'Been here before?')
  await menu(page).waitFor()
  await expectNothingAmiss(page)
  await device.setPresent(false)
  await press(page, 'Sign in with a passkey')
  await shows(page, 'Waiting for your passkey')
  await expectNothingAmiss(page)
  await press(page, 'Cancel')
  await device.setPresent(true)
  await press(page, 'Continue as guest')
  await openMenu(page)
  await expectNothingAmiss(page)
  await press(page, 'Sign out…')
  await page.getByRole('dialog').waitFor()
  await expectNothingAmiss(page)
  await answer(page, 'Save with a passkey')
  await shows(page, '1 way back')
  await expectNothingAmiss(page)
})
