// Roles: who may change operators, that one owner always stays, and what the audit trail says.

import { describe, expect, test } from 'vitest'
import { keptGuest } from '../../../support/ceremonies.ts'
import {
  accept,
  admin,
  join,
  linesOf,
  prove,
  refusal,
  startAdmin,
  tokenIn,
  why,
} from '../../../support/operators.ts'
import { roundsOf } from '../../../support/rounds.ts'
import { execute, tables } from '../../../support/tables.ts'

const operatorsOf = async (app: Awaited<ReturnType<typeof startAdmin>>) =>
  (await app.guests.operators.list()).map(({ name, role }) => `${name} ${role}`)

describe('an owner', () => {
  test('invites an operator, who joins with the role', async () => {
    const app = await startAdmin()
    const owner = await join(app, 'owner')
    const answer = await owner.browser.post(`${admin}/operators`, { name: 'eve', role: 'support', ...why })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.body.link).toBe(`${app.origin}/guest/admin#invitation=${answer.body.invitation}`)
    const eve = app.browser()
    expect((await accept(eve, app.device(), tokenIn(answer.body.link))).body).toMatchObject({
      id: answer.body.id,
      name: 'eve',
      role: 'support',
    })
  })

  test('gives no two operators one name, also not at once', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner')
    const add = () => browser.post(`${admin}/operators`, { name: 'eve', role: 'viewer', ...why })
    const answers = await Promise.all([add(), add(), add()])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(refusal(await add())).toBe('409 operator_name_taken')
  })

  test.each(['', ' eve', 'eve\n', '<b>', 'e'.repeat(65), 'e\u0301ve', '\u202eeve'])(
    'cannot call an operator %j',
    async (name) => {
      const app = await startAdmin()
      const { browser } = await join(app, 'owner')
      const answer = await browser.post(`${admin}/operators`, { name, role: 'viewer', ...why })
      expect(refusal(answer)).toBe('400 invalid_request')
      expect(await operatorsOf(app)).toEqual(['owner owner'])
    },
  )

  test('changes a role, which ends the sessions of that operator', async () => {
    const app = await startAdmin()
    const [owner, viewer] = [await join(app, 'owner'), await join(app, 'viewer')]
    const path = `${admin}/operators/${viewer.id}/role`
    expect((await owner.browser.post(path, { role: 'support', ...why })).status).toBe(204)
    expect(refusal(await viewer.browser.get(`${admin}/me`))).toBe('401 session_invalid')
    expect((await prove(viewer.browser, viewer.device)).body.role).toBe('support')
  })

  test('removes an operator, who is out at once and leaves only an id', async () => {
    const app = await startAdmin()
    const [owner, viewer] = [await join(app, 'owner'), await join(app, 'viewer')]
    expect((await owner.browser.post(`${admin}/operators/${viewer.id}/remove`, why)).status).toBe(204)
    expect(refusal(await viewer.browser.get(`${admin}/me`))).toBe('401 session_invalid')
    expect(refusal(await prove(viewer.browser, viewer.device))).toBe('401 authentication_failed')
    expect(await app.rows()).toMatchObject({ operators: 1, operator_passkeys: 1, operator_sessions: 1 })
    const [line] = await linesOf(app, 'operator.removed')
    expect(line).toMatchObject({
      outcome: viewer.id,
      operator: { by: owner.id, role: 'owner', reason: 'test', case: 'T-1' },
    })
  })

  test('stays: the last one who can sign in is neither demoted nor removed', async () => {
    const app = await startAdmin()
    const { id, browser } = await join(app, 'owner')
    await app.guests.operators.add('invited', 'owner')
    for (const [what, body] of [
      ['role', { role: 'viewer' }],
      ['remove', {}],
    ] as const)
      expect(refusal(await browser.post(`${admin}/operators/${id}/${what}`, { ...body, ...why }))).toBe(
        '409 no_other_owner',
      )
    expect((await browser.post(`${admin}/operators/${id}/role`, { role: 'owner', ...why })).status).toBe(204)
  })

  test('who never joined can be removed, even if there is no other', async () => {
    const app = await startAdmin()
    await app.guests.operators.add('ada', 'owner')
    await app.guests.operators.remove('ada')
    expect(await operatorsOf(app)).toEqual([])
  })

  test('stays, though two owners remove or demote each other at once', async () => {
    for (let round = 0; round < roundsOf(5, 25); round++) {
      const app = await startAdmin()
      const [ada, eve] = [await join(app, 'owner', 'ada'), await join(app, 'owner', 'eve')]
      const answers = await Promise.all([
        ada.browser.post(`${admin}/operators/${eve.id}/remove`, why),
        eve.browser.post(`${admin}/operators/${ada.id}/role`, { role: 'viewer', ...why }),
      ])
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
      expect((await operatorsOf(app)).filter((one) => one.endsWith(' owner'))).toHaveLength(1)
      await app.close()
    }
  })

  test('is told which operator there is not', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner')
    const nobody = 'x'.repeat(22)
    for (const [what, body] of [
      ['role', { role: 'viewer' }],
      ['remove', {}],
      ['invite', {}],
    ] as const)
      expect(refusal(await browser.post(`${admin}/operators/${nobody}/${what}`, { ...body, ...why }))).toBe(
        '404 not_found',
      )
  })
})

