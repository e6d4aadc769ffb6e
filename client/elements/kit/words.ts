// The texts of an element: their language, their placeholders, plurals and dates.
import type { texts as accountTexts } from '../texts/account/en.ts'
import type { texts } from '../texts/en.ts'
import type { Translation, Values } from '../texts/translation.ts'
import type { Child } from './dom.ts'
import { written } from './written.ts'

type English = typeof texts & typeof accountTexts

/** The name of a text. */
export type TextKey = keyof English

/** All texts of one language. */
export type Texts = Translation<English>

/** What the texts of an element can do. */
export interface Words {
  /** A text, with these values in the place of its placeholders. A plural is chosen by `count`. */
  <Key extends TextKey>(key: Key, ...values: ValuesOf<Key, string | number>): string
  /** The same, with nodes in the place of placeholders. */
  rich<Key extends TextKey>(key: Key, values: Values<English[Key], Child | number>): Child[]
  /** What the page asked for, for numbers and dates. */
  tag(): string
  /** A day, as “today”, “yesterday” or a date; in Unix seconds. It comes with the pieces, as do the two below. */
  day(seconds: number): string
  /** A day, always as a date. */
  date(seconds: number): string
  /** A number of seconds as “34 seconds” or “14 minutes”. */
  duration(seconds: number): string
}

type ValuesOf<Key extends TextKey, Value> = keyof Values<English[Key], Value> extends never
  ? []
  : [values: Values<English[Key], Value>]

/** The texts of now, their language, and what the page asked for (`tag`), for numbers and dates. */
export interface Spoken {
  texts: Partial<Texts>
  language: string
  tag: string
}

/** Makes the words of an element; `now` returns what it speaks now. */
export function createWords(now: () => Spoken): Words {
  function template(key: TextKey, count: Child): string {
    const text: string | Record<string, string> | undefined = now().texts[key]
    if (typeof text !== 'object') return text ?? key
    return text[new Intl.PluralRules(now().language).select(Number(count))] ?? text.other!
  }
  const rich = (key: TextKey, values: Record<string, Child | number> = {}) =>
    template(key, values.count as Child)
      .split(/\{(\w+)\}/)
      .map((part, i) => {
        const value = i % 2 ? values[part] : part
        return typeof value === 'number' ? value.toLocaleString(now().tag) : value
      })
  const plain = (key: TextKey, values?: Record<string, string | number>) => rich(key, values).join('')
  return Object.assign(plain, { rich, tag: () => now().tag }) as unknown as Words
}

/**
 * The language that the element is in (`lang` of itself, of an ancestor or of what its shadow root is in), else those of the
 * browser; and the best one of `available` for it. Default: English.
 */
export function chooseLanguage(element: Element, available: string[]): { language: string; tag: string } {
  for (const tag of [langOf(element), ...navigator.languages]) {
    const language =
      available.find((name) => name.toLowerCase() === tag.toLowerCase()) ??
      available.find((name) => written(name) === written(tag))
    if (language) return { language, tag }
  }
  return { language: 'en', tag: 'en' }
}

function langOf(element: Element): string {
  for (let one: Element | null = element; one; ) {
    const found: Element | null = one.closest('[lang]')
    if (found) return found.getAttribute('lang')!
    const root: Node = one.getRootNode()
    one = root instanceof ShadowRoot ? root.host : null
  }
  return ''
}
