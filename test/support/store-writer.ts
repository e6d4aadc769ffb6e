// A process that keeps guests as fast as it can and tells of each one only after the store acknowledged it.
// Arguments: the file or the database's URL, and how many guests (0: until it is killed).

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
    process.stdout.write(`${registration.passkey.credentialId}\n`) // into a pipe: at once, as Node has it
  }
}

await Promise.all(Array.from({ length: 16 }, keepOneByOne))
await store.close()
