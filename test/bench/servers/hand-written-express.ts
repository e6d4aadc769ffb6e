// Fe: the hand-written routes on Express 5.

import express, { type RequestHandler } from 'express'
import { cookieOf, type Route, routes, sessionOf } from './hand-written.ts'
import { listen } from './listen.ts'

const answerWith =
  (route: Route): RequestHandler =>
  async (req, res) => {
    const { status, body, session } = await route(sessionOf(req.headers.cookie), req.body)
    if (session) res.setHeader('set-cookie', cookieOf(session))
    res.status(status).json(body)
  }

const app = express()
for (const [door, route] of Object.entries(routes)) {
  const [method, path] = door.split(' ') as [string, string]
  if (method === 'GET') app.get(path, answerWith(route))
  else app.post(path, express.json(), answerWith(route))
}
listen(app)
