// The type of a command, and the error for a command line that is wrong.

import { escaped } from '../../readable.ts'

export type Command = {
  /** What `guestkey help <command>` prints. */
  help: string
  /** Its options, as util.parseArgs takes them. Every command also has `--help`. */
  options?: Record<string, { type: 'string' | 'boolean' }>
  /** The names of its positional arguments, in this order. All of them are required, unless `mayOmit`. */
  operands?: string[]
  /** Whether positional arguments may be left out, from the last one on. Default: false. */
  mayOmit?: boolean
  /** Runs the command and returns the exit code. If it throws, the message is printed and the exit code is 1. */
  run: (input: {
    values: Record<string, string | boolean | undefined>
    operands: string[]
  }) => Promise<number>
}

/** The exit code for a wrong command line. Every other failure exits with 1. */
const MISUSED = 2

/** The error for a wrong command line. The process then exits with 2. */
export const misuse = (message: string): Error => Object.assign(new Error(message), { exitCode: MISUSED })

/** Prints to standard error what went wrong. On a terminal it overwrites the line of progress. */
export const complain = (message: string): void =>
  void process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}guestkey: ${forTerminal(message)}\n`)

/** Prints a line to standard output. */
export const say = (text: string): void => void process.stdout.write(`${forTerminal(text.trimEnd())}\n`)

/** The text with hidden characters escaped, except line breaks: it may repeat what a file or the database says. */
const forTerminal = (text: string): string => text.split('\n').map(escaped).join('\n')
