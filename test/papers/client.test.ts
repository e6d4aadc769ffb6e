// client/README.md: its tables have each function, option and error of the client, and its examples work in Chromium.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGuestClient, type GuestClient } from '../../client/index.ts'
import { events } from '../../client/lib/events.ts'
import { sentences } from '../../client/lib/sentences.ts'
import { errorCodes } from '../../server/errors.ts'
import { startApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'
import { mostFirstLoaded } from '../support/first-loads.ts'
import { example, functionsIn, functionsOf, readPage, rowsIn, section } from '../support/pages.ts'

const page = 'client/README.md'
/** Functions of 0.5 that have another name now: only the changelog names them. */
const oldNames = ['prompts.onDue']
const read = (file: string) => readFileSync(join(import.meta.dirname, '../../client', file), 'utf8')

describe('the page of the client', () => {
  test('names each function, and no other', () => {
    const named = rowsIn(section(page, 'All functions')).flatMap(([cell]) => functionsIn(cell!))
    const functions = functionsOf(createGuestClient()).filter((name) => !oldNames.includes(name))
    expect([...new Set(named)].toSorted()).toEqual(functions.toSorted())
  })

  test('names each option, and no other', () => {
    const [, type] = /interface GuestClientOptions \{([\s\S]*?)^\}/m.exec(read('guest-client.ts'))!
    const options = [...type!.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name)
    const named = rowsIn(section(page, 'Load it')).map(([name]) => name!.replaceAll('`', ''))
    expect(named).toEqual(options)
  })

  test('has each option of the client for native apps, and no other', () => {
    const [, theSame, own] = /interface NativeClientOptions\b.*?Pick<\w+, (.*?)> \{(.*?)\n\}/s.exec(
      read('native/native-client.ts'),
    )!
    const options = [...own!.matchAll(/^ {2}(\w+)\??:/gm), ...theSame!.matchAll(/'(\w+)'/g)].map(
      ([, name]) => name,
    )
    const named = rowsIn(section(page, 'Native apps in TypeScript')).flatMap(
      ([names]) => names!.match(/\w+/g)!,
    )
    expect(named.toSorted()).toEqual(options.toSorted())
  })

  test('and the README say how large the client is at most, as its build allows', () => {
    const limits = [...read('build/build.ts').matchAll(/file: '(.*)', gzip: ([\d.]+), brotli: ([\d.]+)/g)]
    const [withPasskeys] = limits
    expect(rowsIn(section(page, 'Size')).map(([, ...row]) => row)).toEqual(
      limits.map(([, file, gzip, brotli]) => [`\`${file}\``, `${gzip} KiB`, `${brotli} KiB`]),
    )
    expect(readPage('README.md').match(/[\d.]+ KiB/g)).toEqual([`${withPasskeys![2]} KiB`])
  })

  test('says how large a bundle of a page is at most', () => {
    const [said] = /^In a bundle of your own.*$/m.exec(section(page, 'Size'))!
    const [whole, small] = ['@guestkey/client', '@guestkey/client/small'].map(
      (name) => mostFirstLoaded[name]!,
    )
    expect([whole!.rollup, small!.rollup]).toEqual([whole!.esbuild, small!.esbuild])
    const most = [whole!.esbuild, whole!.Vite, small!.esbuild, small!.Vite]
    expect(said.match(/\d[\d.]*(?= KiB| and)/g)?.map(Number)).toEqual(most)
  })

  test('has each event, and no other', () => {
    const named = rowsIn(section(page, 'Events')).map(([event]) => event!.replaceAll('`', ''))
    expect(named).toEqual(events)
  })

  test('has each error code that is not one of the server', () => {
    const named = rowsIn(section(page, 'Errors')).map(([code]) => code!.replaceAll('`', ''))
    const codes = Object.keys(sentences).filter((code) => !(errorCodes as string[]).includes(code))
    expect(named.toSorted()).toEqual(codes.toSorted())
  })
})

describe('the examples of the page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  /** An app with a page that has `client`, and `show()` for what the person reads. */
  const startSite = (html?: string) =>
    startApp({}, (app) => {
      app.get('/{*any}', (_req, res) => {
        res.type('html').send(html ?? '<!doctype html><title>Page</title><p id="shown"></p>')
      })
    })

  /** A device at a page of the app, where modules run with `client` and `show`. */
  async function openPage(url: string, options: Parameters<typeof newDevice>[1] = {}) {
    const device = await newDevice(browser, options)
    device.page.on('dialog', (dialog) => void dialog.accept())
    await device.page.goto(url)
    const run = (code: string) =>
      device.page.addScriptTag({
        type: 'module',
        content: `
          import { createGuestClient } from '/guest/client.js'
          const client = createGuestClient()
          const show = (text) => { document.getElementById('shown').textContent = text }
          ${code}`,
      })
    const shown = () => device.page.textContent('#shown')
    return { ...device, run, shown }
  }

  test('the first page continues as guest, saves, signs out and brings the guest back', async () => {
    const { origin } = await startSite(example('client/README.md', 'page'))
    const device = await newDevice(browser, { synced: true })
    await device.page.goto(origin)
    const who = () => device.page.textContent('#who')
    await expect.poll(who).toBe('Nobody is signed in.')
    await device.page.click('text=Continue as guest')
    await expect.poll(who).toMatch(/^You are \w+-\w+-\d+\.$/)
    const guest = await who()
    await device.page.click('text=Save with a passkey')
    await expect.poll(async () => (await device.credentials()).length).toBe(1)
    await device.page.click('text=Sign out')
    await expect.poll(who).toBe('Nobody is signed in.')
    await device.page.click('text=I have a passkey')
    await expect.poll(who).toBe(guest)
    expect(device.problems).toEqual([])
  })

  test('the first page says why a guest who could not come back is not signed out', async () => {
    const { origin } = await startSite(example('client/README.md', 'page'))
    const { page } = await newDevice(browser)
    const said: string[] = []
    page.on('dialog', (dialog) => {
      said.push(dialog.message())
      void dialog.accept()
    })
    await page.goto(origin)
    await page.click('text=Continue as guest')
    await expect.poll(() => page.textContent('#who')).toMatch(/^You are/)
    await page.click('text=Sign out')
    await expect.poll(() => said).toEqual(['There would be no way back into this account.'])
  })

  test('two devices show the same words, and the other one is signed in', async () => {
    const { origin } = await startSite()
    const at = (code: string) => code.replaceAll('https://app.example.com', origin)
    const here = await openPage(`${origin}/`)
    await here.run(`await client.signInAnonymously()\n${at(example('client/README.md', 'link-here'))}`)
    await expect.poll(here.shown).toMatch(/^Scan \S+, or type [\w-]+$/)
    const [, url] = /^Scan (\S+),/.exec((await here.shown())!)!
    const there = await openPage(url!)
    await there.run(`${example('client/README.md', 'link-there')}\nshow((await client.user()).label)`)
    await expect.poll(there.shown).toMatch(/^\w+-\w+-\d+$/)
    const label = await here.page.evaluate(async () => (await (await fetch('/guest/userinfo')).json()).label)
    expect(await there.shown()).toBe(label)
  })

  test('a key for notes is opened again by the secret of the passkey', async () => {
    const { origin } = await startSite()
    const device = await openPage(origin, { prf: true })
    const use = `
      await client.passkeys.add()
      const stored = [await makeNotesKey()]
      const key = await openNotesKey(stored)
      const iv = new Uint8Array(12)
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode('a note'))
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await openNotesKey(stored), sealed)
      show(new TextDecoder().decode(plain))`
    await device.run(example('client/README.md', 'encrypt') + use)
    await expect.poll(device.shown).toBe('a note')
    expect(device.problems).toEqual([])
  })

  test('a page made on the server shows its guest before it asks, and then what has changed', async () => {
    const { origin } = await startApp({}, (app) => {
      app.get('/{*any}', async (req, res) => {
        const json = JSON.stringify(req.guest).replaceAll('<', '\\u003c')
        res.send(`<!doctype html><script type="application/json" id="guest">${json}</script><script type="module">
          const told = []
          const show = (guest) => { told.push(guest?.label ?? null); document.title = JSON.stringify(told) }
          ${example('client/README.md', 'start-value')}
          window.client = client</script>`)
      })
    })
    const { page, problems } = await newDevice(browser)
    await page.goto(origin)
    await expect.poll(() => page.title()).toBe('[null]')
    const label = '</script> & fox'
    await page.evaluate(async (label) => {
      const { client } = window as unknown as { client: GuestClient }
      await client.signInAnonymously()
      await client.rename(label)
    }, label)
    const asked = page.waitForResponse(/userinfo/)
    await page.reload()
    await asked
    await expect.poll(() => page.title()).toBe(JSON.stringify([label]))
    expect(problems).toEqual([])
  })

  test('a page on another origin asks its API with the token', async () => {
    const asked: (string | undefined)[] = []
    const shop = await startSite()
    const { origin } = await startApp(
      { clients: [{ id: 'my-app', origins: [shop.origin] }] },
      (app, guests) => {
        app.use('/notes', (req, res, next) => {
          res.set('Access-Control-Allow-Origin', shop.origin)
          res.set('Access-Control-Allow-Headers', 'Authorization, DPoP')
          if (req.method === 'OPTIONS') res.end()
          else next()
        })
        app.get('/notes', guests.requireGuest(), (req, res) => {
          asked.push(req.guest?.sub)
          res.json([])
        })
      },
    )
    const code = example('client/README.md', 'token-mode')
      .replaceAll('https://auth.example.com', origin)
      .replaceAll('https://api.example.com', origin)
    const { page } = await openPage(shop.origin)
    await page.addScriptTag({
      type: 'module',
      content: `${code}\ndocument.title = (await client.user()).sub`,
    })
    await expect.poll(() => asked.length).toBe(1)
    await expect.poll(() => page.title()).toBe(asked[0])
  })
})
