import { error, type RequestHandler, redirect } from '@sveltejs/kit'
import type { Handle } from '@sveltejs/kit/hooks'
import { guestkey } from 'guestkey'
import { svelteKitGuests } from 'guestkey/sveltekit'

const all = svelteKitGuests(() => guestkey({ origin: 'http://localhost:3000' }), { error, redirect })

export const handle: Handle = all.handle
export const GET: RequestHandler = all.withGuest(({ locals }) => Response.json(locals.guest))
