/** The notes: reading, writing and deleting, against the host's own routes. */
import type { GuestClient } from '../index.ts'
import { actionButton, ask, byId, create, explain, moment, onAction, Refused, say } from './dom.ts'

interface Note {
  id: number
  text: string
  created_at: number
}

/** Wires the notes part of the page. `fetch` of the client answers a step-up by itself, here for *Delete all*. */
export function notesPart(guests: GuestClient) {
  const text = byId<HTMLTextAreaElement>('text')
  const list = byId('note-list')
  let notes: Note[] = []
  /** Grows with every change of guest: an answer that was for the one before is dropped. */
  let generation = 0

  const all = async () => (await call<{ notes: Note[] }>('GET', '/notes')).notes

  async function load(): Promise<void> {
    const mine = generation
    try {
      const answer = await all()
      if (mine !== generation) return
      notes = answer
      render()
    } catch (error) {
      if (mine === generation) explain(error)
    } finally {
      if (mine === generation) list.ariaBusy = 'false'
    }
  }

  /** Back to the state before `load()`; with `draft`, the half-written note goes too. */
  function clear({ draft }: { draft: boolean }): void {
    generation++
    notes = []
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

  function noteItem(note: Note): HTMLLIElement {
    const start = note.text.length > 40 ? `${note.text.slice(0, 40)}…` : note.text
    return create(
      'li',
      { class: 'note' },
      create('p', {}, note.text),
      create(
        'div',
        { class: 'note-foot' },
        moment(note.created_at),
        actionButton('Delete', 'plain danger', `Delete note “${start}”`, async () => {
          const answer = await ask('Delete this note?', `“${start}” will be gone for good.`, {
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
    notes = [await call<Note>('POST', '/notes', { text: text.value }), ...notes]
    text.value = ''
    showCount()
    render()
    text.focus()
    say('Note added.')
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

  /** Fetches what other tabs and devices wrote, unless that would take the keyboard's place in the list away. */
  async function refresh(): Promise<void> {
    if (!list.contains(document.activeElement)) await load()
  }

  /** Puts a half-written note back. */
  function resume(draft: string): void {
    text.value = draft
    showCount()
  }

  return {
    ...{ all, load, refresh, clear, resume },
    focus: () => text.focus(),
    count: () => notes.length,
    draft: () => text.value,
  }
}
