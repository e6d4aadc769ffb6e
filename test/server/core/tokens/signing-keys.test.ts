// The keys that sign access tokens: one set for all nodes, published before they sign and until their last token has
// expired, and encrypted under the deployment's secret.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { compactDecrypt } from 'jose'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { rotateSigningKeys } from '../../../../server/core/tokens/signing-key-rotation.ts'
import { reads } from '../../../../server/store/sql/all-verbs.ts'
import type { TestApp } from '../../../support/app.ts'
import { askToRegister, keptGuest, sendRegistration } from '../../../support/ceremonies.ts'
import { guestkey, guestkeyAlone } from '../../../support/command.ts'
import { temporaryDeployment } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bySession,
  claimsOf,
  granted,
  headerOf,
  keptClient,
  refresh,
  secret,
  signingKeys,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const newSecret = 'the next secret of the deployment, just as long'
const day = 24 * 60 * 60
/** How long a key is published before it signs, and after it has stopped signing. */
const ahead = 15 * 60
const behind = 62 * 60

const now = (app: TestApp) => Math.floor(app.clock.now() / 1000)
const tokenOf = async (app: TestApp) => (await granted(anonymously(app))).access_token
const signedBy = async (app: TestApp) => headerOf(await tokenOf(app)).kid
const published = async (app: TestApp): Promise<string[]> =>
  (await ask(app, '/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)

test('if two nodes need the first signing key at once, one makes it and both use it', async () => {
  for (const how of ['tokens', 'jwks']) {
    const app = await startTokenApp()
    const nodes = [app, await anotherNode(app)]
    const asked = nodes.flatMap((node) =>
      Array.from({ length: 10 }, () => (how === 'jwks' ? published(node) : signedBy(node))),
    )
    const kids = new Set((await Promise.all(asked)).flat())
    expect([...kids]).toEqual((await signingKeys(app)).map(({ kid }) => kid))
    expect(kids.size).toBe(1)
    const tokens = await Promise.all(nodes.map(tokenOf))
    for (const node of nodes)
      for (const token of tokens) expect((await userinfo(node, token)).status).toBe(200)
  }
})

test('the store holds a signing key encrypted, and only the signing secret opens it', async () => {
  const app = await startTokenApp()
  const kid = await signedBy(app)
  const [key] = await signingKeys(app)
  expect(key).toMatchObject({
    generation: 1,
    kid,
    algorithm: 'ES256',
    signs_from: now(app),
    retires_at: null,
  })
  expect(JSON.parse(key!.public_key)).not.toHaveProperty('d')
  const { plaintext, protectedHeader } = await compactDecrypt(key!.private_key, deriveKeys(secret).signing)
  expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM' })
  expect(JSON.parse(new TextDecoder().decode(plaintext))).toHaveProperty('d')
  for (const other of [deriveKeys(newSecret).signing, deriveKeys(secret).refresh, deriveKeys(secret).session])
    await expect(compactDecrypt(key!.private_key, other)).rejects.toThrow()
})

test('a node with the same secret leaves the keys in the store as they are', async () => {
  const app = await startTokenApp()
  await signedBy(app)
  const before = await signingKeys(app)
  await signedBy(await anotherNode(app))
  expect(await signingKeys(app)).toEqual(before)
})

test('tokens are signed with EdDSA if tokens.signingAlgorithm says so', async () => {
  const app = await startTokenApp({ tokens: { signingAlgorithm: 'EdDSA' } })
  const token = await tokenOf(app)
  expect(headerOf(token)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
  for (const node of [app, await anotherNode(app, { tokens: { signingAlgorithm: 'ES256' } })])
    expect((await userinfo(node, token)).status).toBe(200)
})

/** Stops the clock for elapsed time. The result moves it on, by milliseconds. */
function stopElapsedTime(): (milliseconds: number) => void {
  let now = Math.ceil(performance.now()) // sums of whole numbers are exact
  const stopped = vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => stopped.mockRestore())
  return (milliseconds) => {
    now += milliseconds
  }
}

test('a key that another node has made is found five seconds after this node last read the keys', async () => {
  const app = await startTokenApp()
  const node = await anotherNode(app)
  const goOn = stopElapsedTime()
  const foreign = await tokenOf(await startTokenApp())
  expect((await userinfo(node, foreign)).status, 'there is no key yet').toBe(401)
  const token = await tokenOf(app)
  goOn(4999)
  expect((await userinfo(node, token)).status).toBe(401)
  goOn(1)
  expect((await userinfo(node, token)).status).toBe(200)
})

test('a key that a node knows is not read again within a minute', async () => {
  const app = await startTokenApp()
  const tokens = [await tokenOf(app), await tokenOf(app)]
  const listings = vi.spyOn(reads, 'listSigningKeys')
  onTestFinished(() => listings.mockRestore())
  const goOn = stopElapsedTime()
  for (const token of tokens) {
    goOn(5000)
    expect((await userinfo(app, token)).status).toBe(200)
  }
  expect(listings).not.toHaveBeenCalled()
  app.clock.forward(60)
  expect((await userinfo(app, await tokenOf(app))).status).toBe(200)
  expect(listings).toHaveBeenCalledTimes(1)
})

describe('a rotation', () => {
  test('publishes the next key at once, signs with it later, and retires the old one after its last token', async () => {
    const app = await startTokenApp({ tokens: { accessTokenSeconds: 60 * 60 } })
    const node = await anotherNode(app, { tokens: { accessTokenSeconds: 60 * 60 } })
    const nodes = [app, node]
    const [first] = [await signedBy(app), await signedBy(node)]
    const began = now(app)
    const { kid: next, ...times } = await app.guests.rotateSigningKeys()
    expect(next).not.toBe(first)
    expect(times).toEqual({ signs_from: began + ahead, previous_retires_at: began + ahead + behind })
    expect(await published(app)).toEqual([first, next])
    app.clock.forward(60)
    expect(await published(node)).toEqual([first, next])
    for (const one of nodes) expect(await signedBy(one)).toBe(first)
    app.clock.forward(ahead - 61)
    for (const one of nodes) expect(await signedBy(one)).toBe(first)
    const last = await tokenOf(node)
    app.clock.forward(1)
    for (const one of nodes) expect(await signedBy(one)).toBe(next)
    const early = await tokenOf(app)
    for (const one of nodes)
      for (const token of [last, early]) expect((await userinfo(one, token)).status).toBe(200)

    app.clock.forward(60 * 60 - 2)
    const cold = await anotherNode(app)
    for (const one of [...nodes, cold]) {
      expect((await userinfo(one, last)).status, 'accepted until it expires').toBe(200)
      expect(await published(one)).toEqual([first, next])
    }
    app.clock.forward(behind - 60 * 60 + 1)
    for (const one of [...nodes, cold]) expect(await published(one)).toEqual([first, next])
    app.clock.forward(1)
    for (const one of [...nodes, cold]) expect(await published(one)).toEqual([next])
  })

  test('that is asked for again while one is under way gives the same key, and changes nothing', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    await signedBy(app)
    const asked = await Promise.all([app, node, app, node].map(({ guests }) => guests.rotateSigningKeys()))
    expect(new Set(asked.map(({ kid }) => kid)).size).toBe(1)
    const before = await tables(app.store)
    app.clock.forward(ahead - 1)
    for (const { guests } of [app, node]) {
      const { kid, signs_from } = await guests.rotateSigningKeys()
      expect({ kid, signs_from }).toEqual({ kid: asked[0]!.kid, signs_from: asked[0]!.signs_from })
    }
    expect(await tables(app.store)).toEqual(before)
    app.clock.forward(1)
    expect((await node.guests.rotateSigningKeys()).kid).not.toBe(asked[0]!.kid)
    expect(await signingKeys(app)).toHaveLength(3)
  })

  test('makes the first key and the next one if there is none yet', async () => {
    const app = await startTokenApp()
    const { kid } = await app.guests.rotateSigningKeys()
    const keys = await signingKeys(app)
    expect(keys.map((key) => key.generation)).toEqual([1, 2])
    expect(keys[1]!.kid).toBe(kid)
    expect(await signedBy(app)).toBe(keys[0]!.kid)
  })

  test('is published by the other nodes five seconds after they last read the keys', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    const first = await signedBy(app)
    const goOn = stopElapsedTime()
    expect(await published(node)).toEqual([first])
    const { kid } = await app.guests.rotateSigningKeys()
    goOn(4999)
    expect(await published(node)).toEqual([first])
    goOn(1)
    expect(await published(node)).toEqual([first, kid])
  })

  test('goes on after a restart', async () => {
    const app = await startTokenApp()
    const first = await signedBy(app)
    const { kid } = await app.guests.rotateSigningKeys()
    await app.close()
    const restarted = await anotherNode(app)
    expect(await signedBy(restarted)).toBe(first)
    app.clock.forward(ahead)
    expect(await signedBy(restarted)).toBe(kid)
  })

  test('survives a clock that is set back: there is always a key to sign with', async () => {
    const app = await startTokenApp()
    await signedBy(app)
    await app.guests.rotateSigningKeys()
    app.clock.forward(-2 * 60 * 60)
    expect((await userinfo(app, await tokenOf(app))).status).toBe(200)
  })
})

