import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFolder } from '../../../client/build/files.ts'
import { temporaryFolder } from '../../support/engine.ts'

test('the build writes what has changed, leaves the rest alone, and removes what is no longer built', () => {
  const folder = join(temporaryFolder(), 'dist')
  writeFolder(folder, { 'same.js': '1', 'parts/changed.js': '2', 'parts/gone.js': '3' })
  const longAgo = new Date('2001-01-01')
  for (const file of ['same.js', 'parts/changed.js']) utimesSync(join(folder, file), longAgo, longAgo)
  mkdirSync(join(folder, 'older'))
  writeFileSync(join(folder, 'older/part.js'), '')

  writeFolder(folder, { 'same.js': '1', 'parts/changed.js': '4' })
  expect(statSync(join(folder, 'same.js')).mtime).toEqual(longAgo)
  expect(statSync(join(folder, 'parts/changed.js')).mtime).not.toEqual(longAgo)
  expect(readFileSync(join(folder, 'parts/changed.js'), 'utf8')).toBe('4')
  for (const file of ['parts/gone.js', 'older/part.js']) expect(existsSync(join(folder, file))).toBe(false)
})
