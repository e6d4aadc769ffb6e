import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

describe('the browser bundle', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guestkey-client-'))
    for (const name of ['client.js', 'client-small.js', 'app.js']) {
      await build({
        entryPoints: [`client/${name === 'client-small.js' ? 'small' : 'index'}.ts`],
        outfile: join(folder, 'doors', name),
        bundle: true,
        format: 'esm',
        target: 'es2022',
      })
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['beside client.js if it was loaded from there', 'client.js', () => `${pathToFileURL(folder)}/doors`],
    [
      'beside client-small.js if it was loaded from there',
      'client-small.js',
      () => `${pathToFileURL(folder)}/doors`,
    ],
    ['at /guest if it was bundled into something else', 'app.js', () => '/guest'],
  ])('looks for the endpoints %s', async (_, name, expected) => {
    vi.stubGlobal('window', globalThis)
    const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ sub: 'a' }))
    const { createGuestClient } = await import(pathToFileURL(join(folder, 'doors', name)).href)
    await createGuestClient().user()
    expect(asked.mock.calls[0]?.[0]).toBe(`${expected()}/userinfo`)
    asked.mockRestore()
  })
})
