// What becomes of a service whose SQLite file cannot be written, or is no longer there.

import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { startService } from '../support/service.ts'
import { keepWriting, storeWithGuests } from './command.ts'

/** Runs a program that cannot make a file longer than 32 KiB, nor write past that in one that is. */
const withShortFiles = ['sh', '-c', 'trap "" XFSZ; ulimit -f 64; exec "$0" "$@"']

const lines = (out: string) =>
  out.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))

test('a service that can read and not write is not ready, says why once, and goes on reading', async () => {
  const file = await storeWithGuests(10)
  await (await keepWriting(file)).stop('SIGKILL') // the log is longer than that
  const service = await startService({ GUESTKEY_DATA: dirname(file) }, withShortFiles)
  for (let i = 0; i < 3; i++) expect((await service.ask('/readyz')).status).toBe(503)
  expect((await service.browser().addPasskey(service.device())).status).toBe(503)
  expect((await service.ask('/healthz')).status).toBe(200)
  expect((await service.browser().post('/guest/sign-in')).status).toBe(200)
  await expect.poll(() => service.said.out).toContain('not ready')
  const told = lines(service.said.out).filter(({ msg }) => msg === 'not ready')
  expect(told).toEqual([
    expect.objectContaining({ reason: expect.stringMatching(/^sqlite write: SQLITE_(IOERR|FULL)/) }),
  ])
})
