// Who is signed in, as far as this page knows, and the listeners that hear when that changes in any tab.

import type { SignedInGuest, UserInfo } from '../lib/types.ts'
import { createDuePrompts } from './due-prompts.ts'

/** Called with the guest, or with null when nobody is signed in. */
export type GuestListener = (guest: UserInfo | null) => void

/** Called with a prompt that has become due, and the guest. */
export type PromptListener = (prompt: string, guest: UserInfo) => void

/** Called with a guest who has no passkey on this device and should be offered one. */
export type OfferListener = (guest: SignedInGuest) => void

/** See createGuestState. */
export interface GuestState {
  /** Takes the last answer of the server. With a `moment`, that answer is about that moment alone. */
  settle(guest: UserInfo | null, moment?: string): void
  /** Tells the other tabs that something may have changed. */
  tellTabs(): void
  onChange(listener: GuestListener): () => void
  onDue(listener: PromptListener): () => void
  onOfferPasskey(listener: OfferListener): () => void
  offerPasskey(guest: SignedInGuest): void
  /** See DuePrompts. */
  forgetDue(prompt: string): void
  close(): void
}

interface Listeners {
  change?: GuestListener
  due?: PromptListener
  offer?: OfferListener
}

// A new expiry alone is no change: otherwise a listener that asks again would cause calls without end.
const textOf = (guest: UserInfo | null | undefined) => JSON.stringify(guest && { ...guest, expires_at: 0 })

/**
 * The state for the client of this `name`. While there are listeners, `recheck` is called when the page comes back to
 * the front, and when another tab says that something may have changed.
 */
export function createGuestState(name: string, recheck: () => void): GuestState {
  const listeners = new Set<Listeners>()
  const due = createDuePrompts()
  let current: UserInfo | null | undefined
  let channel: BroadcastChannel | undefined

  const onVisible = () => {
    if (document.visibilityState === 'visible') recheck()
  }
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) recheck()
  }

  function watch() {
    channel = new BroadcastChannel(name)
    channel.onmessage = recheck
    globalThis.document?.addEventListener('visibilitychange', onVisible)
    globalThis.addEventListener?.('pageshow', onPageShow)
  }

  function unwatch() {
    channel?.close()
    channel = undefined
    globalThis.document?.removeEventListener('visibilitychange', onVisible)
    globalThis.removeEventListener?.('pageshow', onPageShow)
  }

  function listen(listener: Listeners) {
    if (!channel) watch()
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (!listeners.size) unwatch()
    }
  }

  // What a moment adds to the prompts is not stored as the state: the next answer without it would count as a change.
  const lasting = (guest: UserInfo) => ({
    ...guest,
    prompts: current?.sub === guest.sub ? current.prompts : [],
  })

  return {
    settle(guest, moment) {
      const next = guest && moment ? lasting(guest) : guest
      const isNews = textOf(next) !== textOf(current)
      current = next
      const news = due.news(guest, moment)
      for (const { change, due } of listeners) {
        // Each listener runs by itself: one that throws disturbs neither the others nor the request.
        if (isNews && change) queueMicrotask(() => change(next))
        if (due) for (const prompt of news) queueMicrotask(() => due(prompt, guest!))
      }
    },
    tellTabs() {
      // A channel does not hear its own messages. But it would hear those of a second channel in the same page, so an
      // open one is used.
      const through = channel ?? new BroadcastChannel(name)
      through.postMessage('')
      if (!channel) through.close()
    },
    onChange: (change) => listen({ change }),
    onDue: (due) => listen({ due }),
    onOfferPasskey: (offer) => listen({ offer }),
    offerPasskey(guest) {
      for (const { offer } of listeners) if (offer) queueMicrotask(() => offer(guest))
    },
    forgetDue: due.forget,
    close() {
      listeners.clear()
      unwatch()
    },
  }
}
