// Texts that people read and compare: without characters that nobody sees, or that reorder what stands around them.

/** Unicode's controls (Cc), format characters (Cf), line and paragraph separators, and what is ignorable by default. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/**
 * Hidden characters that are part of what people see: selectors and joiners in emoji, the tags of the three flags that
 * have some, and the joiners of Indic and Arabic scripts (RFC 5892, A.1 and A.2).
 */
const PART_OF_A_SIGN = [
  /(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]/u,
  /(?<=[0-9#*])\uFE0F(?=\u20E3)/u,
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D(?=\p{Extended_Pictographic})/u,
  /(?<=\u{1F3F4})\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/u,
  /(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA\u1039])[\u200C\u200D](?=\p{L})/u,
  /(?<=\p{Script=Arabic})\u200C(?=\p{Script=Arabic})/u,
]

const MEANT_OR_HIDDEN = new RegExp(
  `(${PART_OF_A_SIGN.map(({ source }) => source).join('|')})|${HIDDEN.source}`,
  'gu',
)

/** The text without hidden characters. What breaks a line becomes a space. */
export const readable = (text: string): string =>
  HIDDEN.test(text)
    ? text
        .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
        .replace(MEANT_OR_HIDDEN, (_all, meant?: string) => meant ?? '')
    : text

/** The text for a terminal, which obeys control characters: each hidden one is written as `\u001b`, as JSON writes it. */
export const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
