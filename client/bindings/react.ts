'use client'
// The client for React 18 and 19: who is signed in, passkeys and prompts as hooks.
import {
  type Context,
  createContext,
  createElement,
  type DetailedHTMLProps,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import type { ElementAttributes, ElementEvents } from '../elements/index.ts'
import type { GuestClient, SnoozeOptions, UserInfo } from '../index.ts'
import {
  createGuestSource,
  type GuestProviderOptions,
  type GuestSource,
  type PasskeyFunctions,
} from './guest-source.ts'

/** Listeners of the elements' events, such as `onguestkey-saved`. React 19 calls them; React 18 needs `addEventListener`. */
type ElementListeners = {
  [Name in keyof ElementEvents as `on${Name}`]?:
    | ((event: CustomEvent<ElementEvents[Name]>) => void)
    | undefined
}
type ElementTags = {
  [Tag in keyof ElementAttributes]: DetailedHTMLProps<
    HTMLAttributes<HTMLElementTagNameMap[Tag]>,
    HTMLElementTagNameMap[Tag]
  > &
    ElementAttributes[Tag] &
    ElementListeners
}
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends ElementTags {}
  }
}

/** The props of GuestProvider. Those of its first rendering count. */
export interface GuestProviderProps extends GuestProviderOptions {
  children?: ReactNode
}

/** What `useGuest` returns. */
export interface CurrentGuest {
  /** Who is signed in; null for nobody, and undefined if that is not known yet. */
  guest: UserInfo | null | undefined
  client: GuestClient
}

/** What `usePasskeys` returns: the functions of `client.passkeys`. */
export interface CurrentPasskeys extends PasskeyFunctions {
  /** Whether this browser has passkeys; false in what a server renders. */
  supported: boolean
}

/** What `useGuestPrompt` returns. */
export interface CurrentPrompt {
  /** The most important prompt that is due; undefined if there is none. */
  prompt: string | undefined
  /** Puts the prompt off. Rejects as `client.prompts.snooze` does. */
  snooze: (options?: SnoozeOptions) => Promise<void>
}

type Holder = { get: () => GuestSource; close: () => void }

const SourceContext: Context<Holder | undefined> = createContext<Holder | undefined>(undefined)

/** React may begin a page several times and show it once. So the client is made when a component first uses it. */
function holderOf(options: GuestProviderOptions): Holder {
  let source: GuestSource | undefined
  return {
    get: () => {
      source ??= createGuestSource(options)
      return source
    },
    close: () => source?.close(),
  }
}

function useSource(): GuestSource {
  const holder = useContext(SourceContext)
  if (!holder) throw new Error('There is no GuestProvider around this component')
  return holder.get()
}

/** Gives a client to the components in it. A hook in them throws TypeError for options that createGuestClient refuses. */
export function GuestProvider({ children, ...options }: GuestProviderProps): ReactElement {
  const [holder] = useState(() => holderOf(options))
  useEffect(() => holder.close, [holder])
  return createElement(SourceContext.Provider, { value: holder }, children)
}

/** Who is signed in, in this and in other tabs. Throws if there is no GuestProvider. */
export function useGuest(): CurrentGuest {
  const { client, listen, guest, firstGuest } = useSource()
  return { guest: useSyncExternalStore(listen, guest, firstGuest), client }
}

const never = () => () => {}
const no = () => false

/** The functions for passkeys. Throws if there is no GuestProvider. */
export function usePasskeys(): CurrentPasskeys {
  const { client, passkeys } = useSource()
  return { ...passkeys, supported: useSyncExternalStore(never, client.passkeys.supported, no) }
}

/** The prompt to show now. Throws if there is no GuestProvider. */
export function useGuestPrompt(): CurrentPrompt {
  const { listen, prompt, firstPrompt, snooze } = useSource()
  return { prompt: useSyncExternalStore(listen, prompt, firstPrompt), snooze }
}
