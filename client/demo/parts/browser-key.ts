// The section *Keep me signed in in this browser*: the key of this browser, and those of the guest's other browsers.
import {
  type DeviceKey,
  type GuestClient,
  GuestClientError,
  type SignedInGuest,
  type UserInfo,
} from '../../index.ts'
import { actionButton, ask, byId, create, explain, moment, onAction, say } from '../shell/dom.ts'

interface Page {
  /** Who is signed in; the buttons here are shown only while somebody is. */
  guest: () => UserInfo
  show: (guest: UserInfo) => void
  /** To be called when the ways back for this guest have changed. */
  changed: () => Promise<void>
  arrive: (signIn: () => Promise<SignedInGuest>) => Promise<unknown>
}

/** Connects the section. */
export function browserKeyPart(guests: GuestClient, page: Page) {
  let keys: DeviceKey[] = []
  /** The ID of the key in this browser, if it belongs to this guest. */
  let own: string | undefined

  /** If the browser cannot store anything, as in some private windows, there is no key either. */
  const readHeld = () => guests.deviceKey.held().catch(() => null)

  /** Back to the state before `load()`: the keys of another guest must not show here. */
  function clear(): void {
    keys = []
    own = undefined
    byId('browser-key-list').replaceChildren()
    byId('sign-in-key').hidden = true
  }

  async function load(): Promise<void> {
    const guest = page.guest()
    const held = await readHeld()
    keys = guest.recoverability === 'none' ? [] : await guests.deviceKeys.list()
    own = held?.anonymous_id === guest.anonymous_id ? held.id : undefined
    const isEnabled = own !== undefined
    byId('browser-key-text').textContent = isEnabled
      ? 'On. A key in this browser signs you in again without a prompt. It is gone when the storage of this browser is cleared.'
      : 'Off. A key that never leaves this browser would sign you in again without a prompt. It is gone when the storage of this browser is cleared. Not for a browser that others use.'
    byId('browser-key-none').hidden = isEnabled || keys.length === 0
    byId('enable-key').hidden = isEnabled
    byId('disable-key').hidden = !isEnabled
    byId('browser-key-list').replaceChildren(...keys.map(keyItem))
  }

  const keyItem = (key: DeviceKey) =>
    create(
      'li',
      { class: 'card' },
      create('h3', {}, key.name),
      ...(key.id === own ? [create('p', { class: 'place' }, 'In this browser')] : []),
      create(
        'p',
        { class: 'dates' },
        'Created ',
        moment(key.created_at),
        ...(key.last_used_at === null ? [' · not used yet'] : [' · used ', moment(key.last_used_at)]),
      ),
      create(
        'div',
        { class: 'card-actions' },
        actionButton('Remove', 'plain danger', `Remove the key “${key.name}”`, () => remove(key)),
      ),
    )

  /** Whether this key is the only way back for the guest. */
  const isLastWay = () => page.guest().recoverability === 'device' && keys.length <= 1

  async function enable(): Promise<void> {
    // This browser may have the key of an earlier guest. The guest who is here now presses the button, and so
    // replaces it.
    await guests.deviceKey.enable({ replace: true })
    await refresh()
    say('This browser keeps you signed in.')
  }

  async function disable(): Promise<void> {
    try {
      await guests.deviceKey.disable()
    } catch (error) {
      if (!(error instanceof GuestClientError) || error.code !== 'would_lose_account') throw error
      const answer = await ask(
        'No longer keep you signed in?',
        `This would be the last way back. You stay signed in for now, but nothing brings ${page.guest().label} back after that.`,
        {
          go: { text: 'No longer keep me signed in', kind: 'danger' },
          keep: { text: 'Keep it as it is', kind: 'secondary' },
        },
      )
      if (answer !== 'go') return
      await guests.deviceKey.disable({ force: true })
    }
    await refresh()
    say('This browser no longer keeps you signed in. You are signed in for now.')
  }

  async function remove(key: DeviceKey): Promise<void> {
    const answer = await ask(
      `Remove the key “${key.name}”?`,
      'The browser that holds it no longer signs you in by itself.',
      { remove: { text: 'Remove', kind: 'danger' }, keep: { text: 'Keep it', kind: 'secondary' } },
    )
    if (answer !== 'remove') return
    await guests.deviceKeys.remove(key.id, { force: isLastWay() })
    await refresh()
    byId('browser-key-title').focus()
    say('Key removed.')
  }

  async function refresh(): Promise<void> {
    const guest = await guests.user()
    if (guest) page.show(guest)
    await page.changed()
  }

  const on = (id: string, work: () => Promise<void>) =>
    onAction(byId(id), 'click', byId<HTMLButtonElement>(id), work)
  on('enable-key', enable)
  on('disable-key', disable)
  on('sign-in-key', () => page.arrive(guests.deviceKey.signIn).then(() => {}))

  /**
   * Signs in the guest of the key, if that guest may come back unasked; null if there is none, or the key is no
   * longer good.
   */
  async function resume(): Promise<UserInfo | null> {
    const held = await readHeld()
    byId('sign-in-key').hidden = !held
    if (!held?.may_resume) return null
    try {
      return await guests.deviceKey.signIn()
    } catch (error) {
      if (!(error instanceof GuestClientError)) throw error
      if (error.code === 'guest_merged') {
        say('Your notes here are part of another account now. Come back to that one.')
        return null
      }
      if (error.code !== 'device_key_refused') throw error
      byId('sign-in-key').hidden = true
      say('This browser kept you signed in by a key that is no longer good. Come back in another way.')
      return null
    }
  }

  /** Offers the key to a guest who signed out and left it here. */
  const offer = () =>
    readHeld().then((held) => {
      byId('sign-in-key').hidden = !held
    })

  return {
    load: () => load().catch(explain),
    clear,
    keys: () => keys,
    isHere: () => own !== undefined,
    resume,
    offer,
  }
}
