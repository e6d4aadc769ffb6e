// An app with Auth.js (formerly NextAuth), by its binding for Express.

import { ExpressAuth, getSession } from '@auth/express'
import express from 'express'
import { pageFor } from './page.mjs'

export function start({ issuer, id, secret, port }) {
  const provider = {
    id: 'guestkey',
    name: 'Jotter',
    type: 'oidc',
    issuer,
    clientId: id,
    clientSecret: secret,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { scope: 'openid' } },
    profile: ({ sub }) => ({ id: sub }),
  }
  const config = {
    providers: [provider],
    secret,
    trustHost: true,
    callbacks: {
      jwt: ({ token, profile }) => (profile ? { ...token, profile } : token),
      session: ({ session, token }) => ({ ...session, user: token.profile }),
    },
  }
  const app = express()
  app.use('/auth', ExpressAuth(config))
  app.get('/', async (req, res) => {
    const session = await getSession(req, config)
    res.send(pageFor(session?.user, '/auth/signin'))
  })
  app.listen(port)
}
