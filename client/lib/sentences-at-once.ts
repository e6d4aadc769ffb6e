// The sentences that are there if nothing more can be loaded, not even the other sentences.

/** By code. */
export const sentencesAtOnce = {
  network: 'The server could not be reached.',
  timeout: 'That took too long.',
  client_incomplete: 'A part of this page could not be loaded: please try again.',
  client_outdated: 'This page is out of date: please load it again.',
}

/** The sentence for a code, or for any other one a sentence that is always true. */
export const sentenceAtOnce = (code: string): string =>
  Object.hasOwn(sentencesAtOnce, code)
    ? sentencesAtOnce[code as keyof typeof sentencesAtOnce]
    : 'That did not work: please try again.'
