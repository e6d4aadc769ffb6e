// How errors of a sign-in are answered by the token endpoint.

import { GuestError } from '../../errors.ts'

/** What `run` gives. RFC 6749, 5.2: the token endpoint refuses with 400, whatever the code. */
export async function atTokenEndpoint<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof GuestError) || error.status >= 500) throw error
    throw new GuestError(error.code, {
      status: 400,
      detail: error.message,
      reason: error.reason ?? error.code,
    })
  }
}
