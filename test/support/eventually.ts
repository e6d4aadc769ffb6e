// Waits for something that happens in the background.

import { vi } from 'vitest'

/** Repeats the check until it passes, long enough for a busy machine. Returns its result. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000 })
