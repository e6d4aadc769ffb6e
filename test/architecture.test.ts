// The house: which way imports run, what stands where, and what things are called.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** From a file or folder (the first that fits counts) to all that may be imported there; `type` for types alone. */
const house: [string, string[]][] = [
  ['server/main.ts', ['node:', 'server/service/cli.ts']],
  ['server/service/cli.ts', ['node:', 'server/commands/', 'server/version.ts']],
  ['server/version.ts', ['node:module']],
  ['server/service/commands/start.ts', ['server/commands/', 'server/service/service.ts']],
  [
    'server/service/commands/with-guests.ts',
    ['node:', 'pino', 'server/service/environment.ts', 'server/guestkey.ts', 'server/options/options.ts'],
  ],
  [
    'server/commands/',
    [
      ...['type server/types.ts', 'type server/core/account/imports.ts', 'type server/guestkey.ts'],
      ...[
        'node:',
        'better-sqlite3',
        'pg',
        'server/commands/',
        'server/service/environment.ts',
        'server/options/options.ts',
      ],
      ...[
        'server/store/sql/migrations.ts',
        'server/store/postgres/pool.ts',
        'server/store/postgres/schema.ts',
      ],
      'server/store/sql/schema-steps.ts',
    ],
  ],
  [
    'server/service/service.ts',
    [
      ...[
        'node:',
        'pino',
        'server/guestkey.ts',
        'server/service/environment.ts',
        'server/service/demo/notes-app.ts',
      ],
      ...['server/http/', 'server/errors.ts', 'server/options/options.ts'],
    ],
  ],
  [
    'server/index.ts',
    ['server/guestkey.ts', 'server/errors.ts', 'server/options/options.ts', 'type server/'],
  ],
  [
    'server/guestkey.ts',
    [
      'node:',
      'pino',
      'server/http/',
      'server/core/',
      'server/store/',
      'server/errors.ts',
      'server/options/options.ts',
      'type server/',
    ],
  ],
  [
    'server/http/',
    [
      ...['node:', 'ipaddr.js', 'proxy-addr', 'rate-limiter-flexible', 'type @simplewebauthn/server'],
      ...['server/http/', 'server/core/', 'server/errors.ts', 'server/zod.ts'],
      ...['type server/context.ts', 'type server/options/options.ts', 'type server/types.ts'],
    ],
  ],
  [
    'server/core/',
    [
      ...['node:', '@simplewebauthn/server', 'jose', 'type jose', 'openid-client', 'type openid-client'],
      ...['nodemailer', 'rate-limiter-flexible', 'server/core/', 'server/errors.ts', 'server/zod.ts'],
      ...[
        'type server/store/store.ts',
        'type server/context.ts',
        'type server/options/options.ts',
        'type server/types.ts',
      ],
    ],
  ],
  ['server/store/store.ts', ['type server/types.ts']],
  ['server/store/sqlite', ['node:', 'better-sqlite3', 'server/store/', 'server/errors.ts']],
  [
    'server/store/postgres',
    ['node:', 'pg', 'type pg', 'server/store/', 'server/errors.ts', 'type server/options/options.ts'],
  ],
  ['server/store/sql/schema-steps.ts', ['server/store/sql/migrations.ts', 'server/version.ts']],
  ['server/store/', ['server/store/', 'server/errors.ts', 'type server/types.ts']],
  ['server/service/environment.ts', ['node:', 'server/options/options.ts', 'server/zod.ts']],
  [
    'server/options/options.ts',
    ['node:', 'server/options/', 'server/zod.ts', 'type server/context.ts', 'type server/types.ts'],
  ],
  ['server/options/', ['node:', 'server/options/', 'server/zod.ts', 'type server/types.ts']],
  ['server/zod.ts', ['node:module', 'zod']],
  ['server/context.ts', ['type server/']],
  ['server/', ['type server/']],
  ['client/build.ts', ['node:', 'esbuild']],
  [
    'server/service/demo/notes-app.ts',
    ['node:', 'express', 'helmet', 'better-sqlite3', 'type server/index.ts', 'server/service/demo/outbox.ts'],
  ],
  ['server/service/demo/outbox.ts', ['type express', 'type server/index.ts']],
  ['client/demo/parts/qr.ts', ['qr']],
  ['client/demo/', ['client/']],
  ['client/', ['client/', '@simplewebauthn/browser', 'type server/types.ts']],
]

