// What TypeScript makes of the host's side, in strict mode and from the built types. Needs `npm run build`.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { newProject } from '../../../support/examples.ts'

const tsc = join(import.meta.dirname, '../../../../node_modules/typescript/bin/tsc')

/** What the compiler says about a module of a host in strict mode, and with all further checks. */
const compile = async (source: string) =>
  (await compileWith(source, {})) +
  (await compileWith(source, { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true }))

async function compileWith(source: string, more: object): Promise<string> {
  const folder = newProject('express', '@types/express', '@types/node')
  writeFileSync(join(folder, 'host.mts'), source)
  const compilerOptions = {
    ...{ target: 'ES2024', lib: ['ES2024'], module: 'NodeNext', types: ['node'], noEmit: true, strict: true },
    ...{ skipLibCheck: true, ...more },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['host.mts'] }))
  return promisify(execFile)(process.execPath, [tsc, '-p', '.'], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  )
}

const begin = `
  import { createServer } from 'node:http'
  import express from 'express'
  import { type GuestInSession, guestkey, type Middleware } from 'guestkey'
  const app = express()`

test('the methods of a host take requests of Express and of the Fetch API', async () => {
  const said = await compile(`${begin}
    const guests = guestkey({ origin: 'http://localhost:3000' })
    app.get('/cart/:id', guests.requireGuest({ redirect: '/welcome' }), express.json(), (req, res) => {
      res.json(req.guest.session_id satisfies string)
      req.params.id satisfies string
      // @ts-expect-error: the path has no such param
      req.params.name
    })
    express.Router().route('/keys').get(guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
      res.json(req.guest.sub)
    })
    const typed: express.RequestHandler = (req, res) => void res.json(req.guest?.sub)
    app.get('/typed', guests.requireGuest(), typed)
    app.use('/members', guests.requireGuest(), express.Router())
    app.get('/open', guests.loadGuest, (req, res) => {
      res.json(req.guest?.session_id satisfies string | undefined)
      // @ts-expect-error: null if nobody is signed in
      req.guest.sub
    })
    createServer((req, res) => guests.requireGuest()(req, res, () => void res.end()))
    const plain: Middleware = guests.requireGuest()
    app.use(plain, guests.router)
    app.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60, redirect: '/confirm' }), (_req, res) => void res.end())
    app.post('/logout', async (req, res) => {
      await guests.signOut(req, res, { everywhere: true, force: true })
      const { guest } = await guests.signInAnonymously(req, res, { collection: 'customers' })
      const again: GuestInSession | null = await guests.guestOf(req)
      res.redirect(guests.returnTo(req) + guest.session_id + again?.sub)
      // @ts-expect-error: the response is missing
      await guests.signOut(req)
    })
    export async function POST(request: Request) {
      const { guest, token, headers } = await guests.signInAnonymously(request, { collection: 'customers' })
      const { previous } = await guests.signInAs(request, guest.sub)
      const out = await guests.signOut(request, { force: true })
      await guests.accessToken(request.headers, { resource: guests.returnTo(request) })
      const who = [await guests.guestOf(request), await guests.guestOf(request.headers), await guests.guestOf(token)]
      return Response.json([who, previous?.label], { headers: out.headers ?? headers })
    }
    // @ts-expect-error: a misspelt option
    guests.requireGuest({ redirct: '/welcome' })
    // @ts-expect-error: the age is missing
    guests.requirePasskey({ redirect: '/confirm' })
    const origin = 'http://localhost:3000'
    guestkey({ origin, pages: { texts: { en: { promoteTitle: 'a', code_wrong: 'b', invalid_login_id: 'c' } } } })
    // @ts-expect-error: a misspelt text
    guestkey({ origin, pages: { texts: { en: { promoteTitel: 'a' } } } })
    // @ts-expect-error: a misspelt option within another one
    guestkey({ origin, loginIds: { maximum: 3 } })
    // @ts-expect-error: a misspelt option of a collection
    guestkey({ origin, collections: { users: { retention: { sync: 1 } } } })
    // @ts-expect-error: a misspelt option of a method
    guests.auditTrail({ anonymousID: 'x' })`)
  expect(said).toBe('')
})

test('the guest has the name that the host declares, beside a req.guest of its own', async () => {
  const said = await compile(`${begin}
    declare global {
      namespace Express {
        interface GuestProperty { name: 'visitor' }
        interface Request { guest: { room: number } }
      }
    }
    const guests = guestkey({ origin: 'http://localhost:3000', requestProperty: 'visitor' })
    app.get('/', guests.requireGuest(), (req, res) => {
      const visitor: GuestInSession | null = req.visitor
      res.json([visitor?.session_id, req.guest.room satisfies number])
    })`)
  expect(said).toBe('')
})

test('every optional option may be undefined under exactOptionalPropertyTypes, as of process.env', async () => {
  const source = `${begin}
    import type { IncomingMessage, ServerResponse } from 'node:http'
    import type { GuestKey, Options, PostgresOptions } from 'guestkey'
    import type { ContinueOptions, GuestClient, GuestClientOptions } from 'guestkey/client'

    /** The paths of optional members that do not take undefined. */
    type Refusing<T, At extends string> = T extends (...given: never) => unknown
      ? never
      : T extends readonly (infer One)[]
        ? Refusing<One, At>
        : T extends object
          ? { [K in keyof T & string]: RefusingAt<T, K, At> | Refusing<T[K], \`\${At}.\${K}\`> }[keyof T & string]
          : never
    type RefusingAt<T, K extends keyof T & string, At extends string> = string extends K
      ? never
      : {} extends Pick<T, K>
        ? Record<K, undefined> extends Pick<T, K> ? never : \`\${At}.\${K}\`
        : never
    type None<T extends never> = T

    /** All objects that the methods take, but requests, responses and what goes through functions. */
    type Taken<T> = T extends (...given: infer Given) => unknown
      ? Exclude<Given[number], Foreign>
      : T extends object
        ? { [K in keyof T]: Taken<T[K]> }[keyof T]
        : never
    type Foreign = IncomingMessage | ServerResponse | Request | Headers | ((...given: never) => unknown) | Iterable<unknown> | AsyncIterable<unknown>

    type Own = Omit<Options, 'logger' | 'profile' | 'postgres'> & { postgres?: Omit<PostgresOptions, 'ssl'> | undefined }
    export type Checked = [
      None<Refusing<Own, 'options'>>,
      None<RefusingAt<Options, 'logger' | 'profile' | 'postgres', 'options'>>,
      None<RefusingAt<PostgresOptions, 'ssl', 'postgres'>>,
      None<Refusing<Taken<Required<GuestKey>>, 'guests'>>,
      None<Refusing<GuestClientOptions | ContinueOptions, 'client'>>,
      None<Refusing<Taken<Pick<GuestClient, 'signInAnonymously' | 'signOut' | 'undoMerge'>>, 'client'>>,
    ]

    // @ts-expect-error: finds one that does not
    export type Wrong = None<Refusing<{ merge?: { onMerge?: () => void } | undefined }, 'options'>>

    const guests = guestkey({ origin: 'http://localhost:3000', rpId: process.env.RP_ID, loginIds: { send: process.env.SMTP } })
    export async function POST(request: Request) {
      await guests.signOut(request, { everywhere: undefined, force: undefined })
      return Response.json(await guests.signInAnonymously(request, { collection: undefined }))
    }`
  expect(await compileWith(source, { exactOptionalPropertyTypes: true })).toBe('')
})
