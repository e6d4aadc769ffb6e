// Records an older version from a folder with its sources and its packages:
// `npx node test/recordings/older/record.ts 0.3.0 /path/to/0.3.0` writes the folder test/recordings/older/0.3.0.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CodeMessage, Merge, Options } from '../../../server/index.ts'
import { startPostgres } from '../../support/postgres.ts'
import { profile, RECEIVERS, startNode, startReceivers } from '../deployment.ts'
import { dumpPostgres, dumpSqlite } from '../dump.ts'
import { AT } from '../story.ts'
import { has, optionsOf, type Version } from './options.ts'
import { type OlderStory, playOlderStory } from './story.ts'

/** The recording of one engine, beside its database. */
export type OlderRecording = OlderStory & { at: number }

const [version, folder] = process.argv.slice(2) as [Version, string]
if (!folder) throw new Error('npx node test/recordings/older/record.ts <version> <folder with that version>')
const { guestkey } = await import(resolve(folder, 'server/index.ts'))

async function record(store: string) {
  const receivers = await startReceivers()
  const clock = { now: AT }
  const codes = new Map<string, string>()
  const host = { refuses: false }
  const merges: OlderStory['merges'] = []
  const hooks = {
    ...(has(version, '0.3.0') && {
      profile,
      onMerge({ ticket, from, into }: Merge) {
        if (host.refuses) throw new Error('not now')
        merges.push({ ticket, from: from.anonymous_id, into: into.anonymous_id })
      },
    }),
    ...(has(version, '0.4.0') && { send: ({ value, code }: CodeMessage) => void codes.set(value, code) }),
  }
  const start = (before = false) =>
    startNode(
      optionsOf(version, receivers.url, before) as Partial<Options>,
      store,
      { now: () => clock.now },
      (options) => guestkey({ ...options, ...hooks }),
    )
  const story = await playOlderStory({ version, start, clock, codes, merges, host })
  await receivers.close()
  const recording: OlderRecording = { at: AT, ...story }
  return { recording, inPlace: (text: string) => text.replaceAll(receivers.url, RECEIVERS) }
}

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

const target = join(import.meta.dirname, version)
mkdirSync(target) // throws if the version was recorded before
const write = (file: string, text: string) => writeFileSync(join(target, file), text)
write('options.json', `${JSON.stringify(optionsOf(version), null, 1)}\n`)
const scratch = mkdtempSync(join(tmpdir(), 'guestkey-recording-'))
try {
  const file = join(scratch, 'guestkey.db')
  const onSqlite = await record(file)
  write('sqlite.sql', onSqlite.inPlace(dumpSqlite(file)))
  write('sqlite.json', onSqlite.inPlace(lines(onSqlite.recording)))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
if (has(version, '0.2.0')) {
  const server = await startPostgres()
  try {
    const onPostgres = await record(server.url)
    write('postgres.sql', onPostgres.inPlace(await dumpPostgres(server.url)))
    write('postgres.json', onPostgres.inPlace(lines(onPostgres.recording)))
  } finally {
    await server.stop()
  }
}
process.exit()
