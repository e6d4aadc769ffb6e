// The exports of `@guestkey/client/native`: the client of an app that is no web page, in token mode.
import { loadSentences } from './chunks.ts'
import { makeClient } from './client.ts'
import { GuestClientError } from './lib/errors.ts'
import { once } from './lib/once.ts'
import { refuseUnknown } from './lib/options.ts'
import { withSentences } from './lib/with-sentences.ts'
import { type KeyStore, transactIn } from './native/key-store.ts'
import { leavingBy } from './native/leaving.ts'
import { createLocks } from './native/locks.ts'
import type { NativeClient, NativeClientOptions } from './native/native-client.ts'
import { createPasskeysBy } from './native/passkeys.ts'
import { webCryptoKeys } from './native/web-crypto-keys.ts'
import type { Keys, Platform } from './platform/platform.ts'

/**
 * Makes a client for an app. It sends nothing, and reads nothing from the store, until one of its functions is called.
 * Throws TypeError for an option that is unknown, missing or wrong.
 */
export function createNativeClient<Attributes = Record<string, unknown>>({
  baseUrl,
  clientId,
  store,
  fetch,
  keys = webCryptoKeys,
  openBrowser,
  redirectUri,
  passkeys,
  apis,
  dpop,
  headers,
  timeoutSeconds,
  ...unknown
}: NativeClientOptions): NativeClient<Attributes> {
  refuseUnknown(unknown)
  if (!baseUrl) throw new TypeError('baseUrl is missing, such as https://auth.example.com/guest')
  if (!clientId) throw new TypeError('clientId is missing: the ID of the app in the option clients')
  if (!isStore(store)) throw new TypeError('store is missing: it must have get, set and delete')
  const lock = createLocks()
  const transact = transactIn(store, lock)
  const isHere = () => true
  const platform: Platform = {
    transact,
    lock,
    isHere,
    hasTabs: false,
    keys: keys as Keys,
    leaving: leavingBy(transact, openBrowser),
    ...(fetch && { fetch }),
  }
  const ofApp = { createPasskeys: createPasskeysBy.bind(undefined, passkeys) }
  const given = { mode: 'token', baseUrl, clientId, apis, dpop, headers, timeoutSeconds } as const
  const client = makeClient<Attributes>(given, async () => ofApp, platform)
  const { promote, signInWithRedirect, finishPromotion } = client

  /** There is one browser: while it is open, another call waits for the same answer. */
  const comeBack = once(async (leave: typeof promote, locale: string | undefined) => {
    if (!openBrowser || !redirectUri) throw new GuestClientError('unsupported')
    const guest = await finishPromotion((await leave({ redirectUri, locale })) as unknown as string)
    if (!guest) throw new GuestClientError('flow_invalid')
    return guest
  })
  const own = {
    promote: async ({ locale }: LocaleOption = {}) => comeBack(promote, locale),
    signInWithRedirect: async ({ locale }: LocaleOption = {}) => comeBack(signInWithRedirect, locale),
  }

  // The client stays the same object: its `current` is computed.
  return Object.assign(client, withSentences(own, loadSentences, isHere), {
    passkeys: { ...client.passkeys, supported: () => Boolean(passkeys) },
  })
}

type LocaleOption = { locale?: string | undefined }

const isStore = (store: Partial<KeyStore> | undefined) => store?.get && store.set && store.delete

export type * from './index.ts'
export { GuestClientError, type GuestClientErrorCode } from './lib/errors.ts'
export type { KeyStore } from './native/key-store.ts'
export type { NativeClient, NativeClientOptions } from './native/native-client.ts'
export type { NativePasskeys, PasskeyPrompts } from './native/passkeys.ts'
export type { AppKey, Keys, PublicJwk } from './platform/platform.ts'
