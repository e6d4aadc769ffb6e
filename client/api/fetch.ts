// `fetch` for the app's own API, which hears what an answer says about the guest. It needs no part for an answer that says
// nothing, so that a request is sent even when the page is about to go, and what a service worker has is there offline.
import { asksForStepUp } from '../lib/http.ts'
import type { Later } from '../lib/later.ts'
import type { WatchProofs } from '../lib/step-up.ts'

/** What `fetch` needs from the rest of the client. */
export interface FetchContext {
  send(request: Request): Promise<Response>
  passkeys: Later<{ watchProofs: WatchProofs }>
  user(): Promise<unknown>
  moment(name: string): Promise<unknown>
}

/** The `fetch` of a client. Rejects as that of the browser does, and as `send` and a step-up do. */
export const createFetch =
  ({ send, passkeys, user, moment }: FetchContext): typeof fetch =>
  async (...asked) => {
    const request = new Request(...asked)
    // A body can be read only once.
    const again = request.clone()
    const watched = passkeys.made?.watchProofs()
    let response = await send(request)
    if (asksForStepUp(response)) {
      // Before the passkey functions are there, no passkey has been proven.
      const prove = watched ?? (await passkeys.get()).watchProofs(0)
      await prove()
      response = await send(again)
    } else if (response.status === 401) {
      // A route of the host may be the first to notice that a session has ended.
      void user().catch(() => {})
    }
    const name = response.headers.get('guest-moment')
    if (name) void moment(name).catch(() => {})
    return response
  }
