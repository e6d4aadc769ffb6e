// The endpoints that serve files: the browser client and the OpenAPI document.

import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { clientFile } from '../../own-files.ts'
import { type Asset, createAsset } from '../assets/asset.ts'
import { readClient } from '../assets/client-files.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import { openApi, serversAt } from '../contract/openapi.ts'
import { mountOf } from '../request/mount.ts'

const readBuiltClient = () => readClient(() => clientFile('dist/browser'))

/** For how many mount paths the OpenAPI document is kept and compressed. A path with a param (/:tenant) has any number. */
const MAX_MOUNTS = 8

type Documents = { document: object; assets: Map<string, Asset> }

/** `allEndpoints` returns all endpoints, including these, because the OpenAPI document lists them all. */
export function assetRoutes(allEndpoints: () => Endpoint[]): Endpoint[] {
  let client: ReturnType<typeof readClient> | undefined
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

  /** An endpoint that serves one file of the client, which caches ask for each time. */
  const clientRoute = (path: string, file: string, summary: string) =>
    endpoint({
      method: 'GET',
      path,
      summary,
      session: 'none',
      answers: { 200: 'text/javascript', 304: null },
      errors: ['not_found'],
      run({ req }) {
        client ??= readBuiltClient()
        const entry = client.entries.get(file)
        if (entry) return entry(req.headers)
        throw new GuestError('not_found', {
          detail: `The browser client has no file ${file}. Build it again.`,
        })
      },
    })

  return [
    clientRoute('/client.js', 'guestkey.js', 'Get the browser client, an ES module'),
    clientRoute(
      '/client-small.js',
      'guestkey-small.js',
      'Get the browser client for pages that only continue as guest',
    ),
    clientRoute(
      '/elements.js',
      'guestkey-elements.js',
      'Get the elements, an ES module that registers <guestkey-button> and others',
    ),
    endpoint({
      method: 'GET',
      path: '/client/:id',
      summary: 'Get a part of the browser client, which the client itself asks for',
      session: 'none',
      answers: { 200: 'text/javascript', 304: null },
      errors: ['not_found'],
      run({ id, req }) {
        client ??= readBuiltClient()
        const chunk = client.chunks.get(id)
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
