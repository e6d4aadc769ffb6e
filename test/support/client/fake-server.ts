// A server whose responses a test writes by hand, for what a real server does only in a failure.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'
import type { UserInfo } from '../../../client/index.ts'

export interface Asked {
  door: string
  body: unknown
}

export type Answer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** The connection breaks before or in the middle of the response. */
  | 'cut'
  | 'cut in the middle'

export type Answers = (door: string, body: unknown, asked: Asked[]) => Answer | Promise<Answer>

/**
 * Serves `answers`. `asked` lists the requests in order, and `headers` their headers. Node is a browser for its clients
 * until the test ends.
 */
export async function startFakeServer(answers: Answers) {
  vi.stubGlobal('window', globalThis)
  const asked: Asked[] = []
  const headers: IncomingHttpHeaders[] = []
  let open = 0
  let mostOpen = 0
  const server = createServer(async (req, res) => {
    mostOpen = Math.max(mostOpen, ++open)
    const body = await bodyOf(req)
    const door = `${req.method} ${req.url?.replace(/^\/guest/, '')}`
    asked.push({ door, body })
    headers.push(req.headers)
    const answer = await answers(door, body, asked)
    open--
    send(res, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    baseUrl: `http://127.0.0.1:${port}/guest`,
    asked,
    headers,
    doors: () => asked.map(({ door }) => door),
    mostOpen: () => mostOpen,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of req) text += chunk
  return text && req.headers['content-type'] === 'application/json' ? JSON.parse(text) : text
}

function send(res: ServerResponse, answer: Answer) {
  if (answer === 'cut') return res.destroy()
  if (answer === 'cut in the middle') {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
    return res.write('{"sub":', () => res.destroy())
  }
  const { status, body, headers } = answer
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  return res.writeHead(status, headers).end(text)
}

export const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  ...(headers && { headers }),
})

/** Gives these responses one after the other, and then always the last one. */
export const inTurn = (...answers: Answer[]) => {
  let turn = 0
  return () => answers[Math.min(turn++, answers.length - 1)]!
}

export const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, code, detail: 'words for developers', ...more },
})

export const stepUp: Answer = {
  ...(problem(401, 'insufficient_user_authentication') as object),
  status: 401,
  headers: {
    'www-authenticate': 'Bearer error="insufficient_user_authentication", acr_values="phr", max_age=300',
  },
}

/** The tokens of a token response. `n` makes them different. */
export const tokens = (n: number | string, more: object = {}) => ({
  access_token: `access-${n}`,
  token_type: 'DPoP',
  expires_in: 600,
  refresh_token: `refresh-${n}`,
  ...more,
})

export const guest = (sub: string, more: Partial<UserInfo> = {}): UserInfo => ({
  sub,
  anonymous_id: sub,
  is_anonymous: true,
  is_verified: false,
  isAnonymous: true,
  isVerified: false,
  recoverability: 'none',
  label: 'amber-fox-42',
  collection: 'users',
  expires_at: 2_000_000_000,
  prompts: [],
  ...more,
})
