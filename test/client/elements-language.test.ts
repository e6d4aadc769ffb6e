// Which language an element speaks: the one that a person can read, if there is no exact one.

import { expect, test } from 'vitest'
import { chooseLanguage } from '../../client/elements/kit/words.ts'

const available = ['en', 'de', 'he', 'nb', 'pt-br', 'zh-cn', 'zh-tw']
/** The language of an element with this `lang`. */
const chosen = (lang: string) =>
  chooseLanguage({ closest: () => ({ getAttribute: () => lang }) } as unknown as Element, available)

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-latn-at', 'de'],
  ['iw', 'he'],
  ['no', 'nb'],
  ['no-NO', 'nb'],
  ['nn', 'nb'],
  ['nn-NO', 'nb'],
  ['pt', 'pt-br'],
  ['pt-PT', 'pt-br'],
  ['pt-BR', 'pt-br'],
  ['zh', 'zh-cn'],
  ['zh-SG', 'zh-cn'],
  ['zh-Hans-CN', 'zh-cn'],
  ['zh-TW', 'zh-tw'],
  ['zh-HK', 'zh-tw'],
  ['zh-Hant', 'zh-tw'],
])('an element in %s speaks %s, and dates and numbers are those of the tag', (tag, language) => {
  expect(chosen(tag)).toEqual({ language, tag })
})

test.each(['', 'x', 'de_AT', 'tlh'])(
  'an element in a language that nobody speaks here, %j, speaks that of the browser',
  (tag) => {
    expect(chosen(tag)).toEqual({ language: 'en', tag: navigator.languages[0] })
  },
)
