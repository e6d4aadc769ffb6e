// Forms and links of another site, in Chromium: SameSite=Lax keeps our cookie out of a form, and an answer may still set one.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'

/** A page of another site: 127.0.0.1 is not localhost. */
async function startEvilSite(html: string): Promise<string> {
  const server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html')
    res.end(`<!doctype html><title>Evil</title>${html}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A host whose routes sign in and out, and a browser that is signed in there as a guest without a way back. */
async function guestInBrowser() {
  const app = await startApp({}, (host, guests) => {
    host.get('/', (req, res) => void res.send(req.guest?.sub ?? 'nobody'))
    host.all('/logout', async (req, res) => {
      await guests.signOut(req, res, { force: true })
      res.send('nobody')
    })
    host.post('/join', async (req, res) => {
      const { guest } = await guests.signInAnonymously(req, res)
      res.send(guest.sub)
    })
  })
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const { page } = await newDevice(browser)
  await page.goto(app.origin)
  const sub = await page.evaluate(async () => (await fetch('/join', { method: 'POST' })).text())
  const whoIs = async () => {
    await page.goto(app.origin)
    return page.textContent('body')
  }
  expect(await whoIs()).toBe(sub)
  return { app, page, sub, whoIs }
}

test('a form of another site does not replace the guest of this browser by a new one', async () => {
  const { app, page, sub, whoIs } = await guestInBrowser()
  await page.goto(
    await startEvilSite(`<form method="post" action="${app.origin}/join"><button>x</button></form>`),
  )
  await page.click('button')
  await page.waitForURL(`${app.origin}/join`)
  expect(await whoIs()).toBe(sub)
})

test('a form or a link of another site does not sign the guest of this browser out; the host’s own page does', async () => {
  const { app, page, sub, whoIs } = await guestInBrowser()
  const out = `${app.origin}/logout`
  for (const html of [
    `<form method="post" action="${out}"><button>x</button></form>`,
    `<form method="get" action="${out}"><button>x</button></form>`,
  ]) {
    await page.goto(await startEvilSite(html))
    await page.click('button')
    await page.waitForURL(/\/logout/)
    expect(await whoIs()).toBe(sub)
  }
  await page.setContent(`<form method="post" action="/logout"><button>x</button></form>`)
  await page.click('button')
  await page.waitForURL(out)
  expect(await whoIs()).toBe('nobody')
})
