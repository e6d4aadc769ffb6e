// The languages of guestkey's own pages, by their tags (BCP 47).

import type { Translation } from '../../../client/elements/texts/translation.ts'
import type { ErrorCode } from '../../errors.ts'
import type { PageText } from '../../names/page-texts.ts'
import { texts as ar } from './texts/ar.ts'
import { texts as cs } from './texts/cs.ts'
import { texts as da } from './texts/da.ts'
import { texts as de } from './texts/de.ts'
import { texts as en } from './texts/en.ts'
import { texts as es } from './texts/es.ts'
import { texts as fa } from './texts/fa.ts'
import { texts as fi } from './texts/fi.ts'
import { texts as fr } from './texts/fr.ts'
import { texts as he } from './texts/he.ts'
import { texts as hi } from './texts/hi.ts'
import { texts as id } from './texts/id.ts'
import { texts as it } from './texts/it.ts'
import { texts as ja } from './texts/ja.ts'
import { texts as ko } from './texts/ko.ts'
import { texts as nb } from './texts/nb.ts'
import { texts as nl } from './texts/nl.ts'
import { texts as pl } from './texts/pl.ts'
import { texts as ptBr } from './texts/pt-br.ts'
import { texts as ru } from './texts/ru.ts'
import { texts as sv } from './texts/sv.ts'
import { texts as tr } from './texts/tr.ts'
import { texts as uk } from './texts/uk.ts'
import { texts as zhCn } from './texts/zh-cn.ts'
import { texts as zhTw } from './texts/zh-tw.ts'

/** The texts of the pages by name, and those of errors by code, of which some have none. */
export type Texts = Record<PageText, string> & { [code in ErrorCode]?: string }

// A text of a page that is missing, and one that is neither of a page nor of an error, do not compile.
const english = en satisfies Texts & Record<Exclude<keyof typeof en, PageText>, string>

export const languages: Record<string, Texts> = {
  ...{ ar, cs, da, de, en: english, es, fa, fi, fr, he, hi, id, it, ja, ko, nb, nl, pl, ru, sv, tr, uk },
  'pt-BR': ptBr,
  'zh-CN': zhCn,
  'zh-TW': zhTw,
} satisfies Record<string, Translation<typeof en>>
