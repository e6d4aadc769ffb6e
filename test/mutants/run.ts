// Mutation testing: makes one mistake at a time in a copy of the project, and checks that a test fails.
// `npm run mutants -- [options] <files or folders>`; see `usage` below.

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { mirrors, testsByName, timeLimit } from './config.ts'
import { type Mutant, mutantsOf, mutated } from './mutations.ts'

const usage = `npm run mutants -- [options] <files or folders>
  --concurrency n   mutants at a time (2)
  --sample n        at most n mutants of each file, chosen by the seed (all)
  --seed n          (1)
  --minutes n       begins no more mutants after n minutes (no limit)
  --list            only lists the mutants`

const root = join(import.meta.dirname, '../..')
const results = join(root, '.mutants')

type Outcome = 'killed' | 'timeout' | 'survived'
type Job = { file: string; tests: string[]; mutant: Mutant }
type Result = Job & { outcome: Outcome }

const { values, positionals } = readArguments()

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        concurrency: { type: 'string', default: '2' },
        sample: { type: 'string', default: 'Infinity' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: 'Infinity' },
        list: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return fail(error)
  }
}

function fail(error: unknown): never {
  console.error((error as Error).message)
  process.exit(1)
}

/** All current files of the project: the ones that git knows, and new ones. */
const projectFiles = execFileSync('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\0')
  .filter((file) => file && existsSync(join(root, file)))
const testFiles = projectFiles.filter((file) => file.endsWith('.test.ts'))
const nameOf = (file: string) => basename(file).replace(/(\.test)?\.ts$/, '')

function sourcesOf(arg: string): string[] {
  const path = relative(root, join(process.cwd(), arg))
  const files = projectFiles.filter((file) => file === path || file.startsWith(`${path}/`))
  const sources = files.filter((file) => file.endsWith('.ts') && !testFiles.includes(file))
  if (sources.length === 0) throw new Error(`There is no source file ${arg}.`)
  return sources
}

/** The tests that the config names, else those in the mirroring folder and those with the same name. */
function testsOf(file: string): string[] {
  const [sources, root] = mirrors.find(([sources]) => file.startsWith(`${sources}/`)) ?? ['', 'test']
  const within = testFiles.filter(
    (test) => test.startsWith(`${root}/`) && !/^(postgres|explain)/.test(nameOf(test)),
  )
  const named = testsByName[nameOf(file)] ?? []
  const missing = named.find((name) => !within.some((test) => nameOf(test) === name))
  if (missing)
    throw new Error(`There is no test ${missing} in ${root}; see testsByName in test/mutants/config.ts.`)
  const folder = relative(sources, dirname(file))
  const isMirror = (test: string) => folder !== '' && dirname(test) === join(root, folder)
  const isOne = (test: string) =>
    named.length > 0 ? named.includes(nameOf(test)) : nameOf(test) === nameOf(file) || isMirror(test)
  return within.filter(isOne)
}

/** A pseudo-random order that is the same for the same seed. */
function shuffled(jobs: Job[], seed: string): Job[] {
  const rank = (job: Job) =>
    createHash('sha256')
      .update(`${seed} ${JSON.stringify(job)}`)
      .digest('hex')
  return jobs
    .map((job) => ({ job, rank: rank(job) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ job }) => job)
}

/** Creates a copy of the project to make mistakes in. */
function makeCopy(name: string): string {
  const copy = join(results, name)
  rmSync(copy, { recursive: true, force: true })
  for (const file of projectFiles) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

const running = new Set<number>()
process.on('exit', () => running.forEach(end))

/** Ends a process and all processes that it started. */
function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // They have ended already.
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** Runs the tests in the copy, until one fails. */
function runTests(
  copy: string,
  tests: string[],
  limitSeconds: number,
): Promise<{ outcome: Outcome; said: string }> {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const options = ['--project=sqlite', '--bail=1', '--maxWorkers=1', '--reporter=dot']
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...tests], { cwd: copy, detached: true })
  const pid = child.pid!
  running.add(pid)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-10_000)
    })
  }
  return new Promise((resolve) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      end(pid)
    }, limitSeconds * 1000)
    child.on('exit', (code) => {
      clearTimeout(timer)
      running.delete(pid)
      end(pid)
      resolve({ outcome: isLate ? 'timeout' : code === 0 ? 'survived' : 'killed', said })
    })
  })
}

