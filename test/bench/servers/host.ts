// The bare Express app with one more middleware in its route: the one that loads the guest.

import express from 'express'
import { guestkey } from '../../../server/index.ts'
import { listen } from './listen.ts'

const guests = guestkey({
  origin: process.env.BENCH_ORIGIN!,
  store: process.env.BENCH_DATABASE!,
  secret: process.env.BENCH_SECRET!,
  rateLimit: false,
})
const app = express()
app.post('/', guests.loadGuest, express.json(), (req, res) => {
  res.json({ ok: req.guest !== null })
})
app.use(guests.router)
listen(app)
