// The rows about a contender at rest: how soon it answers after its start, and how much memory it uses.

import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { absent, type Name, newDirectory, removeDirectory, start } from './contenders.ts'
import { ask, makeMany, register, request } from './endpoints.ts'
import { open } from './load.ts'
import { type Columns, median } from './report.ts'

const who: Name[] = ['B', 'standalone', 'built', 'P']

/** The time from spawn to the first 200, in milliseconds. The folder and its files existed before. */
export const measureStart = (runs: number): Promise<Columns> =>
  measure('ms', runs, async (name, directory) => {
    const began = performance.now()
    const server = await startAndAsk(name, directory)
    const took = performance.now() - began
    await server.stop()
    return took
  })

/** Resident memory in MB, after one response and once it is stable. */
export const measureMemory = (runs: number): Promise<Columns> =>
  measure('MB', runs, async (name, directory) => {
    const server = await startAndAsk(name, directory)
    try {
      return await residentAtRest(server.pids[0]!)
    } finally {
      await server.stop()
    }
  })

/** How much resident memory the built service takes for each thousand guests who are signed in and use it, in MB. */
export async function measureOpenSessions(count: number): Promise<Columns> {
  if (absent.built) return {}
  const directory = newDirectory('open-sessions')
  const server = await startAndAsk('built', directory)
  try {
    const { ports, doors } = server
    const use = (guests: number) =>
      makeMany(ports, guests, async (send) => ask(send, doors.userinfo((await register(send, doors)).cookie)))
    await use(count / 10) // what the first ones need is not theirs: code that is compiled, and a larger heap
    const before = await residentAtRest(server.pids[0]!)
    await use(count)
    const after = await residentAtRest(server.pids[0]!)
    return { built: { 'MB for a thousand': ((after - before) / count) * 1000 } }
  } finally {
    await server.stop()
    removeDirectory(directory)
  }
}

async function measure(
  figure: string,
  runs: number,
  once: (name: Name, directory: string) => Promise<number>,
): Promise<Columns> {
  const present = who.filter((name) => !absent[name])
  const directories = new Map(present.map((name) => [name, newDirectory(name)]))
  const results = new Map(present.map((name) => [name, [] as number[]]))
  try {
    // The first run creates databases and fills the disk cache, so it does not count.
    for (const [name, directory] of directories) await (await startAndAsk(name, directory)).stop()
    for (let run = 0; run < runs; run++) {
      for (const [name, directory] of directories) results.get(name)!.push(await once(name, directory))
    }
  } finally {
    for (const directory of directories.values()) removeDirectory(directory)
  }
  return Object.fromEntries([...results].map(([name, values]) => [name, { [figure]: median(values) }]))
}

async function startAndAsk(name: Name, directory: string) {
  const server = await start(name, directory)
  const connection = await open(server.ports[0]!)
  await ask(connection.send, name === 'B' ? request('POST', '/', {}) : server.doors.signIn())
  connection.close()
  return server
}

/** VmRSS in /proc is in KiB. It counts as stable within 1 % for three seconds, or after twenty seconds at the latest. */
async function residentAtRest(pid: number): Promise<number> {
  const samples: number[] = []
  for (;;) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    samples.unshift((Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024) / 1e6)
    const recent = samples.slice(0, 7)
    const steady = Math.max(...recent) - Math.min(...recent) < 0.01 * recent[0]!
    if ((recent.length === 7 && steady) || samples.length === 40) return recent[0]!
    await wait(500)
  }
}
