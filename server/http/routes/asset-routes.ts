// The endpoints that serve files: the browser bundle and the OpenAPI document.

import { readFileSync } from 'node:fs'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { ownFile } from '../../own-files.ts'
import { type Asset, createAsset } from '../assets/asset.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import { openApi, serversAt } from '../contract/openapi.ts'
import { mountOf } from '../request/mount.ts'

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

/** For how many mount paths the OpenAPI document is kept and compressed. A path with a param (/:tenant) has any number. */
const MAX_MOUNTS = 8

type Documents = { document: object; assets: Map<string, Asset> }

/** `allEndpoints` returns all endpoints, including these, because the OpenAPI document lists them all. */
export function assetRoutes(allEndpoints: () => Endpoint[]): Endpoint[] {
  let client: Asset | undefined
  const made = new WeakMap<Config, Documents>()

  function documentAt(config: Config, mount: string): Asset {
    const { document, assets } = made.get(config) ?? {
      document: openApi(config, allEndpoints()),
      assets: new Map<string, Asset>(),
    }
    made.set(config, { document, assets })
    const content = () => JSON.stringify({ ...document, servers: serversAt(config, mount) })
    const kept = assets.get(mount)
    if (kept) return kept
    // Plain for further paths, so that no visitor has the server compress again and again, or fills its memory.
    if (assets.size >= MAX_MOUNTS) return createAsset(content(), 'application/json', [])
    const asset = createAsset(content(), 'application/json')
    assets.set(mount, asset)
    return asset
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
        client ??= createAsset(readClient(), 'text/javascript; charset=utf-8')
        return client(req.headers)
      },
    }),
    endpoint({
      method: 'GET',
      path: '/openapi.json',
      summary: 'Get this document',
      session: 'none',
      answers: { 200: 'application/json', 304: null },
      run({ ctx, req }) {
        return documentAt(ctx.config, mountOf(req))(req.headers)
      },
    }),
  ]
}
