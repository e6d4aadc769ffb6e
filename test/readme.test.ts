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

test('the app and the page of the README run as they are, in a folder as npm init makes it', async () => {
  const folder = newProject('express')
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  await promisify(execFile)('npm', ['init', '-y'], { cwd: folder, env })
  writeFileSync(join(folder, 'app.mjs'), example('README.md', 'app'))
  mkdirSync(join(folder, 'public'))
  writeFileSync(join(folder, 'public/index.html'), example('README.md', 'page'))
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

  expect((await fetch(`${origin}/hello`)).status).toBe(401)
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const { page, credentials, problems } = await newDevice(browser, { synced: true })
  await page.goto(origin)
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
