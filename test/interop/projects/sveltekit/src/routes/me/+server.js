import { json } from '@sveltejs/kit'
import { guests } from '../../lib/server/guests.js'

export const GET = guests.withGuest(({ locals }) => json({ id: locals.guest.anonymous_id }))
