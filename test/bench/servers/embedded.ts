// guestkey in an Express app, in front of the host's own route.

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
app.use(guests.router)
app.post('/', express.json(), (req, res) => {
  res.json({ ok: req.guest !== null })
})
listen(app)
