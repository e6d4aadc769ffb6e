// An app with openid-client. It has one visitor, so it needs no sessions.

import express from 'express'
import * as openid from 'openid-client'
import { pageFor } from './page.mjs'

export async function start({ issuer, id, secret, origin, port }) {
  const insecure = { execute: [openid.allowInsecureRequests] }
  const config = await openid.discovery(new URL(issuer), id, secret, undefined, insecure)
  let checks
  let user
  const app = express()
  app.get('/', (_req, res) => res.send(pageFor(user)))
  app.get('/login', async (_req, res) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()]
    checks = { pkceCodeVerifier, expectedState, expectedNonce }
    const to = openid.buildAuthorizationUrl(config, {
      redirect_uri: `${origin}/callback`,
      scope: 'openid',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    res.redirect(to.href)
  })
  app.get('/callback', async (req, res) => {
    const tokens = await openid.authorizationCodeGrant(config, new URL(req.url, origin), checks)
    user = await openid.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
    res.redirect('/')
  })
  app.listen(port)
}
