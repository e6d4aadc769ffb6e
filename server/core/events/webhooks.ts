// Webhooks (Standard Webhooks 1.0): sends what was written with each event, at least once, until it arrives.

import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Webhook } from '../../options/options.ts'
import type { Delivery } from '../../store/store.ts'
import { within } from '../../within.ts'

const minutes = (n: number) => n * 60
const hours = (n: number) => n * 60 * 60
/**
 * How many seconds after each failed attempt the next one follows: ten attempts in about three days. Then the delivery
 * is given up, and only the host can have it sent again (`webhooks.retry`).
 */
export const RETRY_SECONDS = [
  5,
  minutes(5),
  minutes(30),
  hours(2),
  hours(5),
  hours(10),
  hours(14),
  hours(20),
  hours(24),
]
const TIMEOUT_MILLISECONDS = 15_000
/** How long a stop waits for attempts that are under way. Then it ends them, and another node or the next start repeats them. */
const STOP_MILLISECONDS = 2000
/** How long a stop waits for the store, to which it gives these deliveries back. Their claims end by themselves, too. */
const RELEASE_MILLISECONDS = 1000
/** How long a node holds a delivery that it claimed: longer than an attempt can last (15 seconds). */
const DELIVERY_CLAIM_SECONDS = 60
const BATCH_DELIVERIES = 20
const POLL_MILLISECONDS = 5000

export type Deliverer = {
  /** Sends what is due, until nothing is due. */
  deliver: () => Promise<void>
  /** Stops looking, waits up to two seconds for the attempts that are under way, and ends the rest. */
  close: () => Promise<void>
}

/** Sends a delivery as soon as its event is emitted, and looks every 5 seconds for others that are due. */
export function startDeliveries(ctx: Context): Deliverer {
  // Each receiver has its own loop, so that one that hangs does not delay the others.
  const receivers = ctx.config.webhooks.map((webhook) => startReceiver(ctx, webhook))
  const all = async (work: (one: Deliverer) => Promise<void>) => void (await Promise.all(receivers.map(work)))
  return { deliver: () => all((one) => one.deliver()), close: () => all((one) => one.close()) }
}

function startReceiver(ctx: Context, webhook: Webhook): Deliverer {
  let underWay: Promise<void> | undefined
  let again = false
  let closed = false
  const attempts = new Set<AbortController>()

  async function attempt(delivery: Delivery): Promise<void> {
    const ended = new AbortController()
    attempts.add(ended)
    try {
      await attemptDelivery(ctx, webhook, delivery, ended.signal)
    } finally {
      attempts.delete(ended)
    }
  }

  function deliver(): Promise<void> {
    again = true // if a loop is running, it may have missed what was written since
    underWay ??= (async () => {
      while (again && !closed) {
        again = false
        await deliverDue(ctx, webhook, attempt, () => !closed)
      }
    })().finally(() => {
      underWay = undefined
    })
    return underWay
  }
  const inBackground = () => {
    deliver().catch((err: unknown) => ctx.logger.warn({ err }, 'could not look for webhooks that are due'))
  }

  for (const event of webhook.events) ctx.events.on(event, inBackground)
  const looking = setInterval(inBackground, POLL_MILLISECONDS).unref()
  return {
    deliver,
    async close() {
      closed = true
      clearInterval(looking)
      const ending = setTimeout(() => {
        for (const ended of attempts) ended.abort(STOPPED)
      }, STOP_MILLISECONDS)
      const done = underWay ?? Promise.resolve()
      await within(STOP_MILLISECONDS + RELEASE_MILLISECONDS, done, () => new Error(STOPPED)).catch(() => {})
      clearTimeout(ending)
    },
  }
}

async function deliverDue(
  ctx: Context,
  { url }: Webhook,
  attempt: (delivery: Delivery) => Promise<void>,
  goOn: () => boolean,
): Promise<void> {
  while (goOn()) {
    await ctx.claims.measure()
    const now = ctx.claims.now()
    const taken = await ctx.store.claimDeliveries({
      url,
      now,
      until: now + DELIVERY_CLAIM_SECONDS,
      limit: BATCH_DELIVERIES,
    })
    if (taken.length === 0) return
    await Promise.all(taken.map(attempt))
  }
}

async function attemptDelivery(
  ctx: Context,
  webhook: Webhook,
  delivery: Delivery,
  ended: AbortSignal,
): Promise<void> {
  const { id, url, event, attempts, dueAt: until } = delivery
  const failure = await post(webhook, delivery, ctx.now(), ended)
  if (failure === undefined) return ctx.store.settleDelivery({ id })
  if (failure === STOPPED) return ctx.store.releaseDelivery({ id, until: until! })
  const wait = failure === GONE ? undefined : RETRY_SECONDS[attempts - 1]
  const dueAt = wait === undefined ? null : ctx.claims.now() + wait
  await ctx.store.failDelivery({ id, failure, dueAt })
  const fields = { id, url: new URL(url).origin, event, attempts, failure }
  if (dueAt === null) ctx.logger.error(fields, 'a webhook was given up')
  else ctx.logger.warn(fields, 'a webhook did not arrive, and will be sent again')
}

const GONE = 'the receiver answered 410'
const STOPPED = 'the service stopped'

/** Why the attempt failed, in our own words; undefined if the webhook arrived. */
async function post(
  { url, secrets }: Webhook,
  { id, payload }: Delivery,
  timestamp: number,
  ended: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'guestkey',
        'Webhook-Id': id,
        'Webhook-Timestamp': String(timestamp),
        'Webhook-Signature': secrets.map((secret) => sign(secret, id, timestamp, payload)).join(' '),
      },
      body: payload,
      redirect: 'manual', // a payload that is signed for one receiver must not reach another
      signal: AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `the receiver answered ${response.status}`
  } catch (error) {
    if (error === STOPPED) return STOPPED
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return name === 'TimeoutError' ? 'no answer in time' : `not reached: ${cause?.code ?? name}`
  }
}

/** The signature: HMAC-SHA-256 over id, time and body (Standard Webhooks 1.0, symmetric signatures). */
const sign = (secret: string, id: string, timestamp: number, payload: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`${id}.${timestamp}.${payload}`)
    .digest('base64')}`
