// *Sign in with another device*, on the new device: with a code that is typed, or on the page that a QR code opened.
import { type GuestClient, GuestClientError, type SignedInGuest, type UserInfo } from '../../index.ts'
import { countDown } from '../shell/countdown.ts'
import { ask, byId, onAction } from '../shell/dom.ts'
import { askText } from '../shell/field.ts'
import { isSaved } from './keeping.ts'

interface Page {
  /** Who is signed in here before that. */
  guest: () => UserInfo | null
  /** How many notes that guest has here. */
  count: () => number
  arrive: (signIn: () => Promise<SignedInGuest | undefined>) => Promise<SignedInGuest | undefined>
}

type Opened = Awaited<ReturnType<GuestClient['deviceLinks']['open']>>

/** Connects both ways. */
export function arrivingPart(guests: GuestClient, page: Page) {
  const dialog = byId<HTMLDialogElement>('words-dialog')

  /** `leave` is safe here: `askWhether` tells what becomes of the guest who is here, before anything happens. */
  const open = (what: { code: string } | { link: string }) =>
    guests.deviceLinks.open({ ...what, leave: page.guest() !== null })

  async function byCode(): Promise<void> {
    const opened = await askText({
      title: 'Sign in with another device',
      lead: 'On a device where you are signed in, choose “Link a device”. Type the code that it shows.',
      label: 'Code',
      go: 'Continue',
      attributes: {
        placeholder: 'BCDF-GHJK',
        maxlength: '12',
        autocapitalize: 'characters',
        spellcheck: 'false',
        class: 'typed-code',
      },
      send: (code) => open({ code }),
    })
    if (opened) await goOn(opened)
  }

  /** Goes on with the link of the QR code that opened the page, if one did. */
  async function byPage(): Promise<void> {
    const link = guests.deviceLinks.pending()
    if (!link) return
    try {
      await goOn(await open({ link }))
    } catch (error) {
      if (!(error instanceof GuestClientError)) throw error
      await tell('Not signed in by this code', error.message)
    }
  }

  /** A sentence about what becomes of the guest who is here. */
  function whatOfPrevious(): string {
    const before = page.guest()
    if (!before) return ''
    const who = `${before.label}, who is here now,`
    if (!before.is_anonymous) return ` ${who} is signed out here, and comes back by a code.`
    if (isSaved(before)) return ` ${who} is signed out here, and comes back with its own passkey.`
    if (before.recoverability === 'device')
      return ` ${who} is signed out here, and comes back by this browser's key or a recovery code.`
    return page.count() > 0
      ? ` ${who} becomes part of that guest, and the notes come along. That can be undone.`
      : ` ${who} has no notes, and is forgotten.`
  }

  async function askWhether({ label }: Opened): Promise<boolean> {
    const answer = await ask(
      `Sign in here as ${label}?`,
      `Another device offers this. Go on only if that device is yours.${whatOfPrevious()}`,
      {
        go: { text: `Sign in as ${label}`, kind: 'primary' },
        stay: { text: page.guest() ? `Stay ${page.guest()!.label}` : 'Not now', kind: 'secondary' },
      },
    )
    return answer === 'go'
  }

  async function goOn(opened: Opened): Promise<void> {
    if (!(await askWhether(opened))) return
    try {
      await page.arrive(() => waitForApproval(opened))
    } catch (error) {
      if (!(error instanceof GuestClientError)) throw error
      await tell('Not signed in', error.message)
    }
  }

  /** Shows the words until the other device has decided; resolves to undefined if the guest leaves. */
  async function waitForApproval({
    label,
    words,
    expires_at,
    claim,
  }: Opened): Promise<SignedInGuest | undefined> {
    const leaving = new AbortController()
    byId('words-title').textContent = `Signing in as ${label}`
    byId('words').textContent = words.join(' ')
    const stopClock = countDown(byId('words-time'), expires_at)
    dialog.showModal()
    byId('words-title').focus()
    const left = () => leaving.abort()
    dialog.addEventListener('close', left)
    try {
      return await claim({ signal: leaving.signal })
    } catch (error) {
      if (leaving.signal.aborted) return undefined
      throw error
    } finally {
      dialog.removeEventListener('close', left)
      stopClock()
      dialog.close()
    }
  }

  const tell = (title: string, text: string) =>
    ask(title, text, { close: { text: 'Close', kind: 'secondary' } })

  onAction(byId('sign-in-device'), 'click', byId<HTMLButtonElement>('sign-in-device'), byCode)
  byId('words-cancel').addEventListener('click', () => dialog.close())

  return { byPage }
}
