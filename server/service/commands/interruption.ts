// Lets a command clean up when Ctrl-C or another signal interrupts it.

import { constants } from 'node:os'

/** On SIGINT, SIGTERM or SIGHUP, runs `before` and exits with 128 + the signal's number. Returns how to undo that. */
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
