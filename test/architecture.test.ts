// The architecture: which folder may import which, where files stand, and how they are named.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What every folder of server/core may import besides: errors, pure rules, and types. */
const core = [
  'node:',
  'server/errors.ts',
  'server/limits.ts',
  'server/localhost.ts',
  'server/old-names.ts',
  'server/readable.ts',
  'server/within.ts',
  'server/rules/',
  'type server/context.ts',
  'type server/logger.ts',
  'type server/types.ts',
  'type server/options/options.ts',
  'type server/store/store.ts',
]

/** The same for server/http. */
const http = [
  'type node:',
  'server/errors.ts',
  'type server/context.ts',
  'type server/types.ts',
  'type server/options/options.ts',
]

/** The same for the commands. */
const commands = [
  'node:',
  'type server/types.ts',
  'server/options/options.ts',
  'server/readable.ts',
  'server/service/commands/command.ts',
  'server/service/commands/interruption.ts',
  'server/service/commands/postgres-client.ts',
  'server/service/commands/progress.ts',
  'server/service/commands/variables.ts',
  'server/service/commands/sqlite-reader.ts',
  'server/service/commands/with-guests.ts',
]

/**
 * For each file or folder, everything that it may import besides files of its own folder. `type` allows only types.
 * The first row that matches counts. Each folder of server/core imports only from the folders above it in this list.
 */
