// Settings: the few options that an operator can change while guestkey runs. Each node reads the changes once a second.

import type { Config } from '../../options/options.ts'
import type { ChangedSettings, Store } from '../../store/store.ts'
import type { Notice } from '../../types.ts'
import { within } from '../../within.ts'

/** How often a node reads which settings have changed. */
const LOOK_MILLISECONDS = 1000
/** How long the first request waits for the first look. If that takes longer, the options count until it is done. */
const FIRST_LOOK_MILLISECONDS = 1000

/**
 * The settings and their values. Without a change, those of the options count; of those without an option, `notice` is null
 * and the others are true.
 */
export type SettingValues = {
  guestSignIn: boolean
  'rateLimit.perMinute': number | false
  passkeyRegistration: boolean
  codes: boolean
  notice: Notice | null
} & { [collection in `guestSignIn.${string}`]: boolean }

export type SettingName = keyof SettingValues

/** The value of any setting. */
export type SettingValue = SettingValues[SettingName]

/** Values to set. One that is undefined is not set. `notice` is taken away by a reset. */
export type SettingChanges = { [Name in SettingName]?: NonNullable<SettingValues[Name]> | undefined }

export type Settings = ReturnType<typeof createSettings>

type SettingDeps = { config: Config; store: Pick<Store, 'readSettings'>; everyMilliseconds?: number }

/** This node's view of the settings. It begins to look when it is first asked. */
export function createSettings({ config, store, everyMilliseconds = LOOK_MILLISECONDS }: SettingDeps) {
  let known: ChangedSettings = { version: 0, changes: {} }
  let first: Promise<unknown> | undefined
  let looking: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /** A look that began before a change may end after it, so an older version never replaces a newer one. */
  function learn(found: ChangedSettings): void {
    if (found.version >= known.version) known = found
  }

  function look(): Promise<void> {
    looking ??= store
      .readSettings({})
      .then(learn)
      .finally(() => {
        looking = undefined
      })
    return looking
  }

  /** Looks for the first time, and every second from then on. If the store cannot be reached, what is known goes on. */
  function begin(): Promise<unknown> {
    first ??= within(FIRST_LOOK_MILLISECONDS, look(), () => new Error('the first look takes long')).catch(
      () => {},
    )
    timer ??= setInterval(() => void look().catch(() => {}), everyMilliseconds).unref()
    return first
  }

  /** The value in the options. */
  function initial(name: SettingName): SettingValue {
    if (name === 'notice') return null
    if (name === 'guestSignIn') return config.guestSignIn
    if (name === 'rateLimit.perMinute') return config.rateLimit !== false && config.rateLimit.perMinute
    const [, collection] = name.split(/\.(.*)/)
    return collection === undefined || (config.collections[collection]?.guestSignIn ?? config.guestSignIn)
  }

  const changed = (name: SettingName) => known.changes[name]

  /** The value that counts if the setting itself is not changed. */
  function inherited(name: SettingName): SettingValue {
    const forAll = name.startsWith('guestSignIn.') ? changed('guestSignIn')?.value : undefined
    if (forAll === undefined) return initial(name)
    // True for all opens what the option for all has closed, and not a collection that has an option of its own.
    return Boolean(forAll && (initial(name) || !config.guestSignIn))
  }

  /** The value that counts, as far as this node knows. */
  const current = (name: SettingName): SettingValue => changed(name)?.value ?? inherited(name)

  return {
    look,
    learn,
    begin,
    changed,
    current,
    inherited,
    /** The value that counts now. It is at most as old as the last look. */
    async value<N extends SettingName>(name: N): Promise<SettingValues[N]> {
      await begin()
      return current(name) as SettingValues[N]
    },
    close: () => clearInterval(timer),
  }
}
