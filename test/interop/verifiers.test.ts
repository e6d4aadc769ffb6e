// Third-party libraries discover the deployment, and verify, refresh and revoke its tokens.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { auth, claimEquals, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SoftwareAuthenticator } from '../support/authenticator.ts'
import { anonymousGrant, api, deployments, namespace, secret, tamper } from './deployment.ts'

const insecure = { [oauth.allowInsecureRequests]: true }
const app: oauth.Client = { client_id: 'app' }
const backend: oauth.Client = { client_id: 'backend' }

type Tokens = { access_token: string; refresh_token: string; token_type: string }

/** The metadata that oauth4webapi discovers about a deployment. */
async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  const answer = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure })
  return oauth.processDiscoveryResponse(url, answer)
}

/** A new guest of the public client; the access token is for `resource`. */
async function newGuest(
  as: oauth.AuthorizationServer,
  { key, resource = api }: { key?: oauth.DPoPHandle | undefined; resource?: string } = {},
): Promise<Tokens> {
  const options = { ...insecure, ...(key && { DPoP: key }) }
  const wish = { resource }
  const answer = await oauth.genericTokenEndpointRequest(as, app, oauth.None(), anonymousGrant, wish, options)
  return (await oauth.processGenericTokenEndpointResponse(as, app, answer)) as Tokens
}

/** A new guest who adds a passkey: the tokens of the stored session. */
async function newKeptGuest(issuer: string, key?: oauth.DPoPHandle): Promise<Tokens> {
  const { access_token } = await newGuest(await discover(issuer), { key, resource: issuer })
  const post = async (path: string, body: object) => {
    const headers = new Headers({ 'Content-Type': 'application/json' })
    const options = { ...insecure, ...(key && { DPoP: key }) }
    const url = new URL(`${issuer}/guest/passkeys/${path}`)
    const text = JSON.stringify(body)
    const answer = await oauth.protectedResourceRequest(access_token, 'POST', url, headers, text, options)
    return (await answer.json()) as never
  }
  const device = new SoftwareAuthenticator({ origin: issuer })
  const made = await device.create(await post('register/options', {}))
  const { tokens } = await post('register', made)
  return tokens
}

/** The tokens of a guest without a row, and of a kept guest. */
const sessions = {
  sealed: async (issuer: string, key?: oauth.DPoPHandle) => newGuest(await discover(issuer), { key }),
  stored: newKeptGuest,
}

const userinfoOf = async (issuer: string, token: string) =>
  (await (
    await fetch(`${issuer}/guest/userinfo`, { headers: { Authorization: `Bearer ${token}` } })
  ).json()) as {
    sub: string
    recoverability: string
  }

