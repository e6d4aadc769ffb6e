// Makes the pictures of the elements in client/README.md again, from the gallery: `npm run build:client && node test/support/pictures.ts`.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { guestkey } from '../../server/index.ts'
import { notesApp } from '../../server/service/demo/notes-app.ts'
import { launchBrowser } from './browser.ts'

/** The switches of the gallery. */
type Shot = { element: string; state: string; width: string } & Partial<
  Record<'theme' | 'lang' | 'dir' | 'accent' | 'radius', string>
>

const signIn = (state: string, more: Partial<Shot> = {}): Shot => ({
  element: 'guestkey-sign-in',
  state,
  width: '360',
  ...more,
})
const menu = (state: string, theme: string): Shot => ({
  element: 'guestkey-button',
  state,
  width: '360',
  theme,
})
const link = (state: string): Shot => ({ element: 'guestkey-link', state, width: '360' })

/** The pictures by their names, each of several states that stand beside each other. */
const pictures: Record<string, Shot[]> = {
  'sign-in': [signIn('first visit'), signIn('returning'), signIn('more ways')],
  menu: [menu('not saved, menu', 'light'), menu('saved, menu', 'light'), menu('not saved, menu', 'dark')],
  prompt: [{ element: 'guestkey-prompt', state: 'save, in the host’s word', width: '720' }],
  account: [{ element: 'guestkey-account', state: 'would come back', width: '1040' }],
  link: [link('code'), link('compare'), link('new device, words')],
  looks: [
    signIn('returning', { theme: 'dark', accent: '#e0a100', radius: '24' }),
    signIn('returning', { accent: '#0a7d4f', radius: '0', lang: 'de', width: '400' }),
    signIn('returning', { theme: 'dark', accent: '#d6336c', radius: '14', lang: 'he', dir: 'rtl' }),
  ],
}

/** What is around a state, in pixels. */
const AIR = 28
/** What a picture is high at most, in pixels: the account is longer. */
const HIGHEST = 900

/** Takes a state of the gallery, and what is open over it, as a PNG. */
async function take(page: Page, origin: string, shot: Shot): Promise<{ png: string; ground: string }> {
  const width = Number(shot.width) + 2 * AIR
  await page.setViewportSize({ width, height: HIGHEST })
  await page.goto('about:blank')
  await page.goto(`${origin}/elements#${new URLSearchParams(shot)}`)
  await page.waitForSelector('html[data-shown="1"]')
  const ground = await page.evaluate((air) => {
    for (const one of document.querySelectorAll<HTMLElement>('body > header, figcaption'))
      one.style.display = 'none'
    document.body.style.padding = `${air}px`
    // The menu stands where its button is.
    dispatchEvent(new Event('resize'))
    return getComputedStyle(document.body).backgroundColor
  }, AIR)
  await page.waitForTimeout(500)
  const bottom = await page.evaluate(() => {
    const figure = document.querySelector('figure')!
    const open = figure.querySelector('div')!.lastElementChild!.shadowRoot!.querySelectorAll(':popover-open')
    return Math.max(...[figure, ...open].map((one) => one.getBoundingClientRect().bottom))
  })
  const clip = { x: 0, y: 0, width, height: Math.min(bottom + AIR, HIGHEST) }
  const png = (await page.screenshot({ clip })).toString('base64')
  return { png, ground }
}

/** Puts the states beside each other, as a WebP. */
async function compose(page: Page, shots: { png: string; ground: string }[]): Promise<Buffer> {
  await page.setContent(
    `<body style="margin:0;display:inline-flex">${shots
      .map(
        ({ png, ground }) =>
          `<div style="background:${ground};display:flex;align-items:center">` +
          `<img style="zoom:0.5" src="data:image/png;base64,${png}"></div>`,
      )
      .join('')}`,
  )
  const box = await page.locator('body').boundingBox()
  const cdp = await page.context().newCDPSession(page)
  const { data } = await cdp.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 82,
    captureBeyondViewport: true,
    clip: { ...box!, scale: 1 },
  })
  return Buffer.from(data, 'base64')
}

async function makeAll(browser: Browser, origin: string, folder: string): Promise<void> {
  const window = {
    viewport: { width: 1200, height: 900 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  } as const
  const context = await browser.newContext(window)
  const gallery = await context.newPage()
  const paper = await context.newPage()
  mkdirSync(folder, { recursive: true })
  for (const [name, shots] of Object.entries(pictures)) {
    const taken = []
    for (const shot of shots) taken.push(await take(gallery, origin, shot))
    const webp = await compose(paper, taken)
    writeFileSync(join(folder, `${name}.webp`), webp)
    console.log(`${name}.webp: ${webp.length} bytes`)
  }
}

const data = mkdtempSync(join(tmpdir(), 'guestkey-pictures-'))
const demo = notesApp(join(data, 'notes.db'))
const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://localhost:${(server.address() as AddressInfo).port}`
const guests = guestkey({ ...demo.options, origin, store: join(data, 'guests.db') })
server.on('request', demo.serve(guests))
const browser = await launchBrowser()
try {
  await guests.ready()
  await makeAll(browser, origin, join(import.meta.dirname, '../../client/pictures'))
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
  await guests.close()
  rmSync(data, { recursive: true })
}
