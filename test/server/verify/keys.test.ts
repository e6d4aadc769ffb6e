// The keys of the issuer: when they are read, and what happens if they cannot be.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { newKey, startIssuer } from '../../support/issuer.ts'

afterEach(() => void vi.unstubAllGlobals())

describe('the keys of the issuer', () => {
  test('are read once for all requests that come at the same time', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const token = await issuer.sign()
    await Promise.all(Array.from({ length: 20 }, () => verifyToken(token)))
    issuer.forward(299)
    await verifyToken(await issuer.sign())
    expect(issuer.state.reads).toBe(1)
    issuer.forward(1)
    await verifyToken(await issuer.sign())
    expect(issuer.state.reads).toBe(2)
  })

  test('are read by each request on Cloudflare, where one must not wait for another', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const token = await issuer.sign()
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    await Promise.all([verifyToken(token), verifyToken(token)])
    expect(issuer.state.reads).toBe(2)
  })

  test('are read again for a kid that is not known, but only every ten seconds', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    await verifyToken(await issuer.sign())
    issuer.state.keys.push(await newKey('ES256'))
    const token = await issuer.sign()
    issuer.forward(9)
    await expect(verifyToken(token)).rejects.toMatchObject({ code: 'invalid_token' })
    issuer.forward(1)
    await expect(verifyToken(token)).resolves.toBeTruthy()
    expect(issuer.state.reads).toBe(2)
    const unknown = await Promise.all(
      Array.from({ length: 1000 }, async (_, i) =>
        issuer.sign({}, { kid: `kid ${i}` }).then((text) => verifyToken(text).catch(({ code }) => code)),
      ),
    )
    expect(new Set(unknown)).toEqual(new Set(['invalid_token']))
    expect(issuer.state.reads).toBe(2)
  })

  test('are gone when the issuer publishes them no more', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const [first] = issuer.state.keys
    await verifyToken(await issuer.sign())
    issuer.state.keys.splice(0, 1, await newKey('ES256'))
    issuer.forward(300)
    await expect(issuer.sign({}, {}, first).then((text) => verifyToken(text))).rejects.toMatchObject({
      code: 'invalid_token',
    })
    await expect(verifyToken(await issuer.sign())).resolves.toBeTruthy()
  })

  test.each([
    ['answers 500', { status: 500 }],
    ['redirects', { status: 302 }],
    ['answers no JSON', { body: '<html>' }],
    ['answers no keys', { body: '{}' }],
  ])('stay for a day if the issuer %s', async (_what, broken) => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    await verifyToken(await issuer.sign())
    Object.assign(issuer.state, broken)
    issuer.forward(24 * 60 * 60 - 1)
    await expect(verifyToken(await issuer.sign())).resolves.toBeTruthy()
    expect(issuer.state.reads).toBe(2)
    issuer.forward(1)
    const failure = { code: 'unavailable', status: 503, headers: { 'Retry-After': '5' } }
    await expect(verifyToken(await issuer.sign())).rejects.toMatchObject(failure)
    Object.assign(issuer.state, { status: 200, body: undefined })
    issuer.forward(10)
    await expect(verifyToken(await issuer.sign())).resolves.toBeTruthy()
  })

  test('that could be read again tell for certain which kid there is not', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    issuer.state.status = 500
    await expect(verifyToken(await issuer.sign())).rejects.toMatchObject({ code: 'unavailable' })
    issuer.state.status = 200
    issuer.forward(10)
    await verifyToken(await issuer.sign())
    const unknown = await issuer.sign({}, { kid: 'unknown' })
    await expect(verifyToken(unknown)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  test('are missing with 503, never with 401, until they were read once', async () => {
    const issuer = await startIssuer()
    const verifier = issuer.verifier({ jwksUri: 'http://127.0.0.1:1/jwks.json' })
    const token = await issuer.sign()
    for (let i = 0; i < 2; i++) {
      const answer = await verifier.requireGuest(() => new Response())(
        new Request('https://api.example.com/', { headers: { Authorization: `Bearer ${token}` } }),
      )
      expect(answer.status).toBe(503)
      expect(answer.headers.get('www-authenticate')).toBeNull()
    }
  })
})
