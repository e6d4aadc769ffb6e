// Whether a guest may approve or refuse a device link, and whether the approval keeps the guest.

export type LinkFacts = {
  /** The link; undefined: there is none with this id, or it has expired. `alive`: whether its session is alive. */
  link:
    | {
        anonymousId: string
        sessionId: string
        status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
        alive: boolean
      }
    | undefined
  /** The session that decides. */
  by: { anonymousId: string; sessionId: string }
  /** True: the guest lets the other device in. False: the guest refuses it. */
  approve: boolean
  /** Whether the guest has a row. */
  isKept: boolean
  /** Whether a guest without a row may be kept now. */
  mayKeep: boolean
}

export type LinkDecision =
  /** The link gets this status. `keeps`: the guest, who had no row, is kept with it. */
  | { outcome: 'decided'; status: 'approved' | 'refused'; keeps: boolean }
  /** The guest decided so before, and nothing changes. */
  | { outcome: 'repeated' }
  /** This session has no such link, or cannot keep its guest. */
  | { outcome: 'unknown' }
  /** The link's status does not allow this decision. */
  | { outcome: 'undecidable' }

/**
 * Only the session that made the link decides, while it is alive. It decides about a link that the other device has
 * opened, and may still refuse an approved link until the other device has signed in. To approve a link, a guest without
 * a row must be kept.
 */
export function decideLink({ link, by, approve, isKept, mayKeep }: LinkFacts): LinkDecision {
  if (!link?.alive || link.anonymousId !== by.anonymousId || link.sessionId !== by.sessionId)
    return { outcome: 'unknown' }
  const status = approve ? 'approved' : 'refused'
  // An approved link may have been used since. The response may have been lost, so the same answer is given again.
  if (link.status === status || (approve && link.status === 'done')) return { outcome: 'repeated' }
  const isOpen = link.status === 'opened' || (link.status === 'approved' && !approve)
  if (!isOpen) return { outcome: 'undecidable' }
  const keeps = approve && !isKept
  return keeps && !mayKeep ? { outcome: 'unknown' } : { outcome: 'decided', status, keeps }
}
