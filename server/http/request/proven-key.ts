// The key that a request proves to hold, by the proof in its DPoP header (RFC 9449).

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { verifyProof } from '../../core/tokens/dpop.ts'
import { GuestError } from '../../errors.ts'
import { createMemory } from './remember.ts'

/**
 * The thumbprint of the key that the DPoP header of a request proves. Null if there is no header and no access token that
 * needs one. Errors: `invalid_dpop_proof`.
 */
export async function provenKey(ctx: Context, req: IncomingMessage, accessToken: string): Promise<string>
export async function provenKey(ctx: Context, req: IncomingMessage): Promise<string | null>
export async function provenKey(
  ctx: Context,
  req: IncomingMessage & { originalUrl?: string },
  accessToken?: string,
): Promise<string | null> {
  const known = proofs.get(req) // a proof is valid once, and one request may read it twice
  if (known && (accessToken === undefined || accessToken === known.accessToken)) return known.jkt
  const jkt = await readDpopProof(ctx, req, accessToken)
  if (jkt !== null) proofs.set(req, { jkt, accessToken })
  return jkt
}

const proofs = createMemory<IncomingMessage, { jkt: string; accessToken: string | undefined }>()

async function readDpopProof(
  ctx: Context,
  req: IncomingMessage & { originalUrl?: string },
  accessToken: string | undefined,
): Promise<string | null> {
  const count = countHeaders(req, 'dpop')
  if (count === 0 && accessToken === undefined) return null
  if (count !== 1) throw new GuestError('invalid_dpop_proof', { reason: `${count} proofs` })
  const { tokens, origins, operators } = ctx.config
  const hosts = [tokens.issuer, ...origins, ...(operators ? operators.origins : [])]
  const [path] = (req.originalUrl ?? req.url ?? '/').split('?')
  return verifyProof(ctx, String(req.headers.dpop), {
    method: req.method!,
    urls: hosts.map((origin) => origin + path),
    ...(accessToken !== undefined && { accessToken }),
  })
}

export function countHeaders({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i]!
    if (header.length === name.length && header.toLowerCase() === name) count++
  }
  return count
}
