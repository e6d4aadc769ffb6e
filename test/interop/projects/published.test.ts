// What would be published: judged by publint and arethetypeswrong, and packed from a clean clone.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { env, pack, projectOf } from './project.ts'

const root = join(import.meta.dirname, '../../..')
const packed = sharedInFile(pack)
const tools = sharedInFile(() => projectOf('tools'))

describe.each([
  ['guestkey', 0, 'package.json', []],
  // A front end has any Node.
  ['@guestkey/client', 1, 'client/package.json', ['The package does not specify the "engines.node" field.']],
])('in %s', (_name, i, manifest, wanted) => {
  test('publint finds nothing that is not meant so', async () => {
    const said = await tools().run('node_modules/.bin/publint', 'run', packed()[i]!, '--strict')
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
