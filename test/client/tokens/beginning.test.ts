import { expect, it } from 'vitest'
import { z } from 'zod'
import { beginning } from '../../../client/tokens/tokens.ts'
import type { Endpoint } from '../../../server/http/contract/endpoint.ts'
import { endpoints } from '../../../server/http/router.ts'

/** Whether a body of this endpoint may have the member `client_id`. Some bodies are one of several objects. */
const namesClient = ({ body }: Endpoint): boolean =>
  body !== undefined &&
  JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' })).includes('"client_id":')

it("the client names itself at exactly the endpoints that take a client_id, OAuth's own and pages aside", () => {
  const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
  const takers = endpoints.filter((one) => namesClient(one) && !one.oauth && !one.page).map(nameOf)
  expect(takers.length).toBeGreaterThan(0)
  expect(endpoints.map(nameOf).filter((name) => beginning.test(name))).toEqual(takers)
})
