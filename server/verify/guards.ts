// What stands in front of handlers: only those with a valid token get through.

import { VerifyError } from './errors.ts'
import type { AnyRequest, NodeRequest } from './request.ts'
import type { GuestClaims } from './verifier.ts'

type NodeResponse = {
  writeHead: (status: number, headers: Record<string, string>) => unknown
  end: (text: string) => unknown
}

/** A middleware of Express and of others that take `(req, res, next)`. */
export type ExpressGuard = (req: NodeRequest, res: NodeResponse, next: (error?: unknown) => void) => void

/** A handler of the Fetch API behind a guard; `rest` is what the runtime gives besides, such as `env`. */
export type GuestHandler<Rest extends unknown[]> = (
  request: Request,
  guest: GuestClaims,
  ...rest: Rest
) => Response | Promise<Response>

export type RequireGuest = {
  /** For Express: sets `req.guest`, or answers with the error itself. */
  (): ExpressGuard
  /** For the Fetch API: the handler behind the guard. */
  <Rest extends unknown[]>(
    handler: GuestHandler<Rest>,
  ): (request: Request, ...rest: Rest) => Promise<Response>
}

/** Whether this guest could come back, if the session were gone. A regular user signs in by the login ID. */
export const isRecoverable = ({ is_anonymous, recoverability }: GuestClaims): boolean =>
  !is_anonymous || recoverability !== 'none'

/** A guard that lets guests through; with `mustComeBack`, only those who can come back. */
export function guardBy(
  guestOf: (request: AnyRequest) => Promise<GuestClaims | null>,
  mustComeBack: boolean,
): RequireGuest {
  const letIn = async (request: AnyRequest) => {
    const guest = await guestOf(request)
    if (!guest) throw new VerifyError('not_signed_in', 'no Authorization header')
    if (mustComeBack && !isRecoverable(guest)) throw new VerifyError('not_recoverable', guest.sub)
    return guest
  }
  const byExpress: ExpressGuard = (req, res, next) =>
    void letIn(req).then(
      (guest) => {
        Object.assign(req, { guest })
        next()
      },
      (error) => {
        if (!(error instanceof VerifyError)) return next(error)
        res.writeHead(error.status, error.headers)
        res.end(JSON.stringify(error))
      },
    )
  const byFetch =
    (handler: GuestHandler<unknown[]>) =>
    (request: Request, ...rest: unknown[]) =>
      letIn(request).then(
        (guest) => handler(request, guest, ...rest),
        (error) => {
          if (!(error instanceof VerifyError)) throw error
          return error.toResponse()
        },
      )
  return ((handler?: GuestHandler<unknown[]>) => (handler ? byFetch(handler) : byExpress)) as RequireGuest
}
