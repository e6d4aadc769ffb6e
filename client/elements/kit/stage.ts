// What a view of an element works with, and what it gives.
import type { GuestClient, Passkey, Recoverability, SignedInGuest, UserInfo } from '../../index.ts'
import type { Child, h, sheet } from './dom.ts'
import type { mark } from './mark.ts'
import type { Words } from './words.ts'

/** The names of the events, and their details. */
export interface ElementEvents {
  /** Somebody is signed in by this element, perhaps in place of the guest from before. */
  'guestkey-signed-in': { guest: SignedInGuest }
  /** The guest has a new way back. */
  'guestkey-saved': { guest: UserInfo }
  /** The guest signed out by this element, or was erased. */
  'guestkey-signed-out': null
  /** The person chose “Account”, in the menu. `preventDefault()` keeps the element from going there. */
  'guestkey-account': null
  /** The person chose to link a device, in the menu. `preventDefault()` keeps the element from going there. */
  'guestkey-link': null
  /** The person wants recovery codes. `preventDefault()` keeps the element from showing them in the account. */
  'guestkey-codes': null
  /** Something that the service keeps about the guest was added, changed or removed by this element. */
  'guestkey-changed': null
  /**
   * The person wants to remove this passkey. `warn` adds a sentence to the question: what the page would lose by it. With
   * `preventDefault()`, the element does not ask and removes nothing.
   */
  'guestkey-passkey-remove': { passkey: Passkey; warn(text: string): void }
  /**
   * The person wants a file of everything that the service keeps. `preventDefault()` keeps the element from making it, for a
   * page that adds what it keeps itself.
   */
  'guestkey-export': { account: object }
  /** The person closed the dialog, or put off what was asked. */
  'guestkey-closed': null
  /** Something failed. The element says it; this is for the log of the page. */
  'guestkey-error': { error: unknown }
}

/** The tools that all views share. They are here and not imported, because each view is a file of its own. */
export interface Kit {
  h: typeof h
  sheet: typeof sheet
  mark: typeof mark
  /** The name of a guest, as it stands in a sentence. */
  guestName: (label: string) => HTMLElement
  /** An icon, by its name, which screen readers pass over; `kind` is its size, and `flip` if it points somewhere. */
  icon: (name: string, kind?: string) => HTMLElement
  /** By the name of the icon. The pieces add all but that of the button. */
  drawings: Record<string, string>
  /** The tag of the heading of the element, or of one that is `below` levels below it: see the attribute `heading-level`. */
  heading: (below?: number) => string
}

/** Where a view stands: its element, its client, its words. */
export interface Stage<Host extends HTMLElement = HTMLElement> extends Kit {
  host: Host
  client: GuestClient
  t: Words
  /** Who is signed in; null: nobody; undefined: not known yet. */
  readonly guest: UserInfo | null | undefined
  /** The guest who was last here and can come back, if nobody is signed in now. */
  readonly last: LastGuest | undefined
  /** Aborts when the element leaves the page. */
  signal: AbortSignal
  /** Draws again, soon. */
  update(): void
  /** Says something to screen readers. */
  say(text: string): void
  /** Sends an event; returns false if a listener called `preventDefault()`. */
  emit<Name extends keyof ElementEvents>(name: Name, detail: ElementEvents[Name]): boolean
}

/** What this browser remembers of the last guest who could come back. */
export interface LastGuest {
  label: string
  /** The day of the last visit, in Unix seconds. */
  seen: number
  /** How that guest could come back then. */
  way: Recoverability
}

/** A view draws what its element shows now. */
export interface View {
  css: string
  draw(): Child
  /** Called when what `draw` returned is in the element. */
  drawn?(): void
}

/** Makes the view of an element. */
export type MakeView<Host extends HTMLElement> = (stage: Stage<Host>) => View
