// An app with express-openid-connect, which keeps who is signed in in a cookie of its own.

import express from 'express'
import connect from 'express-openid-connect'
import { pageFor } from './page.mjs'

export function start({ issuer, id, secret, origin, port }) {
  const app = express()
  app.use(
    connect.auth({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: id,
      clientSecret: secret,
      secret,
      authRequired: false,
      idTokenSigningAlg: 'ES256',
      authorizationParams: { response_type: 'code', scope: 'openid' },
    }),
  )
  app.get('/', (req, res) => res.send(pageFor(req.oidc.user)))
  app.listen(port)
}
