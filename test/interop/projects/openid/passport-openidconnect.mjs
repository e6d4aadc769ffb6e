// An app with Passport. Its strategy sends no code challenge (RFC 7636), so the client has `pkce: 'optional'`, and a nonce.

import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-openidconnect'
import { pageFor } from './page.mjs'

export function start({ issuer, id, secret, origin, port }) {
  const at = (path) => `${issuer}/guest${path}`
  const options = {
    issuer,
    authorizationURL: at('/authorize'),
    tokenURL: at('/token'),
    userInfoURL: at('/userinfo'),
    clientID: id,
    clientSecret: secret,
    callbackURL: `${origin}/callback`,
    nonce: true,
  }
  const strategy = new Strategy(options, (_issuer, profile, done) => done(null, { sub: profile.id }))
  passport.use('guestkey', strategy)
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user, done) => done(null, user))
  const app = express()
  app.use(session({ secret, resave: false, saveUninitialized: false, cookie: { sameSite: 'lax' } }))
  app.use(passport.session())
  app.get('/', (req, res) => res.send(pageFor(req.user)))
  app.get('/login', passport.authenticate('guestkey'))
  app.get('/callback', passport.authenticate('guestkey'), (_req, res) => res.redirect('/'))
  app.listen(port)
}