describe('a passkey of an operator', () => {
  test('is joined by another one, and is removed unless it is the last', async () => {
    const app = await startAdmin()
    const { browser, device } = await join(app, 'viewer')
    const other = app.device()
    const options = await browser.post(`${admin}/me/passkeys/options`)
    const added = await browser.post(`${admin}/me/passkeys`, await other.create(options.body))
    expect(added.status, added.text).toBe(201)
    const elsewhere = app.browser()
    expect((await prove(elsewhere, other)).status).toBe(200)
    const { passkeys } = (await browser.get(`${admin}/me/passkeys`)).body
    expect(passkeys).toHaveLength(2)
    const [first] = passkeys.filter(({ id }: { id: string }) => id !== added.body.id)
    expect((await browser.post(`${admin}/me/passkeys/${first.id}/remove`)).status).toBe(204)
    expect(refusal(await elsewhere.get(`${admin}/me`))).toBe('401 session_invalid')
    expect(refusal(await prove(app.browser(), device))).toBe('401 authentication_failed')
    expect(refusal(await browser.post(`${admin}/me/passkeys/${added.body.id}/remove`))).toBe(
      '409 would_lose_account',
    )
  })

  test('is made for the session that asked, and once', async () => {
    const app = await startAdmin()
    const [ada, eve] = [await join(app, 'viewer', 'ada'), await join(app, 'viewer', 'eve')]
    const options = await ada.browser.post(`${admin}/me/passkeys/options`)
    const passkey = await app.device().create(options.body)
    expect(refusal(await eve.browser.post(`${admin}/me/passkeys`, passkey))).toBe('400 registration_failed')
    expect((await ada.browser.post(`${admin}/me/passkeys`, passkey)).status).toBe(201)
    expect(refusal(await ada.browser.post(`${admin}/me/passkeys`, passkey))).toBe('400 registration_failed')
  })

  test('and a session of another operator are out of reach', async () => {
    const app = await startAdmin()
    const [ada, eve] = [await join(app, 'viewer', 'ada'), await join(app, 'viewer', 'eve')]
    const { passkeys } = (await eve.browser.get(`${admin}/me/passkeys`)).body
    const { sessions } = (await eve.browser.get(`${admin}/me/sessions`)).body
    expect(refusal(await ada.browser.post(`${admin}/me/passkeys/${passkeys[0].id}/remove`))).toBe(
      '404 not_found',
    )
    expect(refusal(await ada.browser.post(`${admin}/me/sessions/${sessions[0].id}/end`))).toBe(
      '404 not_found',
    )
    expect((await eve.browser.get(`${admin}/me`)).status).toBe(200)
  })
})

describe('two nodes', () => {
  test('share operators and sessions, and what one ends is over at the other', async () => {
    const secret = 'the secret of two nodes, of 32 characters and more'
    const first = await startAdmin({ secret })
    const { store, origin, clock } = first
    const second = await startAdmin({ secret, store, origin, now: clock.now })
    const owner = await join(first, 'owner')
    const viewer = await join(first, 'viewer')
    const there = second.browser()
    for (const [name, value] of viewer.browser.cookies) there.cookies.set(name, value)
    expect((await there.get(`${admin}/me`)).status).toBe(200)
    await owner.browser.post(`${admin}/operators/${viewer.id}/remove`, why)
    expect(refusal(await there.get(`${admin}/me`))).toBe('401 session_invalid')
  })
})

test('an operator costs guests no row, and a guest costs operators none', async () => {
  const app = await startAdmin()
  await join(app, 'owner')
  expect(await app.rows()).toMatchObject({ guests: 0, passkeys: 0, sessions: 0 })
  await keptGuest(app)
  expect(await app.rows()).toMatchObject({ operators: 1, operator_passkeys: 1, operator_sessions: 1 })
})

test('no name of an operator, no token and no secret of an invitation is in the audit trail, a log or another table', async () => {
  const app = await startAdmin()
  const { link } = await app.guests.operators.add('Hildegard', 'owner')
  const browser = app.browser()
  await accept(browser, app.device(), tokenIn(link))
  await browser.post(`${admin}/operators`, { name: 'Hildegard', role: 'viewer', ...why })
  const { operators, ...others } = await tables(app.store)
  expect(JSON.stringify(operators)).toContain('Hildegard')
  const secrets = ['Hildegard', tokenIn(link), ...browser.cookies.values()]
  for (const secret of secrets) {
    expect(JSON.stringify(others)).not.toContain(secret)
    expect(JSON.stringify(app.logs)).not.toContain(secret)
  }
})

test('the export of a guest says in which role and why an operator acted, and not who it was', async () => {
  const app = await startAdmin()
  const owner = await join(app, 'owner')
  const { browser, guest } = await keptGuest(app)
  await execute(
    app.store,
    `UPDATE audit SET operator_id = '${owner.id}', operator_role = 'support', operator_reason = 'abuse',
      operator_case = 'T-9' WHERE anonymous_id = '${guest.sub}'`,
  )
  const [line] = await app.guests.auditTrail({ anonymousId: guest.sub })
  expect(line!.operator).toEqual({ by: owner.id, role: 'support', reason: 'abuse', case: 'T-9' })
  const { text, body } = await browser.get('/guest/account/export')
  expect(body.audit[0].operator).toEqual({ role: 'support', reason: 'abuse', case: 'T-9' })
  for (const who of [owner.id, owner.name]) expect(text).not.toContain(who)
})

test('sessions and invitations that are over leave the store by the clean-up', async () => {
  const app = await startAdmin()
  await join(app, 'owner')
  await app.guests.operators.add('eve', 'viewer')
  expect(await app.rows()).toMatchObject({ operator_sessions: 1, operator_invitations: 1 })
  app.clock.forward(26 * 60 * 60)
  await app.guests.runChores()
  expect(await app.rows()).toMatchObject({ operators: 2, operator_sessions: 0, operator_invitations: 0 })
})
