// Names of what the parts of the client give each other. No page sees them, so the files for browsers have short ones.

import type { Plugin } from 'rolldown'

/** By the file that makes them. None is a word of a language, of an answer, of a type of the client or of a browser. */
const byFile = {
  'build/simplewebauthn.ts': 'createNewAbortSignal cancelCeremony',
  'lib/step-up.ts': 'watchProofs withStepUp callWithStepUp noteProof',
  'webauthn/ceremonies.ts':
    'cancelOpen optionsJSON useAutoRegister useBrowserAutofill verifyBrowserAutofillInput',
  'api/passkeys.ts': 'createPasskeys loadExtras loadSentences signInIfAny signalCurrent',
  'api/passkey-extras.ts':
    'createPasskeyExtras isCapable askAuthentication signInByAutofill addUnasked canAutofill secretOf',
  'client.ts': 'createTokens createOtherParts whoIsThere withSentences',
  'other-parts.ts': 'forgetToken',
  'state/guest-state.ts': 'shownBy tellTabs offerPasskey forgetDue',
}
export const innerNames: string[] = Object.values(byFile).join(' ').split(' ')

const word = new RegExp(`(?<![\\w'"\`$])(${innerNames.join('|')})(?![\\w'"\`$])`, 'g')

/** `$0`, `$1` and so on, wherever the name stands, so that it is the same in every file. */
export const shortNames: Plugin = {
  name: 'short-names',
  transform: (code) => code.replaceAll(word, (name) => `$${innerNames.indexOf(name).toString(36)}`),
}
