// The environment variables of the service: each with its default, its check and the error that explains it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ClientOptions,
  localSecret,
  type Options,
  OptionsError,
  type ProfileSchema,
} from '../options/options.ts'
import { schemaFromJson, z } from '../zod.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const count = (what: string) =>
  z.pipe(z.string().check(z.regex(/^\d{1,9}$/, `must be ${what}`)), z.transform(Number))
const text = z.string().check(z.minLength(1))
const portNumber = 'a port number, 0 to 65535'

const environmentSchema = z.object({
  NODE_ENV: z.optional(z.string()),
  /** Port to listen on; 0 picks a free one. */
  PORT: z._default(
    z.pipe(count(portNumber), z.number().check(z.maximum(65535, `must be ${portNumber}`))),
    3000,
  ),
  /** Address to listen on. */
  HOST: z._default(text, '127.0.0.1'),
  /** Where browsers reach the service; several separated by commas. Default: http://localhost:PORT. */
  GUESTKEY_ORIGIN: z.optional(text),
  /** RP ID; default: the host of the (first) origin. */
  GUESTKEY_RP_ID: z.optional(text),
  /** What authenticators show as the name of the site. */
  GUESTKEY_RP_NAME: z.optional(text),
  /** The cookie's name; for a second deployment on the same host. */
  GUESTKEY_COOKIE_NAME: z.optional(text),
  /** Folder of the database and, while developing, of the secret. */
  GUESTKEY_DATA: z._default(text, 'guestkey-data'),
  /** At least 32 characters; required in production. */
  GUESTKEY_SECRET: z.optional(text),
  /** A second secret, which opens but does not seal: the one from before, or the one to come. */
  GUESTKEY_OTHER_SECRET: z.optional(text),
  /** Further options that JSON can say, or a file that holds them; `profile` as a JSON Schema. */
  GUESTKEY_OPTIONS: z.optional(text),
  /** OAuth clients: the JSON of the option `clients`, or a file that holds it. */
  GUESTKEY_CLIENTS: z.optional(text),
  /** A URI under which access tokens carry is_anonymous and is_verified too. */
  GUESTKEY_CLAIMS_NAMESPACE: z.optional(text),
  /** How many proxies in front are ours. */
  GUESTKEY_TRUST_PROXY: z.optional(count('the number of proxies in front')),
  /** Mutations that one network may ask for a minute, or `off`. */
  GUESTKEY_RATE_LIMIT: z.optional(
    z.union([z.literal('off'), count('a number of requests a minute, or off')]),
  ),
  /** How long it says that it is not ready before it takes no more connections. */
  GUESTKEY_DRAIN_SECONDS: z._default(count('a number of seconds, 0 to 20'), 1),
  /** pino's level. */
  GUESTKEY_LOG_LEVEL: z._default(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`), 'info'),
  /** A PostgreSQL database to keep guests in, instead of a SQLite file in GUESTKEY_DATA. */
  DATABASE_URL: z.optional(
    text.check(z.regex(/^postgres(ql)?:\/\//, 'must be like postgres://user:password@host:5432/database')),
  ),
  /** Connections to PostgreSQL at most. */
  GUESTKEY_POOL_SIZE: z.optional(count('a number of connections')),
})

/** What the service runs with. */
export type Environment = {
  host: string
  port: number
  /** undefined: http://localhost and the port that is listened on. */
  origin: string | string[] | undefined
  /** What there is beside the store: the secret while developing, and what the demo keeps. */
  dataFolder: string
  /** The SQLite file, or the URL of the database. */
  store: string
  logLevel: string
  drainSeconds: number
  /** The demo is served, which production never does. */
  demo: boolean
  options: Omit<Options, 'origin' | 'store' | 'logger'>
}

/** Reads the environment. Throws OptionsError for what is missing, wrong or misspelt. */
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
    throw new OptionsError('GUESTKEY_OTHER_SECRET stands beside GUESTKEY_SECRET, which must be set too')
  }
  const rate = values.GUESTKEY_RATE_LIMIT
  // Beside a SQLite file the secret is made where the file is.
  const secret = values.GUESTKEY_SECRET ?? (values.DATABASE_URL && localSecret(values.GUESTKEY_DATA))
  return {
    host: values.HOST,
    port: values.PORT,
    origin: values.GUESTKEY_ORIGIN?.split(',').map((origin) => origin.trim()),
    dataFolder: values.GUESTKEY_DATA,
    store: values.DATABASE_URL ?? join(values.GUESTKEY_DATA, 'guestkey.db'),
    logLevel: values.GUESTKEY_LOG_LEVEL,
    drainSeconds: Math.min(20, values.GUESTKEY_DRAIN_SECONDS),
    demo: !production,
    options: withVariables(values.GUESTKEY_OPTIONS ? readOptions(values.GUESTKEY_OPTIONS) : {}, {
      secret: secret && [secret, values.GUESTKEY_OTHER_SECRET ?? []].flat(),
      clients: values.GUESTKEY_CLIENTS && readClients(values.GUESTKEY_CLIENTS),
      claimsNamespace: values.GUESTKEY_CLAIMS_NAMESPACE,
      rpId: values.GUESTKEY_RP_ID,
      rpName: values.GUESTKEY_RP_NAME,
      cookieName: values.GUESTKEY_COOKIE_NAME,
      trustProxy: values.GUESTKEY_TRUST_PROXY,
      'postgres.poolSize': values.GUESTKEY_POOL_SIZE,
      [rate === 'off' ? 'rateLimit' : 'rateLimit.perMinute']: rate === 'off' ? false : rate,
    }),
  }
}

/** The options with the variables over them. Each variable sets the option at its path, and nothing beside it. */
const withVariables = (options: Partial<Options>, variables: Record<string, unknown>): Partial<Options> =>
  Object.entries(variables).reduce<unknown>(
    (all, [path, value]) => (value === undefined ? all : withValueAt(all, path.split('.'), value)),
    options,
  ) as Partial<Options>

/** An option that is `false` is turned off, and a variable turns it on. What else is no object is refused with the options. */
function withValueAt(whole: unknown, [name, ...path]: string[], value: unknown): unknown {
  if (name === undefined) return value
  const object = whole === undefined || whole === false ? {} : whole
  if (typeof object !== 'object' || object === null) return object
  return { ...object, [name]: withValueAt(object[name as keyof typeof object], path, value) }
}

/** What is wrong in them is found with the other options. */
const readClients = (value: string): ClientOptions[] =>
  readValue('GUESTKEY_CLIENTS', 'a JSON array', value) as ClientOptions[]

/** What only a variable can set. */
const elsewhere = ['origin', 'store', 'secret', 'clients']

function readOptions(value: string): Partial<Options> {
  const { profile, ...options } = readValue('GUESTKEY_OPTIONS', 'a JSON object', value) as Record<
    string,
    unknown
  >
  const refused = Object.keys(options).find((name) => elsewhere.includes(name))
  if (refused) throw new OptionsError(`GUESTKEY_OPTIONS: ${refused} has a variable of its own`)
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
    const { code } = error as NodeJS.ErrnoException // the message would quote what is given, secrets included
    throw new OptionsError(`${name} must be ${what}, or a file that holds one (${code ?? 'not JSON'})`)
  }
}
