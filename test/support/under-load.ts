// Faults under load, and what must hold whatever happens.

import type { Response } from 'supertest'
import { expect } from 'vitest'
import { copyOf } from './ceremonies.ts'
import { type Cluster, until } from './cluster.ts'
import { expectKept, type Ledger, startLoad } from './ledger.ts'
import type { Service } from './service.ts'
import { watch } from './watch.ts'

/**
 * Runs load while each of these faults happens, and after each until 20 more guests have come. Then expects everything
 * that must hold whatever happens.
 */
export async function underLoad(
  cluster: Cluster,
  database: string,
  ...happenings: ((ledger: Ledger) => Promise<unknown>)[]
) {
  const load = startLoad(cluster)
  const watching = watch(cluster.nodes)
  for (const happens of [async () => {}, ...happenings]) {
    await happens(load.ledger)
    const enough = load.ledger.passkeys.size + 20
    await until(() => load.ledger.passkeys.size >= enough || load.ledger.wrong.length > 0)
  }
  const ledger = await load.stop()
  const seen = await watching.stop()
  await expectKept(cluster, ledger, database)
  for (const { child } of cluster.nodes) expect(child.exitCode).toBe(null)
  for (const { sick, ready } of seen) expect({ sick, ready }).toEqual({ sick: [], ready: true })
  return { ledger, seen }
}

/** A guest with a passkey who signed in on two browsers at this node and signed out on one of them. */
export async function keptGuest(cluster: Cluster, node: Service) {
  const [browser, device] = [cluster.at(node), cluster.device()]
  const { body, status, text } = await browser.addPasskey(device)
  expect(status, text).toBe(201)
  const left = cluster.at(node)
  await left.signInWithPasskey(device)
  const signedOut = copyOf(cluster, left)
  expect((await left.post('/guest/sign-out')).status).toBe(204)
  return { browser, device, signedOut: cluster.at(node, signedOut), sub: body.sub as string }
}

/** Expects a refusal that a client can repeat: 503 with Retry-After, and the session unchanged. */
export function expectUnavailable({ status, headers, body, text }: Response): void {
  expect({ status, code: body.code }, text).toEqual({ status: 503, code: 'unavailable' })
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  expect(headers['set-cookie']).toBeUndefined()
}
