// A process that keeps guests as fast as it can, and prints each one only after the store acknowledged it.
// Arguments: the SQLite file or the URL of the database, and the number of guests (0: until it is killed).

import { openStore } from './open-store.ts'
import { aRegistration } from './store-rows.ts'

const [name, count] = process.argv.slice(2)
const store = openStore(name!)
let left = Number(count) || Number.POSITIVE_INFINITY

async function keepOneByOne(): Promise<void> {
  while (left-- > 0) {
    const registration = aRegistration()
    const { outcome } = await store.registerPasskey(registration)
    if (outcome !== 'added') throw new Error(outcome)
    process.stdout.write(`${registration.passkey.credentialId}\n`) // Node writes to a pipe at once
  }
}

await Promise.all(Array.from({ length: 16 }, keepOneByOne))
await store.close()
