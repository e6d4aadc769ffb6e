// What keeps the store in order, and who does it: clean-up, signing keys, chores.

import { bucket } from './migrations.ts'
import type { Reads, Writes } from './sql.ts'
import { ask, buckets, only, type Steps, sql } from './sql.ts'
import { signingKeyColumns, toSigningKey } from './sql-rows.ts'

export const upkeepReads = {
  listSigningKeys: () =>
    ask(sql(`SELECT ${signingKeyColumns} FROM signing_keys ORDER BY generation`), (rows) =>
      rows.map(toSigningKey),
    ),
} satisfies Partial<Reads>

export const upkeepWrites = {
  sweep: ({ before, limit }) => ({
    statements: [
      sql(
        `DELETE FROM spent WHERE expires_at < ? AND id IN
          (SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?) RETURNING id`,
        ...[before, before, limit],
      ),
      sql(
        `DELETE FROM sessions WHERE expires_at < ? AND (anonymous_id, id) IN
          (SELECT anonymous_id, id FROM sessions WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?)
          RETURNING id`,
        ...[before, before, limit],
      ),
      sql('DELETE FROM signing_keys WHERE retires_at < ? RETURNING generation', before),
    ],
    outcome: (...swept) => swept.reduce((count, { length }) => count + length, 0),
  }),

  *addSigningKey({ key, previousRetiresAt }): Steps<boolean> {
    const [[there]] = yield [sql('SELECT 1 AS there FROM signing_keys WHERE generation = ?', key.generation)]
    if (there) return only(false)
    return {
      statements: [
        sql(
          `INSERT INTO signing_keys (${signingKeyColumns}) VALUES (?, ?, ?, ?, ?, ?, NULL)`,
          ...[key.generation, key.kid, key.algorithm, key.publicKey, key.privateKey, key.signsFrom],
        ),
        ...(previousRetiresAt === null
          ? []
          : [
              sql(
                'UPDATE signing_keys SET retires_at = ? WHERE generation < ? AND retires_at IS NULL',
                previousRetiresAt,
                key.generation,
              ),
            ]),
      ],
      outcome: () => true,
    }
  },

  reencryptSigningKey: ({ generation, privateKey }) =>
    ask(
      sql('UPDATE signing_keys SET private_key = ? WHERE generation = ?', privateKey, generation),
      () => undefined,
    ),

  takeChore: ({ name, holder, now, until, again }) =>
    ask(
      sql(
        `INSERT INTO chores (name, holder, taken_until) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, taken_until = excluded.taken_until
        WHERE chores.taken_until <= ? OR chores.holder = ? RETURNING name`,
        name,
        holder,
        until,
        now,
        again ? holder : '',
      ),
      (rows) => rows.length > 0,
    ),
} satisfies Partial<Writes>
