// `guestkey sweep`, `keep`, `erase`, `disable`, `enable`, `settings`, `webhooks` and `audit`, beside a running service that is configured with GUESTKEY_OPTIONS.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { guestkey, guestkeyAlone } from '../../../support/command.ts'
import { temporaryDeployment } from '../../../support/engine.ts'
import { startService } from '../../../support/service.ts'
import { execute, rowsOf } from '../../../support/tables.ts'

const secret = 'the secret of service and commands alike'

/** A service with a guest who has a passkey, and the environment variables that the commands share with it. */
async function serviceWithGuest(options: object = {}) {
  const { store, environment: deployment } = await temporaryDeployment()
  const environment = {
    ...deployment,
    GUESTKEY_SECRET: secret,
    NODE_ENV: 'production',
    GUESTKEY_ORIGIN: 'http://localhost:1',
    GUESTKEY_OPTIONS: JSON.stringify(options),
  }
  const service = await startService(environment)
  const browser = service.browser()
  const guest = await browser.signIn()
  const device = service.device()
  expect((await browser.addPasskey(device)).status).toBe(201)
  return { store, environment, service, browser, guest, device }
}

const counts = ({ out }: { out: string }) =>
  [...out.matchAll(/^ +([\d,]+) {2}guests (\w+)/gm)].map(([, n, what]) => `${n} ${what}`)

describe('guestkey sweep', () => {
  test('counts the guests who are due, then processes them, and then counts none', async () => {
    const { store, environment, service, browser, guest } = await serviceWithGuest()
    await service.stop()
    const ago = (stage: string) =>
      `UPDATE guests SET stage = '${stage}', last_seen_at = 1000, expires_at = 70000000, due_at = 70000000`
    const sweep = async (...args: string[]) => {
      const run = await guestkey(['sweep', ...args], environment)
      expect(run).toMatchObject({ err: '', code: 0 })
      return counts(run)
    }
    await execute(store, ago('active'))
    for (let i = 0; i < 2; i++) {
      expect(await sweep('--dry-run')).toEqual(['1 warned', '0 signed', '0 erased'])
    }
    expect(await sweep()).toEqual(['1 warned', '0 signed', '0 erased'])
    expect(await sweep('--dry-run')).toEqual(['0 warned', '0 signed', '0 erased'])
    await execute(store, ago('warned'))
    expect(await sweep()).toEqual(['0 warned', '1 signed', '0 erased'])
    await execute(store, ago('expired'))
    const last = await guestkeyAlone(['sweep'], environment)
    expect(last.out).toContain('sweeping: 100 %, 1 of 1 guests')
    expect(counts(last)).toEqual(['0 warned', '0 signed', '1 erased'])

    const again = await startService(environment)
    const back = again.browser()
    for (const [name, value] of browser.cookies) back.cookies.set(name, value)
    expect((await back.get('/guest/userinfo')).status).toBe(401)
    const { out } = await guestkey(['audit', '--guest', guest.sub], environment)
    expect(JSON.parse(out)).toMatchObject({ action: 'guest.erased', outcome: 'done' })
  })

  test('creates no store if there is none', async () => {
    const { err, code } = await guestkey(['sweep'], { GUESTKEY_DATA: '/nowhere/at/all' })
    expect({ err, code }).toEqual({
      err: 'guestkey: There is no store /nowhere/at/all/guestkey.db.\n',
      code: 1,
    })
  })
})

describe('guestkey keep and guestkey erase', () => {
  test('write the row of a guest of a running service, and delete everything about it', async () => {
    const { environment, service, store } = await serviceWithGuest()
    const browser = service.browser()
    const { sub } = await browser.signIn()
    const rows = () => rowsOf(store, 'guests', `anonymous_id = '${sub}'`)
    expect(await guestkeyAlone(['keep', sub], environment)).toMatchObject({
      err: '',
      out: `Kept: ${sub}. If this id is mistyped, take it back: guestkey erase ${sub} --yes\n`,
    })
    expect(await guestkey(['keep', sub], environment)).toMatchObject({ out: `Was kept before: ${sub}.\n` })
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
    expect(await rows()).toHaveLength(1)

    expect(await guestkey(['erase', sub], environment)).toMatchObject({
      err: expect.stringContaining(`erase ${sub} cannot be undone. Repeat it with --yes.`),
      code: 2,
    })
    expect(await rows()).toHaveLength(1)
    const erased = await guestkeyAlone(['erase', sub, '--yes'], environment)
    expect(erased).toMatchObject({ err: '', out: `Erased: ${sub}.\n`, code: 0 })
    expect(await rows()).toEqual([])
    expect((await browser.get('/guest/userinfo')).status).toBe(401)
    expect(await guestkey(['erase', sub, '--yes'], environment)).toMatchObject({
      out: `No guest with the id ${sub} is kept. If it was signed in, its session has ended.\n`,
      code: 1,
    })
  })

  test('say what is wrong with an id that is nobody’s', async () => {
    const { environment } = await serviceWithGuest()
    const refused = await guestkey(['keep', 'no\tid'], environment)
    expect(refused).toMatchObject({ err: expect.stringMatching(/^guestkey: /), code: 1 })
  })
})

