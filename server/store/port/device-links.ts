// The store's contract for device links, by which a guest signs in on another device.

import type { GuestWrites } from './guests.ts'
import type { SessionRef } from './sessions.ts'
import type { Note } from './trail.ts'

/**
 * A link by which a guest lets another device in. `waiting`: not opened yet. `opened`: the other device asks to sign
 * in. `approved` or `refused`: the guest has decided. `done`: the other device has signed in.
 */
export type DeviceLinkRow = {
  id: string
  anonymousId: string
  /** The session that made the link. Only this session can approve it. */
  sessionId: string
  status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
  /** The id of the session in which the other device opened it; null: nobody was signed in there. */
  openedIn: string | null
  /** The OAuth client that opened it, for which the new session will be; null: the new session is a browser's. */
  openedFor: string | null
  /** The words that both devices show; null unless the status is `opened`. */
  words: string[] | null
  /** What the other device says about itself; null unless the status is `opened`. */
  asking: DeviceInfo | null
  /** The id of the session that the other device got; null until the status is `done`. */
  result: string | null
  expiresAt: number
  /** Whether the session that made the link is alive. */
  alive: boolean
}

/** What a device says about itself. */
export type DeviceInfo = { platform: string; browser: string }

/**
 * What opens a link. Typed: a locator and the code, as a MAC under every key that is valid now. Scanned: the link's id
 * and its secret.
 */
export type LinkProof = { locator: string; codes: string[] } | { id: string; secret: string }

export type OpenLinkOutcome =
  | { outcome: 'opened'; label: string }
  /**
   * `unknown`: no link waits for this proof. `own`: the link's guest is already signed in on this device. `other`:
   * another guest is signed in on this device, and `leave` is false.
   */
  | { outcome: 'unknown' | 'own' | 'other' }

export type DecideLinkOutcome =
  /** `kept`: the same write kept the guest, who had no row before. */
  | { outcome: 'decided'; kept: boolean; link: DeviceLinkRow }
  /**
   * `unknown`: this session has no such link, or cannot keep its guest. `undecidable`: the link's status does not allow
   * this decision, for example because nobody has opened it.
   */
  | { outcome: 'unknown' | 'undecidable' }

export interface DeviceLinkReads {
  /** The links of this guest that have not expired. */
  listDeviceLinks(key: { anonymousId: string; now: number }): Promise<DeviceLinkRow[]>
  /**
   * Finds a link that has not expired: by its id, or by `opener`, the SHA-256 of the secret that the other device got
   * when it opened the link.
   */
  findDeviceLink(
    key: ({ id: string } | { opener: string }) & { now: number },
  ): Promise<DeviceLinkRow | undefined>
}

export interface DeviceLinkWrites {
  /**
   * Adds a link and deletes the session's previous one. `taken`: another live link has the locator. `ended`: the
   * session has ended.
   */
  addDeviceLink(input: {
    link: {
      id: string
      locator: string
      code: string
      secret: string
      label: string
      triesLeft: number
    } & Pick<DeviceLinkRow, 'anonymousId' | 'sessionId' | 'expiresAt'>
    /** The session that makes the link. */
    from: SessionRef
    now: number
  }): Promise<'added' | 'taken' | 'ended'>
  /**
   * Opens a link; only the first opening succeeds. A wrong code costs the link with this locator one attempt. The last
   * attempt deletes that link.
   */
  openDeviceLink(input: {
    proof: LinkProof
    /** SHA-256 of the secret by which the other device asks for the link from now on. */
    opener: string
    /** The session in which the other device opens it; undefined: nobody is signed in there. */
    here: { anonymousId: string; sessionId: string } | undefined
    /** The OAuth client that asks; null: a browser. */
    client: string | null
    /** Whether the guest who is signed in on the other device agrees to be signed out there. */
    leave: boolean
    words: string[]
    asking: DeviceInfo
    now: number
    expiresAt: number
  }): Promise<OpenLinkOutcome>
  /**
   * Approves or refuses an opened link, in the session that made it. Approving keeps a guest who has no row. The same
   * decision again gets the same answer.
   */
  decideDeviceLink(input: {
    id: string
    anonymousId: string
    sessionId: string
    approve: boolean
    now: number
    /** What to write if the guest has no row yet; undefined: such a guest is refused. */
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    /** Written only if the guest refuses the link. */
    notes: Note[]
  }): Promise<DecideLinkOutcome>
  /** Deletes a link, in the session that made it. False if that session has no such link. */
  removeDeviceLink(input: { id: string; anonymousId: string; sessionId: string }): Promise<boolean>
  /** Deletes expired links, at most `limit`. Resolves to their number. */
  deleteExpiredDeviceLinks(input: { now: number; limit: number }): Promise<number>
}
