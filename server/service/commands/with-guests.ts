// Opens the store with the options of the service, for a command that works on guests.

import { existsSync } from 'node:fs'
import pino from 'pino'
import { guestkey } from '../../guestkey.ts'
import type { GuestKey } from '../../host-api.ts'
import { isPostgres } from '../../options/options.ts'
import { localhostAt, readEnvironment, withOperatorsAt } from '../environment.ts'

/** Opens the environment's store, runs `work` on its guests, and closes it. Throws if the SQLite file is missing. */
export async function withGuests<R>(work: (guests: GuestKey) => Promise<R>): Promise<R> {
  const { options, origin, port, operatorsPort, store } = readEnvironment(process.env)
  if (!isPostgres(store) && !existsSync(store)) throw new Error(`There is no store ${store}.`)
  const logger = pino({ level: 'silent' })
  const guests = guestkey({
    ...withOperatorsAt(operatorsPort, options),
    origin: origin ?? localhostAt(port),
    store,
    logger,
  })
  try {
    await guests.ready()
    return await work(guests)
  } finally {
    await guests.close()
  }
}
