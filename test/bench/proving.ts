// The row of the proof of work that a flood of new guests costs: how long it takes in Chromium with its processor slowed down
// four times, in a worker and in the page, beside a loop that does nothing but derive as many keys.

import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { guestkey } from '../../server/index.ts'
import { launchBrowser } from '../support/browser.ts'
import { newDirectory, removeDirectory } from './contenders.ts'
import type { Columns } from './report.ts'

const SLOWER = 4
/** How many guests of one network are free. So many more cost twice the work, so those that are measured cost little more. */
const FREE = 1000

const files = join(import.meta.dirname, '../../client/dist/browser/client')

/** Milliseconds of each of `count` proofs, and of as many derivations in a loop. */
export async function measureProving(count: number): Promise<Columns> {
  const directory = newDirectory('proving')
  const guests = guestkey({
    origin: 'http://localhost',
    store: join(directory, 'guestkey.db'),
    rateLimit: { perMinute: 1_000_000 },
    proofOfWork: { perNetwork: FREE, perNode: 1_000_000 },
    now: () => 0,
  })
  const server = createServer((req, res) =>
    guests.router(req, res, () => {
      const policy = req.url === '/page' ? "worker-src 'none'" : ''
      res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy })
      res.end('<!doctype html><title>A page</title>')
    }),
  )
  server.listen(0, '127.0.0.1')
  await guests.ready()
  const browser = await launchBrowser()
  try {
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    const ask = () =>
      fetch(`${origin}/guest/sign-in`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: 'http://localhost' },
        body: '{}',
      })
    for (let i = 0; i < FREE; i++) await (await ask()).arrayBuffer()
    const challenges: object[] = []
    while (challenges.length < count)
      challenges.push(((await (await ask()).json()) as { challenge: object }).challenge)
    const chunk = `/guest/client/${readdirSync(files).find((name) => name.startsWith('prove-'))}`

    const times = async (path: string) => {
      const page = await browser.newPage()
      await page.goto(origin + path)
      const cdp = await page.context().newCDPSession(page)
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
      const measured = await page.evaluate(timesInPage, { challenges, chunk })
      await page.close()
      return measured
    }
    const inWorker = await times('/worker')
    const inPage = await times('/page')
    return {
      worker: quantiles(inWorker.proofs),
      page: quantiles(inPage.proofs),
      loop: quantiles(inPage.loops),
    }
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
    await guests.close()
    removeDirectory(directory)
  }
}

/** Runs in the page. */
async function timesInPage({ challenges, chunk }: { challenges: object[]; chunk: string }) {
  const { prove } = await import(chunk)
  const proofs: number[] = []
  const loops: number[] = []
  for (const challenge of challenges) {
    let proof = ''
    let began = performance.now()
    const send = (given?: string) => {
      proof ||= given ?? ''
    }
    await prove({ cause: { challenge } }, async () => {}, send)
    proofs.push(performance.now() - began)
    const { counter } = JSON.parse(atob(proof)).solution
    began = performance.now()
    const salt = new Uint8Array(16)
    for (let i = 0; i <= counter; i++) {
      const key = await crypto.subtle.importKey('raw', new Uint8Array(20), 'PBKDF2', false, ['deriveBits'])
      await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 50 }, key, 256)
    }
    loops.push(performance.now() - began)
  }
  return { proofs, loops }
}

function quantiles(found: number[]): Record<string, number> {
  found.sort((a, b) => a - b)
  const quantile = (share: number) => found[Math.floor(found.length * share)]!
  return { 'p50, ms': quantile(0.5), 'p95, ms': quantile(0.95) }
}
