// Asks a guard about a page, for frameworks whose pages throw a redirect or an error instead of a response.

import type { GuestKey } from '../host-api.ts'
import type { Guard } from '../http/request-guest.ts'
import type { GuestInSession } from '../types.ts'

/** `redirect`: the page to which people are sent who are not let in; `returnTo`: the path to which it sends them back. */
type Way = { redirect?: string | undefined; returnTo: string }
type Admission = { guest: GuestInSession } | { redirectTo: string } | { refused: Response }

/** The guest whom the guard lets in; or where to send people, if they can do something about the refusal there. */
export async function admit(
  guests: Pick<GuestKey, 'fetch' | 'guestOf'>,
  guard: Guard,
  { method = 'GET', headers }: { method?: string; headers: Headers },
  { redirect, returnTo }: Way,
): Promise<Admission> {
  // Not the app's request, because what the guard answers is not sent. The address counts for endpoints alone.
  const request = new Request('http://localhost/', { method, headers })
  let guest: GuestInSession | null = null
  const refused = await guests.fetch(request, {
    address: '',
    guard,
    async next() {
      guest = await guests.guestOf(request)
      return new Response()
    },
  })
  if (guest) return { guest }
  // 303 is for a page view with a dead cookie, which is to come again without it.
  if (redirect === undefined || (refused.status !== 401 && refused.status !== 303)) return { refused }
  const url = new URL(redirect, 'http://localhost')
  url.searchParams.set('return_to', returnTo)
  return { redirectTo: url.pathname + url.search + url.hash }
}
