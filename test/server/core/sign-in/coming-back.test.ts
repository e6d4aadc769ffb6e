// server/README.md, "What brings a guest back": tries each cell of the table on a real app.

import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../../support/app.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey, signInByDeviceKey } from '../../../support/device-keys.ts'
import { readPage } from '../../../support/pages.ts'
import { promote, signInByCode, startPromotingApp } from '../../../support/promotion.ts'
import { newCodes, useCode } from '../../../support/recovery.ts'

const day = 24 * 60 * 60
type Book = Awaited<ReturnType<typeof startPromotingApp>>
type World = Book & { home: Browser; sub: string }
/** The browser that the guest comes back in, and which of the guest's things are there. */
type AtHand = { browser: Browser; storage: boolean; passkeys: boolean; synced: boolean; cookie: boolean }
type Tried = Response | undefined

/** Each way to come back. The first function sets it up; the function that it returns tries to come back that way. */
const has: Record<string, (world: World) => Promise<(at: AtHand) => Promise<Tried>>> = {
  'nothing else': async () => async () => undefined,
  'device key': async ({ home, sub }) => {
    const key = new DeviceKey('ES256')
    expect((await addDeviceKey(home, key)).status).toBe(201)
    return async ({ browser, storage }) => (storage ? signInByDeviceKey(browser, key, sub) : undefined)
  },
  'recovery codes': async ({ home }) => {
    const [code] = await newCodes(home)
    return ({ browser }) => useCode(browser, code)
  },
  'passkey on one device': async ({ app, home }) => {
    const device = app.device()
    expect((await home.addPasskey(device)).status).toBe(201)
    return async ({ browser, passkeys }) => (passkeys ? browser.signInWithPasskey(device) : undefined)
  },
  'synced passkey': async ({ app, home }) => {
    const device = app.device({ synced: true })
    expect((await home.addPasskey(device)).status).toBe(201)
    return async ({ browser, synced }) => (synced ? browser.signInWithPasskey(device.copy()) : undefined)
  },
  'login ID': async (world) => {
    expect((await promote(world, world.home, 'ada@example.org')).status).toBe(200)
    return ({ browser }) => signInByCode(world, browser, 'ada@example.org')
  },
}

const everything = { storage: true, passkeys: true, synced: true, cookie: false }

/** Each situation: makes it happen, and says which of the guest's things are left. */
const situations: Record<string, (world: World) => Promise<AtHand>> = {
  'signed out, or the session has ended': async ({ home }) => {
    expect((await home.post('/guest/sign-out', { force: true })).status).toBe(204)
    return { ...everything, browser: home }
  },
  'cookies and site data cleared': async ({ app }) => ({
    ...{ ...everything, browser: app.browser(), storage: false },
  }),
  'passkeys deleted in the device’s settings': async ({ app }) => ({
    ...{ ...everything, browser: app.browser(), passkeys: false, synced: false },
  }),
  'another device, this one lost': async ({ app }) => ({
    ...{ ...everything, browser: app.browser(), storage: false, passkeys: false },
  }),
  'another device, this one at hand and signed in': async ({ app, home }) => {
    const browser = app.browser()
    const made = (await home.post('/guest/device-links')).body
    const device = { platform: 'Android', browser: 'Chrome' }
    const { secret } = (await browser.post('/guest/device-links/open', { link: made.link, device })).body
    expect((await home.patch(`/guest/device-links/${made.id}`, { approve: true })).status).toBe(200)
    expect((await browser.post('/guest/device-links/claim', { secret })).status).toBe(200)
    return { browser, storage: false, passkeys: false, synced: false, cookie: true }
  },
  'not seen for so long that it has expired': async ({ app }) => {
    await sweepAfter(app, 731 * day)
    await sweepAfter(app, 15 * day)
    return { ...everything, browser: app.browser() }
  },
  'and `retention.graceSeconds` is over too': async ({ app }) => {
    await sweepAfter(app, 731 * day)
    await sweepAfter(app, 15 * day)
    await sweepAfter(app, 31 * day)
    return { ...everything, browser: app.browser() }
  },
}

async function sweepAfter({ clock, guests }: Book['app'], seconds: number): Promise<void> {
  clock.forward(seconds)
  await guests.sweep()
}

/** The table in server/README.md. Its columns are the ways to come back, its rows the situations. */
function tableOfReadme(): {
  recoverability: string[]
  cells: [situation: string, what: string, said: string][]
} {
  const readme = readPage('server/README.md')
  const [, section] = readme.split('## What brings a guest back\n')
  const lines = section!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const rows = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const [[, ...whats], , [, ...recoverability], ...body] = rows as [
    string[],
    string[],
    string[],
    ...string[][],
  ]
  return {
    recoverability,
    cells: body.flatMap(([situation, ...cells]) =>
      cells.map((said, i): [string, string, string] => [situation!, whats[i]!, said]),
    ),
  }
}

const { recoverability, cells } = tableOfReadme()

/** A kept guest with this way to come back. `comeBack` tries it. */
async function guestWith(what: string) {
  const book = await startPromotingApp()
  const home = book.app.browser()
  const { sub } = await home.signIn()
  await book.app.guests.keep(sub)
  const world: World = { ...book, home, sub }
  return { world, comeBack: await has[what]!(world) }
}

describe('what brings a guest back', () => {
  test('the README has exactly the situations and the ways to come back that are tested here', () => {
    expect(new Set(cells.map(([situation]) => situation))).toEqual(new Set(Object.keys(situations)))
    expect(new Set(cells.map(([, what]) => what))).toEqual(new Set(Object.keys(has)))
    expect(cells).toHaveLength(Object.keys(situations).length * Object.keys(has).length)
    expect(new Set(cells.map(([, , said]) => said.split(',')[0]))).toEqual(new Set(['yes', 'no']))
  })

  test.each(Object.keys(has).map((what, i) => [what, recoverability[i]!] as const))(
    'userinfo of a guest with “%s” has the recoverability %s',
    async (what, said) => {
      const { world } = await guestWith(what)
      const { body } = await world.home.get('/guest/userinfo')
      expect(`\`${body.recoverability}\``).toBe(said)
    },
  )

  test.each(cells)('after “%s”, a guest with “%s” comes back: %s', async (situation, what, said) => {
    const { world, comeBack } = await guestWith(what)
    const at = await situations[situation]!(world)
    if (!at.cookie) {
      const tried = await comeBack(at)
      if (tried) expect([200, 401, 404]).toContain(tried.status)
    }
    const { status, body } = await at.browser.get('/guest/userinfo')
    expect(status === 200 && body.sub === world.sub ? 'yes' : 'no').toBe(said.split(',')[0])
    if (status === 200) return
    // Nothing brings this guest back: the next sign-in is a new guest.
    at.browser.cookies.clear()
    expect((await at.browser.signIn()).sub).not.toBe(world.sub)
  })
})
