// Whether nodes of other versions use the store now, as during an upgrade. Then no guest is merged or disabled, expires or is
// erased by the clean-up: the older version may not know every way back of a guest, or that a guest is disabled, and the
// newer one not what the older one writes.

import { GuestError } from '../../errors.ts'
import type { Logger } from '../../logger.ts'
import type { Store } from '../../store/store.ts'

/** For how many seconds a caller should wait before it asks again. */
const RETRY_SECONDS = 60

/** Asks the store at each call, so call these by the minute, and not for each request. */
export type Fleet = {
  isMixed: () => Promise<boolean>
  /** Errors: `unavailable` if nodes of other versions use the store. */
  refuseMixed: () => Promise<void>
}

/** Logs once which other versions there are, and once when they are gone. */
export function createFleet({ store, logger }: { store: Store; logger: Logger }): Fleet {
  let said = ''
  async function others(): Promise<string> {
    const found = (await store.otherVersions()).join('; ')
    if (found !== said) {
      if (found) logger.warn({ versions: found }, `nodes of other versions use the store: ${HELD_BACK}`)
      else logger.info({}, 'all nodes that use the store have one version again')
      said = found
    }
    return found
  }
  return {
    isMixed: async () => (await others()) !== '',
    async refuseMixed() {
      const found = await others()
      if (found === '') return
      const cause = new Error(`nodes of other versions use the store (${found}), so ${HELD_BACK}`)
      throw new GuestError('unavailable', {
        reason: 'a mixed fleet',
        cause,
        headers: { 'Retry-After': String(RETRY_SECONDS) },
      })
    },
  }
}

const HELD_BACK =
  'no guest is merged or disabled, expires or is erased by the clean-up, no setting is changed, and no way in is opened or used, until all nodes have the same version'
