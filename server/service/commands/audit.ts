// `guestkey audit`: the audit trail, as lines of JSON.

import { type Command, misuse, say } from './command.ts'
import { withGuests } from './with-guests.ts'

const DEFAULT_ENTRIES = 1000

export const audit: Command = {
  options: { guest: { type: 'string' }, since: { type: 'string' }, limit: { type: 'string' } },
  help: `
guestkey audit [--guest <anonymous_id>] [--since <time>] [--limit <n>]

Prints the entries of the audit trail, the newest first, as one line of JSON each: at (Unix seconds), anonymous_id,
session_id, action, and outcome (done, or why it was refused). It prints at most 1,000 lines; --limit changes that.
Write <time> like 2030-01-31 (the beginning of that day, UTC) or 2030-01-31T12:00:00Z.

  guestkey audit --since 2030-01-31 | grep guest.merged`,

  async run({ values: { guest, since, limit } }) {
    const from = since === undefined ? 0 : Date.parse(String(since)) / 1000
    if (Number.isNaN(from)) throw misuse(`--since ${since} is not a time; write it like 2030-01-31.`)
    const most = limit === undefined ? DEFAULT_ENTRIES : Number(limit)
    if (!Number.isSafeInteger(most) || most < 1) throw misuse(`--limit ${limit} is not a number of lines.`)
    return withGuests(async (guests) => {
      const entries = await guests.auditTrail({
        ...(guest !== undefined && { anonymousId: String(guest) }),
        since: Math.floor(from),
        limit: most,
      })
      for (const entry of entries) say(JSON.stringify(entry))
      return 0
    })
  },
}
