// What is under way in a view, and what failed last.

/** One thing at a time: what is under way, what failed, and how to do it again. */
export interface Attempt {
  /** The name of what is under way. */
  readonly busy: string | undefined
  /** How long it has been under way, as far as the view says so: true after eight seconds. */
  readonly isLong: boolean
  readonly failure: unknown
  /** Does it, unless something is under way. Resolves to false if it failed or was cancelled. */
  run(name: string, work: () => Promise<unknown>): Promise<boolean>
  /** Stops waiting for what is under way, and forgets it. */
  cancel(): void
  /** Does again what failed. */
  again(): Promise<boolean>
  /** Forgets what failed. */
  forget(): void
}

const LONG_MILLISECONDS = 8000

/** `changed` is called at each change, and `failed` with each error. */
export function createAttempt(changed: () => void, failed: (error: unknown) => void): Attempt {
  let busy: string | undefined
  let isLong = false
  let failure: unknown
  let last: [string, () => Promise<unknown>] | undefined
  let number = 0

  async function run(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false
    const mine = ++number
    last = [name, work]
    busy = name
    failure = undefined
    isLong = false
    const timer = setTimeout(() => {
      if (mine !== number) return
      isLong = true
      changed()
    }, LONG_MILLISECONDS)
    changed()
    try {
      await work()
      return mine === number
    } catch (error) {
      if (mine === number) {
        failure = error
        failed(error)
      }
      return false
    } finally {
      clearTimeout(timer)
      if (mine === number) {
        busy = undefined
        changed()
      }
    }
  }

  return {
    get busy() {
      return busy
    },
    get isLong() {
      return isLong
    },
    get failure() {
      return failure
    },
    run,
    cancel() {
      number++
      busy = undefined
      changed()
    },
    again: async () => (last ? run(...last) : false),
    forget() {
      failure = undefined
    },
  }
}
