// The configuration of vitest for the mutation testing: the tests of one project, in one process, by our own runner.

import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

export default defineConfig((env) =>
  mergeConfig(base(env), {
    root: `${import.meta.dirname}/../..`,
    test: { runner: './test/mutants/runner.ts', maxWorkers: 1, dangerouslyIgnoreUnhandledErrors: true },
  }),
)
