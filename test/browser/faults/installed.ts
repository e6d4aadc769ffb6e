// What can be broken in a browser, one thing at a time.

import type { Page } from 'playwright-core'

/** How something is broken. */
export type Kind = 'absent' | 'throws at access' | 'throws when used' | 'rejects' | 'never answers'

/** What can be broken, and how. The first kind of each is the one that `npm test` tries. */
export const breakable: Record<string, Kind[]> = {
  BroadcastChannel: ['throws when used', 'absent', 'throws at access'],
  'navigator.locks': ['never answers', 'throws at access', 'absent', 'throws when used', 'rejects'],
  indexedDB: ['never answers', 'throws at access', 'absent', 'throws when used', 'rejects'],
  localStorage: ['throws at access', 'absent', 'throws when used'],
  sessionStorage: ['throws at access', 'absent', 'throws when used'],
  'crypto.subtle': ['never answers', 'absent', 'throws at access', 'throws when used', 'rejects'],
  'navigator.credentials': ['absent', 'throws at access', 'throws when used', 'rejects'],
  PublicKeyCredential: ['throws at access', 'absent', 'throws when used'],
  'AbortSignal.timeout': ['absent'],
}

/** Breaks `what` in all documents that the page opens from now on. */
export const breakIn = (page: Page, what: string, kind: Kind) =>
  page.addInitScript(
    ([what, kind]) => {
      type Holder = Record<string, unknown>
      const path = what!.split('.')
      const name = path.pop()!
      const holder = path.reduce((object, key) => object[key] as Holder, globalThis as never as Holder)
      const real = holder[name] as object
      const denied = () => {
        throw new DOMException('denied', 'SecurityError')
      }
      const unknown = () => new DOMException('failed', 'UnknownError')
      /** IndexedDB answers by events. */
      const open = () => {
        const request = { error: unknown(), onerror: () => {} }
        if (kind === 'rejects') setTimeout(() => request.onerror())
        return request
      }
      const use = {
        'throws when used': denied,
        rejects: () => Promise.reject(unknown()),
        'never answers': () => new Promise(() => {}),
      }[kind as 'rejects']
      const broken = () =>
        new Proxy(real, {
          construct: denied,
          get: (_, key) =>
            what === 'indexedDB' && kind !== 'throws when used'
              ? open
              : typeof Reflect.get(real, key) === 'function'
                ? use
                : Reflect.get(real, key),
        })
      const descriptor =
        kind === 'absent'
          ? { value: undefined }
          : kind === 'throws at access'
            ? { get: denied }
            : { value: broken() }
      Object.defineProperty(holder, name, { configurable: true, ...descriptor })
    },
    [what, kind],
  )
