// zod/mini with English messages. It starts in half the time and memory of zod as a whole.

import * as z from 'zod/mini'
import { loadLate } from './own-files.ts'

z.config(z.locales.en())

/** Makes a zod schema from a JSON Schema, for which it loads zod as a whole. Throws if the JSON Schema cannot be converted. */
export const schemaFromJson = (schema: object): unknown =>
  (loadLate('zod') as typeof import('zod')).fromJSONSchema(schema as never)

export { z }
