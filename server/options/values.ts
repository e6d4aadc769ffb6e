// What the schemas of several options share: whole numbers, texts, secrets, functions, and the tie to their types.

import { readable } from '../readable.ts'
import { z } from '../zod.ts'

/**
 * A schema for each option of this type, which takes nothing that the type does not allow. That it takes everything that
 * the type allows is checked where the options are parsed.
 */
export type SchemasOf<Options> = {
  [Name in keyof Options]-?: z.ZodMiniType<unknown, Options[Name] | undefined>
}

export const days = (n: number) => n * 24 * 60 * 60
export const count = z.int().check(z.positive())
export const seconds = count
export const text = z.string().check(z.minLength(1))

export const secret = z
  .string()
  .check(z.minLength(32, 'must have at least 32 characters; make one with: openssl rand -base64 32'))

/** An object of these options, and of no others. An option that is undefined is not given: the result does not have it. */
export const objectOf = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape).check(z.overwrite(withoutUndefined))

/** An object whose keys the host chooses. One that is undefined is not given. */
export const recordOf = <Value extends z.core.$ZodType>(value: Value) =>
  z.record(z.string(), value).check(z.overwrite(withoutUndefined))

/** The same object without what is undefined. */
const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T

/** A name that people see on pages and in dialogs. */
export const shownName = text.check(
  z.refine(
    (value) => readable(value) === value,
    'must have no control characters, and none that are invisible or reverse the direction of text',
  ),
)

/** A function of the host. Only TypeScript checks its parameters and its result. */
export const aFunction = <F>() => z.custom<F>((value) => typeof value === 'function', 'must be a function')
