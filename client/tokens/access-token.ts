// An access token as a page holds it: only in memory. Its age is measured so that a wrong or changed clock does no
// harm.
import type { Tokens } from '../../server/types.ts'
import type { SigningKey } from '../platform/platform.ts'

/** See received. */
export interface AccessToken {
  token: string
  type: Tokens['token_type']
  /** The key to which it is bound; undefined for a bearer token. */
  key: SigningKey | undefined
  /** The session to which it belongs: the `id` of its record in the store. */
  id: number
  /** Its lifetime in seconds, counted from `at`. */
  seconds: number
  /** When it arrived, in milliseconds: `at` by `performance.now()` of this page, `wall` by `Date.now()`. */
  at: number
  wall: number
}

/** A source of access tokens. */
export interface AccessTokens {
  /** A token that is still good for a while, or null if nobody is signed in. Rejects with GuestClientError. */
  current(): Promise<AccessToken | null>
  /** To be called when somebody else or nobody is signed in from now on. */
  forget(): unknown
  close(): void
}

/** The access token in an answer that has just arrived. */
export const received = (
  { access_token: token, token_type: type, expires_in: seconds }: Tokens,
  of: Pick<AccessToken, 'id' | 'key'>,
): AccessToken => ({ ...of, token, type, seconds, at: performance.now(), wall: Date.now() })

/**
 * An access token that another tab has just passed on. Its `at` is counted from the start of that tab, so it is
 * computed anew for this one.
 */
export const passedOn = (access: AccessToken): AccessToken => ({
  ...access,
  at: performance.now() - Math.max(0, Date.now() - access.wall),
})

/**
 * How many seconds it still lives. Nobody can set `performance.now()`, but it may stand still while the machine
 * sleeps; `Date.now()` goes on then. The one that leaves less time is believed, which costs at worst one refresh.
 */
const secondsLeft = ({ at, wall, seconds }: AccessToken) =>
  seconds - Math.max(performance.now() - at, Date.now() - wall) / 1000

export const isAlive = (access: AccessToken) => secondsLeft(access) > 0

/**
 * Whether it lives long enough for a request: more than a minute, or more than a quarter of its lifetime if that is
 * less.
 */
export const isGood = (access: AccessToken) => secondsLeft(access) > Math.min(60, access.seconds / 4)
