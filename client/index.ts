// The exports of `guestkey/client`: what a web page imports.
import * as passkeys from './api/passkeys.ts'
import { makeClient } from './client.ts'
import type { GuestClient, GuestClientOptions } from './guest-client.ts'

/**
 * Makes a client. It sends nothing until one of its functions is called. Throws TypeError for an unknown option, an
 * unknown `mode`, or an entry of `apis` that is not an origin.
 */
export function createGuestClient<Attributes = Record<string, unknown>>(
  options: GuestClientOptions = {},
): GuestClient<Attributes> {
  return makeClient(options, async () => passkeys)
}

export * from './exports.ts'
