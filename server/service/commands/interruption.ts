// Ctrl-C and its like, in the middle of a command.

import { constants } from 'node:os'

/** On SIGINT, SIGTERM and SIGHUP runs this and ends; returns the function that takes that back. */
export function whenInterrupted(before: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = (signal: (typeof signals)[number]) => {
    before()
    process.exit(128 + constants.signals[signal])
  }
  for (const signal of signals) process.once(signal, stop)
  return () => {
    for (const signal of signals) process.removeListener(signal, stop)
  }
}
