// The section *E-mail address*: an address makes a guest a regular user; without one, the user is a guest again.
import { type GuestClient, GuestClientError, type LoginId, type UserInfo } from '../../index.ts'
import { actionButton, ask, byId, create, explain, moment, onAction, say } from '../shell/dom.ts'
import type { codesPart } from './codes.ts'
import { isSaved } from './keeping.ts'

interface Page {
  /** Who is signed in; the buttons here are shown only while somebody is. */
  guest: () => UserInfo
  show: (guest: UserInfo) => void
  ask: ReturnType<typeof codesPart>['ask']
  /** How many notes there are to bring along. */
  count: () => number
  /** Signs in to the account that has the address. With `ticket`, the notes written here come along. */
  signIn: (address: string, ticket: string | undefined) => Promise<void>
}

/** Connects the section. */
export function addressesPart(guests: GuestClient, page: Page) {
  const list = byId('address-list')
  let addresses: LoginId[] = []

  function show(guest: UserInfo): void {
    byId('address-lead').hidden = !guest.is_anonymous
    byId('address-text').textContent = isSaved(guest)
      ? 'With an address you come back by a code too, where you have no passkey.'
      : 'With an address you come back by a code: after signing out, and on your other devices.'
    list.hidden = guest.is_anonymous
    byId('demotion').hidden = guest.is_anonymous
    byId('add-address').textContent = guest.is_anonymous ? 'Add an e-mail address' : 'Add another address'
    if (!guest.is_anonymous) return
    list.replaceChildren()
    addresses = []
  }

  async function load(): Promise<void> {
    if (page.guest().is_anonymous) return
    list.ariaBusy = 'true'
    try {
      addresses = await guests.loginIds.list()
      list.replaceChildren(...addresses.map(addressItem))
    } catch (error) {
      explain(error)
    } finally {
      list.ariaBusy = 'false'
    }
  }

  const addressItem = (address: LoginId) =>
    create(
      'li',
      { class: 'card' },
      create('h3', {}, address.value),
      create('p', { class: 'dates' }, 'Confirmed ', moment(address.verified_at)),
      create(
        'div',
        { class: 'card-actions' },
        actionButton('Remove', 'plain danger', `Remove ${address.value}`, () => remove(address)),
      ),
    )

  /** What stays when a user has no address any more. */
  function whatStays(): string {
    const { label } = page.guest()
    return isSaved(page.guest())
      ? `${label}, the notes and your passkeys stay.`
      : `${label} and the notes stay, but in this browser alone: you have no passkey to come back with.`
  }

  async function add(): Promise<void> {
    const before = page.guest()
    let asked = ''
    try {
      const guest = await page.ask({
        title: 'Add an e-mail address',
        lead: 'We send a code there, to see that it is yours. Jotter uses the address for nothing else.',
        sent: (address) => `A six-digit code is on its way to ${address}. It is good for ten minutes.`,
        start(address) {
          asked = address
          return guests.promotion.start({ type: 'email', value: address })
        },
        verify: (given) => guests.promotion.verify(given),
      })
      if (!guest) return
      page.show(guest)
      await load()
      byId('addresses-title').focus()
      const inInk = isSaved(before) ? '' : ' Your notes are in ink now.'
      say(before.is_anonymous ? `${guest.label} is no longer a guest.${inInk}` : 'Address added.')
    } catch (error) {
      if (!(error instanceof GuestClientError) || error.code !== 'login_id_taken') throw error
      await askToSignIn(asked, error.ticket)
    }
  }

  async function askToSignIn(address: string, ticket: string | undefined): Promise<void> {
    const brings = ticket !== undefined && page.count() > 0
    const answer = await ask(
      'You already have an account here.',
      brings ? 'Sign in to it and bring your notes along?' : `Sign in to it with a code to ${address}?`,
      {
        go: { text: brings ? 'Sign in and bring them' : 'Sign in', kind: 'primary' },
        stay: { text: 'Not now', kind: 'secondary' },
      },
    )
    if (answer === 'go') await page.signIn(address, ticket)
  }

  async function remove(address: LoginId): Promise<void> {
    const only = addresses.length === 1
    const answer = await ask(
      `Remove ${address.value}?`,
      only
        ? `It is your only address: without it you are a guest again. ${whatStays()}`
        : 'No code goes there any more. Your other addresses go on working.',
      { remove: { text: 'Remove', kind: 'danger' }, keep: { text: 'Keep it', kind: 'secondary' } },
    )
    if (answer !== 'remove') return
    await guests.loginIds.remove(address, { force: only })
    const guest = await guests.user()
    if (guest) page.show(guest)
    await load()
    byId('addresses-title').focus()
    say(only ? 'Address removed. You are a guest again.' : 'Address removed.')
  }

  async function demote(): Promise<void> {
    const answer = await ask(
      'Be a guest again?',
      `Every e-mail address is deleted here, and codes no longer sign you in. ${whatStays()}`,
      {
        demote: { text: 'Be a guest again', kind: 'danger' },
        stay: { text: 'Stay as I am', kind: 'secondary' },
      },
    )
    if (answer !== 'demote') return
    const guest = await guests.promotion.undo({ force: !isSaved(page.guest()) })
    page.show(guest)
    byId('addresses-title').focus()
    say(`${guest.label} is a guest again.`)
  }

  const on = (id: string, work: () => Promise<void>) =>
    onAction(byId(id), 'click', byId<HTMLButtonElement>(id), work)
  on('add-address', add)
  on('demote', demote)

  return { show, load, all: () => addresses }
}
