// TLS to a real PostgreSQL whose certificate no known authority has signed, as at many providers.

import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { guestkey as embed, type PostgresOptions } from '../../../server/index.ts'
import { connectionTo } from '../../../server/store/postgres/tls.ts'
import { selfSigned } from '../../support/certificate.ts'
import { guestkey, storeWithGuests } from '../../support/command.ts'
import { type PostgresServer, startPostgres, unflushed } from '../../support/postgres.ts'
import { ended, launch } from '../../support/service.ts'

const secret = 'the secret of a deployment with TLS to its database'
const { cert, key } = selfSigned(['localhost'])
const folder = mkdtempSync(join(tmpdir(), 'guestkey-tls-'))
const ca = join(folder, 'ca.pem')
let server: PostgresServer

/** Writes a file that the server may read: as root, it runs as nobody. */
function give(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  if (process.getuid?.() === 0) {
    const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }))
    chownSync(file, nobody, -1)
  }
  return file
}

beforeAll(async () => {
  chmodSync(folder, 0o755)
  writeFileSync(ca, cert)
  const onlyTls = give('hba.conf', 'hostssl all all 127.0.0.1/32 trust\n')
  const settings = [
    ...['ssl=on', `ssl_cert_file=${give('cert.pem', cert)}`, `ssl_key_file=${give('key.pem', key)}`],
    ...[`hba_file=${onlyTls}`, ...unflushed],
  ]
  server = await startPostgres({ settings })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const url = (query: string) => `postgres://guestkey@localhost:${server.port}/postgres${query}`
const environment = (query: string, ssl?: PostgresOptions['ssl']) => ({
  ...{ GUESTKEY_SECRET: secret, DATABASE_URL: url(query) },
  ...(ssl !== undefined && { GUESTKEY_OPTIONS: JSON.stringify({ postgres: { ssl } }) }),
})

test.each([
  ['sslmode=require', undefined],
  ['sslmode=prefer', undefined],
  ['sslmode=verify-ca', undefined],
  ['sslmode=verify-full', undefined],
  ['', true],
] as const)(
  '%j with postgres.ssl %j verifies the certificate, and check says what to write',
  async (query, ssl) => {
    const { out, err, code } = await guestkey(['check'], environment(query && `?${query}`, ssl))
    expect(code).toBe(1)
    expect(out).toMatch(
      /problem {2}store: .*self-signed certificate.* end the URL with \?sslmode=verify-full&sslrootcert=<its file>; or write sslmode=no-verify/,
    )
    expect(err).toBe('')
  },
)

test.each([
  ['sslmode=no-verify', undefined],
  ['uselibpqcompat=true&sslmode=require', undefined],
  ['sslmode=verify-full&sslrootcert=CA', undefined],
  ['sslmode=require&sslrootcert=CA', undefined],
  ['', { ca: cert }],
  ['sslmode=verify-full', { ca: cert }],
  ['sslmode=require', { ca: cert }],
  ['sslmode=no-verify', { servername: 'localhost' }],
  ['', { rejectUnauthorized: false }],
] as const)('%j with postgres.ssl %j is encrypted, for check and for the service', async (query, ssl) => {
  const text = query && `?${query.replace('CA', encodeURIComponent(ca))}`
  const { out, err } = await guestkey(['check'], environment(text, ssl))
  expect(out).toContain('connection: encrypted (TLS)')
  expect(err).toBe('')
  const guests = embed({
    ...{ origin: 'http://localhost', store: url(text), secret },
    ...(ssl && { postgres: { ssl } }),
  })
  onTestFinished(() => guests.close())
  await guests.ready()
})

test('the service does not start if it cannot verify the certificate, and says where the remedy is told', async () => {
  const { child, said } = launch({ GUESTKEY_DATA: folder, ...environment('?sslmode=require') })
  expect((await ended(child)).code).toBe(1)
  expect(said.err).toMatch(
    /^guestkey: .*self-signed certificate.*; guestkey check says what to write in DATABASE_URL\n$/,
  )
})

test('migrate connects with the TLS options of GUESTKEY_OPTIONS', async () => {
  const file = await storeWithGuests(1)
  const plain = await guestkey(['migrate', '--from', file, '--to', url('')])
  expect(plain).toMatchObject({ code: 1, err: expect.stringMatching(/no pg_hba\.conf entry/) })
  const { out } = await guestkey(['migrate', '--from', file], environment('', { ca: cert }))
  expect(out).toContain(`to postgres://guestkey@localhost:${server.port}/postgres`)
})

test('the option adds to what the URL says', () => {
  const asked = `postgres://u:p%40ss@h/d?application_name=x&sslmode=no-verify&sslrootcert=${encodeURIComponent(ca)}`
  expect(connectionTo(asked, { servername: 'db' })).toEqual({
    connectionString: 'postgres://u:p%40ss@h/d?application_name=x',
    ssl: { ca: cert, rejectUnauthorized: false, servername: 'db' },
  })
  const untouched = 'postgres://u:p@h/d?x=a%20b'
  expect(connectionTo(untouched, undefined)).toEqual({ connectionString: untouched })
  expect(connectionTo(untouched, true)).toEqual({ connectionString: untouched, ssl: true })
})
