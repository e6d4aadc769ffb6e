// The sentences for which nobody waits: those for what keeps the other sentences from being loaded.

/** By code. */
export const sentencesAtOnce = {
  network: 'The server could not be reached.',
  timeout: 'That took too long.',
  client_incomplete: 'A part of this page could not be loaded: please try again.',
  client_outdated: 'This page is out of date: please load it again.',
}

/** The sentence of an error until its own is loaded. It is always true. */
export const anySentence = 'That did not work: please try again.'

/** The sentence for a code, or for one that is not here `anySentence`. */
export const sentenceAtOnce = (code: string): string =>
  Object.hasOwn(sentencesAtOnce, code) ? sentencesAtOnce[code as keyof typeof sentencesAtOnce] : anySentence
