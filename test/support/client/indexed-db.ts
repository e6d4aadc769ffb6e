// As much of IndexedDB as the client uses, in memory. The browser tests use the real one.
import { onTestFinished, vi } from 'vitest'

/** A database for all clients of a test; `kept` is what is in it, and `fail` what opening it ends with. */
export function plugInIndexedDb() {
  const kept = new Map<string, unknown>()
  const marks = new Map<string, string>()
  const db = { kept, fail: undefined as Error | undefined, failPut: undefined as Error | undefined }

  const store = {
    get: (key: string) => answered(() => kept.get(key)),
    put(value: unknown, key: string) {
      if (db.failPut) throw db.failPut
      kept.set(key, value)
    },
    delete: (key: string) => kept.delete(key),
  }

  /** A request that is answered in a while, as requests are. */
  function answered(give: () => unknown) {
    const request = { result: undefined as unknown, onsuccess: undefined as (() => void) | undefined }
    queueMicrotask(() => {
      request.result = give()
      request.onsuccess?.()
    })
    return request
  }

  function transaction() {
    let isAborted = false
    const begun = {
      error: null,
      oncomplete: undefined as (() => void) | undefined,
      onabort: undefined as (() => void) | undefined,
      objectStore: () => store,
      abort: () => {
        isAborted = true
      },
    }
    setTimeout(() => (isAborted ? begun.onabort : begun.oncomplete)?.())
    return begun
  }

  function open() {
    const request = {
      result: { transaction, close() {} },
      error: undefined as Error | undefined,
      onsuccess: undefined as (() => void) | undefined,
      onerror: undefined as (() => void) | undefined,
    }
    queueMicrotask(() => {
      request.error = db.fail
      if (db.fail) request.onerror?.()
      else request.onsuccess?.()
    })
    return request
  }

  vi.stubGlobal('indexedDB', { open })
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => marks.get(key) ?? null,
    setItem: (key: string, value: string) => void marks.set(key, value),
    removeItem: (key: string) => void marks.delete(key),
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return db
}
