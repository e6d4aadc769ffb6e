// The options of the methods that a host calls, and what they return beside guests.

import type { OldAuditFilter, OldRotation } from '../old-names.ts'
import type { LoginIdType } from '../types.ts'
import type { Guard } from './request-guest.ts'

/** `redirect`: the path of a page of the host, to which people who open a page are sent instead of an error. */
export type RequireGuestOptions = { redirect?: string | undefined }
/** `maxAgeSeconds`: how old the proof of a passkey may be. */
export type RequirePasskeyOptions = RequireGuestOptions & { maxAgeSeconds: number }
/** `collection`: the collection of a new guest. Default: the first of the option `collections`. */
export type SignInOptions = { collection?: string | undefined }
/** `everywhere`: all sessions and device keys of the guest end. `force`: even if the guest cannot come back. */
export type SignOutOptions = { everywhere?: boolean | undefined; force?: boolean | undefined }
/** For the Response to a Request of the Fetch API: its Set-Cookie headers, from all calls for this request so far. */
export type WithHeaders = { headers: Headers }
/**
 * `address`: where the request comes from, as its connection says; a function is called only if it is asked for. What
 * counts of X-Forwarded-For, the option `trustProxy` says. `guard`: what must let the request through before `next`.
 * `next`: answers the requests that are not for guestkey. Default: 404 `not_found`.
 */
export type FetchOptions = {
  address?: string | (() => string | undefined) | undefined
  guard?: Guard | undefined
  next?: (() => Response | Promise<Response>) | undefined
}
/** A login ID that the host has verified. */
export type PromoteOptions = {
  loginId: { type: Exclude<LoginIdType, 'oidc'>; value: string }
  verified: true
}
/**
 * `clientId`: the client that the token is for. Default: the deployment's own, `guestkey`. `resource`: its audience.
 * Default: the client's first. `scope`: scope tokens, separated by spaces. Default: all that the client may have.
 */
export type AccessTokenOptions = {
  clientId?: string | undefined
  resource?: string | undefined
  scope?: string | undefined
}
/** `dryRun`: only counts. `onProgress` gets the number of guests in each batch that is done. */
export type SweepOptions = {
  dryRun?: boolean | undefined
  onProgress?: ((guests: number) => void) | undefined
}
/** `anonymousId`: one guest alone. `since`: Unix seconds. Default: 0. `limit`: how many entries. Default: 100. */
export type AuditTrailOptions = {
  anonymousId?: string | undefined
  since?: number | undefined
  limit?: number | undefined
} & OldAuditFilter
/** `limit`: how many deliveries. Default: 100. */
export type FailedWebhookOptions = { limit?: number | undefined }
/**
 * A new signing key. `signs_from`: when it starts, so late that every node and cache knows it by then.
 * `previous_retires_at`: until when the key before it is published. Unix seconds.
 */
export type KeyRotation = { kid: string; signs_from: number; previous_retires_at: number } & OldRotation
