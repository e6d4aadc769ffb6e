// Where the person is: `#/guests/<id>`. A fragment is sent to no server. What was searched for is in no address at all.

/** The view, and what it is about. */
export type Route = { view: string; of: string }

export function routeNow(): Route {
  const [, view = '', of = ''] = /^#\/(\w+)(?:\/(.+))?$/.exec(location.hash) ?? []
  return { view: view || 'overview', of: decode(of) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** The address of a view. */
export const to = (view: string, of = ''): string => `#/${view}${of && `/${encodeURIComponent(of)}`}`

export const go = (view: string, of = ''): void => {
  location.hash = to(view, of)
}

/** The token in the link of an invitation; undefined: there is none. */
export const invitationNow = (): string | undefined => /^#invitation=([\w-]+)$/.exec(location.hash)?.[1]
