// How the notes are kept (in pencil or in ink), and the question whether to keep them.
import type { GuestClient, UserInfo } from '../../index.ts'
import { byId, onAction } from '../shell/dom.ts'

/** Whether a passkey brings this guest back. */
export const isSaved = (guest: UserInfo | null | undefined) =>
  guest?.recoverability === 'passkey' || guest?.recoverability === 'synced'

/** Whether this guest can come back: by a passkey or, as a regular user, by a code. */
export const isKept = (guest: UserInfo | null | undefined) => isSaved(guest) || guest?.is_anonymous === false

/** Connects the part above the notes. The server says when to ask, and for how long "later" is. */
export function keepingPart(guests: GuestClient, save: () => Promise<void>) {
  let kept = false

  function show(guest: UserInfo, isOther: boolean): void {
    kept = isKept(guest)
    const byCode = [
      'Saved.',
      'Sign in on any device with a code to your e-mail address. A passkey is quicker.',
    ]
    const byPasskey = {
      none: [
        'Written in pencil',
        'These notes live only in this browser until you save them with a passkey.',
      ],
      device: [
        'Kept, without a passkey',
        'A key in your browser or a recovery code brings you back. A passkey would do so on any device.',
      ],
      passkey: [
        'Saved.',
        'Sign in with your passkey. It stays on one device; add another for your other devices.',
      ],
      synced: ['Saved.', 'Sign in on any device with your passkey.'],
    }[guest.recoverability]
    const [title, text] = kept && !isSaved(guest) ? byCode : byPasskey
    byId('keeping-title').textContent = title!
    byId('keeping-text').textContent = text!
    byId('desk').dataset.written = kept ? 'ink' : 'pencil'
    byId('desk').dataset.passkey = isSaved(guest) ? 'yes' : 'no'
    // A question stays until the guest answers it, even if its moment has passed.
    if (isOther || kept) ask(!kept && guest.prompts.includes('add_passkey'))
  }

  /** The question takes the place of the section that states the same as a fact, so nothing on the page moves. */
  function ask(isDue: boolean): void {
    byId('prompt').hidden = !isDue
    byId('keeping').hidden = isDue
  }

  guests.on('prompts.due', (prompt) => {
    if (prompt === 'add_passkey' && !kept) ask(true)
  })
  for (const id of ['save', 'prompt-save']) onAction(byId(id), 'click', byId<HTMLButtonElement>(id), save)
  const later = byId<HTMLButtonElement>('prompt-later')
  onAction(later, 'click', later, async () => {
    ask(false)
    byId('keeping-title').focus()
    await guests.prompts.snooze('add_passkey')
  })

  return { show }
}
