// Who may read a file, apart from the account that it belongs to.

import { statSync } from 'node:fs'
import { type Finding, problem, warning } from './finding.ts'

/** What is wrong with its mode; nothing where only its owner may read it, or there are no such modes. */
export function checkMode(what: string, file: string): Finding | undefined {
  if (process.platform === 'win32') return undefined
  const mode = statSync(file).mode & 0o777
  const say = `${what}: ${file} has mode 0${mode.toString(8)}`
  if (mode & 0o007)
    return problem(`${say}, so that everybody on this machine gets at it; run chmod 600 ${file}`)
  if (mode & 0o070)
    return warning(`${say}, so that its group gets at it; unless that is meant: chmod 600 ${file}`)
  return undefined
}
