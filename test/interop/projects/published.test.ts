// What would be published: judged by publint and arethetypeswrong, and packed from a clean clone.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine.ts'
import { sharedInFile } from '../../support/when-over.ts'
import { env, pack, projectOf } from './project.ts'

const root = join(import.meta.dirname, '../../..')
const packed = sharedInFile(pack)
const tools = sharedInFile(() => projectOf('tools'))

test('publint finds nothing in the package', async () => {
  const { run } = tools()
  expect(await run('node_modules/.bin/publint', 'run', packed(), '--strict')).toContain('All good!')
})

test('arethetypeswrong finds nothing in the package, for every way to resolve modules', async () => {
  const said = JSON.parse(await tools().run('node_modules/.bin/attw', packed(), '--format', 'json'))
  expect(said.analysis.problems).toEqual([])
  expect(Object.keys(said.analysis.entrypoints)).toEqual([
    '.',
    './client',
    './client/small',
    './package.json',
  ])
})

test('npm pack builds first, so that a clean clone gives the same files', () => {
  const clone = temporaryFolder()
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  for (const file of tracked.filter((name) => name && existsSync(join(root, name))))
    cpSync(join(root, file), join(clone, file))
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const filesOf = (folder: string, ...flags: string[]) => {
    const args = ['pack', '--dry-run', '--json', ...flags]
    const said = execFileSync('npm', args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [{ files }] = JSON.parse(said.slice(said.indexOf('[\n')))
    return files.map(({ path }: { path: string }) => path)
  }
  expect(existsSync(join(clone, 'dist'))).toBe(false)
  expect(filesOf(clone)).toEqual(filesOf(root, '--ignore-scripts'))
})
