// The examples of the pages, as they are. They print what the comment beside their last line says.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newProject, runModule } from '../support/examples.ts'
import { example } from '../support/pages.ts'
import { startService } from '../support/service.ts'

/** What the comment in the last line of an example says that it prints. */
const promised = (code: string): string => `${/ \/\/ (.*)\n$/.exec(code)![1]}\n`

/** The example, with another address of the service. */
const at = (origin: string, code: string): string => code.replaceAll('http://localhost:3000', origin)

test('the example of all options gives a guestkey that is ready', async () => {
  const options = example('server/options/README.md', 'options')
  const more = 'await guests.ready(); await guests.close(); console.log(Object.keys(guests.profile))'
  const folder = newProject('zod')
  expect(await runModule(folder, options + more, { SECRET: 's'.repeat(32) })).toContain('get')
})

test('the first request of the endpoints signs a guest in', async () => {
  const { origin } = await startService()
  const code = example('server/http/README.md', 'first-request')
  expect(await runModule(newProject(), at(origin, code))).toBe(promised(code))
})

test('the example of the store finds no row of guests who are not kept', async () => {
  const folder = newProject('better-sqlite3')
  const { origin, browser } = await startService({ GUESTKEY_DATA: join(folder, 'guestkey-data') })
  await browser().signIn()
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status).toBe(200)
  const code = example('server/store/README.md', 'count')
  expect(await runModule(folder, code)).toBe(promised(code))
})
