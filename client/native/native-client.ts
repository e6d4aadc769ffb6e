// The type of a client in an app that is no web page: its options and its functions.
import type { GuestDeviceLinks, StartedLink } from '../api/device-links.ts'
import type { RedirectOptions } from '../api/redirects.ts'
import type { ContinueOptions, GuestClient, GuestClientOptions } from '../guest-client.ts'
import type { SignedInGuest, UserInfo } from '../lib/types.ts'
import type { AppKey, Keys } from '../platform/platform.ts'
import type { KeyStore } from './key-store.ts'
import type { NativePasskeys, PasskeyPrompts } from './passkeys.ts'

/** The options of createNativeClient. */
export interface NativeClientOptions
  extends Pick<GuestClientOptions, 'apis' | 'dpop' | 'headers' | 'timeoutSeconds'> {
  /** The URL of guestkey's endpoints, such as `https://auth.example.com/guest`. */
  baseUrl: string
  /** The ID of the app, as the service has it registered in its option `clients`. */
  clientId: string
  /** Where the session and the device key are kept: what is stored here is the guest. */
  store: KeyStore
  /** Sends requests: it is called with a Request. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * Makes P-256 keys and signs with them, so that a private key need not leave the hardware. Default: keys of WebCrypto,
   * whose private half is in `store`.
   */
  keys?: Keys<AppKey> | undefined
  /**
   * Opens the URL in a browser of the system, and resolves to the URL under `redirectUri` at which it came back. Rejects if
   * the person closes the browser. Default: none, and `promote` and `signInWithRedirect` reject with `unsupported`.
   */
  openBrowser?: ((url: string) => Promise<string>) | undefined
  /** The address to which the service's pages lead back, exactly as the service has it registered. */
  redirectUri?: string | undefined
  /** The prompts of the system for passkeys. Default: none, and what needs a passkey rejects with `unsupported`. */
  passkeys?: PasskeyPrompts | undefined
}

/** As `createGuestClient` makes it, in token mode, without what needs a page. */
export interface NativeClient<Attributes = Record<string, unknown>>
  extends Omit<
    GuestClient<Attributes>,
    'passkeys' | 'deviceLinks' | 'signInAnonymously' | 'promote' | 'signInWithRedirect' | 'finishPromotion'
  > {
  passkeys: NativePasskeys
  /** Without `pending`: an app is told by its system with which URL it was opened. `start` needs the `url`. */
  deviceLinks: Omit<GuestDeviceLinks, 'pending' | 'start'> & {
    start(options: { url: string }): Promise<StartedLink>
  }
  /** Continue as guest, as in a browser. */
  signInAnonymously(options?: Omit<ContinueOptions, 'immediate'>): Promise<UserInfo>
  /**
   * Opens the service's own page in `openBrowser`, where the guest adds a login ID. Resolves to the regular user. Rejects
   * with `cancelled` if the person closes the browser, and with the codes of `promote` and `finishPromotion` in a browser.
   */
  promote(options?: Pick<RedirectOptions, 'locale'>): Promise<SignedInGuest>
  /** As `promote`, but to sign in with a login ID; nobody needs to be signed in. */
  signInWithRedirect(options?: Pick<RedirectOptions, 'locale'>): Promise<SignedInGuest>
  /**
   * Finishes what was begun before the system ended the app, with the URL by which it started the app again. Resolves to
   * null if the URL holds no answer for this client.
   */
  finishPromotion(url: string): Promise<SignedInGuest | null>
}
