// The lock of all operators. Two owners who remove each other at once must not both succeed, and no way in may be opened or
// approved while somebody changes who the operators are. A verb about one operator that locks its row waits for this too.

import { type Statement, sql } from '../statement.ts'

/** All operators, with the number of their passkeys. */
export const lockOperators: Statement = {
  ...sql(
    `SELECT o.id, o.role,
      (SELECT COUNT(*) FROM operator_passkeys p WHERE p.operator_id = o.id) AS passkeys
    FROM operators o ORDER BY o.id`,
  ),
  lock: true,
}
