// The error for options that are wrong, and the sentences that say what would be right.

import { z } from '../zod.ts'

/** The options are wrong. The message says which ones, and what would be right. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
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

/** The sentence for a problem of which the schema says nothing itself. Undefined: zod's own. */
function sentenceFor(issue: z.core.$ZodRawIssue): string | undefined {
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
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: writtenPath(issue.path, renamed) }))
  throw new OptionsError(`guestkey options:\n${z.prettifyError({ issues })}`)
}

/** The path as the host has written it. */
function writtenPath(path: PropertyKey[], renamed: Record<string, string>): PropertyKey[] {
  const [group, name, ...inside] = path
  const written = renamed[`${String(group)}.${String(name)}`]
  return written === undefined ? [renamed[String(group)] ?? group!, ...path.slice(1)] : [written, ...inside]
}
