// `guestkey enable`: lets a disabled guest in again.

import { type Command, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const enable: Command = {
  operands: ['anonymous_id'],
  help: `
guestkey enable <anonymous_id>

Enables a disabled guest again. Its sessions stay ended: the guest signs in anew. The exit code is 1 if the guest is not
disabled.

  guestkey enable 3q2-7wAAAAAAAAAAAAAAAA`,

  run: ({ operands: [id] }) =>
    withGuests(async (guests) => {
      if (!(await guests.enable(id!))) throw new Error(`The guest ${id} is not disabled.`)
      say(`Enabled: ${id}.`)
      return 0
    }),
}
