// An access token as a page holds it: in memory alone, with its end measured by no clock that anybody can set.
import type { Tokens } from '../../server/types.ts'

/** See received. */
export interface AccessToken {
  token: string
  type: Tokens['token_type']
  /** The key that it is bound to. */
  key: CryptoKeyPair | undefined
  /** The session that it is of, as the store names it. */
  id: number
  /** How long it lives. */
  seconds: number
  /** When it came, in milliseconds: by the clock of this page, and by that of the machine. */
  at: number
  wall: number
}

/** Where access tokens come from. */
export interface AccessTokens {
  /** One that is good for a while, or null where nobody is signed in. Rejects with GuestClientError. */
  current(): Promise<AccessToken | null>
  /** Somebody else, or nobody, is signed in from now on. */
  forget(): unknown
  close(): void
}

/** The access token of an answer that has just come. */
export const received = (
  { access_token: token, token_type: type, expires_in: seconds }: Tokens,
  of: Pick<AccessToken, 'id' | 'key'>,
): AccessToken => ({ ...of, token, type, seconds, at: performance.now(), wall: Date.now() })

/** The access token that another tab, whose own clock means nothing here, has just passed on. */
export const passedOn = (access: AccessToken): AccessToken => ({
  ...access,
  at: performance.now() - Math.max(0, Date.now() - access.wall),
})

/**
 * How long it still lives. The clock of the page cannot be set, but may stand while the machine sleeps; that of the
 * machine goes on: the one that says less is believed, which costs at worst a refresh.
 */
const secondsLeft = ({ at, wall, seconds }: AccessToken) =>
  seconds - Math.max(performance.now() - at, Date.now() - wall) / 1000

export const isAlive = (access: AccessToken) => secondsLeft(access) > 0

/** Whether it lasts for what is about to be asked: a minute, or a quarter of a short life. */
export const isGood = (access: AccessToken) => secondsLeft(access) > Math.min(60, access.seconds / 4)
