// Mutation testing: makes one mistake at a time in a copy of the project, and checks that a test fails.
// `npm run mutants -- [options] <files or folders>`; see `usage` below.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { leftOut, mirrorOf, quickMilliseconds, slowestMilliseconds, tests, testsInRounds } from './config.ts'
import { equivalentsAmong } from './equivalents.ts'
import { mutantsOf } from './mutations.ts'
import { makeCopy, projectFiles, results, root, runTests } from './processes.ts'
import { type Job, type Outcome, type Result, report } from './report.ts'
import type { Covered, Plan, Reached, Verdict } from './runner.ts'
import { withSwitches } from './switches.ts'

const usage = `npm run mutants -- [options] <files or folders>
  --concurrency n   processes at a time (1)
  --sample n        at most n mutants of each file, chosen by the seed (all)
  --seed n          (1)
  --minutes n       begins no more mutants after n minutes (no limit)
  --tests path      only the tests of this folder or file (may be repeated)
  --survivors       tries only mutants that the last run did not kill, and adds to its results
  --list            only lists the mutants`

const { values, positionals } = readArguments()

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        concurrency: { type: 'string', default: '1' },
        sample: { type: 'string', default: 'Infinity' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: 'Infinity' },
        tests: { type: 'string', multiple: true, default: [tests] },
        survivors: { type: 'boolean', default: false },
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

const testFiles = projectFiles.filter((file) => file.endsWith('.test.ts') && !leftOut.test(file))

function sourcesOf(arg: string): string[] {
  const path = relative(root, join(process.cwd(), arg))
  const files = projectFiles.filter((file) => file === path || file.startsWith(`${path}/`))
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith('test/'))
  if (sources.length === 0) throw new Error(`There is no source file ${arg}.`)
  return sources
}

/** The mutants of a file, at most as many as the sample: a choice that is the same for the same seed. */
function chosenOf(file: string): Omit<Job, 'id'>[] {
  const source = readFileSync(join(root, file), 'utf8')
  const mutants = mutantsOf(source)
  const equivalent = equivalentsAmong(mutants, file, source)
  const all = mutants.filter((mutant) => !equivalent.has(mutant))
  const rank = (mutant: object) =>
    createHash('sha256')
      .update(`${values.seed} ${file} ${JSON.stringify(mutant)}`)
      .digest('hex')
  const ranked = all.map((mutant) => ({ mutant, rank: rank(mutant) }))
  const some = ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, number('sample'))
  console.log(`${file}: ${some.length} of ${all.length} mutants`)
  return some.map(({ mutant }) => ({ file, mutant }))
}

const keyOf = ({ file, mutant }: Omit<Job, 'id'>) =>
  `${file} ${mutant.start} ${mutant.end} ${mutant.was} ${mutant.becomes}`

/** With `--survivors`: the results of the last run for the mutants that it killed. */
function killedBefore(chosen: Omit<Job, 'id'>[]): Map<string, Result> {
  if (!values.survivors) return new Map()
  const keys = new Set(chosen.map(keyOf))
  const last: Result[] = JSON.parse(readFileSync(join(results, 'results.json'), 'utf8'))
  const killed = last.filter((result) => isKill(result.outcome) && keys.has(keyOf(result)))
  return new Map(killed.map((result) => [keyOf(result), result]))
}

