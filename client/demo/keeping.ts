/** In pencil or in ink: how the notes are kept, and the question whether to keep them. */
import type { GuestClient, UserInfo } from '../index.ts'
import { byId, onAction } from './dom.ts'

/** Whether a passkey brings this guest back. */
export const isSaved = (guest: UserInfo | null | undefined) =>
  guest?.recoverability === 'passkey' || guest?.recoverability === 'synced'

/** Wires the part above the notes. When to ask, and for how long "later" is, the server says. */
export function keepingPart(guests: GuestClient, save: () => Promise<void>) {
  function show(guest: UserInfo, isOther: boolean): void {
    const [title, text] = {
      none: [
        'Written in pencil',
        'These notes live only in this browser until you save them with a passkey.',
      ],
      device: ['Kept by this browser', 'A passkey would bring your notes to your other devices too.'],
      passkey: [
        'Saved.',
        'Sign in with your passkey. It stays on one device; add another for your other devices.',
      ],
      synced: ['Saved.', 'Sign in on any device with your passkey.'],
    }[guest.recoverability]
    byId('keeping-title').textContent = title!
    byId('keeping-text').textContent = text!
    byId('desk').dataset.written = isSaved(guest) ? 'ink' : 'pencil'
    // A question stays until it is answered: that its moment has passed is no answer.
    if (isOther || isSaved(guest)) ask(guest.prompts.includes('add_passkey'))
  }

  /** The question takes the place of what says the same as a fact, so that nothing on the page moves. */
  function ask(isDue: boolean): void {
    byId('prompt').hidden = !isDue
    byId('keeping').hidden = isDue
  }

  guests.prompts.onDue((prompt) => {
    if (prompt === 'add_passkey') ask(true)
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
