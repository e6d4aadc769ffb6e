// The service of its own: environment to options, listen, drain and stop.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import type { GuestError } from '../errors.ts'
import { type GuestKey, guestkey } from '../guestkey.ts'
import { answerError } from '../http/contract/error-handler.ts'
import { isPostgres } from '../options/options.ts'
import type { NotesApp } from './demo/notes-app.ts'
import { type Environment, readEnvironment } from './environment.ts'

const HEADERS_MILLISECONDS = 10_000
const REQUEST_MILLISECONDS = 30_000
/** A probe is answered by then, whatever is waited for. */
const READY_MILLISECONDS = 5_000
/** A stop takes at most this long, whatever hangs. */
const STOP_MILLISECONDS = 25_000

type Handler = (req: IncomingMessage, res: ServerResponse) => void

async function startService(): Promise<void> {
  const environment = readEnvironment(process.env)
  const demo = environment.demo ? await loadDemo(environment) : undefined
  const server = createServer({
    headersTimeout: HEADERS_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    connectionsCheckingInterval: 1000, // the two above are enforced when this comes round
  })
  server.on('error', (error: NodeJS.ErrnoException) => fail(explainListen(error, environment)))
  server.listen(environment.port, environment.host, () => orFail(() => serve(server, environment, demo)))
}

/** Begins to answer; the port is known by now, and with it the default origin. */
function serve(server: Server, environment: Environment, demo: NotesApp | undefined): void {
  const { port } = server.address() as AddressInfo
  const origin = environment.origin ?? `http://localhost:${port}`
  const logger = pino({ name: 'guestkey', level: environment.logLevel }, pino.destination({ sync: false }))
  const { store } = environment
  const { send, ...demoOptions } = demo?.options ?? {}
  // Its mailbox is for everybody: on this machine alone.
  const isLocal = [origin].flat().every((one) => new URL(one).hostname === 'localhost')
  const guests = guestkey({
    ...demoOptions,
    ...(send && isLocal && { send }),
    ...environment.options,
    origin,
    store,
    logger,
  })
  const tellReadiness = createReadinessLog(logger)
  guests.ready().catch((error: unknown) => {
    if (takesReads(error)) return tellReadiness(error)
    if (!isOutage(error)) fail(error)
    logger.warn({ err: (error as GuestError).cause }, 'the database cannot be reached yet')
  })

  const outside: Handler = demo?.serve(guests) ?? ((_req, res) => answerText(res, 404, 'not found'))
  let draining = false
  server.on('request', (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    if (req.url === '/healthz') answerText(res, 200, 'ok')
    else if (req.url === '/readyz') void answerReady(res, guests, draining, tellReadiness)
    else guests.router(req, res, (error) => (error ? answerError(res, error) : outside(req, res)))
  })

  function stop(signal: string): void {
    if (draining) return
    draining = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => fail(new Error('stopped with requests still under way')), STOP_MILLISECONDS).unref()
    // Not ready first, so that whoever sends requests here learns of it before a connection is refused.
    setTimeout(close, signal === 'SIGTERM' ? environment.drainSeconds * 1000 : 0)
  }
  function close(): void {
    server.close(() => void guests.close().then(() => logger.flush(() => process.exit(0))))
    // A connection that is kept alive falls idle with its last answer; nothing else would close it.
    setInterval(() => server.closeIdleConnections(), 50).unref()
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  logger.info({ origin, port, store: isPostgres(store) ? 'PostgreSQL' : store }, 'listening')
  process.stdout.write(`guestkey is at ${origin}\n`)
}

/** What is not a door while developing; production has nothing of it in memory. */
async function loadDemo({ dataFolder }: Environment): Promise<NotesApp> {
  const { notesApp } = await import('./demo/notes-app.ts')
  return notesApp(join(dataFolder, 'notes.db'))
}

async function answerReady(
  res: ServerResponse,
  guests: GuestKey,
  draining: boolean,
  tell: (failure: unknown) => void,
): Promise<void> {
  if (draining) return answerText(res, 503, 'not ready')
  const failure = await failureWithin(READY_MILLISECONDS, guests.ready())
  tell(failure)
  answerText(res, failure ? 503 : 200, failure ? 'not ready' : 'ready')
}

/** Logs why it is not ready, once for each reason, and when it is ready again. */
function createReadinessLog(logger: Logger): (failure: unknown) => void {
  let told = ''
  return (failure) => {
    const why = failure ? explain(failure) : ''
    if (why === told) return
    told = why
    if (why) logger.warn({ reason: why }, 'not ready')
    else logger.info('ready again')
  }
}

/** What the work failed of; nothing if it is done by then. */
function failureWithin(milliseconds: number, work: Promise<void>): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(new Error(`no answer within ${milliseconds} ms`)), milliseconds).unref()
    work.then(() => resolve(undefined), resolve)
  })
}

function answerText(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }).end(`${text}\n`)
}

/** Whether it may pass by itself, as a wrong password or path does not: what the network says, and a start-up. */
function isOutage(error: unknown): boolean {
  const { code, message } = (error as GuestError).cause as { code?: string; message?: string }
  const passing =
    /^(ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|25P03|57P0[1-3]|53300)$/
  return passing.test(code ?? '') || /timeout|connection (terminated|error)/i.test(message ?? '')
}

/** Whether the store was opened and may be read, and writing to it failed: that is no reason to stop. */
const takesReads = (error: unknown): boolean =>
  /^sqlite (write|file)/.test((error as GuestError).reason ?? '')

function explainListen(error: NodeJS.ErrnoException, { host, port }: Environment): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} of ${host} is in use. Set PORT to another one.`)
  if (error.code === 'EACCES')
    return new Error(`Port ${port} of ${host} may not be used. Set PORT to one above 1023.`)
  return error
}

function orFail(work: () => void): void {
  try {
    work()
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): never {
  process.stderr.write(`guestkey: ${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  const { reason, cause } = error as GuestError
  return reason ? `${reason}: ${cause}` : error instanceof Error ? error.message : String(error)
}

startService().catch(fail)
