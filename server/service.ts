// The service of its own: environment to options, listen, drain and stop.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino from 'pino'
import { readEnvironment } from './environment.ts'
import { type GuestKey, guestkey } from './guestkey.ts'

const HEADERS_MILLISECONDS = 10_000
const REQUEST_MILLISECONDS = 30_000
/** A stop takes at most this long, whatever hangs. */
const STOP_MILLISECONDS = 25_000

type Handler = (req: IncomingMessage, res: ServerResponse) => void

function start(): void {
  const environment = readEnvironment(process.env)
  const logger = pino({ name: 'guestkey', level: environment.logLevel }, pino.destination({ sync: false }))
  const server = createServer({ headersTimeout: HEADERS_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS })
  server.on('error', (error: NodeJS.ErrnoException) => fail(explainListen(error, environment)))
  server.listen(environment.port, environment.host, () => {
    const { port } = server.address() as AddressInfo
    const origin = environment.origin ?? `http://localhost:${port}`
    const guests = guestkey({
      ...environment.options,
      origin,
      store: join(environment.dataFolder, 'guestkey.db'),
      logger,
    })
    guests.ready().catch((error: unknown) => fail(error))
    const outside = pages(guests, environment)
    let draining = false
    server.on('request', (req, res) => {
      if (draining) res.setHeader('Connection', 'close')
      if (req.url === '/healthz') return answer(res, 200, 'ok')
      if (req.url === '/readyz')
        return void ready(guests, draining).then((is) =>
          answer(res, is ? 200 : 503, is ? 'ready' : 'not ready'),
        )
      guests.router(req, res, () => outside(req, res))
    })
    const stop = once((signal: string) => {
      logger.info({ signal }, 'stopping')
      draining = true
      setTimeout(() => fail(new Error('stopped with requests still under way')), STOP_MILLISECONDS).unref()
      server.close(() => void guests.close().then(() => logger.flush(() => process.exit(0))))
    })
    process.on('SIGTERM', stop).on('SIGINT', stop)
    logger.info({ origin, port, store: environment.dataFolder }, 'listening')
    process.stdout.write(`guestkey is at ${origin}\n`)
  })
}

/** What is not a door: the demo while developing, loaded when first asked for; nothing in production. */
function pages(guests: GuestKey, { demo, dataFolder }: { demo: boolean; dataFolder: string }): Handler {
  if (!demo) return (_req, res) => answer(res, 404, 'not found')
  let app: Promise<Handler> | undefined
  return (req, res) => {
    app ??= import('../client/demo/notes-app.ts').then(({ notesApp }) =>
      notesApp(guests, { databaseFile: join(dataFolder, 'notes.db') }),
    )
    app.then(
      (handle) => handle(req, res),
      (error: unknown) => answer(res, 500, String(error)),
    )
  }
}

async function ready(guests: GuestKey, draining: boolean): Promise<boolean> {
  if (draining) return false
  return guests.ready().then(
    () => true,
    () => false,
  )
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }).end(`${text}\n`)
}

const once = <A>(run: (argument: A) => void) => {
  let done = false
  return (argument: A) => {
    if (done) return
    done = true
    run(argument)
  }
}

function explainListen(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} of ${host} is in use. Set PORT to another one.`)
  if (error.code === 'EACCES')
    return new Error(`Port ${port} of ${host} may not be used. Set PORT to one above 1023.`)
  return error
}

function fail(error: unknown): never {
  process.stderr.write(`guestkey: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

try {
  start()
} catch (error) {
  fail(error)
}
