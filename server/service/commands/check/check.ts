// `guestkey check`: the configuration and the store, looked at without touching either.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPostgres, resolveOptions } from '../../../options/options.ts'
import type { Environment } from '../../environment.ts'
import type { Command } from '../command.ts'
import { readSettings } from '../settings.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkMode } from './mode.ts'

const SECRET_LENGTH = 32

export const check: Command = {
  help: `
guestkey check

Looks at the settings and at the store, and prints a line for each thing that it looked at: ok, warning (it works, but
read this) or problem, with what to do. Exit code 1 if there is a problem, else 0: fit for the step before a start or
a deployment. Give it the environment of the service.

  NODE_ENV=production GUESTKEY_ORIGIN=https://guests.example.com GUESTKEY_SECRET=… guestkey check

It leaves the store as it is: one that is not there is not made. On SQLite the whole file is read; a large one takes a
while. To try a write, a small file is made beside it and removed.`,

  async run() {
    let problems = 0
    for await (const { level, text } of findings(process.env)) {
      process.stdout.write(`${level.padEnd(8)} ${text}\n`)
      problems += Number(level === 'problem')
    }
    return problems > 0 ? 1 : 0
  },
}

async function* findings(env: NodeJS.ProcessEnv): AsyncGenerator<Finding> {
  let settings: Environment
  let idleSeconds: number
  try {
    settings = readSettings(env)
    // What is made while the options are resolved is made of these two, and so not here.
    const config = resolveOptions({
      ...settings.options,
      secret: settings.options.secret ?? '-'.repeat(SECRET_LENGTH),
      origin: settings.origin ?? `http://localhost:${settings.port}`,
      store: 'guestkey.db',
    })
    idleSeconds = config.sessionIdleSeconds
  } catch (error) {
    yield problem(`settings: ${(error as Error).message.replaceAll(/\s*\n\s*/g, ' ')}`)
    return
  }
  const origin = settings.origin ?? `http://localhost:${settings.port}`
  yield ok(`settings: valid, for browsers at ${[origin].flat().join(', ')}`)
  yield checkSecret(env, settings)
  const { checkStore } = isPostgres(settings.store)
    ? await import('./postgres.ts')
    : await import('./sqlite.ts')
  yield* checkStore(settings.store, { idleSeconds })
}

function checkSecret(env: NodeJS.ProcessEnv, { dataFolder, store }: Environment): Finding {
  if (env.GUESTKEY_SECRET) return ok('secret: given by GUESTKEY_SECRET')
  const file = join(dataFolder, 'secret')
  if (!existsSync(file)) return ok(`secret: will be made in ${file} at the first start`)
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    return problem(`secret: ${file} cannot be read (${(error as Error).message})`)
  }
  if (secret.length < SECRET_LENGTH) {
    return problem(
      `secret: ${file} is incomplete; take it from a backup, or remove it to have another one made`,
    )
  }
  const exposed = checkMode('secret', file)
  if (exposed) return exposed
  if (isPostgres(store)) {
    return warning(
      `secret: kept in ${file}; a service on another machine needs the same one in GUESTKEY_SECRET`,
    )
  }
  return ok(`secret: kept in ${file}`)
}
