// A real Firefox for tests, with a virtual authenticator. Its helpers use a page as a person does.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './engine.ts'
import { eventually } from './eventually.ts'
import { connectBidi, connectMarionette, type Send } from './firefox-protocols.ts'
import { whenOver } from './when-over.ts'

/** A preference of Firefox (about:config). */
type Preferences = Record<string, string | number | boolean>

/** One tab. Firefox has one current tab: only the tab that was opened last may be used. */
export interface FirefoxTab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Clicks the visible button of this name, else one whose name begins so. */
  press(name: string): Promise<void>
  /** Types into the visible field of this label, after what is in it is deleted. */
  fill(label: string, text: string): Promise<void>
  /** Waits until an element of this selector is visible, and returns the text of all that are. */
  texts(selector: string): Promise<string[]>
  /** Waits until the page shows this text. */
  shows(text: string): Promise<void>
  deleteCookies(): Promise<void>
  /** Runs the body of a function in the page, and returns what it returns or resolves to. */
  run<T>(body: string): Promise<T>
}

export interface Firefox {
  /** A tab with cookies and storage of its own, and a new authenticator without passkeys. */
  openTab(): Promise<FirefoxTab>
  /** The same in a private window. All private windows share their cookies. */
  openPrivateWindow(): Promise<FirefoxTab>
  /** The IDs of the passkeys in the authenticator. */
  passkeys(): Promise<string[]>
  /** The errors in the console since the last call: uncaught ones, and those that a page printed. */
  takeProblems(): string[]
}

/** Where a request other than to this machine ends: a proxy that is not there. */
const nowhere = { 'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': 9 }
const elsewhere = { 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': 9 }

/** WebAuthn asks the virtual authenticators, and no security key of this machine. */
const tokens = {
  'security.webauth.webauthn_enable_softtoken': true,
  'security.webauth.webauthn_enable_usbtoken': false,
}

/** Starts a headless Firefox with these preferences. It ends when the test ends. */
export async function launchFirefox(program: string, preferences: Preferences = {}): Promise<Firefox> {
  const profile = temporaryFolder()
  const all: Preferences = { 'marionette.port': 0, ...nowhere, ...elsewhere, ...tokens, ...preferences }
  const lines = Object.entries(all).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
  )
  writeFileSync(join(profile, 'user.js'), lines.join(''))
  const flags = ['--headless', '--no-remote', '--marionette', '--remote-debugging-port=0']
  const child = spawn(program, [...flags, '--profile', profile], {
    env: { PATH: process.env.PATH, HOME: profile },
    stdio: 'ignore',
  })
  const gone = once(child, 'exit')
  whenOver(async () => {
    child.kill()
    await gone
  })
  const portFile = join(profile, 'MarionetteActivePort')
  const port = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`Firefox ended with ${child.exitCode}`)
    const text = existsSync(portFile) && readFileSync(portFile, 'utf8')
    if (!text) throw new Error('Firefox does not listen yet')
    return Number(text)
  })
  return driven(await connectMarionette(port))
}

async function driven(send: Send): Promise<Firefox> {
  const { capabilities } = await send<{ capabilities: { webSocketUrl: string } }>('WebDriver:NewSession', {
    webSocketUrl: true,
  })
  const problems: string[] = []
  const bidi = await connectBidi(capabilities.webSocketUrl, (_event, { level, text }) => {
    if (level === 'error') problems.push(String(text))
  })
  await bidi('session.subscribe', { events: ['log.entryAdded'] })
  let authenticatorId: string | undefined

  async function renewAuthenticator() {
    if (authenticatorId) await send('WebAuthn:RemoveVirtualAuthenticator', { authenticatorId })
    const { value } = await send<{ value: string }>('WebAuthn:AddVirtualAuthenticator', {
      protocol: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserConsenting: true,
      isUserVerified: true,
    })
    authenticatorId = value
  }

  async function use(handle: string) {
    await send('WebDriver:SwitchToWindow', { handle })
    await renewAuthenticator()
    // WebDriver's own way passes over the cookies of tabs that have theirs to themselves.
    const partition = { type: 'context', context: handle }
    return tabOf(send, () => bidi('storage.deleteCookies', { partition }))
  }

  return {
    async openTab() {
      const { userContext } = await bidi<{ userContext: string }>('browser.createUserContext')
      const { context } = await bidi<{ context: string }>('browsingContext.create', {
        type: 'tab',
        userContext,
      })
      return use(context)
    },
    async openPrivateWindow() {
      const asked = { type: 'window', private: true }
      return use((await send<{ handle: string }>('WebDriver:NewWindow', asked)).handle)
    },
    async passkeys() {
      type Held = { value: { credentialId: string }[] }
      const { value } = await send<Held>('WebAuthn:GetCredentials', { authenticatorId })
      return value.map(({ credentialId }) => credentialId)
    },
    takeProblems: () => problems.splice(0),
  }
}

