// The Node that runs the service: one that is too old, and one with its permission model.

import { once } from 'node:events'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine.ts'
import { launch } from '../../support/service.ts'

const run = (flags: string[], data = temporaryFolder()) =>
  launch({ NODE_NO_WARNINGS: '1', GUESTKEY_DATA: data }, [], flags)

test.each(['20.19.5', '22.17.1'])('Node %s is refused in one sentence', async (version) => {
  const older = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const { child, said } = run(['--import', `data:text/javascript,${encodeURIComponent(older)}`])
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said).toEqual({
    out: '',
    err: `guestkey: This is Node ${version}; guestkey needs Node 22.18 or newer.\n`,
  })
})

/** The flags that server/service/README.md names. Older versions of Node do not restrict the network. */
const flagsFor = (data: string) => [
  ...['--permission', '--allow-fs-read=*', `--allow-fs-write=${data}`, '--allow-addons'],
  ...(process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []),
]

test('with --permission and without --allow-worker the service does not start, and says which flag it needs', async () => {
  const data = temporaryFolder()
  const { child, said } = run(flagsFor(data), data)
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said.err).toMatch(
    /^guestkey: cannot open .*: Error: Node runs with --permission .* add --allow-worker\n$/,
  )
})

test('with the flags that the papers name it starts and writes', async () => {
  const data = temporaryFolder()
  const { said } = run([...flagsFor(data), '--allow-worker'], data)
  await expect.poll(() => said.out).toContain('guestkey is at ')
  const url = /guestkey is at (\S+)/.exec(said.out)![1]
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
})
