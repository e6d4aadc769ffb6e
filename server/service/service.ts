// The standalone service: listens, and on SIGTERM drains and stops.

import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import type { GuestError } from '../errors.ts'
import { guestkey } from '../guestkey.ts'
import type { GuestKey } from '../host-api.ts'
import { answerError } from '../http/contract/error-handler.ts'
import { optionsOfNow } from '../old-names.ts'
import { isPostgres, makeFolder } from '../options/options.ts'
import { within } from '../within.ts'
import type { NotesApp } from './demo/notes-app.ts'
import { type Environment, withOperatorsAt, withValues } from './environment.ts'
import { announce, isOneOfSeveral, tellServing } from './workers.ts'

// Not imported: an ES import of node:http makes Node load all of fetch and WebSocket, which takes 16 MB.
const { createServer } = process.getBuiltinModule('node:http')

const HEADERS_MILLISECONDS = 10_000
const REQUEST_MILLISECONDS = 30_000
/** /readyz answers within this time, even if the store does not. */
const READY_MILLISECONDS = 5_000
/**
 * How long a stop waits, after the drain, for requests that are under way, and then for webhooks and the store. With the
 * default drain it ends within ten seconds, which is what Docker gives it.
 */
const REQUESTS_MILLISECONDS = 4000
const CLOSE_MILLISECONDS = 4500

type Handler = (req: IncomingMessage, res: ServerResponse) => void

/** Starts the service, and resolves when it listens. It ends the process if the store cannot be used. */
export async function startService(environment: Environment): Promise<void> {
  const demo = environment.demo ? await loadDemo(environment) : undefined
  const { host, port, socket, operatorsHost, operatorsPort } = environment
  const server = await listen(socket === undefined ? { host, port } : { path: socket }, environment)
  const operators =
    operatorsPort === undefined
      ? undefined
      : await listen({ host: operatorsHost, port: operatorsPort }, environment).catch((error) => {
          server.close()
          throw error
        })
  const metrics =
    environment.metrics?.port === undefined
      ? undefined
      : await listen({ host: environment.metrics.host, port: environment.metrics.port }, environment).catch(
          (error) => {
            for (const one of [server, operators]) one?.close()
            throw error
          },
        )
  try {
    serve({ server, operators, metrics }, environment, demo)
  } catch (error) {
    for (const one of [server, operators, metrics]) one?.close()
    throw error
  }
}

async function listen(
  address: { host: string; port: number } | { path: string },
  environment: Environment,
): Promise<Server> {
  const server = createServer({
    headersTimeout: HEADERS_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    connectionsCheckingInterval: 1000, // milliseconds; Node enforces the two timeouts above only at this interval
  })
  server.listen(address)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw explainListen(error, { ...environment, ...address })
  })
  server.on('error', fail)
  return server
}

/**
 * Begins to answer requests. The ports are known now, and so are the default origins. `operators`: the server of the
 * operators' API alone; `metrics`: that of the metrics.
 */
