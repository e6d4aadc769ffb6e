// guestkey in an Express app, in front of the host's own route.

import express from 'express'
import { guests } from './guests.ts'
import { listen } from './listen.ts'

const app = express()
app.use(guests.router)
app.post('/', express.json(), (req, res) => {
  res.json({ ok: req.guest !== null })
})
listen(app)
