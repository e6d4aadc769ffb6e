// F: guests and passkeys written by hand in the fewest lines: SimpleWebAuthn, better-sqlite3, no limits and no extras.

import { randomBytes } from 'node:crypto'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import Database from 'better-sqlite3'

export type Reply = { status: number; body: object; session?: string }
export type Route = (session: string | undefined, body: unknown) => Reply | Promise<Reply>

const expectedOrigin = process.env.BENCH_ORIGIN!
const rpID = new URL(expectedOrigin).hostname
const db = new Database(process.env.BENCH_DATABASE!)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = NORMAL')
db.exec(`
  CREATE TABLE guests (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL);
  CREATE TABLE sessions (id TEXT PRIMARY KEY, guest TEXT NOT NULL REFERENCES guests, expires_at INTEGER NOT NULL);
  CREATE TABLE passkeys (id TEXT PRIMARY KEY, guest TEXT NOT NULL REFERENCES guests, public_key BLOB NOT NULL,
    counter INTEGER NOT NULL, transports TEXT NOT NULL);
  CREATE TABLE challenges (challenge TEXT PRIMARY KEY, guest TEXT, expires_at INTEGER NOT NULL);
`)
const addGuest = db.prepare('INSERT INTO guests VALUES (?, ?)')
const addSession = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)')
const findSession = db.prepare<[string, number], { guest: string }>(
  'SELECT guest FROM sessions WHERE id = ? AND expires_at > ?',
)
const addPasskey = db.prepare('INSERT INTO passkeys VALUES (?, ?, ?, ?, ?)')
const findPasskey = db.prepare<
  [string],
  { guest: string; public_key: Buffer<ArrayBuffer>; counter: number; transports: string }
>('SELECT * FROM passkeys WHERE id = ?')
const count = db.prepare('UPDATE passkeys SET counter = ? WHERE id = ?')
const addChallenge = db.prepare('INSERT INTO challenges VALUES (?, ?, ?)')
const takeChallenge = db.prepare(
  'DELETE FROM challenges WHERE challenge = ? AND guest IS ? AND expires_at > ? RETURNING 1',
)

const newId = () => randomBytes(16).toString('base64url')
const guestOf = (session: string | undefined) => session && findSession.get(session, Date.now())?.guest

function newSession(guest: string): string {
  const id = newId()
  addSession.run(id, guest, Date.now() + 30 * 86_400_000)
  return id
}

const newGuest = db.transaction(() => {
  const id = newId()
  addGuest.run(id, Date.now())
  return { id, session: newSession(id) }
})

const describe = (guest: string) => ({ sub: guest, anonymous_id: guest, isAnonymous: true })
const refused: Reply = { status: 401, body: { error: 'refused' } }

export const routes: Record<string, Route> = {
  'POST /guest/sign-in': (session) => {
    const known = guestOf(session)
    if (known) return { status: 200, body: describe(known) }
    const guest = newGuest()
    return { status: 200, body: describe(guest.id), session: guest.session }
  },

  'GET /guest/userinfo': (session) => {
    const guest = guestOf(session)
    return guest ? { status: 200, body: describe(guest) } : refused
  },

  'POST /guest/passkeys/register/options': async (session) => {
    const guest = guestOf(session)
    if (!guest) return refused
    const options = await generateRegistrationOptions({
      rpName: 'guests',
      rpID,
      userName: guest,
      userID: new TextEncoder().encode(guest),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    addChallenge.run(options.challenge, guest, Date.now() + 300_000)
    return { status: 200, body: options }
  },

  'POST /guest/passkeys/register': async (session, body) => {
    const guest = guestOf(session)
    if (!guest) return refused
    const { registrationInfo } = await verifyRegistrationResponse({
      response: body as RegistrationResponseJSON,
      expectedChallenge: (challenge) => takeChallenge.get(challenge, guest, Date.now()) !== undefined,
      expectedOrigin,
      expectedRPID: rpID,
    })
    if (!registrationInfo) return refused
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential
    addPasskey.run(id, guest, publicKey, counter, transports.join())
    return { status: 201, body: describe(guest) }
  },

  'POST /guest/passkeys/authenticate/options': async () => {
    const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
    addChallenge.run(options.challenge, null, Date.now() + 300_000)
    return { status: 200, body: options }
  },

  'POST /guest/passkeys/authenticate': async (_session, body) => {
    const response = body as AuthenticationResponseJSON
    const passkey = findPasskey.get(response.id)
    if (!passkey) return refused
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => takeChallenge.get(challenge, null, Date.now()) !== undefined,
      expectedOrigin,
      expectedRPID: rpID,
      credential: { id: response.id, publicKey: passkey.public_key, counter: passkey.counter },
    })
    if (!verified) return refused
    const session = db.transaction(() => {
      count.run(authenticationInfo.newCounter, response.id)
      return newSession(passkey.guest)
    })()
    return { status: 200, body: describe(passkey.guest), session }
  },
}

export const sessionOf = (cookie: string | undefined) => /(?:^|; )session=([^;]*)/.exec(cookie ?? '')?.[1]
export const cookieOf = (session: string) =>
  `session=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`
