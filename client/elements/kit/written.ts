// How a language is written, by which the nearest of several is found: for the elements, and for the server's own pages.

/**
 * A language and its script: zh-Hant for zh-HK and zh-TW, de-Latn for de-AT. Norwegian is Bokmål, also for those who
 * ask for Nynorsk. Undefined if the tag is none (BCP 47): browsers and apps send any text.
 */
export function written(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${/^n[no]$/.test(language) ? 'nb' : language}-${script}`
  } catch {
    return undefined
  }
}
