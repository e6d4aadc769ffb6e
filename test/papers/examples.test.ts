// The examples of the pages, as they are. They print what the comment beside their last line says.

import { expect, test } from 'vitest'
import { newProject, runModule } from '../support/examples.ts'
import { example } from '../support/pages.ts'

test('the example of all options gives a guestkey that is ready', async () => {
  const options = example('server/options/README.md', 'options')
  const more = 'await guests.ready(); await guests.close(); console.log(Object.keys(guests.profile))'
  const folder = newProject('zod')
  expect(await runModule(folder, options + more, { SECRET: 's'.repeat(32) })).toContain('get')
})
