// Checks whether anybody but its owner may read a file.

import { statSync } from 'node:fs'
import { type Finding, problem, warning } from './finding.ts'

/** The finding about its mode; undefined if only its owner may read it, and on Windows, which has no such modes. */
export function checkMode(what: string, file: string): Finding | undefined {
  if (process.platform === 'win32') return undefined
  const mode = statSync(file).mode & 0o777
  const say = `${what}: ${file} has mode 0${mode.toString(8)}`
  if (mode & 0o007)
    return problem(`${say}, so every account on this machine can use it; run chmod 600 ${file}`)
  if (mode & 0o070)
    return warning(`${say}, so its group can use it; unless you want that, run chmod 600 ${file}`)
  return undefined
}
