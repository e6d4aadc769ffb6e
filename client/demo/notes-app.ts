/** The demo: Jotter, a small notes app of a pretend host that has guestkey embedded beside its own routes. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import express, { type ErrorRequestHandler, type Express } from 'express'
import helmet from 'helmet'
import type { GuestKey } from '../../server/index.ts'

const maxNoteLength = 2000

/**
 * The whole host: its table, its routes, its page. Note that it knows nothing of sessions or passkeys; all it keeps of
 * a guest is the `anonymous_id` beside each note.
 */
export function notesApp(guests: GuestKey, options: { databaseFile: string }): Express {
  const notes = openNotes(options.databaseFile)
  const app = express()
  app.use(pageSecurity)
  app.use(guests.router)

  app.use('/notes', guests.requireGuest(), express.json({ limit: '32kb' }))
  app.get('/notes', (req, res) => {
    res.json({ notes: notes.all(req.guest!.anonymous_id) })
  })
  app.post('/notes', (req, res) => {
    const text: unknown = req.body?.text
    const error = problemWith(text)
    if (error) res.status(400).json({ error })
    else res.status(201).json(notes.add(req.guest!.anonymous_id, (text as string).trim()))
  })
  app.delete('/notes/:id', (req, res) => {
    const deleted = notes.delete(req.guest!.anonymous_id, req.params.id)
    if (deleted) res.status(204).end()
    else res.status(404).json({ error: 'This note is not there any more.' })
  })
  // Everything at once is worth a fresh proof: a stolen or unlocked device alone cannot do it.
  app.delete('/notes', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
    res.json({ deleted: notes.deleteAll(req.guest!.anonymous_id) })
  })

  for (const file of ['index.html', 'demo.css', 'demo.js']) {
    app.get(file === 'index.html' ? '/' : `/${file}`, (_req, res) => {
      res.sendFile(file, { root: folderOf(file) })
    })
  }
  app.use((_req, res) => {
    res.status(404).json({ error: 'There is nothing here.' })
  })
  app.use(explainError)
  return app
}

/** Nothing inline, nothing from elsewhere, nobody's frame. */
const pageSecurity = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // This page is for http://localhost, whose other ports must go on answering without TLS.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
})

function openNotes(databaseFile: string) {
  const database = new Database(databaseFile)
  database.pragma('journal_mode = WAL')
  database.exec(`
    CREATE TABLE IF NOT EXISTS notes (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      anonymous_id TEXT NOT NULL,
      text TEXT NOT NULL,
      created_at INTEGER NOT NULL DEFAULT (unixepoch())
    ) STRICT;
    CREATE INDEX IF NOT EXISTS notes_by_guest ON notes (anonymous_id, id);
  `)
  const select = database.prepare(
    'SELECT id, text, created_at FROM notes WHERE anonymous_id = ? ORDER BY id DESC',
  )
  const insert = database.prepare(
    'INSERT INTO notes (anonymous_id, text) VALUES (?, ?) RETURNING id, text, created_at',
  )
  const deleteOne = database.prepare('DELETE FROM notes WHERE anonymous_id = ? AND id = ?')
  const deleteEvery = database.prepare('DELETE FROM notes WHERE anonymous_id = ?')
  return {
    all: (guestId: string) => select.all(guestId),
    add: (guestId: string, text: string) => insert.get(guestId, text),
    delete: (guestId: string, id: string) => deleteOne.run(guestId, id).changes > 0,
    deleteAll: (guestId: string) => deleteEvery.run(guestId).changes,
  }
}

function problemWith(text: unknown): string | undefined {
  if (typeof text !== 'string' || !text.isWellFormed()) return 'A note is a piece of text.'
  if (text.trim() === '') return 'An empty note says nothing. Write a word or two.'
  if (text.length > maxNoteLength) return `A note has at most ${maxNoteLength} characters.`
  return undefined
}

/** What Express's body parser refuses is the caller's to know; everything else is only ours. */
const explainError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.expose === true ? error.status : 500
  if (status === 500) console.error(error)
  const text = status === 413 ? 'This note is too long.' : 'This request could not be read.'
  res.status(status).json({ error: status < 500 ? text : 'Something went wrong here. Please try again.' })
}

/** Run from source, the page stands beside this file and its script in `dist/`; once built, all stand together. */
function folderOf(file: string): string {
  const here = import.meta.dirname
  return existsSync(join(here, file)) ? here : join(here, '../../dist/client/demo')
}
