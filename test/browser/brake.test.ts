// A new guest in a flood, in Chromium: the client does the work that the server asks for by itself. Needs `npm run build:client`.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { launchBrowser, newDevice } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const strict = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'"

/** A host in a flood, and a page of it under this policy, with the button. */
async function openInFlood(policy: string) {
  const app = await startApp(
    { now: Date.now, proofOfWork: { perNetwork: 1, perNode: 600 } },
    (host) =>
      void host.get('/page', (_req, res) => {
        res.set('Content-Security-Policy', policy).type('html')
        res.send(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A page</title>
          <script type="module" src="/guest/elements.js"></script><guestkey-button></guestkey-button></html>`)
      }),
  )
  expect((await app.browser().post('/guest/sign-in')).status).toBe(200)
  const device = await newDevice(browser)
  onTestFinished(() => device.close())
  const workers: string[] = []
  device.page.on('worker', (worker) => workers.push(new URL(worker.url()).pathname))
  await device.page.goto(`${app.origin}/page`)
  return { app, workers, ...device }
}

const asGuest = async ({ page }: Awaited<ReturnType<typeof openInFlood>>) => {
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.locator('guestkey-button .chip .guest').waitFor()
}

describe('in a flood, a page gets its guest', () => {
  test('by a worker, under a strict policy', async () => {
    const opened = await openInFlood(
      `${strict}; require-trusted-types-for 'script'; trusted-types guestkey-prove`,
    )
    await asGuest(opened)
    expect(opened.workers).toEqual([expect.stringMatching(/^\/guest\/client\/prove-[\w-]+\.js$/)])
    expect(opened.app.logs.filter(({ fields }) => fields.code === 'proof_of_work_required')).toHaveLength(1)
    // The refusal itself is all that the browser tells of.
    expect(opened.problems.filter((one) => !/429/.test(one))).toEqual([])
  })

  test.each([
    ['no workers', `${strict}; worker-src 'none'`],
    ['no policy for scripts', `${strict}; require-trusted-types-for 'script'; trusted-types 'none'`],
  ])('by the page itself, where there may be %s', async (_name, policy) => {
    const opened = await openInFlood(policy)
    await asGuest(opened)
    expect(opened.workers).toEqual([])
  })

  test('and says so to screen readers after a second', async () => {
    const opened = await openInFlood(strict)
    const { page } = opened
    // The challenge is solved once the test lets the file with the work through.
    const loaded = Promise.withResolvers<void>()
    await page.route('**/client/prove-*.js', async (route) => {
      await loaded.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'Continue as guest' }).click()
    await page
      .locator('guestkey-button [role=status]', { hasText: 'One moment…' })
      .waitFor({ state: 'attached' })
    loaded.resolve()
    await page.locator('guestkey-button .chip .guest').waitFor()
  })
})
