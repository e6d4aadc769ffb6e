import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

describe('the browser bundle', () => {
  let folder: string
  let size: number
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guestkey-client-'))
    for (const name of ['client.js', 'app.js']) {
      await build({
        entryPoints: ['client/index.ts'],
        outfile: join(folder, 'doors', name),
        bundle: true,
        minify: true,
        format: 'esm',
        target: 'es2022',
      })
    }
    size = gzipSync(await readFile(join(folder, 'doors/client.js')), { level: 9 }).length
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is at most 14.25 KiB gzipped, with the console warnings that the build drops', () => {
    expect(size).toBeLessThanOrEqual(14.25 * 1024)
  })

  it.each([
    ['beside client.js if it was loaded from there', 'client.js', () => `${pathToFileURL(folder)}/doors`],
    ['at /guest if it was bundled into something else', 'app.js', () => '/guest'],
  ])('looks for the endpoints %s', async (_, name, expected) => {
    const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ sub: 'a' }))
    const { createGuestClient } = await import(pathToFileURL(join(folder, 'doors', name)).href)
    await createGuestClient().user()
    expect(asked.mock.calls[0]?.[0]).toBe(`${expected()}/userinfo`)
    asked.mockRestore()
  })
})
