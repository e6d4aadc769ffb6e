// Who is signed in, as far as this page knows, and the listeners that hear when that changes in any tab.

import {
  events,
  type GuestClientEvent,
  type GuestClientEvents,
  type GuestEventListener,
  type Listen,
} from '../lib/events.ts'
import { isBrowser } from '../lib/is-browser.ts'
import { eventOfNow, type OldListen } from '../lib/old-names.ts'
import type { SignedInGuest, UserInfo } from '../lib/types.ts'
import { createChannel } from '../tabs/channel.ts'
import { createDuePrompts } from './due-prompts.ts'
import { type InitialGuest, startValue } from './start-value.ts'

/** See `current` of GuestClient. */
interface ShownGuest {
  readonly current: UserInfo | null | undefined
}

/** See createGuestState. */
export interface GuestState {
  /** Gives an object a `current`: the last answer, or the start value; undefined if there is neither. */
  shownBy<Client extends object>(client: Client): Client & ShownGuest
  /** Takes the last answer of the server. With a `moment`, that answer is about that moment alone. */
  settle(guest: UserInfo | null, moment?: string): void
  /** Tells the other tabs that something may have changed. */
  tellTabs(): void
  on: OldListen & Listen
  offerPasskey(guest: SignedInGuest): void
  /** See DuePrompts. */
  forgetDue(prompt: string): void
  close(): void
}

// A new expiry alone is no change: otherwise a listener that asks again would cause calls without end. Nor is another
// order of the fields, which a start value may have.
const textOf = (guest: UserInfo | null | undefined) =>
  guest && JSON.stringify(Object.entries({ ...guest, expires_at: 0 }).sort())

/**
 * The state for the client of this `name`, which begins with `start`. While there are listeners, `recheck` is called when
 * the page comes back to the front, and when another tab says that something may have changed. Throws TypeError for a
 * `start` that is no guest.
 */
export function createGuestState(name: string, recheck: () => void, start?: InitialGuest | null): GuestState {
  const listeners = new Set<{ event: GuestClientEvent; listener: GuestEventListener<never> }>()
  const due = createDuePrompts()
  let current = startValue(start)
  const channel = createChannel(name, recheck)

  let watching: AbortController | undefined

  function watch() {
    // An open channel keeps the process of a server running.
    if (watching || !isBrowser()) return
    watching = new AbortController()
    channel.listen()
    globalThis.document?.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && recheck(),
      watching,
    )
    globalThis.addEventListener?.('pageshow', ({ persisted }) => persisted && recheck(), watching)
  }

  function unwatch() {
    watching?.abort()
    watching = undefined
    channel.close()
  }

  // Each listener runs by itself: one that throws disturbs neither the others nor the request.
  function tell<Event extends GuestClientEvent>(event: Event, ...about: GuestClientEvents[Event]) {
    for (const one of listeners)
      if (one.event === event) queueMicrotask(() => (one.listener as GuestEventListener<Event>)(...about))
  }

  // What a moment adds to the prompts is not stored as the state: the next answer without it would count as a change.
  const lasting = (guest: UserInfo) => ({
    ...guest,
    prompts: current?.sub === guest.sub ? current.prompts : [],
  })

  return {
    shownBy: (client) =>
      Object.defineProperty(client as typeof client & ShownGuest, 'current', { get: () => current }),
    settle(guest, moment) {
      const next = guest && moment ? lasting(guest) : guest
      const isNews = textOf(next) !== textOf(current)
      current = next
      if (isNews) tell('guest.changed', next)
      for (const prompt of due.news(guest, moment)) tell('prompts.due', prompt, guest!)
    },
    tellTabs: () => channel.post(),
    on(given: Parameters<typeof eventOfNow>[0], listener: GuestEventListener<never>) {
      const event = eventOfNow(given)
      if (!events.includes(event))
        throw new TypeError(`Unknown event: ${event}. There are ${events.join(', ')}`)
      watch()
      const one = { event, listener }
      listeners.add(one)
      return () => {
        listeners.delete(one)
        if (!listeners.size) unwatch()
      }
    },
    offerPasskey: (guest) => tell('passkey.offered', guest),
    forgetDue: due.forget,
    close() {
      listeners.clear()
      unwatch()
    },
  }
}
