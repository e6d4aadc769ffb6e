// The page of the demo: shows who is signed in, and what follows from it. The client of guestkey does the rest.
import { createGuestClient, GuestClientError, type SignedInGuest, type UserInfo } from '../index.ts'
import { accountPart } from './parts/account.ts'
import { addressesPart } from './parts/addresses.ts'
import { arrivingPart } from './parts/arriving.ts'
import { browserKeyPart } from './parts/browser-key.ts'
import { codesPart } from './parts/codes.ts'
import { isSaved, keepingPart } from './parts/keeping.ts'
import { leavingPart } from './parts/leaving.ts'
import { leftBehindPart } from './parts/left-behind.ts'
import { linkingPart } from './parts/linking.ts'
import { canLock } from './parts/locking.ts'
import { showLost } from './parts/lost.ts'
import { notesPart } from './parts/notes.ts'
import { recoveryPart } from './parts/recovery.ts'
import { byId, explain, hush, onAction, say } from './shell/dom.ts'
import { askText } from './shell/field.ts'

/** The guest whom the page shows; undefined before the first answer. */
let shown: UserInfo | null | undefined
/**
 * The `sub` of the guest who may have a half-written note in the field. A session that ends by itself should not lose
 * that note.
 */
let writer: string | undefined

const guests = createGuestClient()
const notes = notesPart(guests)
const whoIsHere = () => shown!
const account = accountPart(guests, {
  guest: whoIsHere,
  changed: () => showWaysBack(),
  lockedWith: notes.lockedWith,
})
const codes = codesPart()
const keeping = keepingPart(guests, save)
const leftBehind = leftBehindPart(guests, { show, loadNotes: notes.load })
const leaving = leavingPart(guests, {
  guest: whoIsHere,
  save,
  showNobody: () => show(null),
  isKeptHere: () => browserKey.isHere(),
  notes: notes.all,
})
const addresses = addressesPart(guests, {
  guest: whoIsHere,
  show,
  ask: codes.ask,
  count: notes.count,
  signIn: signInWithCode,
})
const browserKey = browserKeyPart(guests, { guest: whoIsHere, show, changed: loadAccount, arrive })
const recovery = recoveryPart(guests, { guest: whoIsHere, show, changed: loadAccount, arrive })
linkingPart(guests, { guest: whoIsHere, linked: loadAccount })
const arriving = arrivingPart(guests, { guest: () => shown ?? null, count: notes.count, arrive })
const button = (id: string) => byId<HTMLButtonElement>(id)
/** Whether this browser can lock notes. */
let locks = false
/** How many loads of the account are under way. */
let loading = 0

/** Shows the page of `guest`. If the guest is the same as before, changes only what has changed. */
function show(guest: UserInfo | null): void {
  const before = shown
  shown = guest
  byId('loading').hidden = true
  byId('main').ariaBusy = 'false'
  byId('welcome').hidden = guest !== null
  for (const id of ['desk', 'somebody', 'sign-out']) byId(id).hidden = guest === null
  // Another guest gets another page: it begins at the top.
  if (before !== undefined && guest?.sub !== before?.sub) scrollTo(0, 0)
  if (guest) showGuest(guest, before ?? null)
  else if (before !== null) showWelcome(before)
}

function showWelcome(before: UserInfo | undefined): void {
  document.title = 'Jotter · notes without an account'
  notes.clear({ draft: leaving.isUnderWay() })
  leftBehind.hide()
  byId('offer').hidden = true
  armAutofill()
  browserKey.offer()
  if (before) {
    byId('welcome-title').focus()
    if (!leaving.isUnderWay()) say(`${before.label} is signed out here.`)
  }
}

function showGuest(guest: UserInfo, before: UserInfo | null): void {
  const isOther = guest.sub !== before?.sub
  document.title = `${guest.label} · Jotter`
  byId('label').textContent = guest.label
  byId('who-word').hidden = !guest.is_anonymous
  byId('about-label').textContent = guest.label
  keeping.show(guest, isOther)
  if (isOther) {
    leftBehind.hide()
    byId('offer').hidden = true
    browserKey.clear()
    recovery.clear()
    byId('lost-verdict').textContent = ''
    byId('lost-list').replaceChildren()
    notes.clear({ draft: guest.sub !== writer })
    notes.load()
    writer = guest.sub
  }
  addresses.show(guest)
  notes.offerLock(locks && isSaved(guest))
  const isChanged =
    isOther || before?.recoverability !== guest.recoverability || before?.is_anonymous !== guest.is_anonymous
  if (isChanged) loadAccount()
}

async function loadAccount(): Promise<void> {
  loading++
  await Promise.all([account.load(), addresses.load(), browserKey.load(), recovery.load()])
  loading--
  showWaysBack()
}

