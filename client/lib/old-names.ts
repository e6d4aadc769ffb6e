// What 0.5 called differently. In 0.7, delete this file and what TypeScript then finds missing.

/** The code of now for one that a server of 0.5 or 0.6 sends, such as `login_id_invalid` for `invalid_login_id`. */
export const codeOfNow = (code: string): string =>
  code.replace(/^(invalid|unknown|ambiguous)_(attribute|login_id|collection|prompt|credentials)$/, '$2_$1')