describe.each(deployments)('tokens signed with $algorithm', ({ algorithm, start }) => {
  describe.each(Object.entries(sessions))('of a guest whose session is %s', (kind, tokensOf) => {
    test('verify with jose, with the keys from discovery', async () => {
      const { issuer } = await start()
      const { access_token } = await tokensOf(issuer)
      const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
      const keys = createRemoteJWKSet(new URL(metadata.jwks_uri))
      const expected = { issuer, audience: api, typ: 'at+jwt', algorithms: [algorithm] }
      const { payload } = await jwtVerify(access_token, keys, expected)
      const user = await userinfoOf(issuer, access_token)
      expect(payload).toMatchObject({
        sub: user.sub,
        anonymous_id: user.sub,
        client_id: 'app',
        is_anonymous: true,
        recoverability: user.recoverability,
        scope: 'notes:read notes:write',
        [`${namespace}/is_anonymous`]: true,
        ...(kind === 'stored' && { amr: expect.any(Array), auth_time: expect.any(Number) }),
      })
      const refusedWith = (token: string, options = {}) =>
        expect(jwtVerify(token, keys, { ...expected, ...options })).rejects
      await refusedWith(tamper(access_token, { sub: 'somebody-else' })).toMatchObject({
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      })
      await refusedWith(access_token, { audience: 'https://other.example.com' }).toMatchObject({
        claim: 'aud',
      })
      await refusedWith(access_token, { issuer: 'https://other.example.com' }).toMatchObject({ claim: 'iss' })
      const later = new Date((payload.exp! + 1) * 1000)
      await refusedWith(access_token, { currentDate: later }).toMatchObject({ code: 'ERR_JWT_EXPIRED' })
    })

    test('pass express-oauth2-jwt-bearer, strictly as RFC 9068 says', async () => {
      const { issuer } = await start()
      const { access_token } = await tokensOf(issuer)
      const ask = await startApi(issuer, algorithm)
      const { sub } = await userinfoOf(issuer, access_token)
      expect(await ask('/notes', access_token)).toEqual({ status: 200, body: { sub } })
      expect(await ask('/users-only', access_token)).toMatchObject({ status: 401 })
      expect(await ask('/admin', access_token)).toMatchObject({ status: 403 })
      expect(await ask('/notes', undefined)).toMatchObject({ status: 401 })
      const forged = tamper(access_token, { [`${namespace}/is_anonymous`]: false })
      expect(await ask('/users-only', forged)).toMatchObject({ status: 401 })
      // The opposite: a token from this issuer for another audience.
      const ofOurOwn = await ownAccessToken(issuer)
      expect(await ask('/notes', ofOurOwn)).toMatchObject({ status: 401 })
    })

    test('work, refresh and end with oauth4webapi', async () => {
      const { issuer } = await start()
      const as = await discover(issuer)
      const first = await tokensOf(issuer)
      const { sub } = await validate(as, first.access_token)

      const asked = await oauth.refreshTokenGrantRequest(as, app, oauth.None(), first.refresh_token, insecure)
      const second = (await oauth.processRefreshTokenResponse(as, app, asked)) as Tokens
      if (kind === 'stored') expect(second.refresh_token).not.toBe(first.refresh_token)
      expect(await validate(as, second.access_token)).toMatchObject({ sub, client_id: 'app' })

      const user = await oauth.userInfoRequest(as, app, second.access_token, insecure)
      expect(await oauth.processUserInfoResponse(as, app, sub, user)).toMatchObject({ isAnonymous: true })
      expect(await introspect(as, second.access_token)).toMatchObject({
        ...{ active: true, sub, client_id: 'app', iss: issuer, token_type: 'Bearer' },
        scope: 'notes:read notes:write',
      })
      expect(await introspect(as, tamper(second.access_token, { sub: 'x' }))).toEqual({ active: false })

      const ended = await oauth.revocationRequest(as, app, oauth.None(), second.refresh_token, insecure)
      await oauth.processRevocationResponse(ended)
      for (const { access_token } of [first, second]) {
        expect(await introspect(as, access_token)).toEqual({ active: false })
        await expect(
          oauth
            .userInfoRequest(as, app, access_token, insecure)
            .then((answer) => oauth.processUserInfoResponse(as, app, sub, answer)),
        ).rejects.toMatchObject({
          cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
          status: 401,
        })
      }
      const again = await oauth.refreshTokenGrantRequest(
        as,
        app,
        oauth.None(),
        second.refresh_token,
        insecure,
      )
      await expect(oauth.processRefreshTokenResponse(as, app, again)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    })

    test('can be bound to a key with oauth4webapi (DPoP), and stay bound after a refresh', async () => {
      const { issuer } = await start()
      const as = await discover(issuer)
      const key = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
      const other = oauth.DPoP(app, await oauth.generateKeyPair('ES256'))
      const first = await tokensOf(issuer, key)
      expect(first.token_type.toLowerCase()).toBe('dpop')
      const refresh = async (options: object) => {
        const { refresh_token } = first
        const all = { ...insecure, ...options }
        const answer = await oauth.refreshTokenGrantRequest(as, app, oauth.None(), refresh_token, all)
        return (await oauth.processRefreshTokenResponse(as, app, answer)) as Tokens
      }
      await expect(refresh({})).rejects.toMatchObject({ error: 'invalid_grant' })
      await expect(refresh({ DPoP: other })).rejects.toMatchObject({ error: 'invalid_grant' })
      const second = await refresh({ DPoP: key })
      expect(second.token_type.toLowerCase()).toBe('dpop')

      const { sub, cnf } = await validate(as, second.access_token, key)
      expect(cnf).toEqual({ jkt: await key.calculateThumbprint() })
      const me = async (options: object) => {
        const answer = await oauth.userInfoRequest(as, app, second.access_token, { ...insecure, ...options })
        return oauth.processUserInfoResponse(as, app, sub, answer)
      }
      expect(await me({ DPoP: key })).toMatchObject({ sub })
      await expect(me({})).rejects.toMatchObject({ status: 401 })
      await expect(me({ DPoP: other })).rejects.toMatchObject({ status: 401 })
      expect(await introspect(as, second.access_token)).toMatchObject({ active: true, token_type: 'DPoP' })
    })

    test('work, refresh and end with openid-client', async () => {
      const { issuer } = await start()
      const own = await configuration(issuer, 'app', openid.None())
      const confidential = await configuration(issuer, 'backend', openid.ClientSecretBasic(secret))
      const first = await tokensOf(issuer)
      const { sub } = await openid.fetchUserInfo(own, first.access_token, openid.skipSubjectCheck)

      const second = await openid.refreshTokenGrant(own, first.refresh_token, { scope: 'notes:read' })
      expect(second).toMatchObject({ scope: 'notes:read', token_type: 'bearer' })
      expect(await openid.fetchUserInfo(own, second.access_token, sub)).toMatchObject({ isVerified: false })
      // The token for its API gets nothing here but userinfo. For the rest the app has a token for this deployment.
      const url = new URL(`${issuer}/guest/sessions`)
      const refused = await openid.fetchProtectedResource(own, second.access_token, url, 'GET')
      expect(refused.status).toBe(403)
      const third = await openid.refreshTokenGrant(own, second.refresh_token!, { resource: issuer })
      const listed = await openid.fetchProtectedResource(own, third.access_token, url, 'GET')
      expect((await listed.json()) as object).toMatchObject({ sessions: [{ current: true }] })
      expect(await openid.tokenIntrospection(confidential, second.access_token)).toMatchObject({
        ...{ active: true, sub, scope: 'notes:read' },
      })
      const forged = tamper(second.access_token, { exp: 2 ** 40 })
      expect(await openid.tokenIntrospection(confidential, forged)).toEqual({ active: false })
      // A public client may not introspect.
      await expect(openid.tokenIntrospection(own, second.access_token)).rejects.toHaveProperty('status')

      // Now it revokes by the access token. Another client cannot revoke it.
      await openid.tokenRevocation(confidential, second.access_token)
      expect(await openid.fetchUserInfo(own, second.access_token, sub)).toMatchObject({ sub })
      await openid.tokenRevocation(own, second.access_token)
      for (const token of [first.access_token, second.access_token]) {
        expect(await openid.tokenIntrospection(confidential, token)).toEqual({ active: false })
        await expect(openid.fetchUserInfo(own, token, sub)).rejects.toMatchObject({
          cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
        })
      }
      await expect(openid.refreshTokenGrant(own, third.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    })
  })

  test('reach a backend through openid-client, bound to its key', async () => {
    const { issuer } = await start()
    for (const authentication of [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]) {
      const config = await configuration(issuer, 'backend', authentication)
      const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair())
      const first = await openid.genericGrantRequest(config, anonymousGrant, { resource: api }, { DPoP })
      expect(first).toMatchObject({ token_type: 'dpop', scope: 'notes:read notes:write' })
      const own = { resource: issuer }
      const second = await openid.refreshTokenGrant(config, first.refresh_token!, own, { DPoP })
      const user = await openid.fetchUserInfo(config, second.access_token, openid.skipSubjectCheck, { DPoP })
      const url = new URL(`${issuer}/guest/sessions`)
      const options = { DPoP }
      const listed = await openid.fetchProtectedResource(
        config,
        second.access_token,
        url,
        'GET',
        null,
        undefined,
        options,
      )
      expect(listed.status).toBe(200)
      expect(await openid.tokenIntrospection(config, second.access_token)).toMatchObject({ sub: user.sub })
      await expect(openid.refreshTokenGrant(config, second.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    }
    const wrong = await configuration(issuer, 'backend', openid.ClientSecretBasic(`${secret}!`))
    await expect(openid.genericGrantRequest(wrong, anonymousGrant, {})).rejects.toMatchObject({
      cause: [{ scheme: 'basic' }],
    })
  })
})

/** The result of validating a request with this token, in an API that uses oauth4webapi. */
async function validate(as: oauth.AuthorizationServer, token: string, key?: oauth.DPoPHandle) {
  const headers = new Headers({ Authorization: `Bearer ${token}` })
  const url = `${api}/notes`
  if (!key) return oauth.validateJwtAccessToken(as, new Request(url, { headers }), api, insecure)
  const sent = await requestWith(token, url, key)
  return oauth.validateJwtAccessToken(as, sent, api, { ...insecure, requireDPoP: true })
}

/** The request that oauth4webapi would send. It is not sent. */
async function requestWith(token: string, url: string, key: oauth.DPoPHandle): Promise<Request> {
  let sent: Request | undefined
  await oauth.protectedResourceRequest(token, 'GET', new URL(url), undefined, null, {
    DPoP: key,
    async [oauth.customFetch](to, { headers }) {
      sent = new Request(to, { headers })
      return new Response()
    },
  })
  return sent!
}

async function introspect(as: oauth.AuthorizationServer, token: string) {
  const by = oauth.ClientSecretBasic(secret)
  const answer = await oauth.introspectionRequest(as, backend, by, token, insecure)
  return oauth.processIntrospectionResponse(as, backend, answer)
}

const configuration = (issuer: string, clientId: string, authentication: openid.ClientAuth) =>
  openid.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  })

/** A token of the deployment's own client. Its only audience is the deployment. */
async function ownAccessToken(issuer: string): Promise<string> {
  const as = await discover(issuer)
  const own: oauth.Client = { client_id: 'guestkey' }
  const asked = oauth.genericTokenEndpointRequest(as, own, oauth.None(), anonymousGrant, {}, insecure)
  return (await oauth.processGenericTokenEndpointResponse(as, own, await asked)).access_token
}

/** Sends a token to an Express API of another party, which knows only the issuer and its own audience. */
async function startApi(issuerBaseURL: string, tokenSigningAlg: string) {
  const server = express()
    .use(auth({ issuerBaseURL, audience: api, strict: true, tokenSigningAlg }))
    .get('/notes', claimEquals(`${namespace}/is_anonymous`, true), (req, res) => {
      res.json({ sub: req.auth!.payload.sub })
    })
    .get('/users-only', claimEquals(`${namespace}/is_anonymous`, false), (_req, res) => void res.json({}))
    .get('/admin', requiredScopes('admin'), (_req, res) => void res.json({}))
    .use(((error, _req, res, _next) => {
      res.status(error.status ?? 500).json({ code: error.code })
    }) satisfies express.ErrorRequestHandler)
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return async (path: string, token: string | undefined) => {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
}
