// What a command of the command line is, and the error of one that was called wrongly.

export type Command = {
  /** What `guestkey help <command>` prints. */
  help: string
  /** Its options, as util.parseArgs takes them; `--help` comes by itself. */
  options?: Record<string, { type: 'string' | 'boolean' }>
  /** What it is given without a name, in this order; each must be. */
  operands?: string[]
  /** Does it; the exit code. What it throws is printed as one sentence, and the exit code is 1 then. */
  run: (given: {
    values: Record<string, string | boolean | undefined>
    operands: string[]
  }) => Promise<number>
}

/** What a mistake in the command line itself exits with; everything else that fails exits with 1. */
const MISUSED = 2

/** The error of a command line that cannot be meant. */
export const misuse = (message: string): Error => Object.assign(new Error(message), { exitCode: MISUSED })

/** Says on standard error what went wrong, over a line of progress that may stand there. */
export const complain = (message: string): void =>
  void process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}guestkey: ${message}\n`)