/** Waits until everything has been loaded: a verdict on half of it would be a false alarm. */
function showWaysBack(): void {
  if (!shown || loading > 0) return
  // Codes that were made after the first passkey needed a proof of it. Without a passkey, the first address counts.
  const proofs = account.passkeys().map(({ created_at }) => created_at)
  const since = proofs.length > 0 ? proofs : addresses.all().map(({ verified_at }) => verified_at)
  recovery.remind(since.length > 0 ? Math.min(...since) : null)
  showLost({
    guest: shown,
    passkeys: account.passkeys(),
    sessions: account.sessions(),
    browserKeys: browserKey.keys().length,
    isKeptHere: browserKey.isHere(),
    codesLeft: recovery.left(),
    addresses: addresses.all(),
  })
}

/**
 * Signs in, shows the guest, and tells what becomes of the guest from before. Resolves to undefined if nobody signed
 * in.
 */
async function arrive<G extends SignedInGuest>(signIn: () => Promise<G | undefined>): Promise<G | undefined> {
  const [count, draft] = [notes.count(), notes.draft()]
  const guest = await signIn()
  if (!guest) return
  show(guest)
  if (guest.merged) notes.resume(draft)
  leftBehind.show(guest, count)
  byId('offer').hidden = !guest.offer_passkey
  byId('notes-title').focus({ preventScroll: true })
  say(`Welcome back, ${guest.label}.`)
  return guest
}

const signIn = (options?: { autofill?: boolean }) => arrive(() => guests.passkeys.signIn(options))

/** `ticket` comes from a promotion that was refused: with it, the notes written here come along. */
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

/** Offers passkeys in the autofill of the name field while nobody is signed in. */
async function armAutofill(): Promise<void> {
  if (armed || byId('autofill').hidden) return
  armed = true
  try {
    await signIn({ autofill: true })
  } catch (error) {
    if (codeOf(error) !== 'aborted') explain(error) // aborted: the guest has signed in in another way
  } finally {
    armed = false
  }
}

async function save(): Promise<void> {
  show(await guests.passkeys.add())
  byId('keeping-title').focus()
  say('Saved. Your notes are in ink now.')
}

/** Makes a passkey on this device, for a guest who signed in by something else. */
async function addHere(): Promise<void> {
  show(await guests.passkeys.add({ hints: ['client-device'] }))
  byId('offer').hidden = true
  await loadAccount()
  byId('notes-title').focus()
  say('Passkey made. Next time, this device signs you in by itself.')
}

async function rename(): Promise<void> {
  const guest = await askText({
    title: 'Change your name',
    lead: 'Any name will do. Your devices list your passkeys by it, and nobody else sees it.',
    label: 'Name',
    go: 'Save',
    attributes: { value: whoIsHere().label, maxlength: '64', autocapitalize: 'none', spellcheck: 'false' },
    send: guests.rename,
  })
  if (!guest) return
  show(guest)
  byId('rename').focus()
  say(`You are ${guest.label} now.`)
}

/** Somebody may be known here already: by a key of this browser, or by a passkey that the browser offers at once. */
async function continueAsGuest(): Promise<void> {
  const guest = await guests.signInAnonymously({ immediate: true })
  show(guest)
  notes.focus()
  if (guest.recoverability !== 'none') say(`Welcome back, ${guest.label}.`)
}

const codeOf = (error: unknown) => (error instanceof GuestClientError ? error.code : undefined)

onAction(byId('continue'), 'click', button('continue'), continueAsGuest)
onAction(byId('rename'), 'click', button('rename'), rename)
onAction(byId('offer-add'), 'click', button('offer-add'), addHere)
byId('offer-later').addEventListener('click', () => {
  byId('offer').hidden = true
  byId('notes-title').focus()
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
  // Shows what other tabs and devices have changed, unless the guest is at work in that part.
  if (!byId('account').contains(document.activeElement)) loadAccount()
})

/** If the server cannot say who is here, nobody is treated as signed out: the page offers to try again. */
async function open(): Promise<void> {
  try {
    show((await guests.user()) ?? (await browserKey.resume()))
  } catch (error) {
    byId('loading-text').textContent = 'Your notes could not be opened.'
    byId('stalled').hidden = true
    byId('retry').hidden = false
    throw error
  }
  await arriving.byPage()
}

onAction(byId('retry'), 'click', button('retry'), open)
byId('autofill').hidden = !(await guests.passkeys.autofillSupported())
// A browser may never say, and nobody should wait for that.
canLock().then(
  (can) => {
    locks = can
    if (shown) notes.offerLock(locks && isSaved(shown))
  },
  () => {},
)
guests.onChange(show)
open().catch(explain)