/** The name under which WebDriver hands over an element (W3C WebDriver, 12). */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'
type Reference = { [elementKey]: string }

function tabOf(send: Send, deleteCookies: () => Promise<void>): FirefoxTab {
  /** Runs the function in the page, again and again until it returns something. `what` is for the error. */
  const until = <T>(what: string, look: (sought: string) => T | undefined, sought: string): Promise<T> =>
    eventually(async () => {
      const script = `const roots = ${roots}; return (${look})(...arguments) ?? null`
      const { value } = await send<{ value: T | null }>('WebDriver:ExecuteScript', { script, args: [sought] })
      if (value === null) throw new Error(`The page has no ${what} ${JSON.stringify(sought)}`)
      return value
    })
  const idOf = (element: unknown) => (element as Reference)[elementKey]

  return {
    goto: (url) => send('WebDriver:Navigate', { url }),
    reload: () => send('WebDriver:Refresh'),
    async press(name) {
      // A dialog that is about to close may still cover the button.
      await eventually(async () =>
        send('WebDriver:ElementClick', { id: idOf(await until('button', findButton, name)) }),
      )
    },
    async fill(label, text) {
      const id = idOf(await until('field', findField, label))
      await send('WebDriver:ElementClear', { id })
      await send('WebDriver:ElementSendKeys', { id, text })
    },
    texts: (selector) => until('visible element', readTexts, selector),
    async shows(text) {
      await until('text', findText, text)
    },
    deleteCookies,
    async run<T>(script: string) {
      return (await send<{ value: T }>('WebDriver:ExecuteScript', { script, args: [] })).value
    },
  }
}

// These run in the page, so they use nothing of this module but `roots`.

/** The document, and all shadow roots in it. */
function roots(): (Document | ShadowRoot)[] {
  const found: (Document | ShadowRoot)[] = [document]
  for (const root of found)
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) found.push(shadowRoot)
  return found
}

/** In the middle of the window, since a message of the page may cover what is at its edge. */
function findButton(name: string) {
  const buttons = roots().flatMap((root) => [...root.querySelectorAll('button')])
  const labelOf = (one: HTMLElement) =>
    (one.getRootNode() as Document).getElementById(one.getAttribute('aria-labelledby') ?? '') ?? one
  const nameOf = (one: HTMLElement) => one.ariaLabel ?? labelOf(one).innerText.replaceAll(/\s+/g, ' ').trim()
  // Nothing beside a modal dialog can be pressed.
  const modal = roots()
    .flatMap((root) => [...root.querySelectorAll('dialog:modal')])
    .at(-1)
  const shown = buttons.filter((one) => one.checkVisibility() && (!modal || modal.contains(one)))
  const found = shown.find((one) => nameOf(one) === name) ?? shown.find((one) => nameOf(one).startsWith(name))
  found?.scrollIntoView({ block: 'center', behavior: 'instant' })
  return found
}

function findField(label: string) {
  const labels = roots().flatMap((root) => [...root.querySelectorAll('label')])
  return labels
    .map(({ control }) => control)
    .find((one, i) => labels[i]!.textContent.trim() === label && one?.checkVisibility())
}

function findText(text: string) {
  const parts = roots().flatMap((root) => [...root.children])
  return parts.some((one) => (one as HTMLElement).innerText?.includes(text)) || undefined
}

function readTexts(selector: string) {
  const all = roots().flatMap((root) => [...root.querySelectorAll(selector)])
  const visible = all.filter((one) => one.checkVisibility())
  return visible.length > 0 ? visible.map(({ textContent }) => textContent.trim()) : undefined
}
