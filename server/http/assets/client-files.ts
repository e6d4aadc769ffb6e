// The files of the browser client, which the package @guestkey/client holds.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuestError } from '../../errors.ts'
import { type Asset, createAsset } from './asset.ts'

/** The scripts in a folder, by file name. `immutable`: see `createAsset`. */
export const readScripts = (folder: string, options: { immutable: boolean }): [string, Asset][] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map(({ name }) => [
      name,
      createAsset(readFileSync(join(folder, name), 'utf8'), 'text/javascript; charset=utf-8', options),
    ])

/**
 * Reads the client from the folder that `find` returns. `entries` are what pages import, and `chunks` the parts that it
 * loads later, both by file name; a deployment may keep the chunks of earlier versions beside them. All are read at
 * once: an entry names its chunks by their hashes, so entries and chunks of two versions do not fit. Errors:
 * `not_found` if the client is not built, or cannot be read.
 */
export function readClient(find: () => string): { entries: Map<string, Asset>; chunks: Map<string, Asset> } {
  try {
    const folder = find()
    return {
      entries: new Map(readScripts(folder, { immutable: false })),
      chunks: new Map(readScripts(join(folder, 'client'), { immutable: true })),
    }
  } catch (cause) {
    const isBuilt = (cause as { code?: string }).code !== 'ENOENT'
    throw new GuestError('not_found', {
      detail: `The browser client is missing. ${isBuilt ? (cause as Error).message : 'Build it with: npm run build:client'}.`,
      cause,
    })
  }
}
