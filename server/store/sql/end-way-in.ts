// What ends the way in of a guest, if there is one: see verbs and support/ways-in.ts.

import { type Statement, sql } from './statement.ts'

export const endWayIn = (anonymousId: string): Statement =>
  sql('DELETE FROM ways_in WHERE anonymous_id = ?', anonymousId)
