// GUESTKEY_WORKERS: several processes serve one address from one store.

import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { copyOf } from '../../support/ceremonies.ts'
import { temporaryDeployment, temporaryFolder } from '../../support/engine.ts'
import { ended, launch, type Service, startService } from '../../support/service.ts'

const origin = 'https://guests.example'

/** The service with two processes, once both serve. */
async function startTwo(environment: Record<string, string> = {}) {
  const { environment: own } = await temporaryDeployment()
  const production = { NODE_ENV: 'production', GUESTKEY_ORIGIN: origin, GUESTKEY_SECRET: 'x'.repeat(32) }
  const service = await startService({ ...production, ...own, ...environment, GUESTKEY_WORKERS: '2' })
  await expect.poll(() => serving(service)).toHaveLength(2)
  // Each new connection goes to the next process.
  const answers = Array.from({ length: 4 }, () => askAlone(service, '/readyz'))
  await expect.poll(() => answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  return service
}

/** The processes that have said that they listen, by their ids. */
const serving = ({ said }: Service): number[] =>
  said.out.split('\n').flatMap((line) => {
    const { msg, pid } = line.startsWith('{') ? JSON.parse(line) : {}
    return msg === 'listening' ? [pid] : []
  })

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The status of this path, asked on a connection of its own; undefined until it is answered. */
function askAlone({ port }: Service, path = '/healthz'): { status?: number | undefined } {
  const answer: { status?: number | undefined } = {}
  request({ port, path, agent: false }, (res) => {
    answer.status = res.resume().statusCode
  })
    .on('error', () => {})
    .end()
  return answer
}

describe('two processes', () => {
  test('share the connections', async () => {
    const service = await startTwo()
    const [one, other] = serving(service)
    expect(service.said.out.match(/guestkey is at/g)).toHaveLength(1)
    for (const pid of [one!, other!]) {
      process.kill(pid, 'SIGSTOP')
      const answers = Array.from({ length: 8 }, () => askAlone(service))
      const answered = () => answers.filter(({ status }) => status === 200).length
      // The connections after the one that this process got go to the other one.
      await expect.poll(answered).toBe(7)
      process.kill(pid, 'SIGCONT')
      await expect.poll(answered).toBe(8)
    }
  })

  test('refuse a session that one of them has ended, at once', async () => {
    const service = await startTwo()
    const owner = service.browser()
    expect((await owner.addPasskey(service.device())).status).toBe(201)
    const copy = copyOf(service, owner)
    expect((await copy.get('/guest/userinfo')).status).toBe(200)
    expect((await owner.post('/guest/sign-out')).status).toBe(204)
    for (let i = 0; i < 6; i++) expect((await copy.get('/guest/userinfo')).status).toBe(401)
  })

  test('go on if one of them is killed, and another one takes its place', async () => {
    const service = await startTwo()
    const [one, other] = serving(service)
    process.kill(one!, 'SIGKILL')
    await expect.poll(() => isAlive(one!)).toBe(false)
    expect((await service.ask('/guest/client.js')).status).toBe(200)
    await expect.poll(() => serving(service)).toHaveLength(3)
    expect(service.said.err).toBe(`guestkey: process ${one} ended (SIGKILL); another one takes its place\n`)
    expect(isAlive(other!)).toBe(true)
  })

  test('finish what is under way on SIGTERM, and end', async () => {
    const service = await startTwo({ GUESTKEY_DRAIN_SECONDS: '0' })
    const pids = serving(service)
    const asked = Array.from({ length: 4 }, () => service.browser().addPasskey(service.device()))
    const end = ended(service.child)
    service.child.kill('SIGTERM')
    const answers = await Promise.allSettled(asked)
    expect(await end).toMatchObject({ code: 0 })
    expect(pids.filter(isAlive)).toEqual([])
    // A ceremony is two requests: the second one may come when the service takes no more connections.
    for (const answer of answers) if (answer.status === 'fulfilled') expect(answer.value.status).toBe(201)
  })

  test('end if the process that began them is killed', async () => {
    const service = await startTwo()
    service.child.kill('SIGKILL')
    await expect.poll(() => serving(service).filter(isAlive)).toEqual([])
  })
})

test('a wrong option is said once, and nothing serves', async () => {
  const { environment } = await temporaryDeployment()
  const { child, said } = launch({
    ...environment,
    ...{ NODE_ENV: 'production', GUESTKEY_ORIGIN: origin, GUESTKEY_SECRET: 'x'.repeat(32) },
    ...{ GUESTKEY_WORKERS: '2', GUESTKEY_OPTIONS: '{"keep":"never"}' },
  })
  expect((await ended(child)).code).toBe(1)
  expect(said.err.match(/at keep$/gm)).toHaveLength(1)
  expect(said.out).toBe('')
})

test('a store that cannot be used ends the service, with one message', async () => {
  const { environment } = await temporaryDeployment()
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'guestkey.db'), 'no database '.repeat(100))
  const { DATABASE_URL } = environment as Record<string, string | undefined>
  const wrong = DATABASE_URL && Object.assign(new URL(DATABASE_URL), { pathname: '/missing' }).href
  const { child, said } = launch({
    ...{ NODE_ENV: 'production', GUESTKEY_ORIGIN: origin, GUESTKEY_SECRET: 'x'.repeat(32) },
    ...{ GUESTKEY_WORKERS: '2', GUESTKEY_DATA: folder, ...(wrong && { DATABASE_URL: wrong }) },
  })
  expect((await ended(child)).code).toBe(1)
  expect(said.err.match(/^guestkey: .*(not a database|does not exist)/gm)).toHaveLength(1)
  expect(said.out).not.toContain('guestkey is at')
})

test('a stop while a killed process waits to be replaced ends at once', async () => {
  const service = await startTwo({ GUESTKEY_DRAIN_SECONDS: '0' })
  for (const pid of serving(service)) process.kill(pid, 'SIGKILL')
  await expect.poll(() => service.said.err.match(/takes its place/g)).toHaveLength(2)
  service.child.kill('SIGTERM')
  expect(await ended(service.child)).toMatchObject({ code: 0 })
})

test('a process that does not stop is killed', async () => {
  const service = await startTwo({ GUESTKEY_DRAIN_SECONDS: '0' })
  const [stuck] = serving(service)
  process.kill(stuck!, 'SIGSTOP')
  service.child.kill('SIGTERM')
  expect(await ended(service.child)).toMatchObject({ code: 1 })
  expect(isAlive(stuck!)).toBe(false)
})
