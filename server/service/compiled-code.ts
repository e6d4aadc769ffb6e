// Where Node keeps what it made of the TypeScript sources, so that only the first start compiles them.

import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { DATA_FOLDER } from '../options/folder.ts'
import { isSource } from '../own-files.ts'

/**
 * Keeps compiled code in the folder of the data, if that is there. Node runs what it finds: so no other account may write
 * to the folder, and Node's default, in the shared /tmp, is never taken. NODE_COMPILE_CACHE names another folder. What is
 * built gains nothing, and keeps nothing.
 */
export function keepCompiledCode(): void {
  if (env.NODE_COMPILE_CACHE || !isSource) return
  const folder = env.GUESTKEY_DATA || DATA_FOLDER
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() && found.uid === getuid?.() && (found.mode & 0o022) === 0)
    enableCompileCache(join(folder, 'compiled'))
}
