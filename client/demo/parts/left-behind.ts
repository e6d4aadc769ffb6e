// The notice after a sign-in: what becomes of the notes that the guest from before wrote here.
import {
  type GuestClient,
  GuestClientError,
  type PreviousGuest,
  type SignedInGuest,
  type UserInfo,
} from '../../index.ts'
import { byId, onAction, Refused, say } from '../shell/dom.ts'

interface Page {
  show: (guest: UserInfo) => void
  loadNotes: () => Promise<void>
}

/** Connects the notice above the notes, which stays until the guest closes it. */
export function leftBehindPart(guests: GuestClient, page: Page) {
  const action = byId<HTMLButtonElement>('notice-action')
  let act = async () => {}

  function tell(text: string, does = '', work = act): void {
    byId('notice').hidden = text === ''
    byId('notice-text').textContent = text
    action.hidden = does === ''
    action.textContent = does
    act = work
  }

  const hide = () => tell('')

  /** Tells about the guest from before, who had `count` notes here. */
  function show(guest: SignedInGuest, count: number): void {
    const { label, previous, merged, ticket } = guest
    hide()
    if (!previous) return
    const now = `You are ${label} now.`
    if (count > 0 && merged && ticket) {
      tell(`Your notes from here are with ${label} now.`, 'Undo', () => undo(ticket, guest, previous))
    } else if (count > 0 && ticket) {
      const notes = count === 1 ? 'one note' : `${count} notes`
      tell(`${now} ${previous.label}, who was here before, has ${notes}.`, 'Bring its notes along', () =>
        bring(ticket, guest, previous),
      )
    } else if (previous.recoverability !== 'none') {
      const way =
        previous.recoverability === 'device' ? 'a browser key or a recovery code' : 'its own passkey'
      tell(`${now} ${previous.label}, who was here before, comes back with ${way}.`)
    }
  }

  async function bring(ticket: string, guest: UserInfo, previous: PreviousGuest): Promise<void> {
    await guests.merge(ticket).catch((error) => {
      if (!(error instanceof GuestClientError) || error.code !== 'insufficient_user_authentication')
        throw error
      throw new Refused(
        `Sign in as ${previous.label} once more, then come back here and bring its notes along.`,
      )
    })
    await page.loadNotes()
    tell(`The notes of ${previous.label} are with ${guest.label} now.`, 'Undo', () =>
      undo(ticket, guest, previous),
    )
    byId('notes-title').focus()
  }

  async function undo(ticket: string, guest: UserInfo, previous: PreviousGuest): Promise<void> {
    const now = await guests.undoMerge(ticket)
    page.show(now)
    if (now.sub === guest.sub) await page.loadNotes()
    hide()
    byId('notes-title').focus()
    say(
      now.sub === guest.sub
        ? `The notes of ${previous.label} are its own again.`
        : `You are ${now.label} again, and your notes are here.`,
    )
  }

  onAction(action, 'click', action, () => act())
  byId('notice-close').addEventListener('click', () => {
    hide()
    byId('notes-title').focus()
  })

  return { show, hide, bring }
}
