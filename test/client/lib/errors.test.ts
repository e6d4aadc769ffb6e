import { describe, expect, it } from 'vitest'
import { GuestClientError } from '../../../client/index.ts'
import { answerError, isCode } from '../../../client/lib/errors.ts'
import { explain } from '../../../client/lib/explain.ts'
import { errorCodes } from '../../../server/errors.ts'

const answered = (status: number, headers = {}) => ({ status, headers: new Headers(headers) })

/** Only operators get these, whose API the client does not ask. */
const ofOperators = [
  'invitation_invalid',
  'not_permitted',
  'operator_name_taken',
  'operators_changed',
  'way_in_replaced',
  'no_other_owner',
]

it.each(errorCodes.filter((code) => !ofOperators.includes(code)))(
  'the server code %s has a sentence that a page can show',
  (code) => {
    const error = answerError(answered(400), { code }, '')
    explain(error)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^[A-Z].*[.?]$/)
  },
)

describe('a GuestClientError', () => {
  it('gives its ticket to code that has checked the code, and TypeScript refuses it before', () => {
    const error: unknown = answerError(answered(409), { code: 'login_id_taken', ticket: 't' }, '')
    expect(error instanceof GuestClientError && error.code === 'login_id_taken' && error.ticket).toBe('t')
    // @ts-expect-error: another code may have no ticket
    expect(error instanceof GuestClientError && error.ticket).toBe('t')
    // @ts-expect-error: no such code
    expect(error instanceof GuestClientError && error.code === 'login_id_took').toBe(false)
  })

  it('has its name, status, detail and cause whatever its code is', () => {
    const error = new GuestClientError('network', 'why', 502, undefined, 'what')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'GuestClientError', status: 502, detail: 'what', cause: 'why' })
    expect(GuestClientError.name).toBe('GuestClientError')
  })
})

describe('retryAfter', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['a number of seconds', '120', 120],
    ['a date, by the clock of the server', 'Fri, 01 Jan 2038 00:02:00 GMT', 120],
    ['a date in the past', 'Thu, 31 Dec 2037 23:59:00 GMT', undefined],
    ['what nobody understands', 'soon', undefined],
    ['nothing', undefined, undefined],
  ])('reads %s', (_, value, seconds) => {
    const headers = { date: 'Fri, 01 Jan 2038 00:00:00 GMT', ...(value && { 'retry-after': value }) }
    expect(answerError(answered(429, headers), {}, '').retryAfter).toBe(seconds)
  })
})

describe('isCode', () => {
  it('says whether a GuestClientError has one of the codes, and no of any other error', () => {
    const error = new GuestClientError('network')
    expect([isCode(error, 'network'), isCode(error, 'timeout', 'network')]).toEqual([true, true])
    expect([isCode(error, 'timeout'), isCode(error)]).toEqual([false, false])
    expect(isCode({ code: 'network' }, 'network')).toBe(false)
    expect(isCode(undefined, 'network')).toBe(false)
    // @ts-expect-error: no such code
    expect(isCode(error, 'networks')).toBe(false)
  })
})
