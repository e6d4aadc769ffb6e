// The runner that vitest uses for the mutation testing. Without a plan, it runs each test once and writes down which
// mutants the test reaches. With a plan, it repeats each test with one mutant after the other.

import { appendFileSync, readFileSync } from 'node:fs'
import { type RunnerTestCase, TestRunner, type TestTryOptions } from 'vitest'
import { timeLimit } from './config.ts'
import './switches.ts'

/** A test that was run without a mutant. */
export type Covered = {
  test: string
  name: string
  file: string
  passed: boolean
  ms: number
  reached: number[]
}
/** Mutants that were reached outside tests, such as while the sources were loaded. */
export type Reached = { outside: number[] }
/** What a test said about a mutant. `unreliable`: it failed without a mutant too, so it says nothing. */
export type Verdict = {
  mutant: number
  test: string
  outcome: 'begun' | 'killed' | 'late' | 'survived' | 'unreliable'
}
/** The mutants that each test is to be repeated with, and how long the test takes without one. */
export type Plan = { until: number; tests: Record<string, { ms: number; mutants: number[] }> }

const { MUTANTS_PLAN, MUTANTS_RESULTS = '' } = process.env
const plan = MUTANTS_PLAN ? (JSON.parse(readFileSync(MUTANTS_PLAN, 'utf8')) as Plan) : undefined
const killed = new Set<number>()
const write = (line: Covered | Reached | Verdict) =>
  appendFileSync(MUTANTS_RESULTS, `${JSON.stringify(line)}\n`)
/** The tests may replace them. */
const { setTimeout, clearTimeout } = globalThis

function turnOn(mutant: number | undefined): void {
  globalThis.mutation = { on: mutant, reached: new Set() }
  if (mutant === undefined) delete process.env.MUTANT
  else process.env.MUTANT = String(mutant)
}

/** The mutant that is tried in this repeat of the test; undefined for a repeat without one. */
const mutantIn = ({ id }: RunnerTestCase, repeat: number): number | undefined =>
  repeat % 2 === 0 ? undefined : plan?.tests[id]?.mutants[(repeat - 1) / 2]

export default class MutantRunner extends TestRunner {
  #began = 0
  #isLate = false
  #isDue = true
  /** The mutant with which the test failed. It counts as killed once the test has passed without it. */
  #suspect: Verdict | undefined
  #isUnreliable = false

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    const mutants = plan?.tests[test.id]?.mutants
    this.#suspect = undefined
    this.#isUnreliable = false
    if (mutants) test.repeats = 2 * mutants.length
    else if (plan) test.mode = 'skip'
    await super.onBeforeRunTask(test)
  }

  override onBeforeTryTask(test: RunnerTestCase, options: TestTryOptions): void {
    super.onBeforeTryTask(test, options)
    const mutant = mutantIn(test, options.repeats)
    this.#isDue =
      mutant === undefined
        ? options.repeats === 0 || this.#suspect !== undefined
        : !this.#isUnreliable && !killed.has(mutant) && Date.now() < plan!.until
    const outside = [...(globalThis.mutation?.reached ?? [])]
    if (!plan && outside.length > 0) write({ outside })
    this.#isLate = false
    this.#began = performance.now()
    if (this.#isDue && mutant !== undefined) write({ mutant, test: test.id, outcome: 'begun' })
    turnOn(this.#isDue ? mutant : undefined)
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    if (!this.#isDue) return
    const work = TestRunner.getTestFn(test)!
    const planned = plan?.tests[test.id]
    if (!planned) return void (await work())
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise((_, reject) => {
      timer = setTimeout(
        () => {
          this.#isLate = true
          reject(new Error('The time limit of a mutant is over.'))
        },
        timeLimit.leastSeconds * 1000 + timeLimit.times * planned.ms,
      )
    })
    await Promise.race([work(), limit]).finally(() => clearTimeout(timer))
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    await super.onAfterRetryTask(test, options)
    const passed = test.result!.state !== 'fail'
    const reached = [...(globalThis.mutation?.reached ?? [])]
    turnOn(undefined)
    if (!plan) {
      const ms = performance.now() - this.#began
      write({ test: test.id, name: test.fullTestName, file: test.file.name, passed, ms, reached })
    } else if (this.#isDue) this.#judge(test, mutantIn(test, options.repeats), passed)
    else if (this.#isUnreliable) {
      const mutant = mutantIn(test, options.repeats)
      if (mutant !== undefined) write({ mutant, test: test.id, outcome: 'unreliable' })
    }
    // The next repeat starts afresh, and the run goes on.
    test.result!.state = 'pass'
    delete test.result!.errors
  }

  #judge(test: RunnerTestCase, mutant: number | undefined, passed: boolean): void {
    if (mutant !== undefined) {
      const outcome = passed ? 'survived' : this.#isLate ? 'late' : 'killed'
      const verdict: Verdict = { mutant, test: test.id, outcome }
      if (passed) write(verdict)
      else this.#suspect = verdict
      return
    }
    if (!passed) this.#isUnreliable = true
    const suspect = this.#suspect
    this.#suspect = undefined
    if (!suspect) return
    if (passed) killed.add(suspect.mutant)
    write(passed ? suspect : { ...suspect, outcome: 'unreliable' })
  }
}
