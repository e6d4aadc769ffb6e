import { configDefaults, defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'

/** Ends the run with one plain line: how many tests passed, failed and were skipped. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) counts[test.result().state]++
    console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  },
}

/** Named for an engine, and run on that one alone. */
const ofSqlite = ['test/**/sqlite*.test.ts']
const ofPostgres = ['test/**/postgres*.test.ts']
/** What asks no store, or would be answered the same by any. */
const ofNone = ['cli', 'environment', 'errors', 'options', 'rate-limit'].map(
  (name) => `test/server/${name}.test.ts`,
)

// What tests start is told which database it has, or has none.
const { DATABASE_URL = '' } = process.env
delete process.env.DATABASE_URL

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: '100%', // much of the time goes by in waiting, for a lock or for a body that does not come
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ofPostgres],
          provide: { engine: 'sqlite' },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [
            ...['test/server/**/*.test.ts', 'test/store/**/*.test.ts', 'test/interop/rotation.test.ts'],
            ...ofPostgres,
          ],
          exclude: [...configDefaults.exclude, ...ofSqlite, ...ofNone],
          provide: { engine: 'postgres', databaseUrl: DATABASE_URL },
          globalSetup: 'test/support/postgres-setup.ts',
        },
      },
    ],
  },
})
