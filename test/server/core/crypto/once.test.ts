// Libraries that are loaded at their first use.

import { expect, test, vi } from 'vitest'
import { once } from '../../../../server/core/crypto/once.ts'

test('what is loaded once is loaded at the first call, and by no other', async () => {
  const load = vi.fn(async () => ({ name: 'library' }))
  const loaded = once(load)
  expect(load).not.toHaveBeenCalled()
  const all = await Promise.all([loaded(), loaded()])
  expect(all).toEqual([{ name: 'library' }, { name: 'library' }])
  expect(await loaded()).toBe(all[0])
  expect(load).toHaveBeenCalledTimes(1)
})

test('a load that fails is tried again at the next call', async () => {
  const load = vi.fn(async () => 'library').mockRejectedValueOnce(new Error('no such file'))
  const loaded = once(load)
  await expect(loaded()).rejects.toThrow('no such file')
  expect(await loaded()).toBe('library')
  expect(load).toHaveBeenCalledTimes(2)
})
