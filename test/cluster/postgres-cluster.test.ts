// Several nodes on one PostgreSQL, without sticky sessions: whichever node answers, it is one service.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startCluster } from '../support/cluster.ts'
import { temporaryStore } from '../support/engine.ts'
import { freePort } from '../support/free-port.ts'
import { findProgram, startNginx, startPgBouncer } from '../support/programs.ts'
import { playWholeStory } from '../support/whole-story.ts'
import { startWire } from '../support/wire.ts'

const pgbouncer = findProgram('pgbouncer')
const nginx = findProgram('nginx')

test('the whole story works with every request at another of three nodes', async () => {
  const cluster = await startCluster({ database: await temporaryStore(), size: 3 })
  for (let round = 0; round < 5; round++) await playWholeStory(cluster)
  const { passed } = cluster.balancer
  expect(passed.length).toBeGreaterThan(100)
  expect(passed.filter(({ node }, i) => node !== i % 3)).toEqual([])
})

test.skipIf(!nginx)('the whole story works behind nginx', async () => {
  const port = await freePort()
  const cluster = await startCluster({
    ...{ database: await temporaryStore(), size: 3, origin: `http://localhost:${port}` },
    environment: { GUESTKEY_TRUST_PROXY: '1' },
  })
  const { log } = await startNginx(
    nginx!,
    port,
    cluster.nodes.map((node) => node.port),
  )
  for (let round = 0; round < 5; round++) await playWholeStory(cluster)
  const nodes = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0])
  expect(new Set(nodes)).toEqual(new Set(cluster.nodes.map((node) => `127.0.0.1:${node.port}`)))
  expect(nodes.filter((node, i) => node === nodes[i + 1])).toEqual([])
})

test.skipIf(!pgbouncer)(
  'the whole story works through PgBouncer, which loses prepared statements',
  async () => {
    const pooled = await startPgBouncer(pgbouncer!, await temporaryStore())
    const wire = await startWire(Number(new URL(pooled).port))
    const cluster = await startCluster({ database: wire.through(pooled) })
    const guests = (count: number) =>
      Promise.all(Array.from({ length: count }, () => playWholeStory(cluster)))
    wire.errors.length = 0 // these come from two nodes that created the tables at once
    await guests(10)
    expect(wire.errors.some((state) => /^(26000|42P05)$/.test(state))).toBe(true)
    wire.errors.length = 0
    await guests(10)
    expect(wire.errors, 'no statement is prepared any more').toEqual([])
  },
)
