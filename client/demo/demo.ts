// Jotter, as a host would write it: the notes are its own, and elements of guestkey do everything about guests.

import type { Mail } from '../../server/service/demo/outbox.ts'
import { shareClient } from '../elements/index.ts'
import { createGuestClient, GuestClientError, type SignedInGuest, type UserInfo } from '../index.ts'
import { canLock } from './lock.ts'
import { createNotes } from './notes.ts'
import { byId, create, explain, Refused, run, say } from './page.ts'

const guests = createGuestClient()
shareClient(guests)
const notes = createNotes(guests)
const field = byId<HTMLTextAreaElement>('text')
const prompt = document.querySelector('guestkey-prompt')!
const { body } = document
const locks = canLock().catch(() => false)

/** Who is here; undefined before the first answer. */
let here: UserInfo | null | undefined
/** Whose half-written note is in the field. */
let writer: string | undefined
/** What the guest from before left: a half-written note, and how many notes. */
let left = { draft: '', count: 0 }
/** Whether a QR code on another device led here: then the button shows a dialog. */
let isLinking = guests.deviceLinks.pending() !== null
/** Whether the session of a guest who was not saved has ended by itself, with a note half written. */
let isLost = false

/** Shows the part of the page that the address names. Another one begins at its top, with the focus on its title. */
function turn(): void {
  if (here === undefined) return
  const isAccount = here && location.hash.startsWith('#guestkey-')
  const part = isAccount ? 'account' : here || isLost ? 'desk' : 'welcome'
  const isOther = byId('loading').hidden && byId(part).hidden
  // An element of the account may have merged the notes of two guests.
  if (part === 'desk' && !byId('account').hidden) void notes.load().catch(explain)
  for (const { id } of byId('main').children) if (id) byId(id).hidden = id !== part
  isLinking &&= !here
  byId('who').hidden = !here && !isLinking
  // An element is loaded when it is first in the page.
  const template = byId(part).querySelector('template')
  template?.replaceWith(template.content)
  if (!isOther) return
  scrollTo(0, 0)
  byId(part).querySelector<HTMLElement>('h1')?.focus()
}

function show(guest: UserInfo | null): void {
  const before = here
  here = guest
  if (guest?.sub !== before?.sub) change(guest, before)
  document.title = guest ? `${guest.label} · Jotter` : 'Jotter · notes without an account'
  turn()
  if (!guest) return
  const hasPasskey = /passkey|synced/.test(guest.recoverability)
  const isInk = guest.recoverability !== 'none' || !guest.is_anonymous
  body.dataset.written = isInk ? 'ink' : 'pencil'
  body.dataset.passkey = hasPasskey ? 'yes' : 'no'
  byId('kept').textContent = isInk ? 'in ink' : 'in pencil, in this browser'
  byId('save').hidden = isInk || !guests.passkeys.supported()
  void locks.then((can) => {
    byId('lock-option').hidden = !can || !hasPasskey
  })
}

/** Another guest is here, or nobody any more. A half-written note outlasts a session that ends by itself. */
function change(guest: UserInfo | null, before: UserInfo | null | undefined): void {
  left = { draft: field.value, count: notes.all().length }
  if (!guest && before?.recoverability === 'none' && field.value) {
    isLost = true
    prompt.show('lost')
  } else notes.clear()
  if (!guest) return
  if (writer !== guest.sub && !isLost) field.value = ''
  writer = guest.sub
  isLost = false
  prompt.hide()
  void notes.load().catch(explain)
}

/** Back to the notes, wherever the page is. */
function home(): void {
  history.replaceState(null, '', location.pathname)
  turn()
}

/** Somebody has signed in, perhaps on top of another guest: tells what becomes of the notes of that one. */
function arrived(guest: SignedInGuest): void {
  const { label, previous, merged, ticket } = guest
  show(guest)
  home()
  if (guest.recoverability === 'none') field.focus()
  if (merged) field.value = left.draft
  if (!previous || !ticket || left.count === 0) return
  const undo = { Undo: () => guests.undoMerge(ticket).then(show).then(notes.load) }
  const bring = async () => {
    await guests.merge(ticket).catch((error) => {
      if (!(error instanceof GuestClientError) || error.code !== 'insufficient_user_authentication')
        throw error
      throw new Refused(`Sign in as ${previous.label} once more, then come back here and bring them along.`)
    })
    await notes.load()
    say(`The notes of ${previous.label} are with ${label} now.`, undo)
  }
  if (merged) say(`Your notes from here are with ${label} now.`, undo)
  else
    say(`${previous.label}, who was here before, has notes (${left.count}).`, { 'Bring them along': bring })
}

const on = (id: string, work: () => Promise<unknown>) =>
  byId(id).addEventListener('click', () => run(byId(id), work))
on('save', () => guests.passkeys.add())
on('switch', () => guests.passkeys.signIn().then(arrived))
body.addEventListener('guestkey-signed-in', ({ detail }) => {
  // In the account, the element tells what has become of the guest from before.
  if (byId('account').hidden) arrived(detail.guest)
})
body.addEventListener('guestkey-export', (event) => {
  event.preventDefault()
  const all = JSON.stringify({ ...event.detail, notes: notes.all() }, null, 2)
  const href = URL.createObjectURL(new Blob([all], { type: 'application/json' }))
  create('a', { href, download: `jotter-${here?.label}.json` }).click()
})
body.addEventListener('guestkey-passkey-remove', ({ detail: { passkey, warn } }) => {
  const locked = notes.all().filter(({ passkey_id }) => passkey_id === passkey.id).length
  if (locked > 0) warn(`Notes that only this passkey opens: ${locked}. Without it, nobody can read them.`)
})
body.addEventListener('guestkey-codes', () => location.assign('#guestkey-codes'))
body.addEventListener('guestkey-signed-out', () => {
  field.value = ''
  isLost = false
  prompt.hide()
  notes.clear()
  home()
})
addEventListener('hashchange', turn)
guests.onChange(show)
// If the server cannot say who is here, nobody is taken for signed out.
guests.user().then(show, () => {
  byId('loading-text').textContent = 'Your notes could not be opened. Load the page again.'
})

/** The demo sends no mail: it shows the newest one when a code was asked for, which is sent a little later. */
async function showMail(): Promise<void> {
  const { mails } = (await (await fetch('/mailbox')).json()) as { mails: Mail[] }
  if (mails[0]) say(`No mail is sent here. It would say: ${mails[0].code}, to ${mails[0].to}.`)
}
const asksForCode = ({ name }: PerformanceEntry) => /\/(promotion|sign-in\/code)\/start$/.test(name)
new PerformanceObserver((seen) => {
  if (seen.getEntries().some(asksForCode)) setTimeout(showMail, 500)
}).observe({ type: 'resource' })
