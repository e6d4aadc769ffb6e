// guestkey as the bench embeds it, configured by the bench's environment.

import { guestkey } from '../../../server/index.ts'

export const guests = guestkey({
  origin: process.env.BENCH_ORIGIN!,
  store: process.env.BENCH_DATABASE!,
  secret: process.env.BENCH_SECRET!,
  rateLimit: false,
})
