// Finds guests whom nobody can sign in as any more, for example because the other account was erased during a merge.

import { type Finding, warning } from './finding.ts'

const NAMED = 5

/**
 * The query that finds guests without a session, a way back or an open merge. It leaves out guests who signed out
 * themselves or were imported, and guests who were last seen more than `idleSeconds` ago. Each row: `anonymous_id`.
 */
export const strandedSql = (now: number, idleSeconds: number): string => `SELECT g.anonymous_id FROM guests g
  WHERE g.stage IN ('active', 'warned') AND g.promoted_at IS NULL AND g.last_seen_at > ${now - idleSeconds}
    AND ${['sessions', 'passkeys', 'device_keys', 'recovery_codes']
      .map((table) => `NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.anonymous_id = g.anonymous_id)`)
      .join(' AND ')}
    AND NOT EXISTS (SELECT 1 FROM merges m WHERE m.from_id = g.anonymous_id
      AND m.status IN ('offered', 'pending') AND m.expires_at > ${now})
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.anonymous_id = g.anonymous_id
      AND a.action IN ('guest.signed_out', 'guest.imported'))
  ORDER BY g.anonymous_id`

export function* checkStranded(ids: string[]): Generator<Finding> {
  if (ids.length === 0) return
  const named = ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? ', …' : '')
  yield warning(
    `store: ${ids.length} guest${ids.length === 1 ? ' has' : 's have'} no session and no way back, ` +
      `for example after a merge that failed (${named}); erase them with guests.erase(id), sign them in with ` +
      'guests.signInAs, or leave them: they expire by themselves',
  )
}
