// Codes: six digits sent by e-mail or telephone. A code works once, for ten minutes and at most five attempts.

import { randomInt } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { HOUR_SECONDS } from '../../limits.ts'
import { withOldNames } from '../../old-names.ts'
import type { CodeMessage } from '../../options/options.ts'
import type { CodeLimit, CodeOutcome } from '../../store/store.ts'
import { within } from '../../within.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { hashToken, mac, randomId } from '../crypto/secrets.ts'
import type { LoginIdKey } from './login-ids.ts'

/** How long a code works. */
export const CODE_SECONDS = 10 * 60
const MAX_ATTEMPTS = 5
/** How long the sender may take. After that the request no longer waits, and the code may still be sent. */
const SEND_MILLISECONDS = 20_000
/** At most this many codes an hour: to one address, for one guest, from one network; and to one address in a day. */
const MAX_CODES = { address: 5, guest: 10, network: 30, addressInDay: 15 }

/**
 * The payload of a transaction, which the client carries; the store keeps none of it. `i`: the id of the code. `p`:
 * its purpose. `t`, `v`: type and value of the login ID. `a`: the `anonymous_id` of the guest. `e`: when the code
 * expires. `y`: the guest had a passkey, and had proven it when the code was sent.
 */
type TransactionPayload = {
  i: string
  p: CodeMessage['purpose']
  t: LoginIdKey['type']
  v: string
  a: string | null
  e: number
  y?: 1
}

/**
 * Sends a code, and returns the transaction that must come back with it. `to: 'asker'` (the default) waits until the
 * code is sent. `unseen` sends it in the background, and `nobody` sends nothing: the response to both is the same, so
 * it does not tell whether anybody has the address.
 * Errors: `no_codes` if nothing here can send to this type of login ID; `codes_off` if codes are switched off; `too_many_codes` with Retry-After; `not_sent`
 * if the sender fails (only for `asker`).
 */
export async function sendCode(
  ctx: Context,
  { type, value }: LoginIdKey,
  of: {
    purpose: CodeMessage['purpose']
    anonymousId: string | null
    network: string
    isProven?: boolean
    to?: 'asker' | 'unseen' | 'nobody'
  },
): Promise<{ transaction: string; expires_at: number }> {
  const { purpose, anonymousId, network, isProven, to = 'asker' } = of
  if (!ctx.sender.can(type)) throw new GuestError('no_codes')
  if (!(await ctx.settings.value('codes'))) throw new GuestError('codes_off')
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
      ...limits(ctx, `address ${type} ${value}`, MAX_CODES.address),
      // The hourly limit alone would let a patient attacker guess a code in the end.
      ...limits(ctx, `address in a day ${type} ${value}`, MAX_CODES.addressInDay, 24 * HOUR_SECONDS),
      ...(anonymousId === null ? [] : limits(ctx, `guest ${anonymousId}`, MAX_CODES.guest)),
      ...limits(ctx, `network ${network}`, MAX_CODES.network),
    ],
    now,
  })
  if (reached) {
    throw new GuestError('too_many_codes', {
      headers: { 'Retry-After': String(Math.max(1, reached.retryAt - now)) },
    })
  }
  if (to !== 'nobody') {
    const said = { type, value, code, purpose, rp_name: ctx.config.rpName, expires_at: expiresAt }
    const message = withOldNames(said, { rpName: 'rp_name' }) as CodeMessage
    if (to === 'asker') await deliverCode(ctx, message)
    // Waiting for the sending, or reporting a failure, would tell that somebody has this address.
    else setImmediate(() => void deliverCode(ctx, message).catch(() => {}))
  }
  const payload: TransactionPayload = {
    ...{ i: id, p: purpose, t: type, v: value, a: anonymousId, e: expiresAt },
    ...(isProven && { y: 1 }),
  }
  return { transaction: seal(ctx.keys.code, payload), expires_at: expiresAt }
}

async function deliverCode(ctx: Context, message: CodeMessage): Promise<void> {
  try {
    await within(SEND_MILLISECONDS, ctx.sender.send(message), tooSlow)
  } catch (cause) {
    // The message of a mail server or gateway often names the address, so only its error codes are logged.
    const { code, responseCode } = (cause ?? {}) as { code?: string; responseCode?: number }
    ctx.logger.warn({ reason: code ?? 'failed', responseCode }, 'a code could not be sent')
    throw new GuestError('not_sent', { reason: code ?? 'failed' })
  }
}

const tooSlow = () => Object.assign(new Error('the sender took too long'), { code: 'ETIMEDOUT' })

/**
 * One limit. Its id is a MAC, so that the store holds no address, guest or network that anybody can read. It is counted
 * under each secret that counts here: while the secret changes, nodes whose first secrets differ count together.
 */
const limits = (ctx: Context, what: string, most: number, seconds = HOUR_SECONDS): CodeLimit[] =>
  ctx.keyring.map(({ code }) => ({ id: mac(code, what), most, until: ctx.now() + seconds }))

/** A code that somebody entered, as the store compares it, and what it proves if it is right. */
export type CodeProof = {
  loginId: LoginIdKey
  /** The guest who asked for it; null if any browser may use it (sign-in). */
  anonymousId: string | null
  /** Whether the guest had a passkey, and had proven it when it asked. */
  isProven: boolean
  code: { id: string; code: string }
}

/** Reads a transaction. Errors: `code_expired` if it is not ours, has another purpose or has expired. */
export function readCode(
  ctx: Context,
  purpose: CodeMessage['purpose'],
  { transaction, code }: { transaction: string; code: string },
): CodeProof {
  const opened = unseal<TransactionPayload>(ctx.keyring, 'code', transaction)
  if (!opened || opened.payload.p !== purpose || opened.payload.e <= ctx.now()) {
    throw new GuestError('code_expired', { reason: 'transaction not ours, of another purpose, or expired' })
  }
  const { i, t, v, a, y } = opened.payload
  return {
    loginId: { type: t, value: v },
    anonymousId: a,
    isProven: y === 1,
    code: { id: hashToken(i), code: mac(opened.keys.code, `${i} ${code.replace(/\s/g, '')}`) },
  }
}

/** The error for a code that the store refused: `code_wrong`, or `code_expired` for a dead one. */
export const codeError = (outcome: CodeOutcome): GuestError =>
  new GuestError(outcome === 'wrong_code' ? 'code_wrong' : 'code_expired')
