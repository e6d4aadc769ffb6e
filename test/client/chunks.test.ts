// What the client does while a part of it is loaded, or cannot be.
import { describe, expect, it } from 'vitest'
import { codeOf, setUp } from '../support/client/clients.ts'
import { guest, ok, problem } from '../support/client/fake-server.ts'
import { plugInIndexedDb } from '../support/client/indexed-db.ts'
import { losePart } from '../support/client/part-faults.ts'

/** A service with device keys, which it does not check, and the key of guest `a` in this browser. */
async function setUpKey() {
  const db = plugInIndexedDb()
  const server = { here: 'a' as string | null, guests: 0 }
  const set = await setUp((door, body) => {
    if (door.startsWith('GET /.well-known')) return ok({ issuer: 'https://auth.example' })
    if (door === 'POST /device-keys/challenge') return ok({ challenge: 'c', now: 1 })
    if (door === 'POST /device-keys') return ok({ ...guest(server.here!), device_key: { id: 'k' } })
    if (door === 'POST /sign-out') server.here = null
    if (door === 'POST /sign-out') return { status: 204 }
    if (door === 'POST /device-keys/sign-in') server.here = 'a'
    if (door === 'POST /sign-in' && !server.here) {
      if ((body as { lookup_only?: boolean }).lookup_only) return problem(404, 'no_guest')
      server.here = `new-${++server.guests}`
    }
    return server.here ? ok(guest(server.here)) : problem(401, 'not_signed_in')
  })
  await set.client.deviceKey.enable()
  set.doors.asked.length = 0
  return { ...set, server, db }
}

describe('without the part for the key of this browser', () => {
  it('a sign-in of somebody else ends that the guest of the key comes back unasked', async () => {
    const { open, server } = await setUpKey()
    const lost = losePart('other-parts')
    server.here = 'b'
    expect((await open().signInAnonymously()).sub).toBe('b')
    lost.end()
    server.here = null
    const page = open()
    expect((await page.deviceKey.held())?.may_resume).toBe(false)
    expect((await page.signInAnonymously()).sub).toBe('new-1')
  })

  it('the guest of the key may come back unasked again after a sign-in', async () => {
    const { client, open, server } = await setUpKey()
    await client.signOut()
    expect((await client.deviceKey.held())?.may_resume).toBe(false)
    losePart('other-parts')
    server.here = 'a'
    await open().signInAnonymously()
    expect((await client.deviceKey.held())?.may_resume).toBe(true)
  })

  it('the guest can sign out, and the key does not bring the guest back', async () => {
    const { open } = await setUpKey()
    losePart('other-parts')
    await open().signOut()
    expect((await open().signInAnonymously()).sub).toBe('new-1')
  })

  it('no new guest is made if the key would bring somebody back', async () => {
    const { open, server } = await setUpKey()
    losePart('other-parts')
    server.here = null
    expect(await codeOf(open().signInAnonymously())).toBe('client_incomplete')
    expect([server.here, server.guests]).toEqual([null, 0])
  })
})