describe('the rotation job', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  /** A minute passes on every node, and each looks for jobs that are due. */
  const lookForWork = () => vi.advanceTimersByTime(60_000)

  /** Lets the nodes look for jobs, and waits until all six are taken. */
  async function look(app: TestApp) {
    const taken = async () =>
      (await tables(app.store))
        .chores!.map((row) => JSON.parse(row))
        .filter(({ taken_until }) => taken_until > now(app))
    lookForWork()
    await eventually(async () => expect(await taken()).toHaveLength(6))
  }

  test('rotates the key after tokens.signingKeySeconds, once for all nodes, and the old one is removed later', async () => {
    const app = await startTokenApp({ tokens: { signingKeySeconds: 30 * day } })
    await anotherNode(app, { tokens: { signingKeySeconds: 30 * day } })
    const first = await signedBy(app)
    app.clock.forward(30 * day - 1)
    await look(app)
    expect(await signingKeys(app)).toHaveLength(1)
    app.clock.forward(60 * 60)
    await look(app)
    await eventually(async () => expect(await signingKeys(app)).toHaveLength(2))
    const [, next] = await signingKeys(app)
    expect(next!.signs_from).toBe(now(app) + ahead)
    for (let i = 0; i < 3; i++) {
      app.clock.forward(60 * 60)
      await look(app)
    }
    expect(await signedBy(app)).toBe(next!.kid)
    await eventually(async () => expect((await signingKeys(app)).map(({ kid }) => kid)).toEqual([next!.kid]))
    expect(first).not.toBe(next!.kid)
  })

  test('rotates the key if tokens.signingAlgorithm has changed, and the tokens of both keys work', async () => {
    const app = await startTokenApp()
    const token = await tokenOf(app)
    await app.close()
    const changed = await anotherNode(app, { tokens: { signingAlgorithm: 'EdDSA' } })
    expect((await userinfo(changed, token)).status).toBe(200)
    await look(changed)
    await eventually(async () => expect(await signingKeys(changed)).toHaveLength(2))
    app.clock.forward(ahead)
    const next = await tokenOf(changed)
    expect(headerOf(next).alg).toBe('EdDSA')
    expect((await userinfo(changed, next)).status).toBe(200)
  })

  test('rotates the key of a node that has signed nothing since its start', async () => {
    const app = await startTokenApp({ tokens: { signingKeySeconds: 30 * day } })
    await signedBy(app)
    await app.close()
    app.clock.forward(30 * day)
    const restarted = await anotherNode(app, { tokens: { signingKeySeconds: 30 * day } })
    await look(restarted)
    await eventually(async () => expect(await signingKeys(restarted)).toHaveLength(2))
  })

  test('looks every hour', () => {
    expect(rotateSigningKeys.everySeconds).toBe(60 * 60)
  })

  test('makes no key if there is none yet', async () => {
    const app = await startTokenApp()
    await look(app)
    expect(await signingKeys(app)).toEqual([])
  })
})

