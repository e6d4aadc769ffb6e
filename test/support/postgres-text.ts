// Statements as PostgreSQL gets them.

import type { Connections } from '../../server/store/postgres/pool.ts'
import { read } from '../../server/store/postgres/transaction.ts'
import type { Statement } from '../../server/store/sql/statement.ts'

/**
 * The text of a statement as the driver sends it, for tables in this schema if one is given. One that finds nothing anyway is
 * not sent: then it is the text of the statement itself.
 */
export async function textOf(statement: Statement, schema?: string): Promise<string> {
  let text = statement.sql
  const query = async (sent: { text: string }) => {
    text = sent.text
    return { rows: [] }
  }
  const connection = { stream: { cork() {}, uncork() {} } }
  const pool = {
    connect: async () => ({ query, connection, release() {} }),
  } as unknown as Connections['pool']
  const end = async () => {}
  const connections = { pool, end, statementMilliseconds: 1000, prepared: true, ...(schema && { schema }) }
  await read(connections, { statements: [statement], outcome: () => undefined })
  return text
}
