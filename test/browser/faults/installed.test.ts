// Each function of the client ends soundly, whatever of the browser is broken. Needs `npm run build:client`.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { breakable, breakIn } from './installed.ts'
import { expectSoundEnds, openFaulty } from './page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** `npm test` tries one kind of each, and in token mode only what tokens need. */
const rowsOf = (mode: string) =>
  Object.entries(breakable)
    .filter(([what]) => inject('isFull') || mode === 'cookie' || /locks|DB|Channel|crypto/.test(what))
    .flatMap(([what, kinds]) =>
      kinds.slice(0, inject('isFull') ? undefined : 1).map((kind) => [what, kind] as const),
    )

describe.each(['cookie', 'token'] as const)('in %s mode, every function ends soundly', (mode) => {
  test('if nothing is broken', async () => {
    const outcomes = await expectSoundEnds(await openFaulty(browser, { client: { mode, timeoutSeconds: 1 } }))
    expect(outcomes).toMatchObject({
      signInAnonymously: 'value',
      'passkeys.add': 'value',
      'deviceKey.enable': 'value',
    })
  })

  test.each(rowsOf(mode))('if %s %s', async (what, kind) => {
    const install = (page: Parameters<typeof breakIn>[0]) => breakIn(page, what, kind)
    const outcomes = await expectSoundEnds(
      await openFaulty(browser, { client: { mode, timeoutSeconds: 1 }, install }),
    )
    // Nobody needs any of these to continue as guest, but a session in token mode needs a store that can be read.
    const isStoreLost = mode === 'token' && what === 'indexedDB' && /never|rejects/.test(kind)
    expect(outcomes.signInAnonymously).toBe(isStoreLost ? 'storage' : 'value')
  })
})
