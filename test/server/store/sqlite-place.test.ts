// What becomes of a service whose SQLite file cannot be written, or is no longer there.

import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { keepWriting, storeWithGuests } from '../../support/command.ts'
import { startService } from '../../support/service.ts'

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

const replacements: [string, (file: string) => void][] = [
  ['removed', (file) => rmSync(file)],
  [
    'removed with its log',
    (file) => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end)
    },
  ],
  [
    'replaced by a copy',
    (file) => {
      copyFileSync(file, `${file}.copy`)
      renameSync(`${file}.copy`, file)
    },
  ],
  ['there and its log is removed', (file) => rmSync(`${file}-wal`)],
]

test.each(replacements)(
  'when the file under a service is %s, no write is acknowledged and it is not ready',
  async (_, replace) => {
    const file = await storeWithGuests(10)
    const service = await startService({ GUESTKEY_DATA: dirname(file) })
    expect((await service.ask('/readyz')).status).toBe(200)
    expect((await service.browser().addPasskey(service.device())).status).toBe(201)
    replace(file)
    expect((await service.browser().addPasskey(service.device())).status).toBe(503)
    expect((await service.ask('/readyz')).status).toBe(503)
    await expect.poll(() => service.said.out).toContain('not ready')
    const told = lines(service.said.out)
    const advice = /was removed or replaced while it was open.*Stop the service, then put the files back/
    expect(told.find(({ msg }) => msg === 'not ready').reason).toMatch(advice)
    expect(told.find(({ msg }) => msg === 'unavailable').cause).toMatch(advice)
  },
)

test('when the file is put back as it was, the service is ready again by itself', async () => {
  const file = await storeWithGuests(10)
  const service = await startService({ GUESTKEY_DATA: dirname(file) })
  expect((await service.ask('/readyz')).status).toBe(200)
  renameSync(file, `${file}.away`)
  expect((await service.ask('/readyz')).status).toBe(503)
  expect((await service.browser().addPasskey(service.device())).status).toBe(503)
  expect(existsSync(file), 'none is made').toBe(false)
  renameSync(`${file}.away`, file)
  await expect.poll(async () => (await service.ask('/readyz')).status).toBe(200)
  expect((await service.browser().addPasskey(service.device())).status).toBe(201)
  await expect.poll(() => service.said.out).toContain('ready again')
})
