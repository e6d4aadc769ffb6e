// The endpoints that serve files: the browser bundle and the OpenAPI document.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { ownFile } from '../../own-files.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import { openApi, serversAt } from '../contract/openapi.ts'
import { mountOf } from '../request/mount.ts'

/** A public file. Caches store it and ask each time whether it has changed (ETag). */
function file(content: string, type: string, ifNoneMatch: string | undefined): Answer {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  const text = { content, type, headers: { ETag: etag, 'Cache-Control': 'public, no-cache' } }
  return ifNoneMatch === etag ? { status: 304, text: { ...text, content: '' } } : { status: 200, text }
}

/** The browser client that `npm run build` makes. */
function readClient(): string {
  try {
    return readFileSync(ownFile('dist/browser/guestkey.js'), 'utf8')
  } catch (cause) {
    const isBuilt = (cause as { code?: string }).code !== 'ENOENT'
    throw new GuestError('not_found', {
      detail: `The browser client is missing. ${isBuilt ? (cause as Error).message : 'Build it with: npm run build:client'}.`,
      cause,
    })
  }
}

/** `allEndpoints` returns all endpoints, including these, because the OpenAPI document lists them all. */
export function assetRoutes(allEndpoints: () => Endpoint[]): Endpoint[] {
  let client: string | undefined
  const documents = new WeakMap<Config, object>()
  function document(config: Config, mount: string): string {
    const made = documents.get(config) ?? openApi(config, allEndpoints())
    documents.set(config, made)
    // Not kept as text for each mount path: one with a param (/:tenant) has any number of values.
    return JSON.stringify({ ...made, servers: serversAt(config, mount) })
  }
  return [
    endpoint({
      method: 'GET',
      path: '/client.js',
      summary: 'Get the browser client, an ES module',
      session: 'none',
      answers: { 200: 'text/javascript', 304: null },
      errors: ['not_found'],
      run({ req }) {
        client ??= readClient()
        return file(client, 'text/javascript; charset=utf-8', req.headers['if-none-match'])
      },
    }),
    endpoint({
      method: 'GET',
      path: '/openapi.json',
      summary: 'Get this document',
      session: 'none',
      answers: { 200: 'application/json', 304: null },
      run({ ctx, req }) {
        return file(document(ctx.config, mountOf(req)), 'application/json', req.headers['if-none-match'])
      },
    }),
  ]
}