const house: [string, string[]][] = [
  ['server/rules/', ['type server/types.ts']],

  ['server/core/crypto/', [...core, 'jose', 'type jose']],
  ['server/core/brake/', [...core, 'server/core/crypto/', 'server/limits.ts']],
  ['server/core/guests/', core],
  ['server/core/events/', [...core, 'server/names/', 'server/core/crypto/']],
  ['server/core/settings/', [...core, 'server/within.ts', 'server/core/events/']],
  ['server/core/sessions/', [...core, 'server/core/crypto/', 'server/core/guests/', 'server/core/events/']],
  [
    'server/core/jobs/',
    [...core, 'server/core/crypto/', 'server/core/guests/', 'server/core/events/', 'server/core/sessions/'],
  ],
  ['server/core/statistics/', [...core, 'server/core/crypto/', 'type server/core/jobs/']],
  [
    'server/core/tokens/',
    [
      ...core,
      'type jose',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'type server/core/jobs/',
    ],
  ],
  [
    'server/core/life/',
    [
      ...core,
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'type server/core/jobs/',
      'server/core/tokens/',
    ],
  ],
  [
    'server/core/sign-in/',
    [
      ...core,
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/life/',
    ],
  ],
  [
    'server/core/passkeys/',
    [
      ...core,
      '@simplewebauthn/server',
      '@simplewebauthn/server/helpers',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/sign-in/',
    ],
  ],
  [
    'server/core/device-keys/',
    [
      ...core,
      'type jose',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/life/',
      'server/core/sign-in/',
    ],
  ],
  [
    'server/core/device-links/',
    [
      ...core,
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/life/',
      'server/core/sign-in/',
    ],
  ],
  [
    'server/core/recovery-codes.ts',
    [
      ...core,
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/life/',
      'server/core/sign-in/',
    ],
  ],
  [
    'server/core/login-ids/',
    [
      ...core,
      'nodemailer',
      'server/zod.ts',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/life/',
      'server/core/sign-in/',
    ],
  ],
  [
    'server/core/authorization/',
    [
      ...core,
      'openid-client',
      'type openid-client',
      'server/core/crypto/',
      'server/core/guests/email-alias.ts',
      'server/core/guests/ids.ts',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/sign-in/',
      'server/core/device-links/',
      'server/core/login-ids/',
    ],
  ],
  [
    'server/core/account/',
    [
      ...core,
      'server/zod.ts',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/life/',
      'server/core/passkeys/',
      'server/core/device-keys/',
      'server/core/recovery-codes.ts',
      'server/core/login-ids/',
    ],
  ],
  [
    'server/core/way-in/',
    [
      ...core,
      'type @simplewebauthn/server',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/tokens/',
      'server/core/life/',
      'server/core/sign-in/',
      'server/core/passkeys/',
    ],
  ],
  [
    'server/core/support/',
    [
      ...core,
      'server/core/guests/',
      'server/core/events/',
      'server/core/sessions/',
      'server/core/life/',
      'server/core/login-ids/',
      'server/core/account/',
    ],
  ],
  [
    'server/core/operators/',
    [
      ...core,
      'type @simplewebauthn/server',
      'server/core/crypto/',
      'server/core/guests/ids.ts',
      'server/core/events/',
      'server/core/settings/',
      'server/core/sessions/step-up.ts',
      'server/core/passkeys/',
    ],
  ],

  [
    'server/core/exchange/',
    [
      ...core,
      'type jose',
      'server/core/crypto/',
      'server/core/guests/',
      'server/core/sign-in/',
      'server/core/tokens/',
      'server/core/account/imports.ts',
    ],
  ],

  ['server/verify/', ['type server/types.ts']],

  ['server/store/port/', ['type server/rules/', 'type server/types.ts']],
  ['server/store/store.ts', ['type server/store/port/']],
  ['server/store/unavailable.ts', ['server/errors.ts']],
  ['server/store/readiness.ts', ['node:']],
  ['server/store/sql/all-verbs.ts', ['server/store/sql/']],
  ['server/store/sql/acting.ts', ['server/errors.ts', 'server/store/sql/', 'type server/store/store.ts']],
  [
    'server/store/sql/operators/',
    [
      'server/store/sql/end-way-in.ts',
      'server/store/sql/rows.ts',
      'server/store/sql/statement.ts',
      'type server/store/store.ts',
      'type server/types.ts',
    ],
  ],
  [
    'server/store/sql/support/',
    [
      'node:crypto',
      'server/rules/',
      'server/store/sql/disabled.ts',
      'server/store/sql/end-way-in.ts',
      'server/store/sql/notes.ts',
      'server/store/sql/operators/lock.ts',
      'server/store/sql/rows.ts',
      'server/store/sql/seen.ts',
      'server/store/sql/statement.ts',
      'server/store/sql/verbs/',
      'server/store/sql/way-back.ts',
      'type server/store/store.ts',
    ],
  ],
  [
    'server/store/sql/verbs/',
    [
      'server/rules/',
      'server/store/sql/about-guest.ts',
      'server/store/sql/disabled.ts',
      'server/store/sql/end-way-in.ts',
      'server/store/sql/merge-deliveries.ts',
      'server/store/sql/migrations.ts',
      'server/store/sql/notes.ts',
      'server/store/sql/rows.ts',
      'server/store/sql/seen.ts',
      'server/store/sql/statement.ts',
      'server/store/sql/way-back.ts',
      'type server/store/store.ts',
      'type server/types.ts',
    ],
  ],
  [
    'server/store/sql/',
    [
      'server/version.ts',
      'server/rules/',
      'server/store/unavailable.ts',
      'type server/store/store.ts',
      'type server/types.ts',
    ],
  ],
  [
    'server/store/sqlite/',
    [
      'node:',
      'better-sqlite3',
      'server/errors.ts',
      'server/own-files.ts',
      'server/within.ts',
      'server/store/sql/',
      'server/store/readiness.ts',
      'server/store/unavailable.ts',
      'type server/store/store.ts',
    ],
  ],
  [
    'server/store/postgres/',
    [
      'node:',
      'pg',
      'type pg',
      'server/errors.ts',
      'server/within.ts',
      'server/store/sql/',
      'server/store/readiness.ts',
      'server/store/unavailable.ts',
      'type server/store/store.ts',
      'type server/options/options.ts',
    ],
  ],

  [
    'server/metrics/',
    [
      'node:',
      'server/version.ts',
      'server/within.ts',
      'type server/context.ts',
      'type server/core/statistics/',
      'type server/store/store.ts',
    ],
  ],

  ['server/http/contract/schemas/', ['server/readable.ts', 'server/zod.ts', 'type server/types.ts']],
  [
    'server/http/contract/',
    [
      ...http,
      'server/zod.ts',
      'server/http/contract/schemas/',
      'server/http/request/',
      'server/core/passkeys/webauthn.ts',
      'type server/core/sessions/',
      'server/core/tokens/',
      'server/core/exchange/token-exchange.ts',
    ],
  ],
  [
    'server/http/request/',
    [
      ...http,
      'ipaddr.js',
      'proxy-addr',
      'server/limits.ts',
      'type server/zod.ts',
      'server/core/brake/',
      'server/core/authorization/known-apps.ts',
      'type server/core/authorization/told.ts',
      'server/core/sessions/',
      'server/core/tokens/',
    ],
  ],
  ['server/http/assets/', [...http, 'node:', 'type server/http/contract/', 'server/http/request/etags.ts']],
  ['server/http/pages/texts/', ['type client/elements/texts/translation.ts']],
  [
    'server/http/pages/',
    [
      ...http,
      'type server/names/page-texts.ts',
      'node:',
      'client/elements/kit/drawings.ts',
      'client/elements/kit/written.ts',
      'client/elements/styles/',
      'type client/elements/texts/translation.ts',
      'server/http/pages/texts/',
      'server/http/contract/',
      'server/http/request/',
      'server/core/authorization/authorization.ts',
      'server/core/authorization/identification.ts',
      'server/core/authorization/known-apps.ts',
      'server/core/authorization/told.ts',
      'server/core/crypto/',
      'server/core/sessions/sessions.ts',
      'type server/core/sessions/',
    ],
  ],
  [
    'server/http/routes/',
    [
      ...http,
      'node:',
      'type @simplewebauthn/server',
      'server/core/',
      'server/http/assets/',
      'server/http/contract/',
      'server/http/pages/',
      'server/http/request/',
      'server/own-files.ts',
    ],
  ],
  [
    'server/http/host/',
    [
      ...http,
      'node:',
      'server/names/',
      'server/core/',
      'server/http/contract/',
      'server/http/request/',
      'type server/http/host-options.ts',
      'type server/http/router.ts',
      'type server/host-api.ts',
      'server/old-names.ts',
    ],
  ],
  [
    'server/http/admin/',
    [
      ...http,
      'type @simplewebauthn/server',
      'server/limits.ts',
      'server/zod.ts',
      'server/core/',
      'server/http/assets/',
      'server/http/contract/',
      'server/http/pages/',
      'server/http/request/',
      'server/own-files.ts',
      'type server/http/router.ts',
    ],
  ],
  [
    'server/adapters/',
    [
      'type node:',
      'type server/errors.ts',
      'type server/host-api.ts',
      'type server/http/host-options.ts',
      'type server/http/request-guest.ts',
      'type server/http/router.ts',
      'type server/types.ts',
    ],
  ],
  [
    'server/http/',
    [
      ...http,
      'type server/old-names.ts',
      'type server/core/sessions/',
      'server/http/contract/',
      'server/http/pages/',
      'server/http/request/',
      'server/http/routes/',
    ],
  ],

  ['server/options/errors.ts', ['server/help.ts', 'server/names/', 'server/zod.ts']],
  ['server/options/urls.ts', ['server/localhost.ts', 'server/zod.ts']],
  ['server/options/values.ts', ['server/readable.ts', 'server/zod.ts']],
  [
    'server/options/clients/',
    ['server/options/errors.ts', 'server/options/urls.ts', 'server/options/values.ts', 'server/zod.ts'],
  ],
  [
    'server/options/',
    [
      'node:',
      'server/options/errors.ts',
      'server/options/urls.ts',
      'server/options/values.ts',
      'server/options/clients/',
      'server/help.ts',
      'server/errors.ts',
      'server/localhost.ts',
      'server/names/',
      'server/old-names.ts',
      'server/readable.ts',
      'server/zod.ts',
      'type server/logger.ts',
      'type server/types.ts',
    ],
  ],

  [
    'server/service/demo/',
    [
      ...[
        'node:',
        'express',
        'type express',
        'better-sqlite3',
        'server/own-files.ts',
        'type server/index.ts',
      ],
      'server/http/assets/',
      'server/http/contract/send.ts',
    ],
  ],
  ['server/main.ts', ['node:', 'server/service/cli.ts', 'server/service/compiled-code.ts']],
  ['server/service/compiled-code.ts', ['node:', 'server/options/folder.ts', 'server/own-files.ts']],
  ['server/service/dev.ts', ['client/build/build.ts', 'server/main.ts']],
  ['server/service/cli.ts', ['node:', 'server/names/', 'server/version.ts', 'server/service/commands/']],
  [
    'server/service/environment.ts',
    ['node:', 'server/old-names.ts', 'server/options/options.ts', 'server/zod.ts'],
  ],
  [
    'server/service/service.ts',
    [
      'node:',
      'pino',
      'server/errors.ts',
      'server/guestkey.ts',
      'type server/host-api.ts',
      'server/http/contract/',
      'server/old-names.ts',
      'server/options/options.ts',
      'server/service/demo/notes-app.ts',
      'server/service/environment.ts',
      'server/service/workers.ts',
      'server/within.ts',
    ],
  ],
  ['server/service/workers.ts', ['node:']],
  [
    'server/service/commands/check/',
    [
      ...commands,
      'type better-sqlite3',
      'server/limits.ts',
      'type server/service/environment.ts',
      'server/store/sql/',
      'server/store/postgres/',
      'server/store/sqlite/',
    ],
  ],
  ['server/service/commands/guests/', commands],
  ['server/service/commands/switches/', commands],
  ['server/service/commands/operators/', [...commands, 'type server/http/admin/host.ts']],
  [
    'server/service/commands/import/',
    [...commands, 'type server/core/account/imports.ts', 'type server/host-api.ts'],
  ],
  [
    'server/service/commands/migrate/',
    [
      ...commands,
      'type better-sqlite3',
      'server/service/environment.ts',
      'server/store/sql/',
      'server/store/postgres/',
    ],
  ],
  [
    'server/service/commands/start.ts',
    [...commands, 'server/service/environment.ts', 'server/service/service.ts', 'server/service/workers.ts'],
  ],
  [
    'server/service/commands/with-guests.ts',
    [...commands, 'pino', 'server/guestkey.ts', 'type server/host-api.ts', 'server/service/environment.ts'],
  ],
  [
    'server/service/commands/',
    [
      ...commands,
      'better-sqlite3',
      'pg',
      'type server/host-api.ts',
      'server/service/environment.ts',
      'server/store/postgres/fleet.ts',
      'server/store/postgres/tls.ts',
      'server/store/sql/migrations.ts',
      'server/store/sql/schema-steps.ts',
      'server/store/sqlite/',
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
      'server/metrics/',
      'server/store/',
      'server/errors.ts',
      'server/names/',
      'server/old-names.ts',
      'server/options/options.ts',
      'type server/',
    ],
  ],
  ['server/host-api.ts', ['type node:', 'type server/']],
  ['server/zod.ts', ['zod', 'zod/mini', 'server/own-files.ts']],
  ['server/context.ts', ['type server/']],
  ['server/names/', ['leven']],
  ['server/errors.ts', ['server/help.ts', 'server/old-names.ts']],
  ['server/help.ts', ['node:', 'server/own-files.ts']],
  ['server/old-names.ts', ['type server/logger.ts', 'type server/types.ts']],
  ['server/limits.ts', ['server/errors.ts']],
  ['server/localhost.ts', []],
  ['server/logger.ts', []],
  ['server/readable.ts', []],
  ['server/own-files.ts', ['node:']],
  ['server/version.ts', ['node:', 'server/own-files.ts']],
  ['server/types.ts', []],
  ['server/within.ts', []],

  ['server/build.ts', ['node:', 'rolldown', 'client/build/']],
  ['client/build/', ['node:', 'rolldown', 'type rolldown', 'rolldown-plugin-dts', 'client/console/words/']],
  ['client/elements/texts/account/', ['type client/elements/texts/']],
  ['client/elements/texts/', []],
  [
    'client/elements/kit/',
    ['type client/index.ts', 'client/state/last-guest.ts', 'type client/elements/texts/'],
  ],
  ['client/elements/styles/', ['client/elements/kit/']],
  [
    'client/elements/views/sections/',
    [
      'type client/index.ts',
      'client/elements/kit/',
      'client/elements/styles/',
      'type client/elements/views/',
    ],
  ],
  [
    'client/elements/views/account/',
    [
      'type client/index.ts',
      'client/elements/kit/',
      'client/elements/styles/',
      'type client/elements/views/sections/',
      'type client/elements/views/',
    ],
  ],
  [
    'client/elements/views/link/',
    [
      'type client/index.ts',
      'client/elements/kit/',
      'client/elements/styles/',
      'type client/elements/views/',
      'qr',
    ],
  ],
  ['client/elements/views/', ['type client/index.ts', 'client/elements/kit/', 'client/elements/styles/']],
  [
    'client/elements/',
    [
      'client/index.ts',
      'client/elements/kit/',
      'client/elements/styles/',
      'client/elements/texts/',
      'client/elements/views/',
    ],
  ],
  ['client/demo/gallery/', ['type client/index.ts', 'type client/elements/']],
  ['client/demo/', ['client/index.ts', 'client/elements/index.ts', 'type server/service/demo/outbox.ts']],
  [
    'client/console/server/',
    ['@simplewebauthn/browser', 'client/lib/', 'client/webauthn/', 'type server/types.ts'],
  ],
  [
    'client/console/words/',
    [
      'client/console/server/clock.ts',
      'client/elements/kit/',
      'client/elements/parts.ts',
      'type server/errors.ts',
      'type server/types.ts',
    ],
  ],
  ['client/console/styles/', ['client/elements/kit/', 'client/elements/styles/']],
  [
    'client/console/page/',
    [
      'client/console/server/',
      'client/console/styles/',
      'client/console/words/',
      'client/elements/kit/',
      'type server/types.ts',
    ],
  ],
  [
    'client/console/charts/',
    [
      'client/console/page/',
      'client/console/styles/',
      'client/console/words/',
      'client/elements/kit/',
      'uplot',
    ],
  ],
  [
    'client/console/views/',
    [
      'client/console/charts/',
      'client/console/page/',
      'client/console/server/',
      'client/console/words/',
      'client/elements/kit/',
      'type server/core/statistics/',
      'type server/core/support/',
      'type server/types.ts',
    ],
  ],
  [
    'client/console/',
    [
      'client/console/page/',
      'client/console/server/',
      'client/console/styles/',
      'client/console/views/',
      'client/console/words/',
      'client/elements/kit/',
    ],
  ],
  ['client/bindings/', ['client/index.ts', 'type client/elements/index.ts', 'react', 'svelte', 'vue']],
  ['client/platform/', []],
  ['client/lib/', ['type client/platform/', 'type server/types.ts']],
  ['client/webauthn/', ['@simplewebauthn/browser', 'client/lib/']],
  ['client/proof-of-work/', ['altcha-lib', 'type client/lib/']],
  ['client/storage/', ['client/lib/', 'type client/platform/']],
  ['client/tabs/', []],
  [
    'client/tokens/',
    ['client/lib/', 'client/storage/', 'client/tabs/', 'type client/platform/', 'type server/types.ts'],
  ],
  ['client/state/', ['client/lib/', 'client/storage/', 'client/tabs/', 'type client/platform/']],
  [
    'client/api/',
    [
      '@simplewebauthn/browser',
      'client/lib/',
      'client/webauthn/',
      'client/state/',
      'client/storage/',
      'type client/platform/',
      'type client/tokens/',
    ],
  ],
  ['client/guest-client.ts', ['type client/api/', 'type client/lib/', 'type client/state/']],
  [
    'client/native/',
    [
      'client/api/',
      'client/lib/',
      'client/webauthn/send-proof.ts',
      'type client/guest-client.ts',
      'type client/platform/',
      'type @simplewebauthn/browser',
    ],
  ],
  [
    'client/',
    [
      'client/api/',
      'client/lib/',
      'client/native/',
      'client/proof-of-work/',
      'client/state/',
      'client/tabs/',
      'client/tokens/',
      'client/webauthn/',
      'type client/platform/',
    ],
  ],
]

