#!/usr/bin/env node
// The command `guestkey`. Everything else is loaded after the compile cache is on, which makes every start but the
// first one fast, above all where Node runs the TypeScript as it stands.

import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./cli.ts')
