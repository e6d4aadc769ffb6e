/** The demo: Jotter, a small notes app. It plays a host that embeds guestkey beside its own routes. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { type Asset, createAsset } from '../../http/assets/asset.ts'
import { send } from '../../http/contract/send.ts'
import type { GuestKey, Options } from '../../index.ts'
import { ownFile } from '../../own-files.ts'
import { outbox } from './outbox.ts'

const maxNoteLength = 2000
/** The longest locked note: base64url of a nonce (12 bytes), at most 3 bytes per character, and a tag (16 bytes). */
const maxLockedLength = Math.ceil(((12 + 3 * maxNoteLength + 16) * 4) / 3)

/** The two halves of the host. It knows nothing about sessions or passkeys; it knows only which guest owns a note. */
export interface NotesApp {
  /**
   * The options that it gives to `guestkey()`: when to ask for a passkey, what happens to notes when two guests merge,
   * and how codes are sent, unless the deployment sends mail itself.
   */
  options: { [Name in 'prompts' | 'merge' | 'loginIds']: NonNullable<Options[Name]> }
  /** Its routes and its page, with the endpoints of `guests` in front of them. */
  serve: (guests: GuestKey) => Express
}

/** Creates the whole host. It creates its database file when it first needs it. */
export function notesApp(databaseFile: string): NotesApp {
  let opened: Notes | undefined
  const notes = () => {
    opened ??= openNotes(databaseFile)
    return opened
  }
  const mails = outbox()
  return {
    options: {
      loginIds: { send: mails.send, types: ['email'] },
      prompts: [{ prompt: 'add_passkey', when: { moment: 'third_note' } }],
      merge: {
        onMerge: ({ ticket, from, into }) => notes().merge(ticket, from.anonymous_id, into.anonymous_id),
        onUndoMerge: ({ ticket, from, into }) =>
          notes().undoMerge(ticket, from.anonymous_id, into.anonymous_id),
      },
    },
    serve(guests) {
      guests.on('guest.erased', ({ anonymous_id }) => notes().deleteAll(anonymous_id))
      return routes(guests, notes, mails)
    },
  }
}

function routes(guests: GuestKey, notes: () => Notes, mails: ReturnType<typeof outbox>): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(pageSecurity)
  app.use(guests.router)
  mails.serve(app)

  app.use('/notes', guests.requireGuest(), express.json({ limit: '32kb' }))
  const listNotes = async (req: Request, res: Response) => {
    const all = notes().all(req.guest!.anonymous_id)
    if (all.length >= 3) await guests.moment(req, 'third_note')
    res.json({ notes: all })
  }
  const addNote = async (req: Request, res: Response) => {
    const { text, passkey_id } = { passkey_id: null, ...req.body }
    const error = passkey_id === null ? problemWith(text) : problemWithLocked(text, passkey_id)
    if (error) return void res.status(400).json({ error })
    const guestId = req.guest!.anonymous_id
    // From the third note on, a guest has something to lose. guestkey decides whether, and how often, to ask.
    if (notes().count(guestId) >= 2) await guests.moment(req, 'third_note')
    res.status(201).json(notes().add(guestId, text.trim(), passkey_id))
  }
  // Express 4 does not see by itself that a promise was rejected.
  app.get('/notes', (req, res, next) => void listNotes(req, res).catch(next))
  app.post('/notes', (req, res, next) => void addNote(req, res).catch(next))
  app.delete('/notes/:id', (req, res) => {
    const deleted = notes().delete(req.guest!.anonymous_id, req.params.id)
    if (deleted) res.status(204).end()
    else res.status(404).json({ error: 'This note is not there any more.' })
  })
  // Deleting all notes needs a passkey used within the last 60 seconds: a stolen, unlocked device is not enough.
  app.delete('/notes', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
    res.json({ deleted: notes().deleteAll(req.guest.anonymous_id) })
  })

  servePages(app)
  app.use((_req, res) => {
    res.status(404).json({ error: 'There is nothing here.' })
  })
  app.use(explainError)
  return app
}

/**
 * Allows no inline script, nothing from other origins, and no framing. There is no Strict-Transport-Security: the demo runs
 * on http://localhost, and that header would force TLS on every other port of localhost too.
 */
const pageSecurity: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  })
  next()
}

