/** The page of the demo: who is here, and what follows from it. The client of guestkey does the rest. */
import { createGuestClient, GuestClientError, type SignedInGuest, type UserInfo } from '../index.ts'
import { accountPart } from './account.ts'
import { addressesPart } from './addresses.ts'
import { codesPart } from './codes.ts'
import { byId, explain, hush, onAction, say } from './dom.ts'
import { isKept, keepingPart } from './keeping.ts'
import { leavingPart } from './leaving.ts'
import { leftBehindPart } from './left-behind.ts'
import { notesPart } from './notes.ts'

/** Who the page shows: undefined before the first answer. */
let shown: UserInfo | null | undefined
/** Whose half-written note may be in the field: a session that ends on its own should not cost it. */
let writer: string | undefined

const guests = createGuestClient()
const notes = notesPart(guests)
const account = accountPart(guests, () => shown!)
const codes = codesPart()
const keeping = keepingPart(guests, save)
const leftBehind = leftBehindPart(guests, { show, loadNotes: notes.load })
const leaving = leavingPart(guests, {
  guest: () => shown!,
  save,
  showNobody: () => show(null),
  notes: notes.all,
})
const addresses = addressesPart(guests, {
  ...{ guest: () => shown!, show, ask: codes.ask, count: notes.count },
  signIn: signInWithCode,
})
const button = (id: string) => byId<HTMLButtonElement>(id)

/** Makes the page that of `guest`; called again with the same guest, it changes only what has changed. */
function show(guest: UserInfo | null): void {
  const before = shown
  shown = guest
  byId('loading').hidden = true
  byId('main').ariaBusy = 'false'
  byId('welcome').hidden = guest !== null
  for (const id of ['desk', 'who', 'sign-out']) byId(id).hidden = guest === null
  // Where the page of the guest before was read to is no place in this one.
  if (before !== undefined && guest?.sub !== before?.sub) scrollTo(0, 0)
  if (guest) showGuest(guest, before ?? null)
  else if (before !== null) showWelcome(before)
}

function showWelcome(before: UserInfo | undefined): void {
  document.title = 'Jotter · notes without an account'
  notes.clear({ draft: leaving.isUnderWay() })
  leftBehind.hide()
  armAutofill()
  if (before) {
    byId('welcome-title').focus()
    if (!leaving.isUnderWay()) say(`${before.label} is signed out here.`)
  }
}

function showGuest(guest: UserInfo, before: UserInfo | null): void {
  const isOther = guest.sub !== before?.sub
  document.title = `${guest.label} · Jotter`
  byId('label').textContent = guest.label
  byId('who-word').hidden = !guest.isAnonymous
  byId('about-label').textContent = guest.label
  keeping.show(guest, isOther)
  if (isOther) {
    leftBehind.hide()
    notes.clear({ draft: guest.sub !== writer })
    notes.load()
    writer = guest.sub
  }
  addresses.show(guest)
  const isChanged =
    isOther || before?.recoverability !== guest.recoverability || before?.isAnonymous !== guest.isAnonymous
  if (isKept(guest) && isChanged) loadAccount()
}

function loadAccount(): void {
  account.load()
  addresses.load()
}

/** Shows whoever signed in by it, and what becomes of the guest before; undefined if nobody did. */
async function arrive(signIn: () => Promise<SignedInGuest | undefined>): Promise<SignedInGuest | undefined> {
  const [count, draft] = [notes.count(), notes.draft()]
  const guest = await signIn()
  if (!guest) return
  show(guest)
  if (guest.merged) notes.resume(draft)
  leftBehind.show(guest, count)
  byId('notes-title').focus({ preventScroll: true })
  say(`Welcome back, ${guest.label}.`)
  return guest
}

const signIn = (options?: { autofill?: boolean }) => arrive(() => guests.passkeys.signIn(options))

/** With `ticket`, of a promotion that was refused, what was done here comes along. */
async function signInWithCode(address?: string, ticket?: string): Promise<void> {
  const errand = {
    title: 'Sign in with a code',
    lead: 'We send a code to the e-mail address that you gave here.',
    sent: (to: string) =>
      `If ${to} has an account here, a six-digit code is on its way. It is good for ten minutes.`,
    start: (value: string) => guests.codeSignIn.start({ type: 'email', value }),
    verify: guests.codeSignIn.verify,
  }
  const guest = await arrive(() => codes.ask(errand, address))
  if (ticket && guest?.previous && !guest.merged) await leftBehind.bring(ticket, guest, guest.previous)
}

let armed = false

/** Lists passkeys in the autofill of the name field, for as long as nobody is signed in. */
async function armAutofill(): Promise<void> {
  if (armed || byId('autofill').hidden) return
  armed = true
  try {
    await signIn({ autofill: true })
  } catch (error) {
    if (codeOf(error) !== 'aborted') explain(error) // aborted: the guest came in by another way
  } finally {
    armed = false
  }
}

async function save(): Promise<void> {
  show(await guests.passkeys.add())
  byId('keeping-title').focus()
  say('Saved. Your notes are in ink now.')
}

const codeOf = (error: unknown) => (error instanceof GuestClientError ? error.code : undefined)

onAction(byId('continue'), 'click', button('continue'), async () => {
  show(await guests.signInAnonymously())
  notes.focus()
})
onAction(byId('sign-in-form'), 'submit', button('sign-in'), () => signIn())
byId('guest-name').addEventListener('focus', armAutofill)
for (const id of ['switch', 'switch-saved']) onAction(byId(id), 'click', button(id), () => signIn())
for (const id of ['sign-in-code', 'switch-code'])
  onAction(byId(id), 'click', button(id), () => signInWithCode())
byId('toast-close').addEventListener('click', hush)
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible' || !shown) return
  notes.refresh()
  // What other tabs and devices changed, unless the guest is at work here.
  if (isKept(shown) && !byId('account').contains(document.activeElement)) loadAccount()
})

/** If the server cannot say who is here, then nobody is treated as signed out: the page asks again. */
async function open(): Promise<void> {
  try {
    show(await guests.user())
  } catch (error) {
    byId('loading-text').textContent = 'Your notes could not be opened.'
    byId('retry').hidden = false
    throw error
  }
}

onAction(byId('retry'), 'click', button('retry'), open)
byId('autofill').hidden = !(await guests.passkeys.autofillSupported())
guests.onChange(show)
open().catch(explain)
