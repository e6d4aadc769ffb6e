// The SQL of device keys: added, listed, renamed, removed, and revoked with sessions. A sign-in by one is in sign-in.ts.

import { hasPasskey } from '../../../rules/recoverability.ts'
import type { DeviceKeyOutcome, DeviceKeyRow, Note, SessionRef, SessionRow } from '../../store.ts'
import { toWhoIs, whoIs } from '../about-guest.ts'
import { noteForEach } from '../notes.ts'
import { insertNotes, insertSpent, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
  ask,
  insert,
  noWrites,
  type Reads,
  type Row,
  type RowSets,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findConfirmedCode, findWayBack, toRecoverability } from '../way-back.ts'
import { insertKept } from './guests.ts'
import { findSessionState, hasEnded, sessionIdOf } from './session-state.ts'

const deviceKeyColumns = 'id, anonymous_id, public_key, algorithm, name, created_at, last_used_at'

export const deviceKeyReads = {
  listDeviceKeys: ({ anonymousId }) =>
    ask(
      sql(
        `SELECT ${deviceKeyColumns} FROM device_keys WHERE anonymous_id = ? ORDER BY created_at, id`,
        anonymousId,
      ),
      (rows) => rows.map(toDeviceKeyRow),
    ),
  findDeviceKey: ({ id }) =>
    ask(
      sql(`SELECT ${deviceKeyColumns}, ${whoIs('d.anonymous_id')} FROM device_keys d WHERE d.id = ?`, id),
      ([row]) => row && { ...toDeviceKeyRow(row), ...toWhoIs(row) },
    ),
} satisfies Partial<Reads>

export const deviceKeyWrites = {
  *addDeviceKey({
    key,
    from,
    isProven,
    keep,
    spent,
    maxDeviceKeys,
    retained,
    notes,
  }): Steps<DeviceKeyOutcome> {
    const { anonymousId } = key
    // There may be no guest to lock yet. If another process keeps the guest first, the insert fails as a duplicate and
    // the verb starts again.
    const [[known], found, [earlier], keys, [taken], [wayBack] = []] = yield [
      lockGuest(anonymousId),
      findSessionState(from),
      sql('SELECT result FROM spent WHERE id = ?', spent.id),
      deviceKeyIdsOf(anonymousId),
      sql(`SELECT ${deviceKeyColumns} FROM device_keys WHERE id = ?`, key.id),
      findWayBack(anonymousId),
    ]
    if (hasEnded(from, found) || known?.stage === 'merged' || (!known && !keep))
      return noWrites({ outcome: 'ended' })
    const recoverability = toRecoverability(wayBack)
    const isMine = taken?.anonymous_id === anonymousId
    if (earlier && (!isMine || earlier.result !== key.id)) return noWrites({ outcome: 'spent' })
    if (isMine)
      return noWrites({
        outcome: 'repeated',
        key: toDeviceKeyRow(taken),
        recoverability,
        guestExpiresAt: numberOrNull(known?.guest_expires_at),
      })
    if (taken) return noWrites({ outcome: 'taken' })
    const isProtected = hasPasskey(recoverability)
    if (isProtected && !isProven) return noWrites({ outcome: 'unproven' })
    if (keys.length >= maxDeviceKeys) return noWrites({ outcome: 'too_many' })
    const next = isProtected ? recoverability : 'device'
    const promised = retainedWith(retained, next, known?.promoted_at)
    return {
      statements: [
        ...(known
          ? [seeGuest(anonymousId, key.createdAt, promised)]
          : insertKept({ ...keep!, retained: promised })),
        insert('device_keys', {
          id: key.id,
          anonymous_id: anonymousId,
          public_key: key.publicKey,
          algorithm: key.algorithm,
          name: key.name,
          created_at: key.createdAt,
          last_used_at: key.lastUsedAt,
          session_id: sessionIdOf(from),
        }),
        insertSpent(spent, key.id),
        ...insertNotes(notes),
      ],
      outcome: () => ({
        outcome: 'added',
        kept: !known,
        recoverability: next,
        guestExpiresAt: promised.expiresAt,
      }),
      trace: sql('SELECT result FROM spent WHERE id = ? AND result = ?', spent.id, key.id),
    }
  },

  renameDeviceKey: ({ anonymousId, id, name }) =>
    ask(
      sql(
        `UPDATE device_keys SET name = ? WHERE id = ? AND anonymous_id = ? RETURNING ${deviceKeyColumns}`,
        name,
        id,
        anonymousId,
      ),
      ([row]) => row && toDeviceKeyRow(row),
    ),

  *removeDeviceKey({
    anonymousId,
    id,
    force,
    isProven,
    notes,
  }): Steps<'removed' | 'last' | 'unproven' | 'not_found'> {
    const [[guest], keys, [wayBack], [code]] = yield [
      lockGuest(anonymousId),
      deviceKeyIdsOf(anonymousId),
      findWayBack(anonymousId),
      findConfirmedCode(anonymousId),
    ]
    if (!keys.some((one) => one.id === id)) return noWrites('not_found')
    const isProtected = hasPasskey(toRecoverability(wayBack))
    if (isProtected && !isProven) return noWrites('unproven')
    const isLast = keys.length === 1 && !isProtected && !code && numberOrNull(guest?.promoted_at) === null
    if (isLast && !force) return noWrites('last')
    return {
      statements: [sql('DELETE FROM device_keys WHERE id = ?', id), ...insertNotes(notes)],
      outcome: () => 'removed',
    }
  },
} satisfies Partial<Writes>

