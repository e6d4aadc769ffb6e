// A host in a process of its own, to be killed: its hook says that it was called, and takes the time that it is told to.
// Argument: the options of guestkey() as JSON, and with them how long the hook takes, `hookMilliseconds`.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { z } from 'zod'
import { guestkey } from '../../server/index.ts'

const { hookMilliseconds = 0, ...options } = JSON.parse(process.argv[2]!)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`) // into a pipe: at once, as Node has it

const app = express()
const server = createServer(app)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const guests = guestkey({
  rateLimit: false,
  profile: z.object({ nickname: z.string() }),
  ...options,
  async onMerge(merge) {
    say({ merge })
    await setTimeout(hookMilliseconds)
  },
})
app.use(guests.router)
await guests.ready()
say({ port })
