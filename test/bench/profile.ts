// Shows where guestkey spends its time in a row, from CPU profiles of its servers under the load of the row.

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchDir, type Name, newDirectory, removeDirectory, start } from './contenders.ts'
import { load } from './load.ts'
import type { Row } from './throughput.ts'

const ours: Name[] = ['embedded', 'standalone', 'host', 'postgres']

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Loads each of our servers in the row for five seconds under --cpu-prof and prints its hottest functions. */
export async function profileRow(name: string, row: Row): Promise<void> {
  for (const who of row.who.filter((who) => ours.includes(who))) {
    const profiles = join(benchDir, 'profiles', `${name}-${who}`)
    rmSync(profiles, { recursive: true, force: true })
    mkdirSync(profiles, { recursive: true })
    const directory = newDirectory(who)
    const server = await start(who, directory, ['--cpu-prof', `--cpu-prof-dir=${profiles}`])
    try {
      const work = await row.prepare(server, [server])
      const { perSecond } = await load({ ports: server.ports, lanes: row.lanes, seconds: 5, work })
      console.log(`\n${row.title}: ${who}, ${Math.round(perSecond)} a second while profiled`)
    } finally {
      await server.stop()
      removeDirectory(directory)
    }
    // One profile for each thread.
    for (const file of readdirSync(profiles)) print(JSON.parse(readFileSync(join(profiles, file), 'utf8')))
  }
}

/** The self time of each function, in percent of the time that the thread was busy. */
function print({ nodes, samples, timeDeltas }: Profile): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const self = new Map<string, number>()
  let busy = 0
  for (const [i, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id)!
    if (functionName === '(idle)') continue
    const place = `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=server\/|node_modules\/)/, '')}:${lineNumber + 1}`
    self.set(place, (self.get(place) ?? 0) + timeDeltas[i]!)
    busy += timeDeltas[i]!
  }
  console.log(`  a thread, busy ${(busy / 1e6).toFixed(1)} s`)
  for (const [place, time] of [...self].sort(([, a], [, b]) => b - a).slice(0, 20)) {
    console.log(`  ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${place}`)
  }
}
