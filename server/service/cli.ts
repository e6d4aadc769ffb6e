// The command line of guestkey: finds the command, parses its options, and suggests a name for an unknown one.

import { parseArgs } from 'node:util'
import { meantBy } from '../names/unknown.ts'
import { version } from '../version.ts'
import { type Command, complain, misuse } from './commands/command.ts'

/** A command is loaded only when it is called, so the service holds no other command in memory. */
const commands: Record<string, { does: string; load: () => Promise<Command> }> = {
  start: {
    does: 'Runs the service; so does guestkey without a command.',
    load: async () => (await import('./commands/start.ts')).start,
  },
  check: {
    does: 'Checks the variables and the store, and says what is wrong.',
    load: async () => (await import('./commands/check/check.ts')).check,
  },
  backup: {
    does: 'Copies the SQLite store to a file while the service runs.',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    does: 'Puts a backup in the place of the SQLite store, while the service is stopped.',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  vacuum: {
    does: 'Writes the SQLite store anew, without what was deleted.',
    load: async () => (await import('./commands/vacuum.ts')).vacuum,
  },
  migrate: {
    does: 'Moves every guest from SQLite to PostgreSQL.',
    load: async () => (await import('./commands/migrate/migrate.ts')).migrate,
  },
  import: {
    does: 'Imports the guests and users of another system, with their ids.',
    load: async () => (await import('./commands/import/import.ts')).importing,
  },
  disable: {
    does: 'Signs a guest out everywhere, and lets nobody in as this guest.',
    load: async () => (await import('./commands/guests/disable.ts')).disable,
  },
  enable: {
    does: 'Lets a disabled guest in again.',
    load: async () => (await import('./commands/guests/enable.ts')).enable,
  },
  keep: {
    does: 'Keeps one guest, because your app stores something for it.',
    load: async () => (await import('./commands/guests/keep.ts')).keep,
  },
  erase: {
    does: 'Deletes everything about one guest.',
    load: async () => (await import('./commands/guests/erase.ts')).erase,
  },
  'rotate-keys': {
    does: 'Creates a new key that will sign access tokens.',
    load: async () => (await import('./commands/rotate-keys.ts')).rotateKeys,
  },
  settings: {
    does: 'Shows what can be changed while the service runs, or changes it.',
    load: async () => (await import('./commands/switches/settings.ts')).settings,
  },
  operators: {
    does: 'Lists the operators, and adds, invites, changes and removes them.',
    load: async () => (await import('./commands/operators/operators.ts')).operators,
  },
  sweep: {
    does: 'Warns, expires and erases guests who are due, or only counts them.',
    load: async () => (await import('./commands/sweep.ts')).sweep,
  },
  webhooks: {
    does: 'Lists webhooks that could not be delivered, or sends them again.',
    load: async () => (await import('./commands/webhooks.ts')).webhooks,
  },
  audit: {
    does: 'Prints the audit trail.',
    load: async () => (await import('./commands/audit.ts')).audit,
  },
}

/** Runs the command that the arguments name. Returns the exit code. */
async function runCommand([name, ...rest]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') return printed(overview())
  if (name === '--version') return printed(version())
  if (name === 'help') return printed(rest[0] === undefined ? overview() : (await findCommand(rest[0])).help)
  if (name?.startsWith('-')) throw misuse(unknown('option', name, ['--help', '--version']))
  const command = await findCommand(name ?? 'start')
  const { values, operands } = parseArguments(name ?? 'start', command, rest)
  return values.help ? printed(command.help) : command.run({ values, operands })
}

async function findCommand(name: string): Promise<Command> {
  if (!Object.hasOwn(commands, name)) throw misuse(unknown('command', name, Object.keys(commands)))
  return commands[name]!.load()
}

function parseArguments(
  name: string,
  { options = {}, operands = [], mayOmit = false }: Command,
  args: string[],
) {
  const known = { ...options, help: { type: 'boolean', short: 'h' } } as const
  try {
    const parsed = parseArgs({
      args: joinValues(args, known, operands.length > 0),
      options: known,
      allowPositionals: true,
      strict: true,
    })
    const values = parsed.values as Record<string, string | boolean | undefined>
    const { positionals } = parsed
    if (values.help) return { values, operands: [] }
    if (positionals.length > operands.length) throw new Error(`Unexpected "${positionals[operands.length]}".`)
    if (positionals.length < operands.length && !mayOmit)
      throw new Error(`<${operands[positionals.length]}> is missing.`)
    return { values, operands: positionals }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const option = /'(-[^' ]*)/.exec(message)?.[1]
    const names = Object.keys(known).map((one) => `--${one}`)
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw misuse(unknown('option', option!, names))
    const sentence = message.split(/(?<=\.) /)[0]!.replace(/\.?$/, '.')
    throw misuse(`${sentence} See: guestkey help ${name}`)
  }
}

/** An anonymous_id that begins with a dash. No option has so many characters. */
const DASHED_ID = /^-[A-Za-z0-9_-]{21}$/

/**
 * Joins an option and its value into one argument, and puts ids behind `--`. Else parseArgs takes a value or an id with a
 * leading dash for an option.
 */
function joinValues(args: string[], known: Record<string, { type: string }>, hasOperands: boolean): string[] {
  const isOption = (arg: string) =>
    arg === '-h' || Object.hasOwn(known, arg.replace(/^--/, '').replace(/=.*/, ''))
  const joined: string[] = []
  const ids: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    const wantsValue = before?.startsWith('--') && known[before.slice(2)]?.type === 'string'
    if (wantsValue && arg.startsWith('-') && !isOption(arg)) joined.push(`${joined.pop()}=${arg}`)
    else if (hasOperands && DASHED_ID.test(arg)) ids.push(arg)
    else joined.push(arg)
  }
  return ids.length > 0 ? [...joined, '--', ...ids] : joined
}

/** One line that lists the known names, and suggests the nearest one if it is near enough. */
function unknown(what: string, name: string, known: string[]): string {
  const meant = meantBy(name, known)
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `There is no ${what} ${name}.${question} There are: ${known.join(', ')}.`
}

function printed(text: string): number {
  process.stdout.write(`${text.trim()}\n`)
  return 0
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(13)}${does}`)
  return `
guestkey: guests with passkeys, for web apps.

  guestkey [command] [options]

${lines.join('\n')}

guestkey help <command> explains a command; guestkey --version prints the version.
Every command reads the same environment variables. You need none of them to begin:

  guestkey                                          starts the service with its demo, on SQLite in guestkey-data/
  GUESTKEY_DATA=/var/lib/guestkey guestkey check    checks the store in that folder

All variables are in server/service/README.md of the package.`
}

/** Runs the command, and prints to standard error what went wrong. Returns the exit code. */
export async function run(args: string[]): Promise<number> {
  try {
    return await runCommand(args)
  } catch (error) {
    const {
      message,
      code,
      reason,
      cause,
      exitCode = 1,
    } = error as Error & {
      code?: string
      reason?: string
      exitCode?: number
    }
    // The person at the command line may see why the store cannot be used, as the log says it.
    complain(code === 'unavailable' && cause ? `${reason}: ${cause}` : message)
    return exitCode
  }
}
