// The client for Vue 3: who is signed in, passkeys and prompts as refs.
import {
  type App,
  getCurrentInstance,
  type InjectionKey,
  inject,
  onMounted,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
} from 'vue'
import type { ElementAttributes, ElementEvents } from '../elements/index.ts'
import type { GuestClient, SnoozeOptions, UserInfo } from '../index.ts'
import {
  createGuestSource,
  type GuestProviderOptions,
  type GuestSource,
  type PasskeyFunctions,
} from './guest-source.ts'

export type { GuestProviderOptions }

/** `guestkey-signed-in` as `GuestkeySignedIn`. */
type Pascal<Text extends string> = Text extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${Pascal<Rest>}`
  : Capitalize<Text>
/** Listeners of the elements' events, such as `@guestkey-saved`. */
type ElementListeners = {
  [Name in keyof ElementEvents as `on${Pascal<Name>}`]?:
    | ((event: CustomEvent<ElementEvents[Name]>) => void)
    | undefined
}
type ElementTags = {
  [Tag in keyof ElementAttributes]: new () => { $props: ElementAttributes[Tag] & ElementListeners }
}
declare module 'vue' {
  interface GlobalComponents extends ElementTags {}
}

/** What `useGuest` returns. */
export interface CurrentGuest {
  /** Who is signed in; null for nobody, and undefined if that is not known yet. */
  guest: Readonly<ShallowRef<UserInfo | null | undefined>>
  client: GuestClient
}

/** What `usePasskeys` returns: the functions of `client.passkeys`. */
export interface CurrentPasskeys extends PasskeyFunctions {
  /** Whether this browser has passkeys; false in what a server renders. */
  supported: Readonly<ShallowRef<boolean>>
}

/** What `useGuestPrompt` returns. */
export interface CurrentPrompt {
  /** The most important prompt that is due; undefined if there is none. */
  prompt: Readonly<ShallowRef<string | undefined>>
  /** Puts the prompt off. Rejects as `client.prompts.snooze` does. */
  snooze: (options?: SnoozeOptions) => Promise<void>
}

const key: InjectionKey<GuestSource> = Symbol('guestkey')

function useSource(): GuestSource {
  const source = inject(key, undefined)
  if (!source) throw new Error('The app has no GuestProvider: app.use(GuestProvider)')
  return source
}

/** What `read` returns, kept up to date while its component or scope lives. It listens in browsers alone. */
function refOf<Value>(read: () => Value, listen: (listener: () => void) => () => void) {
  const value = shallowRef(read())
  let stop = () => {}
  const begin = () => {
    stop = listen(() => {
      value.value = read()
    })
    value.value = read()
  }
  if (getCurrentInstance()) onMounted(begin)
  else if (typeof document === 'object') begin()
  onScopeDispose(() => stop())
  return value
}

/**
 * Gives a client to the components of an app: `app.use(GuestProvider, { initialGuest })`. Throws TypeError for options that
 * createGuestClient refuses.
 */
export const GuestProvider: { install(app: App, options?: GuestProviderOptions): void } = {
  install(app, options = {}) {
    const source = createGuestSource(options)
    app.provide(key, source)
    app.onUnmount(source.close)
  },
}

/** Who is signed in, in this and in other tabs. Throws if the app has no GuestProvider. */
export function useGuest(): CurrentGuest {
  const { client, guest, listen } = useSource()
  return { guest: refOf(guest, listen), client }
}

/** The functions for passkeys. Throws if the app has no GuestProvider. */
export function usePasskeys(): CurrentPasskeys {
  const { client, passkeys } = useSource()
  const supported = shallowRef(false)
  onMounted(() => {
    supported.value = client.passkeys.supported()
  })
  return { ...passkeys, supported }
}

/** The prompt to show now. Throws if the app has no GuestProvider. */
export function useGuestPrompt(): CurrentPrompt {
  const { prompt, listen, snooze } = useSource()
  return { prompt: refOf(prompt, listen), snooze }
}
