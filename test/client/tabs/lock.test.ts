// The lock of all tabs, when another tab keeps it or the browser does not give it. Node has the Web Locks of browsers.
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { lock } from '../../../client/tabs/lock.ts'

let names = 0
const newName = () => `lock ${names++}`
const never = () => new Promise<never>(() => {})

/** Holds the lock until the test is over, as a frozen tab does. Says how its request ends. */
async function freeze(name: string) {
  const thaw = Promise.withResolvers<string>()
  onTestFinished(() => thaw.resolve('over'))
  const held = Promise.withResolvers<void>()
  const ended = lock(name, 'exclusive', 5000, () => {
    held.resolve()
    return thaw.promise
  })
  await held.promise
  return { thaw, ended }
}

describe('a lock that another tab keeps', () => {
  it('is waited for no longer than it says', async () => {
    const name = newName()
    await freeze(name)
    const began = Date.now()
    expect(await lock(name, 'shared', 50, async () => 'read')).toBe('read')
    expect(await lock(name, 'exclusive', 50, async () => 'written')).toBe('written')
    expect(Date.now() - began).toBeLessThan(2000)
  })

  it('is waited for once: the next read does not wait long, until a lock is given again', async () => {
    const name = newName()
    const { thaw, ended } = await freeze(name)
    await lock(name, 'shared', 500, async () => {})
    let began = Date.now()
    await lock(name, 'shared', 60_000, async () => {})
    expect(Date.now() - began).toBeLessThan(2000)
    thaw.resolve('')
    await ended
    await lock(name, 'shared', 60_000, async () => {})
    const other = await freeze(name)
    setTimeout(() => other.thaw.resolve(''), 500)
    began = Date.now()
    await lock(name, 'shared', 60_000, async () => {})
    expect(Date.now() - began).toBeGreaterThan(400)
  })

  it('is taken away, so that the next one does not wait', async () => {
    const name = newName()
    await freeze(name)
    await lock(name, 'exclusive', 50, async () => {})
    const { held, pending } = await navigator.locks.query()
    expect([...held!, ...pending!].filter((one) => one.name === name)).toEqual([])
    const began = Date.now()
    await lock(name, 'exclusive', 60_000, async () => {})
    expect(Date.now() - began).toBeLessThan(2000)
  })

  it('does not end the work of the tab that lost it', async () => {
    const name = newName()
    const { thaw, ended } = await freeze(name)
    await lock(name, 'exclusive', 50, async () => {})
    thaw.resolve('done')
    expect(await ended).toBe('done')
  })

  it('is held by the work that took it', async () => {
    const name = newName()
    await freeze(name)
    const work = Promise.withResolvers<void>()
    const first = lock(name, 'exclusive', 50, () => work.promise)
    await vi.waitFor(async () =>
      expect((await navigator.locks.query()).held?.filter((one) => one.name === name).length).toBe(1),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    const order: string[] = []
    const second = lock(name, 'exclusive', 60_000, async () => order.push('second'))
    order.push('first')
    work.resolve()
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
  })
})

describe('work without a lock', () => {
  // A lock that is given ends the impatience that an earlier test has left.
  beforeEach(() => lock(newName(), 'shared', 60_000, async () => {}))
  const gives = (request: unknown) => vi.stubGlobal('navigator', { locks: request && { request } })
  const fails = (name: string) => new DOMException('no', name)

  it.each<[string, unknown, number]>([
    ['are absent', undefined, 60_000],
    [
      'throw',
      () => {
        throw fails('SecurityError')
      },
      60_000,
    ],
    ['reject', () => Promise.reject(fails('InvalidStateError')), 60_000],
    ['never answer', never, 50],
  ])('is done once, and at once, if Web Locks %s', async (_, request, patience) => {
    gives(request)
    const work = vi.fn(async () => 'done')
    const began = Date.now()
    expect(await lock('name', 'exclusive', patience, work)).toBe('done')
    expect(Date.now() - began).toBeLessThan(30_000)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('is done if the browser throws at the mention of Web Locks', async () => {
    vi.stubGlobal('navigator', {
      get locks() {
        throw fails('SecurityError')
      },
    })
    expect(await lock('name', 'shared', 60_000, async () => 'done')).toBe('done')
  })

  it('rejects with its own error, once', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const error = new Error('work')
    for (const request of [undefined, never]) {
      gives(request)
      await expect(lock('name', 'exclusive', 20, () => Promise.reject(error))).rejects.toBe(error)
    }
    vi.unstubAllGlobals()
    await expect(lock(newName(), 'exclusive', 20, () => Promise.reject(error))).rejects.toBe(error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(unhandled).not.toHaveBeenCalled()
  })
})
