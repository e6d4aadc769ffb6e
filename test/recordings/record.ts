// Records this version: `npx node test/recordings/record.ts 0.6.0` writes the folder test/recordings/0.6.0.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../support/postgres.ts'
import { accountsNow } from './accounts.ts'
import {
  optionsOf,
  PROVIDER,
  RECEIVERS,
  type Received,
  startNode,
  startProvider,
  startReceivers,
} from './deployment.ts'
import { dumpPostgres, dumpSqlite } from './dump.ts'
import { AT, eventNames, nodes, playStory, type Story } from './story.ts'
import { asJson, type Json, samplesOf, surfaceNow } from './surface.ts'

/** The recording of one engine, beside its database. */
export type Recording = Story & {
  at: number
  /** The signed requests to a receiver that was gone. They can be sent again. */
  webhook: Received
  /** The failed webhooks, as the host sees them. */
  failed: Json
}

async function record(store: string) {
  const receivers = await startReceivers()
  const provider = await startProvider()
  const places = { receivers: receivers.url, provider: provider.issuer }
  const story = await playStory({ store, receivers, provider, hangs: true })
  const missing = eventNames.filter((name) => !(name in story.events))
  if (missing.length > 0) throw new Error(`no sample of ${missing.join(', ')}`)
  const now = () => AT
  const open = () => startNode(optionsOf(places), store, { now })
  // Some rows are written only when a guest is seen. The first reading writes them, and the second one records them.
  const first = await open()
  await accountsNow(first, story.accounts)
  await first.close()
  const second = await open()
  const accounts = await accountsNow(second, story.accounts)
  const failed = asJson(await second.guests.webhooks.failed())
  const surface = await surfaceNow(second, samplesOf(story, receivers.received))
  await second.close()
  await Promise.all([receivers.close(), provider.close()])
  const { events: _, ...held } = story
  const recording = {
    ...held,
    at: AT,
    accounts,
    webhook: receivers.received.find(({ path }) => path === '/gone'),
    failed,
  }
  const withoutPlaces = (text: string) =>
    text.replaceAll(places.receivers, RECEIVERS).replaceAll(places.provider, PROVIDER)
  return { recording, surface, withoutPlaces }
}

const [version] = process.argv.slice(2)
if (!version) throw new Error('Which version? npx node test/recordings/record.ts 0.6.0')
const folder = join(import.meta.dirname, version)
mkdirSync(folder) // throws if the version was recorded before
/** JSON with one line for each entry. */
const lines = (value: object) => {
  const parts = Object.entries(value).map(([name, part]) => {
    const each = Array.isArray(part)
      ? `[\n${part.map((one) => JSON.stringify(one)).join(',\n')}\n]`
      : undefined
    return `${JSON.stringify(name)}: ${each ?? JSON.stringify(part)}`
  })
  return `{\n${parts.join(',\n')}\n}\n`
}

const scratch = mkdtempSync(join(tmpdir(), 'guestkey-recording-'))
const server = await startPostgres()
try {
  const file = join(scratch, 'guestkey.db')
  const onSqlite = await record(file)
  writeFileSync(join(folder, 'sqlite.sql'), onSqlite.withoutPlaces(dumpSqlite(file)))
  writeFileSync(join(folder, 'sqlite.json'), onSqlite.withoutPlaces(lines(onSqlite.recording)))
  writeFileSync(join(folder, 'surface.json'), onSqlite.withoutPlaces(lines(onSqlite.surface)))
  const options = Object.entries(nodes).map(([name, others]) => [name, optionsOf({}, others)])
  writeFileSync(join(folder, 'options.json'), lines(Object.fromEntries(options)))
  const onPostgres = await record(server.url)
  writeFileSync(join(folder, 'postgres.sql'), onPostgres.withoutPlaces(await dumpPostgres(server.url)))
  writeFileSync(join(folder, 'postgres.json'), onPostgres.withoutPlaces(lines(onPostgres.recording)))
} finally {
  await server.stop()
  rmSync(scratch, { recursive: true, force: true })
}
