// The story of the demo and its gallery in a real Firefox, where Chromium may be of another opinion.

import { describe, expect, onTestFinished, test } from 'vitest'
import { type Demo, startDemo } from '../support/demo.ts'
import { type Firefox, type FirefoxTab, launchFirefox } from '../support/firefox.ts'
import { findProgram } from '../support/programs.ts'
import { sharedInFile } from '../support/when-over.ts'
import { elements, viewsOf } from './gallery-views.ts'
import { axe } from './jotter.ts'

const program = findProgram('firefox-esr')

/** Opens the demo in this tab. The test fails if the console has an error at its end. */
async function openJotter(firefox: Firefox, tab: FirefoxTab, demo: Demo): Promise<FirefoxTab> {
  onTestFinished(() => expect(firefox.takeProblems()).toEqual([]))
  await tab.goto(demo.origin)
  return tab
}

const label = async (tab: FirefoxTab) => (await tab.texts('.chip .guest'))[0]!
const notes = (tab: FirefoxTab) => tab.texts('#list .note > p')

async function continueAsGuest(tab: FirefoxTab): Promise<string> {
  await tab.press('Continue as guest')
  return label(tab)
}

async function write(tab: FirefoxTab, text: string): Promise<void> {
  await tab.fill('New note', text)
  await tab.press('Add note')
  await expect.poll(() => notes(tab)).toContain(text)
}

async function save(tab: FirefoxTab): Promise<void> {
  await tab.press('Save with a passkey')
  await tab.texts('body[data-written=ink]')
}

/** Signs out by the menu of this guest. */
async function signOut(tab: FirefoxTab, name: string): Promise<void> {
  await tab.press(name)
  await tab.press('Sign out')
}

describe.skipIf(!program)('the demo in Firefox', () => {
  const firefox = sharedInFile(() => launchFirefox(program!))

  test('a guest saves with a passkey, signs out, and comes back by it', async () => {
    const demo = await startDemo()
    const tab = await openJotter(firefox(), await firefox().openTab(), demo)
    const name = await continueAsGuest(tab)
    await write(tab, 'milk')
    expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0, passkeys: 0 })
    await save(tab)
    expect(await firefox().passkeys()).toHaveLength(1)
    await signOut(tab, name)
    await tab.press('Continue with your passkey')
    expect(await label(tab)).toBe(name)
    expect(await notes(tab)).toEqual(['milk'])
    expect(await demo.rows()).toMatchObject({ guests: 1, passkeys: 1, sessions: 1 })
  })

  /** Has this browser remember the guest. */
  async function remember(tab: FirefoxTab, name: string): Promise<void> {
    await tab.press(name)
    await tab.press('Account')
    await tab.press('Remember me in this browser')
    await tab.texts('[role=switch][aria-checked=true]')
  }

  test('the key of the browser brings the guest back unasked', async () => {
    const demo = await startDemo()
    const tab = await openJotter(firefox(), await firefox().openTab(), demo)
    const name = await continueAsGuest(tab)
    await write(tab, 'milk')
    await remember(tab, name)
    await tab.deleteCookies()
    await tab.reload()
    expect(await label(tab)).toBe(name)
    expect(await demo.rows()).toMatchObject({ guests: 1, device_keys: 1 })
  })

  test('a recovery code brings the guest back', async () => {
    const demo = await startDemo()
    const tab = await openJotter(firefox(), await firefox().openTab(), demo)
    const name = await continueAsGuest(tab)
    await tab.press(name)
    await tab.press('Account')
    await tab.press('Make recovery codes')
    const [code] = await tab.texts('.codes li')
    await tab.press('I have kept them')
    await signOut(tab, name)
    await tab.press('More ways')
    await tab.press('Recovery code')
    await tab.fill('Recovery code', code!)
    await tab.press('Sign in')
    expect(await label(tab)).toBe(name)
  })

  test('a private window keeps a guest as any other window does', async () => {
    const demo = await startDemo()
    const tab = await openJotter(firefox(), await firefox().openPrivateWindow(), demo)
    const name = await continueAsGuest(tab)
    await write(tab, 'milk')
    await save(tab)
    await remember(tab, name)
    await signOut(tab, name)
    await tab.press('Sign out, keep it')
    await tab.press(`Continue as ${name}`)
    expect(await label(tab)).toBe(name)
    expect(await notes(tab)).toEqual(['milk'])
  })

  test('if Firefox blocks cookies, the page says so, and makes no guest', async () => {
    const blocking = await launchFirefox(program!, { 'network.cookie.cookieBehavior': 2 })
    const demo = await startDemo()
    const tab = await openJotter(blocking, await blocking.openTab(), demo)
    await tab.press('Continue as guest')
    await tab.shows('This browser keeps nothing for this site.')
    expect(await tab.texts('#welcome h1')).toHaveLength(1)
    expect(await demo.rows()).toMatchObject({ guests: 0, sessions: 0 })
  })

  // Several states have the same title, which no page of a host would have twice.
  const find = `${axe}
    return axe.run({ rules: { 'landmark-unique': { enabled: false } } })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`

  test.each(elements)('<%s> comes to each of its states, and axe finds nothing there', async (element) => {
    const demo = await startDemo()
    const tab = await openJotter(firefox(), await firefox().openTab(), demo)
    for (const state of viewsOf(element)) {
      await tab.goto('about:blank')
      await tab.goto(`${demo.origin}/elements#${new URLSearchParams({ element, state })}`)
      await tab.texts('html[data-shown]')
      expect(await tab.run('return document.documentElement.dataset.missed ?? null'), state).toBeNull()
      expect(
        await tab.run('return document.documentElement.scrollWidth - innerWidth'),
        state,
      ).toBeLessThanOrEqual(0)
      expect(await tab.run(find), state).toEqual([])
    }
  })
})
