import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createLocks } from '../../../client/native/locks.ts'

/** Works that run until the test ends them. `running` lists those that have begun and not ended. */
function setUp() {
  const lock = createLocks()
  const running: string[] = []
  const begin = (work: string, mode: LockMode = 'exclusive', name = 'a', milliseconds = 60_000) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const done = lock(name, mode, milliseconds, async () => {
      running.push(work)
      await promise.finally(() => running.splice(running.indexOf(work), 1))
      return work
    })
    done.catch(() => {})
    return { done, end: resolve, fail: reject }
  }
  const now = async () => {
    await setImmediate()
    return [...running]
  }
  return { begin, now }
}

it('runs exclusive work one after the other, and work for another lock meanwhile', async () => {
  const { begin, now } = setUp()
  const first = begin('first')
  const second = begin('second')
  begin('other', 'exclusive', 'b')
  expect(await now()).toEqual(['first', 'other'])
  first.end()
  expect(await first.done).toBe('first')
  expect(await now()).toEqual(['other', 'second'])
  second.end()
})

it('runs shared work together, and exclusive work alone between what asked before it and after it', async () => {
  const { begin, now } = setUp()
  const readers = [begin('a reader', 'shared'), begin('another reader', 'shared')]
  const writer = begin('the writer')
  begin('a late reader', 'shared')
  expect(await now()).toEqual(['a reader', 'another reader'])
  readers[0]!.end()
  expect(await now()).toEqual(['another reader'])
  readers[1]!.end()
  expect(await now()).toEqual(['the writer'])
  writer.end()
  expect(await now()).toEqual(['a late reader'])
})

it('goes on after work that failed, whose caller gets the error', async () => {
  const { begin, now } = setUp()
  const first = begin('first')
  begin('second')
  await now()
  first.fail(new Error('it failed'))
  await expect(first.done).rejects.toThrow('it failed')
  expect(await now()).toEqual(['second'])
})

it('lets work go on without the lock that has waited for as long as it may', async () => {
  const { begin, now } = setUp()
  const first = begin('first')
  begin('patient')
  const late = begin('impatient', 'shared', 'a', 20)
  late.end()
  expect(await late.done).toBe('impatient')
  expect(await now()).toEqual(['first'])
  first.end()
  expect(await first.done).toBe('first')
  expect(await now()).toEqual(['patient'])
})