function number(name: 'concurrency' | 'sample' | 'minutes'): number {
  const value = Number(values[name])
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${values[name]}.\n${usage}`)
  return value
}

const linesOf = <T>(file: string): T[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : []

const ours = ['--config=test/mutants/vitest.config.ts']

/** Runs all tests once, without a mutant. Tests that fail or are slow are left out. */
async function cover(): Promise<{ covered: Covered[]; outside: Set<number> }> {
  const file = join(results, 'covered.jsonl')
  const chosen = testFiles.filter((test) => values.tests.some((path) => test.startsWith(path)))
  const { said } = await runTests(chosen, ours, { MUTANTS_RESULTS: file }, file)
  const lines = linesOf<Covered | Reached>(file)
  const covered = lines.filter((line) => 'test' in line)
  if (covered.length === 0) throw new Error(`No test ran:\n${said}`)
  for (const { name, passed } of covered) if (!passed) console.log(`left out, because it fails: ${name}`)
  const outside = new Set(lines.flatMap((line) => ('test' in line ? [] : line.outside)))
  return { covered: covered.filter(({ passed, ms }) => passed && ms <= slowestMilliseconds), outside }
}

/**
 * The tests that reach each mutant, the ones that say the most about it first: those of the file's own test, then those that
 * reach mutants of the file that few others reach. A test in the mirroring folder says more, and a slow one comes later.
 */
function testsOf(jobs: Job[], covered: Covered[]): Map<number, Covered[]> {
  const byMutant = new Map<number, Covered[]>(jobs.map(({ id }) => [id, []]))
  for (const test of covered) for (const id of test.reached) byMutant.get(id)?.push(test)
  const ranks = new Map(covered.map((test) => [test, new Map<string, number>()]))
  for (const { id, file } of jobs) {
    const tests = byMutant.get(id)!
    for (const test of tests) {
      const ofTest = ranks.get(test)!
      ofTest.set(file, (ofTest.get(file) ?? 0) + nearness(test.file, file) / tests.length)
    }
  }
  const reachOf = new Map(covered.map((test) => [test, String(test.reached)]))
  const rank = (test: Covered, file: string) => ranks.get(test)!.get(file)! / (test.ms + 100)
  for (const { id, file } of jobs) {
    const sorted = byMutant
      .get(id)!
      .toSorted((a, b) => closeness(b, file) - closeness(a, file) || rank(b, file) - rank(a, file))
    // Tests that reach the same mutants, such as the cases of one table, seldom tell more than the first of them. Tests
    // of pure functions do, and cost nothing.
    const tables = Map.groupBy(sorted, (test) =>
      test.ms < quickMilliseconds ? test.test : reachOf.get(test),
    )
    const firsts = new Set([...tables.values()].map(([first]) => first!))
    byMutant.set(id, [...firsts, ...sorted.filter((test) => !firsts.has(test))])
  }
  return byMutant
}

/** The tests of the file's own test come first, and of these the quick ones. */
function closeness({ file, ms }: Covered, source: string): number {
  if (file !== `${mirrorOf(source)}${basename(source, '.ts')}.test.ts`) return 0
  return ms < quickMilliseconds ? 2 : 1
}

const nearness = (test: string, source: string): number => (test.startsWith(mirrorOf(source)) ? 3 : 1)

type Pair = { mutant: number; test: Covered }

/** Tries the mutants, each with some tests, in one process at a time. Returns what each test said. */
async function judge(name: string, pairs: Pair[], until: number): Promise<Verdict[]> {
  const said: Verdict[] = []
  const planFile = join(results, `${name}.plan.json`)
  const resultFile = join(results, `${name}.jsonl`)
  for (let waiting = pairs; waiting.length > 0 && Date.now() < until; ) {
    const plan: Plan = { until, tests: {} }
    for (const { mutant, test } of waiting) {
      plan.tests[test.test] ??= { ms: test.ms, mutants: [] }
      plan.tests[test.test]!.mutants.push(mutant)
    }
    writeFileSync(planFile, JSON.stringify(plan))
    rmSync(resultFile, { force: true })
    const files = [...new Set(waiting.map(({ test }) => test.file))]
    const environment = { MUTANTS_PLAN: planFile, MUTANTS_RESULTS: resultFile }
    const { outcome } = await runTests(files, ours, environment, resultFile)
    const lines = linesOf<Verdict>(resultFile)
    const last = lines.at(-1)
    said.push(...lines.filter((line) => line.outcome !== 'begun'))
    // The process hung or fell in the last mutant: the others go on in a new one.
    if (outcome === 'passed' || last?.outcome !== 'begun') break
    said.push({ ...last, outcome: 'late' })
    const over = new Set(said.filter(({ outcome }) => isKill(outcome)).map(({ mutant }) => mutant))
    const done = new Set(said.map(({ mutant, test }) => `${mutant} ${test}`))
    waiting = waiting.filter(({ mutant, test }) => !over.has(mutant) && !done.has(`${mutant} ${test.test}`))
  }
  return said
}

const isKill = (outcome: string) => outcome === 'killed' || outcome === 'late'

/**
 * Tries a mutant in a process of its own: one that counts while the sources are loaded, and one that no test could judge. A
 * mutant can leave a state behind in which tests fail without it, and then they judge no other mutant either.
 */
async function judgeAlone({ id, file }: Job, covered: Covered[]): Promise<Outcome> {
  const near = [...new Set(covered.map((test) => test.file))].filter((test) =>
    test.startsWith(mirrorOf(file)),
  )
  if (near.length === 0) return 'survived'
  const { outcome } = await runTests(near, ['--bail=1', '--maxWorkers=1'], { MUTANT: String(id) })
  return outcome === 'passed' ? 'survived' : outcome === 'stalled' ? 'late' : 'killed'
}

async function run(): Promise<void> {
  if (positionals.length === 0) throw new Error(usage)
  const files = [...new Set(positionals.flatMap(sourcesOf))]
  const chosen = files.flatMap(chosenOf)
  const known = killedBefore(chosen)
  const jobs: Job[] = chosen.filter((job) => !known.has(keyOf(job))).map((job, id) => ({ ...job, id }))
  if (values.list) return
  setPriority(10)
  mkdirSync(results, { recursive: true })
  const copy = makeCopy()
  const ids = new Map(jobs.map((job) => [keyOf(job), job.id]))
  for (const file of files) {
    const source = readFileSync(join(root, file), 'utf8')
    // All mutants get a switch, also those that are not tried: without the switch of a statement, the parenthesis of one
    // inside it could continue the line before.
    const all = mutantsOf(source).map((mutant) => ({ ...mutant, id: ids.get(keyOf({ file, mutant })) ?? -1 }))
    writeFileSync(join(copy, file), withSwitches(source, all))
  }
  rmSync(join(results, 'covered.jsonl'), { force: true })
  const { covered, outside } = await cover()
  console.log(`${covered.length} tests pass without a mutant`)
  const until =
    number('minutes') === Infinity ? Number.MAX_SAFE_INTEGER : Date.now() + number('minutes') * 60_000
  const reaching = testsOf(jobs, covered)
  const done: Result[] = [...known.values()]
  const finish = (job: Job, outcome: Outcome, tried: number) => {
    done.push({ ...job, outcome, tried, reachedBy: reaching.get(job.id)!.length })
    writeFileSync(join(results, 'results.json'), JSON.stringify(done, null, 2))
  }
  // What counts at load may survive a test that reaches it too, because its result is there already.
  const isAtLoad = ({ id }: Job) => outside.has(id)
  const unreached = jobs.filter(({ id }) => reaching.get(id)!.length === 0)
  for (const job of unreached) if (!isAtLoad(job)) finish(job, 'survived', 0)

  const unsure = new Set(unreached.filter(isAtLoad))
  let alive = jobs.filter(({ id }) => reaching.get(id)!.length > 0)
  for (const job of alive) unsure.add(job)
  let from = 0
  for (const [round, most] of testsInRounds.entries()) {
    const to = from + most
    const pairsOf = ({ id }: Job): Pair[] =>
      reaching
        .get(id)!
        .slice(from, to)
        .map((test) => ({ mutant: id, test }))
    const shards = Array.from({ length: number('concurrency') }, (_, i) =>
      alive.filter((_, at) => at % number('concurrency') === i),
    )
    const said = await Promise.all(
      shards.map((shard, i) => judge(`round-${round}-${i}`, shard.flatMap(pairsOf), until)),
    )
    const byMutant = Map.groupBy(said.flat(), ({ mutant }) => mutant)
    alive = alive.filter((job) => {
      const verdicts = byMutant.get(job.id) ?? []
      const kill = verdicts.find(({ outcome }) => isKill(outcome))
      const isTried = verdicts.length >= pairsOf(job).length
      const isLast = to >= reaching.get(job.id)!.length || round === testsInRounds.length - 1
      if (kill || verdicts.some(({ outcome }) => outcome === 'survived')) unsure.delete(job)
      if (kill) finish(job, kill.outcome as Outcome, from + verdicts.length)
      else if (isTried && isLast && isAtLoad(job)) unsure.add(job)
      else if (isTried && isLast && !unsure.has(job)) finish(job, 'survived', from + verdicts.length)
      return !kill && isTried && !isLast
    })
    console.log(`round ${round + 1}: ${done.length} of ${chosen.length} are decided`)
    from = to
  }
  for (const job of unsure) {
    if (Date.now() < until) finish(job, await judgeAlone(job, covered), 1)
  }
  rmSync(copy, { recursive: true, force: true })
  report(done, chosen.length)
}

run().catch(fail)
