// server/http/README.md: its tables have each endpoint of the route table and each code of the table of errors.
// server/http/fields.md is made from the schemas.

import { expect, test } from 'vitest'
import { errorCodes, GuestError } from '../../server/errors.ts'
import type { Endpoint } from '../../server/http/contract/endpoint.ts'
import { commonErrors } from '../../server/http/contract/openapi.ts'
import { endpoints } from '../../server/http/router.ts'
import { headingsOf, readPage, rowsIn, section } from '../support/pages.ts'
import { namedShapes, type Shapes, shapeOf } from '../support/shapes.ts'

const page = 'server/http/README.md'
const fields = 'server/http/fields.md'

/** The endpoint that a row of the page is about; undefined if it is about something else. */
const endpointIn = ([first]: string[]) => /^`([A-Z]+ \/\S*)`$/.exec(first!)?.[1]

test('the page has each endpoint once, and no other', () => {
  const named = rowsIn(readPage(page)).flatMap((row) => endpointIn(row) ?? [])
  const expected = endpoints.map(({ method, path }) => `${method} ${path}`)
  expect(named.toSorted()).toEqual([...new Set(expected)].toSorted())
})

test('the page has each error code with its status, in the order of the table of errors', () => {
  const named = rowsIn(section(page, 'Errors')).map(([code, status]) => [
    code!.replaceAll('`', ''),
    Number(status),
  ])
  expect(named).toEqual(errorCodes.map((code) => [code, new GuestError(code).status]))
})

test('the page says what each error means', () => {
  const unsaid = rowsIn(section(page, 'Errors')).filter(([, , means]) => !means)
  expect(unsaid).toEqual([])
})

test('the page names `force` or `leave` at each endpoint that takes it, and at no other', () => {
  const rows = rowsIn(readPage(page)).filter(endpointIn)
  const takes = ({ query, body }: Endpoint, name: string) =>
    [query, body].some((one) => one !== undefined && shapeOf(one, 'input', new Map()).includes(`${name}?:`))
  for (const name of ['force', 'leave']) {
    const named = rows.filter(([, does]) => does!.includes(name)).map(endpointIn)
    const taking = endpoints.filter((one) => takes(one, name)).map(({ method, path }) => `${method} ${path}`)
    expect(named.toSorted(), name).toEqual(taking.toSorted())
  }
})

/** The rows of the errors that endpoints share, by their first cell: which endpoints each is about. */
const shared: Record<string, (one: Endpoint) => boolean> = {
  all: () => true,
  'all but `GET`': ({ method }) => method !== 'GET',
  '`GET` with a query': ({ method, query }) => method === 'GET' && query !== undefined,
  '`session: read` or `required`, but `GET /userinfo` and `POST /sign-out`': ({ session, path }) =>
    session !== 'none' && !['/userinfo', '/sign-out'].includes(path),
  '`session: read` or `required`': ({ session }) => session !== 'none',
  '`session: required`': ({ session }) => session === 'required',
}

test('the page has the errors that each endpoint shares with others', () => {
  const rows = rowsIn(section(page, 'Errors of every endpoint'))
  expect(rows.map(([which]) => which)).toEqual(Object.keys(shared))
  const codesFor = (one: Endpoint) =>
    rows.filter(([which]) => shared[which!]!(one)).flatMap(([, codes]) => codes!.match(/\w+/g)!)
  for (const one of endpoints)
    expect(new Set(codesFor(one)), `${one.method} ${one.path}`).toEqual(new Set(commonErrors(one)))
})

/** What an endpoint takes and gives. `named` gets the named schemas that this mentions. */
function fieldsOf({ session, query, body, answers, errors }: Endpoint, named: Shapes): string[] {
  return [
    ...(session === 'none' ? [] : [`session: ${session === 'required' ? 'required' : 'read'}`]),
    ...(query ? [`query: ${shapeOf(query, 'input', named)}`] : []),
    ...(body ? [`body: ${shapeOf(body, 'input', named)}`] : []),
    ...Object.entries(answers).map(([status, answer]) =>
      answer === null
        ? status
        : `${status}: ${typeof answer === 'string' ? answer : shapeOf(answer, 'output', named)}`,
    ),
    ...(errors?.length ? [`errors: ${errors.join(', ')}`] : []),
  ]
}

const inBlock = (text: string) => `\n\`\`\`text\n${text}\n\`\`\`\n`

// To write the page anew: npx vitest run --project sqlite test/papers/http.test.ts -u
test('the page is followed by one with the fields of each endpoint, from the schemas', async () => {
  const [head] = readPage(fields).split(/^- \[/m)
  const named: Shapes = new Map()
  for (const one of endpoints) fieldsOf(one, named)
  const blockOf = (one: Endpoint) =>
    inBlock([`${one.method} ${one.path}`, ...fieldsOf(one, named)].join('\n').replaceAll('\n', '\n  '))
  const sections = headingsOf(page)
    .filter(({ level }) => level === 2)
    .map(({ title, anchor }) => {
      const inSection = rowsIn(section(page, title)).map(endpointIn)
      const blocks = inSection.map((name) =>
        endpoints.filter(({ method, path }) => `${method} ${path}` === name).map(blockOf),
      )
      return { title, anchor, text: blocks.flat().join('') }
    })
    .filter(({ text }) => text !== '')
  const shared = namedShapes(named).map(([name, shape]) => inBlock(`${name}: ${shape}`))
  const all = [...sections, { title: 'Shared shapes', anchor: 'shared-shapes', text: shared.join('') }]
  const list = all.map(({ title, anchor }) => `- [${title}](#${anchor})\n`)
  const text = [head, ...list, ...all.map(({ title, text }) => `\n## ${title}\n${text}`)].join('')
  await expect(text).toMatchFileSnapshot(`../../${fields}`)
})
