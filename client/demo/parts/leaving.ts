// Leaving: signing out, downloading everything, deleting the account.
import { type GuestClient, GuestClientError, type UserInfo } from '../../index.ts'
import { ask, byId, onAction, saveFile, say } from '../shell/dom.ts'
import { isSaved } from './keeping.ts'

interface Page {
  /** Who is signed in; the buttons here are shown only while somebody is. */
  guest: () => UserInfo
  save: () => Promise<void>
  showNobody: () => void
  /** Whether this browser has a key of the guest. */
  isKeptHere: () => boolean
  notes: () => Promise<unknown>
}

/** The shortest way back after signing out, for the farewell. */
function wayBackOf(guest: UserInfo): string {
  if (isSaved(guest)) return 'Your passkey'
  if (!guest.is_anonymous) return 'A code'
  return guest.recoverability === 'device' ? 'What you kept' : ''
}

/** Connects the buttons that end with nobody signed in, and the download that may come before. */
export function leavingPart(guests: GuestClient, page: Page) {
  /** Whether this tab itself is leaving: then it need not be told that nobody is signed in. */
  let isUnderWay = false

  async function leave(go: () => Promise<void>, farewell: string): Promise<void> {
    isUnderWay = true
    try {
      await go()
      page.showNobody()
      say(farewell)
    } finally {
      isUnderWay = false
    }
  }

  /** Asks whether to delete the key too: with it, others who use this browser could sign in. */
  async function askAboutKey(): Promise<void> {
    const { label } = page.guest()
    const answer = await ask(
      'Sign out, and forget this browser?',
      `It has a key that brings ${label} back with one press. Forget it too if others use this browser.`,
      {
        forget: { text: 'Sign out and forget it', kind: 'primary' },
        keep: { text: 'Sign out, keep the key', kind: 'secondary' },
        stay: { text: 'Stay', kind: 'secondary' },
      },
    )
    if (answer === 'forget') await guests.deviceKey.disable()
    if (answer === 'forget' || answer === 'keep') await signOut()
  }

  function signOut(options?: { force: boolean }): Promise<void> {
    const { label } = page.guest()
    const way = wayBackOf(page.guest())
    const farewell = way ? `Signed out. ${way} brings ${label} back.` : 'Signed out.'
    return leave(() => guests.signOut(options), farewell)
  }

  async function askAboutLoss(): Promise<void> {
    const { label } = page.guest()
    const answer = await ask(
      `Leave ${label} behind?`,
      `Signing out now would lose your notes: without a passkey nothing can bring ${label} back.`,
      {
        save: { text: 'Save first', kind: 'primary' },
        go: { text: 'Sign out anyway', kind: 'danger' },
        stay: { text: 'Stay', kind: 'secondary' },
      },
    )
    if (answer === 'save') await page.save()
    if (answer !== 'save' && answer !== 'go') return
    const force = answer === 'go'
    if (page.isKeptHere()) await guests.deviceKey.disable({ force })
    await signOut({ force })
  }

  async function download(): Promise<void> {
    const [account, notes] = await Promise.all([guests.account.export(), page.notes()])
    const json = JSON.stringify({ account, notes }, null, 2)
    saveFile(`jotter-${page.guest().label}.json`, json, 'application/json')
    say('Everything is in your downloads now, as a file.')
  }

  async function deleteAccount(): Promise<void> {
    const { label } = page.guest()
    const [proof, rest] = isSaved(page.guest())
      ? [
          ' You may be asked for your passkey first, so that nobody else can do this.',
          ' Your device may still list the passkey; you can delete it there too.',
        ]
      : ['', '']
    const answer = await ask(
      `Delete ${label}?`,
      `The account and all its notes will be gone for good, here and on every other device.${proof}`,
      { delete: { text: 'Delete account', kind: 'danger' }, keep: { text: 'Keep it', kind: 'secondary' } },
    )
    if (answer !== 'delete') return
    await leave(() => guests.account.delete(), `${label} is deleted, with all its notes.${rest}`)
  }

  const on = (id: string, work: () => Promise<void>) =>
    onAction(byId(id), 'click', byId<HTMLButtonElement>(id), work)
  on('sign-out', () =>
    (page.isKeptHere() ? askAboutKey() : signOut()).catch((error) => {
      if (!(error instanceof GuestClientError) || error.code !== 'would_lose_account') throw error
      return askAboutLoss()
    }),
  )
  on('download', download)
  on('delete-account', deleteAccount)

  return { isUnderWay: () => isUnderWay }
}
