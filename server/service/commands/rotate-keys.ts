// `guestkey rotate-keys`: creates a new key for access tokens, and publishes it long enough before it signs.

import type { Command } from './command.ts'
import { withGuests } from './with-guests.ts'

export const rotateKeys: Command = {
  help: `
guestkey rotate-keys

Creates a new key that will sign access tokens. guestkey publishes it at once (/.well-known/jwks.json). The key begins
to sign when every node and every cache of a verifier has it. The previous key stays published until the last token
that it signed has expired. So no token is refused, nobody is signed out, and no service needs a restart.

The service rotates its keys itself every 90 days (the option tokens.signingKeySeconds). While a rotation is under
way, another call says so and changes nothing. Use the same GUESTKEY_SECRET as the service: it encrypts the keys.

  GUESTKEY_SECRET=… DATABASE_URL=postgres://… guestkey rotate-keys`,

  run: () =>
    withGuests(async (guests) => {
      const { kid, signs_from, previous_retires_at } = await guests.rotateSigningKeys()
      const at = (seconds: number) => new Date(seconds * 1000).toISOString()
      process.stdout.write(
        `The key ${kid} is published now and signs from ${at(signs_from)}.\n` +
          `The previous key stays published until ${at(previous_retires_at)}.\n`,
      )
      return 0
    }),
}
