// `guestkey migrate`: moves all guests from the SQLite store to PostgreSQL.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { isSchemaName, type PostgresOptions } from '../../../options/options.ts'
import { refuseUnlessKnown, schemaStateOf } from '../../../store/sql/schema-steps.ts'
import { readPostgresOptions } from '../../environment.ts'
import { type Command, complain, misuse, say } from '../command.ts'
import { whenInterrupted } from '../interruption.ts'
import { connect, inWords, type PgClient, withoutPassword } from '../postgres-client.ts'
import { createProgress, formatCount } from '../progress.ts'
import { openForReading, stepsOf } from '../sqlite-reader.ts'
import { insertMissing, type Present, removeStale, type Sum, sumOfSource, sumOfTarget } from './rows.ts'
import { tablesOf } from './source.ts'
import { countTarget, describeTarget, finish, lockTarget, prepareTarget, type TargetTable } from './target.ts'

const AGAIN = 'The rows copied so far stay there. To continue, run the same command again.'

export const migrate: Command = {
  options: { from: { type: 'string' }, to: { type: 'string' }, schema: { type: 'string' } },
  help: `
guestkey migrate --from <SQLite file> [--to <PostgreSQL URL>] [--schema <name>]

Copies every guest, passkey and session from SQLite to an empty PostgreSQL database. Then it compares both sides: the
number of rows and a checksum of every table. It only reads the SQLite file. Without --to, it uses DATABASE_URL, which
keeps the password out of the process list. Connect to the database itself, not through a pooler. --schema is the
service's option postgres.schema, and defaults to it if GUESTKEY_OPTIONS sets it.

  DATABASE_URL=postgres://guestkey:…@db.example.com/guestkey guestkey migrate --from guestkey-data/guestkey.db

You can stop the command at any moment and run it again: it continues where it stopped. To move a large store with
only a short pause:
  1. Run the command while the service runs. It takes long, and ends with "the source was written to meanwhile".
  2. Stop the service and run the command again. It copies only what changed.

Until both sides are the same, the database has a table unfinished_move, and the service does not start on it.

After the move, set DATABASE_URL for the service, keep its secret, and start it. Everybody is still signed in.`,

  async run({ values }) {
    const to = (values.to as string | undefined) ?? process.env.DATABASE_URL
    if (!values.from) throw misuse('Say which file: --from guestkey-data/guestkey.db')
    if (!to) throw misuse('Say where to: --to postgres://user@host/name, or set DATABASE_URL.')
    const from = values.from as string
    const settings = readPostgresOptions(process.env)
    const schema = (values.schema as string | undefined) ?? settings.schema
    if (schema !== undefined && !isSchemaName(schema))
      throw misuse(`--schema ${schema} is no name of a schema.`)
    const source = openForReading(from)
    try {
      refuseOtherSchema(source, from)
      const client = await connect(to, settings.ssl)
      try {
        await lockTarget(client)
        return await move({ source, client, from, to, schema, ssl: settings.ssl })
      } catch (error) {
        throw new Error(`The move is not finished: ${inWords(error)}.`)
      } finally {
        await client.end().catch(() => {})
      }
    } finally {
      source.close()
    }
  },
}

function refuseOtherSchema(source: Database.Database, from: string): void {
  const done = stepsOf(source)
  const state = schemaStateOf(done)
  if (state === 'older') {
    throw new Error(
      `${from} was written by an older guestkey. Start this version on it once, and then move it.`,
    )
  }
  if (state === 'newer')
    throw new Error(`${from} was written by a newer guestkey. Move it with that version.`)
  refuseUnlessKnown(from, done)
}

type Move = {
  source: Database.Database
  client: PgClient
  from: string
  to: string
  schema: string | undefined
  ssl: PostgresOptions['ssl']
}

