// The last step of every server of the bench: listens on a free port, prints it, and exits on SIGTERM.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export function listen(handler: RequestListener): void {
  const server = createServer(handler).listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }))
  })
  // An orderly exit, because `node --cpu-prof` writes its profile only then.
  process.once('SIGTERM', () => process.exit())
}
