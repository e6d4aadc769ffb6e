// `guestkey operators`, beside a running service whose API for operators has a port of its own.

import { describe, expect, test } from 'vitest'
import { Browser } from '../../../support/app.ts'
import { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import { guestkey, guestkeyAlone } from '../../../support/command.ts'
import { temporaryDeployment } from '../../../support/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { accept, admin, prove, refusal, tokenIn, why } from '../../../support/operators.ts'
import { startService } from '../../../support/service.ts'

const secret = 'the secret of service and commands alike'

async function serviceWithOperators(more: Record<string, string> = {}) {
  const { environment: deployment } = await temporaryDeployment()
  const port = await freePort()
  const environment = {
    ...deployment,
    GUESTKEY_SECRET: secret,
    GUESTKEY_OPERATORS_PORT: String(port),
    ...more,
  }
  const service = await startService(environment)
  const url = `http://localhost:${port}`
  return {
    environment,
    service,
    browser: () => new Browser(url as never, url),
    device: () => new SoftwareAuthenticator({ origin: url }),
  }
}

const linkIn = ({ out }: { out: string }) => /^http\S+$/m.exec(out)![0]

test('the port of operators has an address of its own, and one without the port is refused', async () => {
  const { environment, service } = await serviceWithOperators({ GUESTKEY_OPERATORS_HOST: '127.0.0.2' })
  const port = environment.GUESTKEY_OPERATORS_PORT
  const statusAt = async (host: string) =>
    (await fetch(`http://${host}:${port}/guest/admin/me`).catch(() => undefined))?.status
  expect([await statusAt('127.0.0.2'), await statusAt('127.0.0.1')]).toEqual([401, undefined])
  expect((await fetch(`${service.origin}/guest/userinfo`)).status).toBe(401)
  const { GUESTKEY_OPERATORS_PORT: _, ...without } = environment
  expect(await guestkeyAlone(['operators'], without)).toMatchObject({
    code: 1,
    err: expect.stringContaining('GUESTKEY_OPERATORS_HOST is the address of GUESTKEY_OPERATORS_PORT'),
  })
})

describe('guestkey operators', () => {
  test('adds the first owner, lists operators, changes roles and removes them', async () => {
    const { environment, browser, device } = await serviceWithOperators()
    const run = (...args: string[]) => guestkey(['operators', ...args], environment)
    const added = await guestkeyAlone(['operators', 'add', 'ada', '--role', 'owner'], environment)
    expect(added).toMatchObject({ err: '', code: 0 })
    expect(added.out).toMatch(
      /^Good once, until \d{4}-.*Z:\nhttp:\/\/localhost:\d+\/guest\/admin#invitation=[\w-]{43}\n$/,
    )

    const [ada, passkey] = [browser(), device()]
    const joined = await accept(ada, passkey, tokenIn(linkIn(added)))
    expect(joined.status, joined.text).toBe(201)
    expect((await run()).out).toMatch(/"name":"ada","role":"owner",.*"passkeys":1,"invited_until":null/)
    expect(await run('role', 'ada', '--role', 'viewer')).toMatchObject({
      code: 1,
      err: expect.stringContaining('only owner'),
    })

    const second = await run('add', 'eve', '--role', 'owner')
    expect((await accept(browser(), device(), tokenIn(linkIn(second)))).status).toBe(201)
    expect(await run('role', 'ada', '--role', 'viewer')).toMatchObject({ code: 0, out: 'Now viewer: ada.\n' })
    expect(refusal(await ada.get(`${admin}/me`))).toBe('401 session_invalid')
    expect((await prove(ada, passkey)).body.role).toBe('viewer')

    const anew = await run('invite', 'ada')
    expect((await accept(browser(), device(), tokenIn(linkIn(anew)))).status).toBe(201)
    expect(refusal(await prove(browser(), passkey))).toBe('401 authentication_failed')

    expect(await run('remove', 'ada')).toMatchObject({ code: 0, out: 'Removed: ada.\n' })
    expect((await run('list')).out.trim().split('\n')).toHaveLength(1)
    expect((await run('remove', 'eve')).code).toBe(1)
  })

  test('lists the ways in that are open', async () => {
    const { environment, service, browser, device } = await serviceWithOperators({
      GUESTKEY_OPTIONS: '{"operators":{"wayIn":{"delaySeconds":1}}}',
    })
    const run = (...args: string[]) => guestkey(args, environment)
    expect(await run('operators', 'ways-in')).toMatchObject({ out: '', code: 0 })
    const [owner, passkey] = [browser(), device()]
    await accept(owner, passkey, tokenIn(linkIn(await run('operators', 'add', 'ada', '--role', 'owner'))))
    const { sub } = await service.browser().signIn()
    expect((await run('keep', sub)).code).toBe(0)
    // None is opened within the delay after an operator has joined.
    const open = () => owner.post(`${admin}/guests/${sub}/way-in`, why)
    await expect.poll(async () => (await open()).status).toBe(201)
    const { out } = await run('operators', 'ways-in')
    expect(JSON.parse(out)).toMatchObject({ anonymous_id: sub, is_approved: true, approved_by: null })
  })

  test.each<[string[], RegExp]>([
    [['ad', 'ada'], /There is no action ad/],
    [['add'], /<name> is missing/],
    [['add', 'ada'], /--role is missing/],
    [['remove', 'ada', '--role', 'owner'], /remove takes no --role/],
    [['list', 'ada'], /list takes no name/],
    [['ways-in', 'ada'], /ways-in takes no name/],
    [['add', 'ada', 'eve', '--role', 'owner'], /Unexpected "eve"/],
  ])('refuses %j, and says what would be right', async (args, sentence) => {
    const { environment } = await temporaryDeployment()
    const { code, err } = await guestkey(['operators', ...args], {
      ...environment,
      GUESTKEY_OPERATORS_PORT: '1',
    })
    expect(err).toMatch(sentence)
    expect(code).toBe(2)
  })

  test('says that there are none if the deployment has no operators', async () => {
    const { environment, service } = await serviceWithOperators()
    await service.stop()
    const { GUESTKEY_OPERATORS_PORT: _, ...without } = environment
    const { code, err } = await guestkey(['operators', 'add', 'ada', '--role', 'owner'], without)
    expect([code, err]).toEqual([1, expect.stringContaining('Set the option operators')])
  })

  test.each(['janitor', 'Owner'])('refuses the role %s', async (role) => {
    const { environment } = await serviceWithOperators()
    const { code, err } = await guestkey(['operators', 'add', 'ada', '--role', role], environment)
    expect([code, err]).toEqual([1, expect.stringContaining('role must be one of viewer, support, owner')])
  })
})

describe('a service with a port for operators', () => {
  test('has their API there alone, and nothing else', async () => {
    const { service, browser } = await serviceWithOperators()
    expect((await service.browser().post(`${admin}/sign-in/options`)).status).toBe(404)
    expect((await service.browser().post('/guest/sign-in')).status).toBe(200)
    expect((await browser().post(`${admin}/sign-in/options`)).status).toBe(200)
    for (const path of ['/guest/userinfo', '/healthz', '/', '/guest/openapi.json'])
      expect((await browser().get(path)).status, path).toBe(404)
  })

  test('stops when it is told to, though a browser keeps a connection to that port', async () => {
    const { service, browser } = await serviceWithOperators()
    await browser().get(`${admin}/openapi.json`)
    await service.stop()
    expect(service.child.exitCode).toBe(0)
  })
})

test('a service without a port for operators has their API at its own, if it is set up', async () => {
  const service = await startService({ GUESTKEY_OPTIONS: '{"operators":{}}' })
  expect((await service.browser().post(`${admin}/sign-in/options`)).status).toBe(200)
  const off = await startService()
  expect((await off.browser().post(`${admin}/sign-in/options`)).status).toBe(404)
})
