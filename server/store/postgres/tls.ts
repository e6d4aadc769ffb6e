// TLS to PostgreSQL: what the URL and the option `postgres.ssl` say together.

import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { PostgresOptions } from '../../options/options.ts'

/** The params of a URL that are about TLS, as pg reads them. */
const TLS_PARAMS = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat']

/**
 * The URL and the TLS options for pg. An sslmode that libpq reads as "verify less" (`prefer`, `require`, `verify-ca`)
 * verifies the certificate and the name here, unless the URL says `uselibpqcompat=true`: pg 8 does so too, with a
 * warning of nine lines, and its next version will not. The option adds to what the URL says; pg would drop it.
 */
export function connectionTo(
  url: string,
  ssl: PostgresOptions['ssl'],
): { connectionString: string; ssl?: boolean | ConnectionOptions } {
  const parsed = new URL(url)
  const { searchParams } = parsed
  const mode = searchParams.get('sslmode')
  const compatible = searchParams.get('uselibpqcompat') === 'true'
  const verifies = !compatible && ['prefer', 'require', 'verify-ca'].includes(mode ?? '')
  const says = TLS_PARAMS.some((name) => searchParams.has(name))
  if (ssl === undefined || !says) {
    if (verifies) searchParams.set('sslmode', 'verify-full')
    return { connectionString: verifies ? parsed.href : url, ...(ssl !== undefined && { ssl }) }
  }
  const read = (name: string) => {
    const file = searchParams.get(name)
    return file ? readFileSync(file, 'utf8') : undefined
  }
  const [ca, cert, key] = [read('sslrootcert'), read('sslcert'), read('sslkey')]
  const unverified = mode === 'no-verify' || (compatible && !ca && ['prefer', 'require'].includes(mode ?? ''))
  for (const name of TLS_PARAMS) searchParams.delete(name)
  return {
    connectionString: parsed.href,
    ssl: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(unverified && { rejectUnauthorized: false }),
      ...(typeof ssl === 'object' && ssl),
    },
  }
}
