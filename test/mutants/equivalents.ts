// Mutants that no test can notice, because nothing that can be observed differs. They are not counted.

import type { Mutant } from './mutations.ts'
import { changeOf } from './report.ts'

/**
 * `line`: the text of its line. `change`: as the report says it. `nth`: which of those that both are true of, default: the
 * first. `why`: why nothing differs.
 */
export type Equivalent = { file: string; line: string; change: string; nth?: number; why: string }

export const equivalents: Equivalent[] = [
  {
    file: 'server/core/account/imports.ts',
    line: 'loginIds.push({ ...normalLoginId(one), anonymousId, verifiedAt: now, primary: loginIds.length === 0 })',
    change: '=== -> !==',
    why: 'The store makes the first one that is free the primary one.',
  },
  {
    file: 'server/core/authorization/authorization.ts',
    line: "...(purpose === 'promote' && session && isFresh(ctx, session) && { proven: true }),",
    change: '&& -> ||',
    why: 'Only a promotion asks whether a passkey was proven, and it always has a session.',
  },
  {
    file: 'server/core/authorization/providers.ts',
    line: 'idTokenExpected: true,',
    change: 'true -> false',
    why: 'An ID token is expected in any case, because its nonce is checked.',
  },
  {
    file: 'server/core/authorization/redemption.ts',
    line: 'if (!(error instanceof GuestError) || error.status >= 500) throw error',
    change: '>= -> >',
    why: 'No error in the core has status 500: the edge makes internal_error of any other error.',
  },
  {
    file: 'server/core/device-keys/manage.ts',
    line: "session.kind === 'sealed' ? [] : ctx.store.listDeviceKeys({ anonymousId: session.anonymousId })",
    change: "session.kind === 'sealed' -> false",
    why: 'The store finds no keys of a guest without a row.',
  },
  {
    file: 'server/core/device-keys/manage.ts',
    line: "keep: session.kind === 'sealed' ? keeping(ctx, session, { recoverability: 'device' }) : undefined,",
    change: "session.kind === 'sealed' -> true",
    why: 'A stored session that is alive has a guest with a row, who is not kept again.',
  },
  {
    file: 'server/core/device-keys/proofs.ts',
    line: "const known = ['kty', ...(crv ? ['crv'] : []), ...others]",
    change: 'crv -> true',
    why: 'An RSA key with a curve is refused before, and JSON leaves out a member that is undefined.',
  },
  {
    file: 'server/core/tokens/token-errors.ts',
    line: 'if (!(error instanceof GuestError) || error.status >= 500) throw error',
    change: '>= -> >',
    why: 'No error in the core has status 500: the edge makes internal_error of any other error.',
  },
  {
    file: 'server/core/device-links/device-links.ts',
    line: "const keep = session.kind === 'sealed' ? keeping(ctx, session) : undefined // only an approval keeps the guest",
    change: "session.kind === 'sealed' -> true",
    why: 'A stored session that is alive has a guest with a row, who is not kept again.',
  },
  {
    file: 'server/core/device-links/device-links.ts',
    line: 'const found = row.id === result ? await ctx.store.findSession({ anonymousId, id: row.id }) : undefined',
    change: 'row.id === result -> true',
    why: 'No session has the id that another key derives.',
  },
  {
    file: 'server/core/events/webhooks.ts',
    line: 'let again = false',
    change: 'false -> true',
    why: 'It is set before it is read.',
  },
  {
    file: 'server/core/events/webhooks.ts',
    line: 'attempts.delete(ended)',
    change: 'attempts.delete(ended) -> ;',
    why: 'To end an attempt that is over changes nothing; the node only needs more memory.',
  },
  {
    file: 'server/core/crypto/secrets.ts',
    line: 'if (used + bytes > pool.length) {',
    change: 'used + bytes > pool.length -> true',
    why: 'The pool is filled more often.',
  },
  {
    file: 'server/core/crypto/secrets.ts',
    line: 'if (used + bytes > pool.length) {',
    change: '> -> >=',
    why: 'The pool is filled one id earlier.',
  },
  {
    file: 'server/core/crypto/secrets.ts',
    line: 'pool.fill(0, used, used + bytes) // no copy of the id stays in the pool',
    change: 'pool.fill(0, used, used + bytes) -> ;',
    why: 'Nothing outside can read the pool, and its bytes are never used again.',
  },
  {
    file: 'server/core/guests/pairwise.ts',
    line: 'if (known) return known',
    change: 'known -> false',
    why: 'The keys are derived anew, and are the same.',
  },
  {
    file: 'server/core/guests/pairwise.ts',
    line: 'keys.set(client, derived)',
    change: 'keys.set(client, derived) -> ;',
    why: 'The keys are derived anew, and are the same.',
  },
  {
    file: 'server/core/login-ids/promotion.ts',
    line: 'if (id === null) return',
    change: 'id === null -> false',
    why: 'The store ends no session without an id.',
  },
  {
    file: 'server/core/login-ids/promotion.ts',
    line: 'primary: false,',
    change: 'false -> true',
    why: 'The store makes the first one the primary one.',
  },
  {
    file: 'server/core/login-ids/promotion.ts',
    line: "throw codeError('dead_code')",
    change: "throw codeError('dead_code') -> ;",
    why: 'The default case throws the same error.',
  },
  {
    file: 'server/core/login-ids/sign-in-by-code.ts',
    line: "if (refusal.outcome === 'used') await endIssued(ctx, anonymousId, refusal.sessionId)",
    change: "refusal.outcome === 'used' -> true",
    why: 'Only the refusal of a used code names a session, and the store ends none without an id.',
  },
  {
    file: 'server/core/passkeys/register.ts',
    line: "const askedIn = challenge.purpose === 'register' ? challenge.sessionId : undefined",
    change: "challenge.purpose === 'register' -> true",
    why: 'The challenge of a new guest has no session.',
  },
  {
    file: 'server/core/passkeys/sign-in.ts',
    line: "if (!passkey) throw authenticationFailed('unknown credential')",
    change: '!passkey -> false',
    why: 'Nobody can sign for the key of nobody, so the assertion was refused above.',
  },
  {
    file: 'server/core/passkeys/sign-in.ts',
    line: "if (!passkey) throw authenticationFailed('unknown credential')",
    change: "throw authenticationFailed('unknown credential') -> ;",
    why: 'Nobody can sign for the key of nobody, so the assertion was refused above.',
  },
  {
    file: 'server/core/recovery-codes.ts',
    line: "const keep = session.kind === 'sealed' ? keeping(ctx, session) : undefined",
    change: "session.kind === 'sealed' -> true",
    why: 'A stored session that is alive has a guest with a row, who is not kept again.',
  },
  {
    file: 'server/core/recovery-codes.ts',
    line: 'requireProof(ctx, session)',
    change: 'requireProof(ctx, session) -> ;',
    why: 'The store refuses the same; this only spares it the question.',
  },
  {
    file: 'server/core/sessions/renewal.ts',
    line: 'if (text === undefined || tag === undefined || Number(s) <= payload.s) return payload',
    change: '|| -> &&',
    why: 'A text that matches has both groups, any other neither.',
  },
  {
    file: 'server/core/sessions/sealed-sessions.ts',
    line: 'while (kept.length > 0 && Buffer.byteLength(JSON.stringify(whole())) > MAX_PAYLOAD_BYTES) {',
    change: '> -> >=',
    why: 'A payload without snoozes always fits.',
  },
  {
    file: 'server/core/sessions/sign-out.ts',
    line: "if (session.kind === 'sealed') throw new GuestError('not_found')",
    change: "session.kind === 'sealed' -> false",
    why: 'The store finds no other session of a guest without a row, so the same error is thrown below.',
  },
  {
    file: 'server/core/sessions/sign-out.ts',
    line: "if (session.kind === 'sealed') throw new GuestError('not_found')",
    change: "throw new GuestError('not_found') -> ;",
    why: 'The store finds no other session of a guest without a row, so the same error is thrown below.',
  },
  {
    file: 'server/core/sessions/sign-out.ts',
    line: "if (session.kind === 'sealed') return 0",
    change: "session.kind === 'sealed' -> false",
    why: 'The store finds no other session of a guest without a row.',
  },
  {
    file: 'server/core/sign-in/complete.ts',
    line: 'if (!left || !offer || !mergeable) return { issued, ...(left && { previous: left }) }',
    change: '|| -> &&',
    why: 'Without a guest who was left there is no offer, and without an offer the store says that nothing is mergeable.',
  },
  {
    file: 'server/core/settings/settings.ts',
    line: 'if (found.version >= known.version) known = found',
    change: '>= -> >',
    why: 'What has the same version has the same changes.',
  },
  {
    file: 'server/core/tokens/access-tokens.ts',
    line: "const digest = header.alg === 'EdDSA' ? null : 'sha256'",
    change: "header.alg === 'EdDSA' -> true",
    why: 'Without a digest, Node takes SHA-256 for a key on P-256.',
  },
  {
    file: 'server/core/tokens/access-tokens.ts',
    line: 'ofKey.set(header.typ, encoded)',
    change: 'ofKey.set(header.typ, encoded) -> ;',
    why: 'The header is encoded anew, and is the same.',
  },
  {
    file: 'server/core/tokens/access-tokens.ts',
    line: 'if (verified.get(ctx, text)) return true',
    change: 'verified.get(ctx, text) -> false',
    why: 'The text is decoded, and says the same.',
  },
  {
    file: 'server/core/tokens/access-tokens.ts',
    line: 'if (!known) verified.set(ctx, token, found)',
    change: '!known -> true',
    why: 'The same is remembered once more.',
  },
  {
    file: 'server/core/tokens/access-tokens.ts',
    line: "typeof kid === 'string' ? signingKeys.find(kid) : undefined",
    change: "typeof kid === 'string' -> true",
    why: 'No key has a kid that is not a text.',
  },
  {
    file: 'server/core/tokens/dpop.ts',
    line: '!last || Math.abs(now - last.since) > 2 * DPOP_PROOF_SECONDS || last.now.size >= MAX_SEEN_PROOFS',
    change: '> -> >=',
    why: 'Either way, a proof is remembered for at least 120 seconds, and is valid no longer.',
  },
]

/** Those of the mutants of a file that are known to be equivalent. */
export function equivalentsAmong(
  mutants: Mutant[],
  file: string,
  source: string,
  known = equivalents,
): Set<Mutant> {
  const lines = source.split('\n')
  const found = known
    .filter((one) => one.file === file)
    .map(({ line, change, nth = 1 }) => {
      const isThis = (mutant: Mutant) =>
        lines[mutant.line - 1]!.trim() === line && changeOf(mutant) === change
      return mutants.filter(isThis)[nth - 1]
    })
  return new Set(found.filter((mutant) => mutant !== undefined))
}
