// What the README and the changelog say about upgrades is what the recordings and the tests of several versions hold.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rowsIn, section } from '../../support/pages.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The table under Upgrading: each version, how to upgrade from it, and whether it may run beside this one. */
const rows = rowsIn(section('server/service/README.md', 'Upgrading, and going back')).map(
  ([from, how, beside]) => ({ from: from!, how: how!, mayBeBeside: beside!.startsWith('Yes') }),
)

const recorded = (folder: string) => readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+$/.test(name))

test('the README says for each version how to upgrade from it, and each is recorded', () => {
  const versions = [...recorded(import.meta.dirname), ...recorded(join(import.meta.dirname, '..'))]
  expect(rows.map(({ from }) => from)).toEqual(versions.toSorted().toReversed())
  const released = [...read('CHANGELOG.md').matchAll(/^## (\d+\.\d+\.\d+)$/gm)].map(([, version]) => version)
  expect(rows.map(({ from }) => from)).toEqual(released)
})

test('a version that may not run beside this one is stopped first', () => {
  for (const { from, how, mayBeBeside } of rows)
    expect(how, from).toMatch(mayBeBeside ? /^node by node$/ : /^stop (all nodes|the service), then start/)
})

test('each version is recorded on each engine that it had', () => {
  const folders = rows.map(
    ({ from }) =>
      [join(import.meta.dirname, from), join(import.meta.dirname, '..', from)].find((one) =>
        existsSync(one),
      )!,
  )
  const missing = folders.flatMap((folder) =>
    ['sqlite.sql', 'sqlite.json', 'postgres.sql', 'postgres.json', 'options.json'].filter(
      (file) => !existsSync(join(folder, file)),
    ),
  )
  expect(missing, '0.1.0 had no PostgreSQL').toEqual(['postgres.sql', 'postgres.json'])
})

test('the changelog says the same', () => {
  const [, byNode, stopped] = /Upgrade from (\S+) node by node; stop all nodes of (\S+) and older first/.exec(
    read('CHANGELOG.md').split(/^## /m)[1]!,
  )!
  const besides = rows.filter(({ mayBeBeside }) => mayBeBeside).map(({ from }) => from)
  expect(besides).toEqual([byNode])
  expect(rows.find(({ mayBeBeside }) => !mayBeBeside)!.from).toBe(stopped)
})