/** What a file takes from elsewhere; paths from the root, packages by name. */
function importsOf(file: string, source: string): { to: string; typeOnly: boolean }[] {
  const statements = source.matchAll(
    /^[ \t]*(?:import|export)\s+(?:(type)\s(?!\s*from\b))?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm,
  )
  const calls = source.matchAll(/\b(?:import|require)\(\s*()['"]([^'"]+)['"]/g)
  return [...statements, ...calls].map(([, type, specifier]) => ({
    to: specifier!.startsWith('.') ? posix.join(posix.dirname(file), specifier!) : specifier!,
    typeOnly: type === 'type',
  }))
}

/** The imports that run the wrong way. */
function breaches(file: string, source: string): string[] {
  const allowed = house.find(([from]) => file.startsWith(from))?.[1] ?? []
  const may = (to: string, typeOnly: boolean) =>
    allowed.some((one) => {
      const target = one.replace(/^type /, '')
      const inside = /[/:]$/.test(target)
        ? to.startsWith(target)
        : to === target || to.startsWith(`${target}/`)
      return inside && (typeOnly || target === one)
    })
  return importsOf(file, source)
    .filter(({ to, typeOnly }) => !may(to, typeOnly))
    .map(({ to, typeOnly }) => `${file} imports ${typeOnly ? 'type ' : ''}${to}`)
}

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/').slice(root.length + 1), entry.name))
const sources = [...filesIn('server'), ...filesIn('client')].filter((file) => file.endsWith('.ts'))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('imports', () => {
  test('run one way: main -> guestkey -> http -> core -> store/store.ts', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(sources.flatMap((file) => breaches(file, read(file)))).toEqual([])
  })

  test('that go round in a circle are types at most', () => {
    const graph = new Map(
      sources.map((file) => [
        file,
        importsOf(file, read(file)).flatMap(({ to, typeOnly }) => (typeOnly ? [] : [to])),
      ]),
    )
    const circles = sources.filter((start) => {
      const reached = new Set<string>()
      const visit = (file: string): void => {
        for (const next of graph.get(file) ?? []) {
          if (reached.has(next)) continue
          reached.add(next)
          visit(next)
        }
      }
      visit(start)
      return reached.has(start)
    })
    expect(circles).toEqual([])
  })

  test.each([
    ['server/core/guests/guest.ts', "import express from 'express'"],
    ['server/core/guests/guest.ts', "import type { Request } from 'express'"],
    ['server/core/guests/guest.ts', "import { send } from '../http/send.ts'"],
    ['server/core/guests/guest.ts', "import type { Door } from '../http/door.ts'"],
    ['server/core/guests/guest.ts', "import Database from 'better-sqlite3'"],
    ['server/core/guests/guest.ts', "import { openSqlite } from '../store/sqlite.ts'"],
    ['server/core/guests/guest.ts', "import { Store } from '../store/store.ts'"],
    ['server/core/guests/guest.ts', "import { resolveOptions } from '../options.ts'"],
    ['server/core/guests/guest.ts', "const late = () => import('../http/send.ts')"],
    ['server/core/guests/guest.ts', "const old = require('express')"],
    ['server/core/guests/guest.ts', "import 'express'"],
    ['server/core/guests/guest.ts', "export * from '../guestkey.ts'"],
    ['server/core/guests/guest.ts', "import {\n  a,\n  b,\n} from '../http/send.ts'"],
    ['server/http/contract/endpoint.ts', "import { openSqlite } from '../store/sqlite.ts'"],
    ['server/http/contract/endpoint.ts', "import type { Store } from '../store/store.ts'"],
    ['server/http/contract/endpoint.ts', "import { guestkey } from '../guestkey.ts'"],
    ['server/http/contract/endpoint.ts', "import express from 'express'"],
    ['server/store/store.ts', "import type { Guest } from '../core/guests.ts'"],
    ['server/store/sql/all-verbs.ts', "import Database from 'better-sqlite3'"],
    ['server/store/sqlite/driver.ts', "import { toGuest } from '../core/guests.ts'"],
    ['server/guestkey.ts', "import { readEnvironment } from './environment.ts'"],
    ['server/guestkey.ts', "import { guestkey } from './index.ts'"],
    ['server/errors.ts', "import { z } from './zod.ts'"],
    ['server/options/life.ts', "import { resolveOptions } from '../options.ts'"],
    ['server/options/store.ts', "import { openPostgres } from '../store/postgres.ts'"],
    ['server/service/commands/sweep.ts', "import { guestkey } from '../guestkey.ts'"],
    ['client/client.ts', "import { GuestError } from '../server/errors.ts'"],
    ['client/client.ts', "import type { Guest } from '../server/index.ts'"],
    ['client/client.ts', "import { type Guest } from '../server/types.ts'"],
    ['client/client.ts', "import { readFileSync } from 'node:fs'"],
    ['server/service/demo/notes-app.ts', "import { guestkey } from '../../server/index.ts'"],
    ['elsewhere.ts', "import { guestkey } from './server/index.ts'"],
  ])('the wrong way are found: %s: %j', (file, source) => {
    expect(breaches(file, `// a comment\n${source}\n`)).toHaveLength(1)
  })

  test.each([
    ['server/core/guests/guest.ts', "import type { Store } from '../store/store.ts'"],
    ['server/core/guests/guest.ts', "import { randomBytes } from 'node:crypto'"],
    ['server/core/guests/guest.ts', "// import express from 'express'"],
    ['server/core/guests/guest.ts', "const text = 'not imported from here'"],
    ['server/http/contract/endpoint.ts', "import { toGuest } from '../core/guests.ts'"],
    ['server/guestkey.ts', "import { openSqlite } from './store/sqlite.ts'"],
    ['server/options/options.ts', "import * as life from './options/life.ts'"],
    ['client/client.ts', "export type { Guest } from '../server/types.ts'"],
  ])('the right way are let through: %s: %j', (file, source) => {
    expect(breaches(file, source)).toEqual([])
  })
})

describe('the folders', () => {
  test('at the top are server, client and test, beside what is built or installed', () => {
    const ignored = read('.gitignore').split('\n')
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
    expect(folders.filter((name) => !ignored.includes(`${name}/`)).sort()).toEqual([
      'client',
      'server',
      'test',
    ])
  })

  test('hold files with kebab-case names, and what was recorded of a version in a folder of its own', () => {
    const named = [...filesIn('server'), ...filesIn('client'), ...filesIn('test')]
      .map((file) => file.replace(/^test\/recordings\/\d+\.\d+\.\d+\//, 'test/recordings/'))
      .filter((file) => !file.endsWith('/README.md'))
    expect(
      named.filter((file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(file)),
    ).toEqual([])
  })
})
