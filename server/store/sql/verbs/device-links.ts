// The SQL of device links, by which a guest signs in on another device. A row lives for minutes. Each step clears what
// it no longer needs.

import { decideLink } from '../../../rules/device-link.ts'
import type { DecideLinkOutcome, DeviceInfo, DeviceLinkRow, LinkProof, OpenLinkOutcome } from '../../store.ts'
import { bucket } from '../migrations.ts'
import { insertNotes, lockGuest } from '../rows.ts'
import {
  ask,
  buckets,
  insert,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { insertKept } from './guests.ts'
import { sealedSessionId } from './sealed-ends.ts'
import { findSessionState, hasEnded } from './session-state.ts'

/** Whether the session that made the link `l` is alive, stored or sealed. Its `?` is the current time. */
const makerLives = `(EXISTS (SELECT 1 FROM sessions s
    WHERE s.anonymous_id = l.anonymous_id AND s.id = l.session_id AND s.expires_at > ?)
  OR (l.session_id = l.anonymous_id
    AND NOT EXISTS (SELECT 1 FROM guests g WHERE g.anonymous_id = l.anonymous_id)
    AND NOT EXISTS (SELECT 1 FROM spent p WHERE p.id = '${sealedSessionId('')}' || l.anonymous_id)))`

const linkColumns = `id, anonymous_id, session_id, status, opened_in, opened_for, words, asking, result, expires_at,
  CASE WHEN ${makerLives} THEN 1 ELSE 0 END AS alive`

export const deviceLinkReads = {
  findDeviceLink: (key) =>
    ask(
      'id' in key ? findById(key.id, key.now) : findByOpener(key.opener, key.now),
      ([row]) => row && toDeviceLinkRow(row),
    ),

  listDeviceLinks: ({ anonymousId, now }) =>
    ask(
      sql(
        `SELECT ${linkColumns} FROM device_links l WHERE anonymous_id = ? AND expires_at > ? ORDER BY id`,
        now,
        anonymousId,
        now,
      ),
      (rows) => rows.map(toDeviceLinkRow),
    ),
} satisfies Partial<Reads>

export const deviceLinkWrites = {
  *addDeviceLink({ link, from, now }): Steps<'added' | 'taken' | 'ended'> {
    const [, found, [taken]] = yield [
      lockGuest(link.anonymousId),
      findSessionState(from),
      sql('SELECT 1 AS taken FROM device_links WHERE locator = ? AND expires_at > ?', link.locator, now),
    ]
    if (hasEnded(from, found)) return noWrites('ended')
    if (taken) return noWrites('taken')
    return {
      statements: [
        sql('DELETE FROM device_links WHERE locator = ? AND expires_at <= ?', link.locator, now),
        sql(
          'DELETE FROM device_links WHERE anonymous_id = ? AND session_id = ?',
          link.anonymousId,
          link.sessionId,
        ),
        insert('device_links', {
          id: link.id,
          locator: link.locator,
          code: link.code,
          secret: link.secret,
          tries_left: link.triesLeft,
          anonymous_id: link.anonymousId,
          session_id: link.sessionId,
          label: link.label,
          status: 'waiting',
          expires_at: link.expiresAt,
        }),
      ],
      outcome: () => 'added',
      trace: sql('SELECT 1 AS there FROM device_links WHERE id = ?', link.id),
    }
  },

  *openDeviceLink(input): Steps<OpenLinkOutcome> {
    const { proof, opener, here, client, leave, words, asking, now, expiresAt } = input
    const [[row]] = yield [findToOpen(proof, now)]
    if (row?.status !== 'waiting' || !row.alive) return noWrites({ outcome: 'unknown' })
    const id = row.id as string
    if (!opens(proof, row)) {
      if (!('codes' in proof)) return noWrites({ outcome: 'unknown' })
      return {
        statements: [
          sql('UPDATE device_links SET tries_left = tries_left - 1 WHERE id = ?', id),
          sql('DELETE FROM device_links WHERE id = ? AND tries_left <= 0', id),
        ],
        outcome: () => ({ outcome: 'unknown' }),
      }
    }
    if (here?.anonymousId === row.anonymous_id) return noWrites({ outcome: 'own' })
    if (here && !leave) return noWrites({ outcome: 'other' })
    return {
      statements: [
        // Locator, code and secret are deleted, so that nothing can open the link again.
        sql(
          `UPDATE device_links SET status = 'opened', locator = NULL, code = NULL, secret = NULL, label = NULL,
            opener = ?, opened_in = ?, opened_for = ?, words = ?, asking = ?, expires_at = ? WHERE id = ?`,
          opener,
          here?.sessionId ?? null,
          client,
          words.join(' '),
          JSON.stringify(asking),
          expiresAt,
          id,
        ),
      ],
      outcome: () => ({ outcome: 'opened', label: row.label as string }),
      trace: sql('SELECT 1 AS there FROM device_links WHERE opener = ?', opener),
    }
  },

  *decideDeviceLink({ id, anonymousId, sessionId, approve, now, keep, notes }): Steps<DecideLinkOutcome> {
    // The guest is locked first, as in a sign-in by this link, so that the two never deadlock.
    const [[known], [row]] = yield [lockGuest(anonymousId), { ...findById(id, now), lock: true as const }]
    const link = row && toDeviceLinkRow(row)
    const by = { anonymousId, sessionId }
    const decision = decideLink({ link, by, approve, isKept: Boolean(known), mayKeep: keep !== undefined })
    if (!link || decision.outcome === 'unknown') return noWrites({ outcome: 'unknown' })
    if (decision.outcome === 'undecidable') return noWrites({ outcome: 'undecidable' })
    if (decision.outcome === 'repeated') return noWrites({ outcome: 'decided', kept: false, link })
    const { status, keeps } = decision
    return {
      statements: [
        ...(keeps ? insertKept(keep!) : []),
        sql('UPDATE device_links SET status = ?, words = NULL, asking = NULL WHERE id = ?', status, id),
        ...insertNotes(approve ? [] : notes),
      ],
      outcome: () => ({
        outcome: 'decided',
        kept: keeps,
        link: { ...link, status, words: null, asking: null },
      }),
    }
  },

  removeDeviceLink: ({ id, anonymousId, sessionId }) =>
    ask(
      sql(
        'DELETE FROM device_links WHERE id = ? AND anonymous_id = ? AND session_id = ? RETURNING id',
        id,
        anonymousId,
        sessionId,
      ),
      (rows) => rows.length > 0,
    ),

  deleteExpiredDeviceLinks: ({ now, limit }) =>
    ask(
      sql(
        `DELETE FROM device_links WHERE expires_at <= ? AND id IN
          (SELECT id FROM device_links WHERE ${bucket} IN ${buckets} AND expires_at <= ? LIMIT ?) RETURNING id`,
        now,
        now,
        limit,
      ),
      (rows) => rows.length,
    ),
} satisfies Partial<Writes>

/** Finds an approved link whose session is still alive. */
export const findApproved = (id: string, now: number): Statement =>
  sql(
    `SELECT anonymous_id FROM device_links l
    WHERE id = ? AND status = 'approved' AND expires_at > ? AND ${makerLives}`,
    id,
    now,
    now,
  )

const findById = (id: string, now: number): Statement =>
  sql(`SELECT ${linkColumns} FROM device_links l WHERE id = ? AND expires_at > ?`, now, id, now)

const findByOpener = (opener: string, now: number): Statement =>
  sql(`SELECT ${linkColumns} FROM device_links l WHERE opener = ? AND expires_at > ?`, now, opener, now)

/** Locks the link, so that attempts at once wait for each other: only one opens it, and each wrong one counts. */
function findToOpen(proof: LinkProof, now: number): Statement {
  const columns = `id, anonymous_id, label, code, secret, tries_left, status,
    CASE WHEN ${makerLives} THEN 1 ELSE 0 END AS alive`
  const statement =
    'codes' in proof
      ? sql(
          `SELECT ${columns} FROM device_links l WHERE locator = ? AND expires_at > ?`,
          now,
          proof.locator,
          now,
        )
      : sql(`SELECT ${columns} FROM device_links l WHERE id = ? AND expires_at > ?`, now, proof.id, now)
  return { ...statement, lock: true }
}

const opens = (proof: LinkProof, { code, secret }: Row): boolean =>
  'codes' in proof ? proof.codes.includes(code as string) : proof.secret === secret

const toDeviceLinkRow = (row: Row): DeviceLinkRow => ({
  id: row.id as string,
  anonymousId: row.anonymous_id as string,
  sessionId: row.session_id as string,
  status: row.status as DeviceLinkRow['status'],
  openedIn: row.opened_in as string | null,
  openedFor: row.opened_for as string | null,
  words: row.words === null ? null : (row.words as string).split(' '),
  asking: row.asking === null ? null : (JSON.parse(row.asking as string) as DeviceInfo),
  result: row.result as string | null,
  expiresAt: Number(row.expires_at),
  alive: Boolean(row.alive),
})
