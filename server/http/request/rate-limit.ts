// The rate limit for one network. It counts in memory: most limited requests write nothing, so the limit must not either.

import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import proxyaddr from 'proxy-addr'
import type { Context } from '../../context.ts'
import { createLimit } from '../../limits.ts'
import type { Config } from '../../options/options.ts'

/** Counts a request against its network. Errors: `too_many_requests`, with Retry-After. */
export type RateLimit = (req: IncomingMessage) => Promise<void>

/** The limit of the setting `rateLimit.perMinute`, per minute by the clock of the option `now`. */
export function createRateLimit({ config, settings }: Pick<Context, 'config' | 'settings'>): RateLimit {
  const limit = createLimit({ seconds: 60, now: config.now, code: 'too_many_requests' })
  return async (req) => {
    const perMinute = await settings.value('rateLimit.perMinute')
    if (perMinute !== false) await limit.count(networkOfRequest(req, config), perMinute)
  }
}

/** In an Express app `req.ip`, which follows the app's `trust proxy`; else X-Forwarded-For, trusting this many proxies. */
function clientAddress(req: IncomingMessage & { ip?: string }, hops: number): string {
  return req.ip ?? proxyaddr(req, (_address, i) => i < hops) ?? ''
}

/** The network of a request, as networkOf() names it. */
export const networkOfRequest = (req: IncomingMessage, { trustProxy }: Config): string =>
  networkOf(clientAddress(req, trustProxy))

/** The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address. `unknown` if it is neither. */
export function networkOf(address: string): string {
  // Some proxies name the port too: 192.0.2.1:5678, [2001:db8::1]:5678.
  const bare = address.replace(/^([\d.]+):\d+$/, '$1').replace(/^\[(.*)\](:\d+)?$/, '$1')
  if (!ipaddr.isValid(bare)) return 'unknown'
  const ip = ipaddr.process(bare) // turns an IPv4-mapped IPv6 address into IPv4
  return ip.kind() === 'ipv4' ? ip.toString() : (ip as ipaddr.IPv6).parts.slice(0, 4).join(':')
}
