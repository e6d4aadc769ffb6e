// Where the endpoints are, in the app that hosts them.

import type { IncomingMessage } from 'node:http'
import type { Config } from '../../options/options.ts'

/** The path at which the host's app mounted the router. Express sets `baseUrl`, so no header of the request can change it. */
export const mountOf = (req: IncomingMessage & { baseUrl?: string }) => req.baseUrl ?? ''

/** The path of an endpoint, from the root of its host. */
export const pathOf = ({ basePath }: Pick<Config, 'basePath'>, req: IncomingMessage, path: string): string =>
  mountOf(req) + basePath + path
