// `guestkey webhooks`: lists the webhooks that could not be delivered, or sends them again.

import { type Command, misuse, say } from './command.ts'
import { withGuests } from './with-guests.ts'

/** How many failed webhooks it lists at most. */
const MAX_DELIVERIES = 1000

export const webhooks: Command = {
  options: { retry: { type: 'string' }, 'retry-all': { type: 'boolean' } },
  help: `
guestkey webhooks [--retry <id>] [--retry-all]

Lists the webhooks that the service gave up after their last attempt, the oldest first, as one line of JSON each (at
most 1,000). --retry <id> sends one of them again, and --retry-all sends all of them. Each gets all its attempts
again. The running service sends them within seconds.

  guestkey webhooks | head
  guestkey webhooks --retry-all`,

  async run({ values }) {
    const { retry } = values
    if (retry !== undefined && values['retry-all']) throw misuse('Give --retry or --retry-all, not both.')
    return withGuests(async (guests) => {
      if (retry === undefined && !values['retry-all']) {
        for (const letter of await guests.webhooks.failed({ limit: MAX_DELIVERIES }))
          say(JSON.stringify(letter))
        return 0
      }
      const retried = await guests.webhooks.retry(retry as string | undefined)
      if (retry !== undefined && retried === 0) throw new Error(`There is no failed webhook ${retry}.`)
      process.stdout.write(`To be sent again: ${retried}.\n`)
      return 0
    })
  },
}
