// Opens what each recorded version wrote, with the current code.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Options } from '../../server/index.ts'
import { engine, temporaryStore } from '../support/engine.ts'
import { tables } from '../support/tables.ts'
import { accountsNow } from './accounts.ts'
import { type Node, PROVIDER, RECEIVERS, startNode, startProvider, startReceivers } from './deployment.ts'
import { load, rowsIn } from './dump.ts'
import type { Recording } from './record.ts'
import { backFrom, deviceKeyOf, throughProvider, type Use } from './story.ts'
import { expectUse, isRead, signIn } from './uses.ts'

const versions = readdirSync(import.meta.dirname).filter((name) => /^\d+\.\d+\.\d+$/.test(name))

describe.each(versions)('the recording of %s', (version) => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, version, file), 'utf8')
  const sql = read(`${engine}.sql`)
  const recording = JSON.parse(read(`${engine}.json`)) as Recording
  const options = read('options.json')

  /**
   * A new store with the recorded rows, and the servers around it. Its nodes have the clock of the recording. `beside`: a
   * node of that version writes the rows after a node of this one has made the tables.
   */
  async function opened({ beside = false } = {}) {
    const [receivers, provider] = [await startReceivers(), await startProvider()]
    onTestFinished(async () => void (await Promise.all([receivers.close(), provider.close()])))
    const inPlace = (text: string) =>
      text.replaceAll(RECEIVERS, receivers.url).replaceAll(PROVIDER, provider.issuer)
    const store = await temporaryStore()
    if (!beside) await load(store, inPlace(sql))
    const clock = { now: recording.at }
    async function start(name: Use['node'] = 'main', others: Partial<Options> = {}): Promise<Node> {
      const node = await startNode({ ...JSON.parse(inPlace(options))[name], ...others }, store, {
        now: () => clock.now,
        send: () => {},
      })
      onTestFinished(node.close)
      return node
    }
    if (beside) {
      await (await start()).close()
      await load(store, inPlace(rowsIn(sql)))
    }
    return { store, clock, receivers, provider, inPlace, start }
  }

  test('has a row in every table, and keeps all of them through the migrations', async () => {
    const { store, start } = await opened()
    const before = await tables(store)
    await (await start()).close()
    const after = await tables(store)
    for (const [name, rows] of Object.entries(before)) {
      expect(rows.length, name).toBeGreaterThan(0)
      const columns = Object.keys(JSON.parse(rows[0]!))
      const asRecorded = after[name]!.map((row) => JSON.stringify(JSON.parse(row), columns))
      expect(asRecorded, name).toEqual(
        expect.arrayContaining(rows.map((row) => JSON.stringify(JSON.parse(row), columns))),
      )
    }
  })

  test('is read as before: cookies, tokens, keys and pages', async () => {
    const { start } = await opened()
    const nodes = { main: await start('main'), earlier: await start('earlier'), plain: await start('plain') }
    for (const use of recording.uses.filter(isRead)) await expectUse(nodes[use.node], use)
  })

  test.for(recording.uses.filter((use) => !isRead(use)).map((use) => [use.name, use] as const))(
    'can be used: %s',
    async ([, use]) => {
      const { start } = await opened()
      await expectUse(await start(use.node), use)
    },
  )

  test('shows each guest the same account as before', async () => {
    const { start, inPlace } = await opened()
    const now = await accountsNow(await start(), recording.accounts)
    for (const [i, { name, says }] of recording.accounts.entries())
      expect.soft(now[i]!.says, name).toMatchObject(JSON.parse(inPlace(JSON.stringify(says))))
  })

  test('opens as well if a node of that version wrote it beside this one', async () => {
    const { start, inPlace } = await opened({ beside: true })
    const node = await start()
    const now = await accountsNow(node, recording.accounts)
    for (const [i, { name, says }] of recording.accounts.entries())
      expect.soft(now[i]!.says, name).toMatchObject(JSON.parse(inPlace(JSON.stringify(says))))
    await expectPasskeys(node)
    await expectDeviceKeys(node)
  })

  test('gives the host every entry of the audit trail', async () => {
    const { store, start } = await opened()
    const { guests } = await start()
    const trail = await guests.auditTrail({ limit: 10_000 })
    const rows = (await tables(store)).audit!.map((row) => JSON.parse(row))
    const line = (entry: object, columns: string[]) => JSON.stringify(entry, columns)
    const columns = ['anonymous_id', 'at', 'action', 'outcome', 'session_id']
    expect(trail.map((entry) => line(entry, columns)).toSorted()).toEqual(
      rows.map((row) => line(row, columns)).toSorted(),
    )
  })

  test('does not open with another secret or with another cookie name', async () => {
    const { start } = await opened()
    const nodes = [
      await start('main', { secret: 'another secret, made for the recordings too' }),
      await start('main', { cookieName: 'another' }),
    ]
    const [{ cookies }] = recording.uses.filter(({ cookies }) => cookies) as [Use]
    for (const node of nodes) {
      const { status } = await node.browser(cookies!).ask({ method: 'GET', path: '/guest/userinfo' })
      expect(status).toBe(401)
    }
  })

  async function expectPasskeys(node: Node): Promise<void> {
    for (const passkey of recording.passkeys) {
      const answer = await signIn(node.browser(), passkey)
      const isMerged = passkey.name === 'of a merged guest'
      expect.soft(answer.status, `${passkey.name}: ${answer.text}`).toBe(isMerged ? 401 : 200)
      expect
        .soft(answer.body, passkey.name)
        .toMatchObject(isMerged ? { code: 'guest_merged' } : { sub: passkey.sub })
    }
  }

  async function expectDeviceKeys(node: Node): Promise<void> {
    for (const { sub, kind, ...jwks } of recording.deviceKeys) {
      const [key, browser] = [deviceKeyOf(kind, jwks), node.browser()]
      const { body: asked } = await browser.post('/guest/device-keys/challenge', { purpose: 'sign_in' })
      const about = { ...asked, issuer: 'https://app.example', anonymousId: sub }
      const { body } = await browser.post('/guest/device-keys/sign-in', { assertion: key.assertion(about) })
      expect(body.sub, kind).toBe(sub)
    }
  }

  test('has passkeys and device keys that still sign their guests in', async () => {
    const { start } = await opened()
    const node = await start()
    await expectPasskeys(node)
    await expectDeviceKeys(node)
  })

  test('continues a sign-in at a provider, and recognises the user who came from there', async () => {
    const { start, provider } = await opened()
    const node = await start()
    const { cookies, location, verifier, sub } = recording.flow
    const browser = node.browser(cookies)
    const code = await backFrom(browser, provider.signIn(location, 'somebody else'))
    const promoted = await browser.post('/guest/promotion/finish', { code, code_verifier: verifier })
    expect(promoted.body).toMatchObject({ sub, isVerified: true })
    const olga = recording.accounts.find(({ name }) => name === 'olga')!
    const other = node.browser()
    const back = await throughProvider(other, provider, 'olga', 'sign_in')
    const { body } = await other.post('/guest/promotion/finish', back)
    expect(body.sub).toBe((olga.says.userinfo as { body: { sub: string } }).body.sub)
  })

  test('has a merge that the host can undo by its ticket', async () => {
    const { start } = await opened()
    const node = await start()
    const { ticket, from, cookies } = recording.hostsMerge
    await node.guests.undoMerge(ticket)
    expect((await node.browser(cookies).get('/guest/userinfo')).body.sub).toBe(from)
    const passkey = recording.passkeys.find(({ sub }) => sub === from)!
    expect((await signIn(node.browser(), passkey)).body.sub).toBe(from)
  })

  test('has a decided merge, which the next request completes', async () => {
    const { start, clock } = await opened()
    const node = await start()
    const merged: unknown[] = []
    node.guests.on(
      'guest.merged',
      ({ from, into }) => void merged.push([from.anonymous_id, into.anonymous_id]),
    )
    clock.now += 61
    await node.guests.runChores()
    const { from, into } = recording.pending
    await expect.poll(() => merged).toEqual([[from, into]])
  })

  test('has webhooks that are sent again with the same signature', async () => {
    const { start, receivers, inPlace, clock } = await opened()
    const node = await start()
    const failed = await node.guests.webhooks.failed()
    expect(failed).toMatchObject(JSON.parse(inPlace(JSON.stringify(recording.failed))))
    Object.assign(receivers.statuses, { '/gone': 204, '/down': 204 })
    expect(await node.guests.webhooks.retry(failed[0]!.id)).toBe(1)
    await expect.poll(() => receivers.received.filter(({ path }) => path === '/gone')).toHaveLength(1)
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type'] as const
    const [sent] = receivers.received.filter(({ path }) => path === '/gone')
    expect(sent!.body).toBe(recording.webhook.body)
    for (const name of signed) expect(sent!.headers[name]).toBe(recording.webhook.headers[name])
    clock.now += 60
    await node.guests.runChores()
    expect(receivers.received.map(({ path }) => path)).toContain('/down')
  })
})
