// Opens a store by its file name or URL, as `guestkey({ store })` does.

import { isPostgres } from '../../server/options/options.ts'
import { openPostgres } from '../../server/store/postgres/driver.ts'
import { openSqlite } from '../../server/store/sqlite/driver.ts'
import type { NotedEvent, Store } from '../../server/store/store.ts'

export const openStore = (store: string, tell: (events: NotedEvent[]) => void = () => {}): Store =>
  isPostgres(store) ? openPostgres(store, {}, tell) : openSqlite(store, { tell })
