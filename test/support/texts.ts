// Searches for texts among random data.

/** Whether the text occurs. A short one must be a whole word, because random data can contain it by chance. */
export const holds = (where: string, text: string): boolean =>
  /^\w{1,7}$/.test(text) ? new RegExp(`(?<![\\w-])${text}(?![\\w-])`).test(where) : where.includes(text)
