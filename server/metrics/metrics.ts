// What is counted while guestkey runs. There is none of it unless the option `metrics` is true.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CounterName, Counters } from '../core/statistics/counters.ts'
import type { Store } from '../store/store.ts'
import { version } from '../version.ts'
import { createRegistry, type Registry } from './registry.ts'

const MINUTE_MILLISECONDS = 60_000
const NANOSECONDS = 1e9

/** How many connections to the database are used and idle, and how many verbs wait for one. */
export type PoolCounts = { used: number; idle: number; waiting: number }

export type Metrics = {
  registry: Registry
  /** A request was answered. `endpoint`: undefined if there is none at its path. `code`: of the error. */
  answered: (endpoint: string | undefined, status: number, milliseconds: number, code?: string) => void
  /** The same counters, which count here too. */
  counting: (counters: Counters) => Counters
  /** The same store, whose verbs are timed. */
  timing: (store: Store, isRead: (verb: string) => boolean) => Store
  /** So many writes shared a commit. */
  committed: (writes: number) => void
  /** How to count the connections to the database. */
  watchPool: (count: () => PoolCounts) => void
  /** Sets what is as it is now, but for what the store has. */
  look: () => void
  close: () => void
}

const ceremonies = new Map([
  ['POST /passkeys/register', 'registration'],
  ['POST /passkeys/authenticate', 'authentication'],
])

/** What begins and ends the store, or only gives one of its kind, is not timed. */
const untimed = new Set(['ready', 'close', 'otherVersions'])

export function createMetrics(): Metrics {
  const registry = createRegistry()
  const delays = monitorEventLoopDelay()
  delays.enable()
  const timer = setInterval(noteDelays, MINUTE_MILLISECONDS).unref()
  let countPool: (() => PoolCounts) | undefined
  let underWay = 0
  registry.set('guestkey_build_info', [version()], 1)
  registry.set('guestkey_process_start_time_seconds', [], Math.floor(Date.now() / 1000 - process.uptime()))

  function noteDelays(): void {
    for (const [quantile, nanoseconds] of [
      ['0.5', delays.percentile(50)],
      ['0.99', delays.percentile(99)],
      ['1', delays.max],
    ] as const)
      registry.set('guestkey_event_loop_delay_seconds', [quantile], nanoseconds / NANOSECONDS)
    delays.reset()
  }

  function noteCount(name: CounterName): void {
    const [kind = '', what = ''] = name.split('.')
    if (kind === 'created') registry.add('guestkey_sign_ins', ['anonymous'])
    else if (kind === 'refused') registry.add('guestkey_refusals', [what])
    else if (kind === 'signed_in' || kind === 'came_back') registry.add('guestkey_sign_ins', [what])
  }

  function timing(store: Store, isRead: (verb: string) => boolean): Store {
    const timed = Object.entries(store).map(([verb, does]: [string, (...given: never[]) => unknown]) => {
      if (untimed.has(verb)) return [verb, does]
      if (verb === 'actingIn') return [verb, (session: never) => timing(does(session) as Store, isRead)]
      const kind = isRead(verb) ? 'read' : 'write'
      return [verb, (...given: never[]) => time(kind, () => does(...given) as Promise<unknown>)]
    })
    return Object.fromEntries(timed)
  }

  async function time<R>(kind: string, work: () => Promise<R>): Promise<R> {
    const start = performance.now()
    underWay++
    try {
      return await work()
    } catch (error) {
      registry.add('guestkey_store_failures', [kind])
      throw error
    } finally {
      underWay--
      registry.observe('guestkey_store_duration_seconds', [kind], (performance.now() - start) / 1000)
    }
  }

  return {
    registry,
    answered(endpoint = 'unknown', status, milliseconds, code = 'done') {
      registry.add('guestkey_http_requests', [endpoint, String(status)])
      registry.observe('guestkey_http_request_duration_seconds', [endpoint], milliseconds / 1000)
      const ceremony = ceremonies.get(endpoint)
      if (ceremony) registry.add('guestkey_passkey_ceremonies', [ceremony, code])
    },
    counting: (counters) => ({
      ...counters,
      count(name, collection) {
        noteCount(name)
        counters.count(name, collection)
      },
    }),
    timing,
    committed: (writes) => registry.observe('guestkey_store_commit_writes', [], writes),
    watchPool(count) {
      countPool = count
    },
    look() {
      const { user, system } = process.cpuUsage()
      registry.set('guestkey_process_cpu_seconds', [], (user + system) / 1e6)
      registry.set('guestkey_process_memory_bytes', [], process.memoryUsage.rss())
      registry.set('guestkey_store_under_way', [], underWay)
      for (const [state, count] of Object.entries(countPool?.() ?? {}))
        registry.set('guestkey_postgres_connections', [state], count)
    },
    close() {
      clearInterval(timer)
      delays.disable()
    },
  }
}
