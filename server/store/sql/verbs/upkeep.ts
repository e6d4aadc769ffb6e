// The SQL of the background jobs and of the deployment: due guests, expired rows, signing keys, who holds which job, and the
// settings.

import type { ChangedSettings, Stage } from '../../store.ts'
import { bucket, guestBucket, guestBucketOthers, migrations } from '../migrations.ts'
import { notesOfEnds } from '../notes.ts'
import {
  guestColumns,
  insertNotes,
  numberOrNull,
  signingKeyColumns,
  toGuestRow,
  toSigningKeyRow,
} from '../rows.ts'
import {
  type Ask,
  alreadyWritten,
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
import { toRecoverability, wayBack } from '../way-back.ts'
import { deleteSessions, endedAmong } from './session-state.ts'

/** Two conditions that together match every guest: those in a bucket and the others. Each has its own index. */
const everyGuest = [`${guestBucket} IN ${buckets}`, guestBucketOthers]

const inAllBuckets = <T>(statement: (whose: string) => Statement, read: (row: Row) => T): Ask<T[]> => ({
  statements: everyGuest.map(statement),
  outcome: (...found) => found.flat().map(read),
})

export const upkeepReads = {
  readClock: () => ask(sql('SELECT unix_now() AS now'), ([row]) => Number(row!.now)),

  listJobs: () =>
    // The row of `tryToWrite` is of no job.
    ask(
      sql("SELECT name, last_run_at, taken_until FROM chores WHERE name <> 'try to write' ORDER BY name"),
      (rows) =>
        rows.map(({ name, last_run_at, taken_until }) => ({
          name: name as string,
          lastRunAt: numberOrNull(last_run_at),
          claimedUntil: Number(taken_until),
        })),
    ),

  readSettings: () => ask(findSettings, toSettings),

  listSigningKeys: () =>
    ask(sql(`SELECT ${signingKeyColumns} FROM signing_keys ORDER BY generation`), (rows) =>
      rows.map(toSigningKeyRow),
    ),

  listDueGuests: ({ now, limit }) =>
    inAllBuckets(
      (whose) =>
        sql(
          `SELECT ${guestColumns}, due_at, ${wayBack('guests.anonymous_id')}
          FROM guests WHERE ${whose} AND due_at <= ? LIMIT ?`,
          now,
          limit,
        ),
      (row) => ({ ...toGuestRow(row), dueAt: Number(row.due_at), recoverability: toRecoverability(row) }),
    ),

  countDueGuests: ({ now }) =>
    inAllBuckets(
      (whose) =>
        sql(
          `SELECT collection, stage, COUNT(*) AS guests FROM guests
          WHERE ${whose} AND due_at <= ? AND expires_at IS NOT NULL AND promoted_at IS NULL
          GROUP BY collection, stage ORDER BY collection, stage`,
          now,
        ),
      ({ collection, stage, guests }) => ({
        collection: collection as string,
        stage: stage as Stage,
        guests: Number(guests),
      }),
    ),
} satisfies Partial<Reads>

export const upkeepWrites = {
  *moveGuests({ guests, ending }): Steps<string[]> {
    const found = yield guests.map(({ anonymousId, dueAt, stage, to, retained }) =>
      sql(
        `UPDATE guests SET stage = ?, expires_at = ?, due_at = ?
        WHERE anonymous_id = ? AND stage = ? AND due_at = ? ${to === 'active' ? '' : 'AND promoted_at IS NULL'}
        RETURNING anonymous_id`,
        to,
        retained.expiresAt,
        retained.dueAt,
        anonymousId,
        stage,
        dueAt,
      ),
    )
    const over = guests.filter((_, i) => found[i]!.length > 0)
    const expired = over.filter(({ to }) => to === 'expired')
    const deleted = yield expired.map(({ anonymousId }) => deleteSessions(anonymousId, undefined))
    const notes = [
      ...notesOfEnds(ending, endedAmong(deleted.flat())),
      ...over.flatMap((guest) => guest.notes),
    ]
    return {
      statements: [alreadyWritten, ...insertNotes(notes)],
      outcome: () => over.map(({ anonymousId }) => anonymousId),
    }
  },

  *deleteExpired({ before, auditBefore, limit, ending, replaced }): Steps<number> {
    const [sessions, ...others] = yield [
      sql(
        `DELETE FROM sessions WHERE expires_at < ? AND (anonymous_id, id) IN
          (SELECT anonymous_id, id FROM sessions WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?)
          RETURNING anonymous_id, id, replaced_at`,
        before,
        before,
        limit,
      ),
      sql(
        `DELETE FROM spent WHERE expires_at < ? AND id IN
          (SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?) RETURNING id`,
        before,
        before,
        limit,
      ),
      sql(
        `DELETE FROM merges WHERE expires_at < ? AND id IN
          (SELECT id FROM merges WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?) RETURNING id`,
        before,
        before,
        limit,
      ),
      ...everyGuest.map((whose) =>
        sql(
          `DELETE FROM audit WHERE at < ? AND (anonymous_id, at, id) IN
            (SELECT anonymous_id, at, id FROM audit WHERE ${whose} AND at < ? LIMIT ?) RETURNING id`,
          auditBefore,
          auditBefore,
          limit,
        ),
      ),
      sql(
        `DELETE FROM outbox WHERE created_at < ? AND id IN
          (SELECT id FROM outbox WHERE ${bucket} IN ${buckets} AND created_at < ? LIMIT ?) RETURNING id`,
        auditBefore,
        auditBefore,
        limit,
      ),
      ...['codes', 'limits', 'ways_in'].map((table) =>
        sql(
          `DELETE FROM ${table} WHERE expires_at < ? AND id IN
            (SELECT id FROM ${table} WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?) RETURNING id`,
          before,
          before,
          limit,
        ),
      ),
      sql('DELETE FROM signing_keys WHERE retires_at < ? RETURNING generation', before),
      ...['operator_sessions', 'operator_invitations'].map((table) =>
        sql(`DELETE FROM ${table} WHERE expires_at < ? RETURNING id`, before),
      ),
    ]
    const count = others.reduce((sum, { length }) => sum + length, sessions.length)
    const isReplaced = ({ replaced_at }: Row) => replaced_at !== null
    const notes = [
      ...notesOfEnds(ending, endedAmong(sessions.filter((row) => !isReplaced(row)))),
      ...notesOfEnds(replaced, endedAmong(sessions.filter(isReplaced))),
    ]
    return {
      statements: [alreadyWritten, ...insertNotes(notes)],
      outcome: () => count,
    }
  },

  *addSigningKey({ key, previousRetiresAt, kept = [], notes = [] }): Steps<boolean> {
    const [[there]] = yield [sql('SELECT 1 AS there FROM signing_keys WHERE generation = ?', key.generation)]
    if (there) return noWrites(false)
    return {
      statements: [
        insert('signing_keys', {
          generation: key.generation,
          kid: key.kid,
          algorithm: key.algorithm,
          public_key: key.publicKey,
          private_key: key.privateKey,
          signs_from: key.signsFrom,
        }),
        ...(previousRetiresAt === null
          ? []
          : [
              sql(
                `UPDATE signing_keys SET retires_at = ? WHERE generation < ? AND retires_at IS NULL${' AND generation <> ?'.repeat(kept.length)}`,
                previousRetiresAt,
                key.generation,
                ...kept,
              ),
            ]),
        ...insertNotes(notes),
      ],
      outcome: () => true,
    }
  },

  reencryptSigningKey: ({ generation, privateKey }) =>
    ask(
      sql('UPDATE signing_keys SET private_key = ? WHERE generation = ?', privateKey, generation),
      () => undefined,
    ),

  *changeSettings({ settings }): Steps<ChangedSettings> {
    const before = toSettings((yield [{ ...findSettings, lock: true }])[0])
    const done = settings.filter(({ name, change }) => change !== null || Object.hasOwn(before.changes, name))
    if (done.length === 0) return noWrites(before)
    const changed = new Map(Object.entries(before.changes))
    for (const { name, change } of done) {
      if (change) changed.set(name, change)
      else changed.delete(name)
    }
    const after = { version: before.version + 1, changes: Object.fromEntries(changed) }
    const { version } = after
    const changes = JSON.stringify(after.changes)
    return {
      statements: [
        // If another node inserts the row first, this fails as a duplicate and the verb starts again.
        before.version === 0
          ? insert('live_settings', { id: SETTINGS, version, changes })
          : sql('UPDATE live_settings SET version = ?, changes = ? WHERE id = ?', version, changes, SETTINGS),
        ...insertNotes(done.map(({ note }) => note)),
      ],
      outcome: () => after,
    }
  },

  *claimJob({ name, holder, now, until, again }): Steps<boolean> {
    const [[row]] = yield [sql('SELECT holder FROM chores WHERE name = ?', name)]
    const mine = `${holder}/${migrations.length}`
    const held = row?.holder as string | undefined
    const mayTake = held && ((again && held === mine) || stepsKnownBy(held) < migrations.length)
    // A node that goes on with a job, or waits with it, does not begin it.
    const claim = insert(
      'chores',
      { name, holder: mine, taken_until: until, ...(!again && { last_run_at: now }) },
      `ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, taken_until = excluded.taken_until
      ${again ? '' : ', last_run_at = excluded.last_run_at'}
      WHERE chores.taken_until <= ? OR chores.holder = ? RETURNING name`,
      now,
      mayTake ? held : '',
    )
    return ask(claim, (rows) => rows.length > 0)
  },
} satisfies Partial<Writes>

/** The id of the one row of `live_settings`. */
const SETTINGS = 'settings'

const findSettings = sql('SELECT version, changes FROM live_settings WHERE id = ?', SETTINGS)

const toSettings = ([row]: Row[]): ChangedSettings => ({
  version: Number(row?.version ?? 0),
  changes: row ? JSON.parse(row.changes as string) : {},
})

/** How many steps of the schema the holder of a job knows. Nodes up to 0.5.0 do not say. */
const stepsKnownBy = (holder: string): number => Number(/\/(\d+)$/.exec(holder)?.[1] ?? 0)
