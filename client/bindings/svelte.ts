// The client for Svelte 5: who is signed in, passkeys and prompts as values that effects and templates follow.
import { getContext, onDestroy, setContext } from 'svelte'
import type { HTMLAttributes } from 'svelte/elements'
import { createSubscriber } from 'svelte/reactivity'
import type { ElementAttributes, ElementEvents } from '../elements/index.ts'
import type { GuestClient, SnoozeOptions, UserInfo } from '../index.ts'
import {
  createGuestSource,
  type GuestProviderOptions,
  type GuestSource,
  type PasskeyFunctions,
} from './guest-source.ts'

export type { GuestProviderOptions }

/** Listeners of the elements' events, such as `onguestkey-saved`. */
type ElementListeners = {
  [Name in keyof ElementEvents as `on${Name}`]?:
    | ((event: CustomEvent<ElementEvents[Name]>) => void)
    | undefined
}
type ElementTags = {
  [Tag in keyof ElementAttributes]: Omit<
    HTMLAttributes<HTMLElementTagNameMap[Tag]>,
    keyof ElementAttributes[Tag]
  > &
    ElementAttributes[Tag] &
    ElementListeners
}
declare module 'svelte/elements' {
  interface SvelteHTMLElements extends ElementTags {}
}

/** What `useGuest` returns. */
export interface CurrentGuest {
  /** Who is signed in; null for nobody, and undefined if that is not known yet. */
  readonly guest: UserInfo | null | undefined
  readonly client: GuestClient
}

/** What `usePasskeys` returns: the functions of `client.passkeys`. */
export interface CurrentPasskeys extends PasskeyFunctions {
  /** Whether this browser has passkeys; false in what a server renders. */
  readonly supported: boolean
}

/** What `useGuestPrompt` returns. */
export interface CurrentPrompt {
  /** The most important prompt that is due; undefined if there is none. */
  readonly prompt: string | undefined
  /** Puts the prompt off. Rejects as `client.prompts.snooze` does. */
  readonly snooze: (options?: SnoozeOptions) => Promise<void>
}

type Provided = { source: GuestSource; follow: () => void }

const key: symbol = Symbol('guestkey')

function useProvided(): Provided {
  const provided = getContext<Provided | undefined>(key)
  if (!provided) throw new Error('No component around this one calls provideGuest()')
  return provided
}

/**
 * Gives a client to this component and to those in it; call it while the component is made. `options` returns the options,
 * which may read props: it is called once. Throws TypeError for options that createGuestClient refuses.
 */
export function provideGuest(options: () => GuestProviderOptions = () => ({})): void {
  const source = createGuestSource(options())
  setContext(key, { source, follow: createSubscriber(source.listen) })
  onDestroy(source.close)
}

/** Who is signed in, in this and in other tabs. Throws if nobody called `provideGuest`. */
export function useGuest(): CurrentGuest {
  const { source, follow } = useProvided()
  return {
    get guest() {
      follow()
      return source.guest()
    },
    client: source.client,
  }
}

/** The functions for passkeys. Throws if nobody called `provideGuest`. */
export function usePasskeys(): CurrentPasskeys {
  const { client, passkeys } = useProvided().source
  return { ...passkeys, supported: client.passkeys.supported() }
}

/** The prompt to show now. Throws if nobody called `provideGuest`. */
export function useGuestPrompt(): CurrentPrompt {
  const { source, follow } = useProvided()
  return {
    get prompt() {
      follow()
      return source.prompt()
    },
    snooze: source.snooze,
  }
}
