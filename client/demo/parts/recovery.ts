// The section *Recovery codes*: makes them, shows them once, and signs in with one.
import type { GuestClient, SignedInGuest, UserInfo } from '../../index.ts'
import { ask, byId, explain, moment, onAction, saveFile, say } from '../shell/dom.ts'
import { askText } from '../shell/field.ts'

interface Page {
  /** Who is signed in; the buttons of the section are shown only while somebody is. */
  guest: () => UserInfo
  show: (guest: UserInfo) => void
  /** To be called when the ways back for this guest have changed. */
  changed: () => Promise<void>
  arrive: <G extends SignedInGuest>(signIn: () => Promise<G | undefined>) => Promise<G | undefined>
}

/** How many codes are made at once. */
const ALL = 10

/** Connects the section, and the dialog that shows the codes. */
export function recoveryPart(guests: GuestClient, page: Page) {
  const dialog = byId<HTMLDialogElement>('codes-dialog')
  let left = 0
  let isConfirmed = false
  let madeAt: number | null = null

  /** Back to the state before `load()`: the codes of another guest must not show here. */
  function clear(): void {
    left = 0
    byId('recovery-left').hidden = true
    byId('recovery-old').hidden = true
  }

  /**
   * Warns of codes that are older than `since`, the first passkey or address: that one revoked everything else from
   * before, but not the codes.
   */
  function remind(since: number | null): void {
    byId('recovery-old').hidden = left === 0 || madeAt === null || since === null || madeAt > since
  }

  async function load(): Promise<void> {
    const status = await guests.recoveryCodes.status()
    left = status.left
    isConfirmed = status.confirmed
    madeAt = status.created_at
    byId('recovery-left').hidden = left === 0
    byId('recovery-left').replaceChildren(
      `${left} of ${ALL} left`,
      ...(status.created_at ? [', made ', moment(status.created_at)] : []),
    )
    const isOpen = left > 0 && !isConfirmed
    byId('recovery-text').textContent = isOpen
      ? 'Did you write them down? They count once you say so. If you have none of them, make new ones.'
      : left > 0
        ? 'Each one signs you in once. Used ones are gone.'
        : 'Ten codes for a drawer or a password manager. Each one signs you in once, where nothing else does.'
    byId('confirm-codes').hidden = !isOpen
    byId('make-codes').textContent = left > 0 ? 'Make new codes' : 'Make recovery codes'
    byId('remove-codes').hidden = left === 0
  }

  async function make(): Promise<void> {
    if (left > 0) {
      const answer = await ask('Make new recovery codes?', `The ${left} that are left stop working.`, {
        make: { text: 'Make new codes', kind: 'primary' },
        keep: { text: 'Keep the old ones', kind: 'secondary' },
      })
      if (answer !== 'make') return
    }
    const { codes } = await guests.recoveryCodes.create()
    const isKept = await showOnce(codes)
    try {
      if (isKept) await guests.recoveryCodes.confirm()
    } finally {
      await refresh()
      byId('recovery-title').focus()
    }
  }

  async function confirm(): Promise<void> {
    await guests.recoveryCodes.confirm()
    await refresh()
    byId('recovery-title').focus()
  }

  /**
   * Shows the codes. After the guest leaves the dialog, they cannot be shown again. Resolves to whether the guest said
   * that they are kept.
   */
  async function showOnce(codes: string[]): Promise<boolean> {
    const { label } = page.guest()
    const today = new Date().toLocaleDateString('en', { dateStyle: 'long' })
    const title = `Recovery codes of ${label}`
    const lead = `For ${location.host}, made on ${today}. Each one signs you in once, and then it is used up.`
    const text = [title, lead, '', ...codes, ''].join('\n')
    byId('codes-title').textContent = title
    byId('codes-lead').textContent = lead
    byId('codes-list').replaceChildren(...codes.map(codeItem))
    byId('codes-said').textContent = 'They are shown now, and never again.'
    dialog.returnValue = ''
    dialog.showModal()
    byId('codes-title').focus()
    const closing = new AbortController()
    const on = (id: string, work: () => unknown) =>
      byId(id).addEventListener('click', work, { signal: closing.signal })
    on('codes-copy', async () => {
      const isCopied = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      )
      byId('codes-said').textContent = isCopied
        ? 'Copied. Paste them where only you look.'
        : 'This browser did not let them be copied. Download or print them.'
    })
    on('codes-download', () => {
      saveFile(`jotter-recovery-codes-${label}.txt`, text, 'text/plain')
      byId('codes-said').textContent = 'They are in your downloads now.'
    })
    on('codes-print', () => print())
    on('codes-close', () => dialog.close('kept'))
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
    closing.abort()
    byId('codes-list').replaceChildren()
    return dialog.returnValue === 'kept'
  }

  function codeItem(code: string): HTMLLIElement {
    const item = document.createElement('li')
    item.textContent = code
    return item
  }

  async function remove(): Promise<void> {
    const isOnly = page.guest().recoverability === 'device'
    const answer = await ask(
      'Remove the recovery codes?',
      `The ${left} that are left stop working.${isOnly ? ' You have no passkey to come back with.' : ''}`,
      { remove: { text: 'Remove', kind: 'danger' }, keep: { text: 'Keep them', kind: 'secondary' } },
    )
    if (answer !== 'remove') return
    await guests.recoveryCodes.remove({ force: isOnly })
    await refresh()
    byId('recovery-title').focus()
    say('Recovery codes removed.')
  }

  async function refresh(): Promise<void> {
    const guest = await guests.user()
    if (guest) page.show(guest)
    await page.changed()
  }

  /** Signs in with a recovery code. */
  async function signIn(): Promise<void> {
    const guest = await page.arrive(() =>
      askText({
        title: 'Use a recovery code',
        lead: 'One of the ten that you kept when you made them. It is used up then.',
        label: 'Recovery code',
        go: 'Sign in',
        attributes: {
          placeholder: 'XXXX-XXXX-XXXX-XXXX',
          maxlength: '40',
          autocapitalize: 'characters',
          spellcheck: 'false',
          class: 'typed-code',
        },
        send: (code) => guests.signInWithRecoveryCode(code),
      }),
    )
    if (!guest) return
    say(`Welcome back, ${guest.label}. Recovery codes left: ${guest.recovery_codes_left}.`)
  }

  const on = (id: string, work: () => Promise<void>) =>
    onAction(byId(id), 'click', byId<HTMLButtonElement>(id), work)
  on('make-codes', make)
  on('confirm-codes', confirm)
  on('remove-codes', remove)
  on('sign-in-recovery', signIn)

  return { load: () => load().catch(explain), clear, remind, left: () => (isConfirmed ? left : 0) }
}
