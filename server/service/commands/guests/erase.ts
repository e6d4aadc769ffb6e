// `guestkey erase`: deletes everything about one guest.

import { type Command, misuse, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const erase: Command = {
  operands: ['anonymous_id'],
  options: { yes: { type: 'boolean' } },
  help: `
guestkey erase <anonymous_id> --yes

Deletes everything about a guest, and ends all its sessions on all nodes. This cannot be undone, so you must give --yes.
The event guest.erased and its webhook tell your app, with the reason host. Backups from before still have the guest:
erase it again after you restore one.

A guest who is not kept has only its session, which ends. The exit code is 1 then, as for an id that nobody has.

  guestkey erase 3q2-7wAAAAAAAAAAAAAAAA --yes`,

  async run({ values: { yes }, operands: [id] }) {
    if (!yes) throw misuse(`erase ${id} cannot be undone. Repeat it with --yes.`)
    return withGuests(async (guests) => {
      const wasKept = await guests.erase(id!)
      say(
        wasKept
          ? `Erased: ${id}.`
          : `No guest with the id ${id} is kept. If it was signed in, its session has ended.`,
      )
      return wasKept ? 0 : 1
    })
  },
}
