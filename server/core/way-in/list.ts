// The ways in that are open, for those who watch over them.

import type { Context } from '../../context.ts'
import type { OperatorsWayIn } from '../../types.ts'
import { toWayIn, wayInName } from '../life/ways-in.ts'

/** The ways in that are neither used nor over, the one that opened or opens first at the front, at most `limit`. */
export async function listWaysIn(ctx: Context, limit: number): Promise<OperatorsWayIn[]> {
  const rows = await ctx.store.listWaysIn({ now: ctx.now(), limit })
  return rows.map((row) => ({
    id: wayInName(row),
    anonymous_id: row.anonymousId,
    ...toWayIn(row),
    opened_by: row.openedBy,
    approved_by: row.approvedBy,
  }))
}
