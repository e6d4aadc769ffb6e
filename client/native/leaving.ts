// Promotion and sign-in on the service's own pages, in a browser that the app opens (RFC 8252).
import { GuestClientError } from '../lib/errors.ts'
import type { Leaving, Transact } from '../platform/platform.ts'

/** How an app leaves. What it began is in its store: the system may end the app while the browser is in front. */
export const leavingBy = (
  transact: Transact,
  openBrowser: ((url: string) => Promise<string>) | undefined,
): Leaving => ({
  write: (name, begun) => transact(name, (_, store) => void store.put(begun, name)),
  async take<Begun extends { state: string }>(name: string, state: string) {
    const read = await transact<Begun>(name, (begun, store) => {
      if (begun?.state === state) store.delete(name)
    })
    return read?.[0]?.state === state ? read[0] : undefined
  },
  leave: async (url) =>
    openBrowser?.(url).catch((error) => {
      throw new GuestClientError('cancelled', error)
    }),
})
