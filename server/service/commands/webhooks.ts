// `guestkey webhooks`: what could not be delivered, and sending it again.

import { type Command, misuse } from './command.ts'
import { withGuests } from './with-guests.ts'

/** More than anybody reads at once. */
const MAX_DELIVERIES = 1000

export const webhooks: Command = {
  options: { retry: { type: 'string' }, 'retry-all': { type: 'boolean' } },
  help: `
guestkey webhooks [--retry <id>] [--retry-all]

Lists the webhooks that were given up after the last try, one line of JSON each, the oldest first. With --retry one of
them is sent again, with --retry-all all of them, with their first tries before them: the running service does it
within seconds.

  guestkey webhooks | head
  guestkey webhooks --retry-all`,

  async run({ values }) {
    const { retry } = values
    if (retry !== undefined && values['retry-all']) throw misuse('Give --retry or --retry-all, not both.')
    return withGuests(async (guests) => {
      if (retry === undefined && !values['retry-all']) {
        for (const letter of await guests.webhooks.failed({ limit: MAX_DELIVERIES }))
          process.stdout.write(`${JSON.stringify(letter)}\n`)
        return 0
      }
      const retried = await guests.webhooks.retry(retry as string | undefined)
      if (retry !== undefined && retried === 0)
        throw new Error(`There is no webhook ${retry} that was given up.`)
      process.stdout.write(`Sent again: ${retried}.\n`)
      return 0
    })
  },
}
