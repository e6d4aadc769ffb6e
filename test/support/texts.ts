// Looking for texts where there is much that is random.

/** Whether a text stands there: a short one by itself, for in what is random it would turn up by chance. */
export const holds = (where: string, text: string): boolean =>
  /^\w{1,7}$/.test(text) ? new RegExp(`(?<![\\w-])${text}(?![\\w-])`).test(where) : where.includes(text)
