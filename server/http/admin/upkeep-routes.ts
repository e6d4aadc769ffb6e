// The deployment itself: settings, webhooks that failed, signing keys, jobs and the audit trail.

import {
  changeSettingsBy,
  listFailedWebhooks,
  listJobs,
  listSigningKeys,
  pageAudit,
  resetSettingBy,
  retryWebhooks,
  rotateSigningKeysBy,
} from '../../core/operators/upkeep.ts'
import { readSettings } from '../../core/settings/change.ts'
import type { SettingChanges } from '../../core/settings/settings.ts'
import { type AdminEndpoint, adminEndpoint } from './endpoint.ts'
import * as schemas from './schemas.ts'

export const upkeepRoutes: AdminEndpoint[] = [
  adminEndpoint({
    method: 'GET',
    path: '/settings',
    summary: 'Get each setting: its value, and when, by whom and why it was changed',
    may: 'viewer',
    scope: 'admin:read',
    answers: { 200: schemas.settings },
    run: async ({ ctx }) => ({ status: 200, body: { settings: await readSettings(ctx) } }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/settings',
    summary: 'Change settings, on all nodes within two seconds',
    may: 'owner',
    scope: 'admin:settings',
    needs: 'reason',
    body: schemas.changes,
    answers: { 200: schemas.settings },
    async run({ ctx, body: { values }, act }) {
      return { status: 200, body: { settings: await changeSettingsBy(ctx, values as SettingChanges, act) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/settings/:id/reset',
    summary: 'Take the change of a setting back, so that the options count again',
    may: 'owner',
    scope: 'admin:settings',
    needs: 'reason',
    answers: { 200: schemas.settings },
    async run({ ctx, id, act }) {
      return { status: 200, body: { settings: await resetSettingBy(ctx, id, act) } }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/webhooks/failed',
    summary: 'List the webhooks that were given up, the oldest first',
    may: 'viewer',
    scope: 'admin:read',
    query: schemas.limited,
    answers: { 200: schemas.failedWebhooks },
    async run({ ctx, query }) {
      return { status: 200, body: { webhooks: await listFailedWebhooks(ctx, schemas.limitIn(query)) } }
    },
  }),
  adminEndpoint({
    method: 'POST',
    path: '/webhooks/retry',
    summary: 'Send one of these webhooks again, or all, within seconds',
    may: 'owner',
    scope: 'admin:upkeep',
    needs: 'reason',
    body: schemas.retry,
    answers: { 200: schemas.retried },
    async run({ ctx, body: { id }, act }) {
      return { status: 200, body: { retried: await retryWebhooks(ctx, id, act) } }
    },
  }),
  adminEndpoint({
    method: 'GET',
    path: '/signing-keys',
    summary: 'List the keys that sign access tokens, the oldest first',
    may: 'viewer',
    scope: 'admin:read',
    answers: { 200: schemas.keys },
    run: async ({ ctx }) => ({ status: 200, body: { keys: await listSigningKeys(ctx) } }),
  }),
  adminEndpoint({
    method: 'POST',
    path: '/signing-keys/rotate',
    summary: 'Make a new key that will sign access tokens, unless one is about to',
    may: 'owner',
    scope: 'admin:upkeep',
    needs: 'reason',
    answers: { 200: schemas.rotation },
    run: async ({ ctx, act }) => ({ status: 200, body: await rotateSigningKeysBy(ctx, act) }),
  }),
  adminEndpoint({
    method: 'GET',
    path: '/jobs',
    summary: 'List the background jobs, and when each last began',
    may: 'viewer',
    scope: 'admin:read',
    answers: { 200: schemas.jobs },
    run: async ({ ctx }) => ({ status: 200, body: { jobs: await listJobs(ctx) } }),
  }),
  adminEndpoint({
    method: 'GET',
    path: '/audit',
    summary:
      'Get a page of the audit trail, the latest entry first, of one guest or of all, by one operator or by anybody',
    may: 'viewer',
    scope: 'admin:read',
    query: schemas.auditQuery,
    answers: { 200: schemas.audit },
    async run({ ctx, query }) {
      const { anonymous_id: anonymousId, operator_id: operatorId, cursor } = query
      return {
        status: 200,
        body: await pageAudit(ctx, { anonymousId, operatorId, cursor, limit: schemas.limitIn(query) }),
      }
    },
  }),
]
