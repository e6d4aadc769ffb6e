// Connections that stay open, such as WebSockets and server-sent events: their host is told when their session is over.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { isOver } from '../../core/sessions/over.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { GuestError } from '../../errors.ts'
import { nodeRequestOf } from './fetch.ts'
import type { HostRequests } from './requests.ts'

/** How often all watched sessions are looked up. On PostgreSQL, those of one look share a statement. */
const LOOK_MILLISECONDS = 1000

/** `session`: once it is known. */
type Watch = { req: IncomingMessage; ended: () => void; session?: Session }

export function createWatches(ctx: Context, requests: HostRequests) {
  const watches = new Set<Watch>()
  let timer: NodeJS.Timeout | undefined
  let isLooking = false

  async function hasEnded(watch: Watch): Promise<boolean> {
    if (watch.session) return isOver(ctx, watch.session)
    const presented = await requests.presentedBy(watch.req).catch((error: unknown) => {
      // A token that may not act here, for example: there is no session to watch.
      if (error instanceof GuestError && error.status < 500) return undefined
      throw error
    })
    if (presented?.status !== 'valid') return true
    watch.session = presented.session
    return false
  }

  async function lookAt(watch: Watch): Promise<void> {
    try {
      if (!(await hasEnded(watch)) || !watches.has(watch)) return
      stop(watch)
      watch.ended()
    } catch (err) {
      // The store cannot be asked, or the host's function failed. A failure ends nobody's session.
      ctx.logger.warn({ err }, 'a session that is watched could not be looked up, or its end not told')
    }
  }

  /** A slow store is not asked again before it has answered. */
  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    await Promise.all([...watches].map(lookAt))
    isLooking = false
  }

  function stop(watch: Watch): void {
    watches.delete(watch)
    if (watches.size === 0) timer = void clearInterval(timer)
  }

  return {
    /** See GuestKey. */
    watchSession(source: IncomingMessage | Request, ended: () => void): () => void {
      const watch: Watch = { req: nodeRequestOf(source), ended }
      watches.add(watch)
      timer ??= setInterval(() => void look(), LOOK_MILLISECONDS).unref()
      void lookAt(watch)
      return () => stop(watch)
    },
    /** Tells nobody any more. */
    stopWatching(): void {
      for (const watch of watches) stop(watch)
    },
  }
}
