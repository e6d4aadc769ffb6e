// The sessions of the guest: where else the guest is signed in, and how to end that.
import { type Call, itemPath } from '../lib/http.ts'
import type { ForceOptions } from '../lib/options.ts'
import type { GuestSession } from '../lib/types.ts'

/** The sessions of the guest who is signed in. Everything rejects with GuestClientError. */
export interface GuestSessions {
  list(): Promise<GuestSession[]>
  /**
   * Ends one session and revokes the key of its device. To end the session of this page is to sign out: the key stays
   * then, and it rejects with `would_lose_account` if the guest cannot come back, unless `force` is set. Rejects
   * with `not_found` and others.
   */
  end(id: string, options?: ForceOptions): Promise<void>
  /**
   * Ends all sessions but this one, and revokes the keys of all other devices; returns the number of sessions that it
   * ended.
   */
  endOthers(): Promise<number>
}

/** The session functions of a client. `end` then asks again who is signed in: that may have been this page's session. */
export const createSessions = (call: Call, end: Call): GuestSessions => ({
  list: async () => (await call<{ sessions: GuestSession[] }>('GET', '/sessions')).sessions,
  end: async (id, options) => end('DELETE', itemPath('/sessions', id, options)),
  endOthers: async () => (await call<{ ended: number }>('DELETE', '/sessions')).ended,
})
