// Pairwise identifiers (OpenID Connect Core 1.0, 8.1): another name of the same guest for every client.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Client } from '../../options/options.ts'
import { labelFrom } from './labels.ts'

/** An anonymous_id has the length of one block, the id of a session that of two: each is random by itself. */
const ALGORITHM = 'aes-128-ecb'
const BLOCK = 16

/** What the names of ids begin with that guests brought along from elsewhere: no base64url. */
const BROUGHT = '~'

/** `text` and `iv` are for ids that are not one or two blocks. */
type PairwiseKeys = Record<'block' | 'text' | 'iv', Buffer>

const keys = new WeakMap<Client, PairwiseKeys>()

function keysOf(client: Client): PairwiseKeys {
  const known = keys.get(client)
  if (known) return known
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', client.pairwise!, '', `guestkey ${purpose} ${client.id}`, bytes))
  const derived = {
    block: derive('pairwise', 16),
    text: derive('pairwise text', 32),
    iv: derive('pairwise iv', 32),
  }
  keys.set(client, derived)
  return derived
}

/** What this client calls a guest or a session: a permutation of the ids, so none need be remembered. */
export function nameFor(client: Client, id: string): string {
  if (client.pairwise === undefined) return id
  const bytes = Buffer.from(id, 'base64url')
  const isBlocks = bytes.length === BLOCK || bytes.length === 2 * BLOCK
  if (!isBlocks || bytes.toString('base64url') !== id) return nameForText(client, id)
  const cipher = createCipheriv(ALGORITHM, keysOf(client).block, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64url')
}

/** The id that this client has another name for; empty, which is nobody's, where it is no name of ours. */
export function idFor(client: Client, name: string): string {
  if (client.pairwise === undefined) return name
  if (name.startsWith(BROUGHT)) return idForText(client, name)
  const decipher = createDecipheriv(ALGORITHM, keysOf(client).block, null).setAutoPadding(false)
  return Buffer.concat([decipher.update(name, 'base64url'), decipher.final()]).toString('base64url')
}

/**
 * The same for any text: encrypted under a vector that follows from the text alone and authenticates it, as SIV does
 * (RFC 5297, 1.3.1). Filled up to whole blocks, so that a guest is not known by the length of an id.
 */
function nameForText(client: Client, id: string): string {
  const length = Buffer.byteLength(id)
  const text = Buffer.alloc(Math.ceil((length + 1) / BLOCK) * BLOCK)
  text.write(id)
  const iv = vectorOf(client, text)
  const cipher = createCipheriv('aes-256-ctr', keysOf(client).text, iv)
  return BROUGHT + Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64url')
}

function idForText(client: Client, name: string): string {
  const bytes = Buffer.from(name.slice(BROUGHT.length), 'base64url')
  if (bytes.length < 2 * BLOCK) return ''
  const iv = bytes.subarray(0, BLOCK)
  const decipher = createDecipheriv('aes-256-ctr', keysOf(client).text, iv)
  const text = Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()])
  return vectorOf(client, text).equals(iv) ? text.toString().replace(/\0+$/, '') : ''
}

const vectorOf = (client: Client, text: Buffer): Buffer =>
  createHmac('sha256', keysOf(client).iv).update(text).digest().subarray(0, BLOCK)

/** What this client is told of a guest's label: another one, or two clients could meet over it. */
export const labelFor = (
  client: Client,
  { anonymousId, label }: { anonymousId: string; label: string },
): string => (client.pairwise === undefined ? label : labelFrom(nameFor(client, anonymousId)))
