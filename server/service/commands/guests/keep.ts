// `guestkey keep`: writes the row of one guest, because an app stores something for it.

import { type Command, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const keep: Command = {
  operands: ['anonymous_id'],
  help: `
guestkey keep <anonymous_id>

Keeps a guest: writes its row, because your app stores something for it from now on. The guest stays signed in. guestkey
reads label and collection at the guest's next visit. A guest who is kept already stays as it is.

Check the id: guestkey does not know the ids of guests without a row, so a mistyped one makes a guest too. Use the same
GUESTKEY_SECRET as the service. If your app embeds guestkey, call guests.keep() there: this command does not know your
retention.

  guestkey keep 3q2-7wAAAAAAAAAAAAAAAA`,

  run: ({ operands: [id] }) =>
    withGuests(async (guests) => {
      say(
        (await guests.keep(id!))
          ? `Kept: ${id}. If this id is mistyped, take it back: guestkey erase ${id} --yes`
          : `Was kept before: ${id}.`,
      )
      return 0
    }),
}
