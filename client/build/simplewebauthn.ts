// SimpleWebAuthn without what the client never uses: what serves other callers, and what the service does not read. Each
// change says why it is none, and the build fails if a new version of SimpleWebAuthn has another text there.

import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { client } from './exports.ts'

/** Whole files, by name. */
const files: Record<string, string> = {
  bufferToBase64URLString: `export { base64url as bufferToBase64URLString } from ${JSON.stringify(join(client, 'lib/base64url.ts'))}`,
  base64URLStringToBuffer: `export const base64URLStringToBuffer = (text) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))`,
  toPublicKeyCredentialDescriptor: `import { base64URLStringToBuffer } from './base64URLStringToBuffer.js'
    export const toPublicKeyCredentialDescriptor = (one) => ({ ...one, id: base64URLStringToBuffer(one.id) })`,
  // Browsers abort with an AbortError, as this one does by hand.
  webAuthnAbortService: `let controller
    const cancelCeremony = () => controller?.abort()
    const createNewAbortSignal = () => {
      cancelCeremony()
      controller = new AbortController()
      return controller.signal
    }
    export const WebAuthnAbortService = { createNewAbortSignal, cancelCeremony }`,
}

/** What is cut out of the two ceremonies, or replaced. */
const cuts: Record<string, [RegExp, string][]> = {
  start: [
    [/ {4}\/\/ @ts-ignore: Intentionally check for old call structure[\s\S]*?\n {4}\}\n/, ''],
    // `inDialog` and `signInByAutofill` have asked before.
    [/ {4}if \(!browserSupportsWebAuthn\(\)\) \{[^}]*\}\n/, ''],
    // The client needs the name of an error alone, which is that of the DOMException.
    [
      /try \{\s*(credential = [\s\S]*?;)\s*\}\s*catch \(err\) \{\s*throw identify\w+\(\{[^}]*\}\);\s*\}/,
      '$1',
    ],
    // `authenticator_error` as well if there is nothing to read.
    [/ {4}if \(!credential\) \{[^}]*\}\n/, ''],
    // Password managers answer in place of the browser, and some give no extension results, or null.
    [/credential\.getClientExtensionResults\(\)/, '(credential.getClientExtensionResults?.() ?? {})'],
    // The service passes over what it does not know.
    [/toAuthenticatorAttachment\((credential\.authenticatorAttachment)\)/, '$1'],
  ],
  startAuthentication: [
    [/ {8}if \(!\(await browserSupportsWebAuthnAutofill\(\)\)\) \{[^}]*\}\n/, ''],
    [/ {8}\/\/ Check for an <input>[\s\S]*?\n {8}\}\n/, ''],
    [/, verifyBrowserAutofillInput = true,/, ''],
  ],
  startRegistration: [
    [/let transports = undefined;\s*if \([\s\S]*?\n {4}\}/, 'const transports = response.getTransports?.();'],
    // The service reads these from the attestation object.
    [/ {4}\/\/ L3 says this is required[\s\S]*(?=\n {4}return \{)/, ''],
    [/publicKeyAlgorithm: [\s\S]*?responseAuthenticatorData,/, ''],
    [/function warnOnBrokenImplementation[\s\S]*/, ''],
  ],
}

export const lean: Plugin = {
  name: 'lean-simplewebauthn',
  load(id) {
    const [, name] = /simplewebauthn\/browser\/esm\/helpers\/(\w+)\.js$/.exec(id) ?? []
    return (name && files[name]) || null
  },
  transform(code, id) {
    const [, name] = /simplewebauthn\/browser\/esm\/methods\/(start\w+)\.js$/.exec(id) ?? []
    if (!name) return null
    return [...cuts.start!, ...cuts[name]!].reduce((text, [found, instead]) => {
      if (!found.test(text)) throw new Error(`No ${found} in ${id}`)
      return text.replace(found, instead)
    }, code)
  },
}
