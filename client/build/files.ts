// Writes what is built. A file that would stay the same is left alone, so that `npm run dev`, which looks for changed files
// and then builds, comes to rest.

import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export function write(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** Makes a folder hold these files and no others. */
export function writeFolder(folder: string, files: Record<string, string>): void {
  for (const [file, content] of Object.entries(files)) write(join(folder, file), content)
  const paths = Object.keys(files).map((file) => join(file))
  for (const path of globSync('**', { cwd: folder }))
    if (!paths.includes(path) && statSync(join(folder, path)).isFile()) rmSync(join(folder, path))
}
