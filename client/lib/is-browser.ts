// Whether this is a browser: the client has nobody to sign in on a server.

/**
 * Whether this is a page or a worker of a browser. On a server there is no `window`: all its visitors would share one
 * client, and with it one guest.
 */
export const isBrowser = (): boolean => 'window' in globalThis || 'importScripts' in globalThis
