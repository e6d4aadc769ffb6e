// The parts of the elements that a page loads when it first shows them. In the files for browsers, the build puts the
// address of each part in place of its import.
import type { GuestClient, GuestClientOptions } from '../index.ts'
import type { Texts } from './kit/words.ts'

/** The client itself, which the page may have loaded already. */
export const loadClient = (): Promise<{ createGuestClient(options?: GuestClientOptions): GuestClient }> =>
  import('../index.ts')
export const loadMenu = () => import('./views/menu.ts')
export const loadSignIn = () => import('./views/sign-in.ts')
export const loadLink = () => import('./views/link/link.ts')
export const loadPrompt = () => import('./views/prompt.ts')
export const loadAccount = () => import('./views/account/account.ts')
export const loadQr = () => import('./views/link/qr.ts')
export const loadPieces = () => import('./views/pieces.ts')
export const loadCodeSteps = () => import('./views/code-steps.ts')
export const loadSections = () => import('./views/sections/sections.ts')

/** The texts of each language, by its tag. */
export const languages: Record<string, () => Promise<{ texts: Partial<Texts> }>> = {
  ar: () => import('./texts/ar.ts'),
  cs: () => import('./texts/cs.ts'),
  da: () => import('./texts/da.ts'),
  de: () => import('./texts/de.ts'),
  en: () => import('./texts/en.ts'),
  es: () => import('./texts/es.ts'),
  fa: () => import('./texts/fa.ts'),
  fi: () => import('./texts/fi.ts'),
  fr: () => import('./texts/fr.ts'),
  he: () => import('./texts/he.ts'),
  hi: () => import('./texts/hi.ts'),
  id: () => import('./texts/id.ts'),
  it: () => import('./texts/it.ts'),
  ja: () => import('./texts/ja.ts'),
  ko: () => import('./texts/ko.ts'),
  nb: () => import('./texts/nb.ts'),
  nl: () => import('./texts/nl.ts'),
  pl: () => import('./texts/pl.ts'),
  'pt-br': () => import('./texts/pt-br.ts'),
  ru: () => import('./texts/ru.ts'),
  sv: () => import('./texts/sv.ts'),
  tr: () => import('./texts/tr.ts'),
  uk: () => import('./texts/uk.ts'),
  'zh-cn': () => import('./texts/zh-cn.ts'),
  'zh-tw': () => import('./texts/zh-tw.ts'),
}

/** The same, for the account, its sections and device links. */
export const accountLanguages: Record<string, () => Promise<{ texts: Partial<Texts> }>> = {
  ar: () => import('./texts/account/ar.ts'),
  cs: () => import('./texts/account/cs.ts'),
  da: () => import('./texts/account/da.ts'),
  de: () => import('./texts/account/de.ts'),
  en: () => import('./texts/account/en.ts'),
  es: () => import('./texts/account/es.ts'),
  fa: () => import('./texts/account/fa.ts'),
  fi: () => import('./texts/account/fi.ts'),
  fr: () => import('./texts/account/fr.ts'),
  he: () => import('./texts/account/he.ts'),
  hi: () => import('./texts/account/hi.ts'),
  id: () => import('./texts/account/id.ts'),
  it: () => import('./texts/account/it.ts'),
  ja: () => import('./texts/account/ja.ts'),
  ko: () => import('./texts/account/ko.ts'),
  nb: () => import('./texts/account/nb.ts'),
  nl: () => import('./texts/account/nl.ts'),
  pl: () => import('./texts/account/pl.ts'),
  'pt-br': () => import('./texts/account/pt-br.ts'),
  ru: () => import('./texts/account/ru.ts'),
  sv: () => import('./texts/account/sv.ts'),
  tr: () => import('./texts/account/tr.ts'),
  uk: () => import('./texts/account/uk.ts'),
  'zh-cn': () => import('./texts/account/zh-cn.ts'),
  'zh-tw': () => import('./texts/account/zh-tw.ts'),
}
