// `guestkey start`: runs the standalone service until a signal stops it.

import type { Command } from './command.ts'

export const start: Command = {
  help: `
guestkey start

Runs the service until it gets SIGTERM or Ctrl-C. So does guestkey without a command.

It listens on PORT (default 3000) of HOST (default 127.0.0.1). It stores its guests in the folder GUESTKEY_DATA
(default guestkey-data), which it creates, or in the PostgreSQL database DATABASE_URL. In production, with browsers at
https://guests.example.com:

  NODE_ENV=production GUESTKEY_ORIGIN=https://guests.example.com GUESTKEY_SECRET=… guestkey start

Make the secret once, with: openssl rand -base64 32. If you lose it, every guest who has no passkey, device key,
recovery code or login ID is lost too.
GUESTKEY_WORKERS is how many processes serve it, on as many cores; auto: one for each core of the machine.
/readyz answers 200 when the service is ready. On SIGTERM the service finishes the requests that are under way.
If a variable is wrong or misspelt, the service does not start and says why. guestkey check checks all of them.`,
  async run() {
    const { readEnvironment } = await import('../environment.ts')
    const { leave, runWorkers, startsWorkers } = await import('../workers.ts')
    const environment = readEnvironment(process.env)
    if (startsWorkers(environment.workers)) return runWorkers(environment.workers, environment.drainSeconds)
    const { startService } = await import('../service.ts')
    await startService(environment).catch((error) => {
      leave()
      throw error
    })
    return 0
  },
}
