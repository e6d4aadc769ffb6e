// Tokens that are bound to a key (RFC 9449), and the proofs that come with them.

import { createHash, randomUUID } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Proof } from '../../../server/verify/index.ts'
import { startIssuer } from '../../support/issuer.ts'

const url = 'https://api.example.com/notes'

async function newProofKey(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { alg, privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}
type ProofKey = { alg: string; privateKey: CryptoKey; jwk: JWK; jkt: string }

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

/** A bound token, and what asks with it: the proof is right but for what `claims` and `header` change. */
async function bound(alg = 'ES256') {
  const issuer = await startIssuer()
  const key: ProofKey = await newProofKey(alg)
  const token = await issuer.sign({ cnf: { jkt: key.jkt } })
  const proofOf = (claims: object = {}, header: object = {}, by = key) =>
    new SignJWT({
      jti: randomUUID(),
      htm: 'GET',
      htu: url,
      iat: issuer.seconds(),
      ath: sha256(token),
      ...claims,
    })
      .setProtectedHeader({ alg: by.alg, typ: 'dpop+jwt', jwk: by.jwk, ...header })
      .sign(by.privateKey)
  const requestBy = (proof: string | undefined, { scheme = 'DPoP', at = url, method = 'GET' } = {}) =>
    new Request(at, {
      method,
      headers: { Authorization: `${scheme} ${token}`, ...(proof && { DPoP: proof }) },
    })
  return { issuer, key, token, proofOf, requestBy }
}

const refused = { code: 'invalid_dpop_proof', status: 401 }

describe('a token that is bound to a key', () => {
  test.each(['ES256', 'EdDSA', 'RS256', 'PS256'])('is taken with a proof of its key (%s)', async (alg) => {
    const { issuer, proofOf, requestBy } = await bound(alg)
    const { guestOf } = issuer.verifier()
    expect(await guestOf(requestBy(await proofOf()))).toMatchObject({ sub: 'a-guest' })
    const withQuery = requestBy(await proofOf({ htu: 'https://API.example.com:443/notes?a=1#b' }), {
      at: `${url}?c=2`,
    })
    expect(await guestOf(withQuery)).toMatchObject({ sub: 'a-guest' })
  })

  test('is refused without its proof, and as a bearer token', async () => {
    const { issuer, token, proofOf, requestBy } = await bound()
    const { guestOf, verifyToken } = issuer.verifier()
    const proof = await proofOf()
    for (const request of [
      requestBy(undefined),
      requestBy(undefined, { scheme: 'Bearer' }),
      requestBy(proof, { scheme: 'Bearer' }),
    ])
      await expect(guestOf(request)).rejects.toMatchObject(refused)
    await expect(verifyToken(token)).rejects.toMatchObject({
      ...refused,
      message: 'invalid_dpop_proof: no proof',
    })
    await expect(verifyToken(token, { proof, method: 'GET', url })).resolves.toMatchObject({ sub: 'a-guest' })
  })

  test('is refused if anything of the proof is not right', async () => {
    const { issuer, key, proofOf, requestBy } = await bound()
    const { guestOf } = issuer.verifier()
    const other = await newProofKey('ES256')
    const now = issuer.seconds()
    const claims: object[] = [
      { htm: 'POST' },
      { htm: undefined },
      { htu: 'https://api.example.com/other' },
      { htu: 'https://api.example.com.evil.example/notes' },
      { htu: 'http://api.example.com/notes' },
      { htu: undefined },
      { iat: now - 61 },
      { iat: now + 61 },
      { iat: undefined },
      { iat: `${now}` },
      { ath: sha256('another token') },
      { ath: undefined },
      { jti: undefined },
      { jti: '' },
      { jti: 7 },
    ]
    for (const one of claims)
      await expect(
        proofOf(one).then((proof) => guestOf(requestBy(proof))),
        JSON.stringify(one),
      ).rejects.toMatchObject(refused)
    const privateJwk = await exportJWK(key.privateKey)
    const headers = [
      { typ: 'JWT' },
      { typ: undefined },
      { jwk: undefined },
      { jwk: other.jwk },
      { jwk: privateJwk },
      { jwk: { kty: 'oct', k: 'AAAA' } },
      { jwk: { ...key.jwk, crv: 'P-384' } },
    ]
    for (const one of headers)
      await expect(
        proofOf({}, one).then((proof) => guestOf(requestBy(proof))),
        JSON.stringify(one),
      ).rejects.toMatchObject(refused)
    await expect(proofOf({}, {}, other).then((proof) => guestOf(requestBy(proof)))).rejects.toMatchObject(
      refused,
    )
    for (const one of [{ iat: now - 60 }, { iat: now + 60 }])
      await expect(guestOf(requestBy(await proofOf(one)))).resolves.toBeTruthy()
    const proof = await proofOf()
    await expect(guestOf(requestBy(`${proof}, ${proof}`))).rejects.toMatchObject(refused)
    await expect(guestOf(requestBy(proof, { method: 'DELETE' }))).rejects.toMatchObject(refused)
    await expect(guestOf(requestBy(proof))).resolves.toBeTruthy()
  })

  test('is refused with a proof by an algorithm or a key that is weak or slow', async () => {
    const { issuer, key, proofOf, requestBy } = await bound()
    const { guestOf } = issuer.verifier()
    const [, payload] = (await proofOf()).split('.')
    for (const alg of ['none', 'HS256', 'RS512', 'constructor'])
      for (const jwk of [
        key.jwk,
        { kty: 'RSA', n: 'A'.repeat(342), e: 'AQAB' },
        { kty: 'RSA', n: 'A'.repeat(170), e: 'AQAB' },
      ]) {
        const header = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url')
        await expect(guestOf(requestBy(`${header}.${payload}.AAAA`))).rejects.toMatchObject(refused)
      }
    for (const jwk of [
      { kty: 'RSA', n: 'A'.repeat(341), e: 'AQAB' },
      { kty: 'RSA', n: 'A'.repeat(684), e: 'AQAB' },
      { kty: 'RSA', n: 'A'.repeat(342), e: '_____w' },
    ]) {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'dpop+jwt', jwk })).toString('base64url')
      await expect(guestOf(requestBy(`${header}.${payload}.AAAA`))).rejects.toMatchObject({
        message: expect.stringContaining('size of jwk'),
      })
    }
  })

  test('is refused if a proof comes a second time, where the caller remembers them', async () => {
    const { issuer, key, proofOf, requestBy } = await bound()
    const seen = new Map<string, Proof>()
    const { guestOf } = issuer.verifier({
      async isNewProof(proof) {
        const id = `${proof.thumbprint} ${proof.id}`
        return !seen.has(id) && seen.set(id, proof) !== undefined
      },
    })
    const proof = await proofOf({ jti: 'once' })
    await expect(guestOf(requestBy(proof))).resolves.toBeTruthy()
    await expect(guestOf(requestBy(proof))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('used before'),
    })
    expect([...seen.values()]).toEqual([{ thumbprint: key.jkt, id: 'once', until: issuer.seconds() + 60 }])
  })

  test('is not refused because what remembers proofs cannot be asked: that error is passed on', async () => {
    const { issuer, proofOf, requestBy } = await bound()
    const { requireGuest } = issuer.verifier({ isNewProof: () => Promise.reject(new Error('no store')) })
    const request = requestBy(await proofOf())
    await expect(requireGuest(() => new Response())(request)).rejects.toThrow('no store')
    const passedOn = new Promise((resolve) => {
      requireGuest()(
        { headers: Object.fromEntries(request.headers), method: 'GET', url: '/notes' },
        {} as never,
        resolve,
      )
    })
    expect(await passedOn).toMatchObject({ message: 'no store' })
  })

  test('goes by where this API is, and never by the Host header of a request', async () => {
    const { issuer, proofOf, requestBy } = await bound()
    const { guestOf } = issuer.verifier()
    const forEvil = await proofOf({ htu: 'https://evil.example/notes' })
    await expect(guestOf(requestBy(forEvil, { at: 'https://evil.example/notes' }))).rejects.toMatchObject(
      refused,
    )
    const behind = issuer.verifier({ baseUrl: 'https://example.com/api/' })
    const proof = await proofOf({ htu: 'https://example.com/api/notes' })
    await expect(behind.guestOf(requestBy(proof, { at: 'http://10.0.0.1:8080/notes' }))).resolves.toBeTruthy()
  })
})

describe('a token that is bound to no key', () => {
  test('is refused with a proof, and where every token must be bound', async () => {
    const { issuer, proofOf } = await bound()
    const token = await issuer.sign()
    const proof = await proofOf({ ath: sha256(token) })
    const request = new Request(url, { headers: { Authorization: `DPoP ${token}`, DPoP: proof } })
    await expect(issuer.verifier().guestOf(request)).rejects.toMatchObject(refused)
    const { verifyToken } = issuer.verifier({ dpop: 'required' })
    await expect(verifyToken(token)).rejects.toMatchObject(refused)
  })
})
