// `guestkey rotate-keys`: has a new key sign access tokens, in time for everybody to know it.

import type { Command } from './command.ts'
import { withGuests } from './with-guests.ts'

export const rotateKeys: Command = {
  help: `
guestkey rotate-keys

Has a new key sign access tokens. It is published at once (/.well-known/jwks.json), signs once every node and every
cache of others knows it, and the key before it stays published until the last token that it signed has expired: no
token is refused because of it, and nobody is signed out. The services need not be restarted.

It happens by itself every 90 days (the option signingKeyDays). While one rotation is under way, another call says so
and changes nothing. The secret must be the services' own (GUESTKEY_SECRET): the keys are encrypted with it.

  GUESTKEY_SECRET=… DATABASE_URL=postgres://… guestkey rotate-keys`,

  run: () =>
    withGuests(async (guests) => {
      const { kid, signsFrom, previousRetiresAt } = await guests.rotateSigningKeys()
      const at = (seconds: number) => new Date(seconds * 1000).toISOString()
      process.stdout.write(
        `The key ${kid} is published now and signs from ${at(signsFrom)}.\n` +
          `The one before it is published until ${at(previousRetiresAt)}.\n`,
      )
      return 0
    }),
}
