// The bindings for React, Vue and Svelte: an app of each, built by Vite, rendered by the host, in a browser.

import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import express from 'express'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InitialGuest } from '../../../client/index.ts'
import { startApp } from '../../support/app.ts'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { example } from '../../support/pages.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { type Project, pack, projectOf } from './project.ts'

const root = join(import.meta.dirname, '../../..')

/** Each framework: its project, the folder that has its app, and what checks the types of that. */
const frameworks = [
  { name: 'react-18', app: 'react-19', entry: 'react', check: 'tsc -p .' },
  { name: 'react-19', app: 'react-19', entry: 'react', check: 'tsc -p .' },
  { name: 'vue', app: 'vue', entry: 'vue', check: 'vue-tsc -p .' },
  { name: 'svelte', app: 'svelte', entry: 'svelte', check: 'svelte-check --fail-on-warnings' },
]

/** The examples of the page of the client, which are parts of the apps. */
const examples: Record<string, Record<string, string>> = {
  react: { 'account.jsx': example('client/README.md', 'react') },
  vue: {
    'account.vue': example('client/README.md', 'vue'),
    'main.js': example('client/README.md', 'vue-app'),
  },
  svelte: {
    'account.svelte': example('client/README.md', 'svelte'),
    'layout.svelte': example('client/README.md', 'svelte-layout'),
  },
}

const packed = sharedInFile(pack)

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** The app in a project, built for the page and for the host. Only a development build of React tests StrictMode. */
async function built({ name, app, entry }: (typeof frameworks)[number]): Promise<Project> {
  const project = await projectOf(name, packed(), app)
  for (const [file, code] of Object.entries(examples[entry]!)) project.write(`src/${file}`, code)
  await project.type('NODE_ENV=development npx vite build')
  const source = entry === 'react' ? 'src/server.tsx' : 'src/server.ts'
  await project.type(`NODE_ENV=development npx vite build --ssr ${source} --outDir dist-server`)
  return project
}

type Render = (guest: InitialGuest | null | undefined) => string | Promise<string>

/**
 * A host that renders the app with its guest at `/`, and leaves that to the page elsewhere. With `?forget`, it does not give
 * the page its guest.
 */
async function startShop({ folder }: Project) {
  const server = join(folder, 'dist-server/server.js')
  const { render } = (await import(pathToFileURL(server).href)) as { render: Render }
  const html = readFileSync(join(folder, 'dist/index.html'), 'utf8')
  const prompts = [{ prompt: 'promote', when: { recoverability: ['synced' as const] } }]
  return startApp({ prompts }, (app) => {
    app.use('/assets', express.static(join(folder, 'dist/assets')))
    app.get('/', async (req, res) => {
      const json = JSON.stringify(req.guest).replaceAll('<', '\\u003c')
      const start = `<script type="application/json" id="guest">${json}</script>`
      const page = html.replace('<!--app-->', await render(req.guest))
      res.send('forget' in req.query ? page : page.replace('<!--guest-->', start))
    })
    app.get('/{*any}', (_req, res) => void res.send(html.replace('<!--app-->', '')))
  })
}

/** Runs in the page: notes each text that the account has shown since the page was read, before any script of it ran. */
function noteTexts() {
  const shown: (string | null)[] = []
  const note = () => {
    const now = document.querySelector('#app > *')?.textContent
    if (document.readyState !== 'loading' && now !== undefined && shown.at(-1) !== now) shown.push(now)
  }
  document.addEventListener('readystatechange', note)
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true })
  Object.assign(window, { shown })
}

const shownIn = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
const textOf = (page: Page) => page.textContent('#app > *')

/** The device of a person at the app, and what its pages asked of the service. */
async function visit(origin: string, path: string) {
  const device = await newDevice(browser, { synced: true })
  await device.context.addInitScript(noteTexts)
  const asked: string[] = []
  device.page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/guest/')) asked.push(`${request.method()} ${pathname}`)
  })
  await device.page.goto(origin + path)
  return { ...device, asked }
}

