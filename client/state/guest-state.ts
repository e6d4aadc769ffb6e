// Who is signed in, as far as this page knows, and who wants to hear when that changes, in whatever tab.

import type { SignedInGuest, UserInfo } from '../lib/types.ts'
import { createDuePrompts } from './due-prompts.ts'

/** Called with the guest, or with null when nobody is signed in. */
export type GuestListener = (guest: UserInfo | null) => void

/** Called with a prompt that has become due, and the guest whom it is for. */
export type PromptListener = (prompt: string, guest: UserInfo) => void

/** Called with a guest who has no passkey on this device, and should be offered one. */
export type OfferListener = (guest: SignedInGuest) => void

/** See createGuestState. */
export interface GuestState {
  /** Takes what the server just said; with a `moment`, what it said of that moment alone. */
  settle(guest: UserInfo | null, moment?: string): void
  /** Lets the other tabs know that there may be news. */
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

// A session that only lives longer is no change; were it one, a listener that asks again would never come to rest.
const textOf = (guest: UserInfo | null | undefined) => JSON.stringify(guest && { ...guest, expires_at: 0 })

/**
 * What is known of the guest, for the client of this `name`.
 * `recheck` is called when the page comes back or another tab has news; only while somebody listens.
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

  // What a moment adds does not last: were it a change, the next answer without it would be another one.
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
        // Each by itself, so that a listener that throws spoils neither the others nor the request.
        if (isNews && change) queueMicrotask(() => change(next))
        if (due) for (const prompt of news) queueMicrotask(() => due(prompt, guest!))
      }
    },
    tellTabs() {
      // A channel does not hear itself; an open one would hear a second one of the same page.
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
