// Ways in and changes of operators at the same time, at two nodes.

import { expect, test } from 'vitest'
import { keptGuest } from '../../../support/ceremonies.ts'
import { day } from '../../../support/merging.ts'
import { join } from '../../../support/operators.ts'
import { createMeeting, inRounds, roundsOf } from '../../../support/rounds.ts'
import { act, later, start } from '../../../support/ways-in.ts'

// Once, the look at the audit trail, the look at the owners and the write were three steps: a removal between the first two
// left an owner alone, whose way in then needed nobody.
test('a way in needs no approval only if its owner was alone before it was opened, not since a moment ago', async () => {
  const { app, node, owner } = await start()
  const guests = [await keptGuest(app), await keptGuest(app), await keptGuest(app), await keptGuest(app)]
  const meet = createMeeting()
  const outcomes = new Set<string>()
  await inRounds(
    roundsOf(24, 120),
    async (round) => {
      const other = await join(app, 'owner', `other ${round}`)
      await later(app, day + 1, owner)
      const [, opened] = await meet(
        () => node.guests.operators.remove(other.id),
        () => Promise.all(guests.map(({ guest }) => act(owner, guest, 'way-in'))),
        ([, answers]) => answers.some(({ status }) => status === 409),
      )
      for (const { status, body } of opened) outcomes.add(`${status} ${body.is_approved ?? body.code}`)
      await later(app, day + 1)
    },
    1,
  )
  expect([...outcomes].toSorted()).toEqual(['201 false', '409 operators_changed'])
})
