/** Replaces a mail server while developing: keeps the last 3 codes in memory, for the page to show. */
import type { Express } from 'express'
import type { CodeMessage } from '../../index.ts'

/** A mail that the demo shows and never sends. */
export interface Mail {
  to: string
  code: string
}

const MAX_MAILS = 3

/** `send` takes mails; `serve` shows them at `/mailbox`, the newest first. Only for the demo: anybody can read them. */
export function outbox() {
  const mails: Mail[] = []
  const send = ({ value, code }: CodeMessage) => {
    mails.unshift({ to: value, code })
    mails.splice(MAX_MAILS)
  }
  const serve = (app: Express) =>
    app.get('/mailbox', (_req, res) => {
      res.set('Cache-Control', 'no-store').json({ mails })
    })
  return { send, serve }
}
