// `guestkey import`: takes in the guests and users of another system, with the ids that they have there.

import { statSync } from 'node:fs'
import type { ImportedGuest } from '../../../core/account/imports.ts'
import type { GuestKey } from '../../../guestkey.ts'
import { type Command, complain, misuse } from '../command.ts'
import { whenInterrupted } from '../interruption.ts'
import { createProgress, formatCount } from '../progress.ts'
import { withGuests } from '../with-guests.ts'
import { type Entry, readEntries } from './file.ts'
import { formats, recognise } from './formats.ts'

export const importing: Command = {
  options: {
    format: { type: 'string' },
    collection: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  operands: ['file'],
  help: `
guestkey import <file> [--format firebase|supabase|rownd|guestkey] [--collection <name>] [--dry-run]

Takes in the guests and users of another system. Each keeps its id as \`sub\`, so that what an app keeps under it stays
theirs. The file has one JSON object a user, each on a line or all in one list. Without --format it is recognised:

  firebase   firebase auth:export users.json
  supabase   psql "$SUPABASE_URL" -Atc "SELECT row_to_json(u) FROM (SELECT id, email, phone, email_confirmed_at,
             phone_confirmed_at, is_anonymous, created_at, last_sign_in_at, banned_until, deleted_at
             FROM auth.users) u" > users.jsonl
  rownd      the answers of GET https://api.rownd.io/applications/{app}/users/data
  guestkey   { "sub", "label", "collection", "created_at", "last_seen_at", "email", "email_verified",
             "phone", "phone_verified", "profile" }: all but sub may be missing; times are Unix seconds

Addresses and numbers that are verified there become login IDs: such a user signs in with a code that is sent there,
and is a regular user. What is not verified is not taken over, nor are names, pictures, passwords and the like; the
attributes in "profile" are, where the deployment declares them (profile in GUESTKEY_OPTIONS). Users who are disabled
or deleted there are left out, and said so.

Passkeys and sessions of another system cannot be taken along. A guest without a login ID comes back by what the app
still has of the other system, such as its token: the app checks it, in a route of its own, and calls

  await guests.signInAs(req, res, sub)

From then on the guest is signed in here, and can add a passkey. Until that happens it is kept as long as any guest
without a passkey (retention.none, from the import on).

The store must be there: start the service on it once. The secret must be the service's own (GUESTKEY_SECRET).
It may be stopped at any moment and run again: who is there already is left alone. What could not be taken over is
said by line, and makes the exit code 1; everything else is done. --dry-run says all of it and writes nothing.

  DATABASE_URL=postgres://… guestkey import users.json --dry-run

An app that embeds guestkey can call guests.import() instead, for its own collections and profile count there.`,

  run({ values, operands: [file] }) {
    const format = values.format as string | undefined
    if (format !== undefined && !Object.hasOwn(formats, format))
      throw misuse(`There is no format ${format}. There are: ${Object.keys(formats).join(', ')}.`)
    const size = fileBytes(file!)
    const dryRun = values['dry-run'] === true
    return withGuests((guests) =>
      importFile(guests, { file: file!, size, format, dryRun, collection: values.collection as string }),
    )
  },
}

function fileBytes(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats?.isFile()) throw new Error(`There is no file ${file}.`)
  return stats.size
}

type ImportParams = {
  file: string
  size: number
  format: string | undefined
  collection: string | undefined
  dryRun: boolean
}

async function importFile(guests: GuestKey, { file, size, format, collection, dryRun }: ImportParams) {
  const proceed = whenInterrupted(() =>
    complain('Stopped. Run the same command again: it goes on where it was.'),
  )
  const progress = createProgress(dryRun ? 'looking' : 'importing', size)
  let read = 0
  let unread = 0
  /** Of those that are under way. */
  const lines: number[] = []

  async function* users(): AsyncGenerator<ImportedGuest> {
    let reader = format === undefined ? undefined : formats[format]!
    const entries = readEntries(file, (bytes) => {
      read = bytes
    })
    for await (const entry of entries) {
      if (!reader && entry.value) {
        reader = formats[recognise(entry.value) ?? refuseUnknown(file, entry)]!
        say(`${file} looks like an export of ${reader.name}.`)
      }
      const user = readUser(reader?.read, entry)
      if (user) {
        lines.push(entry.line)
        yield user
      } else unread++
      progress(Math.min(read, size - 1))
    }
  }

  try {
    const summary = await guests.import(users(), {
      collection,
      dryRun,
      onResult({ problems }) {
        const line = lines.shift()!
        for (const problem of problems) complain(`line ${line}: ${problem}.`)
      },
    })
    progress(size)
    const { imported, promoted, known, refused, withProblems } = summary
    const count = (n: number, text: string) => say(`  ${formatCount(n).padStart(12)}  ${text}`)
    say(dryRun ? 'Now would be' : 'Now were')
    count(imported, `imported, of whom ${formatCount(promoted)} can sign in by a code`)
    count(known, 'there already, and left alone')
    count(refused + unread, 'not imported: see above')
    count(withProblems - refused, 'with something that was not taken over: see above')
    return withProblems + unread > 0 ? 1 : 0
  } finally {
    proceed()
  }
}

/** What is to be imported; undefined where it was said why nothing is. */
function readUser(
  read: ((user: Record<string, unknown>) => ImportedGuest) | undefined,
  { line, value, problem }: Entry,
): ImportedGuest | undefined {
  try {
    if (value && read) return read(value)
    complain(`line ${line}: ${problem}.`)
  } catch (error) {
    complain(`line ${line}: ${(error as Error).message}.`)
  }
  return undefined
}

function refuseUnknown(file: string, { line }: Entry): never {
  throw new Error(
    `${file} looks like no export that is known, on line ${line}. Say which it is with --format: ` +
      `${Object.keys(formats).join(', ')}.`,
  )
}

const say = (text: string) => void process.stdout.write(`${text}\n`)
