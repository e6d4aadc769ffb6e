// The brake: in a flood, whoever asks for a new guest, or for what costs as much, works for it first.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { isSolved, newChallenge } from '../../core/brake/challenge.ts'
import { createFlood } from '../../core/brake/flood.ts'
import { GuestError } from '../../errors.ts'
import type { BotCheckPurpose } from '../../options/options.ts'
import { networkOfRequest } from './rate-limit.ts'

/**
 * Lets a request go on, or asks it for work; `page`: it came from a page, whose forms work without a script. The header `Altcha` has the proof: base64 of the JSON `{ challenge, solution }`.
 * Errors: `proof_of_work_required`, with the member `challenge` to solve; `bot_check_failed`, if the hook `botCheck` says
 * false; `too_many_requests` in place of the first for a page.
 */
export type Brake = (
  req: IncomingMessage,
  purpose: BotCheckPurpose,
  from: { page?: true | undefined },
) => Promise<void>

/** Errors, of what it returns: `proof_of_work_required`, `too_many_requests`, `bot_check_failed`; see Brake. */
export function createBrake(ctx: Context): Brake {
  const { proofOfWork, botCheck, now } = ctx.config
  const flood = proofOfWork && createFlood(proofOfWork, now)
  return async (req, purpose, { page }) => {
    const isHuman = await botCheck?.(req, purpose)
    if (isHuman === false) throw new GuestError('bot_check_failed')
    if (isHuman || !flood) return
    const { altcha } = req.headers
    const isProven = typeof altcha === 'string' && (await isSolved(ctx, altcha, purpose))
    const work = isProven ? 0 : flood.ask(networkOfRequest(req, ctx.config))
    if (work > 0)
      throw new GuestError(page ? 'too_many_requests' : 'proof_of_work_required', {
        members: page ? {} : { challenge: newChallenge(ctx, purpose, work) },
        headers: { 'Retry-After': '60' },
      })
    flood.letIn()
  }
}
