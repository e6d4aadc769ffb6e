// Opens a store by its file name or URL, as `guestkey({ store })` does.

import { isPostgres } from '../../server/options/options.ts'
import { openPostgres } from '../../server/store/postgres/driver.ts'
import { openSqlite } from '../../server/store/sqlite/driver.ts'
import type { Store } from '../../server/store/store.ts'

export const openStore = (store: string): Store =>
  isPostgres(store) ? openPostgres(store) : openSqlite(store)
