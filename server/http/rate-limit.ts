// How much one network may ask for: counted in memory, because what it guards writes nothing.

import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import proxyaddr from 'proxy-addr'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GuestError } from '../errors.ts'
import type { Config } from '../options.ts'

/** Counts a request against its network. Errors: `too_many_requests`, with Retry-After. */
export type RateLimit = (req: IncomingMessage) => Promise<void>

/** The limit of the options; undefined where it is turned off. */
export function createRateLimit({ rateLimit, trustProxy }: Config): RateLimit | undefined {
  if (rateLimit === false) return undefined
  const limiter = new RateLimiterMemory({ points: rateLimit.perMinute, duration: 60 })
  return async (req) => {
    try {
      await limiter.consume(networkOf(clientAddress(req, trustProxy)))
    } catch (rejection) {
      if (rejection instanceof Error) throw rejection
      const seconds = Math.ceil((rejection as { msBeforeNext: number }).msBeforeNext / 1000)
      throw new GuestError('too_many_requests', { headers: { 'Retry-After': String(Math.max(1, seconds)) } })
    }
  }
}

/** In an Express app its own `ip`, which follows the app's `trust proxy`; else so many hops of X-Forwarded-For. */
function clientAddress(req: IncomingMessage & { ip?: string }, hops: number): string {
  return req.ip ?? proxyaddr(req, (_address, i) => i < hops) ?? ''
}

/** The network that is counted as one client: an IPv4 address, or the /64 that an IPv6 address is in. */
export function networkOf(address: string): string {
  // Some proxies name the port too: 192.0.2.1:5678, [2001:db8::1]:5678.
  const bare = address.replace(/^([\d.]+):\d+$/, '$1').replace(/^\[(.*)\](:\d+)?$/, '$1')
  if (!ipaddr.isValid(bare)) return 'unknown'
  const ip = ipaddr.process(bare) // an IPv4 address that came mapped into IPv6 is IPv4 here
  return ip.kind() === 'ipv4' ? ip.toString() : (ip as ipaddr.IPv6).parts.slice(0, 4).join(':')
}
