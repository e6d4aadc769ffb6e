/** A real Chromium for tests: devices with virtual authenticators, and passkeys carried between them. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

/** A passkey with its private key, as a virtual authenticator holds it (WebAuthn.Credential of CDP, in base64). */
export interface Credential {
  credentialId: string
  isResidentCredential: boolean
  rpId?: string
  privateKey: string
  userHandle?: string
  signCount: number
  backupEligibility?: boolean
  backupState?: boolean
  userName?: string
  userDisplayName?: string
}

export interface DeviceOptions {
  /** The passkeys that the authenticator holds from the start, from the `credentials()` of another device. */
  passkeys?: Credential[]
  /** `internal` (the default) is the authenticator of this device; the others are a phone or a security key. */
  transport?: 'internal' | 'hybrid' | 'usb'
  /** False: the person fails or cancels the check of face, finger or PIN. Default true. */
  userVerifies?: boolean
  /** New passkeys are backed up (BE and BS flags, WebAuthn §6.1.3). Default false: bound to the device. */
  synced?: boolean
  /** False: no authenticator at all, as on an old machine. Default true. */
  authenticator?: boolean
  /** Whether passkeys can give secrets (the PRF extension, WebAuthn Level 3, 10.1.4). Default false. */
  prf?: boolean
  /** Whether the person accepts a passkey that the browser offers at once (`uiMode: 'immediate'`). Default false. */
  takesOffered?: boolean
  /** The window: viewport, colour scheme, reduced motion, language and so on. */
  window?: BrowserContextOptions
}

/** An event of a passkey. `name` is the name that a picker shows. */
export interface AuthenticatorEvent {
  what: 'added' | 'asserted' | 'updated' | 'deleted'
  credentialId: string
  name?: string | undefined
}

/** One page with an authenticator. In Chromium a virtual authenticator belongs to one tab. */
export interface Tab {
  page: Page
  /** The passkeys that the authenticator holds now. */
  credentials(): Promise<Credential[]>
  /** Puts passkeys into the authenticator, replacing older copies of the same ones. */
  carry(passkeys: Credential[]): Promise<void>
  /** The authenticator loses all its passkeys. */
  lose(): Promise<void>
  /** False: the next checks of the person fail, which a page sees as `NotAllowedError`. */
  setUserVerified(verified: boolean): Promise<void>
  /** False: the authenticator waits for a touch that does not come, until the page gives up. */
  setPresent(present: boolean): Promise<void>
  /** What the page signalled to the authenticator (WebAuthn Level 3, 5.1.10), and what it did with its passkeys. */
  events: AuthenticatorEvent[]
  /** The person picks a passkey from the autofill list; without this, a conditional request waits. */
  pickFromAutofill(): Promise<void>
  /** Saves the whole page as a PNG. */
  screenshot(path: string): Promise<void>
}

/** A browser profile: the cookies and the storage of one device, and one first tab. */
export interface Device extends Tab {
  context: BrowserContext
  /** The errors of all tabs: uncaught errors, and console errors other than a refused request. */
  problems: string[]
  /** Another tab of the same profile, whose authenticator holds copies of this device's passkeys. */
  openTab(): Promise<Tab>
  close(): Promise<void>
}

// A test browser connects only to this machine.
const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

/**
 * Starts a headless Chromium: the one that CHROME_PATH names, else the one of the system, else the one that npm
 * installed. `close()` ends only this browser. A flag in `more` replaces a default flag of the same name.
 */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  const system = process.env.CHROME_PATH || findSystemChrome()
  const { executablePath, env } = system ? { executablePath: system, env: {} } : await unpackChromium()
  return chromium.launch({ executablePath, args: [...flags, ...more], env: { ...process.env, ...env } })
}

/** Opens a device. Pages must be at http://localhost:PORT, since passkeys need a secure context. */
export async function newDevice(browser: Browser, options: DeviceOptions = {}): Promise<Device> {
  const context = await browser.newContext(options.window)
  context.setDefaultTimeout(120_000)
  await context.addInitScript(holdUnaskedRequests, options.takesOffered === true)
  const problems: string[] = []
  context.on('weberror', (event) => problems.push(String(event.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      problems.push(message.text())
    }
  })
  const first = await openTab(context, options)
  return {
    ...first,
    context,
    problems,
    openTab: async () => openTab(context, { ...options, passkeys: await first.credentials() }),
    close: () => context.close(),
  }
}

