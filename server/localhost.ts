// Which hosts are this machine.

/** `localhost` and the names below it, on which browsers treat plain http as secure (W3C Secure Contexts, 3.1). */
export const isLocalhost = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost')

/**
 * `localhost` and the loopback addresses, to which a server may send requests over plain http. Names below `localhost`
 * are left out: not every resolver keeps them on this machine.
 */
export const isLoopback = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
