// The Node that runs the service: one that is too old, and one with its permission model.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../support/engine.ts'
import { inherited } from '../../support/service.ts'

const main = join(import.meta.dirname, '../../../server/main.ts')

function run(flags: string[], data = temporaryFolder()) {
  const env = { ...inherited, NODE_NO_WARNINGS: '1', PORT: '0', GUESTKEY_DATA: data }
  const child = spawn(process.execPath, [...flags, main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  return { child, said }
}

test.each(['20.19.5', '22.17.1'])('Node %s is refused in one sentence', async (version) => {
  const older = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const { child, said } = run(['--import', `data:text/javascript,${encodeURIComponent(older)}`])
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said).toEqual({
    out: '',
    err: `guestkey: This is Node ${version}; guestkey needs Node 22.18 or newer.\n`,
  })
})

/** The flags that README names. Older versions of Node do not restrict the network. */
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

test('with the flags that README names it starts and writes', async () => {
  const data = temporaryFolder()
  const { said } = run([...flagsFor(data), '--allow-worker'], data)
  await expect.poll(() => said.out).toContain('guestkey is at ')
  const url = /guestkey is at (\S+)/.exec(said.out)![1]
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
})
