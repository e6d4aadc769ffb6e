// The texts of guestkey's own pages for a request: their language, and what the host puts in their place (`pages.texts`).

import type { IncomingMessage } from 'node:http'
import { written } from '../../../client/elements/kit/written.ts'
import { once } from '../../core/crypto/once.ts'
import type { ErrorCode, GuestError } from '../../errors.ts'
import type { PageText } from '../../names/page-texts.ts'
import type { Config } from '../../options/options.ts'
import type { Html, Part } from './html.ts'
import type { Texts } from './languages.ts'

/** Loaded with the first page: few processes show any. */
const built = once(async () => (await import('./languages.ts')).languages)

/** The texts of one page in one language. */
export type Words = {
  /** The language that the page is in (BCP 47), and its direction. */
  language: string
  direction: 'ltr' | 'rtl'
  /** A text, with these values in the place of its placeholders. */
  say: (name: PageText, values?: Record<string, string>) => string
  /** The same, with HTML in the place of placeholders. */
  rich: (name: PageText, values: Record<string, Html>) => Part[]
  /** The text for a person about an error, and how long to wait if it says so (RFC 9110, 10.2.3). */
  sayError: (error: GuestError) => string
}

/** The texts for a request. `locales` is its `ui_locales` (OpenID Connect Core 1.0, 3.1.2.1). */
export async function wordsFor(
  { pages }: Config,
  req: IncomingMessage,
  locales: string | undefined,
): Promise<Words> {
  const all = await built()
  const own = pages.texts ?? {}
  const language = chooseLanguage(
    [...(locales ?? '').split(/\s+/), ...accepted(req.headers['accept-language'] ?? '')],
    [...Object.keys(all), ...Object.keys(own)],
  )
  const nearest = chooseLanguage([language], Object.keys(all))
  const replaced = widened(language).toReversed()
  const texts: Texts = Object.assign({}, all.en, all[nearest], ...replaced.map((tag) => own[tag]))

  const rich: Words['rich'] = (name, values) =>
    texts[name].split(/\{(\w+)\}/).map((part, i) => (i % 2 ? (values[part] ?? `{${part}}`) : part))
  const say: Words['say'] = (name, values = {}) =>
    texts[name].replace(/\{(\w+)\}/g, (whole, value: string) => values[value] ?? whole)
  return {
    language,
    direction: isRightToLeft(language) ? 'rtl' : 'ltr',
    say,
    rich,
    sayError({ code, headers }) {
      const text = (texts as { [code in ErrorCode]?: string })[code] ?? texts.otherError
      const seconds = Number(headers['Retry-After'])
      return seconds > 0 ? `${text} ${say('wait', { time: duration(seconds, language) })}` : text
    },
  }
}

/** The tags in an Accept-Language header, the most wanted first (RFC 9110, 12.5.4). */
function accepted(header: string): string[] {
  const ranges = header.split(',').map((range) => {
    const [tag = '', ...params] = range.split(';').map((part) => part.trim())
    const weight = params.find((param) => /^q=/i.test(param))
    return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }
  })
  return ranges
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}

/** How many tags of a request are looked at. Browsers send fewer; each costs time, and anybody can send thousands. */
const MAX_TAGS = 10
/** Longer tags are no language: RFC 5646, 4.4.1 and 4.4.2. */
const MAX_TAG_LENGTH = 35

/**
 * The best of `available` for the first ten of these tags, in their order: the same tag, a wider one (RFC 4647, 3.4), or one
 * of the same language in the same script, so that zh-HK gets zh-TW. Default: English.
 */
function chooseLanguage(tags: string[], available: string[]): string {
  const asked = tags.filter((tag) => tag !== '' && tag.length <= MAX_TAG_LENGTH).slice(0, MAX_TAGS)
  let byScript: Map<string | undefined, string> | undefined
  for (const tag of asked) {
    const same = widened(tag).find((one) => available.includes(one))
    if (same) return same
    byScript ??= new Map(available.toReversed().map((one) => [written(one), one]))
    const near = byScript.get(written(tag))
    if (near) return near
  }
  return 'en'
}

/** A language tag and the wider ones, in the order in which they are looked for: `de-AT`, `de`. */
function widened(tag: string): string[] {
  const parts = (canonical(tag) ?? '').split('-')
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'))
}

/** The tag as options have it; undefined if it is none. Browsers and apps send any text. */
function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const isRightToLeft = (tag: string): boolean =>
  /^(Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Syrc|Thaa)$/.test(new Intl.Locale(tag).maximize().script ?? '')

/** A number of seconds as “34 seconds”, “14 minutes” or “3 hours”. */
function duration(seconds: number, language: string): string {
  const [unit, value] =
    seconds < 100
      ? (['second', seconds] as const)
      : seconds <= 7200
        ? (['minute', Math.ceil(seconds / 60)] as const)
        : (['hour', Math.ceil(seconds / 3600)] as const)
  return value.toLocaleString(language, { style: 'unit', unit, unitDisplay: 'long' })
}
