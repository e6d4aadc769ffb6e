import { expect, it } from 'vitest'
import { answerError } from '../../../client/lib/errors.ts'
import { errorCodes } from '../../../server/errors.ts'

it.each(errorCodes)('the server code %s has a sentence that a page can show', (code) => {
  const error = answerError(400, { code }, '')
  expect(error.code).toBe(code)
  expect(error.message).toMatch(/^[A-Z].*[.?]$/)
})
