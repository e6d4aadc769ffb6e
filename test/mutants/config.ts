// The configuration of the mutation testing for this project.

/** The folder of the tests that belong to a source file. */
export const mirrorOf = (source: string): string => `test/${source.replace(/\/[^/]+$/, '')}/`

/** The tests that mutants are tried with. They reach a mutant, or they do not: only those that reach it are run. */
export const tests = 'test/server'

/** These tests run the sources in other processes, need another engine, or take long. */
export const leftOut = /postgres|explain|processes|races|kill|commands|no-row-without-a-reason/

/** How many tests a mutant is tried with in each round. A mutant that is killed leaves the rounds. */
export const testsInRounds = [6, 12, 30]

/** A test that takes less time than this needs no app: it is tried, even if others reach the same mutants. */
export const quickMilliseconds = 10

/** A test that takes longer than this is not tried. */
export const slowestMilliseconds = 5000

/** Calls that stay unchanged, with their arguments: their texts are only for people. */
export const leftAlone = /\blogger\b|^console\./

/** With a mutant, a test may take this many times as long as without one, and `leastSeconds` more. */
export const timeLimit = { times: 10, leastSeconds: 5 }

/** A process in which no test ends for so long hangs in a mutant. It is ended, and the mutant counts as killed. */
export const stalledSeconds = 60
