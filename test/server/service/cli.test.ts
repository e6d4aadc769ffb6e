// The command line: help, unknown names, failures, and the checks that need no store.

import { exec } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { guestkey } from '../../support/command.ts'
import { temporaryFolder } from '../../support/engine.ts'

const commands = [
  'start',
  'check',
  'backup',
  'migrate',
  'import',
  'rotate-keys',
  'sweep',
  'webhooks',
  'audit',
]
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
const secret = 'a secret of more than 32 characters'

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s names every command', async (...args) => {
    const { out, err, code } = await guestkey(args)
    for (const name of commands) expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
    expect({ err, code }).toEqual({ err: '', code: 0 })
  })

  test.each(commands)('%s has a help text, by `help` and by `--help`', async (name) => {
    const [help, option] = await Promise.all([guestkey(['help', name]), guestkey([name, '--help'])])
    expect(help.out).toMatch(new RegExp(`^guestkey ${name}\\b`))
    expect(help.code).toBe(0)
    expect(option).toEqual(help)
  })

  test('fits a terminal of 120 columns', async () => {
    const texts = await Promise.all(['', ...commands].map((name) => guestkey(['help', name].filter(Boolean))))
    expect(texts.flatMap(({ out }) => out.split('\n').filter((line) => line.length > 118))).toEqual([])
  })

  test('--version prints the version of the package', async () => {
    expect(await guestkey(['--version'])).toEqual({ out: `${manifest.version}\n`, err: '', code: 0 })
  })
})

describe('a wrong command line is explained in one line, with exit code 2', () => {
  test.each<[string[], RegExp]>([
    [
      ['bakup'],
      /no command bakup\. Did you mean backup\? There are: start, check, backup, restore, vacuum, migrate, import, disable, enable, keep, erase, rotate-keys, settings, operators, sweep, webhooks, audit\.$/,
    ],
    [['mig'], /no command mig\. Did you mean migrate\?/],
    [['frobnicate'], /no command frobnicate\. There are: start/],
    [['toString'], /no command toString\. There are/],
    [['help', 'chek'], /no command chek\. Did you mean check\?/],
    [['--hlep'], /no option --hlep\. Did you mean --help\?/],
    [['--port', '3000'], /no option --port\. There are: --help, --version\.$/],
    [['start', '--port=3000'], /no option --port\. There are: --help\.$/],
    [['start', 'now'], /Unexpected "now"\. See: guestkey help start$/],
    [['check', '-v'], /no option -v\. There are: --help\.$/],
    [['rotate-keys', 'now'], /Unexpected "now"\. See: guestkey help rotate-keys$/],
    [['rotate-key'], /no command rotate-key\. Did you mean rotate-keys\?/],
    [['backup'], /<file> is missing\. See: guestkey help backup$/],
    [['backup', 'a.db', 'b.db'], /Unexpected "b\.db"/],
    [
      ['migrate', '--form', 'a.db'],
      /no option --form\. Did you mean --from\? There are: --from, --to, --schema, --help/,
    ],
    [['migrate', '--from'], /--from <value>' argument missing\. See: guestkey help migrate$/],
    [['import'], /<file> is missing\. See: guestkey help import$/],
    [
      ['import', 'a', '--format', 'okta'],
      /no format okta\. There are: firebase, rownd, supabase, guestkey\.$/,
    ],
    [['migrate', '--help=yes'], /does not take an argument\. See: guestkey help migrate$/],
    [['migrate', '--to', 'postgres://db/x'], /Say which file: --from/],
    [['migrate', '--from', 'a.db'], /Say where to: --to/],
  ])('%j', async (args, message) => {
    const { out, err, code } = await guestkey(args)
    expect(err).toMatch(/^guestkey: .*\n$/)
    expect(err.trimEnd()).toMatch(message)
    expect({ out, code }).toEqual({ out: '', code: 2 })
  })
})

describe('a failure is explained in one line, with exit code 1', () => {
  test.each<[string[], Record<string, string>, RegExp]>([
    [['backup', 'x.db'], {}, /no SQLite store at guestkey-data\/guestkey\.db/],
    [['backup', 'x.db'], { GUESTKEY_DTA: 'x' }, /unknown variable GUESTKEY_DTA/],
    [['backup', 'x.db'], { DATABASE_URL: 'postgres://db/x' }, /on PostgreSQL.*pg_dump/],
    [['migrate', '--from', 'a.db', '--to', 'postgres://db/x'], {}, /no SQLite store at a\.db/],
    [['rotate-keys'], {}, /no store guestkey-data\/guestkey\.db/],
    [['rotate-keys'], { GUESTKEY_SECRET: 'short' }, /no store|at least 32 characters/],
    [['start'], { GUESTKEY_ORIGIN: 'http://example.com', PORT: '0' }, /must be https/],
  ])('%j with %j', async (args, environment, message) => {
    const { out, err, code } = await guestkey(args, environment)
    expect(err).toMatch(message)
    expect(err, 'a stack').not.toMatch(/^\s+at /m)
    expect({ out, code }).toEqual({ out: '', code: 1 })
  })
})

test('a reader that closes the pipe early gets no stack trace', async () => {
  const line = `"${process.execPath}" "${join(import.meta.dirname, '../../../server/main.ts')}" check | head -n 1`
  const { stdout, stderr } = await promisify(exec)(line, { cwd: temporaryFolder() })
  expect(stdout).toMatch(/^ok {7}variables: .*\n$/)
  expect(stderr).toBe('')
})

describe('guestkey check', () => {
  const production = { NODE_ENV: 'production', GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: 'https://a.example' }

  test('accepts good production settings, and does not print the secret', async () => {
    const { out, code } = await guestkey(['check'], production)
    expect(out).toMatch(/^ok {7}variables: valid, for browsers at https:\/\/a\.example$/m)
    expect(out).toMatch(/^ok {7}secret: set by GUESTKEY_SECRET$/m)
    expect(out).not.toContain(secret)
    expect(code).toBe(0)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['no secret in production', { ...production, GUESTKEY_SECRET: '' }, /GUESTKEY_SECRET/],
    ['a short secret', { GUESTKEY_SECRET: 'short' }, /at least 32 characters/],
    ['an origin without https', { GUESTKEY_ORIGIN: 'http://a.example' }, /must be https/],
    [
      'an RP ID outside of the origin',
      { ...production, GUESTKEY_RP_ID: 'b.example' },
      /not within the RP ID b\.example/,
    ],
    ['a misspelt variable', { GUESTKEY_ORGIN: 'x' }, /unknown variable GUESTKEY_ORGIN/],
    ['a database of another kind', { DATABASE_URL: 'mysql://db/x' }, /DATABASE_URL must be like postgres:/],
  ])('%s', async (_what, environment, message) => {
    const { out, err, code } = await guestkey(['check'], environment)
    expect(out).toMatch(message)
    expect(out, 'one line').toMatch(/^problem {2}variables: .*\n$/)
    expect({ err, code }).toEqual({ err: '', code: 1 })
  })

  test.each<[string, Record<string, string>]>([
    ['a file', {}],
    ['a database', { DATABASE_URL: 'postgres://127.0.0.1:1/x' }],
  ])('creates nothing if there is no store yet: %s', async (_what, environment) => {
    const folder = temporaryFolder()
    const data = join(folder, 'data')
    const { out } = await guestkey(['check'], { GUESTKEY_DATA: data, ...environment })
    expect(out).toMatch(/^ok {7}secret: the first start will create it in .*data\/secret$/m)
    expect(existsSync(data)).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })
})
