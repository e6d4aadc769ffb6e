// The OpenAPI document of the operators' API, and that answers are as it says.

import supertest from 'supertest'
import { expect, test } from 'vitest'
import { adminEndpoints } from '../../../../server/http/admin/router.ts'
import { walkAdmin } from '../../../support/admin-walk.ts'
import { admin, startAdmin } from '../../../support/operators.ts'

type Operation = Record<string, unknown> & {
  responses: Record<string, { content?: object }>
  parameters?: { name: string; in: string }[]
}
type Document = {
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

test('the document has each endpoint, with who may and what it needs', async () => {
  const app = await startAdmin()
  const { body, text } = await supertest(app.server).get(`${admin}/openapi.json`)
  const document = body as Document
  expect(document.servers).toEqual([{ url: app.origin }])
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(operations).toHaveLength(adminEndpoints.length)
  for (const { method, path, may, scope, needs } of adminEndpoints) {
    const at = admin + path.replaceAll(/:(\w+)/g, '{$1}')
    const operation = document.paths[at]?.[method.toLowerCase()]
    expect(operation, at).toMatchObject({ 'x-may': may, 'x-scope': scope, 'x-needs': needs ?? null })
    const params = (operation!.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)
    expect(params).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name))
  }
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(document.components.schemas)).toContain(name)
})

test('the document of guests has none of it', async () => {
  const app = await startAdmin()
  const { body } = await supertest(app.server).get('/guest/openapi.json')
  expect(Object.keys((body as Document).paths).filter((path) => path.startsWith(admin))).toEqual([])
})

test('each answer of a walk through all endpoints is as its row says', async () => {
  const seen = new Set<string>()
  await walkAdmin(async ({ one, url, body, browser }) => {
    const answer = one.method === 'GET' ? await browser.get(url) : await browser.post(url, body)
    const name = `${one.method} ${one.path}`
    expect(answer.status, `${name} ${answer.text}`).toBeLessThan(300)
    const schema = one.answers[answer.status]
    expect(schema, `${name} ${answer.status}`).not.toBeUndefined()
    // The schema drops undeclared members, so the comparison fails if the answer has any.
    if (typeof schema === 'object' && schema) expect(schema.parse(answer.body), name).toEqual(answer.body)
    if (schema === null) expect(answer.text, name).toBe('')
    seen.add(name)
    return answer
  })
  expect(
    adminEndpoints.map(({ method, path }) => `${method} ${path}`).filter((name) => !seen.has(name)),
  ).toEqual([])
})
