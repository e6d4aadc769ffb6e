// A store that a newer version has brought up to date: no start on it, and no end to what runs.

import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../../server/store/sql/migrations.ts'
import { version } from '../../../server/version.ts'
import { guestkey } from '../../support/command.ts'
import { temporaryDeployment } from '../../support/engine.ts'
import { openStore } from '../../support/open-store.ts'
import { ended, launch } from '../../support/service.ts'
import { aRegistration } from '../../support/store-rows.ts'
import { execute, tables } from '../../support/tables.ts'

const secret = { GUESTKEY_SECRET: 'a secret of more than 32 characters' }

/** A store of this version in which this is done, and the environment of a service with it. */
async function storeAfter(statement: string) {
  const { store, environment } = await temporaryDeployment()
  const made = openStore(store)
  await made.registerPasskey(aRegistration())
  await made.close()
  await execute(store, statement)
  return { store, environment: { ...environment, ...secret } }
}

const newer = `INSERT INTO schema_steps (step) VALUES (${migrations.length})`
const incomplete = 'DELETE FROM schema_steps WHERE step = 3'

test.each([
  [
    'of a newer version',
    newer,
    new RegExp(
      `brought up to date by a newer version of guestkey: it has step ${migrations.length} of the schema, and this ` +
        `version, ${version().replaceAll('.', '\\.')}, knows those up to ${migrations.length - 1}`,
    ),
  ],
  ['that lacks a step below one that was done', incomplete, /is damaged: schema_steps lacks step 3/],
])(
  'a store %s stops the start, every command and every verb, and is left as it is',
  async (_, statement, message) => {
    const { store, environment } = await storeAfter(statement)
    const before = await tables(store)
    const service = launch(environment)
    expect((await ended(service.child)).code).toBe(1)
    expect(service.said.err).toMatch(message)
    const check = await guestkey(['check'], environment)
    const problems = check.out.split('\n').filter((line) => line.startsWith('problem'))
    expect(problems.some((line) => message.test(line))).toBe(true)
    expect(check.code).toBe(1)
    const sweep = await guestkey(['sweep'], environment)
    expect(sweep.err).toMatch(message)
    expect(sweep.code).toBe(1)

    const embedded = openStore(store)
    onTestFinished(() => embedded.close())
    const unavailable = { code: 'unavailable', status: 503 }
    await expect(embedded.registerPasskey(aRegistration())).rejects.toMatchObject(unavailable)
    await expect(embedded.findGuest(aRegistration().guest)).rejects.toMatchObject(unavailable)
    await expect(embedded.ready()).rejects.toMatchObject(unavailable)
    expect(await tables(store)).toEqual(before)
  },
)

test('a node that runs goes on beside a newer one, with its first write too', async () => {
  const { store: name } = await temporaryDeployment()
  const store = openStore(name)
  onTestFinished(() => store.close())
  await store.ready()
  await execute(name, newer)
  const kept = aRegistration()
  expect(await store.registerPasskey(kept)).toMatchObject({ outcome: 'added' })
  expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
  await store.ready()
})
