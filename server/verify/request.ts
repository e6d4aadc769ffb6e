// Reads requests of the Fetch API, of Express and of node:http.

/** A request of Express or of node:http. */
export type NodeRequest = {
  headers: { [name: string]: string | string[] | undefined }
  headersDistinct?: { [name: string]: string[] | undefined } | undefined
  method?: string | undefined
  url?: string | undefined
  originalUrl?: string | undefined
}

export type AnyRequest = Request | NodeRequest

const isFetch = (request: AnyRequest): request is Request => typeof request.headers.get === 'function'

/** A header, or ''. Several of the name are joined, so that none of them is taken for the only one. */
export const headerOf = (request: AnyRequest, name: string): string =>
  isFetch(request)
    ? (request.headers.get(name) ?? '')
    : [request.headersDistinct?.[name] ?? request.headers[name]].join()

/** The URL of a request at `baseUrl`. Of the request, only the path counts: anybody can write its Host header. */
export function urlOf(request: AnyRequest, baseUrl: string): string {
  const path = isFetch(request)
    ? new URL(request.url).pathname
    : (request.originalUrl ?? request.url!).replace(/\?.*/, '')
  return new URL(baseUrl).href.replace(/\/$/, '') + path
}
