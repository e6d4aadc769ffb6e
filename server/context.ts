// The context that functions in core/ are called with: options, keys, store, clock and services.

import type { Keys } from './core/crypto/secrets.ts'
import type { AttemptLimiter } from './core/device-links/attempts.ts'
import type { Events } from './core/events/events.ts'
import type { ClaimClock } from './core/jobs/claim-clock.ts'
import type { Fleet } from './core/jobs/fleet.ts'
import type { Sender } from './core/login-ids/sender.ts'
import type { Settings } from './core/settings/settings.ts'
import type { Counters } from './core/statistics/counters.ts'
import type { SigningKeys } from './core/tokens/signing-keys.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Config } from './options/options.ts'
import type { Store } from './store/store.ts'

export type Context = {
  config: Config
  /** The keys that seal, made from the first secret. */
  keys: Keys
  /** The keys that open what was sealed: those of the first secret, then those of the other configured secrets. */
  keyring: readonly Keys[]
  store: Store
  fleet: Fleet
  signingKeys: SigningKeys
  settings: Settings
  events: Events
  counters: Counters
  /** Undefined unless the option `metrics` is true. */
  metrics?: Metrics | undefined
  sender: Sender
  attempts: AttemptLimiter
  logger: Logger
  /** Unix time in whole seconds. */
  now: () => number
  /** The clock by which nodes claim jobs, webhooks and merges. */
  claims: ClaimClock
}