/** The imports of a file: paths from the root, and packages by name. */
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

/** The files directly in a folder, not deeper. */
const siblingsIn = (folder: string) => sources.filter((file) => posix.dirname(file) === folder.slice(0, -1))

/** The imports that the table does not allow. */
function breaches(file: string, source: string): string[] {
  const [row, rest = []] = house.find(([from]) => file.startsWith(from)) ?? []
  const allowed = row?.endsWith('/') ? [...rest, ...siblingsIn(row)] : rest
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

/** The files or folders that lead back to themselves, that is, those in a circle. */
function circlesIn(graph: Map<string, string[]>): string[] {
  return [...graph.keys()].filter((start) => {
    const reached = new Set<string>()
    const visit = (node: string): void => {
      for (const next of graph.get(node) ?? []) {
        if (reached.has(next)) continue
        reached.add(next)
        visit(next)
      }
    }
    visit(start)
    return reached.has(start)
  })
}

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/').slice(root.length + 1), entry.name))
    .filter((file) => !file.startsWith('client/dist/'))
const sources = [...filesIn('server'), ...filesIn('client')].filter((file) => file.endsWith('.ts'))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('imports', () => {
  test('run one way: main -> guestkey -> http -> core -> store/store.ts', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(sources.flatMap((file) => breaches(file, read(file)))).toEqual([])
  })

  test('never go round in a circle, not even for types', () => {
    const graph = new Map(sources.map((file) => [file, importsOf(file, read(file)).map(({ to }) => to)]))
    expect(circlesIn(graph)).toEqual([])
    // One reversed import is enough to be found.
    graph.get('server/core/crypto/secrets.ts')!.push('server/core/sessions/sessions.ts')
    expect(circlesIn(graph)).toContain('server/core/crypto/secrets.ts')
  })

  test('between folders never go round in a circle either', () => {
    const rows = house.map(([row]) => row)
    const rowOf = (file: string) => rows.find((row) => file.startsWith(row)) ?? file
    const graph = new Map<string, string[]>()
    for (const file of sources) {
      if (file === 'server/context.ts') continue // it names a type of several folders, by files without a circle
      const to = importsOf(file, read(file)).map((one) => rowOf(one.to))
      graph.set(rowOf(file), [...(graph.get(rowOf(file)) ?? []), ...to.filter((row) => row !== rowOf(file))])
    }
    expect(circlesIn(graph)).toEqual([])
  })

  test.each([
    ['server/core/guests/guest.ts', "import express from 'express'"],
    ['server/core/guests/guest.ts', "import type { Request } from 'express'"],
    ['server/core/guests/guest.ts', "import { send } from '../../http/contract/send.ts'"],
    ['server/core/guests/guest.ts', "import type { Endpoint } from '../../http/contract/endpoint.ts'"],
    ['server/core/guests/guest.ts', "import Database from 'better-sqlite3'"],
    ['server/core/guests/guest.ts', "import { openSqlite } from '../../store/sqlite/driver.ts'"],
    ['server/core/guests/guest.ts', "import { Store } from '../../store/store.ts'"],
    ['server/core/guests/guest.ts', "import { resolveOptions } from '../../options/options.ts'"],
    ['server/core/guests/guest.ts', "import type { Session } from '../sessions/sessions.ts'"],
    ['server/core/guests/guest.ts', "const late = () => import('../../http/contract/send.ts')"],
    ['server/core/guests/guest.ts', "const old = require('express')"],
    ['server/core/guests/guest.ts', "import 'express'"],
    ['server/core/guests/guest.ts', "export * from '../../guestkey.ts'"],
    ['server/core/guests/guest.ts', "import {\n  a,\n  b,\n} from '../../http/contract/send.ts'"],
    ['server/rules/merge.ts', "import type { MergeRow } from '../store/store.ts'"],
    ['server/rules/merge.ts', "import { GuestError } from '../errors.ts'"],
    ['server/core/crypto/seal.ts', "import type { Session } from '../sessions/sessions.ts'"],
    ['server/core/sessions/sessions.ts', "import { keepSession } from '../life/keep.ts'"],
    ['server/core/tokens/grants.ts', "import { newGuest } from '../sign-in/anonymous.ts'"],
    ['server/core/life/keep.ts', "import { signInByProof } from '../sign-in/by-proof.ts'"],
    ['server/core/passkeys/register.ts', "import { eraseAccount } from '../account/account.ts'"],
    ['server/http/contract/endpoint.ts', "import { openSqlite } from '../../store/sqlite/driver.ts'"],
    ['server/http/contract/endpoint.ts', "import type { Store } from '../../store/store.ts'"],
    ['server/http/contract/endpoint.ts', "import { guestkey } from '../../guestkey.ts'"],
    ['server/http/contract/endpoint.ts', "import express from 'express'"],
    ['server/http/request/body.ts', "import { html } from '../pages/html.ts'"],
    ['server/store/store.ts', "import type { Guest } from '../core/guests/guest.ts'"],
    ['server/store/sql/all-verbs.ts', "import Database from 'better-sqlite3'"],
    ['server/store/sql/rows.ts', "import { guestReads } from './verbs/guests.ts'"],
    ['server/store/sqlite/driver.ts', "import { toGuest } from '../../core/guests/guest.ts'"],
    ['server/guestkey.ts', "import { readEnvironment } from './service/environment.ts'"],
    ['server/guestkey.ts', "import { guestkey } from './index.ts'"],
    ['server/errors.ts', "import { z } from './zod.ts'"],
    ['server/options/store.ts', "import { openPostgres } from '../store/postgres/driver.ts'"],
    ['server/service/commands/sweep.ts', "import { guestkey } from '../../guestkey.ts'"],
    ['client/client.ts', "import { GuestError } from '../server/errors.ts'"],
    ['client/client.ts', "import type { Guest } from '../server/index.ts'"],
    ['client/client.ts', "import { type Guest } from '../server/types.ts'"],
    ['client/client.ts', "import { readFileSync } from 'node:fs'"],
    ['client/lib/http.ts', "import { createPasskeys } from '../api/passkeys.ts'"],
    ['client/bindings/react.ts', "import { makeClient } from '../client.ts'"],
    ['client/client.ts', "import { useGuest } from './bindings/react.ts'"],
    ['server/service/demo/notes-app.ts', "import { guestkey } from '../../index.ts'"],
    ['elsewhere.ts', "import { guestkey } from './server/index.ts'"],
  ])('in the wrong direction are found: %s: %j', (file, source) => {
    expect(breaches(file, `// a comment\n${source}\n`)).toHaveLength(1)
  })

  test.each([
    ['server/core/guests/guest.ts', "import type { Store } from '../../store/store.ts'"],
    ['server/core/guests/guest.ts', "import { randomBytes } from 'node:crypto'"],
    ['server/core/guests/guest.ts', "// import express from 'express'"],
    ['server/core/guests/guest.ts', "const text = 'not imported from here'"],
    ['server/core/sessions/sessions.ts', "import { toGuest } from '../guests/guest.ts'"],
    ['server/store/sql/verbs/merges.ts', "import { hasPasskey } from '../../../rules/recoverability.ts'"],
    ['server/http/routes/guest-routes.ts', "import { toGuest } from '../../core/guests/guest.ts'"],
    ['server/guestkey.ts', "import { openSqlite } from './store/sqlite/driver.ts'"],
    ['server/options/options.ts', "import * as life from './life.ts'"],
    ['client/tokens/tokens.ts', "export type { Guest } from '../../server/types.ts'"],
  ])('in the right direction are allowed: %s: %j', (file, source) => {
    expect(breaches(file, source)).toEqual([])
  })
})

