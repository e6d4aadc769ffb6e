// The composition root: guestkey() makes the router, the guards and the host's methods from the options.

import pino from 'pino'
import type { Context } from './context.ts'
import { eraseGuestByHost } from './core/account/account.ts'
import { disableGuest, enableGuest } from './core/account/disabling.ts'
import { importGuests } from './core/account/imports.ts'
import { deriveKeys } from './core/crypto/secrets.ts'
import { createAttemptLimiter } from './core/device-links/attempts.ts'
import { createEvents, type Events } from './core/events/events.ts'
import { startDeliveries } from './core/events/webhooks.ts'
import { isId } from './core/guests/ids.ts'
import { createClaimClock } from './core/jobs/claim-clock.ts'
import { countDueGuests, expireDueGuests, expireGuests } from './core/jobs/expired-guests.ts'
import { deleteExpiredRows } from './core/jobs/expired-rows.ts'
import { createFleet } from './core/jobs/fleet.ts'
import { startJobs } from './core/jobs/jobs.ts'
import { keepGuestByHost } from './core/life/keep.ts'
import { resumeMerges } from './core/life/merge.ts'
import { changeProfileByHost, readProfileByHost } from './core/life/profile.ts'
import { undoMergeByHost } from './core/life/undo-merge.ts'
import { createSender } from './core/login-ids/sender.ts'
import { changeSettings, readSettings, resetSetting } from './core/settings/change.ts'
import { createSettings } from './core/settings/settings.ts'
import { closeCountedDays } from './core/statistics/close-days.ts'
import { countEvents } from './core/statistics/counted-events.ts'
import { createCounters } from './core/statistics/counters.ts'
import { takePicture } from './core/statistics/picture.ts'
import { findGuests } from './core/support/find.ts'
import { wholeGuest } from './core/support/whole.ts'
import { appReceivers } from './core/tokens/logout-tokens.ts'
import { rotateSigningKeys } from './core/tokens/signing-key-rotation.ts'
import { createSigningKeys } from './core/tokens/signing-keys.ts'
import type { GuestKey } from './host-api.ts'
import { createOperators } from './http/admin/host.ts'
import { withAdmin } from './http/admin/router.ts'
import { createGuards } from './http/host/guards.ts'
import { createLoadGuest } from './http/host/load-guest.ts'
import { createHostMethods } from './http/host/methods.ts'
import { createHostRequests } from './http/host/requests.ts'
import { createFetch } from './http/host/respond.ts'
import { createWatches } from './http/host/watches.ts'
import { createRouter } from './http/router.ts'
import type { Logger } from './logger.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { answerScrape } from './metrics/scrape.ts'
import { refuseUnknown } from './names/unknown.ts'
import { oldAuditFilter, warnOfOldOptions, withOldNames } from './old-names.ts'
import {
  type Config,
  isPostgres,
  type Options,
  type ProfileOf,
  type ProfileSchema,
  resolveOptions,
} from './options/options.ts'
import { openPostgres } from './store/postgres/driver.ts'
import { reads } from './store/sql/all-verbs.ts'
import { openSqlite } from './store/sqlite/driver.ts'
import type { Store } from './store/store.ts'
import type { GuestProfile } from './types.ts'

function openStore(
  { store, postgres }: Config,
  { tell }: Events,
  logger: Logger,
  metrics: Metrics | undefined,
): Store {
  let said = ''
  /** Once for each reason, however many requests ask. */
  const refused = (why: string) => {
    if (why !== said) logger.error({ reason: why }, 'the store cannot be used')
    said = why
  }
  const opened = isPostgres(store)
    ? openPostgres(store, postgres, tell, refused, metrics?.watchPool)
    : openSqlite(store, { tell, refused, ...(metrics && { committed: metrics.committed }) })
  return metrics ? metrics.timing(opened, (verb) => verb in reads) : opened
}

/**
 * Guest identity for an Express app. It returns at once, and opens the database in the background: see `ready()`.
 * Errors: OptionsError if the options are wrong.
 */
