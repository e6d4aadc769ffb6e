// An app with oauth4webapi. It has one visitor, so it needs no sessions.

import express from 'express'
import * as oauth from 'oauth4webapi'
import { pageFor } from './page.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }

export async function start({ issuer, id, secret, origin, port }) {
  const at = new URL(issuer)
  const server = await oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, insecure))
  const client = { client_id: id }
  const authentication = oauth.ClientSecretPost(secret)
  const back = `${origin}/callback`
  let checks
  let user
  const app = express()
  app.get('/', (_req, res) => res.send(pageFor(user)))
  app.get('/login', async (_req, res) => {
    const verifier = oauth.generateRandomCodeVerifier()
    checks = { verifier, state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() }
    const to = new URL(server.authorization_endpoint)
    to.search = new URLSearchParams({
      client_id: id,
      redirect_uri: back,
      response_type: 'code',
      scope: 'openid',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    res.redirect(to.href)
  })
  app.get('/callback', async (req, res) => {
    const { state, nonce, verifier } = checks
    const params = oauth.validateAuthResponse(server, client, new URL(req.url, origin), state)
    const asked = [server, client, authentication, params, back, verifier, insecure]
    const answer = await oauth.authorizationCodeGrantRequest(...asked)
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(server, answer, insecure)
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
    user = await oauth.processUserInfoResponse(server, client, sub, info)
    res.redirect('/')
  })
  app.listen(port)
}
