// The error for options that are wrong, and the sentences that say what would be right.

import { helpAt } from '../help.ts'
import { hintFor } from '../names/unknown.ts'
import { z } from '../zod.ts'

/** The options are wrong. The message says which ones, and what would be right. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
  /** A link to what the pages of the package say about the options, or about the first one that is wrong: a `file:` URL. */
  readonly help: string

  constructor(message: string, option = '') {
    super(message)
    this.help = helpAt('server/options/README.md', option)
  }
}

const nouns: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const nounOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : (nouns[typeof value] ?? `a ${typeof value}`)

/** Stands for the path to an unknown option until the whole path is known. */
const WHERE = '\0'

/** The sentences for unknown options. */
export const unknownOptions = (unknown: string[], known: string[]): string =>
  unknown.map((name) => `unknown option ${name}${WHERE}${hintFor(name, known)}`).join('; ')

/** The sentence for a problem of which the schema says nothing itself. Undefined: zod's own. */
function sentenceFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys')
    return unknownOptions(issue.keys, Object.keys((issue.inst as z.ZodMiniObject)._zod.def.shape))
  if (!issue.path?.length) return undefined
  const { input } = issue
  switch (issue.code) {
    case 'invalid_type': {
      const noun = nouns[issue.expected]
      if (noun === undefined) return undefined
      if (input === undefined) return `${issue.path.at(-1)?.toString()} is missing: it must be ${noun}`
      return typeof input === 'number'
        ? `must be ${noun}, not ${input}`
        : `must be ${noun}, not ${nounOf(input)}`
    }
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty'
      if (issue.origin === 'array') return 'must have at least one entry'
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}, not ${input}`
    case 'too_big':
      if (issue.origin === 'array') return `must have at most ${issue.maximum} entries`
      return `must be at most ${issue.maximum}, not ${input}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => `'${String(value)}'`).join(' or ')}`
    default:
      return undefined
  }
}

/**
 * The value, if the schema takes it. `renamed`: what the host calls the options at these paths. Errors: OptionsError, with
 * one sentence for each problem.
 */
export function checked<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  renamed: Record<string, string> = {},
): T {
  const parsed = schema.safeParse(value, { error: sentenceFor })
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.flatMap(innermost).map((issue) => {
    const path = writtenPath(issue.path, renamed)
    if (issue.code !== 'unrecognized_keys') return { ...issue, path }
    const where = path.length > 0 ? ` of ${z.core.toDotPath(path)}` : ''
    return { ...issue, path: [], message: issue.message.replaceAll(WHERE, where) }
  })
  const [first] = parsed.error.issues
  throw new OptionsError(`guestkey options:\n${z.prettifyError({ issues })}`, first?.path[0]?.toString())
}

/** The problems of the one form that was meant, if the value can have several, such as a list or an object. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const isMeant = (form: z.core.$ZodIssue[]) =>
    form.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys')
  const [meant, ...others] = issue.errors.filter(isMeant)
  if (!meant || others.length > 0) return [issue]
  return meant.map((one) => ({ ...one, path: [...issue.path, ...one.path] })).flatMap(innermost)
}

/** The path as the host has written it. */
function writtenPath(path: PropertyKey[], renamed: Record<string, string>): PropertyKey[] {
  for (let length = path.length; length > 0; length--) {
    const written = renamed[path.slice(0, length).join('.')]
    if (written !== undefined) return [...written.split('.'), ...path.slice(length)]
  }
  return path
}