test('no route and nothing else in server/http asks the store: that is for core/', () => {
  const asking = sources.filter(
    (file) => file.startsWith('server/http/') && /\bstore\.\w+\(/.test(read(file)),
  )
  expect(asking).toEqual([])
})

describe('the operators', () => {
  /** Who imports from this folder, from outside of it. */
  const importersOf = (folder: string) =>
    sources.filter(
      (file) =>
        !file.startsWith(folder) && importsOf(file, read(file)).some(({ to }) => to.startsWith(folder)),
    )

  test('are reached by no endpoint of guests: only the endpoints of operators import their rules', () => {
    const others = importersOf('server/core/operators/').filter(
      (file) => !file.startsWith('server/http/admin/'),
    )
    expect(others).toEqual([])
  })

  test('have endpoints in a table of their own, which only the composition root mounts', () => {
    const runtime = importersOf('server/http/admin/').filter((file) =>
      importsOf(file, read(file)).some(
        ({ to, typeOnly }) => to.startsWith('server/http/admin/') && !typeOnly,
      ),
    )
    expect(runtime).toEqual(['server/guestkey.ts'])
  })
})

test('only server/own-files.ts asks where it is: in a bundle, no file of the server is where it was', () => {
  const asking = sources.filter((file) => file.startsWith('server/') && /\bimport\.meta\b/.test(read(file)))
  expect(asking.filter((file) => file !== 'server/build.ts')).toEqual(['server/own-files.ts'])
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

  test('of the server and the client are few enough to read: at most 18 files in each', () => {
    const perFolder = Object.groupBy(sources, (file) => posix.dirname(file))
    // One file for each language is one thing to read, not many.
    const folders = Object.keys(perFolder).filter((folder) => !/\/texts(\/|$)/.test(folder))
    expect(folders.filter((folder) => perFolder[folder]!.length > 18)).toEqual([])
  })

  test('of the server and the client each have a row that says what they may import', () => {
    const rows = new Set(house.map(([row]) => row))
    const folders = [...new Set(sources.map((file) => posix.dirname(file)))]
    const without = folders.filter((folder) => !rows.has(`${folder}/`))
    // Files directly in such a folder each have a row.
    expect(without.sort()).toEqual(['server', 'server/core', 'server/service', 'server/store'])
    const ownRow = (file: string) => house.some(([row]) => row === file)
    const files = sources.filter((file) => without.includes(posix.dirname(file)))
    expect(files.filter((file) => !ownRow(file))).toEqual([])
  })

  test('have files with kebab-case names, and a separate folder for the recordings of each version', () => {
    const named = [...filesIn('server'), ...filesIn('client'), ...filesIn('test')]
      .map((file) => file.replace(/^test\/recordings\/(older\/)?\d+\.\d+\.\d+\//, 'test/recordings/'))
      .map((file) => file.replace(/\/\+(?=(page|server)\.)/, '/')) // SvelteKit's own names of routes
      .filter((file) => !/\/(README\.md|ACCESSIBILITY\.md|LICENSE)$/.test(file))
    expect(
      named.filter((file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(file)),
    ).toEqual([])
  })
})

test('the demo is what a host would write: at most 600 lines of its own', () => {
  const own = filesIn('client/demo').filter((file) => /demo\/[^/]+\.(ts|html|css)$/.test(file))
  expect(own).toEqual(expect.arrayContaining(['client/demo/demo.ts', 'client/demo/index.html']))
  const lines = own.map((file) => read(file).split('\n').length - 1)
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(600)
})

test('no file of the server imports values from node:http, because Node would load all of fetch with them', () => {
  const importing = sources.filter(
    (file) => file.startsWith('server/') && /^import (?!type ).*'node:https?'/m.test(read(file)),
  )
  expect(importing).toEqual([])
})
