// server/operators.md: its tables have each endpoint of the operators' API, with who may and what it needs; and each scope.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { adminEndpoints } from '../../server/http/admin/router.ts'
import { operatorScopes } from '../../server/options/options.ts'
import { newProject } from '../support/examples.ts'
import { freePort } from '../support/free-port.ts'
import { example, readPage, rowsIn, section } from '../support/pages.ts'

const page = 'server/operators.md'

test('the page has each endpoint with its summary, role, scope and needs, in the order of the table', () => {
  const rows = rowsIn(section(page, 'Endpoints'))
  expect(rows).toEqual(
    adminEndpoints.map(({ method, path, summary, may, scope, needs }) => [
      `\`${method} ${path}\``,
      summary,
      may,
      scope === null ? '' : `\`${scope}\``,
      needs ?? '',
    ]),
  )
})

test('the page has each scope', () => {
  expect(rowsIn(section(page, 'Machines')).map(([scope]) => scope)).toEqual(
    operatorScopes.map((scope) => `\`${scope}\``),
  )
})

test('the page names each reason', () => {
  const text = readPage(page)
  const [, reasons] = /^- `reason`: (.*);$/m.exec(text)!
  const { body } = adminEndpoints.find(({ needs }) => needs === 'reason')!
  const values = ['guest_request', 'abuse', 'legal', 'security', 'maintenance', 'test', 'other']
  expect(reasons!.match(/\w+(?=`)/g)).toEqual(values)
  for (const reason of [...values, 'because']) {
    const shape = (
      body as unknown as { shape: { reason: { safeParse: (value: unknown) => { success: boolean } } } }
    ).shape
    expect(shape.reason.safeParse(reason).success, reason).toBe(reason !== 'because')
  }
})

test('the example has the API at a port of its own, and only there', async () => {
  const [ours, theirs] = [await freePort(), await freePort()]
  const file = join(newProject('express'), 'app.mjs')
  const code = example('server/operators.md', 'separate')
  writeFileSync(file, code.replaceAll('3000', String(ours)).replaceAll('4000', String(theirs)))
  const child = spawn(process.execPath, [file], { cwd: join(file, '..'), stdio: 'ignore' })
  onTestFinished(() => void child.kill())
  const ask = async (port: number, path: string, method = 'GET') => {
    const headers = { 'Content-Type': 'application/json' }
    const request = { method, headers, ...(method === 'POST' && { body: '{}' }) }
    return (await fetch(`http://127.0.0.1:${port}/guest${path}`, request).catch(() => undefined))?.status
  }
  await expect.poll(() => ask(theirs, '/admin/sign-in/options', 'POST'), { timeout: 10_000 }).toBe(200)
  expect(await ask(ours, '/openapi.json')).toBe(200)
  expect(await ask(ours, '/admin/sign-in/options', 'POST')).toBe(404)
  expect(await ask(ours, '/admin/openapi.json')).toBe(404)
  expect(await ask(theirs, '/openapi.json')).toBe(404)
})
