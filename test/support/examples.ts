// Runs the examples of the pages as a reader would: as files of a project in which `guestkey` is installed.

import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from './engine.ts'

const root = join(import.meta.dirname, '../..')

/** Makes a folder in which the built `guestkey` and these packages are installed. Needs `npm run build`. */
export function newProject(...packages: string[]): string {
  const folder = temporaryFolder()
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  symlinkSync(root, join(modules, 'guestkey'))
  mkdirSync(join(modules, '.bin'))
  const main = join(root, 'dist/server/main.js') // npm makes it executable when it installs the package
  writeFileSync(join(modules, '.bin/guestkey'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, {
    mode: 0o755,
  })
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  return folder
}

/** Runs this module in the folder, and returns what it printed. Throws what it prints to standard error if it fails. */
export async function runModule(
  folder: string,
  code: string,
  env: Record<string, string> = {},
): Promise<string> {
  const file = join(folder, 'example.mjs')
  writeFileSync(file, code)
  const environment = { PATH: process.env.PATH, ...env }
  return (await promisify(execFile)(process.execPath, [file], { cwd: folder, env: environment })).stdout
}
