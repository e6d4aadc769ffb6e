// The options about login IDs: how codes are sent, OpenID providers, the hook onPromote; and those of guestkey's own pages.

import { type ErrorCode, errorCodes } from '../errors.ts'
import { type PageText, pageTexts } from '../names/page-texts.ts'
import type { OldCode, OldCodeMessage, OldPromotion } from '../old-names.ts'
import type { Guest, LoginId, PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { unknownOptions } from './errors.ts'
import { ownUrl, serverUrl, textWithout } from './urls.ts'
import { aFunction, count, objectOf, recordOf, type SchemasOf, shownName, text } from './values.ts'

/** A code to send to an e-mail address or a telephone number. */
export type CodeMessage = {
  type: 'email' | 'phone'
  /** The address, or the number in E.164 form. */
  value: string
  /** Six digits. */
  code: string
  /** `promote`: to become a regular user or to add a login ID. `sign_in`: to sign in with the login ID. */
  purpose: 'promote' | 'sign_in'
  /** The name of the site, for the text of the message. */
  rp_name: string
  /** Unix seconds. */
  expires_at: number
} & OldCodeMessage

/** The guest or user, and the login ID that it is about to get. */
export type Promotion = {
  guest: PreviousGuest & Pick<Guest, 'is_anonymous' | 'is_verified' | 'isAnonymous' | 'isVerified'>
  login_id: Pick<LoginId, 'type' | 'value'>
} & OldPromotion

const SEND = 'must be like smtp://user:password@host:587, or a function'
const smtp = textWithout(
  (value) => (URL.canParse(value) && new URL(value).hostname !== '' ? undefined : SEND),
  text.check(z.regex(/^smtps?:\/\//, SEND)),
)
const send = z.union([smtp, aFunction<(message: CodeMessage) => unknown>()], SEND)

const sender = textWithout(
  (value) =>
    /^[^\r\n]*[^\s<>@]@[^\s<>@]+>?$/.test(value)
      ? undefined
      : 'must be an e-mail address, like hello@example.com or Jotter <hello@example.com>',
  text,
)

/** An OpenID provider whose accounts guests may add as login IDs. */
export type ProviderOptions = {
  /** Part of the callback's path: lower-case letters, digits and hyphens. */
  id: string
  /** The name on the button "Continue with …". */
  name: string
  /** Its issuer (OpenID Connect Discovery 1.0): https, or http on localhost. */
  issuer: string
  clientId: string
  /**
   * A text; or a function that gives one, and may be asynchronous, for secrets that expire, such as the JWT that Apple asks
   * for. guestkey calls it for each sign-in.
   */
  clientSecret?: string | (() => string | Promise<string>) | undefined
  /** Default: `openid`, which asks only who the person is. */
  scope?: string | undefined
  /**
   * How the provider sends its answer (OAuth 2.0 Multiple Response Types, 2.1): `query`, or `form_post`, which Apple needs
   * if `scope` asks for the name or the address (OAuth 2.0 Form Post Response Mode). Default: `query`.
   */
  responseMode?: 'query' | 'form_post' | undefined
}
export type Provider = Omit<ProviderOptions, 'scope' | 'clientSecret'> & {
  scope: string
  clientSecret: ProviderOptions['clientSecret']
}

const provider = objectOf({
  id: z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'must be like example: a-z, 0-9 and -')),
  name: shownName,
  issuer: serverUrl,
  clientId: text,
  clientSecret: z.optional(
    z
      .union(
        [text, aFunction<() => string | Promise<string>>()],
        'must be a text, or a function that gives one',
      )
      .check(z.meta({ type: 'string', minLength: 1 })), // in JSON it can only be a text
  ),
  scope: z._default(text, 'openid'),
  responseMode: z.optional(z.enum(['query', 'form_post'])),
})

const providers = z
  .array(provider)
  .check(
    z.refine(
      (all) => new Set(all.map(({ id }) => id)).size === all.length,
      'must not have the same id twice',
    ),
  )

/** The names of texts: those of the pages, and the codes of errors. */
const textNames: string[] = [...pageTexts, ...errorCodes]

/** What is wrong with the tag of a language (BCP 47), as browsers write it; undefined if nothing is. */
function problemOfLanguage(tag: string): string | undefined {
  const right = canonicalLanguage(tag) ?? canonicalLanguage(tag.replaceAll('_', '-'))
  if (right === tag) return undefined
  return `must be the tag of a language, such as en or de-AT${right === undefined ? '' : `; write ${right}`}`
}

/** The tag as browsers write it; undefined if it is none. Every language that is registered has two or three letters. */
function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag).find((one) => /^[a-z]{2,3}(-|$)/.test(one))
  } catch {
    return undefined
  }
}

/** Refuses names that no page would ever show. */
const textsOfLanguage = recordOf(z.optional(z.string())).check(
  z.superRefine((texts, ctx) => {
    const keys = Object.keys(texts).filter((name) => !textNames.includes(name))
    if (keys.length > 0)
      ctx.addIssue({
        code: 'unrecognized_keys',
        keys,
        message: unknownOptions(keys, textNames),
        input: texts,
      })
  }),
)

