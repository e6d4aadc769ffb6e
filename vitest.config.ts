import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'

/** Ends the run with one plain line: how many tests passed, failed and were skipped. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) counts[test.result().state]++
    console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  },
}

/**
 * The order of the test files. Long ones come first, so that no long one is left at the end. The projects take turns,
 * because the tests of one wait more and those of the other compute more.
 */
class InTurn extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isSlow = ({ moduleId }: TestSpecification) => startsMuch.test(moduleId)
    const projects = Object.values(
      Object.groupBy(sorted, ({ project }) => project.name),
    ) as TestSpecification[][]
    const queues = projects.map((all) => [...all.filter(isSlow), ...all.filter((one) => !isSlow(one))])
    const most = Math.max(...queues.map(({ length }) => length))
    return Array.from({ length: most }, (_, i) => queues.flatMap((queue) => queue[i] ?? [])).flat()
  }
}

/** Test files that take long for their size, because they start servers, browsers or other processes. */
const startsMuch =
  /\/(cluster|browser)\/|\/(merge|expired-guests|forward-auth)|races|explain|processes|commands|migrate|papers/

/** Projects of other people, which `npm run interop` installs: neither `npm test` nor `npm run test:full` runs these. */
const ofProjects = ['test/interop/projects/*.test.ts']
/** Test files that are named for an engine run only on that one. */
const ofSqlite = ['test/**/sqlite*.test.ts']
const ofPostgres = ['test/**/postgres*.test.ts']
/** Test files that use no store, or for which the engine makes no difference. */
const ofNone = [
  'errors',
  'rules/*',
  'http/rate-limit',
  'options/options',
  'service/cli',
  'service/environment',
  'verify/*',
].map((name) => `test/server/${name}.test.ts`)

/**
 * `npm run test:full` runs what `npm test` leaves out: more rounds of these files, and faults that take long. On
 * PostgreSQL it runs the files about rules, requests and commands too. `npm test` runs these on SQLite, and their
 * statements on PostgreSQL by the tests of the store, of races and of several nodes. `--mode all` leaves nothing out, with
 * the rounds of `npm test`.
 */
const hasMore = [
  'test/**/*races*.test.ts',
  'test/server/core/login-ids/promotion.test.ts',
  'test/server/invariants/no-row-without-a-reason.test.ts',
  'test/server/invariants/use-is-use.test.ts',
]
/** Needs no store. */
const withMoreBits = ['test/conformance/w3c-vectors.test.ts']
/**
 * A client of an earlier version in Chromium, all states of the elements, the demo in Firefox, all faults of a browser; proxies,
 * backups, examples in other languages, and services that are killed, stopped or run in several processes.
 */
const takesMinutes = [
  'test/browser/{console-acts,console-views,elements-devices,elements-gallery,elements-gallery-access,elements-link,firefox,old-client}.test.ts',
  'test/browser/faults/{answers,installed}.test.ts',
  'test/interop/{forward-auth,languages,prometheus}.test.ts',
  'test/server/service/commands/sqlite-{backup,restore}.test.ts',
  'test/server/core/life/merge-kill.test.ts',
  'test/server/http/host/watches.test.ts',
  'test/server/service/{stop,workers}.test.ts',
  'test/server/invariants/apps-cannot-join.test.ts',
]
const isLong = [
  'test/cluster/postgres-{faults,long-faults,migrations,start}.test.ts',
  'test/server/service/commands/postgres-migrate.test.ts',
  'test/server/store/postgres-{explain,find}.test.ts',
]
const onlySqliteIfShort = [
  'test/server/http/**/*.test.ts',
  'test/server/service/**/!(postgres*).test.ts',
  'test/server/core/**/!(*races*).test.ts',
  'test/recordings/{older/older,recordings}.test.ts',
  'test/server/store/processes.test.ts',
  'test/server/**/*races*.test.ts',
  'test/server/invariants/{apps-cannot-join,changed-secret,gain-of-power,secret-ring,use-is-use}.test.ts',
]