describe('guestkey disable and guestkey enable', () => {
  test('sign a guest out of a running service, let nobody in, and let the guest in again', async () => {
    const { environment, service, browser, guest, device } = await serviceWithGuest()
    const enter = () => service.browser().signInWithPasskey(device)
    const until = '2999-01-31T00:00:00.000Z'
    const done = await guestkeyAlone(
      ['disable', guest.sub, '--until', '2999-01-31', '--reason', 'abuse'],
      environment,
    )
    expect(done).toMatchObject({ err: '', out: `Disabled until ${until}: ${guest.sub}.\n`, code: 0 })
    expect((await browser.get('/guest/userinfo')).status).toBe(401)
    expect((await enter()).body).toMatchObject({ status: 403, code: 'guest_disabled' })
    const enabled = await guestkeyAlone(['enable', guest.sub], environment)
    expect(enabled).toMatchObject({ err: '', out: `Enabled: ${guest.sub}.\n`, code: 0 })
    expect((await enter()).body.sub).toBe(guest.sub)
    expect(await guestkey(['enable', guest.sub], environment)).toMatchObject({
      err: `guestkey: The guest ${guest.sub} is not disabled.\n`,
      code: 1,
    })

    const shortly = await guestkey(['disable', guest.sub, '--until', '12h'], environment)
    const end = Date.parse(/until (\S+):/.exec(shortly.out)![1]!)
    expect(end - Date.now()).toBeGreaterThan(11.9 * 3600 * 1000)
    expect(end - Date.now()).toBeLessThanOrEqual(12 * 3600 * 1000)
  })

  test('take an id that begins with a dash', async () => {
    const { environment } = await serviceWithGuest()
    const id = '-bcdefghijklmnopqrstu-'
    expect(await guestkey(['disable', id, '--reason', 'other'], environment)).toMatchObject({
      err: '',
      out: `Disabled until guestkey enable: ${id}.\n`,
    })
    expect(await guestkey(['enable', id], environment)).toMatchObject({ err: '', code: 0 })
  })

  test.each([
    [
      ['--until', 'soon'],
      2,
      /--until soon is no time. Write a date like 2030-01-31, or 90m, 12h or 30d from now/,
    ],
    [['--until', '2001-01-31'], 1, /until must be a time to come/],
    [
      ['--reason', 'spite'],
      1,
      /reason must be one of abuse, compromised, requested, legal, other. It is spite/,
    ],
  ])('explain why %j is wrong', async (args, exitCode, message) => {
    const { environment } = await temporaryDeployment()
    await (await startService({ ...environment, GUESTKEY_SECRET: secret })).stop()
    const { err, code } = await guestkey(['disable', 'somebody', ...args], {
      ...environment,
      GUESTKEY_SECRET: secret,
    })
    expect(err).toMatch(message)
    expect(code).toBe(exitCode)
  })
})

