// What the schemas of several options share: whole numbers, origins, secrets, URIs, functions, and the tie to their types.

import { isLocalhost } from '../localhost.ts'
import { z } from '../zod.ts'

/**
 * A schema for each option of this type, which takes nothing that the type does not allow. That it takes everything that
 * the type allows is checked where the options are parsed.
 */
export type SchemasOf<Options> = {
  [Name in keyof Options]-?: z.ZodMiniType<unknown, Options[Name] | undefined>
}

export const days = (n: number) => n * 24 * 60 * 60
export const count = z.int().check(z.positive())
export const seconds = count
export const text = z.string().check(z.minLength(1))

export const origin = z.string().check(
  z.superRefine((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : undefined
    const problem =
      url?.origin !== value
        ? 'must be an origin like https://example.com: scheme, host and port, and nothing after them'
        : url.protocol !== 'https:' && !isLocalhost(url)
          ? 'must be https; browsers allow passkeys over http on localhost only'
          : /^[\d.]+$|:/.test(url.hostname)
            ? 'must name a host, because passkeys do not work on IP addresses (use http://localhost to try)'
            : undefined
    if (problem) ctx.addIssue({ code: 'custom', message: problem, input: value })
  }),
)

export const secret = z
  .string()
  .check(z.minLength(32, 'must have at least 32 characters; make one with: openssl rand -base64 32'))

export const absoluteUri = z
  .string()
  .check(
    z.refine((uri) => URL.canParse(uri) && !uri.includes('#'), 'must be an absolute URI without a fragment'),
  )

/** A function of the host. Only TypeScript checks its parameters and its result. */
export const aFunction = <F>() => z.custom<F>((value) => typeof value === 'function', 'must be a function')