async function move({ source, client, from, to, schema, ssl }: Move): Promise<number> {
  source.exec('BEGIN') // shows the source at one moment, even if the service writes to it meanwhile
  const tables = tablesOf(source)
  const version = source.pragma('data_version', { simple: true })
  const resumed = await prepareTarget(client, { url: to, schema, ssl }, tables)
  const proceed = whenInterrupted(() => complain(`Stopped. ${AGAIN}`))
  try {
    say(`${resumed ? 'going on with the move' : 'moving'} from ${from} to ${withoutPassword(to)}`)
    const both = []
    for (const table of tables) both.push(await describeTarget(client, table))
    await copyTables(source, client, both, resumed)
    for (const { name } of both) await client.query(`ANALYZE "${name}"`) // else the first requests are slow
    const different = await compare(source, client, both)
    if (different.length > 0) {
      throw new Error(
        `${different.join(', ')} ${different.length > 1 ? 'are' : 'is'} not the same on both sides. ` +
          'Make sure that nothing else writes to the database, and then run the same command again',
      )
    }
    source.exec('COMMIT')
    if (source.pragma('data_version', { simple: true }) !== version) {
      throw new Error(
        'everything was copied, but the source was written to meanwhile. ' +
          'Stop the service that writes to it, and run the same command again: it copies only what changed',
      )
    }
    await finish(client)
  } catch (error) {
    throw isLost(error) ? new Error(`the connection to PostgreSQL was lost. ${AGAIN}`) : error
  } finally {
    proceed()
  }
  say(whatNext(from, to, schema))
  return 0
}

async function copyTables(
  source: Database.Database,
  client: PgClient,
  tables: TargetTable[],
  resumed: boolean,
) {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0)
  const present = new Map<string, Present>()
  if (resumed) {
    const there = await countTarget(client, tables)
    const progress = adding(createProgress('checking what was copied', there, 'rows'))
    // Parents first: a deleted row takes its dependent rows with it, before their own table is checked.
    for (const table of tables) present.set(table.name, await removeStale(source, client, table, progress))
  }
  const progress = adding(createProgress('copying', total, 'rows'))
  for (const table of tables) {
    await insertMissing(source, client, table, present.get(table.name), progress)
  }
}

/** Prints the sums of both sides for every table. Returns the names of the tables that differ. */
async function compare(
  source: Database.Database,
  client: PgClient,
  tables: TargetTable[],
): Promise<string[]> {
  const total = 2 * tables.reduce((sum, { rows }) => sum + rows, 0)
  const progress = adding(createProgress('comparing', total, 'rows'))
  const sums: { name: string; here: Sum; there: Sum }[] = []
  for (const table of tables) {
    const here = await sumOfSource(source, table, progress)
    if (here.rows !== table.rows) throw new Error(`not all rows of ${table.name} could be read`)
    sums.push({ name: table.name, here, there: await sumOfTarget(client, table, progress) })
  }
  const differ = ({ here, there }: (typeof sums)[number]) =>
    here.rows !== there.rows || here.checksum !== there.checksum
  const line = (name: string, { rows, checksum }: Sum) =>
    `  ${name.padEnd(12)}${formatCount(rows).padStart(14)} rows  ${checksum}`
  for (const one of sums) {
    if (differ(one)) say(`${line(one.name, one.here)} in SQLite\n${line('', one.there)} in PostgreSQL`)
    else say(`${line(one.name, one.here)} on both sides`)
  }
  return sums.filter(differ).map(({ name }) => name)
}

/** Turns a progress function that takes the total so far into one that takes the rows since its last call. */
function adding(progress: (done: number) => void): (rows: number) => void {
  let done = 0
  return (rows) => {
    done += rows
    progress(done)
  }
}

const isLost = (error: unknown): boolean =>
  /^(ECONN|EPIPE|57P|08)/.test(String((error as { code?: string }).code)) ||
  /Connection terminated|not queryable/i.test(String(error))

function whatNext(from: string, to: string, schema: string | undefined): string {
  const secret = join(dirname(from), 'secret')
  const keep = existsSync(secret)
    ? `set GUESTKEY_SECRET to the content of ${secret}, unless it is set already`
    : 'keep GUESTKEY_SECRET as it is'
  return `
Everything was moved, and both sides are the same. Next:
  1. Stop the service if it still runs on the file: nothing moves what it writes there from now on.
  2. Set DATABASE_URL for the service: ${withoutPassword(to)}${schema ? `\n     Set the option postgres.schema: GUESTKEY_OPTIONS='{"postgres":{"schema":"${schema}"}}'` : ''}
  3. Keep the secret: ${keep}.
     With another secret, guests who have no passkey, device key, recovery code or login ID are lost.
  4. Run guestkey check with these variables, and then start the service.
The command did not change ${from}. Keep it until the service runs well, and then remove it.`
}