function openNotes(databaseFile: string) {
  mkdirSync(dirname(databaseFile), { recursive: true, mode: 0o700 })
  closeSync(openSync(databaseFile, 'a', 0o600)) // SQLite would make it readable for everybody
  chmodSync(databaseFile, 0o600) // one of an earlier version
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
    -- Which merges are done, and which notes (a JSON array of ids) they moved.
    CREATE TABLE IF NOT EXISTS merges (ticket TEXT PRIMARY KEY, note_ids TEXT NOT NULL) STRICT;
  `)
  // `passkey_id` of a locked note names the passkey that opens it. The server cannot read the text of a locked note.
  const hasLocks = database
    .prepare("SELECT 1 FROM pragma_table_info('notes') WHERE name = 'passkey_id'")
    .get()
  if (!hasLocks) database.exec('ALTER TABLE notes ADD COLUMN passkey_id TEXT')
  const select = database.prepare(
    'SELECT id, text, passkey_id, created_at FROM notes WHERE anonymous_id = ? ORDER BY id DESC',
  )
  const countOf = database.prepare('SELECT count(*) FROM notes WHERE anonymous_id = ?').pluck()
  const insert = database.prepare(
    'INSERT INTO notes (anonymous_id, text, passkey_id) VALUES (?, ?, ?) RETURNING id, text, passkey_id, created_at',
  )
  const deleteOne = database.prepare('DELETE FROM notes WHERE anonymous_id = ? AND id = ?')
  const deleteEvery = database.prepare('DELETE FROM notes WHERE anonymous_id = ?')
  // A merge moves the notes once for each ticket, even if guestkey calls it again.
  const remember = database.prepare(`
    INSERT INTO merges (ticket, note_ids)
    SELECT :ticket, json_group_array(id) FROM notes WHERE anonymous_id = :from
    ON CONFLICT DO NOTHING`)
  const forget = database.prepare('DELETE FROM merges WHERE ticket = :ticket')
  const move = database.prepare(`
    UPDATE notes SET anonymous_id = :to WHERE anonymous_id = :from
    AND id IN (SELECT value FROM merges, json_each(note_ids) WHERE ticket = :ticket)`)
  return {
    all: (guestId: string) => select.all(guestId),
    count: (guestId: string) => countOf.get(guestId) as number,
    add: (guestId: string, text: string, passkeyId: string | null) => insert.get(guestId, text, passkeyId),
    delete: (guestId: string, id: string) => deleteOne.run(guestId, id).changes > 0,
    deleteAll: (guestId: string) => deleteEvery.run(guestId).changes,
    merge: database.transaction((ticket: string, from: string, into: string) => {
      if (remember.run({ ticket, from }).changes > 0) move.run({ ticket, from, to: into })
    }).immediate,
    undoMerge: database.transaction((ticket: string, from: string, into: string) => {
      move.run({ ticket, from: into, to: from })
      forget.run({ ticket })
    }).immediate,
  }
}

type Notes = ReturnType<typeof openNotes>

function problemWith(text: unknown): string | undefined {
  if (typeof text !== 'string' || !text.isWellFormed()) return 'A note is a piece of text.'
  if (text.trim() === '') return 'An empty note says nothing. Write a word or two.'
  if (text.length > maxNoteLength) return `A note has at most ${maxNoteLength} characters.`
  return undefined
}

/** The server cannot tell whether a note is locked well. It checks only the alphabet (base64url) and the length. */
function problemWithLocked(text: unknown, passkeyId: unknown): string | undefined {
  const isBase64url = (value: unknown, most: number) =>
    typeof value === 'string' && value.length <= most && /^[\w-]+$/.test(value)
  if (isBase64url(text, maxLockedLength) && isBase64url(passkeyId, 1364)) return undefined
  return 'A locked note is the text that a passkey opens, and the name of that passkey.'
}

/** Tells the caller why Express's body parser refused a request. Any other error is only logged. */
const explainError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.expose === true ? error.status : 500
  if (status === 500) console.error(error)
  const text = status === 413 ? 'This note is too long.' : 'This request could not be read.'
  res.status(status).json({ error: status < 500 ? text : 'Something went wrong here. Please try again.' })
}

/** The files of the pages, by their paths: the demo itself, and the gallery of the elements. */
const pageFiles: Record<string, [file: string, type: string]> = {
  '/': ['index.html', 'text/html'],
  '/demo.css': ['demo.css', 'text/css'],
  '/demo.js': ['demo.js', 'text/javascript'],
  '/elements': ['gallery/gallery.html', 'text/html'],
  '/gallery.css': ['gallery/gallery.css', 'text/css'],
  '/gallery.js': ['gallery/gallery.js', 'text/javascript'],
}

/** Serves the pages, their styles and their scripts. They are read once, when first asked for. */
function servePages(app: Express): void {
  for (const [path, [file, type]] of Object.entries(pageFiles)) {
    let asset: Asset | undefined
    app.get(path, (req, res, next) => {
      asset ??= createAsset(readFileSync(join(folderOf(file), file), 'utf8'), `${type}; charset=utf-8`)
      asset(req.headers)
        .then(({ status, text }) => send(res, status, text.content, text.type, text.headers))
        .catch(next)
    })
  }
}

/** The folder of a demo file. From source, the page is in `client/demo` and its script in `dist/demo`; built, in one. */
function folderOf(file: string): string {
  const page = ownFile('client/demo')
  return existsSync(join(page, file)) ? page : ownFile('dist/demo')
}
