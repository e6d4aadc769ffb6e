// An app on Node, which is no web page: it has none of the globals of a browser. Run as a process of its own, it continues
// as guest with the file and the service of its arguments, and prints what it then knows.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { KeyStore } from '../../../client/native.ts'

/** A key store in a file that only this account can read. A write is whole or did not happen. */
export function fileStore(file: string): KeyStore {
  const read = (): Record<string, string> => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
  const write = (texts: object) => {
    writeFileSync(`${file}.new`, JSON.stringify(texts), { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }
  return {
    get: async (name) => read()[name],
    set: async (name, text) => write({ ...read(), [name]: text }),
    delete: async (name) => write({ ...read(), [name]: undefined }),
  }
}

if (import.meta.main) {
  // But for BroadcastChannel: if the client opened one, this process would not end.
  const ofBrowsers = ['navigator', 'localStorage', 'sessionStorage', 'document', 'location']
  for (const name of ofBrowsers) Reflect.deleteProperty(globalThis, name)
  const { createNativeClient } = await import('../../../client/native.ts')
  const [baseUrl = '', file = ''] = process.argv.slice(2)
  const client = createNativeClient({ baseUrl, clientId: 'my-app', store: fileStore(file) })
  const { sub } = await client.signInAnonymously()
  const key = await client.deviceKey.enable()
  console.log(JSON.stringify({ sub, key: key.id, left: ofBrowsers.filter((name) => name in globalThis) }))
}
