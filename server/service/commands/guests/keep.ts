// `guestkey keep`: writes the row of one guest, because an app stores something for it.

import { type Command, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const keep: Command = {
  operands: ['anonymous_id'],
  help: `
guestkey keep <anonymous_id>

Keeps a guest: writes its row, because your app stores something for it from now on. The guest stays signed in. Label and
collection are learnt when the guest is seen next. A guest who is kept already stays as it is.

  guestkey keep 3q2-7wAAAAAAAAAAAAAAAA`,

  run: ({ operands: [id] }) =>
    withGuests(async (guests) => {
      say((await guests.keep(id!)) ? `Kept: ${id}.` : `Was kept before: ${id}.`)
      return 0
    }),
}
