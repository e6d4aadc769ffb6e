// Where the pages of this package explain something.

import { pathToFileURL } from 'node:url'
import { ownFile } from './own-files.ts'

let folder: string | undefined

/** The folder of the package as a URL. From within a bundle it may not be found: then only its name. */
function packageFolder(): string {
  try {
    return pathToFileURL(ownFile('')).href
  } catch {
    return 'guestkey'
  }
}

/** A link to an entry of a page, or to the page: a URL of the file that is installed. For developers, not for responses. */
export const helpAt = (page: string, anchor: string): string => {
  folder ??= packageFolder().replace(/\/$/, '')
  return `${folder}/${page}${anchor && `#${anchor}`}`
}
