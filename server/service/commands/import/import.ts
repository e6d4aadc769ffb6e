// `guestkey import`: imports the guests and users of another system, who keep their ids.

import { statSync } from 'node:fs'
import type { ImportedGuest } from '../../../core/account/imports.ts'
import type { GuestKey } from '../../../host-api.ts'
import { escaped } from '../../../readable.ts'
import { type Command, complain, misuse, say } from '../command.ts'
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

Imports the guests and users of another system. Each keeps its id as \`sub\`, so what your app stores under that id
stays theirs. The file has one JSON object for each user, one on each line or all in one list. Without --format, the
command recognises the format:

  firebase   firebase auth:export users.json
  supabase   psql "$SUPABASE_URL" -Atc "SELECT row_to_json(u) FROM (SELECT id, email, phone, email_confirmed_at,
             phone_confirmed_at, is_anonymous, created_at, last_sign_in_at, banned_until, deleted_at
             FROM auth.users) u" > users.jsonl
  rownd      the responses of GET https://api.rownd.io/applications/{app}/users/data
  guestkey   { "sub", "label", "collection", "created_at", "last_seen_at", "email", "email_verified",
             "phone", "phone_verified", "profile" }: only sub is required; times are Unix seconds

E-mail addresses and phone numbers that the other system verified become login IDs: the user signs in with a code that
guestkey sends there, and counts as a regular user. The import takes the attributes in "profile" that your deployment
declares (profile in GUESTKEY_OPTIONS). It does not take unverified addresses and numbers, names, pictures or
passwords. It leaves out users who are disabled or deleted in the other system, and reports them.

The import cannot take passkeys and sessions of another system. A guest without a login ID comes back with something
that your app still has from the other system, such as its token. Check it in a route of your app, and then call

  await guests.signInAs(req, res, anonymousId)

The guest is then signed in and can add a passkey. Until then, the guest expires like any guest without a passkey
(retention.none, counted from the import).

The store must exist: start the service on it once. Use the same GUESTKEY_SECRET as the service.
You can stop the import at any moment and run it again: it leaves alone the guests who exist already. If something
cannot be imported, the command reports its line, imports the rest, and exits with 1. --dry-run only reports.

  DATABASE_URL=postgres://… guestkey import users.json --dry-run

If your app embeds guestkey, call guests.import() there: this command does not know your collections and profile.`,

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
    complain('Stopped. Run the same command again to continue where it stopped.'),
  )
  const progress = createProgress(dryRun ? 'looking' : 'importing', size)
  let read = 0
  let unread = 0
  /** The line numbers of the users that guests.import() has taken and not yet reported. */
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
        for (const problem of problems) complainOf(line, problem)
      },
    })
    progress(size)
    const { imported, promoted, known, refused, with_problems } = summary
    const count = (n: number, text: string) => say(`  ${formatCount(n).padStart(12)}  ${text}`)
    say(dryRun ? 'Now would be' : 'Now were')
    count(imported, `imported, of whom ${formatCount(promoted)} can sign in with a code`)
    count(known, 'there already, and left alone')
    count(refused + unread, 'not imported: see above')
    count(with_problems - refused, 'with something that was not imported: see above')
    return with_problems + unread > 0 ? 1 : 0
  } finally {
    proceed()
  }
}

/** Says what is wrong with a line of the file, on one line, whatever the file holds. */
const complainOf = (line: number, problem: string | undefined): void =>
  complain(`line ${line}: ${escaped(String(problem))}.`)

/** The guest to import; undefined if there is none, after printing why. */
function readUser(
  read: ((user: Record<string, unknown>) => ImportedGuest) | undefined,
  { line, value, problem }: Entry,
): ImportedGuest | undefined {
  try {
    if (value && read) return read(value)
    complainOf(line, problem)
  } catch (error) {
    complainOf(line, (error as Error).message)
  }
  return undefined
}

function refuseUnknown(file: string, { line }: Entry): never {
  throw new Error(
    `The format of ${file} cannot be recognised from the user on line ${line}. Name it with --format: ` +
      `${Object.keys(formats).join(', ')}.`,
  )
}
