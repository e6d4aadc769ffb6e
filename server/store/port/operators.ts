// The store's contract for operators: who they are, their passkeys, sessions and invitations. Guests have none of these rows.

import type { OperatorRole } from '../../types.ts'
import type { Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** An operator. `userHandle`: what authenticators store with each passkey of the operator, base64url. */
export type OperatorRow = {
  id: string
  name: string
  role: OperatorRole
  userHandle: string
  createdAt: number
}

export type OperatorPasskeyRow = {
  credentialId: string
  operatorId: string
  publicKey: string
  signCount: number
  aaguid: string
  transports: string[]
  backupEligible: boolean
  backedUp: boolean
  createdAt: number
  lastUsedAt: number | null
}

/** A session. It begins with the proof of a passkey, so `createdAt` is the time of that proof. */
export type OperatorSessionRow = {
  /** SHA-256 of the token in the cookie, base64url. */
  id: string
  operatorId: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  /** When it ends, however often it is used. */
  endsAt: number
}

/** The session in which an operator does something. `now`: by which it must not have expired. */
export type ActingSession = { id: string; operatorId: string; now: number }

/** An invitation. `id`: SHA-256 of the token in the link, base64url. */
export type InvitationRow = { id: string; operatorId: string; createdAt: number; expiresAt: number }

/** `cancelled`: the model of what is written about the guest of each way in that ends. */
export type EndOfWaysIn = { now: number; cancelled: Note }

/** `last_owner`: no other owner with a passkey would be left. Nothing was changed. */
export type OperatorChange = 'done' | 'unknown' | 'last_owner'

export interface OperatorReads {
  /** The oldest first. `invitedUntil`: when the last invitation expires that is not used, or null. */
  listOperators(key: {
    now: number
  }): Promise<(OperatorRow & { passkeys: number; invitedUntil: number | null })[]>
  /** Only a session that has not expired. */
  findOperatorSession(key: {
    id: string
    now: number
  }): Promise<(OperatorSessionRow & { operator: OperatorRow }) | undefined>
  /** Those that have not expired, the last used first. */
  listOperatorSessions(key: { operatorId: string; now: number }): Promise<OperatorSessionRow[]>
  findOperatorPasskey(key: {
    credentialId: string
  }): Promise<(OperatorPasskeyRow & { operator: OperatorRow }) | undefined>
  /** The oldest first. */
  listOperatorPasskeys(key: { operatorId: string }): Promise<OperatorPasskeyRow[]>
  /** The operator whom an invitation is for. Only an invitation that has not expired. */
  findInvitation(key: { id: string; now: number }): Promise<OperatorRow | undefined>
}

export interface OperatorWrites {
  /** Adds an operator without a passkey, and the invitation to make one. `taken`: another operator has the name. */
  addOperator(input: {
    operator: OperatorRow
    invitation: InvitationRow
    notes: Note[]
  }): Promise<'added' | 'taken'>
  /** Replaces the operator's earlier invitations. False if there is no such operator. */
  inviteOperator(input: { invitation: InvitationRow; notes: Note[] }): Promise<boolean>
  /**
   * Uses an invitation: the passkey becomes the operator's only one, all sessions of the operator end, and `session`
   * begins. `from`, the session of this browser, ends, also if it is another operator's. `unknown`: the invitation was
   * used, has expired, or was replaced. `taken`: somebody has this passkey.
   */
  redeemInvitation(input: {
    invitationId: string
    now: number
    passkey: OperatorPasskeyRow
    session: OperatorSessionRow
    from: string | undefined
    spent: Spent
    notes: Note[]
  }): Promise<'done' | 'unknown' | 'spent' | 'taken'>
  /** Adds one more passkey of an operator. */
  addOperatorPasskey(input: {
    passkey: OperatorPasskeyRow
    spent: Spent
    max: number
    notes: Note[]
  }): Promise<'done' | 'unknown' | 'spent' | 'taken' | 'too_many'>
  /**
   * Removes a passkey, and ends the operator's invitations, and the sessions but for `sessionId`: nobody knows which of them
   * it began. `last`: it is the only passkey.
   */
  removeOperatorPasskey(input: {
    operatorId: string
    credentialId: string
    sessionId: string
    notes: Note[]
  }): Promise<'done' | 'unknown' | 'last'>
  /**
   * Signs an operator in by a verified assertion. `from`, the session of this browser, ends, also if it is another
   * operator's, and so do the operator's least used ones beyond `maxSessions`. `unknown`: the passkey was removed.
   * `counter_regressed`: only the notes `regressed` were written.
   */
  signInOperator(input: {
    credentialId: string
    signCount: number
    backedUp: boolean
    spent: Spent
    session: OperatorSessionRow
    from: string | undefined
    maxSessions: number
    now: number
    notes: Note[]
    regressed: Note[]
  }): Promise<'done' | 'unknown' | 'spent' | 'counter_regressed'>
  /** Notes that the session was used. */
  touchOperatorSession(input: { id: string; now: number; expiresAt: number }): Promise<void>
  /**
   * Ends one session of the operator, or all, and then the invitations too, if the operator has a passkey. Writes the notes
   * if something ended. Resolves to the number of sessions.
   */
  endOperatorSessions(input: { operatorId: string; id: string | undefined; notes: Note[] }): Promise<number>
  /**
   * Gives an operator another role. Ends the sessions, the invitations of one who has a passkey, and the ways in of one who is
   * no owner then.
   */
  setOperatorRole(input: {
    id: string
    role: OperatorRole
    waysIn: EndOfWaysIn
    notes: Note[]
  }): Promise<OperatorChange>
  /** Removes an operator with the passkeys, sessions and invitations, and ends the ways in that the operator opened. */
  removeOperator(input: { id: string; waysIn: EndOfWaysIn; notes: Note[] }): Promise<OperatorChange>
}
