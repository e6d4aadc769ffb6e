// Nodes of other versions: what a node says and refuses while there are any.

import { expect, test } from 'vitest'
import { createFleet } from '../../../../server/core/jobs/fleet.ts'
import type { Store } from '../../../../server/store/store.ts'

/** A fleet whose store names these other versions, and its log. */
function fleetBeside(...versions: string[]) {
  const others = { versions }
  const log: [level: string, fields: object][] = []
  const say = (level: string) => (fields: object) => void log.push([level, fields])
  const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  const store = { otherVersions: async () => others.versions } as unknown as Store
  return { fleet: createFleet({ store, logger }), others, log }
}

test('a fleet is mixed as long as the store names other versions, and says each change once', async () => {
  const { fleet, others, log } = fleetBeside()
  expect([await fleet.isMixed(), await fleet.isMixed()]).toEqual([false, false])
  expect(log).toEqual([])
  others.versions = ['0.5.0', '0.6.0']
  expect([await fleet.isMixed(), await fleet.isMixed()]).toEqual([true, true])
  others.versions = ['0.6.0']
  expect(await fleet.isMixed()).toBe(true)
  others.versions = []
  expect([await fleet.isMixed(), await fleet.isMixed()]).toEqual([false, false])
  expect(log).toEqual([
    ['warn', { versions: '0.5.0; 0.6.0' }],
    ['warn', { versions: '0.6.0' }],
    ['info', {}],
  ])
})

test('what must wait for one version is refused as unavailable, to be asked again after a minute', async () => {
  const { fleet, others } = fleetBeside('0.5.0')
  await expect(fleet.refuseMixed()).rejects.toMatchObject({
    code: 'unavailable',
    headers: { 'Retry-After': '60' },
    cause: { message: expect.stringContaining('(0.5.0)') },
  })
  others.versions = []
  await expect(fleet.refuseMixed()).resolves.toBeUndefined()
})