async function openTab(context: BrowserContext, options: DeviceOptions): Promise<Tab> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const events: AuthenticatorEvent[] = []
  cdp.on('WebAuthn.credentialAdded', hear('added'))
  cdp.on('WebAuthn.credentialAsserted', hear('asserted'))
  cdp.on('WebAuthn.credentialUpdated', hear('updated'))
  cdp.on('WebAuthn.credentialDeleted', ({ credentialId }) => events.push({ what: 'deleted', credentialId }))
  const authenticatorId = options.authenticator === false ? undefined : await addAuthenticator()

  function hear(what: AuthenticatorEvent['what']) {
    return ({ credential }: { credential: Credential }) =>
      events.push({ what, credentialId: credential.credentialId, name: credential.userName })
  }

  async function addAuthenticator() {
    const { transport = 'internal', userVerifies = true, synced = false } = options
    const added = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport,
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: userVerifies,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: synced,
        defaultBackupState: synced,
        hasPrf: options.prf ?? false,
      },
    })
    return added.authenticatorId
  }

  function authenticator() {
    if (!authenticatorId) throw new Error('This device was opened without an authenticator')
    return { authenticatorId }
  }

  const tab: Tab = {
    page,
    events,
    credentials: async () =>
      authenticatorId ? (await cdp.send('WebAuthn.getCredentials', authenticator())).credentials : [],
    carry: async (passkeys) => {
      const held = new Set((await tab.credentials()).map((credential) => credential.credentialId))
      for (const credential of passkeys) {
        const { credentialId } = credential
        if (held.has(credentialId))
          await cdp.send('WebAuthn.removeCredential', { ...authenticator(), credentialId })
        await cdp.send('WebAuthn.addCredential', { ...authenticator(), credential })
      }
    },
    lose: async () => {
      await cdp.send('WebAuthn.clearCredentials', authenticator())
    },
    setUserVerified: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { ...authenticator(), isUserVerified })
    },
    setPresent: async (enabled) => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { ...authenticator(), enabled })
    },
    pickFromAutofill: async () => {
      await page.waitForFunction(() => 'pickFromAutofill' in window)
      await page.evaluate(() => (window as unknown as { pickFromAutofill(): void }).pickFromAutofill())
    },
    screenshot: async (path) => {
      await page.screenshot({ path, fullPage: true })
    },
  }
  await tab.carry(options.passkeys ?? [])
  return tab
}

/**
 * Runs in the page. A virtual authenticator answers a conditional request (autofill) at once, but a person sees a list
 * and may ignore it. So the request waits for `pickFromAutofill()`, or for an abort. It would also answer an immediate
 * request, which a person can decline. So such a request is declined, unless `takesOffered` is set.
 */
function holdUnaskedRequests(takesOffered: boolean) {
  const credentials = navigator.credentials
  const host = window as { pickFromAutofill?: () => void }
  if (!credentials) return
  const get = credentials.get.bind(credentials)
  credentials.get = (options) => {
    const isOffered = (options as { uiMode?: string } | undefined)?.uiMode === 'immediate'
    if (isOffered && !takesOffered) return Promise.reject(new DOMException('declined', 'NotAllowedError'))
    if (options?.mediation !== 'conditional') return get(options)
    return new Promise((resolve, reject) => {
      const pick = () => {
        delete host.pickFromAutofill
        get(options).then(resolve, reject)
      }
      host.pickFromAutofill = pick
      options.signal?.addEventListener('abort', () => {
        if (host.pickFromAutofill === pick) delete host.pickFromAutofill
        reject(options.signal?.reason)
      })
    })
  }
}

function findSystemChrome(): string | undefined {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ]
  return candidates.find((path) => existsSync(path))
}

/**
 * Unpacks the Chromium that npm installed, once per installation, with the libraries and fonts that a bare machine
 * lacks. It unpacks into a new folder and renames it when complete, so that two test processes may start at once. It
 * uses a child process, because the package sets environment variables that must not stay in this one.
 */
async function unpackChromium() {
  const home = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
  const folder = join(home, 'unpacked')
  if (!existsSync(folder)) {
    const fresh = await mkdtemp(join(home, 'unpacking-'))
    const script = `await (await import('@sparticuz/chromium')).default.executablePath()`
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: import.meta.dirname,
      env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    })
    const fonts = `<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`
    await writeFile(join(fresh, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>`)
    await rename(fresh, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
      await rm(fresh, { recursive: true, force: true })
    })
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    },
  }
}
