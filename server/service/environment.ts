// The environment variables of the service: the default, the check and the error message of each.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathIn } from '../old-names.ts'
import {
  type ClientOptions,
  localSecret,
  type Options,
  OptionsError,
  type PostgresOptions,
  type ProfileSchema,
} from '../options/options.ts'
import { schemaFromJson, z } from '../zod.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const count = (what: string) =>
  z.pipe(z.string().check(z.regex(/^\d{1,9}$/, `must be ${what}`)), z.transform(Number))
/** An empty variable is refused: it is more often a value that is missing than the wish for the default. */
const text = z.string().check(z.minLength(1, 'is empty: give it a value, or leave the variable out'))
const MAX_WORKERS = 128
const portNumber = 'a port number, 0 to 65535'

/** Whether a value names a Unix socket, or a named pipe of Windows. */
const isSocket = (value: string | number): value is string => /^(\/|\\\\[.?]\\pipe\\)/.test(String(value))

const environmentSchema = z.object({
  NODE_ENV: z.optional(z.string()),
  /** Port to listen on; 0 picks a free one. Or the path of a Unix socket. */
  PORT: z._default(
    z.union(
      [
        z.string().check(z.refine(isSocket, `must be ${portNumber}, or the path of a Unix socket`)),
        z.pipe(count(portNumber), z.number().check(z.maximum(65535, `must be ${portNumber}`))),
      ],
      `must be ${portNumber}, or the path of a Unix socket`,
    ),
    3000,
  ),
  /** Address to listen on; an IPv6 address with or without brackets. Or the path of a Unix socket. */
  HOST: z._default(text, '127.0.0.1'),
  /** The origins at which browsers reach the service, separated by commas. Default: http://localhost:PORT. */
  GUESTKEY_ORIGIN: z.optional(text),
  /** RP ID. Default: the host of the first origin. */
  GUESTKEY_RP_ID: z.optional(text),
  /** The name of the site that authenticators show. */
  GUESTKEY_RP_NAME: z.optional(text),
  /** The name of the cookie. A second deployment on the same host needs another one. */
  GUESTKEY_COOKIE_NAME: z.optional(text),
  /** Folder of the database and, while developing, of the secret. */
  GUESTKEY_DATA: z._default(text, 'guestkey-data'),
  /** At least 32 characters. Required in production. */
  GUESTKEY_SECRET: z.optional(text),
  /** A second secret that opens but does not seal: the previous one, or the next one. */
  GUESTKEY_OTHER_SECRET: z.optional(text),
  /** More options as JSON, or the name of a file that holds them. `profile` is a JSON Schema. */
  GUESTKEY_OPTIONS: z.optional(text),
  /** OAuth clients: the option `clients` as JSON, or the name of a file that holds it. */
  GUESTKEY_CLIENTS: z.optional(text),
  /** A URI. Access tokens then carry is_anonymous and is_verified also as claims whose names begin with it. */
  GUESTKEY_CLAIMS_NAMESPACE: z.optional(text),
  /** How many trusted proxies stand in front of the service. */
  GUESTKEY_TRUST_PROXY: z.optional(count('the number of proxies in front')),
  /** How many mutating requests a network may send per minute, or `off`. */
  GUESTKEY_RATE_LIMIT: z.optional(
    z.union(
      [z.literal('off'), count('a number of requests a minute, or off')],
      'must be a number of requests a minute, or off',
    ),
  ),
  /** The origins at which operators reach their API, separated by commas. Setting it turns the API on. */
  GUESTKEY_OPERATORS_ORIGIN: z.optional(text),
  /** A port for the operators' API alone; 0 picks a free one. Setting it turns the API on. */
  GUESTKEY_OPERATORS_PORT: z.optional(
    z.pipe(count(portNumber), z.number().check(z.maximum(65535, `must be ${portNumber}`))),
  ),
  /** Address for that port. Default: HOST, or 127.0.0.1 if that is a Unix socket. */
  GUESTKEY_OPERATORS_HOST: z.optional(text),
  /** A port for /metrics alone; 0 picks a free one. Setting it turns the metrics on. */
  GUESTKEY_METRICS_PORT: z.optional(
    z.pipe(count(portNumber), z.number().check(z.maximum(65535, `must be ${portNumber}`))),
  ),
  /** Address for that port. Default: 127.0.0.1. */
  GUESTKEY_METRICS_HOST: z.optional(text),
  /** A bearer token for /metrics, at least 32 characters. Without a port of their own, it turns the metrics on at PORT. */
  GUESTKEY_METRICS_TOKEN: z.optional(
    text.check(z.minLength(32, 'must have at least 32 characters: make one with openssl rand -hex 32')),
  ),
  /** On SIGTERM: how many seconds /readyz answers 503 before the service takes no more connections. At most 20. */
  GUESTKEY_DRAIN_SECONDS: z._default(count('a number of seconds, 0 to 20'), 1),
  /** How many processes serve, or `auto`: one for each core. */
  GUESTKEY_WORKERS: z._default(
    z.union(
      [
        z.literal('auto'),
        z.pipe(z.string().check(z.regex(/^([1-9]|[1-9]\d|1[01]\d|12[0-8])$/)), z.transform(Number)),
      ],
      'must be a number of processes, 1 to 128, or auto',
    ),
    1,
  ),
  /** pino's level. */
  GUESTKEY_LOG_LEVEL: z._default(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`), 'info'),
  /** A PostgreSQL database to keep guests in, instead of a SQLite file in GUESTKEY_DATA. */
  DATABASE_URL: z.optional(
    text.check(z.regex(/^postgres(ql)?:\/\//, 'must be like postgres://user:password@host:5432/database')),
  ),
  /** The maximum number of connections to PostgreSQL. */
  GUESTKEY_POOL_SIZE: z.optional(count('a number of connections')),
})

/** What the variables of the service say. */
export type Environment = {
  host: string
  port: number
  /** The Unix socket to listen on, instead of host and port. */
  socket: string | undefined
  /** undefined: http://localhost with the port that the service listens on. */
  origin: string | string[] | undefined
  /** The port for the operators' API alone; undefined: it has none of its own. */
  operatorsPort: number | undefined
  /** The address to listen on for it. */
  operatorsHost: string
  /** Who gets the metrics; undefined: nobody. `port`: their own one; undefined: that of guests. */
  metrics: { port: number | undefined; host: string; token: string | undefined } | undefined
  /** The folder for everything but the store: the secret while developing, and the notes of the demo. */
  dataFolder: string
  /** The path of the SQLite file, or the URL of the PostgreSQL database. */
  store: string
  logLevel: string
  drainSeconds: number
  /** How many processes serve. */
  workers: number
  /** Whether the service serves the demo. Never in production. */
  demo: boolean
  options: Omit<Options, 'origin' | 'store' | 'logger'>
}

/** Reads the environment. Throws OptionsError if a variable is missing, wrong or misspelt. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('GUESTKEY_') && !(name in environmentSchema.shape),
  )
  if (unknown.length > 0) {
    const known = Object.keys(environmentSchema.shape).filter((name) => name.startsWith('GUESTKEY_'))
    throw new OptionsError(`unknown variable ${unknown.join(', ')}; there are ${known.join(', ')}`)
  }
  const parsed = environmentSchema.safeParse(env)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new OptionsError(wrong.join('; '))
  }
  const values = parsed.data
  const production = values.NODE_ENV === 'production'
  const missing = (['GUESTKEY_ORIGIN', 'GUESTKEY_SECRET'] as const).filter((name) => !values[name])
  if (production && missing.length > 0) {
    throw new OptionsError(`in production ${missing.join(' and ')} must be set`)
  }
  if (values.GUESTKEY_OTHER_SECRET && !values.GUESTKEY_SECRET) {
    throw new OptionsError('GUESTKEY_OTHER_SECRET is used beside GUESTKEY_SECRET, which must be set too')
  }
  const socket = [values.HOST, values.PORT].find(isSocket)
  if (socket && !values.GUESTKEY_ORIGIN)
    throw new OptionsError(
      `GUESTKEY_ORIGIN must be set if the service listens on a Unix socket (${socket}), which has no address for browsers`,
    )
  if (values.GUESTKEY_OPERATORS_PORT !== undefined && production && !values.GUESTKEY_OPERATORS_ORIGIN)
    throw new OptionsError(
      'GUESTKEY_OPERATORS_ORIGIN must be set beside GUESTKEY_OPERATORS_PORT in production: the origin at which browsers reach that port',
    )
  if (values.GUESTKEY_OPERATORS_HOST && values.GUESTKEY_OPERATORS_PORT === undefined)
    throw new OptionsError(
      'GUESTKEY_OPERATORS_HOST is the address of GUESTKEY_OPERATORS_PORT, which must be set too',
    )
  const workers =
    values.GUESTKEY_WORKERS === 'auto'
      ? Math.min(availableParallelism(), MAX_WORKERS)
      : values.GUESTKEY_WORKERS
  if (workers > 1 && !production)
    throw new OptionsError(
      'GUESTKEY_WORKERS needs NODE_ENV=production: the demo keeps the mail that it sends in one process',
    )
  const metrics = metricsIn(values)
  if (metrics && workers > 1)
    throw new OptionsError(
      'metrics need GUESTKEY_WORKERS=1: each process counts by itself, and a scrape would get one of them at random. Run several services instead',
    )
  const rate = values.GUESTKEY_RATE_LIMIT
  // With SQLite, guestkey() itself creates the secret beside the store file.
  const secret = values.GUESTKEY_SECRET ?? (values.DATABASE_URL && localSecret(values.GUESTKEY_DATA))
  return {
    host: withoutBrackets(values.HOST),
    port: typeof values.PORT === 'number' ? values.PORT : 0,
    socket,
    origin: originsIn(values.GUESTKEY_ORIGIN),
    operatorsPort: values.GUESTKEY_OPERATORS_PORT,
    operatorsHost: withoutBrackets(
      values.GUESTKEY_OPERATORS_HOST ?? (isSocket(values.HOST) ? '127.0.0.1' : values.HOST),
    ),
    metrics,
    dataFolder: values.GUESTKEY_DATA,
    store: values.DATABASE_URL ?? join(values.GUESTKEY_DATA, 'guestkey.db'),
    logLevel: values.GUESTKEY_LOG_LEVEL,
    drainSeconds: Math.min(20, values.GUESTKEY_DRAIN_SECONDS),
    workers,
    demo: !production,
    options: withValues(values.GUESTKEY_OPTIONS ? readOptions(values.GUESTKEY_OPTIONS) : {}, {
      secret: secret && [secret, values.GUESTKEY_OTHER_SECRET ?? []].flat(),
      clients: values.GUESTKEY_CLIENTS && readClients(values.GUESTKEY_CLIENTS),
      'tokens.claimsNamespace': values.GUESTKEY_CLAIMS_NAMESPACE,
      rpId: values.GUESTKEY_RP_ID,
      rpName: values.GUESTKEY_RP_NAME,
      cookieName: values.GUESTKEY_COOKIE_NAME,
      trustProxy: values.GUESTKEY_TRUST_PROXY,
      'postgres.poolSize': values.GUESTKEY_POOL_SIZE,
      'operators.origin': originsIn(values.GUESTKEY_OPERATORS_ORIGIN),
      'operators.separate': values.GUESTKEY_OPERATORS_PORT === undefined ? undefined : true,
      metrics: metrics && true,
      [rate === 'off' ? 'rateLimit' : 'rateLimit.perMinute']: rate === 'off' ? false : rate,
    }),
  }
}

function metricsIn(values: {
  GUESTKEY_METRICS_PORT?: number | undefined
  GUESTKEY_METRICS_HOST?: string | undefined
  GUESTKEY_METRICS_TOKEN?: string | undefined
}): Environment['metrics'] {
  const { GUESTKEY_METRICS_PORT: port, GUESTKEY_METRICS_HOST: host, GUESTKEY_METRICS_TOKEN: token } = values
  if (host && port === undefined)
    throw new OptionsError(
      'GUESTKEY_METRICS_HOST is the address of GUESTKEY_METRICS_PORT, which must be set too',
    )
  if (port === undefined && token === undefined) return undefined
  return { port, host: withoutBrackets(host ?? '127.0.0.1'), token }
}

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')

const originsIn = (value: string | undefined): string[] | undefined =>
  value?.split(',').map((origin) => origin.trim())

/** The options, overridden by values. Each sets only the option at its path; undefined sets none. */
export const withValues = (options: Partial<Options>, values: Record<string, unknown>): Partial<Options> =>
  Object.entries(values).reduce<unknown>(
    (all, [path, value]) =>
      value === undefined ? all : withValueAt(all, pathIn(all, path).split('.'), value),
    options,
  ) as Partial<Options>

/** The options with the origin of the operators' own port, if there is one and they say no origin. */
export function withOperatorsAt(
  port: number | undefined,
  options: Environment['options'],
): Environment['options'] {
  const { operators } = options
  if (port === undefined || (typeof operators === 'object' && operators.origin !== undefined)) return options
  return withValues(options, { 'operators.origin': localhostAt(port) })
}

/** http://localhost at this port. 0 is a port that nobody knows yet. */
export const localhostAt = (port: number): string =>
  new URL(port === 0 ? 'http://localhost' : `http://localhost:${port}`).origin

/** A value for a part of an option turns on one that is `false`. The options' check refuses other non-objects. */
function withValueAt(whole: unknown, [name, ...path]: string[], value: unknown): unknown {
  if (name === undefined) return value
  const object = whole === undefined || whole === false ? {} : whole
  if (typeof object !== 'object' || object === null) return object
  return { ...object, [name]: withValueAt(object[name as keyof typeof object], path, value) }
}

/** Reads the JSON of the clients. The check of all options finds what is wrong in them. */
const readClients = (value: string): ClientOptions[] =>
  readValue('GUESTKEY_CLIENTS', 'a JSON array', value) as ClientOptions[]

/** Options that GUESTKEY_OPTIONS cannot set, because they have a variable of their own. */
const elsewhere = ['origin', 'store', 'secret', 'clients', 'metrics']
/** Options about the routes of a host. */
const ofRoutes = ['requestProperty', 'deadCredentials']

/** The option `postgres` of GUESTKEY_OPTIONS, for a command that needs no other setting. */
export const readPostgresOptions = (env: NodeJS.ProcessEnv): PostgresOptions =>
  (env.GUESTKEY_OPTIONS && readOptions(env.GUESTKEY_OPTIONS).postgres) || {}

function readOptions(value: string): Partial<Options> {
  const given = readValue('GUESTKEY_OPTIONS', 'a JSON object', value)
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new OptionsError('GUESTKEY_OPTIONS must be a JSON object, or a file that holds one')
  const { profile, ...options } = given as Record<string, unknown>
  const refused = Object.keys(options).find((name) => elsewhere.includes(name))
  if (refused) throw new OptionsError(`GUESTKEY_OPTIONS: ${refused} has a variable of its own`)
  const meaningless = Object.keys(options).find((name) => ofRoutes.includes(name))
  if (meaningless)
    throw new OptionsError(
      `GUESTKEY_OPTIONS: ${meaningless} has no meaning for the service, which has no routes of an app`,
    )
  if (profile === undefined) return options
  try {
    return { ...options, profile: schemaFromJson(profile as object) as ProfileSchema }
  } catch (error) {
    throw new OptionsError(`GUESTKEY_OPTIONS: profile must be a JSON Schema (${(error as Error).message})`)
  }
}

function readValue(name: string, what: string, value: string): unknown {
  try {
    const text = /^\s*[[{]/.test(value) ? value : readFileSync(value, 'utf8')
    return JSON.parse(text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // the error's own message would quote the value, with its secrets
    throw new OptionsError(`${name} must be ${what}, or a file that holds one (${code ?? 'not JSON'})`)
  }
}
