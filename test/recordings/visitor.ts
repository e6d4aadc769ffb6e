// A visitor of a recorded deployment over HTTP: a browser with its cookies, or a program without cookies.

import type { Server } from 'node:http'
import supertest from 'supertest'

export type Question = {
  method: string
  path: string
  headers?: Record<string, string>
  json?: object
  form?: Record<string, string>
}
// biome-ignore lint/suspicious/noExplicitAny: the caller knows what the response contains
export type Answer = { status: number; body: any; text: string; headers: Record<string, string> }

export class Visitor {
  readonly cookies: Map<string, string>
  readonly #server: Server
  readonly #origin: string | undefined

  /** `origin`: the origin of the page in the browser; a program has none. */
  constructor(server: Server, origin: string | undefined, cookies: Record<string, string> = {}) {
    this.#server = server
    this.#origin = origin
    this.cookies = new Map(Object.entries(cookies))
  }

  get jar(): Record<string, string> {
    return Object.fromEntries(this.cookies)
  }

  async ask({ method, path, headers = {}, json, form }: Question): Promise<Answer> {
    const request = supertest(this.#server)[method.toLowerCase() as 'get'](path).redirects(0)
    if (this.#origin) request.set({ Origin: this.#origin, 'Sec-Fetch-Site': 'same-origin' })
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie) request.set('Cookie', cookie)
    request.set(headers)
    if (json) request.set('Content-Type', 'application/json').send(JSON.stringify(json))
    if (form) request.type('form').send(new URLSearchParams(form).toString())
    const { status, body, text = '', headers: answered } = await request.ok(() => true)
    for (const line of (answered['set-cookie'] as unknown as string[] | undefined) ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (/max-age=0\b/i.test(line)) this.cookies.delete(name!)
      else this.cookies.set(name!, value!)
    }
    return { status, body, text, headers: answered as Record<string, string> }
  }

  /** The response, which must have this status. */
  async must(status: number, question: Question): Promise<Answer> {
    const answer = await this.ask(question)
    if (answer.status !== status)
      throw new Error(`${question.method} ${question.path}: ${answer.status} ${answer.text}`)
    return answer
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.must(200, { method: 'GET', path, headers })
  }

  post(path: string, json: object = {}, status = 200): Promise<Answer> {
    return this.must(status, { method: 'POST', path, json })
  }
}
