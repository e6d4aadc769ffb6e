// An app with guestkey is installed where there is no Python and no compiler, as in slim images, by the container file of
// the papers. better-sqlite3 brings its binaries, but npm 10 and 11 build it all the same when they read a lock file.

import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Browser } from '../../support/app.ts'
import { SoftwareAuthenticator } from '../../support/authenticator.ts'
import { freePort } from '../../support/free-port.ts'
import { saidByNpm } from '../../support/packed.ts'
import { example } from '../../support/pages.ts'
import { findProgram } from '../../support/programs.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { emptyProject, type Project, pack, projectOf } from './project.ts'

const packed = sharedInFile(pack)
const tools = sharedInFile(() => projectOf('tools'))
const container = example('server/embedding.md', 'container')

/** An app with a lock file, as its developer makes it. */
const made = sharedInFile(async () => {
  const app = emptyProject()
  await app.type(
    `npm init -y && npm install --package-lock-only --no-audit --no-fund ${packed().join(' ')} express`,
  )
  return app
})

/** What the container file copies: the app and its lock file, without what is installed. */
function newApp(): Project {
  const app = emptyProject()
  for (const name of ['package.json', 'package-lock.json']) app.write(name, made().read(name))
  app.write('app.mjs', example('README.md', 'app'))
  return app
}

/** A PATH with Node, this npm, a shell and what the container file calls, and nothing else. */
function barePath(npm: string): string {
  const folder = join(emptyProject().folder, 'bin')
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'node'))
  for (const name of ['sh', 'mkdir', 'chown']) symlinkSync(findProgram(name)!, join(folder, name))
  const cli = join(tools().folder, 'node_modules', npm, 'bin/npm-cli.js')
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\nexec node '${cli}' "$@"\n`)
  chmodSync(join(folder, 'npm'), 0o755)
  return folder
}

describe.each(['npm-10', 'npm-11'])('%s without Python and a compiler', (npm) => {
  test('installs the browser client alone, and warns of nothing', async () => {
    const [project, PATH] = [emptyProject(), barePath(npm)]
    project.write('package.json', '{ "private": true }')
    const [, client] = packed()
    const printed = await project.type(`PATH=${PATH}; npm install --no-audit --no-fund ${client} 2>&1`)
    expect(saidByNpm(printed)).toMatch(/^added 1 package in \S+$/)
    expect(
      readdirSync(join(project.folder, 'node_modules')).filter((name) => name !== '.package-lock.json'),
    ).toEqual(['@guestkey'])
  })

  test('does not install an app with guestkey from its lock file by npm ci alone', async () => {
    const [app, PATH] = [newApp(), barePath(npm)]
    await expect(app.type(`PATH=${PATH}; npm ci --omit=dev`)).rejects.toThrow(/find Python/)
  })

  test('installs it by the container file of the papers, and the app runs', async () => {
    const [app, PATH] = [newApp(), barePath(npm)]
    const commands = [...container.matchAll(/^RUN (.*)$/gm)].map(([, command]) => command!)
    for (const command of commands) {
      await app.type(`PATH=${PATH}; ${command.replace('chown node', `chown ${process.getuid!()}`)}`)
    }
    const [, start] = /^CMD (.*)$/m.exec(container)!
    const [program, ...args] = JSON.parse(start!) as string[]
    const port = await freePort()
    const url = `http://localhost:${port}`
    await app.serve(url, { PATH, PORT: String(port) }, join(PATH, program!), ...args)
    expect((await fetch(`${url}/hello`)).status).toBe(401)
    const browser = new Browser(url as unknown as Server, url)
    await browser.signIn()
    const added = await browser.addPasskey(new SoftwareAuthenticator({ origin: url }))
    expect(added.status).toBe(201)
    expect(readdirSync(join(app.folder, 'guestkey-data'))).toContain('guestkey.db')
  })
})
