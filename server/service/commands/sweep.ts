// `guestkey sweep`: what the service does every minute with guests whose time is over, now or as a count.

import type { DueGuests } from '../../types.ts'
import type { Command } from './command.ts'
import { createProgress, formatCount } from './progress.ts'
import { withGuests } from './with-guests.ts'

export const sweep: Command = {
  options: { 'dry-run': { type: 'boolean' } },
  help: `
guestkey sweep [--dry-run]

Warns guests who were not seen for long, lets those expire whose time is over, and erases those whose grace is over,
in small batches that let the service write in between. The service does this by itself every minute; with --dry-run
it only says how many there are. Nobody is dealt with before an hour after the time, in case that a clock is ahead.

  DATABASE_URL=postgres://… guestkey sweep --dry-run

An app that embeds guestkey calls guests.sweep() instead, for its own options and its beforeExpire hook count there,
and not here.`,

  run: ({ values }) =>
    withGuests(async (guests) => {
      const due = await guests.sweep({ dryRun: true })
      if (values['dry-run']) {
        say('Now would be', due)
        return 0
      }
      const total = due.warned + due.expired + due.erased
      const progress = createProgress('sweeping', total, 'guests')
      let done = 0
      const swept = await guests.sweep({
        onProgress(more) {
          done = Math.min(total, done + more)
          progress(done)
        },
      })
      say('Now were', swept)
      return 0
    }),
}

function say(what: string, { warned, expired, erased }: DueGuests): void {
  const lines = [
    ['warned that they will be forgotten', warned],
    ['signed out, with only a passkey to bring them back', expired],
    ['erased for good', erased],
  ] as const
  process.stdout.write(`${what}:\n`)
  for (const [text, count] of lines)
    process.stdout.write(`  ${formatCount(count).padStart(12)}  guests ${text}\n`)
}
