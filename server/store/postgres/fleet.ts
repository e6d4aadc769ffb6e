// How nodes on one PostgreSQL database see each other's versions: by the names of their connections.

import type { ClientBase } from 'pg'
import { migrations } from '../sql/migrations.ts'
import { STEPS_TABLE } from '../sql/schema-objects.ts'
import { BEFORE_STEPS, newerVersions, versionWith } from '../sql/schema-steps.ts'
import { qualify } from './qualify.ts'

/** PostgreSQL cuts longer names. */
const MAX_NAME = 63

/** The name of a connection: how many steps of the schema this version knows, and where its tables are. */
export const applicationName = (schema?: string | undefined): string =>
  `guestkey/${migrations.length}${schema ? `/${schema}` : ''}`.slice(0, MAX_NAME)

/** The other versions that use these tables now, in words: see `Store.otherVersions`. */
export async function otherVersions(
  client: Pick<ClientBase, 'query'>,
  schema: string | undefined,
): Promise<string[]> {
  const { rows } = await client.query<{ step: number }>(qualify(`SELECT step FROM ${STEPS_TABLE}`, schema))
  const found = await connectionsOf(client)
  const beside = found.flatMap(({ name, first }) => versionOf(name, schema ?? first, first))
  return [...new Set([...newerVersions(rows.map(({ step }) => step)), ...beside])]
}

/**
 * The names of all connections of ours, and the schema where one without the option finds its tables. None if the database
 * shows no connections (SQLSTATE 42…), as one that only speaks PostgreSQL's protocol may not.
 */
async function connectionsOf(client: Pick<ClientBase, 'query'>): Promise<{ name: string; first: string }[]> {
  try {
    const { rows } = await client.query<{ name: string; first: string }>(
      `SELECT DISTINCT application_name AS name, current_schema() AS first FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'guestkey%'`,
    )
    return rows
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('42')) return []
    throw error
  }
}

/**
 * The version of the node with this name, unless it is this one or uses other tables than those in `ours`. `first`: where a
 * node without the option `schema` has its tables, such as all up to 0.5.0, whose name is `guestkey`.
 */
function versionOf(name: string, ours: string, first: string): string[] {
  const [plain, steps] = /^guestkey(?:\/(\d+))?/.exec(name)!
  const isHere = name === plain ? first === ours : name === `${plain}/${ours}`.slice(0, MAX_NAME)
  if (!isHere || Number(steps) === migrations.length) return []
  return [steps === undefined ? BEFORE_STEPS : versionWith(Number(steps))]
}