function serve(
  {
    server,
    operators,
    metrics,
  }: { server: Server; operators: Server | undefined; metrics: Server | undefined },
  environment: Environment,
  demo: NotesApp | undefined,
): void {
  const { port } = server.address() as AddressInfo // undefined on a Unix socket, for which an origin is set
  const origin = environment.origin ?? `http://localhost:${port}`
  // Several processes write to one pipe: what is up to 4 KiB long is not mixed with what others write (PIPE_BUF).
  const destination = pino.destination({ sync: false, ...(isOneOfSeveral && { maxWrite: 4096 }) })
  const logger = pino({ name: 'guestkey', level: environment.logLevel }, destination)
  const { store } = environment
  const operatorsPort = operators && (operators.address() as AddressInfo).port
  const options = withOperatorsAt(operatorsPort, environment.options)
  const guests = guestkey({
    ...(demo ? withDemo(options, demo.options, [origin].flat()) : options),
    origin,
    store,
    logger,
  })
  const tellReadiness = createReadinessLog(logger)
  void guests
    .ready()
    .catch((error: unknown) => {
      if (takesReads(error)) return tellReadiness(error)
      if (!isOutage(error)) fail(error)
      logger.warn({ err: (error as GuestError).cause }, 'the database cannot be reached yet')
    })
    .then(() => tellServing(origin))

  const outside: Handler = demo?.serve(guests) ?? ((_req, res) => answerText(res, 404, 'not found'))
  let draining = false
  let underWay = 0
  const servers = [server, operators, metrics].filter((one) => one !== undefined)
  for (const one of servers)
    one.on('request', (_req, res) => {
      underWay++
      res.once('close', () => void underWay--)
      if (draining) res.setHeader('Connection', 'close')
    })
  operators?.on('request', (req, res) =>
    guests.operators.router(req, res, (error) =>
      error ? answerError(res, error) : answerText(res, 404, 'not found'),
    ),
  )
  const answerMetrics: Handler = (req, res) => {
    if (mayScrape(req, environment.metrics?.token)) guests.metrics(req, res)
    else
      answerText(res, 401, 'a bearer token is needed: GUESTKEY_METRICS_TOKEN', {
        'WWW-Authenticate': 'Bearer',
      })
  }
  metrics?.on('request', (req, res) =>
    req.url === '/metrics' ? answerMetrics(req, res) : answerText(res, 404, 'not found'),
  )
  const hasMetricsHere = environment.metrics !== undefined && !metrics
  server.on('request', (req, res) => {
    if (hasMetricsHere && req.url === '/metrics') answerMetrics(req, res)
    else if (req.url === '/healthz') answerText(res, 200, 'ok')
    else if (req.url === '/readyz') void answerReady(res, guests, draining, tellReadiness)
    else guests.router(req, res, (error) => (error ? answerError(res, error) : outside(req, res)))
  })

  function stop(signal: string): void {
    if (draining) return
    draining = true
    logger.info({ signal }, 'stopping')
    // Answer 503 at /readyz first, so that a load balancer notices before a connection is refused.
    setTimeout(close, signal === 'SIGTERM' ? environment.drainSeconds * 1000 : 0)
  }
  function close(): void {
    const closed = servers.map((one) => new Promise((resolve) => one.close(resolve)))
    void Promise.all(closed).then(() => guests.close().then(() => logger.flush(() => process.exit(0)), fail))
    setTimeout(() => {
      if (underWay > 0) logger.warn({ requests: underWay }, 'requests that took too long were cut')
      for (const one of servers) one.closeAllConnections()
    }, REQUESTS_MILLISECONDS).unref()
    setTimeout(
      () => fail(new Error('stopped, though the store did not answer')),
      REQUESTS_MILLISECONDS + CLOSE_MILLISECONDS,
    ).unref()
    // A keep-alive connection becomes idle after its last response. Nothing else would close it.
    const closeIdle = () => {
      for (const one of servers) one.closeIdleConnections()
    }
    setInterval(closeIdle, 50).unref()
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  logger.info(
    {
      origin,
      port,
      socket: environment.socket,
      operators_port: operatorsPort,
      metrics_port: metrics && (metrics.address() as AddressInfo).port,
      store: isPostgres(store) ? 'PostgreSQL' : store,
    },
    'listening',
  )
  announce(origin)
}

/** The options of the deployment, and those of the demo that it does not have. */
function withDemo(options: Environment['options'], demo: NotesApp['options'], origins: string[]) {
  const given = optionsOfNow(options).options as Environment['options']
  // Anybody can read the demo's mailbox, so the demo takes codes only if every origin is localhost.
  const isLocal = origins.every((one) => new URL(one).hostname === 'localhost')
  const takesMails = isLocal && given.loginIds?.send === undefined
  return withValues(options, {
    prompts: given.prompts ?? demo.prompts,
    'loginIds.send': takesMails ? demo.loginIds.send : undefined,
    'loginIds.types': takesMails ? demo.loginIds.types : undefined,
    'merge.onMerge': demo.merge.onMerge,
    'merge.onUndoMerge': demo.merge.onUndoMerge,
  })
}

/** Loads the demo, which answers all other paths while developing. Production never loads it. */
async function loadDemo({ dataFolder }: Environment): Promise<NotesApp> {
  makeFolder(dataFolder)
  const { notesApp } = await import('./demo/notes-app.ts').catch((error: NodeJS.ErrnoException) => {
    // A peer dependency, which some package managers do not install by themselves.
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'express'")) throw error
    throw new Error('The demo needs Express: install it (npm install express), or set NODE_ENV=production.')
  })
  makeFolder(dataFolder)
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
  answerText(res, failure ? 503 : 200, failure ? `not ready${refusalIn(failure)}` : 'ready')
}

/** What an operator has to do, if the store waits for that. Other failures say what the log alone should hold. */
function refusalIn(failure: unknown): string {
  const { cause } = failure as { cause?: Error }
  return cause?.name === 'Refusal' ? `: ${cause.message}` : ''
}

/** Returns a function that logs why the service is not ready, once for each reason, and when it is ready again. */
function createReadinessLog(logger: Logger): (failure: unknown) => void {
  let logged = ''
  return (failure) => {
    const why = failure ? explain(failure) : ''
    if (why === logged) return
    logged = why
    if (why) logger.warn({ reason: why }, 'not ready')
    else logger.info('ready again')
  }
}

/** Why the work failed or took too long; undefined if it is done within the time. */
const failureWithin = (milliseconds: number, work: Promise<void>): Promise<unknown> =>
  within(milliseconds, work, () => new Error(`no answer within ${milliseconds} ms`)).then(
    () => undefined,
    (error: unknown) => error,
  )

function answerText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  res
    .writeHead(status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', ...headers })
    .end(`${text}\n`)
}

/** Compares hashes, which have one length, in constant time. */
function mayScrape({ headers }: IncomingMessage, token: string | undefined): boolean {
  const hashOf = (text: string) => createHash('sha256').update(text).digest()
  return (
    token === undefined || timingSafeEqual(hashOf(headers.authorization ?? ''), hashOf(`Bearer ${token}`))
  )
}

/** Whether the error may pass by itself (the network, a database that starts up), unlike a wrong password or path. */
function isOutage(error: unknown): boolean {
  const { code, message } = (error as GuestError).cause as { code?: string; message?: string }
  const passing =
    /^(ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|25P03|57P0[1-3]|53300)$/
  return passing.test(code ?? '') || /timeout|connection (terminated|error)/i.test(message ?? '')
}

/** Whether the store can be read, and only takes no writes (25006: PostgreSQL is read-only). The service then goes on. */
const takesReads = (error: unknown): boolean =>
  /^sqlite (write|file)|^postgres: 25006/.test((error as GuestError).reason ?? '')

function explainListen(error: NodeJS.ErrnoException, { host, port, socket }: Environment): Error {
  if (error.code === 'EADDRINUSE' && socket)
    return new Error(`${socket} exists. Remove it if no service listens there.`)
  if (socket) return new Error(`The Unix socket ${socket} cannot be made: ${error.message}`)
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} of ${host} is in use. Set PORT to another one.`)
  if (error.code === 'EACCES')
    return new Error(`Port ${port} of ${host} may not be used. Set PORT to one above 1023.`)
  return error
}

function fail(error: unknown): never {
  process.stderr.write(`guestkey: ${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  const { reason, cause } = error as GuestError
  const isUnverified = /CERT|UNABLE_TO_/.test((cause as { code?: string } | undefined)?.code ?? '')
  const hint = isUnverified ? '; guestkey check says what to write in DATABASE_URL' : ''
  return reason ? `${reason}: ${cause}${hint}` : error instanceof Error ? error.message : String(error)
}
