import { guestkey } from 'guestkey'
import { nextGuests } from 'guestkey/next'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'

const all = nextGuests(() => guestkey({ origin: 'http://localhost:3000' }), { cookies, headers, redirect })

export const GET = all.withGuest((request) => Response.json({ url: request.url }))
export const keep = async () => all.guests().keep(await all.requireGuest({ redirect: '/' }))
