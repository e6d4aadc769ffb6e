import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from './support/browser.ts'
import { temporaryFolder } from './support/engine.ts'
import { freePort } from './support/free-port.ts'

const root = join(import.meta.dirname, '..')

/** The first fenced block in this language. */
function block(language: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(readme)![1]!
}

/** A folder in which `guestkey` and `express` are installed. */
function newProject(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/guestkey'))
  symlinkSync(join(root, 'node_modules/express'), join(folder, 'node_modules/express'))
  return folder
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`the app ended with ${child.exitCode}`)
}

test('the app and the page of the README run as they are', async () => {
  const folder = newProject()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  writeFileSync(join(folder, 'app.mjs'), block('js'))
  // The host serves the page itself, so this adds a route for it before it listens.
  const app = readFileSync(join(folder, 'app.mjs'), 'utf8')
  const page = JSON.stringify(`<!doctype html><title>Page</title>${block('html')}`)
  const withPage = app.replace('app.listen', `app.get('/', (req, res) => res.send(${page}))\napp.listen`)
  expect(withPage).not.toBe(app)
  writeFileSync(join(folder, 'app.mjs'), withPage)
  const child = spawn(process.execPath, ['app.mjs'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), NODE_ENV: '' },
    stdio: 'inherit',
  })
  onTestFinished(() => void child.kill())
  await answers(origin, child)

  expect((await fetch(`${origin}/hello`)).status).toBe(401)
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const device = await newDevice(browser, { synced: true })
  await device.page.goto(origin)
  const hello = () => device.page.evaluate(async () => (await fetch('/hello')).text())
  await expect.poll(async () => (await device.credentials()).length, { timeout: 20_000 }).toBe(1)
  const [passkey] = await device.credentials()
  await expect.poll(hello, { timeout: 20_000 }).toBe(`Hello, ${passkey!.userName}`)
  await expect
    .poll(async () => (await device.credentials())[0]!.signCount, { timeout: 20_000 })
    .toBeGreaterThan(passkey!.signCount)
  expect(device.problems).toEqual([])
})