export function guestkey<P extends ProfileSchema = ProfileSchema>(
  options: Options<P>,
): GuestKey<ProfileOf<P>> {
  const config = resolveOptions(options)
  const logger = config.logger ?? pino({ name: 'guestkey', level: 'warn' })
  warnOfOldOptions(options, logger)
  const keyring = config.secrets.map(deriveKeys)
  const events = createEvents(logger)
  const metrics = config.metrics ? createMetrics() : undefined
  const store = openStore(config, events, logger, metrics)
  const now = () => Math.floor(config.now() / 1000)
  const claims = createClaimClock({ store, logger, now })
  const counters = createCounters({ store, logger, now: claims.now })
  const ctx: Context = {
    config,
    keys: keyring[0]!,
    keyring,
    store,
    fleet: createFleet({ store, logger }),
    signingKeys: createSigningKeys({ config, keyring, store, logger, now }),
    settings: createSettings({ config, store }),
    events,
    counters: metrics ? metrics.counting(counters) : counters,
    metrics,
    sender: createSender(config, logger),
    attempts: createAttemptLimiter(config),
    logger,
    now,
    claims,
  }
  countEvents(ctx)
  const requests = createHostRequests(ctx)
  const watches = createWatches(ctx, requests)
  const loadGuest = createLoadGuest(ctx, requests)
  const operators = createOperators(ctx)
  const router = withAdmin(ctx, operators.router, createRouter(ctx, loadGuest))
  const jobs = startJobs(ctx, [
    ...[deleteExpiredRows, expireGuests, resumeMerges, rotateSigningKeys],
    ...[closeCountedDays, takePicture],
  ])
  const deliveries = startDeliveries(ctx, appReceivers(ctx))
  let looked: Promise<boolean> | undefined

  return {
    router,
    fetch: createFetch(ctx, router),
    loadGuest,
    metrics: answerScrape(ctx),
    ...createGuards(ctx, requests),
    ...createHostMethods(ctx, requests),
    watchSession: watches.watchSession,
    async import(users, options) {
      refuseUnknown('import', options, ['collection', 'dryRun', 'onResult'])
      return importGuests(ctx, users, options)
    },
    async keep(who) {
      return keepGuestByHost(ctx, who)
    },
    erase: (anonymousId) => eraseGuestByHost(ctx, anonymousId),
    async find(query, options) {
      refuseUnknown('find', query, [
        ...['anonymousId', 'label', 'sessionId', 'passkeyId', 'loginId', 'collection', 'recoverability'],
        ...['stage', 'disabled', 'createdSince', 'createdBefore', 'seenSince', 'seenBefore'],
      ])
      refuseUnknown('find', options, ['after', 'limit'])
      return findGuests(ctx, query, options)
    },
    get: (anonymousId) => wholeGuest(ctx, anonymousId),
    async disable(anonymousId, options) {
      refuseUnknown('disable', options, ['until', 'reason'])
      await disableGuest(ctx, anonymousId, options)
    },
    enable: (anonymousId) => enableGuest(ctx, anonymousId),
    settings: {
      get: () => readSettings(ctx),
      async set(values, by) {
        refuseUnknown('settings.set', by, ['by', 'reason'])
        return changeSettings(ctx, values, by)
      },
      reset: (name) => resetSetting(ctx, name),
    },
    operators,
    profile: {
      async get(anonymousId) {
        return (await readProfileByHost(ctx, anonymousId)).profile as GuestProfile<ProfileOf<P>>
      },
      async update(anonymousId, attributes) {
        const changed = await changeProfileByHost(ctx, anonymousId, attributes)
        return changed.profile as GuestProfile<ProfileOf<P>>
      },
    },
    async undoMerge(ticket) {
      await undoMergeByHost(ctx, ticket)
    },
    async sweep(options = {}) {
      refuseUnknown('sweep', options, ['dryRun', 'onProgress'])
      const { dryRun = false, onProgress } = options
      if (dryRun) return countDueGuests(ctx)
      await ctx.fleet.refuseMixed()
      return expireDueGuests(ctx, { ...(onProgress && { onProgress }) })
    },
    async auditTrail(of = {}) {
      refuseUnknown('auditTrail', of, ['anonymousId', 'since', 'limit', ...oldAuditFilter])
      const { anonymousId, anonymous_id, since = 0, limit = 100 } = of
      const whose = anonymousId ?? anonymous_id
      if (whose !== undefined && !isId(whose)) return []
      const rows = await store.listAudit({ anonymousId: whose ?? null, since, limit })
      return rows.map(({ anonymousId, at, action, outcome, sessionId, operator }) => ({
        anonymous_id: anonymousId,
        at,
        action,
        outcome,
        session_id: sessionId,
        ...(operator && { operator }),
      }))
    },
    webhooks: {
      async failed(options = {}) {
        refuseUnknown('webhooks.failed', options, ['limit'])
        const { limit = 100 } = options
        const rows = await store.listDeadDeliveries({ limit })
        return rows.map(({ id, url, event, payload, createdAt, attempts, failure }) => ({
          id,
          url,
          event,
          payload,
          attempts,
          failure: failure ?? '',
          created_at: createdAt,
        }))
      },
      async retry(id) {
        if (id !== undefined && !isId(id)) return 0
        const retried = await store.retryDeliveries({ id: id ?? null, now: 0 })
        void deliveries.deliver().catch(() => {}) // the background job finds them again
        return retried
      },
    },
    async runChores() {
      await ctx.counters.flush()
      await jobs.run()
      await deliveries.deliver()
    },
    async rotateSigningKeys() {
      const { kid, signsFrom: signs_from, previousRetiresAt } = await ctx.signingKeys.rotate()
      const rotation = { kid, signs_from, previous_retires_at: previousRetiresAt }
      return withOldNames(rotation, { signsFrom: 'signs_from', previousRetiresAt: 'previous_retires_at' })
    },
    on: ctx.events.on,
    async ready() {
      await store.ready()
      // The first time, so that a start during an upgrade says so. The jobs look again every minute.
      looked ??= ctx.fleet.isMixed().catch(() => false)
      await looked
      void ctx.claims.measure()
      await ctx.settings.begin()
    },
    async close() {
      jobs.stop()
      watches.stopWatching()
      ctx.settings.close()
      metrics?.close()
      await Promise.all([deliveries.close(), ctx.counters.close()])
      await ctx.store.close()
    },
  }
}
