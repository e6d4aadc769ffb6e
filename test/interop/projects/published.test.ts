// What is published: judged by publint and arethetypeswrong, packed from a clean clone, and published in a registry of the test.

import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine.ts'
import { sharedInFile, whenOver } from '../../support/when-over.ts'
import { emptyProject, env, pack, projectOf } from './project.ts'

const root = join(import.meta.dirname, '../../..')
const packed = sharedInFile(pack)
const tools = sharedInFile(() => projectOf('tools'))

describe.each([
  ['guestkey', 0, 'package.json', []],
  // A front end has any Node.
  ['@guestkey/client', 1, 'client/package.json', ['The package does not specify the "engines.node" field.']],
])('in %s', (_name, i, manifest, wanted) => {
  test('publint finds nothing that is not meant so', async () => {
    const coloured = await tools().run('node_modules/.bin/publint', 'run', packed()[i]!, '--strict')
    const said = stripVTControlCharacters(coloured) // with CI, it colours what no terminal shows
    const found = [...said.matchAll(/^\d+\. (.*?\.)(?: |$)/gm)].map(([, message]) => message)
    expect(said).toMatch(/^(All good!|Suggestions:)$/m)
    expect(found).toEqual(wanted)
  })

  test('arethetypeswrong finds nothing, for every way to resolve modules', async () => {
    const said = JSON.parse(await tools().run('node_modules/.bin/attw', packed()[i]!, '--format', 'json'))
    const { exports } = JSON.parse(readFileSync(join(root, manifest), 'utf8'))
    expect(said.analysis.problems).toEqual([])
    expect(Object.keys(said.analysis.entrypoints)).toEqual(Object.keys(exports))
  })
})

test('npm pack builds first, so that a clean clone gives the same files of both packages', () => {
  const clone = temporaryFolder()
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  for (const file of tracked.filter((name) => name && existsSync(join(root, name))))
    cpSync(join(root, file), join(clone, file))
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const filesOf = (folder: string, ...flags: string[]) => {
    const args = ['pack', '--workspaces', '--include-workspace-root', '--dry-run', '--json', ...flags]
    const said = execFileSync('npm', args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const both = JSON.parse(said.slice(said.indexOf('[\n'))) as { name: string; files: { path: string }[] }[]
    return both.map(({ name, files }) => [name, ...files.map(({ path }) => path)])
  }
  expect(existsSync(join(clone, 'dist'))).toBe(false)
  expect(existsSync(join(clone, 'client/dist'))).toBe(false)
  expect(filesOf(clone)).toEqual(filesOf(root, '--ignore-scripts'))
})

/** What npm sends when it publishes: the package, and its tarball in base64. */
type Published = {
  name: string
  access: string
  versions: Record<string, { dependencies?: Record<string, string> }>
  _attachments: Record<string, { data: string }>
}

/** A registry that takes what is published and gives it to whoever installs it. All else is in the registry of npm. */
async function startRegistry(npm: string): Promise<{ url: string; published: Published[] }> {
  const published: Published[] = []
  const server = createServer(async (req, res) => {
    const path = decodeURIComponent(req.url!.slice(1))
    if (req.method === 'PUT') {
      published.push((await json(req)) as Published)
      return res.writeHead(201).end('{}')
    }
    const [name, file] = path.split('/-/')
    const found = published.find((one) => one.name === name)
    if (found && !file) return res.end(JSON.stringify(found))
    if (found) return res.end(Buffer.from(Object.values(found._attachments)[0]!.data, 'base64'))
    if (/^(@guestkey\/|guestkey$)/.test(name!)) return res.writeHead(404).end('{}')
    res.writeHead(302, { location: npm + req.url!.slice(1) }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, published }
}

test('npm run release publishes the client, then guestkey, and npm installs either by its name', async () => {
  const npm = execFileSync('npm', ['config', 'get', 'registry'], { env, encoding: 'utf8' }).trim()
  const { url, published } = await startRegistry(npm)
  const config = join(temporaryFolder(), 'npmrc')
  writeFileSync(config, `registry=${url}\n${url.replace('http:', '')}:_authToken=of-a-test\n`)
  const own = { ...env, npm_config_userconfig: config }
  // Built already: other tests read these files.
  await promisify(execFile)('npm', ['run', 'release', '--ignore-scripts'], { cwd: root, env: own })
  expect(published.map(({ name }) => name)).toEqual(['@guestkey/client', 'guestkey'])
  const [client, guestkey] = published
  expect(client!.access).toBe('public') // a name with a scope is private otherwise, and needs an account that is paid for
  const [version] = Object.keys(client!.versions)
  expect(guestkey!.versions[version!]!.dependencies!['@guestkey/client']).toBe(version)

  const install = async (name: string, folder: string) =>
    (
      await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', name], {
        cwd: folder,
        env: own,
      })
    ).stdout
  const page = emptyProject()
  expect(await install('@guestkey/client', page.folder)).toContain('added 1 package in')
  const app = emptyProject()
  await install('guestkey', app.folder)
  app.write(
    'app.mjs',
    `import { createGuestClient } from 'guestkey/client'\nconsole.log(typeof createGuestClient)`,
  )
  expect(await app.run(process.execPath, 'app.mjs')).toBe('function\n')
})