export const deviceKeyIdsOf = (anonymousId: string): Statement =>
  sql('SELECT id FROM device_keys WHERE anonymous_id = ?', anonymousId)

const toDeviceKeyRow = (row: Row): DeviceKeyRow => ({
  id: row.id as string,
  anonymousId: row.anonymous_id as string,
  publicKey: row.public_key as string,
  algorithm: row.algorithm as DeviceKeyRow['algorithm'],
  name: row.name as string,
  createdAt: Number(row.created_at),
  lastUsedAt: numberOrNull(row.last_used_at),
})

/** The ids of the removed keys, and what to write about each of them. */
export type RevokedKeys = { ids: string[]; notes: Note[] }

/**
 * Removes the device keys of the session `of`, or of all sessions but `except`: a browser that was signed out must not
 * come back by its key on its own. The caller must have locked the guest.
 */
export function* revokeDeviceKeys(
  anonymousId: string,
  where: { of: string } | { except: string | undefined },
  revocation: Note | undefined,
): Generator<Statement[], RevokedKeys, RowSets> {
  const [revoked] = yield [
    'of' in where
      ? sql(
          'DELETE FROM device_keys WHERE anonymous_id = ? AND session_id = ? RETURNING id',
          anonymousId,
          where.of,
        )
      : deleteDeviceKeys(anonymousId, where.except),
  ]
  return revokedAmong(revoked, revocation)
}

export const deleteDeviceKeys = (anonymousId: string, except: string | undefined): Statement =>
  sql(
    'DELETE FROM device_keys WHERE anonymous_id = ? AND session_id <> ? RETURNING id',
    anonymousId,
    except ?? '',
  )

export function revokedAmong(deleted: Row[], revocation: Note | undefined): RevokedKeys {
  const ids = deleted.map(({ id }) => id as string)
  const about = ids.map((id) => ({ device_key_id: id }))
  return { ids, notes: revocation ? noteForEach(revocation, about) : [] }
}

/** Moves a browser's device key to its new session, if that session is the same guest's. */
export const moveDeviceKey = (from: SessionRef | undefined, to: SessionRow): Statement[] =>
  from?.anonymousId === to.anonymousId
    ? [
        sql(
          'UPDATE device_keys SET session_id = ? WHERE anonymous_id = ? AND session_id = ?',
          to.id,
          to.anonymousId,
          sessionIdOf(from),
        ),
      ]
    : []
