// How operators join, sign in, step up and sign out.

import { describe, expect, test } from 'vitest'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import {
  accept,
  admin,
  join,
  linesOf,
  prove,
  refusal,
  startAdmin,
  stepUp,
  type TestOperator,
  tokenIn,
  why,
} from '../../../support/operators.ts'

const hour = 60 * 60

describe('an invitation', () => {
  test('makes an operator with a passkey, who is signed in', async () => {
    const app = await startAdmin()
    const { id, browser } = await join(app, 'owner', 'ada')
    const me = await browser.get(`${admin}/me`)
    expect(me.body).toMatchObject({ id, name: 'ada', role: 'owner' })
    expect(await app.guests.operators.list()).toMatchObject([
      { id, name: 'ada', passkeys: 1, invited_until: null },
    ])
  })

  test('is good once', async () => {
    const app = await startAdmin()
    const { link } = await app.guests.operators.add('ada', 'owner')
    expect((await accept(app.browser(), app.device(), tokenIn(link))).status).toBe(201)
    const again = await accept(app.browser(), app.device(), tokenIn(link))
    expect(refusal(again)).toBe('400 invitation_invalid')
  })

  test('has one winner of two who use it at once', async () => {
    const app = await startAdmin()
    const { link } = await app.guests.operators.add('ada', 'owner')
    const invitation = tokenIn(link)
    const proofs = await Promise.all(
      [app.browser(), app.browser()].map(async (browser) => {
        const { body } = await browser.post(`${admin}/invitations/options`, { invitation })
        return { browser, passkey: await app.device().create(body) }
      }),
    )
    const answers = await Promise.all(
      proofs.map(({ browser, passkey }) =>
        browser.post(`${admin}/invitations/accept`, { invitation, passkey }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
    expect(await app.guests.operators.list()).toMatchObject([{ passkeys: 1 }])
  })

  test('expires after 24 hours', async () => {
    const app = await startAdmin()
    const { link, expires_at } = await app.guests.operators.add('ada', 'owner')
    expect(expires_at).toBe(Math.floor(app.clock.now() / 1000) + 24 * hour)
    app.clock.forward(24 * hour)
    expect(refusal(await accept(app.browser(), app.device(), tokenIn(link)))).toBe('400 invitation_invalid')
    expect(await app.guests.operators.list()).toMatchObject([{ passkeys: 0, invited_until: null }])
  })

  test('replaces the one before, and when it is used, the passkeys and sessions from before', async () => {
    const app = await startAdmin()
    const ada = await join(app, 'owner', 'ada')
    const first = await app.guests.operators.invite('ada')
    const second = await app.guests.operators.invite('ada')
    expect(refusal(await accept(app.browser(), app.device(), tokenIn(first.link)))).toBe(
      '400 invitation_invalid',
    )
    expect((await ada.browser.get(`${admin}/me`)).status).toBe(200)
    expect((await accept(app.browser(), app.device(), tokenIn(second.link))).status).toBe(201)
    expect(refusal(await ada.browser.get(`${admin}/me`))).toBe('401 session_invalid')
    expect(refusal(await prove(app.browser(), ada.device))).toBe('401 authentication_failed')
  })

  const withdrawals: [string, (ada: TestOperator, eve: TestOperator, item: string) => Promise<unknown>][] = [
    [
      'all sessions ended',
      ({ browser }, { id }) => browser.post(`${admin}/operators/${id}/sessions/end`, why),
    ],
    [
      'the role changed',
      ({ browser }, { id }) => browser.post(`${admin}/operators/${id}/role`, { role: 'support', ...why }),
    ],
    ['a passkey removed', (_ada, { browser }, item) => browser.post(`${admin}/me/passkeys/${item}/remove`)],
  ]

  test.each(withdrawals)(
    'ends with %s: whoever made it in a stolen session is out too',
    async (_what, act) => {
      const app = await startAdmin()
      const [ada, eve] = [await join(app, 'owner', 'ada'), await join(app, 'owner', 'eve')]
      const options = await eve.browser.post(`${admin}/me/passkeys/options`)
      const added = await eve.browser.post(`${admin}/me/passkeys`, await app.device().create(options.body))
      const stolen = copyOf(app, eve.browser)
      const { body } = await stolen.post(`${admin}/operators/${eve.id}/invite`, why)
      const begun = await stolen.post(`${admin}/invitations/options`, { invitation: body.invitation })
      expect(await act(ada, eve, added.body.id)).toMatchObject({
        status: expect.toSatisfy((status) => status < 300),
      })
      const passkey = await app.device().create(begun.body)
      const answer = await stolen.post(`${admin}/invitations/accept`, {
        invitation: body.invitation,
        passkey,
      })
      expect(refusal(answer)).toBe('400 invitation_invalid')
      expect((await prove(app.browser(), eve.device)).status).toBe(200)
      expect(await app.rows()).toMatchObject({ operator_invitations: 0 })
    },
  )

  test('ends with all sessions when there is none, and the audit trail says so', async () => {
    const app = await startAdmin()
    const [ada, eve] = [await join(app, 'owner', 'ada'), await join(app, 'viewer', 'eve')]
    await eve.browser.post(`${admin}/sign-out`)
    const { link } = await app.guests.operators.invite('eve')
    const end = () => ada.browser.post(`${admin}/operators/${eve.id}/sessions/end`, why)
    expect((await end()).body).toEqual({ ended: 0 })
    expect(refusal(await accept(app.browser(), app.device(), tokenIn(link)))).toBe('400 invitation_invalid')
    await end()
    expect(await linesOf(app, 'operator.sessions_ended')).toMatchObject([{ outcome: eve.id }])
  })

  test('stays when one session ends, and for whoever has no passkey yet', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner', 'ada')
    const eve = await join(app, 'viewer', 'eve')
    const anew = await app.guests.operators.invite('eve')
    const { sessions } = (await browser.get(`${admin}/operators/${eve.id}/sessions`)).body
    await browser.post(`${admin}/operators/${eve.id}/sessions/${sessions[0].id}/end`, why)
    expect((await accept(app.browser(), app.device(), tokenIn(anew.link))).status).toBe(201)

    const { id, link } = await app.guests.operators.add('kim', 'viewer')
    await browser.post(`${admin}/operators/${id}/role`, { role: 'support', ...why })
    await browser.post(`${admin}/operators/${id}/sessions/end`, why)
    expect((await accept(app.browser(), app.device(), tokenIn(link))).body).toMatchObject({ role: 'support' })
  })

  test('takes no passkey that was made for another one', async () => {
    const app = await startAdmin()
    const [ada, eve] = [
      await app.guests.operators.add('ada', 'owner'),
      await app.guests.operators.add('eve', 'viewer'),
    ]
    const browser = app.browser()
    const options = await browser.post(`${admin}/invitations/options`, { invitation: tokenIn(eve.link) })
    const passkey = await app.device().create(options.body)
    const answer = await browser.post(`${admin}/invitations/accept`, {
      invitation: tokenIn(ada.link),
      passkey,
    })
    expect(refusal(answer)).toBe('400 registration_failed')
  })
})

describe('the session of an operator', () => {
  test('is in a cookie that no page of another site makes a browser send, and its token nowhere in the store', async () => {
    const app = await startAdmin({ origin: 'https://guests.example' })
    const { device } = await join(app, 'viewer')
    const browser = app.browser()
    const answer = await prove(browser, device)
    const [cookie] = answer.headers['set-cookie'] as unknown as string[]
    expect(cookie).toMatch(
      /^__Host-guestkey-operator=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure$/,
    )
  })

  test('ends after 30 minutes without use', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'viewer')
    app.clock.forward(30 * 60 - 1)
    expect((await browser.get(`${admin}/me`)).status).toBe(200)
    app.clock.forward(30 * 60 - 1)
    expect((await browser.get(`${admin}/me`)).status).toBe(200)
    app.clock.forward(30 * 60)
    expect(refusal(await browser.get(`${admin}/me`))).toBe('401 session_invalid')
  })

  test('ends after eight hours, however often it is used', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'viewer')
    for (let minutes = 0; minutes < 8 * 60 - 20; minutes += 20) {
      app.clock.forward(20 * 60)
      expect((await browser.get(`${admin}/me`)).status).toBe(200)
    }
    app.clock.forward(20 * 60)
    expect(refusal(await browser.get(`${admin}/me`))).toBe('401 session_invalid')
  })

  test('is replaced by a step-up, whose proof counts for five minutes', async () => {
    const app = await startAdmin()
    const owner = await join(app, 'owner')
    const invite = () => owner.browser.post(`${admin}/operators/${owner.id}/invite`, why)
    app.clock.forward(5 * 60)
    expect((await invite()).status).toBe(201)
    app.clock.forward(1)
    const refused = await invite()
    expect(refusal(refused)).toBe('401 insufficient_user_authentication')
    expect(refused.headers['www-authenticate']).toContain('max_age=300')
    const copy = copyOf(app, owner.browser)
    expect((await stepUp(owner)).status).toBe(200)
    expect((await invite()).status).toBe(201)
    expect(refusal(await copy.get(`${admin}/me`))).toBe('401 session_invalid')
  })

  test('ends with the sign-out, on this browser and in a copy of its cookie', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'viewer')
    const copy = copyOf(app, browser)
    expect((await browser.post(`${admin}/sign-out`)).status).toBe(204)
    expect(browser.cookie).toBeUndefined()
    expect(refusal(await copy.get(`${admin}/me`))).toBe('401 session_invalid')
    expect(refusal(await browser.get(`${admin}/me`))).toBe('401 not_signed_in')
  })

  test('ends when the same browser signs in again', async () => {
    const app = await startAdmin()
    const { browser, device } = await join(app, 'viewer')
    const copy = copyOf(app, browser)
    expect((await prove(browser, device)).status).toBe(200)
    expect(refusal(await copy.get(`${admin}/me`))).toBe('401 session_invalid')
    expect((await browser.get(`${admin}/me/sessions`)).body.sessions).toHaveLength(1)
  })

  test.each(['signs in', 'accepts an invitation'])(
    'ends when another operator %s in the same browser',
    async (how) => {
      const app = await startAdmin()
      const [ada, eve] = [await join(app, 'owner', 'ada'), await join(app, 'viewer', 'eve')]
      const copy = copyOf(app, ada.browser)
      const elsewhere = app.browser()
      await prove(elsewhere, ada.device)
      const { link } = await app.guests.operators.add('kim', 'viewer')
      const answer =
        how === 'signs in'
          ? await prove(ada.browser, eve.device)
          : await accept(ada.browser, app.device(), tokenIn(link))
      expect(answer.status, answer.text).toBeLessThan(300)
      expect(refusal(await copy.get(`${admin}/me`))).toBe('401 session_invalid')
      expect((await ada.browser.get(`${admin}/me`)).body.name).not.toBe('ada')
      for (const { browser } of [{ browser: elsewhere }, eve])
        expect((await browser.get(`${admin}/me`)).status).toBe(200)
    },
  )

  test('goes on when a proof in the same browser is refused', async () => {
    const app = await startAdmin()
    const [ada, eve] = [await join(app, 'owner', 'ada'), await join(app, 'viewer', 'eve')]
    await app.guests.operators.remove('eve')
    expect(refusal(await prove(ada.browser, eve.device))).toBe('401 authentication_failed')
    expect((await ada.browser.get(`${admin}/me`)).body.name).toBe('ada')
  })

  test('is listed and ended by its operator', async () => {
    const app = await startAdmin()
    const { browser, device } = await join(app, 'viewer')
    const other = app.browser()
    await prove(other, device)
    const { sessions } = (await browser.get(`${admin}/me/sessions`)).body
    expect(sessions).toHaveLength(2)
    const [theirs] = sessions.filter(({ current }: { current: boolean }) => !current)
    expect((await browser.post(`${admin}/me/sessions/${theirs.id}/end`)).status).toBe(204)
    expect(refusal(await other.get(`${admin}/me`))).toBe('401 session_invalid')
    expect((await browser.get(`${admin}/me`)).status).toBe(200)
  })

  test('is listed and ended by an owner', async () => {
    const app = await startAdmin()
    const [owner, viewer] = [await join(app, 'owner'), await join(app, 'viewer')]
    const { sessions } = (await owner.browser.get(`${admin}/operators/${viewer.id}/sessions`)).body
    const path = `${admin}/operators/${viewer.id}/sessions/${sessions[0].id}/end`
    expect((await owner.browser.post(path, why)).body).toEqual({ ended: 1 })
    expect(refusal(await viewer.browser.get(`${admin}/me`))).toBe('401 session_invalid')
    await prove(viewer.browser, viewer.device)
    expect((await owner.browser.post(`${admin}/operators/${viewer.id}/sessions/end`, why)).body).toEqual({
      ended: 1,
    })
    expect(refusal(await viewer.browser.get(`${admin}/me`))).toBe('401 session_invalid')
  })

  test('is one of twenty at most: a sign-in ends the least used one', async () => {
    const app = await startAdmin()
    const first = await join(app, 'viewer')
    for (let i = 0; i < 20; i++) {
      app.clock.forward(1)
      await prove(app.browser(), first.device)
    }
    expect(refusal(await first.browser.get(`${admin}/me`))).toBe('401 session_invalid')
  })
})

