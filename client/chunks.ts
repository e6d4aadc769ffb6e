// The parts of the client that a page loads when it first calls one of their functions. In the files for browsers, the build
// puts the address of each part in place of its import.
export const loadOtherParts = () => import('./other-parts.ts')
export const loadPasskeyExtras = () => import('./api/passkey-extras.ts')
export const loadPasskeys = () => import('./api/passkeys.ts')
export const loadProve = () => import('./proof-of-work/prove.ts')
export const loadSentences = () => import('./lib/explain.ts')
export const loadTokens = () => import('./tokens/tokens.ts')
