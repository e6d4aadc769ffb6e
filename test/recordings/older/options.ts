// The options of the older versions, as far as JSON can hold them.

import { backendSecret, RECEIVERS, webhookSecrets } from '../deployment.ts'

/** The versions that are recorded here. */
export type Version = '0.1.0' | '0.2.0' | '0.3.0' | '0.4.0'

/** Whether this version has what came with the other one. */
export const has = (version: Version, since: Version): boolean => version >= since

const made = (of: string) => `${of}, made for the recordings of the tests and for nothing else`
const days = (n: number) => n * 24 * 60 * 60

/** Those of a node of this version. `before`: of one that seals with the previous secret. */
export const optionsOf = (
  version: Version,
  receivers = RECEIVERS,
  before = false,
): Record<string, unknown> => {
  const secrets = [made('the secret'), made('the secret from before')]
  return {
    origin: 'https://app.example',
    secret: has(version, '0.2.0') ? (before ? secrets.toReversed() : secrets) : secrets[0],
    rateLimit: false,
    ...(has(version, '0.2.0') && {
      clients: [
        { id: 'spa', origins: ['https://spa.example'], scopes: ['read', 'write'] },
        { id: 'backend', kind: 'confidential', secret: backendSecret, audiences: ['https://api.example'] },
        { id: 'diary', origins: ['https://app.example'], pairwise: made('the names of the diary') },
        { id: 'bound', dpop: 'required' },
      ],
      claimsNamespace: 'https://app.example/claims',
    }),
    ...(has(version, '0.3.0') && {
      collections: { users: {}, visitors: { retention: { none: days(20) } } },
      retention: {
        ...{ none: days(30), passkey: days(90), synced: days(120) },
        ...{ warnSeconds: days(10), graceSeconds: days(20) },
      },
      prompts: [{ prompt: 'add_passkey', when: { daysSeen: 2 } }, { prompt: 'add_attribute:nickname' }],
      webhooks: [{ url: `${receivers}/down`, secret: webhookSecrets[3]! }],
    }),
    ...(has(version, '0.4.0') && { redirectUris: ['https://app.example/back'] }),
  }
}
