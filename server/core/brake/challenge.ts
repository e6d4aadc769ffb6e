// Proof of work, by the protocol of ALTCHA (version 2, https://altcha.org/docs/v2/): a challenge costs whoever asks for
// something some computing time, and us next to none. It is not made by altcha-lib, which takes five times as long: that
// would be most of what a flood costs us. A test holds the two equal.

import { createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { BotCheckPurpose as Purpose } from '../../options/options.ts'
import { type Keys, sameText } from '../crypto/secrets.ts'

/** The members are in alphabetical order, in which they are signed. */
type Parameters = {
  algorithm: 'PBKDF2/SHA-256'
  /** Iterations of PBKDF2 for each counter. */
  cost: number
  data: { purpose: Purpose }
  /** Unix seconds. */
  expiresAt: number
  keyLength: 32
  /** The first half of the key that is looked for, as hex. */
  keyPrefix: string
  /** Our HMAC of that key: who has found it is known by it, so we need not derive it again. */
  keySignature: string
  nonce: string
  salt: string
}

export type Challenge = { parameters: Parameters; signature: string }

/** How long there is to solve a challenge. A slow telephone needs ten seconds for the hardest one. */
const CHALLENGE_SECONDS = 300

/** Iterations for each counter: to make a challenge takes us that many. */
const COST = 50

/** How many counters are tried for a challenge of work 1, on average. */
const COUNTERS = 1200

const hmac = (keys: Keys, content: string | Buffer): string =>
  createHmac('sha256', keys.work.toString('hex')).update(content).digest('hex')

/** A challenge that takes `work` times the usual effort, half as much at least, and half as much again at most. */
export function newChallenge(ctx: Context, purpose: Purpose, work: number): Challenge {
  const [nonce, salt] = [randomBytes(16), randomBytes(16)]
  const password = Buffer.alloc(nonce.length + 4, nonce)
  const average = Math.round(COUNTERS * work)
  password.writeUInt32BE(randomInt(average >> 1, average + (average >> 1)), nonce.length)
  const key = pbkdf2Sync(password, salt, COST, 32, 'sha256')
  const parameters: Parameters = {
    algorithm: 'PBKDF2/SHA-256',
    cost: COST,
    data: { purpose },
    expiresAt: ctx.now() + CHALLENGE_SECONDS,
    keyLength: 32,
    keyPrefix: key.toString('hex', 0, 16),
    keySignature: hmac(ctx.keys, key),
    nonce: nonce.toString('hex'),
    salt: salt.toString('hex'),
  }
  return { parameters, signature: hmac(ctx.keys, JSON.stringify(parameters)) }
}

/**
 * Whether `proof` (base64 of the JSON `{ challenge, solution }`) solves a challenge of ours for this purpose that is not
 * over. It is good once, on all nodes.
 */
export async function isSolved(ctx: Context, proof: string, purpose: Purpose): Promise<boolean> {
  const solved = readProof(proof)
  if (!solved) return false
  const { parameters, signature, derivedKey } = solved
  const keys = ctx.keyring.find((one) => sameText(hmac(one, JSON.stringify(parameters)), signature))
  if (!keys || parameters.data.purpose !== purpose || parameters.expiresAt <= ctx.now()) return false
  if (!sameText(hmac(keys, Buffer.from(derivedKey, 'hex')), parameters.keySignature)) return false
  return ctx.store.spendOnce({ id: parameters.nonce, expiresAt: parameters.expiresAt })
}

/** The parts of a proof; undefined if it has none. They are whatever was sent, until the signature says that we made them. */
function readProof(
  proof: string,
): { parameters: Parameters; signature: string; derivedKey: string } | undefined {
  try {
    const { challenge, solution } = JSON.parse(Buffer.from(proof, 'base64').toString())
    const { algorithm, cost, data, expiresAt, keyLength, keyPrefix, keySignature, nonce, salt } =
      challenge.parameters
    return {
      parameters: {
        algorithm,
        cost,
        data: { purpose: data.purpose },
        expiresAt,
        keyLength,
        keyPrefix,
        keySignature,
        nonce,
        salt,
      },
      signature: String(challenge.signature),
      derivedKey: String(solution.derivedKey),
    }
  } catch {
    return undefined
  }
}
