// npm run bench [-- --quick] [-- --rows sign-in,passkey] [-- --profile] [-- --write]
// Compares the speed of guestkey and others, on the same machine in the same run. --quick only shows that the bench
// works. --profile writes CPU profiles of guestkey, which slow it down, and prints its hottest functions. A run of all rows
// writes its figures into the page of the bench; with --write, a quick one does so, too.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureClientSize } from './client-size.ts'
import { absent, benchDir, installPeer, tryPostgres } from './contenders.ts'
import { measureFlood } from './flood.ts'
import { measureMemory, measureOpenSessions, measureStart } from './footprint.ts'
import { profileRow } from './profile.ts'
import { measureProving } from './proving.ts'
import { judge, markdownOf, printRow, printVerdicts, type Rows } from './report.ts'
import { measureRotation } from './rotation.ts'
import { measureRoundTrips } from './round-trips.ts'
import { measureScale } from './scale.ts'
import { measurePostgresScale } from './scale-postgres.ts'
import { measureSigning } from './signing.ts'
import { measureSweep } from './sweep.ts'
import { measureThroughput, throughputRows } from './throughput.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    rows: { type: 'string' },
    profile: { type: 'boolean' },
    write: { type: 'boolean' },
  },
})
const effort = options.quick ? { rounds: 2, seconds: 1 } : { rounds: 5, seconds: 3 }
const runs = options.quick ? 3 : 10
const sizes = options.quick ? { small: 10_000, large: 100_000 } : { small: 10_000, large: 1_000_000 }

const counts = `small ${sizes.small.toLocaleString('en')}, large ${sizes.large.toLocaleString('en')}`

const names = [
  ...Object.keys(throughputRows),
  ...[
    'signing',
    'rotation',
    'start',
    'memory',
    'open-sessions',
    'scale',
    'scale-postgres',
    'round-trips',
    'sweep',
    'flood',
    'proof-of-work',
    'client-size',
  ],
]
const wanted = options.rows?.split(',') ?? names
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`No such row: ${unknown}. There are: ${names}.`)

const machine = { node: process.version, cores: availableParallelism(), cpu: cpus()[0]?.model }
console.log(`Node ${machine.node}, ${machine.cores} cores, ${machine.cpu}`)
await installPeer()
await tryPostgres()
const rows: Rows = {}
function add(name: string, title: string, columns: Rows[string]['columns']): void {
  rows[name] = { title, columns }
  printRow(rows[name])
}

async function measure(name: string): Promise<void> {
  const row = throughputRows[name]
  if (row && options.profile) await profileRow(name, row)
  else if (row) add(name, row.title, await measureThroughput(row, effort))
  else if (name === 'start') add(name, 'start to first answer', await measureStart(runs))
  else if (name === 'memory') add(name, 'resident memory, idle', await measureMemory(Math.ceil(runs / 3)))
  else if (name === 'open-sessions')
    add(name, 'resident memory for guests who are signed in', await measureOpenSessions(sizes.small))
  else if (name === 'round-trips')
    add(name, 'what the endpoints ask of PostgreSQL', await measureRoundTrips())
  else if (name === 'client-size')
    add(name, 'first load of a page with the client, in KiB with gzip', await measureClientSize())
  else if (name === 'signing') add(name, 'a signature', await measureSigning(effort))
  else if (name === 'sweep') {
    const title = `${sizes.large.toLocaleString('en')} expired guests are erased beside sign-ins`
    add(name, title, await measureSweep(sizes.large, options.quick ? 2 : 5))
  } else if (name === 'flood') {
    const title = 'a flood for new guests, 20,000 a second from 10,000 networks, beside sign-ins'
    add(name, title, await measureFlood(options.quick ? 1 : 3))
  } else if (name === 'proof-of-work') {
    const title = 'a proof of work in Chromium, its processor slowed down four times'
    add(name, title, await measureProving(options.quick ? 20 : 100))
  } else if (name === 'rotation') {
    const seconds = options.quick ? 15 : 60
    add(name, `signing keys change under load, ${seconds} s over two nodes`, await measureRotation(seconds))
  } else if (name === 'scale-postgres') {
    add(
      'latency-postgres',
      `verbs on PostgreSQL by number of guests (${counts})`,
      await measurePostgresScale(sizes, effort),
    )
  } else {
    const { disk, latency } = await measureScale(sizes, effort)
    add('disk', `disk for a guest (${counts} kept guests)`, disk)
    add('latency', `latency by number of guests (${counts})`, latency)
  }
}

// A row that fails takes no other one with it.
for (const name of wanted) {
  await measure(name).catch((error: unknown) => {
    console.error(`\n${name}:`, error)
    process.exitCode = 1
  })
}

if (!options.profile) {
  const verdicts = judge(rows)
  printVerdicts(verdicts, rows)
  for (const [name, reason] of Object.entries(absent)) console.log(`  ${name}: ${reason}`)
  const file = join(benchDir, 'results.json')
  writeFileSync(
    file,
    JSON.stringify(
      { at: new Date(), quick: options.quick ?? false, machine, rows, verdicts, absent },
      null,
      2,
    ),
  )
  console.log(`\nas JSON: ${file}`)
  if (!options.rows && !process.exitCode && (options.write || !options.quick)) {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
    const how = options.quick ? 'a quick run' : 'a full run'
    const when = new Date().toISOString().slice(0, 10)
    const page = join(import.meta.dirname, 'README.md')
    const taken = `${when}, ${how} of ${commit} on Node ${machine.node.slice(1)}, ${machine.cores} cores (${machine.cpu}).`
    const figures = `\n${taken}\n\n${markdownOf(verdicts, rows)}\n`
    const text = readFileSync(page, 'utf8')
    writeFileSync(
      page,
      text.replace(/(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)/s, () => figures),
    )
    console.log(`in words: ${page}`)
  }
}
