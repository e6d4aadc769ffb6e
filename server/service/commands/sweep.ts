// `guestkey sweep`: warns, expires and erases the guests who are due, as the service does every minute, or counts them.

import type { DueGuests } from '../../types.ts'
import type { Command } from './command.ts'
import { createProgress, formatCount } from './progress.ts'
import { withGuests } from './with-guests.ts'

export const sweep: Command = {
  options: { 'dry-run': { type: 'boolean' } },
  help: `
guestkey sweep [--dry-run]

Warns guests who will expire soon, expires those whose retention time is over, and erases those whose grace time is
over. It works in small batches, so that the service can write in between. The service does this itself every minute.
With --dry-run the command only counts these guests. It processes a guest one hour late, in case a clock is fast.

  DATABASE_URL=postgres://… guestkey sweep --dry-run

If your app embeds guestkey, call guests.sweep() there instead. This command does not know the options of your app or
its beforeExpire hook.`,

  run: ({ values }) =>
    withGuests(async (guests) => {
      const due = await guests.sweep({ dryRun: true })
      if (values['dry-run']) {
        tellCounts('Now would be', due)
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
      tellCounts('Now were', swept)
      return 0
    }),
}

function tellCounts(what: string, { warned, expired, erased }: DueGuests): void {
  const lines = [
    ['warned that they will expire', warned],
    ['signed out (expired); only a passkey brings them back', expired],
    ['erased for good', erased],
  ] as const
  process.stdout.write(`${what}:\n`)
  for (const [text, count] of lines)
    process.stdout.write(`  ${formatCount(count).padStart(12)}  guests ${text}\n`)
}
