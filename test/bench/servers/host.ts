// The bare Express app with one more middleware in its route, which loads the guest.

import express from 'express'
import { guests } from './guests.ts'
import { listen } from './listen.ts'

const app = express()
app.post('/', guests.loadGuest, express.json(), (req, res) => {
  res.json({ ok: req.guest !== null })
})
app.use(guests.router)
listen(app)
