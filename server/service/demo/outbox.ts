/** In place of a mail server while developing: the last codes, kept in memory for the page to show. */
import type { Express } from 'express'
import type { Options } from '../../index.ts'

/** A mail that nobody sent. */
export interface Mail {
  to: string
  code: string
}

const MAX_MAILS = 3

/** What takes the mails, and the route that shows them, the newest first. For the demo alone: they are for everybody. */
export function outbox() {
  const mails: Mail[] = []
  const send: Extract<Options['send'], (...given: never) => unknown> = ({ value, code }) => {
    mails.unshift({ to: value, code })
    mails.splice(MAX_MAILS)
  }
  const serve = (app: Express) =>
    app.get('/mailbox', (_req, res) => {
      res.set('Cache-Control', 'no-store').json({ mails })
    })
  return { send, serve }
}