/**
 * Tests of requests and answers, which `npm run test:full` runs once more with the endpoints behind `guests.fetch()`, as
 * the project `fetch`. Not those of Express's own `trust proxy`, which has no twin there.
 */
const overFetch = [
  'test/server/http/{assets,cors,foreign-pages,input,pages,same-origin,verify,well-known}.test.ts',
  'test/server/http/admin/slow-body.test.ts',
  'test/server/core/passkeys/*.test.ts',
  'test/server/core/tokens/*.test.ts',
]

/** What `npm run test:fast` leaves out, so that it tests the rules, the store and the client within 90 seconds. */
const takesLong = [
  'test/{browser,cluster,conformance,interop,mutants,recordings,support}/**',
  'test/{bundles,client-package,package,readme}.test.ts',
  'test/papers/{client,examples,guide,service}.test.ts',
  'test/server/{http,invariants,service}/**',
  'test/server/limits.test.ts',
  'test/server/store/{newer-version,processes,sqlite-*,strangers}.test.ts',
  'test/server/core/guests/pairwise-joins.test.ts',
  'test/server/core/jobs/expired-guests.test.ts',
  'test/server/core/events/webhooks.test.ts',
  'test/server/core/life/merge.test.ts',
  'test/server/core/device-keys/sessions.test.ts',
  'test/**/*{races,kill}.test.ts',
]

// Processes that tests start must not inherit DATABASE_URL: a test passes a database to them explicitly.
const { DATABASE_URL = '' } = process.env
delete process.env.DATABASE_URL

// Each process and thread compiles the same sources, so they share a cache. The code in it is run, so its folder must not
// be one where other accounts can write.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

// Node imports the sources and tests itself, as it does for a host, which saves a tenth of the work beside Vite. It never
// imports a file again, so a run that watches for changes needs Vite.
const isOneRun = process.argv.includes('run') && !process.argv.includes('--watch')

export default defineConfig(({ mode }) => ({
  test: {
    reporters: ['default', closingLine],
    // Long enough for a machine that is ten times as busy. A shorter timeout would tell nothing more about a hang.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 20_000 } },
    // The files of a worker share its modules and its compiled code, which saves a fifth of their work. No test leaves anything
    // behind: globals, the environment and timers are restored.
    isolate: false,
    experimental: { viteModuleRunner: !isOneRun, nodeLoader: false },
    unstubGlobals: true,
    unstubEnvs: true,
    // Tests spend much of their time waiting, for a lock or for a body that does not come.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    sequence: { sequencer: InTurn },
    coverage: {
      provider: 'v8',
      include: ['server/**/*.ts', 'client/**/*.ts'],
      exclude: ['client/{build,demo,dist}/**'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include:
            mode === 'interop'
              ? ofProjects
              : mode === 'full'
                ? [...hasMore, ...withMoreBits, ...takesMinutes]
                : ['test/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...ofPostgres,
            ...(mode === 'interop' ? [] : ofProjects),
            ...(mode === 'fast' ? takesLong : []),
            ...(mode === 'full' || mode === 'all' ? [] : takesMinutes),
          ],
          provide: { engine: 'sqlite', isFull: mode === 'full' },
        },
      },
      {
        extends: true,
        test: {
          name: 'fetch',
          include: mode === 'full' || mode === 'all' ? overFetch : [],
          provide: { engine: 'sqlite', isFull: false, mount: 'fetch' },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include:
            mode === 'full'
              ? [...hasMore, ...isLong, ...onlySqliteIfShort]
              : [
                  'test/server/**/*.test.ts',
                  'test/interop/rotation.test.ts',
                  'test/recordings/recordings.test.ts',
                  'test/recordings/older/older.test.ts',
                  ...ofPostgres,
                ],
          exclude: [
            ...[...configDefaults.exclude, ...ofSqlite, ...ofNone],
            ...(mode === 'full' || mode === 'all' ? [] : [...isLong, ...onlySqliteIfShort]),
          ],
          provide: { engine: 'postgres', databaseUrl: DATABASE_URL, isFull: mode === 'full' },
          globalSetup: 'test/support/postgres-setup.ts',
        },
      },
    ],
  },
}))
