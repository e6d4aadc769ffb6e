// Somebody embeds guestkey as the papers say, from an empty folder on: their commands and files, with the packed package.

import type { Server } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Browser } from '../../support/app.ts'
import { launchBrowser, newDevice } from '../../support/browser.ts'
import { freePort } from '../../support/free-port.ts'
import { blocksOf, example } from '../../support/pages.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { emptyProject, type Project, pack, projectOf } from './project.ts'

const packed = sharedInFile(pack)

/** The command of the README that installs guestkey, which takes it from the tarballs here. */
function installing(): string {
  const { code } = blocksOf('README.md').find(({ code }) => code.includes('npm install guestkey'))!
  expect(code).toMatch(/^npm init -y && /)
  return code.replace('install guestkey', `install ${packed().join(' ')}`)
}

/** Starts the app of the project, and sees it greet a guest and nobody else. */
async function greets({ serve }: Project, port: number, command: string): Promise<void> {
  const url = `http://localhost:${port}`
  await serve(url, { PORT: String(port) }, 'sh', '-c', command)
  const browser = new Browser(url as unknown as Server, url)
  expect((await browser.get('/hello')).status).toBe(401)
  const { label } = await browser.signIn()
  expect((await browser.get('/hello')).text).toBe(`Hello, ${label}`)
}

/** The app of a page, which names its port. */
const on = (port: number, app: string) => app.replaceAll('3000', String(port))

test('in an ES module', async () => {
  const project = emptyProject()
  await project.type(installing())
  project.write('app.mjs', example('README.md', 'app'))
  await greets(project, await freePort(), example('README.md', 'start'))
})

test('in CommonJS', async () => {
  const project = emptyProject()
  const port = await freePort()
  await project.type(installing())
  project.write('app.js', on(port, example('server/embedding.md', 'commonjs')))
  await greets(project, port, 'node app.js')
})

test('in strict TypeScript, compiled to CommonJS and to an ES module', async () => {
  const project = await projectOf('typescript', packed())
  const manifest = JSON.parse(project.read('package.json'))
  project.write('tsconfig.json', example('server/embedding.md', 'tsconfig'))
  for (const type of ['commonjs', 'module']) {
    project.write('package.json', JSON.stringify({ ...manifest, type }))
    const port = await freePort()
    project.write('app.ts', on(port, example('server/embedding.md', 'typescript')))
    await project.type('node node_modules/typescript/bin/tsc')
    expect(/require\(.guestkey.\)/.test(project.read('dist/app.js'))).toBe(type === 'commonjs')
    await greets(project, port, 'node dist/app.js')
  }
})

test('behind Vite, with the client from npm, in a browser', async () => {
  const project = await projectOf('vite', packed())
  const [port, vitePort] = [await freePort(), await freePort()]
  const origin = `http://localhost:${vitePort}`
  const app = example('README.md', 'app').replace(/origin: `[^`]*`/, `origin: '${origin}'`)
  project.write('app.mjs', app)
  const config = on(port, example('server/service/README.md', 'vite')).replace('5173', String(vitePort))
  project.write(
    'vite.config.js',
    config.replace('proxy: {', `proxy: { '/hello': 'http://localhost:${port}',`),
  )
  const page = example('README.md', 'page').replace("'/guest/client.js'", "'guestkey/client'")
  project.write('index.html', page)
  await project.serve(
    `http://localhost:${port}`,
    { PORT: String(port) },
    'sh',
    '-c',
    example('README.md', 'start'),
  )
  await project.serve(origin, {}, 'npx', 'vite')

  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const device = await newDevice(browser, { synced: true })
  await device.page.goto(origin)
  const said = () => device.page.textContent('#said')
  await expect.poll(said).toBe('Nobody is signed in.')
  await device.page.click('#continue')
  await expect.poll(said).toMatch(/^Hello, /)
  const hello = await said()
  await device.page.click('#save')
  await expect.poll(async () => (await device.credentials()).length).toBe(1)
  await device.page.click('#leave')
  await expect.poll(said).toBe('Nobody is signed in.')
  await device.page.click('#back')
  await expect.poll(said).toBe(hello)
  expect(device.problems).toEqual([])

  await project.type('npx vite build')
  expect(project.read(join('dist', 'index.html'))).toMatch(/\/assets\/[\w-]+\.js/)
})
