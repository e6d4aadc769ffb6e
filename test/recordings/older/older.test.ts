// Opens what versions before 0.5.0 wrote, with the current code: everybody is still there, and what was held still opens.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { engine, temporaryStore } from '../../support/engine.ts'
import { rowsOf, tables } from '../../support/tables.ts'
import { type Node, RECEIVERS, startNode, startReceivers } from '../deployment.ts'
import { load, rowsIn } from '../dump.ts'
import type { Use } from '../story.ts'
import { expectUse, isRead, signIn } from '../uses.ts'
import { has, type Version } from './options.ts'
import type { OlderRecording } from './record.ts'

/** 0.1.0 had SQLite alone. */
const versions = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(import.meta.dirname, name, `${engine}.sql`)),
)
const hour = 60 * 60

/** How a node of the older version wrote: before an upgrade, or beside a node of this version. */
const ways = ['before an upgrade', 'beside this version'] as const

const cases = versions.flatMap((version) => ways.map((way) => [version as Version, way] as const))

describe.each(cases)('what %s wrote %s', (version, way) => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, version, file), 'utf8')
  const recording = JSON.parse(read(`${engine}.json`)) as OlderRecording

  /** A new store with the recorded rows, on which a node of the current version runs. */
  async function opened() {
    const receivers = await startReceivers()
    onTestFinished(receivers.close)
    const inPlace = (text: string) => text.replaceAll(RECEIVERS, receivers.url)
    const store = await temporaryStore()
    const sql = inPlace(read(`${engine}.sql`))
    const isBeside = way === 'beside this version'
    if (!isBeside) await load(store, sql)
    const before = isBeside ? {} : await tables(store)
    const clock = { now: recording.at }
    const codes = new Map<string, string>()
    const node = await startNode(JSON.parse(inPlace(read('options.json'))), store, {
      now: () => clock.now,
      send: ({ value, code }) => void codes.set(value, code),
      onMerge: () => {},
    })
    onTestFinished(node.close)
    if (isBeside) await load(store, rowsIn(sql))
    return { store, before, node, clock, codes }
  }

  /** Before 0.3.0 `expires_at` was when the session ends. Since then it is when the guest is forgotten. */
  function asNow(use: Use): Use {
    if (has(version, '0.3.0')) return use
    const isElse = (name: string) => name === 'expires_at'
    return JSON.parse(JSON.stringify(use), (name, value) => (isElse(name) ? undefined : value))
  }

  const comesBy = async (node: Node, codes: Map<string, string>, value: string) => {
    const browser = node.browser()
    const { body } = await browser.post('/guest/sign-in/code/start', { type: 'email', value })
    await expect.poll(() => codes.get(value)).toBeDefined()
    const given = { transaction: body.transaction, code: codes.get(value)! }
    return browser.ask({ method: 'POST', path: '/guest/sign-in/code', json: given })
  }

  /** Expects everybody by cookie, address and passkey, but for those who were merged. */
  async function expectEverybody({ node, codes }: Awaited<ReturnType<typeof opened>>): Promise<void> {
    for (const { name, sub, cookies, address } of recording.people) {
      const { body } = address
        ? await comesBy(node, codes, address)
        : await node.browser(cookies).ask({ method: 'GET', path: '/guest/userinfo' })
      expect.soft(body, name).toMatchObject({ sub })
    }
    for (const passkey of recording.passkeys) {
      const { body } = await signIn(node.browser(), passkey)
      const isMerged = passkey.name === 'of a merged guest'
      expect
        .soft(body, passkey.name)
        .toMatchObject(isMerged ? { code: 'guest_merged' } : { sub: passkey.sub })
    }
  }

  test.runIf(way === 'before an upgrade')('keeps every row through the migrations', async () => {
    const { store, before } = await opened()
    const after = await tables(store)
    for (const [name, rows] of Object.entries(before)) {
      const columns = Object.keys(JSON.parse(rows[0] ?? '{}')).filter(
        (column) => name !== 'guests' || !isDated(column),
      )
      const asRecorded = (row: string) => JSON.stringify(JSON.parse(row), columns)
      expect(after[name]!.map(asRecorded), name).toEqual(expect.arrayContaining(rows.map(asRecorded)))
    }
  })

  test('lets everybody come back: by cookie, by address and by passkey', async () => {
    await expectEverybody(await opened())
  })

  test('loses nobody to the clean-up of the next days', async () => {
    const all = await opened()
    const before = (await rowsOf(all.store, 'guests')).map(({ anonymous_id }) => anonymous_id)
    for (const hours of [0, 1, 24, 48]) {
      all.clock.now = recording.at + hours * hour
      await all.node.guests.runChores()
    }
    const there = new Set((await rowsOf(all.store, 'guests')).map(({ anonymous_id }) => anonymous_id))
    expect(before.filter((id) => !there.has(id))).toEqual([])
    const undated = await rowsOf(all.store, 'guests', 'promoted_at IS NULL AND expires_at IS NULL')
    expect(undated, 'each has a promise').toEqual([])
    await expectEverybody(all)
  })

  test('is read and used as before: cookies, tokens, codes, tickets and ceremonies that are under way', async () => {
    const { node } = await opened()
    for (const use of recording.uses.filter(isRead)) await expectUse(node, asNow(use))
    for (const use of recording.uses.filter((one) => !isRead(one))) await expectUse(node, use)
  })

  test.runIf(recording.merges.length > 0)('has merges that the host can undo', async () => {
    const { node } = await opened()
    const { ticket, from } = recording.merges[0]!
    const back: string[] = []
    node.guests.on('guest.merge_undone', (event) => void back.push(event.from.anonymous_id))
    await node.guests.undoMerge(ticket)
    expect(back).toEqual([from])
  })
})

/** The first start gives dates to guests who had none, and takes them from regular users. */
const isDated = (column: string) => ['expires_at', 'due_at', 'stage', 'last_seen_at'].includes(column)
