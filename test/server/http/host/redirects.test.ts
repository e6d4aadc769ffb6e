// Redirects of people who open a page of the host: by loadGuest to the same page without a dead cookie.

import express from 'express'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { cookiesSet } from '../../../support/refusals.ts'

// writeHead() replaced the cookies that the host had set before.
test('a page view with a dead cookie is redirected with the cookies that the host has set before', async () => {
  const app = await startApp()
  const host = express()
  host.use((_req, res, next) => {
    res.cookie('theme', 'dark')
    next()
  })
  host.use(app.guests.router)
  const answer = await supertest(host).get('/').set({ Accept: 'text/html', Cookie: 'guestkey=x' })
  expect(answer.status).toBe(303)
  expect(cookiesSet(answer)).toEqual([
    'theme=dark; Path=/',
    'guestkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
  ])
})
