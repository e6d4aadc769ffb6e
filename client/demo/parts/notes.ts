// The notes: reads, writes and deletes them by the routes of the host.
import type { GuestClient } from '../../index.ts'
import { actionButton, ask, byId, create, explain, moment, onAction, Refused, say } from '../shell/dom.ts'
import { type Locked, lockingPart } from './locking.ts'

interface Note {
  id: number
  /** The text, or the ciphertext if the note is locked. */
  text: string
  /** The ID of the one passkey that opens it; null if the host can read the note. */
  passkey_id: string | null
  created_at: number
}

const isLocked = (note: Note): note is Note & Locked => note.passkey_id !== null

/**
 * Connects the notes part of the page. `fetch` of the client asks for a passkey by itself when the host wants a fresh
 * proof, here for *Delete all*.
 */
export function notesPart(guests: GuestClient) {
  const text = byId<HTMLTextAreaElement>('text')
  const list = byId('note-list')
  const lock = byId<HTMLInputElement>('lock')
  const locking = lockingPart(guests)
  let notes: Note[] = []
  /** The texts of locked notes that have been unlocked here, by the ID of the note. */
  const unlocked = new Map<number, string>()
  /** Grows with every change of guest: an answer for an earlier guest is ignored. */
  let generation = 0

  const all = async () => (await call<{ notes: Note[] }>('GET', '/notes')).notes

  async function load(): Promise<void> {
    const mine = generation
    try {
      const answer = await all()
      if (mine !== generation) return
      notes = answer
      await readUnlocked()
      if (mine === generation) render()
    } catch (error) {
      if (mine === generation) explain(error)
    } finally {
      if (mine === generation) list.ariaBusy = 'false'
    }
  }

  /** Back to the state before `load()`; with `draft`, clears the half-written note too. */
  function clear({ draft }: { draft: boolean }): void {
    generation++
    notes = []
    locking.forget()
    unlocked.clear()
    lock.checked = false
    list.replaceChildren()
    list.ariaBusy = 'true'
    byId('no-notes').hidden = true
    byId('delete-all').hidden = true
    if (draft) text.value = ''
    showCount()
    showFieldError('')
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await guests.fetch(path, { method, ...(body ? json : {}) }).catch((error) => {
      if (!(error instanceof TypeError)) throw error
      throw new Refused('The notes could not be reached. Please check the connection and try again.')
    })
    if (response.status === 401 && !(await guests.user())) {
      throw new Refused('You have been signed out here. Sign in again to go on where you were.')
    }
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}))
    if (!response.ok) {
      throw new Refused(answer.error ?? answer.detail ?? 'The notes did not answer. Please try again.')
    }
    return answer
  }

  function render(): void {
    list.replaceChildren(...notes.map(noteItem))
    byId('no-notes').hidden = notes.length > 0
    byId('delete-all').hidden = notes.length < 2
  }

  /** Decrypts the notes of every passkey that the guest has used since the page was opened. */
  async function readUnlocked(): Promise<void> {
    for (const note of notes.filter(isLocked)) {
      const plain = unlocked.get(note.id) ?? (await locking.read(note).catch(explain))
      if (plain !== undefined) unlocked.set(note.id, plain)
    }
  }

  async function unlock(note: Locked & Note): Promise<void> {
    const mine = generation
    await locking.unlock(note)
    await readUnlocked()
    if (mine !== generation) return
    render()
    byId(`note-${note.id}`).focus()
  }

  function lockAgain(note: Note): void {
    locking.forget()
    unlocked.clear()
    render()
    byId(`note-${note.id}`).focus()
  }

  /** The buttons of a locked note: unlock, or lock again. */
  function lockActions(note: Note): HTMLElement[] {
    if (!isLocked(note)) return []
    if (!unlocked.has(note.id))
      return [actionButton('Unlock', 'plain', `Unlock the note of ${whenOf(note)}`, () => unlock(note))]
    return [actionButton('Lock again', 'plain', 'Lock the notes again', async () => lockAgain(note))]
  }

  const whenOf = (note: Note) => moment(note.created_at).title

  function noteItem(note: Note): HTMLLIElement {
    const plain = isLocked(note) ? unlocked.get(note.id) : note.text
    const shown = plain ?? 'Locked with your passkey'
    const start =
      plain === undefined ? 'A locked note' : `“${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}”`
    return create(
      'li',
      { class: 'note' },
      create(
        'p',
        { id: `note-${note.id}`, tabindex: '-1', class: plain === undefined ? 'veiled' : '' },
        shown,
      ),
      create(
        'div',
        { class: 'note-foot' },
        moment(note.created_at),
        ...lockActions(note),
        actionButton('Delete', 'plain danger', `Delete note ${start}`, async () => {
          const answer = await ask('Delete this note?', `${start} will be gone for good.`, {
            delete: { text: 'Delete', kind: 'danger' },
            keep: { text: 'Keep it', kind: 'secondary' },
          })
          if (answer !== 'delete') return
          await call('DELETE', `/notes/${note.id}`)
          notes = notes.filter((other) => other.id !== note.id)
          render()
          byId('notes-title').focus()
          say('Note deleted.')
        }),
      ),
    )
  }

  function showFieldError(message: string): void {
    byId('text-error').textContent = message
    text.ariaInvalid = message ? 'true' : null
  }

  function showCount(): void {
    const left = text.maxLength - text.value.length
    byId('text-count').textContent = left <= 200 ? `${left} characters left` : ''
  }

  onAction(byId('composer'), 'submit', byId<HTMLButtonElement>('add'), async () => {
    if (text.value.trim() === '') {
      text.focus()
      return showFieldError('Write a word or two first.')
    }
    const mine = generation
    const written = text.value.trim()
    const isToLock = lock.checked && !byId('lock-option').hidden
    const note = await call<Note>(
      'POST',
      '/notes',
      isToLock ? await locking.lock(written) : { text: written },
    )
    if (mine !== generation) return
    notes = [note, ...notes]
    await readUnlocked()
    text.value = ''
    showCount()
    render()
    text.focus()
    say(isToLock ? 'Note added. Only your passkey opens it.' : 'Note added.')
  })
  text.addEventListener('input', () => {
    showFieldError('')
    showCount()
  })
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      byId<HTMLFormElement>('composer').requestSubmit()
  })
  onAction(byId('delete-all'), 'click', byId<HTMLButtonElement>('delete-all'), async () => {
    const answer = await ask(
      `Delete all ${notes.length} notes?`,
      'They will be gone for good. You may be asked for your passkey first, so that nobody else can do this.',
      { delete: { text: 'Delete all', kind: 'danger' }, keep: { text: 'Keep them', kind: 'secondary' } },
    )
    if (answer !== 'delete') return
    await call('DELETE', '/notes')
    notes = []
    render()
    byId('notes-title').focus()
    say('All notes deleted.')
  })

  /** Loads what other tabs and devices wrote, unless that would take the focus of the keyboard away from the list. */
  async function refresh(): Promise<void> {
    if (!list.contains(document.activeElement)) await load()
  }

  /** Offers to lock notes, if there is a passkey and this browser can get a secret from it. */
  function offerLock(isPossible: boolean): void {
    byId('lock-option').hidden = !isPossible
  }

  /** Puts a half-written note back into the field. */
  function resume(draft: string): void {
    text.value = draft
    showCount()
  }

  return {
    all,
    load,
    refresh,
    clear,
    resume,
    offerLock,
    focus: () => text.focus(),
    /** How many notes only this passkey opens. */
    lockedWith: (passkeyId: string) => notes.filter(({ passkey_id }) => passkey_id === passkeyId).length,
    count: () => notes.length,
    draft: () => text.value,
  }
}
