// What a browser gets first for a request of an app: one of our pages, or the way back to the app at once.

import type { ServerResponse } from 'node:http'
import type { IdentificationRequest, SealedRequest } from '../../core/authorization/authorization.ts'
import { firstStep, identify } from '../../core/authorization/identification.ts'
import { isKnown } from '../../core/authorization/known-apps.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import type { Answer } from '../contract/endpoint.ts'
import { appsOf, rememberApp } from '../request/apps-cookie.ts'
import { choosePage, type Show } from './authorize-pages.ts'
import { identifyPage, signInPage } from './identify-page.ts'
import { toClient } from './to-client.ts'

/** A request of a browser, and its answer that is under way. */
export type Asking = Omit<Show, 'request'> & { res: ServerResponse }

/** Lets the app know who is signed in, and remembers in the browser that it knows. */
export async function answerWith(
  show: Asking,
  request: IdentificationRequest,
  session: Session,
): Promise<Answer> {
  await rememberApp(show.ctx, show.res, { ...request, session })
  return toClient(show, request, await identify(show.ctx, request, session))
}

/** Our first page for a request that is under way, or the answer that the app gets at once. */
export async function firstAnswer(
  show: Asking,
  request: SealedRequest,
  session: () => Promise<Session | undefined>,
): Promise<Answer> {
  if (request.purpose !== 'identify') return choosePage({ ...show, request })
  const who = await session()
  const { ctx, req } = show
  const knows = who !== undefined && isKnown(ctx, await appsOf(ctx, req, who), request, who)
  const step = firstStep(ctx, request, who, knows)
  if (step === 'answer') return answerWith(show, request, who!)
  if (step === 'sign_in') return signInPage({ ...show, request, isFirst: true })
  if (step === 'consent') return identifyPage({ ...show, request, session: who })
  return toClient(show, request, step)
}
