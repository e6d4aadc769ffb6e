#!/usr/bin/env node
// The command `guestkey`.
// Nothing here turns on Node's compile cache: Node runs what it finds there, and its folder is in the shared /tmp,
// where anybody may have made it first. NODE_COMPILE_CACHE turns it on, in a folder of the operator's own.

import { run } from './service/cli.ts'

// A reader may close the pipe early (`| head`). The command still finishes its work.
process.stdout.on('error', () => {})

process.exitCode = await run(process.argv.slice(2))
