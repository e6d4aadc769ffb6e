// The import: which login IDs of a guest are taken over.

import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { rowsOf } from '../../../support/merging.ts'

test('imports only login IDs that are verified, and the first of them is the primary one', async () => {
  const app = await startApp()
  const [email, phone] = ['ada@example.org', '+41446681800']
  const summary = await app.guests.import([
    { sub: 'a', email, phone },
    { sub: 'b', email, email_verified: false, phone, phone_verified: false },
    { sub: 'c', email, email_verified: null, phone, phone_verified: null },
    { sub: 'd', email_verified: true, phone_verified: true },
    { sub: 'e', email: 'eve@example.org', phone: '+41446681801', phone_verified: true },
    { sub: 'f', email, email_verified: true, phone, phone_verified: true },
  ])
  expect(summary).toMatchObject({ imported: 6, promoted: 2, withProblems: 0 })
  const rows = await rowsOf(app, 'login_ids')
  expect(
    rows.map((row) => [row.anonymous_id, row.type, row.value, Boolean(row.is_primary)]).toSorted(),
  ).toEqual([
    ['e', 'phone', '+41446681801', true],
    ['f', 'email', email, true],
    ['f', 'phone', phone, false],
  ])
})
