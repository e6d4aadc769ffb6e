// Finds the files of this package that are read or run as files, such as the writer thread, also from within a bundle.

// Not `{ createRequire }`: bundlers are told to declare that name, for the CommonJS packages in an ES module.
import nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

// The file with this code: this one, or the one that a bundler made. A CommonJS bundle has no `import.meta.url`.
const here = import.meta.url ?? pathToFileURL(__filename).href

/** Whether Node runs the TypeScript sources, and not what was built of them. */
export const isSource = here.endsWith('.ts')

/**
 * The path of a file, given by its path in this package.
 * Errors: an Error that says what to do, if a bundle holds this code and the package is not installed beside it.
 */
export function ownFile(path: string): string {
  let folder: string
  try {
    // Also from within the package (Node, "Self-referencing a package using its name").
    folder = dirname(nodeModule.createRequire(here).resolve('guestkey/package.json'))
  } catch (cause) {
    throw new Error(
      'guestkey is part of a bundle, and the files that it needs are not there: ' +
        "have the bundler leave it out (esbuild: external: ['guestkey']), and install it beside the bundle",
      { cause },
    )
  }
  return join(folder, path)
}

/**
 * The path of a file of the browser client, given by its path in the package @guestkey/client, which is installed with this
 * one. Errors: those of `ownFile`; an Error that says what to do, if that package is missing.
 */
export function clientFile(path: string): string {
  const { resolve } = nodeModule.createRequire(ownFile('package.json'))
  let folder: string
  try {
    folder = dirname(resolve('@guestkey/client/package.json'))
  } catch (cause) {
    throw new Error('The package @guestkey/client is not there: install guestkey again, which brings it', {
      cause,
    })
  }
  return join(folder, path)
}

/** Loads a package that this one depends on, only when it is needed. Errors: those of `ownFile`. */
export const loadLate = (name: string): unknown => nodeModule.createRequire(ownFile('package.json'))(name)
