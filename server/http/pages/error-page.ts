// The page that shows an error to a person. It has no links.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { GuestError } from '../../errors.ts'
import { toGuestError } from '../contract/error-handler.ts'
import { addHeaders, send } from '../contract/send.ts'
import { html, page } from './html.ts'
import { textOfError, textsFor } from './texts.ts'

/** Answers with a page that shows the error. Returns the error that it sent. */
export function answerPage(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  thrown: unknown,
): GuestError {
  const error = toGuestError(thrown)
  if (res.headersSent) {
    res.destroy()
    return error
  }
  const { texts, language } = textsFor(ctx.config, req, undefined)
  const { status, headers, text } = page({
    problem: error,
    title: texts.errorTitle,
    texts,
    language,
    name: ctx.config.rpName,
    accent: ctx.config.pages.accent,
    body: html`<p role="alert">${textOfError(texts, error)}</p>`,
  })
  addHeaders(res, headers!)
  send(res, status, text!.content, text!.type, text!.headers)
  return error
}
