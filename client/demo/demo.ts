/** The page of the demo: who is here, and what follows from it. The client of guestkey does the rest. */
import { createGuestClient, type Guest, GuestClientError, type PreviousGuest } from '../index.ts'
import { accountPart } from './account.ts'
import { ask, byId, explain, hush, onAction, say } from './dom.ts'
import { notesPart } from './notes.ts'

const guests = createGuestClient()
const notes = notesPart(guests)
const account = accountPart(guests, () => shown?.label ?? 'you')
const button = (id: string) => byId<HTMLButtonElement>(id)

/** Who the page shows: undefined before the first answer. */
let shown: Guest | null | undefined
/** Whose half-written note may be in the field: a session that ends on its own should not cost it. */
let writer: string | undefined
/** True while this tab itself signs out, which it need not be told. */
let leaving = false

/** Makes the page that of `guest`; called again with the same guest, it changes only what has changed. */
function show(guest: Guest | null): void {
  const before = shown
  shown = guest
  byId('loading').hidden = true
  byId('main').ariaBusy = 'false'
  byId('welcome').hidden = guest !== null
  for (const id of ['desk', 'who', 'sign-out']) byId(id).hidden = guest === null
  if (guest) showGuest(guest, before ?? null)
  else if (before !== null) showWelcome(before)
}

function showWelcome(before: Guest | undefined): void {
  document.title = 'Jotter · notes without an account'
  notes.clear({ draft: leaving })
  showLeftBehind('')
  armAutofill()
  if (before) {
    byId('welcome-title').focus()
    if (!leaving) say(`${before.label} is signed out here.`)
  }
}

function showGuest(guest: Guest, before: Guest | null): void {
  const other = guest.sub !== before?.sub
  document.title = `${guest.label} · Jotter`
  byId('label').textContent = guest.label
  byId('about-label').textContent = guest.label
  showKeeping(guest)
  if (other) {
    notes.clear({ draft: guest.sub !== writer })
    notes.load()
    writer = guest.sub
  }
  if (isSaved(guest) && (other || before?.recoverability !== guest.recoverability)) account.load()
}

/** In pencil until a passkey brings the guest back, in ink from then on. */
function showKeeping({ recoverability }: Guest): void {
  const [title, text] = {
    none: ['Written in pencil', 'These notes live only in this browser until you save them with a passkey.'],
    device: ['Kept by this browser', 'A passkey would bring your notes to your other devices too.'],
    passkey: [
      'Saved.',
      'Sign in with your passkey. It stays on one device; add another for your other devices.',
    ],
    synced: ['Saved.', 'Sign in on any device with your passkey.'],
  }[recoverability]
  byId('keeping-title').textContent = title!
  byId('keeping-text').textContent = text!
  const saved = recoverability === 'passkey' || recoverability === 'synced'
  byId('desk').dataset.written = saved ? 'ink' : 'pencil'
  byId('keeping-actions').hidden = saved
  byId('account').hidden = !saved
  byId('about').hidden = saved
}

const isSaved = (guest: Guest | null | undefined) =>
  guest?.recoverability === 'passkey' || guest?.recoverability === 'synced'

async function signIn(options: { autofill?: boolean } = {}): Promise<void> {
  const { previous, ...guest } = await guests.passkeys.signIn(options)
  show(guest)
  byId('notes-title').focus()
  say(`Welcome back, ${guest.label}.`)
  if (previous) showLeftBehind(`You are ${guest.label} now. ${fateOf(previous)}`)
}

/** Says which guest was left here, until the guest has read it. */
function showLeftBehind(text: string): void {
  byId('left-behind-text').textContent = text
  byId('left-behind').hidden = text === ''
}

/** What becomes of the guest that this browser was before; bringing the two together would be the host's next feature. */
const fateOf = ({ label, recoverability }: PreviousGuest) =>
  recoverability === 'none'
    ? `${label}, who wrote here before, had no passkey, so its notes stay behind.`
    : `${label}, who was signed in here before, comes back with its own passkey.`

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

async function signOut(): Promise<void> {
  try {
    await leave()
  } catch (error) {
    if (codeOf(error) !== 'would_lose_account') throw error
    const answer = await askAboutLoss('Signing out', 'Sign out anyway')
    if (answer === 'save') await save()
    if (answer) await leave({ force: answer === 'go' })
  }
}

async function leave(options?: { force: boolean }): Promise<void> {
  const label = isSaved(shown) ? shown?.label : undefined
  leaving = true
  try {
    await guests.signOut(options)
    show(null)
    say(label ? `Signed out. Your passkey brings ${label} back.` : 'Signed out.')
  } finally {
    leaving = false
  }
}

async function askAboutLoss(what: string, go: string): Promise<'save' | 'go' | undefined> {
  const answer = await ask(
    `Leave ${shown?.label} behind?`,
    `${what} now would lose your notes: without a passkey nothing can bring ${shown?.label} back.`,
    {
      save: { text: 'Save first', kind: 'primary' },
      go: { text: go, kind: 'danger' },
      stay: { text: 'Stay', kind: 'secondary' },
    },
  )
  return answer === 'stay' ? undefined : answer
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
onAction(byId('save'), 'click', button('save'), save)
onAction(byId('switch'), 'click', button('switch'), async () => {
  if (notes.count() > 0) {
    const answer = await askAboutLoss('Signing in as somebody else', 'Sign in anyway')
    if (!answer) return
    if (answer === 'save') return save()
  }
  await signIn()
})
onAction(byId('sign-out'), 'click', button('sign-out'), signOut)
byId('toast-close').addEventListener('click', hush)
byId('left-behind-close').addEventListener('click', () => {
  showLeftBehind('')
  byId('notes-title').focus()
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible' || !shown) return
  notes.refresh()
  if (isSaved(shown)) account.refresh()
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
