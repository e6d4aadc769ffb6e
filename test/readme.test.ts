// The README: its app, its page and its commands work as they stand there.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser, newDevice } from './support/browser.ts'
import { newProject } from './support/examples.ts'
import { freePort } from './support/free-port.ts'
import { example, readPage } from './support/pages.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`the app ended with ${child.exitCode}`)
}

test('the README has at most 12,288 bytes', () => {
  expect(Buffer.byteLength(readPage('README.md'))).toBeLessThanOrEqual(12_288)
})

test('the commands of the README are those of package.json and of CI', () => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const command of [example('README.md', 'try'), example('README.md', 'test')]) {
    const [install, run] = command.trim().split(' && ')
    expect(install).toBe('npm ci')
    expect(scripts).toHaveProperty(/^npm (\w+)$/.exec(run!)![1]!)
  }
  expect(read('.ci/run')).toContain(example('README.md', 'test').replace(' && ', '\n'))
})

/** Starts the app of the README with this page, in a folder as npm init makes it, and opens it in a browser. */
async function openApp(html: string) {
  const folder = newProject('express')
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  await promisify(execFile)('npm', ['init', '-y'], { cwd: folder, env })
  writeFileSync(join(folder, 'app.mjs'), example('README.md', 'app'))
  mkdirSync(join(folder, 'public'))
  writeFileSync(join(folder, 'public/index.html'), html)
  const child = spawn('sh', ['-c', `exec ${example('README.md', 'start')}`], {
    cwd: folder,
    env: { ...env, PORT: String(port), NODE_ENV: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  await answers(origin, child)
  await expect.poll(() => said).toBe(`Open ${origin}\n`)
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const device = await newDevice(browser, { synced: true })
  await device.page.goto(origin)
  return { origin, ...device }
}

test('the app and the page of the README run as they are, in a folder as npm init makes it', async () => {
  const { origin, page, credentials, problems } = await openApp(example('README.md', 'page'))
  expect((await fetch(`${origin}/hello`)).status).toBe(401)
  const shown = () => page.textContent('#said')
  await expect.poll(shown).toBe('Nobody is signed in.')
  await page.click('text=Continue as guest')
  await expect.poll(shown).toMatch(/^Hello, \w+-\w+-\d+$/)
  const hello = await shown()
  await page.click('text=Sign out')
  await expect.poll(shown).toBe('There would be no way back into this account.')
  await page.click('text=Save with a passkey')
  await expect.poll(shown).toBe(hello)
  const [passkey] = await credentials()
  expect(hello).toBe(`Hello, ${passkey!.userName}`)
  await page.click('text=Sign out')
  await expect.poll(shown).toBe('Nobody is signed in.')
  await page.click('text=I have a passkey')
  await expect.poll(shown).toBe(hello)
  expect((await credentials())[0]!.signCount).toBeGreaterThan(passkey!.signCount)
  expect(problems).toEqual([])
})

test('the page of two lines does the same in that app', async () => {
  const { origin, page, credentials, problems } = await openApp(example('README.md', 'element'))
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  const name = await page.locator('.chip .guest').innerText()
  await page.locator('.chip').click()
  await page.getByRole('button', { name: 'Save with a passkey' }).click()
  await page.getByText('1 way back').waitFor()
  expect((await credentials())[0]!.userName).toBe(name)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Continue with your passkey' }).click()
  expect(await page.locator('.chip .guest').innerText()).toBe(name)
  expect(await page.evaluate(async () => (await fetch('/hello')).text())).toBe(`Hello, ${name}`)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(problems).toEqual([])
})
