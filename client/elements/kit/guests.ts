// Who is signed in, as all elements of a page see it, and which guest was here before.
import type { GuestClient, UserInfo } from '../../index.ts'
import { lastGuestKey } from '../../state/last-guest.ts'
import type { LastGuest } from './stage.ts'

interface Watched {
  /** null: nobody; undefined: not known yet. */
  guest: UserInfo | null | undefined
  /** The guest who was here before and could come back, if nobody is signed in. */
  last: LastGuest | undefined
  listeners: Set<() => void>
}

const watched = new WeakMap<GuestClient, Watched>()

/**
 * Calls back each time that somebody else is signed in, or something about the guest has changed. All elements of one client
 * share one question to the server.
 */
export function watchGuest(client: GuestClient, signal: AbortSignal, listener: () => void): Watched {
  const found = watched.get(client)
  const one: Watched = found ?? { guest: undefined, last: undefined, listeners: new Set() }
  one.listeners.add(listener)
  signal.addEventListener('abort', () => one.listeners.delete(listener))
  if (found) return one
  watched.set(client, one)
  const settle = (guest: UserInfo | null) => {
    one.guest = guest
    // The client may have forgotten the last guest meanwhile, in another tab too.
    if (!guest) one.last = lastGuest()
    else if (guest.recoverability !== 'none') remember(guest)
    for (const tell of one.listeners) tell()
  }
  client.on('guest.changed', settle)
  // If the server does not answer, whoever was here still is: the answer comes later, or with what the person does.
  client.user().then(settle, () => {
    if (one.guest === undefined) settle(null)
  })
  return one
}

const DAY = 86_400

// A browser may refuse its storage. Then it remembers nobody.
function remember({ label, recoverability: way }: UserInfo): void {
  const seen = Math.floor(Date.now() / 1000 / DAY) * DAY
  try {
    localStorage[lastGuestKey] = JSON.stringify({ label, seen, way } satisfies LastGuest)
  } catch {}
}

/** The last guest of this browser who could come back. */
function lastGuest(): LastGuest | undefined {
  try {
    const { label, seen, way } = JSON.parse(localStorage[lastGuestKey]) as LastGuest
    return { label: `${label}`, seen: Number(seen), way }
  } catch {
    return undefined
  }
}
