// What commands that work on guests have in common: the service's own options, and a store that is there.

import { existsSync } from 'node:fs'
import pino from 'pino'
import { type GuestKey, guestkey } from '../../guestkey.ts'
import { isPostgres } from '../../options/options.ts'
import { readEnvironment } from '../environment.ts'

/** Does work on the guests of the environment's store, and closes it. Throws where there is none. */
export async function withGuests<R>(work: (guests: GuestKey) => Promise<R>): Promise<R> {
  const { options, origin, store } = readEnvironment(process.env)
  if (!isPostgres(store) && !existsSync(store)) throw new Error(`There is no store ${store}.`)
  const logger = pino({ level: 'silent' })
  const guests = guestkey({ ...options, origin: origin ?? 'http://localhost', store, logger })
  try {
    await guests.ready()
    return await work(guests)
  } finally {
    await guests.close()
  }
}
