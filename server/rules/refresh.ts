// Who may refresh a session of a client.

/** What the session was granted. `scope`: tokens, separated by spaces. `jkt`: the key to which it is bound, or null. */
type Granted = { clientId: string; jkt: string | null; scope: string }

/** Who asks: the client, the key that it proved to hold, and the scope that it wants. */
type Asker = { clientId: string; jkt: string | null; scope: string[] }

/** Its client alone may, with the key to which the session is bound, and for no more scope (RFC 6749, 6; RFC 9449, 5). */
export function mayRefresh({ clientId, jkt, scope }: Granted, by: Asker): boolean {
  const granted = scope.split(' ')
  return (
    clientId === by.clientId &&
    (jkt === null || jkt === by.jkt) &&
    by.scope.every((one) => granted.includes(one))
  )
}