async function runMutant(copy: string, { file, tests, mutant }: Job, limitSeconds: number): Promise<Outcome> {
  const path = join(copy, file)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, mutated(source, mutant))
  const { outcome } = await runTests(copy, tests, limitSeconds)
  writeFileSync(path, source)
  return outcome
}

const limits = new Map<string, Promise<number>>()

/** How long the tests may take with a mistake: derived from a run without one, which must pass first. */
function limitOf(copy: string, tests: string[]): Promise<number> {
  const key = tests.join(' ')
  if (!limits.has(key)) limits.set(key, measureLimit(copy, tests))
  return limits.get(key)!
}

async function measureLimit(copy: string, tests: string[]): Promise<number> {
  const start = performance.now()
  const { outcome, said } = await runTests(copy, tests, timeLimit.mostSeconds)
  if (outcome !== 'survived')
    throw new Error(`${tests.join(' ')} must pass before any mistake is made:\n${said}`)
  const seconds = (performance.now() - start) / 1000
  console.log(`${tests.join(' ')}: ${Math.round(seconds)} s`)
  return Math.min(timeLimit.mostSeconds, Math.max(timeLimit.leastSeconds, seconds * timeLimit.times))
}

const oneLine = (text: string) => {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > 90 ? `${line.slice(0, 87)}…` : line || 'nothing'
}
const describe = ({ file, mutant }: Job) =>
  `${file}:${mutant.line}  ${oneLine(mutant.was)}  ->  ${oneLine(mutant.becomes)}`

/** One line for each key: how many mutants were killed, out of how many. */
function scores(all: Result[], keyOf: (result: Result) => string): string[] {
  return Object.entries(Object.groupBy(all, keyOf)).map(([key, group = []]) => {
    const killed = group.filter(({ outcome }) => outcome !== 'survived').length
    const late = group.filter(({ outcome }) => outcome === 'timeout').length
    const note = late > 0 ? `, ${late} by the time limit` : ''
    return `${key}: ${killed} / ${group.length} killed (${Math.round((100 * killed) / group.length)} %)${note}`
  })
}

function number(name: 'concurrency' | 'sample' | 'minutes'): number {
  const value = Number(values[name])
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${values[name]}.\n${usage}`)
  return value
}

async function run(): Promise<void> {
  if (positionals.length === 0) throw new Error(usage)
  const files = [...new Set(positionals.flatMap(sourcesOf))]
  const chosen = files.flatMap((file) => {
    const tests = testsOf(file)
    if (tests.length === 0) {
      console.log(`${file}: left out, no test is known; name some in test/mutants/config.ts`)
      return []
    }
    const all = mutantsOf(readFileSync(join(root, file), 'utf8')).map((mutant) => ({ file, tests, mutant }))
    const some = shuffled(all, values.seed).slice(0, number('sample'))
    console.log(`${file}: ${some.length} of ${all.length} mutants, ${tests.join(' ')}`)
    return some
  })
  if (values.list) return
  setPriority(19)
  const until = performance.now() + number('minutes') * 60_000
  mkdirSync(results, { recursive: true })
  const copies = Array.from({ length: number('concurrency') }, (_, i) => makeCopy(`copy-${i}`))
  const done: Result[] = []
  const waiting = shuffled(chosen, values.seed)
  const total = waiting.length
  await Promise.all(
    copies.map(async (copy) => {
      for (let job = waiting.shift(); job && performance.now() < until; job = waiting.shift()) {
        const outcome = await runMutant(copy, job, await limitOf(copy, job.tests))
        done.push({ ...job, outcome })
        console.log(`${done.length}/${total} ${outcome.padEnd(8)} ${describe(job)}`)
        writeFileSync(join(results, 'results.json'), JSON.stringify(done, null, 2))
      }
    }),
  )
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
  report(done, total)
}

function report(done: Result[], total: number): void {
  const survivors = done.filter(({ outcome }) => outcome === 'survived').map(describe)
  const left = done.length < total ? [`\n${total - done.length} were left for want of time.`] : []
  const byFile = scores(done, ({ file }) => file)
  const byFolder = scores(done, ({ file }) => dirname(file))
  const lines = [
    'Survivors:',
    survivors.toSorted(),
    '\nBy file:',
    byFile,
    '\nBy folder:',
    byFolder,
    left,
  ].flat()
  writeFileSync(join(results, 'report.txt'), `${lines.join('\n')}\n`)
  console.log(`\n${lines.join('\n')}\n\nAlso in .mutants/report.txt and results.json.`)
}

run().catch(fail)
