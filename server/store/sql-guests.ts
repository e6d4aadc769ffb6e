// Guests: their rows.

import type { Reads } from './sql.ts'
import { ask, sql } from './sql.ts'
import { guestColumns, toGuest } from './sql-rows.ts'

export const guestReads = {
  findGuest: ({ anonymousId }) =>
    ask(
      sql(`SELECT ${guestColumns} FROM guests WHERE anonymous_id = ?`, anonymousId),
      ([row]) => row && toGuest(row),
    ),
} satisfies Partial<Reads>
