// What every server of the bench does last: listen on a free port, say which, and end when asked to.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export function listen(handler: RequestListener): void {
  const server = createServer(handler).listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }))
  })
  // An orderly exit, because `node --cpu-prof` writes its profile then.
  process.once('SIGTERM', () => process.exit())
}
