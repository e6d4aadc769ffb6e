// Answers a scrape: the metrics as OpenMetrics text, with what the store has.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { within } from '../within.ts'
import type { Metrics } from './metrics.ts'
import { CONTENT_TYPE } from './registry.ts'

/** How long a scrape waits for the store. Prometheus gives up after ten seconds unless it is told otherwise. */
const STORE_MILLISECONDS = 3000
/** More webhooks than this are not counted, so that a scrape takes no longer if a receiver is down for days. */
const MOST_WEBHOOKS = 1000

/** Answers with the metrics. Without the option `metrics`, it answers 404. */
export const answerScrape =
  (ctx: Context) =>
  (_req: IncomingMessage, res: ServerResponse): void => {
    const { metrics } = ctx
    if (!metrics)
      return void res.writeHead(404, { 'Content-Type': 'text/plain' }).end('the option metrics is false\n')
    void scrape(ctx, metrics).then((text) =>
      res.writeHead(200, { 'Content-Type': CONTENT_TYPE, 'Cache-Control': 'no-store' }).end(text),
    )
  }

async function scrape(ctx: Context, metrics: Metrics): Promise<string> {
  const { registry } = metrics
  metrics.look()
  const isReadable = await within(
    STORE_MILLISECONDS,
    readStore(ctx, metrics),
    () => new Error('too late'),
  ).then(
    () => true,
    () => false,
  )
  registry.set('guestkey_store_readable', [], isReadable ? 1 : 0)
  return registry.text()
}

/** What is not read anew is missing: an old number would look like one of now. */
async function readStore({ store, claims }: Context, { registry }: Metrics): Promise<void> {
  for (const name of [
    'guestkey_guests',
    'guestkey_job_last_run_timestamp_seconds',
    'guestkey_webhooks',
  ] as const)
    registry.clear(name)
  const [jobs, { picture }, webhooks] = await Promise.all([
    store.listJobs({}),
    store.readCounting({}),
    store.countDeliveries({ now: claims.now(), most: MOST_WEBHOOKS }),
  ])
  for (const { name, lastRunAt } of jobs)
    if (lastRunAt !== null) registry.set('guestkey_job_last_run_timestamp_seconds', [name], lastRunAt)
  for (const { collection, recoverability, guests } of picture?.guests ?? [])
    registry.set('guestkey_guests', [collection, recoverability], guests)
  registry.set('guestkey_webhooks', ['due'], webhooks.due)
  registry.set('guestkey_webhooks', ['dead'], webhooks.dead)
}
