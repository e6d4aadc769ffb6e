// The outbox: sends what was written with each event, at least once, until it arrives. To webhooks (Standard Webhooks 1.0), and
// to apps that are told of sign-outs (tokens/logout-tokens.ts).

import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Webhook } from '../../options/options.ts'
import type { Delivery } from '../../store/store.ts'
import { within } from '../../within.ts'
import type { GuestEvents } from './events.ts'

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

/** Who gets deliveries, for which events. */
export type Receiver = {
  url: string
  events: readonly (keyof GuestEvents)[]
  /** The status after which there is no other attempt. */
  last: number
  /** The request of an attempt that is made now; undefined if the delivery is not for this receiver after all. */
  request: (
    delivery: Delivery,
    now: number,
  ) => Promise<{ headers: Record<string, string>; body: string } | undefined>
}

const webhookReceiver = ({ url, events, secrets }: Webhook): Receiver => ({
  url,
  events,
  last: 410,
  request: async ({ id, payload }, now) => ({
    headers: {
      'Content-Type': 'application/json',
      'Webhook-Id': id,
      'Webhook-Timestamp': String(now),
      'Webhook-Signature': secrets.map((secret) => sign(secret, id, now, payload)).join(' '),
    },
    body: payload,
  }),
})

/** Sends a delivery as soon as its event is emitted, and looks every 5 seconds for others that are due. */
export function startDeliveries(ctx: Context, apps: Receiver[]): Deliverer {
  // Each receiver has its own loop, so that one that hangs does not delay the others.
  const receivers = [...ctx.config.webhooks.map(webhookReceiver), ...apps].map((one) =>
    startReceiver(ctx, one),
  )
  const all = async (work: (one: Deliverer) => Promise<void>) => void (await Promise.all(receivers.map(work)))
  return { deliver: () => all((one) => one.deliver()), close: () => all((one) => one.close()) }
}

function startReceiver(ctx: Context, receiver: Receiver): Deliverer {
  let underWay: Promise<void> | undefined
  let again = false
  let closed = false
  const attempts = new Set<AbortController>()

  async function attempt(delivery: Delivery): Promise<void> {
    const ended = new AbortController()
    attempts.add(ended)
    try {
      await attemptDelivery(ctx, receiver, delivery, ended.signal)
    } finally {
      attempts.delete(ended)
    }
  }

  function deliver(): Promise<void> {
    again = true // if a loop is running, it may have missed what was written since
    underWay ??= (async () => {
      while (again && !closed) {
        again = false
        await deliverDue(ctx, receiver, attempt, () => !closed)
      }
    })().finally(() => {
      underWay = undefined
    })
    return underWay
  }
  const inBackground = () => {
    deliver().catch((err: unknown) => ctx.logger.warn({ err }, 'could not look for webhooks that are due'))
  }

  for (const event of receiver.events) ctx.events.on(event, inBackground)
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
  { url }: Receiver,
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
  receiver: Receiver,
  delivery: Delivery,
  ended: AbortSignal,
): Promise<void> {
  const { id, url, event, attempts, dueAt: until } = delivery
  const request = await receiver.request(delivery, ctx.now())
  const failure = request && (await post(url, request, ended))
  if (failure === undefined) return ctx.store.settleDelivery({ id })
  if (failure === STOPPED) return ctx.store.releaseDelivery({ id, until: until! })
  const wait = failure === answered(receiver.last) ? undefined : RETRY_SECONDS[attempts - 1]
  const dueAt = wait === undefined ? null : ctx.claims.now() + wait
  await ctx.store.failDelivery({ id, failure, dueAt })
  const fields = { id, url: new URL(url).origin, event, attempts, failure }
  if (dueAt === null) ctx.logger.error(fields, 'a webhook was given up')
  else ctx.logger.warn(fields, 'a webhook did not arrive, and will be sent again')
}

const answered = (status: number) => `the receiver answered ${status}`
const STOPPED = 'the service stopped'

/** Why the attempt failed, in our own words; undefined if the webhook arrived. */
async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  ended: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'User-Agent': 'guestkey', ...headers },
      body,
      redirect: 'manual', // a payload that is signed for one receiver must not reach another
      signal: AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
    })
    await response.body?.cancel()
    return response.ok ? undefined : answered(response.status)
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
