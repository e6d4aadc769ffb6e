// Codes: six digits sent to whoever has a mailbox or a telephone, good once, for ten minutes and five tries.

import { randomInt } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { CodeMessage } from '../../options/options.ts'
import type { CodeLimit, CodeOutcome } from '../../store/store.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { hashToken, mac, randomId } from '../crypto/secrets.ts'
import type { LoginIdKey } from './login-ids.ts'

export const CODE_SECONDS = 10 * 60
const MAX_ATTEMPTS = 5
const HOUR_SECONDS = 60 * 60
/** Codes in an hour: to one address, of one guest, and asked for from one network; and to one address in a day. */
const MAX_CODES = { address: 5, guest: 10, network: 30, addressInDay: 15 }

/** What a code is for, as the client carries it: nothing of it is in the store. */
type TransactionPayload = {
  i: string
  p: CodeMessage['purpose']
  t: string
  v: string
  a: string | null
  e: number
}

/**
 * Sends a code, and gives the transaction that it belongs to. `to` an `asker` who waits for it; `unseen`, in the
 * background, or to `nobody`, so that nobody can tell whether an address is known here.
 * Errors: `too_many_requests` with Retry-After; `not_sent`; `no_codes` where nothing can be sent.
 */
export async function sendCode(
  ctx: Context,
  { type, value }: LoginIdKey,
  of: {
    purpose: CodeMessage['purpose']
    anonymousId: string | null
    network: string
    to?: 'asker' | 'unseen' | 'nobody'
  },
): Promise<{ transaction: string; expires_at: number }> {
  const { purpose, anonymousId, network, to = 'asker' } = of
  if (!ctx.sender.can(type)) throw new GuestError('no_codes')
  const now = ctx.now()
  const id = randomId(128)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const expiresAt = now + CODE_SECONDS
  const reached = await ctx.store.addCode({
    code: {
      id: hashToken(id),
      code: mac(ctx.keys.code, `${id} ${code}`),
      triesLeft: MAX_ATTEMPTS,
      expiresAt,
    },
    limits: [
      limit(ctx, `address ${type} ${value}`, MAX_CODES.address),
      // So that guessing stays hopeless, however long it is gone on with.
      limit(ctx, `address in a day ${type} ${value}`, MAX_CODES.addressInDay, 24 * HOUR_SECONDS),
      ...(anonymousId === null ? [] : [limit(ctx, `guest ${anonymousId}`, MAX_CODES.guest)]),
      limit(ctx, `network ${network}`, MAX_CODES.network),
    ],
    now,
  })
  if (reached) {
    throw new GuestError('too_many_codes', {
      headers: { 'Retry-After': String(Math.max(1, reached.retryAt - now)) },
    })
  }
  if (to !== 'nobody') {
    const { rpName } = ctx.config
    const message = { type, value, code, purpose, rpName, expires_at: expiresAt } as CodeMessage
    if (to === 'asker') await deliverCode(ctx, message)
    // How long it takes, and whether it works, would tell that somebody is there.
    else setImmediate(() => void deliverCode(ctx, message).catch(() => {}))
  }
  const payload: TransactionPayload = { i: id, p: purpose, t: type, v: value, a: anonymousId, e: expiresAt }
  return { transaction: seal(ctx.keys.code, payload), expires_at: expiresAt }
}

async function deliverCode(ctx: Context, message: CodeMessage): Promise<void> {
  try {
    await ctx.sender.send(message)
  } catch (cause) {
    // What a mail server or a gateway says often names the address: of that only its codes are logged.
    const { code, responseCode } = (cause ?? {}) as { code?: string; responseCode?: number }
    ctx.logger.warn({ reason: code ?? 'failed', responseCode }, 'a code could not be sent')
    throw new GuestError('not_sent', { reason: code ?? 'failed' })
  }
}

/** Counted by what cannot be read back. */
const limit = (ctx: Context, what: string, most: number, seconds = HOUR_SECONDS): CodeLimit => ({
  id: mac(ctx.keys.code, what),
  most,
  until: ctx.now() + seconds,
})

/** A code that was given, as the store compares it, and what it proves if it is right. */
export type CodeProof = {
  loginId: LoginIdKey
  /** Whom it was sent for; null where anybody may use it. */
  anonymousId: string | null
  code: { id: string; code: string }
}

/** What a transaction says. Errors: `code_wrong` where it is none of this purpose, or over. */
export function readCode(
  ctx: Context,
  purpose: CodeMessage['purpose'],
  { transaction, code }: { transaction: string; code: string },
): CodeProof {
  const opened = unseal<TransactionPayload>(ctx.keyring, 'code', transaction)
  if (!opened || opened.payload.p !== purpose || opened.payload.e <= ctx.now()) {
    throw new GuestError('code_expired', { reason: 'transaction unknown or over' })
  }
  const { i, t, v, a } = opened.payload
  return {
    loginId: { type: t, value: v },
    anonymousId: a,
    code: { id: hashToken(i), code: mac(opened.keys.code, `${i} ${code.replace(/\s/g, '')}`) },
  }
}

/** The error of a code that was not taken. */
export const codeError = (outcome: CodeOutcome): GuestError =>
  new GuestError(outcome === 'wrong_code' ? 'code_wrong' : 'code_expired')
