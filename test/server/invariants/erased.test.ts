// Erased is gone: of what was known about an erased guest nothing is left in rows, undelivered webhooks, files and backups.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Options } from '../../../server/index.ts'
import type { TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { guestkey } from '../../support/command.ts'
import { DeviceKey } from '../../support/device-key.ts'
import { addDeviceKey } from '../../support/device-keys.ts'
import { engine, temporaryFolder } from '../../support/engine.ts'
import { eventually } from '../../support/eventually.ts'
import { day, foldedIn, hour, keepings, merged, minute, pass, rowOf, rowsOf } from '../../support/merging.ts'
import { promote, startPromotingApp } from '../../support/promotion.ts'
import { startReceiver } from '../../support/receiver.ts'
import { bytesOnDisk, execute, tables } from '../../support/tables.ts'

const profile = z.object({ nickname: z.string(), language: z.string() })

/** An app whose webhooks are given up at once, as the receiver is gone. */
async function startDeafApp(options: Partial<Options> = {}) {
  const receiver = await startReceiver()
  receiver.behaviour = 410
  const webhooks = [{ url: receiver.url, secret: receiver.secret }]
  const started = await startPromotingApp({ profile, webhooks, merge: { onMerge: () => {} }, ...options })
  return { ...started, receiver }
}

const textOf = async (app: TestApp) =>
  Object.values(await tables(app.store))
    .flat()
    .join('\n')

/** Which of the values are in the text. */
const among = (text: string | Buffer, values: Record<string, string>) =>
  Object.keys(values).filter((name) => text.includes(values[name]!))

/** A guest with something in every table, and what nobody but this guest has. */
async function somebody(started: Awaited<ReturnType<typeof startDeafApp>>) {
  const { app } = started
  const { browser, guest, passkeyId } = await keptGuest(app)
  const key = new DeviceKey('ES256')
  await browser.patch('/guest/label', { label: 'Erased Fox' })
  await browser.patch('/guest/profile', { attributes: { nickname: 'Erased Nick', language: 'tlh-Erased' } })
  expect((await promote(started, browser, 'erased@example.org')).status).toBe(200)
  expect((await addDeviceKey(browser, key)).status).toBe(201)
  const row = await rowOf(app, guest)
  const [passkey] = await rowsOf(app, 'passkeys', `anonymous_id = '${guest.sub}'`)
  const values = {
    label: 'Erased Fox',
    firstLabel: guest.label,
    nickname: 'Erased Nick',
    language: 'tlh-Erased',
    address: 'erased@example.org',
    userHandle: row!.user_handle as string,
    publicKey: passkey!.public_key as string,
    deviceKey: key.jwk.x!,
  }
  return { browser, guest, passkeyId, values }
}

test('a guest who leaves is in no row, in no byte of the files and in no backup', async () => {
  const started = await startDeafApp()
  const { app } = started
  const stranger = await keptGuest(app)
  const { browser, guest, passkeyId, values } = await somebody(started)
  const { firstLabel: _, ...stored } = values
  expect(among(await textOf(app), values)).toEqual(expect.arrayContaining(Object.keys(stored)))
  expect(among(await bytesOnDisk(app.store), values)).toEqual(expect.arrayContaining(Object.keys(stored)))
  expect((await browser.delete('/guest/account')).status).toBe(204)
  expect(among(await textOf(app), values)).toEqual([])
  // A challenge is remembered until it would have expired, with the passkey that it registered.
  await pass(app, 2 * hour)
  expect(among(await textOf(app), { ...values, passkeyId })).toEqual([])
  if (engine === 'postgres') return // what its files hold is for the database to say

  await eventually(async () => expect(among(await bytesOnDisk(app.store), values)).toEqual([]))
  const backup = join(temporaryFolder(), 'copy.db')
  const made = await guestkey(['backup', backup], { GUESTKEY_DATA: dirname(app.store) })
  expect(made.code, made.err).toBe(0)
  expect(among(readFileSync(backup), values)).toEqual([])
  expect(readFileSync(backup).includes(stranger.guest.sub)).toBe(true)
  await app.close()
  expect(among(await bytesOnDisk(app.store), { ...values, passkeyId })).toEqual([])
  expect(
    (await bytesOnDisk(app.store)).includes(guest.sub),
    'the id stays, so that an old cookie stays dead',
  ).toBe(true)
})

describe('a webhook about a merge that has not arrived', () => {
  /** The undelivered payloads of this type. */
  const waiting = async (app: TestApp, type: string) =>
    (await rowsOf(app, 'outbox', `event = '${type}'`)).map(
      ({ payload }) => JSON.parse(payload as string).data as { from: Named; into: Named; ticket: string },
    )
  type Named = { anonymous_id: string; label: string }

  test('names an erased guest by the id alone, and arrives so', async () => {
    const { app, receiver } = await startDeafApp({ auditSeconds: 90 * day })
    const { winner, guest, browser } = await merged(app)
    const [before] = await waiting(app, 'guest.merged')
    expect([before!.from.label, before!.into.label]).toEqual([guest.label, winner.guest.label])
    await pass(app, 7 * day + hour + minute) // too late to undo: the clean-up erases the merged guest
    expect(await rowOf(app, guest)).toBeUndefined()
    const withoutFrom = { ...before!, from: { ...before!.from, label: '' } }
    expect(await waiting(app, 'guest.merged')).toEqual([withoutFrom])
    expect(await textOf(app)).not.toContain(guest.label)
    await app.guests.erase(winner.guest.sub)
    expect((await browser.get('/guest/userinfo')).status).toBe(401)
    const withoutBoth = { ...withoutFrom, into: { ...before!.into, label: '' } }
    expect(await waiting(app, 'guest.merged')).toEqual([withoutBoth])
    expect(await textOf(app)).not.toContain(winner.guest.label)

    receiver.behaviour = 204
    receiver.sent.length = 0
    await app.guests.webhooks.retry()
    await app.guests.runChores()
    const sent = receiver.sent.map(({ payload }) => payload)
    expect(sent.filter(({ type }) => type === 'guest.merged').map(({ data }) => data)).toEqual([withoutBoth])
    const aboutThem = sent.filter((payload) => JSON.stringify(payload).includes(winner.guest.sub))
    expect(new Set(aboutThem.map(({ type }) => type))).toEqual(
      new Set(['guest.merged', 'guest.erased', 'session.ended']),
    )
  })

  test('names nobody by a label once the account is erased, a guest without a row neither', async () => {
    const { app } = await startDeafApp()
    const { winner, guest } = await foldedIn(app)
    await pass(app, 8 * day) // too late to undo: nothing else knows of the guest
    const [before] = await waiting(app, 'guest.merged')
    expect([before!.from.label, before!.into.label]).toEqual([guest.label, winner.guest.label])
    await app.guests.erase(winner.guest.sub)
    const [after] = await waiting(app, 'guest.merged')
    expect([after!.from, after!.into]).toEqual([
      { ...before!.from, label: '' },
      { ...before!.into, label: '' },
    ])
  })

  test('about an undone merge goes on to name the guest who came back, and no more the one who is erased', async () => {
    const { app } = await startDeafApp()
    const { browser, ticket, winner, guest } = await merged(app)
    expect((await browser.post('/guest/merge/undo', { ticket })).status).toBe(200)
    const [before] = await waiting(app, 'guest.merge_undone')
    expect([before!.from.label, before!.into.label]).toEqual([guest.label, winner.guest.label])
    await app.guests.erase(winner.guest.sub)
    expect(await waiting(app, 'guest.merge_undone')).toEqual([
      { ...before!, into: { ...before!.into, label: '' } },
    ])
    await app.guests.erase(guest.sub)
    expect(await waiting(app, 'guest.merge_undone')).toEqual([])
    const text = await textOf(app)
    expect([guest.label, winner.guest.label].filter((label) => text.includes(label))).toEqual([])
  })

  test('that an earlier version wrote is completed by the next clean-up', async () => {
    const { app } = await startDeafApp()
    const { winner, guest } = await merged(app)
    const other = await foldedIn(app, keepings['kept by the host'])
    await execute(app.store, 'UPDATE outbox SET other_id = NULL')
    await execute(app.store, `DELETE FROM guests WHERE anonymous_id = '${guest.sub}'`) // as an earlier version erased it
    await app.guests.runChores()
    const rows = await rowsOf(app, 'outbox', `event = 'guest.merged'`)
    expect(rows.map(({ anonymous_id, other_id }) => [anonymous_id, other_id]).toSorted()).toEqual(
      [
        [winner.guest.sub, guest.sub],
        [other.winner.guest.sub, other.guest.sub],
      ].toSorted(),
    )
    const labels = (await waiting(app, 'guest.merged')).map(({ from, into }) => [from.label, into.label])
    expect(labels.toSorted()).toEqual(
      [
        ['', winner.guest.label],
        [other.guest.label, other.winner.guest.label],
      ].toSorted(),
    )
  })
})
