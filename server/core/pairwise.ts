// Pairwise identifiers (OpenID Connect Core 1.0, 8.1): another name of the same guest for every client.

import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Client } from '../options.ts'
import { labelFrom } from './labels.ts'

/** An anonymous_id has the length of one block, the id of a session that of two: each is random by itself. */
const ALGORITHM = 'aes-128-ecb'

const keys = new WeakMap<Client, Buffer>()

function keyOf(client: Client): Buffer {
  const key =
    keys.get(client) ??
    Buffer.from(hkdfSync('sha256', client.pairwise!, '', `guestkey pairwise ${client.id}`, 16))
  keys.set(client, key)
  return key
}

/** What this client calls a guest or a session: a permutation of the ids, so none need be remembered. */
export function nameFor(client: Client, id: string): string {
  if (client.pairwise === undefined) return id
  const cipher = createCipheriv(ALGORITHM, keyOf(client), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(id, 'base64url'), cipher.final()]).toString('base64url')
}

/** The id that this client has another name for. */
export function idOf(client: Client, name: string): string {
  if (client.pairwise === undefined) return name
  const decipher = createDecipheriv(ALGORITHM, keyOf(client), null).setAutoPadding(false)
  return Buffer.concat([decipher.update(name, 'base64url'), decipher.final()]).toString('base64url')
}

/** What this client is told of a guest's label: another one, or two clients could meet over it. */
export const labelFor = (
  client: Client,
  { anonymousId, label }: { anonymousId: string; label: string },
): string => (client.pairwise === undefined ? label : labelFrom(nameFor(client, anonymousId)))
