// The configuration of the mutation testing for this project, with everything that depends on file names.

/** The tests of `<sources>/orders/cart.ts` are all tests in `<tests>/orders/`, and `cart.test.ts` in `<tests>`. */
export const mirrors: [sources: string, tests: string][] = [
  ['server/core', 'test/server/core'],
  ['server/http', 'test/server/http'],
  ['server/rules', 'test/server/rules'],
  ['server/store', 'test/server/store'],
]

/**
 * The tests of source files whose folder does not lead to them. Both are named without folder and extension, so that
 * they may move. If a mutant survives, first look for its test elsewhere, and name that test here.
 */
export const testsByName: Record<string, string[]> = {
  'expired-guests': ['expired-guests', 'regular-users', 'guests'],
  retention: ['expired-guests', 'collections', 'register'],
  renewal: ['sessions', 'anonymous', 'sign-out', 'keep', 'collections', 'prompts'],
  'sealed-sessions': ['sessions', 'anonymous', 'sign-out', 'keep', 'collections', 'prompts'],
  'session-tokens': ['sessions', 'anonymous', 'sign-out', 'keep', 'collections', 'prompts'],
  'step-up': ['manage', 'recovery-codes', 'guards', 'device-links', 'access-tokens'],
}

/** Calls that stay unchanged, with their arguments: their texts are only for people. */
export const leftAlone = /\blogger\b|^console\./

/** With a mistake, the tests may take this many times as long as without one, within these bounds. */
export const timeLimit = { times: 4, leastSeconds: 60, mostSeconds: 1800 }
