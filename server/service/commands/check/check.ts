// `guestkey check`: checks the variables and the store without changing either.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPostgres, refuseContradiction, resolveOptions } from '../../../options/options.ts'
import type { Environment } from '../../environment.ts'
import { type Command, say } from '../command.ts'
import { readVariables } from '../variables.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkMode } from './mode.ts'

const SECRET_LENGTH = 32

export const check: Command = {
  help: `
guestkey check

Checks the variables and the store. It prints one line for each check: ok, warning (it works, but read this) or
problem, with what to do. The exit code is 1 if there is a problem, else 0. Run it before a start or a deployment,
with the same environment variables as the service.

  NODE_ENV=production GUESTKEY_ORIGIN=https://guests.example.com GUESTKEY_SECRET=… guestkey check

It leaves the store as it is, and does not create one. On SQLite it reads the whole file; a large file takes a while.
To try a write, it makes a small file beside the store and removes it.`,

  async run() {
    let problems = 0
    for await (const { level, text } of findings(process.env)) {
      say(`${level.padEnd(8)} ${text}`)
      problems += Number(level === 'problem')
    }
    return problems > 0 ? 1 : 0
  },
}

async function* findings(env: NodeJS.ProcessEnv): AsyncGenerator<Finding> {
  let environment: Environment
  let config: ReturnType<typeof resolveOptions>
  try {
    environment = readVariables(env)
    // resolveOptions creates a secret and a store file if they are missing. These stand-ins keep it from that.
    config = resolveOptions({
      ...environment.options,
      secret: environment.options.secret ?? '-'.repeat(SECRET_LENGTH),
      origin: environment.origin ?? `http://localhost:${environment.port}`,
      store: 'guestkey.db',
    })
    refuseContradiction(environment.store, config.postgres)
  } catch (error) {
    yield problem(`variables: ${(error as Error).message.replaceAll(/\s*\n\s*/g, ' ')}`)
    return
  }
  const origin = environment.origin ?? `http://localhost:${environment.port}`
  yield ok(`variables: valid, for browsers at ${[origin].flat().join(', ')}`)
  yield checkSecret(env, environment)
  const { checkStore } = isPostgres(environment.store)
    ? await import('./postgres.ts')
    : await import('./sqlite.ts')
  const { sessions, postgres } = config
  const { idleSeconds } = sessions
  yield* checkStore(environment.store, { idleSeconds, schema: postgres.schema, ssl: postgres.ssl })
}

function checkSecret(env: NodeJS.ProcessEnv, { dataFolder, store }: Environment): Finding {
  if (env.GUESTKEY_SECRET) return ok('secret: set by GUESTKEY_SECRET')
  const file = join(dataFolder, 'secret')
  if (!existsSync(file)) return ok(`secret: the first start will create it in ${file}`)
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    return problem(`secret: ${file} cannot be read (${(error as Error).message})`)
  }
  if (secret.length < SECRET_LENGTH) {
    return problem(
      `secret: ${file} is incomplete; restore it from a backup, or remove it and the next start creates another one`,
    )
  }
  const exposed = checkMode('secret', file)
  if (exposed) return exposed
  if (isPostgres(store)) {
    return warning(
      `secret: read from ${file}; a service on another machine needs the same one in GUESTKEY_SECRET`,
    )
  }
  return ok(`secret: read from ${file}`)
}
