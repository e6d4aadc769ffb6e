// What every rule gets.

import type { Keys } from './core/crypto/secrets.ts'
import type { AttemptLimiter } from './core/device-links/attempts.ts'
import type { Events } from './core/events/events.ts'
import type { Sender } from './core/login-ids/sender.ts'
import type { SigningKeys } from './core/tokens/signing-keys.ts'
import type { Logger } from './logger.ts'
import type { Config } from './options/options.ts'
import type { Store } from './store/store.ts'

export type Context = {
  config: Config
  /** What is sealed now is sealed with these. */
  keys: Keys
  /** What opens: the keys of now first, then those of earlier secrets that still count. */
  keyring: readonly Keys[]
  store: Store
  signingKeys: SigningKeys
  events: Events
  sender: Sender
  attempts: AttemptLimiter
  logger: Logger
  /** Unix time in whole seconds. */
  now: () => number
}