describe('a proof of an operator', () => {
  test('is good once', async () => {
    const app = await startAdmin()
    const { device } = await join(app, 'viewer')
    const browser = app.browser()
    const options = await browser.post(`${admin}/sign-in/options`)
    const proof = await device.get(options.body)
    expect((await browser.post(`${admin}/sign-in`, proof)).status).toBe(200)
    expect(refusal(await app.browser().post(`${admin}/sign-in`, proof))).toBe('401 authentication_failed')
  })

  test('of a sign-in is no step-up, and the reverse', async () => {
    const app = await startAdmin()
    const { browser, device } = await join(app, 'viewer')
    for (const [asked, sent] of [
      ['/sign-in', '/step-up'],
      ['/step-up', '/sign-in'],
    ]) {
      const options = await browser.post(`${admin}${asked}/options`)
      const answer = await browser.post(`${admin}${sent}`, await device.get(options.body))
      expect(refusal(answer), asked).toBe('401 authentication_failed')
    }
  })

  test('of another operator is no step-up', async () => {
    const app = await startAdmin()
    const [owner, viewer] = [await join(app, 'owner'), await join(app, 'viewer')]
    const options = await viewer.browser.post(`${admin}/step-up/options`)
    const proof = await owner.device.get({ ...options.body, allowCredentials: [] })
    expect(refusal(await viewer.browser.post(`${admin}/step-up`, proof))).toBe('401 authentication_failed')
    const forViewer = await viewer.device.get((await viewer.browser.post(`${admin}/step-up/options`)).body)
    expect(refusal(await owner.browser.post(`${admin}/step-up`, forViewer))).toBe('401 authentication_failed')
  })

  test('without a user handle, or with that of another operator, is no sign-in', async () => {
    const app = await startAdmin()
    const [ada, eve] = [await join(app, 'viewer', 'ada'), await join(app, 'viewer', 'eve')]
    const sign = async (userHandle: (own: string) => string | undefined) => {
      const { body } = await ada.browser.post(`${admin}/sign-in/options`)
      const proof = await ada.device.get(body)
      const response = { ...proof.response, userHandle: userHandle(proof.response.userHandle!) }
      return app.browser().post(`${admin}/sign-in`, { ...proof, response })
    }
    const { body } = await eve.browser.post(`${admin}/sign-in/options`)
    const theirs = (await eve.device.get(body)).response.userHandle
    for (const wrong of [undefined, theirs, ''])
      expect(refusal(await sign(() => wrong)), wrong).toBe('401 authentication_failed')
    expect((await sign((own) => own)).status).toBe(200)
  })

  test('of a step-up is good only in the session that asked for it', async () => {
    const app = await startAdmin()
    const { browser, device } = await join(app, 'viewer')
    const other = app.browser()
    await prove(other, device)
    const proof = await device.get((await browser.post(`${admin}/step-up/options`)).body)
    expect(refusal(await other.post(`${admin}/step-up`, proof))).toBe('401 authentication_failed')
    expect((await browser.post(`${admin}/step-up`, proof)).status).toBe(200)
  })

  test('with a counter that went back is refused, and a line of the audit trail says so', async () => {
    const app = await startAdmin()
    const { id, browser, device } = await join(app, 'viewer')
    const sign = async (signCount: number) => {
      const { body } = await browser.post(`${admin}/sign-in/options`)
      return browser.post(`${admin}/sign-in`, await device.get(body, { signCount }))
    }
    expect((await sign(7)).status).toBe(200)
    expect(await linesOf(app, 'operator.counter_regressed')).toEqual([])
    expect(refusal(await sign(7))).toBe('401 authentication_failed')
    expect(await linesOf(app, 'operator.counter_regressed')).toMatchObject([
      { outcome: 'refused', operator: { by: id, role: 'viewer' } },
    ])
    expect((await sign(8)).status).toBe(200)
  })

  test.each([{ userVerified: false }, { origin: 'http://evil.example' }])(
    'that is wrong (%j) is refused',
    async (wrong) => {
      const app = await startAdmin()
      const { browser, device } = await join(app, 'viewer')
      const { body } = await browser.post(`${admin}/sign-in/options`)
      expect(refusal(await browser.post(`${admin}/sign-in`, await device.get(body, wrong as never)))).toBe(
        '401 authentication_failed',
      )
    },
  )
})

