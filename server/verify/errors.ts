// Why a request is not let in. The message is for the log; the answer has the code and a sentence, and no value of the token.

import { allAlgorithms } from './jws.ts'

const answers = {
  not_signed_in: [401, 'Send an access token.'],
  invalid_token: [401, 'Get a new access token.'],
  invalid_dpop_proof: [401, 'Send a DPoP proof of this request.'],
  not_recoverable: [403, 'Save a passkey first.'],
  unavailable: [503, 'Try again.'],
} as const

/**
 * What can be wrong. `not_signed_in`: there is no token. `invalid_token`, `invalid_dpop_proof`: see `message`.
 * `not_recoverable`: the guest could not come back. `unavailable`: the keys of the issuer could not be read.
 */
export type VerifyErrorCode = keyof typeof answers

export class VerifyError extends Error {
  override name = 'VerifyError'
  declare readonly code: VerifyErrorCode
  /** The status to answer with. */
  declare readonly status: number
  /** The headers to answer with: the challenge (RFC 6750, 3; RFC 9449, 7.1) or the time to wait. */
  declare readonly headers: Record<string, string>

  constructor(code: VerifyErrorCode, message: string, cause?: unknown) {
    super(`${code}: ${message}`, { cause })
    this.code = code
    this.status = answers[code][0]
    const ofBearer = code === 'not_signed_in' ? 'Bearer' : `Bearer error="${code}"`
    const challenge =
      code === 'invalid_dpop_proof' ? `DPoP error="${code}", algs="${allAlgorithms.join(' ')}"` : ofBearer
    this.headers = {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(this.status === 503 ? { 'Retry-After': '5' } : { 'WWW-Authenticate': challenge }),
    }
  }

  /** The body to answer with (RFC 9457). */
  toJSON(): { code: VerifyErrorCode; status: number; detail: string } {
    const { code, status } = this
    return { code, status, detail: answers[code][1] }
  }

  /** The answer for a handler of the Fetch API. */
  toResponse(): Response {
    return new Response(JSON.stringify(this), { status: this.status, headers: this.headers })
  }
}

/** What `run` gives. Whatever it throws becomes an error with this code, unless it has one. */
export async function orRefuse<T>(code: VerifyErrorCode, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof VerifyError ? error : new VerifyError(code, (error as Error).message, error)
  }
}
