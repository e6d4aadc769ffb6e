// Pairwise identifiers (OpenID Connect Core 1.0, 8.1): each pairwise client knows the same guest by another name.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Client } from '../../options/options.ts'
import { labelFrom } from './labels.ts'

/** An anonymous_id fills one block, a session id two. ECB is safe for them, because each block is random. */
const ALGORITHM = 'aes-128-ecb'
const BLOCK = 16

/** The first character of a name for any other id, such as an imported guest's. It does not occur in base64url. */
const BROUGHT = '~'

/** `block` encrypts ids of one or two blocks; `text` and `iv` encrypt all other ids. */
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

/** The name by which this client knows a guest or a session: the encrypted id, so that no table of names is needed. */
export function nameFor(client: Client, id: string): string {
  if (client.pairwise === undefined) return id
  const bytes = Buffer.from(id, 'base64url')
  const isBlocks = bytes.length === BLOCK || bytes.length === 2 * BLOCK
  if (!isBlocks || bytes.toString('base64url') !== id) return nameForText(client, id)
  const cipher = createCipheriv(ALGORITHM, keysOf(client).block, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64url')
}

/**
 * The id behind this client's name for it. A name that we did not make leads to nobody: to an empty text, or to an id
 * that nobody has. Node throws if a name without `~` is not one or two whole blocks, so check first who made it.
 */
export function idFor(client: Client, name: string): string {
  if (client.pairwise === undefined) return name
  if (name.startsWith(BROUGHT)) return idForText(client, name)
  const decipher = createDecipheriv(ALGORITHM, keysOf(client).block, null).setAutoPadding(false)
  return Buffer.concat([decipher.update(name, 'base64url'), decipher.final()]).toString('base64url')
}

/**
 * The same for any other id. The IV is a MAC of the text, so it also authenticates the text, as in SIV (RFC 5297,
 * 1.3.1). The text is padded to whole blocks, so that the length of a name says little about the guest.
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

/** The label that this client gets. A pairwise client gets one of its own, or two clients could compare labels. */
export const labelFor = (
  client: Client,
  { anonymousId, label }: { anonymousId: string; label: string },
): string => (client.pairwise === undefined ? label : labelFrom(nameFor(client, anonymousId)))
