// Access tokens that `guestkey/verify` takes, and those that it refuses.

import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { tamper } from '../../interop/deployment.ts'
import { api, newKey, startIssuer } from '../../support/issuer.ts'

const refused = (message: RegExp) => ({ code: 'invalid_token', message: expect.stringMatching(message) })

describe('a token', () => {
  test.each(['ES256', 'EdDSA'])('that is signed with %s gives its claims', async (alg) => {
    const issuer = await startIssuer()
    issuer.state.keys.push(await newKey(alg))
    const { verifyToken } = issuer.verifier()
    const claims = await verifyToken(await issuer.sign({ scope: 'notes:read' }))
    expect(claims).toMatchObject({ sub: 'a-guest', recoverability: 'none', scope: 'notes:read' })
  })

  test('is refused for any claim that is not right', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const now = issuer.seconds()
    const cases: [object, RegExp][] = [
      [{ iss: 'https://other.example.com' }, /iss is https:\/\/other\.example\.com, not http/],
      [{ iss: undefined }, /iss/],
      [{ aud: issuer.issuer }, /aud is .*, not https:\/\/api/],
      [{ aud: 'https://api.example.com.evil.example' }, /aud/],
      [{ aud: undefined }, /aud/],
      [{ exp: now - 30 }, /exp is \d+, in the past/],
      [{ exp: undefined }, /no integer/],
      [{ exp: `${now + 600}` }, /no integer/],
      [{ exp: 1.5 + now }, /no integer/],
      [{ nbf: now + 31 }, /nbf or iat is \d+, in the future/],
      [{ nbf: `${now}` }, /no integer/],
      [{ iat: now + 31 }, /in the future/],
      [{ iat: undefined }, /no integer/],
      [{ sub: undefined }, /sub or sid/],
      [{ sub: '' }, /sub or sid/],
      [{ sub: 1 }, /sub or sid/],
      [{ sid: undefined }, /sub or sid/], // of a machine
    ]
    for (const [claims, message] of cases)
      await expect(
        issuer.sign(claims).then((token) => verifyToken(token)),
        JSON.stringify(claims),
      ).rejects.toMatchObject(refused(message))
    for (const claims of [{ exp: now - 29 }, { nbf: now + 30 }, { iat: now + 30 }, { aud: api }])
      await expect(verifyToken(await issuer.sign(claims)), JSON.stringify(claims)).resolves.toBeTruthy()
  })

  test('is refused if its exp is a number beyond all bounds', async () => {
    const issuer = await startIssuer()
    const [key] = issuer.state.keys
    const said = `{"iss":"${issuer.issuer}","aud":"${api}","sub":"a","sid":"b","iat":${issuer.seconds()},"exp":1e309}`
    const { CompactSign } = await import('jose')
    const token = await new CompactSign(new TextEncoder().encode(said))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key!.kid })
      .sign(key!.privateKey)
    await expect(issuer.verifier().verifyToken(token)).rejects.toMatchObject(refused(/no integer/))
  })

  test('for another API is refused by the API of the issuer itself', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier({ audience: issuer.issuer })
    await expect(verifyToken(await issuer.sign())).rejects.toMatchObject(refused(/aud/))
    await expect(verifyToken(await issuer.sign({ aud: issuer.issuer }))).resolves.toBeTruthy()
  })

  test('is refused if its header is not ours', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const other = await newKey('ES256')
    const cases: [object, RegExp][] = [
      [{ typ: 'JWT' }, /typ is "JWT", not at\+jwt/],
      [{ typ: undefined }, /typ/],
      [{ typ: 'dpop+jwt' }, /typ/],
      [{ kid: undefined }, /no key for/],
      [{ kid: '../../etc/passwd' }, /no key for/],
      [{ kid: "' OR 1=1" }, /no key for/],
      [{ kid: { a: 1 } }, /no key for/],
      [{ kid: other.kid, jwk: other.jwk }, /no key for/],
    ]
    for (const [header, message] of cases)
      await expect(
        issuer.sign({}, header).then((token) => verifyToken(token)),
        JSON.stringify(header),
      ).rejects.toMatchObject(refused(message))
    for (const header of [{ jwk: other.jwk }, { jku: 'https://evil.example/jwks' }]) {
      const byOther = await issuer.sign({}, { ...header, kid: issuer.state.keys[0]!.kid }, other)
      await expect(verifyToken(byOther)).rejects.toMatchObject(refused(/wrong signature/))
    }
    const [key] = issuer.state.keys
    const critical = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: key!.kid, typ: 'at+jwt', b64: true, crit: ['b64'] })
      .sign(key!.privateKey)
    await expect(verifyToken(critical)).rejects.toMatchObject(refused(/crit/))
  })

  test('is refused if its algorithm is not the one of its key', async () => {
    const issuer = await startIssuer()
    const edwards = await newKey('EdDSA')
    issuer.state.keys.push(edwards)
    const { verifyToken } = issuer.verifier()
    const [elliptic] = issuer.state.keys
    const headerOf = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url')
    const [, payload, signature] = (await issuer.sign({}, {}, elliptic!)).split('.')
    for (const alg of ['none', 'HS256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', '__proto__', undefined]) {
      const header = headerOf({ alg, typ: 'at+jwt', kid: elliptic!.kid })
      for (const last of [signature, ''])
        await expect(verifyToken(`${header}.${payload}.${last}`), String(alg)).rejects.toMatchObject(
          refused(/no key for|no JWS/),
        )
    }
    // The issuer publishes keys for other purposes, too.
    const rsa = await newKey('RS256')
    issuer.state.keys.push(rsa)
    const fresh = issuer.verifier()
    await expect(issuer.sign({}, {}, rsa).then((token) => fresh.verifyToken(token))).rejects.toMatchObject(
      refused(/no key for/),
    )
    const pinned = issuer.verifier({ algorithms: ['EdDSA'] })
    await expect(pinned.verifyToken(await issuer.sign({}, {}, edwards))).resolves.toBeTruthy()
    await expect(
      issuer.sign({}, {}, elliptic!).then((token) => pinned.verifyToken(token)),
    ).rejects.toMatchObject(refused(/no key for/))
  })

  test('is refused if it was changed, cut, or is no JWS', async () => {
    const issuer = await startIssuer()
    const { verifyToken } = issuer.verifier()
    const token = await issuer.sign()
    const [header, payload, signature] = token.split('.')
    const texts = [
      tamper(token, { sub: 'somebody-else' }),
      `${header}.${payload}.${signature!.slice(0, -2)}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${token}.`,
      `${token} `,
      `!${token}`,
      '',
      'a.b.c',
      `${Buffer.from('null').toString('base64url')}.${payload}.${signature}`,
      `${header}.${payload}.${'A'.repeat(65536)}`,
      await issuer.sign({ long: 'A'.repeat(8192) }),
    ]
    for (const text of texts)
      await expect(verifyToken(text), text.slice(0, 40)).rejects.toMatchObject({
        code: 'invalid_token',
        status: 401,
      })
    await expect(verifyToken(token)).resolves.toBeTruthy()
  })
})

describe('the options', () => {
  test('are refused if one is missing or misspelt', async () => {
    const issuer = await startIssuer()
    expect(() => issuer.verifier({ audience: '' })).toThrow('issuer or audience is missing')
    expect(() => issuer.verifier({ issuer: undefined as never })).toThrow('issuer or audience is missing')
    expect(() => issuer.verifier({ audiance: api } as never)).toThrow('unknown option audiance')
  })
})
