// @simplewebauthn/server, loaded when it is first needed, and the error of a ceremony that it or we refuse.

/** The library, loaded with the first ceremony: it is most of what a service would otherwise start with. */
export const webauthn = once(() => import('@simplewebauthn/server'))
export const helpers = once(() => import('@simplewebauthn/server/helpers'))

/** An import that failed is tried again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
}

/** Why a response was refused; for the log, never for the caller. */
export class CeremonyError extends Error {
  override readonly name = 'CeremonyError'
}
