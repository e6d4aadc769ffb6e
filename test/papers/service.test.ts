// server/service/README.md and its commands: the tables have each variable and command, and the examples work.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createServer } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readEnvironment } from '../../server/service/environment.ts'
import { guestkey } from '../support/command.ts'
import { temporaryFolder } from '../support/engine.ts'
import { newProject } from '../support/examples.ts'
import { freePort } from '../support/free-port.ts'
import { example, readPage, rowsIn, section } from '../support/pages.ts'
import { startService } from '../support/service.ts'

const page = 'server/service/README.md'
const commands = 'server/service/commands/README.md'

/** The variables that the service knows beside those of Node and of other programs, from its refusal of another one. */
function variables(): string[] {
  try {
    readEnvironment({ GUESTKEY_NONE: '1' })
  } catch (error) {
    return (error as Error).message.match(/GUESTKEY_\w+/g)!.filter((name) => name !== 'GUESTKEY_NONE')
  }
  throw new Error('GUESTKEY_NONE was not refused')
}

/** Each command, and what `guestkey help` says that it does. */
const overview = async (): Promise<string[][]> =>
  [...(await guestkey(['help'])).out.matchAll(/^ {2}([a-z-]+) +([A-Z].*)$/gm)].map(([, name, does]) => [
    name!,
    does!,
  ])

describe('the page of the service', () => {
  test('has each variable, and no other', () => {
    const named = rowsIn(section(page, 'Variables')).map(([name]) => name!.replaceAll('`', ''))
    const others = ['NODE_ENV', 'PORT', 'HOST', 'DATABASE_URL', 'NODE_COMPILE_CACHE']
    expect(named.toSorted()).toEqual([...variables(), ...others].toSorted())
  })

  test('has each command, with what its help says', async () => {
    const named = rowsIn(section(page, 'Commands')).map(([name, does]) => [/`(.+)`/.exec(name!)![1], does])
    expect(named).toEqual(await overview())
  })

  test('is followed by a page with each header of forward-auth', () => {
    const route = readFileSync(join(import.meta.dirname, '../../server/http/routes/verify-routes.ts'), 'utf8')
    const headers = [...route.matchAll(/^ {2}'(X-Guest-[\w-]+)':/gm)].map(([, name]) => name)
    const named = rowsIn(section('server/service/forward-auth.md', 'What the app is told'))
    expect(named.map(([name]) => name!.replaceAll('`', ''))).toEqual(headers)
  })

  // To write the page anew: npx vitest run --project sqlite test/papers/service.test.ts -u
  test('is followed by a page with the whole help of each command', async () => {
    const [before] = readPage(commands).split(/^- /m)
    const names = (await overview()).map(([name]) => name!)
    const list = names.map((name) => `- [${name}](#${name})\n`)
    const helps: string[] = []
    for (const name of names)
      helps.push(`\n## ${name}\n\n\`\`\`text\n${(await guestkey(['help', name])).out}\`\`\`\n`)
    const text = [before, ...list, ...helps].join('')
    await expect(text).toMatchFileSnapshot(`../../${commands}`)
  })
})

/** Runs the lines in a shell, as in a project in which guestkey is installed. Ends with the test. */
function runShell(folder: string, lines: string, env: Record<string, string> = {}) {
  const child = spawn('sh', ['-ec', lines], {
    cwd: folder,
    env: { PATH: `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const said = { out: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  const gone = once(child, 'exit')
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
    await gone
  })
  return said
}

describe('the examples of the service', () => {
  test('check the settings and start it for production', async () => {
    const folder = newProject()
    const PORT = String(await freePort())
    const said = runShell(folder, example('server/service/README.md', 'start'), { PORT })
    await expect.poll(() => said.out).toContain('guestkey is at https://guests.example.com\n')
    expect(said.out).toContain('variables: valid, for browsers at https://guests.example.com')
    expect((await fetch(`http://localhost:${PORT}/readyz`)).status).toBe(200)
    expect(readFileSync(join(folder, 'guestkey-secret.txt'), 'utf8').trim()).toHaveLength(44)
  })

  test('check an empty folder, and find no problem', async () => {
    const folder = newProject()
    const lines = example('server/service/commands/README.md', 'check')
    const env = { PATH: process.env.PATH, HOME: folder }
    const { stdout } = await promisify(execFile)('sh', ['-ec', lines], { cwd: folder, env })
    expect(stdout).toContain('ok')
    expect(stdout).not.toMatch(/^problem/m)
  })

  test('take changes behind Vite, which are refused if only the port of the service is an origin', async () => {
    const port = await freePort()
    const from = `http://localhost:${port}`
    const start = example('server/service/README.md', 'vite-start')
    expect(start).toBe('GUESTKEY_ORIGIN=http://localhost:5173 npx guestkey\n')
    const told = await startService({ GUESTKEY_ORIGIN: from })
    const untold = await startService()
    const signIn = async (service: string) => {
      const root = temporaryFolder()
      const config = example('server/service/README.md', 'vite')
        .replace('5173', String(port))
        .replaceAll('http://localhost:3000', service)
      writeFileSync(join(root, 'vite.config.mjs'), config)
      const vite = await createServer({ root, configFile: join(root, 'vite.config.mjs'), logLevel: 'silent' })
      try {
        await vite.listen()
        const headers = { 'Content-Type': 'application/json', Origin: from, 'Sec-Fetch-Site': 'same-origin' }
        return await (await fetch(`${from}/guest/sign-in`, { method: 'POST', headers })).json()
      } finally {
        await vite.close()
      }
    }
    expect(await signIn(told.url)).toMatchObject({ isAnonymous: true })
    expect(await signIn(untold.url)).toMatchObject({ status: 403, code: 'cross_site_request' })
  })
})
