// The notes: reads, writes and deletes them by the routes of the host.
import type { GuestClient } from '../index.ts'
import { askForKey, keys, type Locked, lock, read } from './lock.ts'
import { button, byId, create, Refused, run, say } from './page.ts'

interface Note {
  id: number
  /** The text, or the ciphertext if the note is locked. */
  text: string
  /** The one passkey that opens it; null if the host can read the note. */
  passkey_id: string | null
  created_at: number
}

const isLocked = (note: Note): note is Note & Locked => note.passkey_id !== null
const dates = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'short' })

/**
 * Connects the desk. `fetch` of the client asks for a passkey by itself if the host wants a fresh proof, and tells the
 * prompt if the host says that now is a moment to ask.
 */
export function createNotes(guests: GuestClient) {
  const field = byId<HTMLTextAreaElement>('text')
  const isToLock = byId<HTMLInputElement>('lock')
  let notes: Note[] = []

  async function call<T>(method: string, path = '', body?: object): Promise<T> {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await guests.fetch(`/notes${path}`, { method, ...json }).catch((error) => {
      if (!(error instanceof TypeError)) throw error
      throw new Refused('The notes could not be reached. Check the connection, then try again.')
    })
    const answer = await response.json().catch(() => ({}))
    if (response.ok) return answer
    throw new Refused(answer.error ?? answer.detail ?? 'The notes did not answer. Try again.')
  }

  /** Shows what `ask` resolves to, unless somebody else is here by then. */
  async function show(ask: () => Promise<Note[]>): Promise<void> {
    const sub = guests.current?.sub
    const shown = await ask()
    const texts = await Promise.all(shown.map((note) => (isLocked(note) ? read(note) : note.text)))
    if (sub !== guests.current?.sub) return
    notes = shown
    byId('list').replaceChildren(...notes.map((note, i) => item(note, texts[i])))
    byId('empty').hidden = notes.length > 0
    byId('delete-all').hidden = notes.length < 2
  }

  const load = () => show(async () => (await call<{ notes: Note[] }>('GET')).notes)
  const add = (note: object) => show(async () => [await call<Note>('POST', '', note), ...notes])

  async function remove(note: Note): Promise<void> {
    await show(async () => {
      await call('DELETE', `/${note.id}`)
      return notes.filter(({ id }) => id !== note.id)
    })
    byId('notes-title').focus()
    say('Note deleted.', { Undo: () => add({ text: note.text, passkey_id: note.passkey_id }) })
  }

  async function unlock(note: Note & Locked): Promise<void> {
    if ((await askForKey(guests)) !== note.passkey_id)
      throw new Refused('That passkey does not open this note: it was locked with another one.')
    if (!(await read(note))) throw new Refused('This note was changed on its way: it cannot be opened.')
    await show(async () => notes)
    byId('notes-title').focus()
  }

  function item(note: Note, text: string | undefined): HTMLElement {
    const when = dates.format(note.created_at * 1000)
    const name = text === undefined ? `the locked note of ${when}` : `the note “${text.slice(0, 40)}”`
    const foot = [create('time', {}, when), button('Delete', () => remove(note), `Delete ${name}`)]
    if (isLocked(note) && text === undefined)
      foot.splice(
        1,
        0,
        button('Unlock', () => unlock(note), `Unlock ${name}`),
      )
    const shown = text ?? create('em', {}, 'Locked with your passkey')
    return create('li', { class: 'note' }, create('p', {}, shown), create('div', { class: 'row' }, ...foot))
  }

  async function write(): Promise<void> {
    const text = field.value.trim()
    await add(isToLock.checked ? await lock(guests, text) : { text })
    field.value = ''
    field.focus()
  }

  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault()
    void run(byId('add'), write)
  })
  field.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
    if (key === 'Enter' && (ctrlKey || metaKey)) field.form!.requestSubmit()
  })
  byId('delete-all').addEventListener('click', () =>
    say(`Delete all ${notes.length} notes, for good?`, {
      'Delete them': () => call('DELETE').then(load),
    }),
  )

  return {
    load,
    all: () => notes,
    /** Leaves nothing of the guest who was here, but for a half-written note. */
    clear() {
      notes = []
      keys.clear()
      isToLock.checked = false
      byId('list').replaceChildren()
    },
  }
}
