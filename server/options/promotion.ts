// Promotion: what regular users are known by, and how codes reach them.

import type { Guest, PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { aFunction, text } from './values.ts'

/** A code for whoever reads this mailbox or has this telephone. */
export type CodeMessage = {
  type: 'email' | 'phone'
  /** The address, or the number as E.164 has it. */
  value: string
  /** Six digits. */
  code: string
  /** Becoming a regular user, or one more login ID; or signing in as one. */
  purpose: 'promote' | 'sign_in'
  /** The RP's name, for the text. */
  rpName: string
  /** Unix seconds. */
  expires_at: number
}

/** What a guest or user becomes known by, before it is written. */
export type Promotion = {
  guest: PreviousGuest & Pick<Guest, 'isAnonymous'>
  loginId: { type: string; value: string }
}

export const send = z.union(
  [
    text.check(z.regex(/^smtps?:\/\//, 'must be like smtp://user:password@host:587, or a function')),
    aFunction<(message: CodeMessage) => unknown>(),
  ],
  'must be like smtp://user:password@host:587, or a function',
)

/** An OpenID provider whose users may become known by it. */
export type ProviderOptions = {
  /** For addresses: letters, digits and hyphens. */
  id: string
  /** As people know it: "Continue with …". */
  name: string
  /** https, or http on localhost (OpenID Connect Discovery 1.0). */
  issuer: string
  clientId: string
  clientSecret?: string | undefined
  /** Default: `openid`, for who it is and nothing else. */
  scope?: string | undefined
}
export type Provider = Omit<ProviderOptions, 'scope' | 'clientSecret'> & {
  scope: string
  clientSecret: string | undefined
}

const provider = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'must be like example: a-z, 0-9 and -')),
  name: text,
  issuer: z.string().check(
    z.refine((value) => {
      if (!URL.canParse(value)) return false
      const { protocol, hostname } = new URL(value)
      const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
      return protocol === 'https:' || (protocol === 'http:' && isLocal)
    }, 'must be an https URL; plain http is for localhost alone'),
  ),
  clientId: text,
  clientSecret: z.optional(text),
  scope: z._default(text, 'openid'),
})

export const providers = z
  .array(provider)
  .check(
    z.refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must have ids of their own'),
  )

/** How our own pages look, and what they say. */
export type PageOptions = {
  /** Colours, as CSS has them. */
  accent?: string | undefined
  /** Texts in place of ours, by their names in server/http/pages/texts.ts, for each language. */
  texts?: Record<string, Record<string, string>> | undefined
}
export const pages = z.strictObject({
  accent: z.optional(z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/, 'must be like #2a45c4'))),
  texts: z.optional(z.record(z.string(), z.record(z.string(), z.string()))),
})

export const onPromote = z.optional(aFunction<(promotion: Promotion) => unknown>())
