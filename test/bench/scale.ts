// The rows about many guests: how much disk space one guest takes, and whether a million slow down the next sign-in.

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite } from '../../server/store/sqlite/driver.ts'
import { promised } from '../support/store-rows.ts'
import { newDirectory, removeDirectory, type Server, start } from './contenders.ts'
import { ask, makeMany, signIn } from './endpoints.ts'
import type { Send } from './load.ts'
import type { Columns } from './report.ts'
import { comeBack, type Effort, interleave, newGuests, userinfo, type Work } from './throughput.ts'

const anonymousGuests = 10_000
const guestsOfLatency = 2_000
const file = 'guestkey.db'

/** Bytes on disk for an anonymous guest, and for one kept with a passkey and a session; then latencies at both sizes. */
export async function measureScale(
  { small, large }: { small: number; large: number },
  effort: Effort,
): Promise<{ disk: Columns; latency: Columns }> {
  const disk: Columns = { anonymous: { bytes: await bytesOfAnonymous() } }
  const servers = new Map<string, Server>()
  const directories: string[] = []
  try {
    for (const [name, count] of Object.entries({ small, large })) {
      const directory = newDirectory(name)
      directories.push(directory)
      disk[name] = { bytes: (await fill(join(directory, file), count)) / count }
      servers.set(name, await start('standalone', directory))
    }
    const signIns = new Map<string, [Server, Work]>()
    const userinfos = new Map<string, [Server, Work]>()
    for (const [name, server] of servers) {
      const guests = await newGuests(server, guestsOfLatency)
      signIns.set(name, [server, comeBack(server, guests, 32)])
      const cookies = guests.map(({ cookie }) => cookie)
      userinfos.set(name, [server, userinfo(server, cookies)])
    }
    const userinfoColumns = await interleave(userinfos, 64, effort)
    const signInColumns = await interleave(signIns, 32, effort)
    const latency: Columns = {}
    for (const name of servers.keys()) {
      latency[name] = {
        'sign-in p50, ms': signInColumns[name]!.p50!,
        'sign-in p99, ms': signInColumns[name]!.p99!,
        'userinfo p50, ms': userinfoColumns[name]!.p50!,
      }
    }
    return { disk, latency }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
    directories.forEach(removeDirectory)
  }
}

const bytesIn = (directory: string) =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)

/** The bytes that anonymous sign-ins through the endpoint leave on the disk. */
async function bytesOfAnonymous(): Promise<number> {
  const directory = newDirectory('anonymous')
  const server = await start('standalone', directory)
  try {
    const guest = (send: Send) => signIn(send, server.doors)
    // The first response about a session comes only when the database is open.
    await makeMany(server.ports, 1, async (send) => ask(send, server.doors.userinfo(await guest(send))))
    const before = bytesIn(directory)
    await makeMany(server.ports, anonymousGuests, guest)
    return (bytesIn(directory) - before) / anonymousGuests
  } finally {
    await server.stop()
    removeDirectory(directory)
  }
}

/**
 * Keeps this many guests with the store's own verb, in random order of their ids, as in real life. Returns the bytes
 * that they take after a checkpoint of the WAL. It deletes spent one-time values all along, as the service does.
 */
async function fill(path: string, count: number): Promise<number> {
  const store = openSqlite(path)
  await store.ready()
  await store.close()
  const empty = statSync(path).size
  const filling = openSqlite(path)
  const start = Math.floor(Date.now() / 1000) - count
  const batch = 2_000
  for (let done = 0; done < count; done += batch) {
    const guests = Array.from({ length: Math.min(batch, count - done) }, (_, i) =>
      keptGuest(start + done + i),
    )
    for (const { outcome } of await Promise.all(guests.map(filling.registerPasskey))) {
      if (outcome !== 'added') throw new Error(`a guest was not kept: ${outcome}`)
    }
    while ((await filling.deleteExpired({ before: start + done + batch, auditBefore: 0, limit: batch })) > 0);
  }
  await filling.close()
  return statSync(path).size - empty
}

const base64url = (bytes: number) => randomBytes(bytes).toString('base64url')

/** Values as long as real ones. The store does not look into them. */
function keptGuest(now: number) {
  const anonymousId = base64url(16)
  const credentialId = base64url(32)
  const endsAt = now + 365 * 86_400
  return {
    guest: {
      anonymousId,
      userHandle: base64url(64),
      label: 'amber-fox-42',
      collection: 'users',
      createdAt: now,
      lastSeenAt: now,
      daysSeen: 1,
      expiresAt: null,
      stage: 'active' as const,
      promotedAt: null,
    },
    passkey: {
      credentialId,
      anonymousId,
      publicKey: base64url(77),
      signCount: 0,
      aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4',
      name: 'Google Password Manager',
      transports: ['hybrid', 'internal'],
      backupEligible: true,
      backedUp: true,
      createdAt: now,
      lastUsedAt: null,
    },
    from: undefined,
    to: {
      anonymousId,
      id: createHash('sha256').update(anonymousId).digest('base64url'),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + 90 * 86_400,
      endsAt,
      authTime: now,
      enrolUntil: null,
      grant: null,
    },
    spent: { id: base64url(16), expiresAt: now },
    maxPasskeys: 20,
    retained: promised,
    notes: { kept: [], first: [], further: [] },
  }
}
