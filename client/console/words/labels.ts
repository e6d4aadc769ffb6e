// Labels: words that guests see too. They stand in the operator's language if the elements have it, so that an operator and a
// guest who talk about a thing call it the same.
import { h } from '../../elements/kit/dom.ts'
import { chooseLanguage } from '../../elements/kit/words.ts'
import { accountLanguages } from '../../elements/parts.ts'

/** The texts of the elements that the console takes over. The build leaves out all others. */
export const labelKeys = ['addresses', 'devices', 'passkeys', 'recoveryCodes', 'sessions'] as const

type Label = (typeof labelKeys)[number]

const english: Record<Label, string> = {
  addresses: 'Addresses',
  devices: 'Devices',
  passkeys: 'Passkeys',
  recoveryCodes: 'Recovery codes',
  sessions: 'Sessions',
}

let language = 'en'
let known: { [Name in Label]?: string } = english

/** Loads the labels in the language of the browser. Without them, they are in English. */
export async function loadLabels(): Promise<void> {
  const chosen = chooseLanguage(document.createElement('p'), Object.keys(accountLanguages)).language
  if (chosen === 'en') return
  const { texts } = await accountLanguages[chosen]!()
  known = texts
  language = chosen
}

/** A label, which says its language to screen readers. */
export const label = (key: Label): Node | string =>
  language === 'en' ? english[key] : h('span', { lang: language }, known[key] ?? english[key])
