// The types of the package, for TypeScript from 5.4 on, in ES modules and CommonJS, however modules are resolved.

import { describe, expect, test } from 'vitest'
import { sharedInFile } from '../../support/when-over.ts'
import { type Project, pack, projectOf } from './project.ts'

const host = `
  import express, { type NextFunction, type Request, type Response } from 'express'
  import { type Guest, GuestError, type GuestKey, guestkey, type Options } from 'guestkey'

  const options: Options = { origin: 'http://localhost:3000' }
  const guests: GuestKey = guestkey(options)
  const app = express()
  app.use(guests.router)
  app.get('/', guests.requireGuest(), (req, res) => {
    const guest: Guest | null = req.guest
    res.json({ sub: guest?.sub })
  })
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (error instanceof GuestError && error.code === 'session_invalid') res.status(error.status).json(error)
    else next(error)
  })
  // @ts-expect-error: a misspelt option
  guestkey({ orign: 'http://localhost:3000' })
`
const requiring = `
  import express = require('express')
  import guestkey = require('guestkey')

  const guests: guestkey.GuestKey = guestkey.guestkey({ origin: 'http://localhost:3000' })
  const app = express()
  app.use(guests.router)
  app.get('/', guests.requireGuest(), (req, res) => void res.json(req.guest?.sub))
  // @ts-expect-error: a misspelt option
  guestkey.guestkey({ orign: 'http://localhost:3000' })
`
const page = (name: string) => `
  import { createGuestClient, type Guest, GuestClientError } from '${name}'

  export async function run(): Promise<void> {
    const client = createGuestClient({ baseUrl: '/guest' })
    const guest: Guest = await client.signInAnonymously()
    try {
      const { secret } = await client.passkeys.secret('notes')
      await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
      console.log(guest.sub, secret.length satisfies number)
    } catch (error) {
      if (error instanceof GuestClientError && error.code === 'cancelled') return
      throw error
    }
  }
  // @ts-expect-error: no such option
  createGuestClient({ url: '/guest' })
`
/** The same sources as an ES module, as CommonJS, and as what package.json says, which is CommonJS. */
const files = {
  'host.mts': host,
  'host.cts': requiring,
  'host.ts': host,
  'imported.cts': host,
  'page.mts': page('guestkey/client'),
  'page.ts': page('guestkey/client'),
  'page-small.ts': page('guestkey/client/small'),
  'page-of-client.mts': page('@guestkey/client'),
  'page-of-client.cts': page('@guestkey/client'),
  'page-of-client.ts': page('@guestkey/client'),
  'page-of-small.ts': page('@guestkey/client/small'),
}
const anywhere = Object.keys(files)
const elsewhere = ['host.ts', 'page.ts', 'page-small.ts', 'page-of-client.ts', 'page-of-small.ts']

/** How modules are resolved, and the files that can be compiled so. */
const resolutions: [string, object, string[]][] = [
  ['nodenext', { module: 'nodenext' }, anywhere],
  ['node16', { module: 'node16' }, anywhere],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }, elsewhere],
  ['node10', { module: 'commonjs', moduleResolution: 'node10' }, elsewhere],
]

const packed = sharedInFile(pack)
const shared = sharedInFile(() => projectOf('typescript', packed()))

/** 5.4 knows no `Uint8Array<…>`; before 5.8, CommonJS may not import an ES module; 7 knows node10 no more. */
const versions: [string, string[]][] = [
  ['5.4', ['nodenext', 'node16', 'bundler', 'node10']],
  ['5.7', ['nodenext']],
  ['5.9', ['node16', 'node10']],
  ['7', ['nodenext', 'node16', 'bundler']],
]

describe.each(versions)('TypeScript %s', (version, names) => {
  test.each(resolutions.filter(([name]) => names.includes(name)))(
    'finds the types: %s',
    async (_name, options, files) => {
      expect(await errors(shared(), version, options, files)).toEqual([])
    },
  )
})

/** What the compiler says of our sources and of the package. What it says of other packages is not ours. */
async function errors(
  project: Project,
  version: string,
  options: object,
  names: string[],
): Promise<string[]> {
  for (const name of names) project.write(name, files[name as keyof typeof files])
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2023', 'dom'], types: ['node'], noEmit: true, strict: true },
    ...{ skipLibCheck: false, esModuleInterop: true, exactOptionalPropertyTypes: true },
    ...options,
  }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: names }))
  const compiler = version === '7' ? 'typescript' : `typescript-${version}`
  const said = await project
    .run(process.execPath, `node_modules/${compiler}/bin/tsc`, '-p', '.', '--pretty', 'false')
    .catch(({ stdout }) => stdout as string)
  return said
    .split('\n')
    .filter((line) => /^(host|imported|page|tsconfig|error|node_modules\/@?guestkey)/.test(line))
}
