// The row about the browser client: what a page first loads, as each bundler builds it. Needs `npm run build`.

import { firstLoadBy } from '../support/bundlers.ts'
import { bundlers, mostFirstLoaded, pageWith } from '../support/first-loads.ts'
import { newDirectory, removeDirectory } from './contenders.ts'
import type { Columns } from './report.ts'

/** What the page loads with each export, and what an import adds that it does not use; in KiB with gzip. */
export async function measureClientSize(): Promise<Columns> {
  const directory = newDirectory('client-size')
  const columns: Columns = {}
  try {
    for (const bundler of bundlers) {
      const kibibytes = async (script: string) => (await firstLoadBy(bundler, directory, script)) / 1024
      const nothing = await kibibytes('window.page = 1')
      const unused = await kibibytes(`import * as all from '@guestkey/client'; window.page = 1`)
      columns[bundler] = { unused: unused - nothing }
      for (const name of Object.keys(mostFirstLoaded))
        columns[bundler][name] = await kibibytes(pageWith(name))
    }
  } finally {
    removeDirectory(directory)
  }
  return columns
}
