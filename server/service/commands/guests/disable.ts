// `guestkey disable`: signs a guest out everywhere, and lets nobody in as this guest.

import type { DisableReason } from '../../../types.ts'
import { type Command, misuse, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

const SECONDS = { m: 60, h: 3600, d: 86_400 }

/** Unix seconds: of a date, or after a duration from now. Throws if it is neither. */
function timeIn(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const time = unit
    ? Date.now() / 1000 + Number(count) * SECONDS[unit as keyof typeof SECONDS]
    : Date.parse(text) / 1000
  if (Number.isNaN(time))
    throw misuse(`--until ${text} is no time. Write a date like 2030-01-31, or 90m, 12h or 30d from now.`)
  return Math.floor(time)
}

export const disable: Command = {
  operands: ['anonymous_id'],
  options: { until: { type: 'string' }, reason: { type: 'string' } },
  help: `
guestkey disable <anonymous_id> [--until <time>] [--reason <reason>]

Ends all sessions of a guest on all nodes, and lets nobody in as this guest until <time>, or until guestkey enable.
Whoever proves to be the guest is answered guest_disabled. Passkeys, device keys, recovery codes and login IDs stay, and
work again when the guest is enabled. A second call replaces both; what you leave out gets its default. A guest who is
not kept has only its session, so it does not come back: guestkey cannot tell whether such an id is anybody's.

Write <time> like 2030-01-31 (the beginning of that day, UTC), like 2030-01-31T12:00:00Z, or like 90m, 12h or 30d from
now. Default: until guestkey enable. <reason> is abuse, compromised, requested, legal or other (the default): the event
guest.disabled has it.

  guestkey disable 3q2-7wAAAAAAAAAAAAAAAA --until 30d --reason abuse`,

  async run({ values: { until, reason }, operands: [id] }) {
    const time = until === undefined ? null : timeIn(String(until))
    return withGuests(async (guests) => {
      await guests.disable(id!, {
        until: time,
        ...(reason !== undefined && { reason: reason as DisableReason }),
      })
      const end = time === null ? 'guestkey enable' : new Date(time * 1000).toISOString()
      say(`Disabled until ${end}: ${id}.`)
      return 0
    })
  },
}
