// A host in a separate process, which a test can kill. Its merge hook prints that it was called, and then waits.
// Argument: the options of guestkey() as JSON, and in it `hookMilliseconds`, the time that the hook waits.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { z } from 'zod'
import { guestkey } from '../../server/index.ts'

const { hookMilliseconds = 0, ...options } = JSON.parse(process.argv[2]!)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`) // Node writes to a pipe at once

const app = express()
const server = createServer(app)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const guests = guestkey({
  rateLimit: false,
  cookieName: 'guestkey',
  profile: z.object({ nickname: z.string() }),
  ...options,
  merge: {
    async onMerge(merge) {
      say({ merge })
      await setTimeout(hookMilliseconds)
    },
  },
})
app.use(guests.router)
await guests.ready()
say({ port })