describe.each(frameworks)('$name', (framework) => {
  const { entry, check } = framework
  const shared = sharedInFile(() => built(framework))

  test('compiles with the types of the binding, in strict mode', async () => {
    const wrong = await shared()
      .type(`npx ${check}`)
      .catch(({ stdout, stderr }) => `${stdout}${stderr}`)
    expect(linesOfOurs(wrong)).toEqual([])
  })

  test('has types with which the source of the binding compiles', async () => {
    const { folder, write, type } = shared()
    for (const path of ['client', 'server/types.ts'])
      cpSync(join(root, path), join(folder, 'source', path), { recursive: true })
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
    const options = { ...compilerOptions, types: [], skipLibCheck: true, isolatedDeclarations: true }
    write(
      'source/tsconfig.json',
      JSON.stringify({
        compilerOptions: { ...options, declaration: true },
        files: [`client/bindings/${entry}.ts`],
      }),
    )
    const wrong = await type('npx tsc -p source').catch(({ stdout }) => stdout)
    // What an older TypeScript does not know of browsers is the business of the client.
    expect(wrong.split('\n').filter((line: string) => /client\/bindings|^error/.test(line))).toEqual([])
  })

  test('has a binding that loads in Node, where there is no page: by import and by require', async () => {
    const name = `@guestkey/client/${entry}`
    const names = async (type: string, script: string) =>
      (await shared().run(process.execPath, `--input-type=${type}`, '--eval', script)).trim()
    const print = 'console.log(Object.keys(all).sort().join())'
    const hooks = 'useGuest,useGuestPrompt,usePasskeys'
    const all = entry === 'svelte' ? `provideGuest,${hooks}` : `GuestProvider,${hooks}`
    expect(await names('module', `import * as all from '${name}'; ${print}`)).toBe(all)
    expect(await names('commonjs', `const all = require('${name}'); ${print}`)).toBe(all)
  })

  test('renders the start value on a server, asks nothing there, and lets the process end', async () => {
    const { run } = shared()
    const guest = {
      ...{ sub: 'a', anonymous_id: 'a', recoverability: 'none', label: 'amber-fox-42', collection: 'users' },
      ...{ is_anonymous: true, is_verified: false, isAnonymous: true, isVerified: false, expires_at: null },
    }
    const script = `
      import { render } from './dist-server/server.js'
      let asked = 0
      globalThis.fetch = async () => { asked++; throw new Error('Nobody answers') }
      globalThis.window = {} // some servers have one, and the client then takes them for a browser
      const html = await Promise.all([${JSON.stringify(guest)}, null, undefined].map(render))
      process.on('exit', () => console.log(JSON.stringify({ html, asked })))
      setTimeout(() => process.exit(1), 20_000).unref() // if something is open, the process does not end before`
    const { html, asked } = JSON.parse(
      await run(process.execPath, '--input-type=module', '--eval', script),
    ) as { html: string[]; asked: number }
    expect(asked).toBe(0)
    const texts = html.map((one) =>
      one
        .replaceAll(/<!--.*?-->/g, '')
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    expect(texts).toEqual([
      'You are amber-fox-42. Save with a passkey without passkeys Sign out',
      'Continue as guest without passkeys',
      '… without passkeys',
    ])
  })

  test('has a guest who saves, comes back without a flicker, sees the prompt, and leaves in another tab', async () => {
    const { origin } = await startShop(shared())
    const { page, asked, credentials, openTab, problems } = await visit(origin, '/')
    await expect.poll(() => asked).toEqual(['GET /guest/userinfo'])
    await page.waitForSelector('text=with passkeys')
    expect(await shownIn(page)).toEqual(['Continue as guest'])
    expect(await page.locator('#leave').count()).toBe(0)

    await page.click('text=Continue as guest')
    await expect.poll(() => textOf(page)).toMatch(/^You are \w+-\w+-\d+\. Save with a passkey$/)
    expect(asked.filter((one) => one.endsWith('/sign-in'))).toEqual(['POST /guest/sign-in'])
    await page.click('text=Save with a passkey')
    await expect.poll(async () => (await credentials()).length).toBe(1)
    await expect.poll(() => page.textContent('#later')).toBe('Not now: promote')

    const text = await textOf(page)
    const answer = page.waitForResponse(/userinfo/)
    await page.reload()
    expect((await (await answer).json()).prompts).toEqual(['promote'])
    await page.waitForSelector('#later')
    expect(await shownIn(page)).toEqual([text])
    await page.click('#later')
    await page.waitForSelector('#later', { state: 'detached' })

    const other = await openTab()
    await other.page.goto(`${origin}/elsewhere`)
    await expect.poll(() => textOf(other.page)).toBe(text)
    expect(await shownIn(other.page)).toEqual(['…', text])
    await other.page.click('#leave')
    await expect.poll(() => textOf(page)).toBe('Continue as guest')
    await expect.poll(() => page.locator('#leave').count()).toBe(0)

    expect(await clientsIn(page)).toBe(1)
    expect(await clientsIn(other.page)).toBe(1)
    // React 18 takes a listener of an element for an attribute, and says so.
    const isKnown = (one: string) => framework.name === 'react-18' && /onguestkey-signed-in/.test(one)
    expect(problems.filter((one) => !isKnown(one))).toEqual([])
  })

  test.runIf(entry === 'react')('is a client module for server components', () => {
    const { read } = shared()
    const { exports } = JSON.parse(read('node_modules/@guestkey/client/package.json'))
    const source = read(join('node_modules/@guestkey/client', exports['./react'].default))
    expect(source).toMatch(/^["']use client["']/)
  })

  test('flickers without its start value, so this is noticed here', async () => {
    const { origin } = await startShop(shared())
    const { page } = await visit(origin, '/?forget')
    await page.waitForResponse(/userinfo/)
    await expect.poll(() => shownIn(page)).toEqual(['Continue as guest', '…', 'Continue as guest'])
  })

  test('has an element, whose event it hears', async () => {
    const { origin } = await startShop(shared())
    const { page, problems } = await visit(origin, '/elements')
    const button = page.locator('guestkey-button')
    await button.getByRole('button', { name: 'Continue as guest' }).click()
    await button.locator('.chip').waitFor()
    const label = await button.locator('.chip .guest').innerText()
    // React 18 knows no events of elements.
    if (framework.name !== 'react-18') await expect.poll(() => page.title()).toBe(label)
    expect(await button.getAttribute('variant')).toBe('secondary')
    expect(problems).toEqual([])
  })

  test('is used as the page of the client says', async () => {
    const { origin } = await startShop(shared())
    const { page, credentials, problems } = await visit(origin, '/readme')
    await page.click('text=Continue as guest')
    await page.click('text=Save with a passkey')
    await expect.poll(async () => (await credentials()).length).toBe(1)
    expect(await textOf(page)).toMatch(/^You are \w+-\w+-\d+\. Save with a passkey$/)
    expect(problems).toEqual([])
  })
})

/** How many clients the page has made: the apps note when the options are read. */
const clientsIn = (page: Page) => page.evaluate(() => performance.getEntriesByName('client').length)

/** What a compiler says of the app and of our package. What it says of other packages is not ours. */
const linesOfOurs = (said: string) =>
  said.split('\n').filter((line) => /\b(src|node_modules\/@guestkey)\/|^error|^Error/.test(line))
