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
  /** Ends the listening to the client. */
  stop?: () => void
}

const watched = new WeakMap<GuestClient, Watched>()

/**
 * Calls back each time that somebody else is signed in, or something about the guest has changed. All elements of one client
 * share one question to the server. When the last of them leaves the page or takes another client, none listens to it any
 * more.
 */
export function watchGuest(client: GuestClient, signal: AbortSignal, listener: () => void): Watched {
  const one: Watched = watched.get(client) ?? { guest: undefined, last: undefined, listeners: new Set() }
  watched.set(client, one)
  if (one.listeners.size === 0) one.stop = begin(client, one)
  one.listeners.add(listener)
  signal.addEventListener('abort', () => {
    one.listeners.delete(listener)
    if (one.listeners.size === 0) one.stop?.()
  })
  return one
}

/** Asks who is signed in, and listens. Returns what stops that. */
function begin(client: GuestClient, one: Watched): () => void {
  const settle = (guest: UserInfo | null) => {
    one.guest = guest
    // The client may have forgotten the last guest meanwhile, in another tab too.
    if (!guest) one.last = lastGuest()
    else if (guest.recoverability !== 'none') remember(guest)
    for (const tell of one.listeners) tell()
  }
  const stop = client.on('guest.changed', settle)
  // If the server does not answer, whoever was here still is: the answer comes later, or with what the person does.
  comeBack(client).then(settle, () => {
    if (one.guest === undefined) settle(null)
  })
  return stop
}

/**
 * Who is signed in. If nobody is, the key of this browser signs its guest in, who wanted to be remembered here and did not
 * sign out.
 */
async function comeBack(client: GuestClient): Promise<UserInfo | null> {
  const guest = await client.user()
  // Whoever has never been saved here has no key, so nothing is loaded for one.
  if (guest || !lastGuest()) return guest
  const { deviceKey } = client
  const held = await deviceKey.held().catch(() => null)
  return held?.may_resume ? deviceKey.signIn().catch(() => null) : null
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
