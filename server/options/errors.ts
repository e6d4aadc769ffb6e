// The error for options that are wrong.

/** The options are wrong. The message says which ones, and what would be right. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
}
