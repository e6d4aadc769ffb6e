// The step-up: a fresh passkey proof, which the server asks for before some requests (RFC 9470).
import { isCode } from './errors.ts'
import type { Call } from './http.ts'

/**
 * Notes how many proofs there are when a request begins; or there were as many as `seen`. If that request is refused
 * for want of a fresh proof, call the function that it returns: it asks for one, unless one has come in between.
 */
export type WatchProofs = (seen?: number) => () => Promise<void>

/** Does some work. If the server asks for a fresh proof (RFC 9470), asks for a passkey and does the work once more. */
export type WithStepUp = <T>(work: () => Promise<T>) => Promise<T>

/** See createStepUp. */
export interface StepUp {
  watchProofs: WatchProofs
  withStepUp: WithStepUp
  callWithStepUp: Call
  /** To be called when a passkey has been proven. */
  noteProof(): void
}

/**
 * The step-up of a client; `prove` asks for a passkey. `watch` is called when work begins, and returns what throws if that
 * was withdrawn meanwhile.
 */
export function createStepUp(call: Call, prove: () => Promise<void>, watch?: () => () => void): StepUp {
  let proofs = 0

  const watchProofs: WatchProofs = (seen = proofs) => {
    const check = watch?.()
    return async () => {
      // A proof that came while the refusal was on its way is enough.
      if (seen !== proofs) return
      check?.()
      await prove()
    }
  }

  const withStepUp: WithStepUp = async (work) => {
    const prove = watchProofs()
    try {
      return await work()
    } catch (error) {
      if (!isCode(error, 'insufficient_user_authentication')) throw error
      await prove()
      return work()
    }
  }

  const callWithStepUp: Call = <T>(...asked: Parameters<Call>) => withStepUp(() => call<T>(...asked))

  return {
    watchProofs,
    withStepUp,
    callWithStepUp,
    noteProof() {
      proofs++
    },
  }
}
