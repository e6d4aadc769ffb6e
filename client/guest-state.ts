// Who is signed in, as far as this page knows, and who wants to hear when that changes, in whatever tab.
import type { Guest } from './types.ts'

/** Called with the guest, or with null when nobody is signed in. */
export type GuestListener = (guest: Guest | null) => void

/** See createGuestState. */
export interface GuestState {
  /** Takes what the server just said. */
  settle(guest: Guest | null): void
  /** Lets the other tabs know that there may be news. */
  tellTabs(): void
  onChange(listener: GuestListener): () => void
  close(): void
}

// A session that only lives longer is no change; were it one, a listener that asks again would never come to rest.
const textOf = (guest: Guest | null) => JSON.stringify(guest && { ...guest, expires_at: 0 })

/**
 * What is known of the guest, for the client of this `name`.
 * `recheck` is called when the page comes back or another tab has news; only while somebody listens.
 */
export function createGuestState(name: string, recheck: () => void): GuestState {
  const listeners = new Set<GuestListener>()
  let current: string | undefined
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

  return {
    settle(guest) {
      const text = textOf(guest)
      if (text === current) return
      current = text
      // Each by itself, so that a listener that throws spoils neither the others nor the request.
      for (const listener of listeners) queueMicrotask(() => listener(guest))
    },
    tellTabs() {
      // A channel does not hear itself; an open one would hear a second one of the same page.
      const through = channel ?? new BroadcastChannel(name)
      through.postMessage('')
      if (!channel) through.close()
    },
    onChange(listener) {
      if (!channel) watch()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (!listeners.size) unwatch()
      }
    },
    close() {
      listeners.clear()
      unwatch()
    },
  }
}