const texts = recordOf(z.optional(textsOfLanguage)).check(
  z.superRefine((languages, ctx) => {
    for (const tag of Object.keys(languages)) {
      const message = problemOfLanguage(tag)
      if (message) ctx.addIssue({ code: 'custom', message, path: [tag], input: tag })
    }
  }),
)

/** The theme and the texts of guestkey's own pages. */
export type PageOptions = {
  /** A picture beside the name of the site: a path at its own origin, such as `/logo.svg`, or an https URL. Default: none. */
  logo?: string | undefined
  /**
   * The colour of buttons, links and focus: `#2a45c4`, `oklch(0.46 0.19 268)`, or `light-dark(…, …)` of two such colours.
   * Text on it, and made from it, is legible whatever it is. Default: `oklch(0.46 0.19 268)`.
   */
  accent?: string | undefined
  /** How round buttons and fields are, such as `10px` or `0.5rem`; `0px` is square everywhere. Default: `10px`. */
  radius?: string | undefined
  /** Names of fonts that people may have, such as `Inter, "Segoe UI", sans-serif`. Default: the system's. */
  font?: string | undefined
  /** Pages in one colour scheme only. Default: as the person has set the system. */
  theme?: 'light' | 'dark' | undefined
  /** Where people get back to the site if nothing else is known. Default: `/` of the (first) origin. */
  home?: string | undefined
  /** The privacy policy, for a link below the pages. Default: no link. */
  privacy?: string | undefined
  /**
   * By language (BCP 47, such as `en` or `de-AT`): texts that replace ours, by their names, and by the codes of errors.
   */
  texts?:
    | Record<string, { [Name in PageText | ErrorCode | OldCode]?: string | undefined } | undefined>
    | undefined
}
// Values of CSS are let in by what they are, never by what they must not have: so none can end its declaration.
const NUMBER = String.raw`\d{1,3}(?:\.\d{1,4})?%?`
const COLOUR = String.raw`(?:#[0-9a-f]{3}|#[0-9a-f]{6}|(?:rgb|hsl|oklch)\(${NUMBER} ${NUMBER} ${NUMBER}\))`
const accent = new RegExp(String.raw`^(?:${COLOUR}|light-dark\(${COLOUR}, ?${COLOUR}\))$`, 'i')
const radius = /^\d{1,2}(\.\d{1,3})?(px|rem)$/
const FONT = String.raw`(?:[a-z][\w-]*(?: [a-z][\w-]*)*|"[\w][\w -]*")`
const font = new RegExp(`^${FONT}(?:, ?${FONT}){0,9}$`, 'i')

const pages = objectOf({
  logo: z.optional(ownUrl('the path of a picture on this site, such as /logo.svg')),
  accent: z.optional(
    z
      .string()
      .check(z.regex(accent, 'must be like #2a45c4, or oklch(0.46 0.19 268), or light-dark() of two')),
  ),
  radius: z.optional(z.string().check(z.regex(radius, 'must be like 10px or 0.5rem'))),
  font: z.optional(
    z.string().check(z.regex(font, 'must be names of fonts, such as Inter, "Segoe UI", sans-serif')),
  ),
  theme: z.optional(z.enum(['light', 'dark'])),
  home: z.optional(ownUrl('the path of a page on this site, such as /')),
  privacy: z.optional(ownUrl('the path of a page on this site, such as /privacy')),
  texts: z.optional(texts),
})

/** How guests become regular users. */
export type LoginIdOptions = {
  /**
   * How codes are sent. Either by SMTP: `smtp://user:password@host:587` or `smtps://…`, which is for e-mail only. Or by
   * a function of the host, which must send text messages too, unless `types` says else. Default: codes are printed to the log if every origin is
   * on http://localhost and `NODE_ENV` is not `production`; else there are no codes (`no_codes`).
   */
  send?: string | ((message: CodeMessage) => unknown) | undefined
  /** The sender of e-mails, such as `Jotter <hello@example.com>`. Default: `no-reply@` and the RP ID. */
  sendFrom?: string | undefined
  /** What your function `send` can reach: `email`, `phone`. Default: both. SMTP reaches e-mail addresses only. */
  types?: CodeMessage['type'][] | undefined
  /** Runs before a guest or user gets a login ID. If it throws, guestkey refuses the login ID (`promotion_refused`). */
  onPromote?: ((promotion: Promotion) => unknown) | undefined
  /** How many login IDs a user may have. Default: 10. */
  max?: number | undefined
  /** OpenID providers whose accounts guests may add as login IDs. Default: none. */
  providers?: ProviderOptions[] | undefined
}
const loginIds = objectOf({
  send: z.optional(send),
  sendFrom: z.optional(sender),
  types: z._default(z.array(z.enum(['email', 'phone'])), ['email', 'phone']),
  onPromote: z.optional(aFunction<(promotion: Promotion) => unknown>()),
  max: z._default(count, 10),
  providers: z._default(providers, []),
})

/** Login IDs, and guestkey's own pages. */
export type LoginIdAndPageOptions = {
  /** How guests become regular users. */
  loginIds?: LoginIdOptions | undefined
  /** The theme and the texts of guestkey's own pages. */
  pages?: PageOptions | undefined
}

export const loginIdSchemas = {
  loginIds: z.prefault(loginIds, {}),
  pages: z._default(pages, {}),
} satisfies SchemasOf<LoginIdAndPageOptions>
