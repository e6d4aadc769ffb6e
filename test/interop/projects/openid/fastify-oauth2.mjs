// An app with @fastify/oauth2, which knows OAuth alone: it learns who is signed in from the userinfo endpoint.

import cookie from '@fastify/cookie'
import oauth2 from '@fastify/oauth2'
import Fastify from 'fastify'
import { pageFor } from './page.mjs'

export async function start({ issuer, id, secret, origin, port }) {
  const app = Fastify()
  await app.register(cookie)
  await app.register(oauth2, {
    name: 'guestkey',
    scope: ['openid'],
    credentials: { client: { id, secret } },
    discovery: { issuer: `${issuer}/.well-known/openid-configuration` },
    pkce: 'S256',
    startRedirectPath: '/login',
    callbackUri: `${origin}/callback`,
    cookie: { secure: false, sameSite: 'lax' },
  })
  let user
  app.get('/callback', async (req, reply) => {
    const { token } = await app.guestkey.getAccessTokenFromAuthorizationCodeFlow(req, reply)
    user = await app.guestkey.userinfo(token.access_token)
    return reply.redirect('/')
  })
  app.get('/', (_req, reply) => reply.type('text/html').send(pageFor(user)))
  await app.listen({ port })
}
