import { guests, withGuest } from '../../lib/guests.js'

export const GET = withGuest(async (request) => {
  const { anonymous_id } = await guests().guestOf(request)
  return Response.json({ id: anonymous_id })
})
