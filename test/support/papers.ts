// The code blocks of the papers, which tests run as they are.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

function papers(): string[] {
  const folders = ['docs', 'server', 'client'].filter((folder) => existsSync(join(root, folder)))
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return ['README.md', ...below.filter((name) => name.endsWith('.md'))]
}

/** The code block that begins with this line, such as "```js app.mjs". Throws if there is none, or more than one. */
export function codeBlock(info: string): string {
  const line = info.replaceAll('.', '\\.')
  const blocks = papers().flatMap((name) => [
    ...readFileSync(join(root, name), 'utf8').matchAll(new RegExp(`^\`\`\`${line}\\n([^]*?)^\`\`\`$`, 'gm')),
  ])
  if (blocks.length !== 1) throw new Error(`The papers have ${blocks.length} code blocks "${info}".`)
  return blocks[0]![1]!
}
