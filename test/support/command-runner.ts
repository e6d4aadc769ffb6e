// Runs commands of guestkey one after another, as its parent asks: each with its own folder and environment.

import { run } from '../../server/service/cli.ts'

export type Task = { args: string[]; folder: string; environment: Record<string, string | undefined> }
/** `isLast`: the process takes no more commands, since `guestkey restore` gave up the rights of root. */
export type Ran = { out: string; err: string; code: number; isLast: boolean }

const account = process.getuid?.()

process.on('message', async ({ args, folder, environment }: Task) => {
  const said = { out: '', err: '' }
  const hear = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    said[stream] += text
    return true
  }
  process.stdout.write = hear('out')
  process.stderr.write = hear('err')
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, environment)
  process.chdir(folder)
  const code = await run(args)
  const isLast = process.getuid?.() !== account
  process.send!({ out: said.out, err: said.err, code, isLast } satisfies Ran)
  if (isLast) process.disconnect!()
})
