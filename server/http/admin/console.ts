// The console: the page for operators, at the path of their API. Its files are public. They say nothing about the deployment
// but its name and its accent; all else comes from the API, which asks who wants to know.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { ownFile } from '../../own-files.ts'
import { type Asset, createAsset } from '../assets/asset.ts'
import { readScripts } from '../assets/client-files.ts'
import { addHeaders, send } from '../contract/send.ts'
import { html } from '../pages/html.ts'

/** What the page may do: its own scripts, its own requests, and no markup that a script made of a text (CSP Level 3). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const security = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
}

/** Answers a request for a file of the console, by its path below `/admin`. Resolves to false if the path is none of them. */
export type Console = (path: string, req: IncomingMessage, res: ServerResponse) => Promise<boolean>

/**
 * Makes the console, which reads its files when they are first asked for.
 * Errors, when it is asked: `not_found` for a file that there is not, or if the console is not built.
 */
export function createConsole({ config }: Context): Console {
  let files: Map<string, Asset> | undefined
  const page = createAsset(pageOf(config.rpName, config.pages.accent), 'text/html; charset=utf-8')

  return async (path, req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false
    if (path === '') {
      // The address of an invitation ends without the slash. Browsers carry its fragment over a redirect (Fetch, 4.4).
      addHeaders(res, { Location: `${lastSegment(req)}/` })
      send(res, 307, '', 'text/plain')
      return true
    }
    if (path === '/') addHeaders(res, security)
    else if (!/^\/(console|parts\/[\w-]+)\.js$/.test(path)) return false
    files ??= readConsole()
    const asset = path === '/' ? page : files.get(path)
    if (!asset)
      throw new GuestError('not_found', { detail: `The console has no file ${path}. Load the page again.` })
    const { status, text } = await asset(req.headers)
    send(res, status, text.content, text.type, text.headers)
    return true
  }
}

/** The last segment of the path, so that a redirect holds wherever the router is mounted. */
const lastSegment = ({ url = '' }: IncomingMessage): string => url.split('?')[0]!.split('/').at(-1)!

/** Errors: `not_found` if the console is not built, or cannot be read. */
function readConsole(): Map<string, Asset> {
  try {
    const folder = ownFile('dist/console')
    const entry = readScripts(folder, { immutable: false })
    const parts = readScripts(`${folder}/parts`, { immutable: true })
    return new Map([
      ...entry.map(([name, asset]) => [`/${name}`, asset] as const),
      ...parts.map(([name, asset]) => [`/parts/${name}`, asset] as const),
    ])
  } catch (cause) {
    throw new GuestError('not_found', {
      detail: 'The console is missing. Build it with: npm run build:client.',
      cause,
    })
  }
}

const pageOf = (name: string, accent = '') =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${name}</title>
<link rel="icon" href="data:,">
<script type="module" src="console.js"></script>
</head>
<body data-name="${name}" data-accent="${accent}"><noscript>This page needs JavaScript.</noscript></body>
</html>
`.text
