// Waits that take no time, so that a test sees how long they would be.

import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

/** The waits of all modules from now on, in milliseconds. They take no time, until the test ends. */
export function recordWaits(): number[] {
  const waits: number[] = []
  const waiting = vi
    .spyOn(timers, 'setTimeout')
    .mockImplementation(async (milliseconds) => void waits.push(milliseconds!))
  syncBuiltinESMExports()
  onTestFinished(() => {
    waiting.mockRestore()
    syncBuiltinESMExports()
  })
  return waits
}