describe('the secret of the deployment', () => {
  test('can be replaced while the old one still counts, and nobody is signed out', async () => {
    const app = await startTokenApp()
    const visitor = app.browser()
    const visiting = await visitor.signIn()
    const { browser, device, guest } = await keptGuest(app)
    const [sealed, stored] = [await granted(anonymously(app)), (await keptClient(app)).tokens]
    const registering = await askToRegister(visitor)
    const kid = await signedBy(app)

    // As in a rolling change: first every node opens with both secrets, then they seal with the new one.
    const opening = await anotherNode(app, { secret: [secret, newSecret] })
    const sealing = await anotherNode(app, { secret: [newSecret, secret] })
    const move = (from: typeof visitor, to: TestApp) => {
      const there = to.browser()
      for (const [name, value] of from.cookies) there.cookies.set(name, value)
      return there
    }
    for (const node of [opening, sealing]) {
      expect((await move(visitor, node).get('/guest/userinfo')).body.sub).toBe(visiting.sub)
      expect((await move(browser, node).get('/guest/userinfo')).body.sub).toBe(guest.sub)
      for (const { access_token } of [sealed, stored])
        expect((await userinfo(node, access_token)).status).toBe(200)
      expect(await signedBy(node)).toBe(kid)
    }
    const newcomer = sealing.browser()
    const arrived = await newcomer.signIn()
    expect((await move(newcomer, opening).get('/guest/userinfo')).body.sub).toBe(arrived.sub)
    const made = await granted(anonymously(sealing))
    await granted(refresh(opening, made.refresh_token))

    const added = await sendRegistration(move(visitor, sealing), await app.device().create(registering))
    expect(added.status, 'a challenge from before the change').toBe(201)
    const [next, later] = [
      await granted(refresh(sealing, sealed.refresh_token)),
      await granted(refresh(sealing, stored.refresh_token)),
    ]
    const drawn = await granted(bySession(sealing, browser.cookie))
    expect(claimsOf(drawn.access_token).sub).toBe(guest.sub)

    // Without the old secret: tokens that were sealed anew work, and so do those of stored sessions.
    const alone = await anotherNode(app, { secret: newSecret })
    expect(await signedBy(alone)).toBe(kid)
    expect((await move(browser, alone).get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await move(newcomer, alone).get('/guest/userinfo')).body.sub).toBe(arrived.sub)
    for (const { refresh_token } of [next, later, made]) await granted(refresh(alone, refresh_token))
    expect((await alone.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
    await expectOAuthRefusal(alone, () => refresh(alone, sealed.refresh_token), 400, 'invalid_grant')
    await expectRefusal(alone, () => move(visitor, alone).get('/guest/userinfo'), 401, 'session_invalid')
    const [key] = await signingKeys(app)
    await compactDecrypt(key!.private_key, deriveKeys(newSecret).signing)
    expect(
      app.logs.concat(opening.logs, sealing.logs, alone.logs).filter(({ level }) => level === 'warn'),
    ).toEqual([])
  })

  test('if one node has a wrong one: it verifies with the old keys and signs with a new one, and the others go on', async () => {
    const app = await startTokenApp()
    const token = await tokenOf(app)
    const { kid } = headerOf(token)
    const mistaken = await anotherNode(app, { secret: newSecret })
    expect((await userinfo(mistaken, token)).status).toBe(200)
    await expect(mistaken.guests.rotateSigningKeys()).rejects.toThrow(/cannot be opened/)
    expect(await signingKeys(app)).toHaveLength(1)
    const other = await tokenOf(mistaken)
    expect(headerOf(other).kid).not.toBe(kid)
    expect((await userinfo(mistaken, other)).status).toBe(200)
    const warnings = mistaken.logs.filter(({ level }) => level === 'warn')
    expect(warnings).toEqual([
      { level: 'warn', fields: { kid }, message: expect.stringMatching(/cannot be opened/) },
    ])
    app.clock.forward(60)
    expect(await signedBy(app)).toBe(kid)
    expect((await userinfo(app, other)).status).toBe(200)
    expect((await signingKeys(app)).map(({ retires_at }) => retires_at)).toEqual([null, null])
    app.clock.forward(behind + ahead)
    expect(await signedBy(app)).toBe(kid)
  })
})

describe('a node with a wrong secret', () => {
  /** Rotates at a node that has just started with another secret. */
  const rotateMistaken = async (app: TestApp) =>
    (await anotherNode(app, { secret: newSecret })).guests.rotateSigningKeys()

  test('rotates nothing, even as the first thing that it does', async () => {
    const app = await startTokenApp()
    await signedBy(app)
    await expect(rotateMistaken(app)).rejects.toThrow(/cannot be opened/)
    expect(await signingKeys(app)).toHaveLength(1)
  })

  test('rotates nothing beside a key that has retired', async () => {
    const app = await startTokenApp()
    await signedBy(app)
    await app.guests.rotateSigningKeys()
    app.clock.forward(ahead + behind)
    await expect(rotateMistaken(app)).rejects.toThrow(/cannot be opened/)
    expect(await signingKeys(app)).toHaveLength(2)
  })

  test('rotates once it has a key of its own', async () => {
    const app = await startTokenApp()
    await signedBy(app)
    const mistaken = await anotherNode(app, { secret: newSecret })
    await signedBy(mistaken)
    await mistaken.guests.rotateSigningKeys()
    expect(await signingKeys(app)).toHaveLength(3)
  })
})

test('a damaged signing key is a fault: it is not replaced as if the secret were wrong', async () => {
  const app = await startTokenApp()
  await signedBy(app)
  await execute(app.store, "UPDATE signing_keys SET private_key = 'damaged'")
  const node = await anotherNode(app)
  expect((await anonymously(node)).status).toBe(500)
  expect(await signingKeys(app)).toHaveLength(1)
})

describe('guestkey rotate-keys', () => {
  test('rotates the key of running services once, says when it takes effect, and repeats that if asked again', async () => {
    const { folder, store, environment } = await temporaryDeployment()
    const set = { ...environment, GUESTKEY_SECRET: secret }
    const app = await startTokenApp({ store })
    const first = await signedBy(app)
    const run = await guestkeyAlone(['rotate-keys'], set)
    expect({ err: run.err, code: run.code }).toEqual({ err: '', code: 0 })
    const [, key] = await signingKeys(app)
    const at = (seconds: number) => new Date(seconds * 1000).toISOString()
    expect(run.out).toBe(
      `The key ${key!.kid} is published now and signs from ${at(key!.signs_from)}.\n` +
        `The previous key stays published until ${at(key!.signs_from + behind)}.\n`,
    )
    app.clock.forward(60)
    expect(await published(app)).toEqual([first, key!.kid])
    expect(await guestkey(['rotate-keys'], set)).toEqual(run)
    expect(await signingKeys(app)).toHaveLength(2)
    expect(existsSync(join(folder, 'secret')), 'a secret was made').toBe(false)
  })

  test('changes nothing with another secret, and says why', async () => {
    const { store, environment } = await temporaryDeployment()
    const app = await startTokenApp({ store })
    await signedBy(app)
    const before = await tables(store)
    const { out, err, code } = await guestkey(['rotate-keys'], { ...environment, GUESTKEY_SECRET: newSecret })
    expect(err).toMatch(/^guestkey: the signing keys cannot be opened with this secret.*\n$/i)
    expect({ out, code }).toEqual({ out: '', code: 1 })
    expect(await tables(store)).toEqual(before)
  })
})

test('a token is refused if its key is not in the store', async () => {
  const app = await startTokenApp()
  const token = await tokenOf(app)
  const elsewhere = await startTokenApp({ origin: app.origin })
  await expectRefusal(elsewhere, () => userinfo(elsewhere, token), 401, 'session_invalid')
})

describe('the keys of ID tokens', () => {
  const redirectUris = ['https://wiki.example/cb']
  const wiki = {
    id: 'wiki',
    pairwise: 'the secret of the names that the wiki has',
    scopes: ['openid'],
    redirectUris,
  }
  const withRsa = (more: object = {}) =>
    startTokenApp({ clients: [{ id: 'spa' }, { ...wiki, idTokenAlgorithm: 'RS256' as const }], ...more })
  const algorithms = async (app: TestApp): Promise<string[]> =>
    (await ask(app, '/.well-known/jwks.json')).body.keys.map(({ alg }: { alg: string }) => alg)

  test('have the algorithm of their client, beside those of access tokens, and are told in the metadata', async () => {
    const app = await withRsa()
    expect(await algorithms(app)).toEqual(['ES256', 'RS256'])
    expect(headerOf(await tokenOf(app)).alg).toBe('ES256')
    const { body } = await ask(app, '/.well-known/openid-configuration')
    expect(body.id_token_signing_alg_values_supported).toEqual(['ES256', 'RS256'])
    const plain = await startTokenApp({ clients: [{ id: 'spa' }, wiki] })
    expect(await algorithms(plain)).toEqual(['ES256'])
  })

  test('are made in a database that has one key already, and are hidden from nodes that sign with any', async () => {
    const before = await startTokenApp({ clients: [{ id: 'spa' }, wiki] })
    const old = await tokenOf(before)
    const app = await withRsa({ store: before.store, origin: before.origin, now: before.clock.now })
    expect(await algorithms(app)).toEqual(['ES256', 'RS256'])
    const rows = await signingKeys(app)
    // As 0.5 chooses its key: the newest that signs already, and it makes a new one once the newest is old.
    const chosen = rows.findLast(({ signs_from }) => signs_from <= now(app))
    expect([chosen!.algorithm, chosen!.kid]).toEqual(['ES256', headerOf(old).kid])
    expect(await signedBy(app)).toBe(headerOf(old).kid)
    expect((await userinfo(app, old)).status).toBe(200)
  })

  test('are rotated for themselves, and retire with their own successor alone', async () => {
    const app = await withRsa({ tokens: { signingKeySeconds: 10 * day } })
    await algorithms(app)
    app.clock.forward(9 * day)
    await execute(
      app.store,
      `UPDATE signing_keys SET signs_from = signs_from - ${2 * day} WHERE algorithm = 'RS256'`,
    )
    app.clock.forward(60)
    await app.guests.runChores()
    expect(await algorithms(app)).toEqual(['ES256', 'RS256', 'RS256'])
    const rows = await signingKeys(app)
    expect(rows.map(({ algorithm, retires_at }) => [algorithm, retires_at === null])).toEqual([
      ['ES256', true],
      ['RS256', false],
      ['RS256', true],
    ])
    app.clock.forward(ahead + behind + 60)
    expect(await algorithms(app)).toEqual(['ES256', 'RS256'])
    const all = await app.guests.rotateSigningKeys()
    const late = await signingKeys(app)
    expect(late.map(({ algorithm, retires_at }) => [algorithm, retires_at === null]).slice(-2)).toEqual([
      ['ES256', true],
      ['RS256', true],
    ])
    expect(all.kid).toBe(late.at(-2)!.kid)
    app.clock.forward(ahead + 1)
    expect(await signedBy(app)).toBe(all.kid)
  })

  test('go on if the algorithm of access tokens becomes another, and the other way round', async () => {
    const first = await startTokenApp({ clients: [{ id: 'spa' }, { ...wiki, idTokenAlgorithm: 'EdDSA' }] })
    expect(await algorithms(first)).toEqual(['ES256', 'EdDSA'])
    const clients = [{ id: 'spa' }, { ...wiki, idTokenAlgorithm: 'ES256' as const }]
    const tokens = { signingAlgorithm: 'EdDSA' as const }
    const shared = { store: first.store, origin: first.origin, now: first.clock.now }
    const app = await startTokenApp({ clients, tokens, ...shared })
    expect(headerOf(await tokenOf(app)).alg, 'until there is a new one').toBe('ES256')
    await app.guests.runChores()
    first.clock.forward(ahead + 60)
    expect(headerOf(await tokenOf(app)).alg).toBe('EdDSA')
    const es256 = (await signingKeys(app)).filter(({ algorithm }) => algorithm === 'ES256')
    expect(es256.map(({ retires_at }) => retires_at)).toEqual([null])
  })

  test('of two algorithms that two nodes make at once are both there', async () => {
    const app = await withRsa()
    const store = { store: app.store, origin: app.origin, now: app.clock.now }
    const other = await withRsa(store)
    await Promise.all([app, other].flatMap((node) => [algorithms(node), algorithms(node), tokenOf(node)]))
    app.clock.forward(60)
    for (const node of [app, other]) expect((await algorithms(node)).toSorted()).toEqual(['ES256', 'RS256'])
    await Promise.all([app, other].map((node) => node.guests.rotateSigningKeys()))
    expect((await signingKeys(app)).map(({ algorithm }) => algorithm).toSorted()).toEqual([
      ...['ES256', 'ES256', 'RS256', 'RS256'],
    ])
  })
})
