// `guestkey start`: the service of its own, until it is told to stop.

import type { Command } from './command.ts'

export const start: Command = {
  help: `
guestkey start

Runs the service until it gets SIGTERM or Ctrl-C. So does guestkey without a command.

It listens on PORT (3000) of HOST (127.0.0.1) and keeps its guests in the folder GUESTKEY_DATA (guestkey-data), which
it makes, or in the PostgreSQL database DATABASE_URL. For production, with browsers at https://guests.example.com:

  NODE_ENV=production GUESTKEY_ORIGIN=https://guests.example.com GUESTKEY_SECRET=… guestkey start

Make the secret once, with: openssl rand -base64 32. Where it is lost, so is every guest who has no passkey yet.
/readyz answers 200 when the service can be asked; SIGTERM lets it finish what is under way.
A variable that is wrong or misspelt stops the start and is explained; guestkey check looks at all of them.`,
  async run() {
    await import('../service.ts')
    return 0
  },
}
