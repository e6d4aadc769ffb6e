// For SvelteKit: its handle answers the endpoints and sets `event.locals.guest`; guards are for `load`, actions and
// `+server.ts`. `import … from 'guestkey/sveltekit'`.

import type { GuestKey } from '../host-api.ts'
import type { RequireGuestOptions, RequirePasskeyOptions } from '../http/host-options.ts'
import type { Guard } from '../http/request-guest.ts'
import type { GuestInSession } from '../types.ts'
import { admit } from './admission.ts'

declare global {
  namespace App {
    interface Locals {
      /** The guest of the request; null if nobody is signed in. */
      guest: GuestInSession | null
    }
  }
}

/** What guestkey needs of an event of SvelteKit. */
export type SvelteKitEvent = {
  request: Request
  url: URL
  getClientAddress: () => string
  locals: { guest: GuestInSession | null }
}
/** These functions of '@sveltejs/kit'. */
export type SvelteKitFunctions = {
  error: (status: number, body: { message: string }) => never
  redirect: (status: 303, location: string) => never
}
type Guests = Pick<GuestKey, 'fetch' | 'guestOf' | 'requireGuest' | 'requirePasskey'>
type Handler<Event> = (event: Event) => Response | Promise<Response>

export type SvelteKitGuests<All> = {
  /** What `make` returned: all other methods. */
  all: () => All
  /** Answers the endpoints, and sets `event.locals.guest` for all other paths. For `src/hooks.server.ts`. */
  handle: <Event extends SvelteKitEvent>(input: {
    event: Event
    resolve: (event: Event) => Response | Promise<Response>
  }) => Promise<Response>
  /** The guest, in `load` and actions. Throws a redirect to the page `redirect`, or without that the error 401. */
  requireGuest: (event: SvelteKitEvent, options?: RequireGuestOptions) => Promise<GuestInSession>
  /** The same for guests who have proven a passkey lately. */
  requirePasskey: (event: SvelteKitEvent, options: RequirePasskeyOptions) => Promise<GuestInSession>
  /** A handler of `+server.ts` that only guests reach. Others are answered as by the guard in Express. */
  withGuest: <Event extends SvelteKitEvent>(
    handler: Handler<Event>,
    options?: RequireGuestOptions,
  ) => Handler<Event>
  /** The same for guests who have proven a passkey lately. The client answers the refusal with a ceremony. */
  withPasskey: <Event extends SvelteKitEvent>(
    handler: Handler<Event>,
    options: RequirePasskeyOptions,
  ) => Handler<Event>
}

/**
 * Handle and guards of SvelteKit for the guests that `make` returns. It is called when they are first needed, and so not while
 * the app is built. Give `error` and `redirect` of '@sveltejs/kit'.
 */
export function svelteKitGuests<All extends Guests>(
  make: () => All,
  { error, redirect }: SvelteKitFunctions,
): SvelteKitGuests<All> {
  let made: All | undefined
  const guests = () => {
    made ??= make()
    return made
  }

  async function require(
    event: SvelteKitEvent,
    guard: Guard,
    page: string | undefined,
  ): Promise<GuestInSession> {
    const { pathname, search } = event.url
    const answer = await admit(guests(), guard, event.request, {
      redirect: page,
      returnTo: pathname + search,
    })
    if ('guest' in answer) return answer.guest
    if ('redirectTo' in answer) return redirect(303, answer.redirectTo)
    const { detail } = (await answer.refused.json()) as { detail: string }
    return error(answer.refused.status, { message: detail })
  }
  const guarded =
    <Event extends SvelteKitEvent>(handler: Handler<Event>, guard: () => Guard): Handler<Event> =>
    (event) =>
      guests().fetch(event.request, { guard: guard(), next: () => handler(event) })

  return {
    all: guests,
    handle: ({ event, resolve }) =>
      guests().fetch(event.request, {
        address: () => event.getClientAddress(),
        async next() {
          event.locals.guest = await guests().guestOf(event.request)
          return resolve(event)
        },
      }),
    requireGuest: (event, options) => require(event, guests().requireGuest(), options?.redirect),
    requirePasskey: (event, { redirect, ...options }) =>
      require(event, guests().requirePasskey(options), redirect),
    withGuest: (handler, options) => guarded(handler, () => guests().requireGuest(options)),
    withPasskey: (handler, options) => guarded(handler, () => guests().requirePasskey(options)),
  }
}