describe('guestkey settings', () => {
  test('shows and changes the settings of a running service', async () => {
    const { environment, service } = await serviceWithGuest()
    const settings = async (...args: string[]) => {
      const { out, err, code } = await guestkeyAlone(['settings', ...args], environment)
      expect([err, code]).toEqual(['', 0])
      return out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
    const signIn = async () => (await service.browser().post('/guest/sign-in')).status
    const asInOptions = { changed_at: null, changed_by: null, reason: null }
    const [first, ...others] = await settings()
    expect(first).toEqual({ setting: 'guestSignIn', value: true, ...asInOptions })
    expect(others.map(({ setting }) => setting)).toEqual([
      ...['guestSignIn.users', 'rateLimit.perMinute', 'passkeyRegistration', 'codes', 'notice'],
    ])
    const changed = await settings('--set', 'guestSignIn=false', '--by', 'ada', '--reason', 'a flood')
    expect(changed[0]).toMatchObject({ value: false, changed_by: 'ada', reason: 'a flood' })
    await expect.poll(signIn, { timeout: 2000 }).toBe(403)
    expect((await settings('--set', 'rateLimit.perMinute=50'))[2]).toMatchObject({ value: 50 })
    expect((await settings('--reset', 'guestSignIn'))[0]).toEqual(first)
    await expect.poll(signIn, { timeout: 2000 }).toBe(200)
    const texts = { en: 'Codes come late.', de: 'Codes kommen spät.' }
    for (const [given, value] of [
      ['Read this.', 'Read this.'],
      [JSON.stringify(texts), texts],
    ] as const)
      expect((await settings('--set', `notice=${given}`)).at(-1)).toMatchObject({ setting: 'notice', value })
    const { err, code } = await guestkey(['settings', '--set', 'guestSignIn=maybe'], environment)
    expect(err).toBe('guestkey: guestSignIn must be true or false. It is "maybe".\n')
    expect(code).toBe(1)
  })

  test.each([
    [['--set', 'codes'], /--set codes is no setting with a value. Write it like guestSignIn=false/],
    [['--set', 'notice={en'], /--set notice=\{en begins like JSON, but is none/],
    [['--set', 'codes=true', '--reset', 'codes'], /Give --set or --reset, not both/],
    [['--reset', 'codes', '--by', 'ada'], /Give --by and --reason with --set only/],
    [['--reason', 'a flood'], /Give --by and --reason with --set only/],
  ])('explains why %j is wrong', async (args, message) => {
    const { err, code } = await guestkey(['settings', ...args])
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('guestkey audit', () => {
  test('prints who did what and when, the newest first, as lines of JSON', async () => {
    const { environment, guest, browser } = await serviceWithGuest()
    expect((await browser.post('/guest/sign-out')).status).toBe(204)
    const { out, code } = await guestkeyAlone(['audit'], environment)
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ action }) => action).toSorted()).toEqual(['guest.signed_out', 'passkey.added'])
    expect(new Set(lines.map(({ anonymous_id }) => anonymous_id))).toEqual(new Set([guest.sub]))
    expect((await guestkey(['audit', '--limit', '1'], environment)).out.trim().split('\n')).toHaveLength(1)
    expect((await guestkey(['audit', '--since', '2999-01-01'], environment)).out).toBe('')
    for (const nobody of ['somebody', '-omebody', '--mebody'])
      expect(await guestkey(['audit', '--guest', nobody], environment)).toMatchObject({
        out: '',
        err: '',
        code: 0,
      })
    expect(await guestkey(['audit', '--guest', '--limit'], environment)).toMatchObject({ code: 2 })
  })

  test.each([
    [['--since', 'yesterday'], /--since yesterday is not a time/],
    [['--limit', 'all'], /--limit all is not a number/],
  ])('explains why %j is wrong', async (args, message) => {
    const { err, code } = await guestkey(['audit', ...args])
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('guestkey webhooks', () => {
  test('lists the webhooks that failed, and sends one again', async () => {
    const received: string[] = []
    let status = 410
    const receiver = createServer((req, res) => {
      received.push(String(req.headers['webhook-id']))
      res.writeHead(status).end()
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void receiver.close())
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
    const webhooks = [
      { url, secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`, events: ['guest.kept'] },
    ]
    const { environment, guest } = await serviceWithGuest({ webhooks })
    const failed = async () =>
      (await guestkey(['webhooks'], environment)).out.trim().split('\n').filter(Boolean)
    await expect.poll(failed, { timeout: 20_000 }).toHaveLength(1)
    const [letter] = (await failed()).map((line) => JSON.parse(line))
    expect(letter).toMatchObject({ id: received[0], url, event: 'guest.kept', attempts: 1 })
    expect(JSON.parse(letter.payload).data.guest.sub).toBe(guest.sub)

    status = 204
    const nobody = await guestkey(['webhooks', '--retry', 'msg_none'], environment)
    expect(nobody).toMatchObject({
      err: 'guestkey: There is no failed webhook msg_none.\n',
      code: 1,
    })
    const retried = await guestkeyAlone(['webhooks', '--retry', letter.id], environment)
    expect(retried).toMatchObject({ out: 'To be sent again: 1.\n', code: 0 })
    await expect.poll(() => received, { timeout: 20_000 }).toEqual([letter.id, letter.id])
    await expect.poll(failed, { timeout: 20_000 }).toEqual([])
  })
})

describe('GUESTKEY_OPTIONS', () => {
  test('sets the options that a host sets in code: collections, prompts, and a profile as a JSON Schema', async () => {
    const { service } = await serviceWithGuest({
      collections: { customers: { prompts: [{ prompt: 'add_attribute:nickname' }] } },
      profile: { type: 'object', properties: { nickname: { type: 'string', maxLength: 10 } } },
    })
    const browser = service.browser()
    const guest = await browser.signIn()
    expect(guest).toMatchObject({ collection: 'customers', prompts: ['add_attribute:nickname'] })
    const tell = (nickname: unknown) => browser.patch('/guest/profile', { attributes: { nickname } })
    const refused = await tell('longer than that')
    expect(refused.body).toMatchObject({ status: 400, code: 'invalid_attribute' })
    expect(refused.body.detail).toMatch(/^nickname: /)
    expect((await tell('Fox')).body.attributes).toEqual({ nickname: 'Fox' })
    expect((await browser.get('/guest/userinfo')).body.prompts).toEqual([])
  })
})
