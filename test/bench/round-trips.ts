// The row that counts the statements that the endpoints send to PostgreSQL, and how often they wait, once it is warm.

import { countRoundTrips } from '../support/round-trips.ts'
import { absent, newDirectory, removeDirectory, startDatabase, startNode } from './contenders.ts'
import {
  ask,
  cookiesOf,
  guestEndpoints as doors,
  type Guest,
  register,
  request,
  signIn,
} from './endpoints.ts'
import { open, type Send } from './load.ts'
import type { Columns } from './report.ts'

/** The steps that lead to an endpoint, which are not counted. Each returns the request that is counted. */
type Way = (send: Send) => Promise<string>

const ways: Record<string, Way> = {
  'anonymous sign-in': async () => doors.signIn(),
  'userinfo, sealed session': async (send) => {
    const cookie = await signIn(send, doors)
    await ask(send, doors.userinfo(cookie))
    return doors.userinfo(cookie)
  },
  'userinfo, stored session': async (send) => doors.userinfo((await register(send, doors)).cookie),
  'passkey sign-in, options': async () => doors.authenticateOptions(),
  'passkey sign-in': async (send) => signInOf(send, await register(send, doors), ''),
  'passkey sign-in that leaves another session': async (send) => {
    const guest = await register(send, doors)
    return signInOf(send, guest, guest.cookie)
  },
  'first passkey, options': async (send) => doors.registerOptions(await signIn(send, doors)),
  'first passkey': async (send) => {
    const cookie = await signIn(send, doors)
    const { device } = await register(send, doors)
    const { body } = await ask(send, doors.registerOptions(cookie))
    return doors.register(await device.create(JSON.parse(body)), cookie)
  },
  'sign-out of a stored session': async (send) =>
    request('POST', '/guest/sign-out', {}, (await register(send, doors)).cookie),
}

async function signInOf(send: Send, { device }: Guest, cookie: string): Promise<string> {
  const options = await ask(send, doors.authenticateOptions())
  return doors.authenticate(await device.get(JSON.parse(options.body)), cookie || cookiesOf(options))
}

export async function measureRoundTrips(): Promise<Columns> {
  if (absent.postgres) return {}
  const directory = newDirectory('round-trips')
  const database = await startDatabase(directory)
  const counter = await countRoundTrips(database.url)
  const node = await startNode(directory, counter.url)
  const { send, close } = await open(node.port)
  try {
    for (const way of Object.values(ways)) await ask(send, await way(send)) // connects, and prepares statements
    const columns: Columns = {}
    for (const [name, way] of Object.entries(ways)) {
      const text = await way(send)
      const { statements, roundTrips, transactions } = await counter.during(() => ask(send, text))
      columns[name] = { 'round trips': roundTrips, transactions, statements: statements.length }
    }
    return columns
  } finally {
    close()
    await node.stop()
    counter.close()
    await database.stop()
    removeDirectory(directory)
  }
}
