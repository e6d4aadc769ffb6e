// The files that the service and its commands make: nobody else on the machine may read them, and git leaves them alone.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolveOptions } from '../../../server/options/options.ts'
import { guestkey } from '../../support/command.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { findProgram } from '../../support/programs.ts'
import { startService } from '../../support/service.ts'

const origin = 'https://example.com'

/** Every file and folder below this one that somebody besides its owner may use. */
const exposedIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(folder, name)).mode & 0o077,
  )

test('the service, its demo, a backup and a restore make only files for their owner', async () => {
  const folder = temporaryFolder()
  const data = join(folder, 'guestkey-data')
  const environment = { GUESTKEY_DATA: data }
  const service = await startService(environment)
  const browser = service.browser()
  await browser.signIn()
  expect((await browser.post('/notes', { text: 'a note' })).status).toBe(201)
  expect(statSync(data).mode & 0o777).toBe(0o700)
  expect(exposedIn(folder)).toEqual([])
  const backup = join(data, 'backup.db')
  expect(await guestkey(['backup', backup], environment)).toMatchObject({ err: '', code: 0 })
  await service.stop()
  expect(await guestkey(['restore', backup], environment)).toMatchObject({ err: '', code: 0 })
  const names = readdirSync(data)
  for (const name of ['.gitignore', 'secret', 'guestkey.db', 'notes.db', 'backup.db'])
    expect(names).toContain(name)
  expect(exposedIn(folder)).toEqual([])
})

test.skipIf(!findProgram('git'))(
  'git adds nothing of the folder, made by us or there before by its name',
  () => {
    for (const [name, before] of [
      ['guestkey-data', false],
      ['guestkey-data', true],
      ['guests', false],
    ] as const) {
      const folder = temporaryFolder()
      if (before) mkdirSync(join(folder, name))
      resolveOptions({ origin, store: join(folder, name, 'guestkey.db') })
      expect(existsSync(join(folder, name, 'secret'))).toBe(true)
      const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
      git('init', '--quiet')
      expect(git('add', '--all', '--verbose'), name).toBe('')
    }
  },
)

test('a folder of the host gets no .gitignore, and one that is there stays', () => {
  const folder = temporaryFolder()
  resolveOptions({ origin, store: join(folder, 'guestkey.db') })
  expect(readdirSync(folder)).toEqual(['secret'])
  const ours = join(folder, 'guestkey-data')
  mkdirSync(ours)
  writeFileSync(join(ours, '.gitignore'), 'secret\n')
  resolveOptions({ origin, store: join(ours, 'guestkey.db') })
  expect(readFileSync(join(ours, '.gitignore'), 'utf8')).toBe('secret\n')
})
