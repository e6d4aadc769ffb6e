// The endpoints that serve files: the browser client and the OpenAPI document.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { ownFile } from '../../own-files.ts'
import { type Asset, createAsset } from '../assets/asset.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import { openApi, serversAt } from '../contract/openapi.ts'
import { mountOf } from '../request/mount.ts'

/** What `work` makes of the folder with the browser client, which `npm run build` fills. */
function fromClientFolder<T>(work: (folder: string) => T): T {
  try {
    return work(ownFile('dist/browser'))
  } catch (cause) {
    const isBuilt = (cause as { code?: string }).code !== 'ENOENT'
    throw new GuestError('not_found', {
      detail: `The browser client is missing. ${isBuilt ? (cause as Error).message : 'Build it with: npm run build:client'}.`,
      cause,
    })
  }
}

const SCRIPT = 'text/javascript; charset=utf-8'

/** The parts that the client loads later, by name. A deployment may keep those of earlier versions beside them. */
const readChunks = () =>
  fromClientFolder((folder) => {
    const names = readdirSync(join(folder, 'client'))
    return new Map(
      names.map((name) => {
        const content = readFileSync(join(folder, 'client', name), 'utf8')
        return [name, createAsset(content, SCRIPT, { immutable: true })]
      }),
    )
  })

/** An endpoint that serves one file of the client, which caches ask for each time. */
function clientRoute(path: string, file: string, summary: string): Endpoint {
  let client: Asset | undefined
  return endpoint({
    method: 'GET',
    path,
    summary,
    session: 'none',
    answers: { 200: 'text/javascript', 304: null },
    errors: ['not_found'],
    run({ req }) {
      client ??= fromClientFolder((folder) => createAsset(readFileSync(join(folder, file), 'utf8'), SCRIPT))
      return client(req.headers)
    },
  })
}

/** For how many mount paths the OpenAPI document is kept and compressed. A path with a param (/:tenant) has any number. */
const MAX_MOUNTS = 8

type Documents = { document: object; assets: Map<string, Asset> }

/** `allEndpoints` returns all endpoints, including these, because the OpenAPI document lists them all. */
export function assetRoutes(allEndpoints: () => Endpoint[]): Endpoint[] {
  let chunks: Map<string, Asset> | undefined
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
    if (assets.size >= MAX_MOUNTS) return createAsset(content(), 'application/json', { available: [] })
    const asset = createAsset(content(), 'application/json')
    assets.set(mount, asset)
    return asset
  }

  return [
    clientRoute('/client.js', 'guestkey.js', 'Get the browser client, an ES module'),
    clientRoute(
      '/client-small.js',
      'guestkey-small.js',
      'Get the browser client for pages that only continue as guest',
    ),
    endpoint({
      method: 'GET',
      path: '/client/:id',
      summary: 'Get a part of the browser client, which the client itself asks for',
      session: 'none',
      answers: { 200: 'text/javascript', 304: null },
      errors: ['not_found'],
      run({ id, req }) {
        chunks ??= readChunks()
        const chunk = chunks.get(id)
        if (chunk) return chunk(req.headers)
        throw new GuestError('not_found', {
          detail: 'This version of the service has no such part of the client. Load the page again.',
        })
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
