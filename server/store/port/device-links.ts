// Device links as the store keeps them.

import type { GuestWrites } from './guests.ts'
import type { SessionRef } from './sessions.ts'
import type { Note } from './trail.ts'

/** How a guest lets another device in. `waiting` until it is opened there, `approved` by the guest, `done` once used. */
export type DeviceLinkRow = {
  id: string
  anonymousId: string
  /** The session that made it, in which alone it is approved. */
  sessionId: string
  status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
  /** The session of the device that opened it, and the client that it is to be one of; null: none. */
  openedIn: string | null
  openedFor: string | null
  /** What both devices show, and what the new one says that it is: only while it is `opened`. */
  words: string[] | null
  asking: DeviceInfo | null
  /** The session that came of it. */
  result: string | null
  expiresAt: number
  /** Whether the session that made it lives. */
  alive: boolean
}

/** What a device says of itself. */
export type DeviceInfo = { platform: string; browser: string }

/** What a link is opened by: the code that was typed, as a MAC under any key that counts, or what was scanned. */
export type LinkProof = { locator: string; codes: string[] } | { id: string; secret: string }

export type OpenLinkOutcome =
  | { outcome: 'opened'; label: string }
  /** `own`: the guest is signed in there already; `other`: somebody else is. */
  | { outcome: 'unknown' | 'own' | 'other' }

export type DecideLinkOutcome =
  | { outcome: 'decided'; kept: boolean; link: DeviceLinkRow }
  /** `undecidable`: there is nothing to say this of, or no more. */
  | { outcome: 'unknown' | 'undecidable' }

export interface DeviceLinkReads {
  /** By its own id, or by the hash of the secret that whoever opened it asks by. Not one that is over. */
  findDeviceLink(
    key: ({ id: string } | { opener: string }) & { now: number },
  ): Promise<DeviceLinkRow | undefined>
}

export interface DeviceLinkWrites {
  /** Writes a link, in place of the one that the session has made before; `taken` where another one has the locator. */
  addDeviceLink(input: {
    link: {
      id: string
      locator: string
      code: string
      secret: string
      label: string
      triesLeft: number
    } & Pick<DeviceLinkRow, 'anonymousId' | 'sessionId' | 'expiresAt'>
    /** The session that makes it. */
    from: SessionRef
    now: number
  }): Promise<'added' | 'taken' | 'ended'>
  /** Opens a link, which happens once. A wrong code counts against the link that has the locator, until it is gone. */
  openDeviceLink(input: {
    proof: LinkProof
    /** SHA-256 of the secret that it is asked for by from then on. */
    opener: string
    /** Where it is opened: who is signed in there, and which client asks. */
    here: { anonymousId: string; sessionId: string } | undefined
    client: string | null
    /** Whether whoever is signed in there may be left. */
    leave: boolean
    words: string[]
    asking: DeviceInfo
    now: number
    expiresAt: number
  }): Promise<OpenLinkOutcome>
  /** Approves or refuses an opened link, in the session that made it; approving keeps a guest who has no row. */
  decideDeviceLink(input: {
    id: string
    anonymousId: string
    sessionId: string
    approve: boolean
    now: number
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    /** Where it is refused. */
    notes: Note[]
  }): Promise<DecideLinkOutcome>
  /** Takes a link back, in the session that made it. */
  removeDeviceLink(input: { id: string; anonymousId: string; sessionId: string }): Promise<boolean>
  /** Deletes links that are over, at most `limit` of them; how many they were. */
  deleteExpiredDeviceLinks(input: { now: number; limit: number }): Promise<number>
}