describe('operators and guests', () => {
  test('are strangers: neither signs in as the other, with a passkey or a session', async () => {
    const app = await startAdmin()
    const operator = await join(app, 'owner')
    const guest = await keptGuest(app)
    expect(refusal(await app.browser().signInWithPasskey(operator.device))).toBe('401 authentication_failed')
    expect(refusal(await prove(app.browser(), guest.device))).toBe('401 authentication_failed')

    expect(refusal(await guest.browser.get(`${admin}/me`))).toBe('401 not_signed_in')
    expect(refusal(await operator.browser.get('/guest/userinfo'))).toBe('401 not_signed_in')
    const [token] = [...operator.browser.cookies.values()]
    const disguised = app.browser()
    disguised.cookies.set('guestkey', token!)
    expect(refusal(await disguised.get('/guest/userinfo'))).toBe('401 session_invalid')
    const reverse = app.browser()
    reverse.cookies.set('guestkey-operator', guest.browser.cookies.get('guestkey')!)
    expect(refusal(await reverse.get(`${admin}/me`))).toBe('401 session_invalid')
  })

  test('can be signed in beside each other in one browser', async () => {
    const app = await startAdmin()
    const { browser } = await join(app, 'owner')
    const guest = await browser.signIn()
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await browser.get(`${admin}/me`)).status).toBe(200)
  })

  test('share no challenge: one of an operator is none for a guest, and the reverse', async () => {
    const app = await startAdmin()
    const operator = await join(app, 'owner')
    const guest = await keptGuest(app)
    const forOperators = (await operator.browser.post(`${admin}/sign-in/options`)).body
    const forGuests = (await guest.browser.post('/guest/passkeys/authenticate/options')).body
    const ofGuest = await guest.device.get(forOperators)
    expect(refusal(await app.browser().post('/guest/passkeys/authenticate', ofGuest))).toBe(
      '401 authentication_failed',
    )
    const ofOperator = await operator.device.get(forGuests)
    expect(refusal(await app.browser().post(`${admin}/sign-in`, ofOperator))).toBe(
      '401 authentication_failed',
    )
  })
})

test('what operators do in their own matters is in the audit trail, without a reason', async () => {
  const app = await startAdmin()
  const viewer = await join(app, 'viewer')
  await stepUp(viewer)
  await viewer.browser.post(`${admin}/sign-out`)
  await prove(viewer.browser, viewer.device)
  const lines = (await linesOf(app)).map(({ action, operator }) => [action, operator?.by, operator?.role])
  expect(lines.toSorted()).toEqual(
    [
      ['operator.added', null, 'host'],
      ['operator.joined', viewer.id, 'viewer'],
      ['operator.stepped_up', viewer.id, 'viewer'],
      ['operator.signed_out', viewer.id, 'viewer'],
      ['operator.signed_in', viewer.id, 'viewer'],
    ].toSorted(),
  )
})
