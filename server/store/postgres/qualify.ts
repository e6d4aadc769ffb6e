// Puts the name of the schema before our tables, for a deployment whose tables stand in a schema of their own. A search_path
// would not do: a pooler gives each transaction another connection, and knows no such setting.

import { tableNames, takenNames, UNFINISHED_INDEX } from '../sql/schema-objects.ts'

const tables = new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES|ON) (${tableNames.join('|')})\\b`, 'g')
const indexes = new RegExp(
  `\\b((?:DROP|ALTER) INDEX(?: IF EXISTS)?) ((?:${takenNames.join('|')})(?:${UNFINISHED_INDEX})?)\\b`,
  'g',
)

/** The text with the schema before each of our tables; as it is, if there is no schema. An index is made beside its table. */
export const qualify = (text: string, schema: string | undefined): string =>
  schema ? text.replace(tables, `$1 "${schema}".$2`).replace(indexes, `$1 "${schema}".$2`) : text
