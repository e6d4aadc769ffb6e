// `guestkey enable`: lets a disabled guest in again.

import { type Command, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const enable: Command = {
  operands: ['anonymous_id'],
  help: `
guestkey enable <anonymous_id>

Lets a guest in again whom guestkey disable has disabled. Its sessions stay ended: the guest signs in anew.

  guestkey enable 3q2-7wAAAAAAAAAAAAAAAA`,

  run: ({ operands: [id] }) =>
    withGuests(async (guests) => {
      if (!(await guests.enable(id!))) throw new Error(`The guest ${id} is not disabled.`)
      say(`Enabled: ${id}.`)
      return 0
    }),
}
