// What a page does seldom, or late. It is loaded when one of these functions is first called.
import { createAccount } from './api/account.ts'
import { createCodeSignIn } from './api/code-sign-in.ts'
import { createDeviceKey } from './api/device-key.ts'
import { createDeviceLinks } from './api/device-links.ts'
import type { LinkAddress } from './api/link-address.ts'
import { createLoginIds } from './api/login-ids.ts'
import { createProfiles } from './api/profile.ts'
import { createPromotion } from './api/promotion.ts'
import { createPrompts } from './api/prompts.ts'
import { createRecoveryCodes } from './api/recovery-codes.ts'
import { createRedirects } from './api/redirects.ts'
import { createSessions } from './api/sessions.ts'
import { createWayIn } from './api/way-in.ts'
import { type Call, followedBy } from './lib/http.ts'
import { isForced } from './lib/options.ts'
import type { StepUp } from './lib/step-up.ts'
import type { MergedGuest, RecoveredGuest, SignedInGuest, SignInMethods, UserInfo } from './lib/types.ts'
import type { Platform } from './platform/platform.ts'
import type { GuestState } from './state/guest-state.ts'
import type { AccessTokens } from './tokens/access-token.ts'
import { createSessionToken } from './tokens/session-token.ts'

/** The client ID of the service's own pages, which the cookie signs in. */
const ownClient = 'guestkey'

/** What these parts need from the rest of the client. */
export interface OtherPartsContext extends Omit<StepUp, 'noteProof' | 'watchProofs'> {
  baseUrl: string
  /** The name under which this browser stores what belongs to this client. */
  name: string
  clientId: string
  /** In token mode: the source of access tokens. */
  tokens: AccessTokens | undefined
  call: Call
  /** Does work while no other request is under way in any tab: for requests whose answer sets the cookie. */
  exclusive<T>(work: (call: Call) => Promise<T>): Promise<T>
  /** Takes the guest of an answer as the one who is signed in, and returns the answer. */
  adopt<G extends UserInfo>(guest: G): Promise<G>
  /**
   * Sends a request while no other one is under way in any tab, takes the guest of its answer as the one who is signed in,
   * and returns the answer.
   */
  take<G extends UserInfo>(ask: (call: Call) => Promise<G>, path: string): Promise<G>
  user(): Promise<UserInfo | null>
  whoIsThere(call: Call): Promise<UserInfo | null>
  /** Asks again who is signed in, in all tabs, after something about the guest may have changed. */
  recheck(): Promise<UserInfo | null | undefined>
  /** To be called when nobody is signed in any more. */
  leave(): Promise<void>
  /** Tells authenticators what the guest is called. */
  signalCurrent(): void
  /** Makes a passkey that signs in the guest of this code. */
  wayIn(code: string): Promise<SignedInGuest>
  /** Notes who is signed in here from now on, by an action of the user; undefined if nobody is. */
  heed(anonymousId?: string): Promise<unknown>
  links: LinkAddress
  state: GuestState
  platform: Platform
  /** Gives the errors of a function their sentences. */
  withSentences<Part>(part: Part): Part
}

/** The functions of a client that come later, and what the other parts of the client need from them. */
export function createOtherParts<Attributes>(context: OtherPartsContext) {
  const { call, callWithStepUp, heed, name, recheck, state, tokens } = context
  /** Sends a request that may change who is signed in, or which prompts are due. */
  const change = <G extends UserInfo>(path: string, body: object, method = 'POST') =>
    context.take((call) => call<G>(method, path, body), path)
  const changing = (call: Call) => followedBy(call, recheck)
  const changingWithStepUp = changing(callWithStepUp)
  const ofSession = createSessionToken(call, context.clientId, name)

  const deviceKeys = createDeviceKey(context)

  return {
    ...deviceKeys,
    deviceLinks: createDeviceLinks(context),
    recoveryCodes: createRecoveryCodes(call, changing(call), changingWithStepUp),
    sessions: createSessions(
      call,
      followedBy(call, async () => {
        // The guest ended the session of this page, which is a sign-out.
        if ((await recheck()) === null) await heed()
      }),
    ),
    profile: createProfiles<Attributes>(call, changing(call)),
    prompts: createPrompts(change, state),
    account: createAccount({
      ...context,
      async leave() {
        await deviceKeys.drop()
        await context.leave()
      },
    }),
    promotion: createPromotion({ ...context, change }),
    codeSignIn: createCodeSignIn(call, change),
    loginIds: createLoginIds(call, changingWithStepUp),
    wayIn: createWayIn(context.wayIn, changing(call)),
    // In cookie mode the page is one of the service's own, whatever client its access tokens are for.
    ...createRedirects({ ...context, change, clientId: tokens ? context.clientId : ownClient }),
    signInWithRecoveryCode: (code: string) => change<RecoveredGuest>('/sign-in/recovery-code', { code }),
    async rename(label: string) {
      const guest = await change('/label', { label }, 'PATCH')
      context.signalCurrent()
      return guest
    },
    signInMethods: () => call<SignInMethods>('GET', '/sign-in-methods'),
    merge: (ticket: string) => change<MergedGuest>('/merge', { ticket }),
    undoMerge: async (ticket: string, options?: { force?: boolean | undefined }) =>
      change('/merge/undo', { ticket, force: isForced(options) }),
    async accessToken() {
      const access = await (tokens ?? ofSession).current()
      if (!access) state.settle(null)
      return access?.token ?? null
    },
    /** To be called when somebody else or nobody is signed in from now on. */
    forgetToken: ofSession.forget,
    close: ofSession.close,
  }
}
