// The sections *Your passkeys* and *Signed-in devices*.
import type { GuestClient, GuestSession, Passkey, UserInfo } from '../../index.ts'
import { actionButton, ask, byId, create, explain, moment, onAction, say } from '../shell/dom.ts'

interface Page {
  /** Who is signed in; these sections are shown only while somebody is. */
  guest: () => UserInfo
  /** To be called when the ways back for this guest may have changed. */
  changed: () => void
  /** How many notes only this passkey opens. */
  lockedWith: (passkeyId: string) => number
}

/** Connects the two sections. */
export function accountPart(guests: GuestClient, page: Page) {
  const who = page.guest
  const passkeyList = byId('passkey-list')
  const sessionList = byId('session-list')
  let passkeys: Passkey[] = []
  let sessions: GuestSession[] = []

  async function load(): Promise<void> {
    await Promise.all([
      fill(passkeyList, async () => {
        passkeys = await guests.passkeys.list()
        const which = passkeys.length > 0 ? 'another' : 'a'
        byId('add-passkey').textContent = `Add ${which} passkey`
        byId('switch-saved').textContent = `Sign in with ${which} passkey`
        return passkeys.map(passkeyItem)
      }),
      fill(sessionList, async () => {
        sessions = await guests.sessions.list()
        byId('end-others').hidden = sessions.length < 2
        return sessions.toSorted((a, b) => Number(b.current) - Number(a.current)).map(sessionItem)
      }),
    ])
    page.changed()
  }

  async function fill(list: HTMLElement, items: () => Promise<HTMLElement[]>): Promise<void> {
    list.ariaBusy = 'true'
    try {
      list.replaceChildren(...(await items()))
    } catch (error) {
      explain(error)
    } finally {
      list.ariaBusy = 'false'
    }
  }

  function passkeyItem(passkey: Passkey): HTMLLIElement {
    const rename = actionButton('Rename', 'plain', `Rename passkey “${passkey.name}”`, async () => {
      item.replaceChildren(renameForm(passkey, () => item.replaceWith(passkeyItem(passkey))))
      item.querySelector('input')?.select()
    })
    const remove = actionButton('Remove', 'plain danger', `Remove passkey “${passkey.name}”`, () =>
      removePasskey(passkey),
    )
    const item = create(
      'li',
      { class: 'card', 'data-id': passkey.id },
      create('h3', {}, passkey.name),
      create('p', { class: 'place' }, placeOf(passkey)),
      create(
        'p',
        { class: 'dates' },
        'Created ',
        moment(passkey.created_at),
        ' · ',
        ...(passkey.last_used_at === null ? ['not used yet'] : ['used ', moment(passkey.last_used_at)]),
      ),
      create('div', { class: 'card-actions' }, rename, remove),
    )
    return item
  }

  function placeOf({ provider, name, backed_up }: Passkey): string {
    const where = backed_up ? 'Synced to your devices' : 'This device only'
    return provider && provider !== name ? `${provider} · ${where}` : where
  }

  function renameForm(passkey: Passkey, close: () => void): HTMLFormElement {
    const inputId = `name-of-${passkey.id}`
    const input = create('input', {
      id: inputId,
      value: passkey.name,
      maxlength: '64',
      required: '',
      autocomplete: 'off',
    })
    const save = create('button', { class: 'primary' }, 'Save')
    const cancel = create('button', { class: 'secondary', type: 'button' }, 'Cancel')
    const form = create(
      'form',
      { class: 'rename' },
      create('label', { for: inputId }, 'Name of this passkey'),
      input,
      create('div', { class: 'card-actions' }, save, cancel),
    )
    const done = () => {
      close()
      passkeyList.querySelector<HTMLElement>(`[data-id="${passkey.id}"] button`)?.focus()
    }
    onAction(form, 'submit', save, async () => {
      Object.assign(passkey, await guests.passkeys.rename(passkey.id, input.value.trim()))
      done()
      say(`Renamed to “${passkey.name}”.`)
    })
    cancel.addEventListener('click', done)
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') done()
    })
    return form
  }

  /** A warning if removing this passkey makes notes unreadable. */
  function lockedFor({ id }: Passkey): string {
    const count = page.lockedWith(id)
    if (count === 0) return ''
    return ` ${count === 1 ? 'A note is' : `${count} notes are`} locked with it, and can never be read without it.`
  }

  const loss = () =>
    who().is_anonymous
      ? `Without it, ${who().label} and the notes live in this browser alone again.`
      : 'Without it, a code to your e-mail address is what signs you in.'

  async function removePasskey(passkey: Passkey): Promise<void> {
    const only = passkeys.length === 1
    const answer = await ask(
      `Remove “${passkey.name}”?`,
      (only
        ? `It is your only passkey. ${loss()}`
        : 'You can no longer sign in with it. Your other passkeys go on working.') + lockedFor(passkey),
      { remove: { text: 'Remove', kind: 'danger' }, keep: { text: 'Keep it', kind: 'secondary' } },
    )
    if (answer !== 'remove') return
    await guests.passkeys.remove(passkey.id, { force: only })
    await load()
    byId(only && who().is_anonymous ? 'keeping-title' : 'passkeys-title').focus()
    say('Passkey removed. Your device may still list it; you can delete it there too.')
  }

  function sessionItem(session: GuestSession): HTMLLIElement {
    const name = session.current ? 'This device' : 'Another device'
    const item = create(
      'li',
      { class: session.current ? 'card current' : 'card' },
      create('h3', {}, name),
      create(
        'p',
        { class: 'dates' },
        'Signed in ',
        moment(session.created_at),
        ...(session.current ? [] : [' · active ', moment(session.last_seen_at)]),
      ),
    )
    if (!session.current) {
      const end = actionButton('Sign out', 'plain danger', `Sign out ${name.toLowerCase()}`, async () => {
        await guests.sessions.end(session.id)
        await load()
        byId('sessions-title').focus()
        say('That device is signed out.')
      })
      item.append(create('div', { class: 'card-actions' }, end))
    }
    return item
  }

  onAction(byId('add-passkey'), 'click', byId<HTMLButtonElement>('add-passkey'), async () => {
    await guests.passkeys.add()
    await load()
    say('Passkey added.')
  })
  onAction(byId('end-others'), 'click', byId<HTMLButtonElement>('end-others'), async () => {
    await guests.sessions.endOthers()
    await load()
    byId('sessions-title').focus()
    say('All other devices are signed out.')
  })

  return { load, passkeys: () => passkeys, sessions: () => sessions }
}
