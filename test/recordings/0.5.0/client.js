/*
The browser client of guestkey 0.5.0 as it was built, but not minified. @simplewebauthn/browser 14.0.0 is inside, under
this licence:

MIT License

Copyright (c) 2020 Matthew Miller

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
*/
// client/account.ts
var createAccount = ({ call, exclusive, withStepUp, leave }) => ({
  export: () => call("GET", "/account/export"),
  delete: () => (
    // The step-up needs the lock for itself.
    withStepUp(
      () => exclusive(async (call2) => {
        await call2("DELETE", "/account", {});
        await leave();
      })
    )
  )
});

// client/code-sign-in.ts
var givenCode = ({ transaction, code }) => ({ transaction, code });
var createCodeSignIn = (call, change) => ({
  start: ({ type, value }) => call("POST", "/sign-in/code/start", { type, value }),
  verify: (given) => change("/sign-in/code", givenCode(given))
});

// client/errors.ts
var notUnderstood = "The request was not understood.";
var beginAgain = "That was begun elsewhere, or too long ago: please begin again.";
var sentences = {
  // The server's codes.
  invalid_request: notUnderstood,
  ambiguous_credentials: notUnderstood,
  unknown_collection: notUnderstood,
  method_not_allowed: notUnderstood,
  unsupported_grant_type: notUnderstood,
  unsupported_token_type: notUnderstood,
  invalid_scope: notUnderstood,
  unknown_prompt: notUnderstood,
  invalid_target: notUnderstood,
  invalid_client: "This app is not registered with the service.",
  invalid_grant: beginAgain,
  invalid_dpop_proof: "This device did not prove who it is. Is its clock right?",
  insufficient_scope: "This app may not do that.",
  unsupported_media_type: notUnderstood,
  body_too_large: "That is too large to send.",
  cross_site_request: "The request came from another site.",
  not_signed_in: "Nobody is signed in.",
  no_guest: "Nobody is signed in.",
  session_invalid: "Your session has ended.",
  guest_merged: "This guest is part of another account now.",
  insufficient_user_authentication: "Please confirm with your passkey.",
  authentication_failed: "That passkey did not work here.",
  registration_failed: "The passkey could not be saved.",
  device_key_invalid: "This device could not be remembered.",
  device_key_refused: "This device is no longer remembered.",
  too_many_device_keys: "This account cannot remember more devices.",
  recovery_code_wrong: "That is no recovery code, or it was used before.",
  link_invalid: "That code is wrong, was used, or is too old: please show a new one.",
  link_refused: "The other device said no.",
  would_leave_guest: "Somebody else is known on this device.",
  too_many_guesses: "Too many wrong codes: please wait a while.",
  too_many_passkeys: "This account cannot hold more passkeys.",
  too_many_sessions: "This account is signed in in too many places.",
  would_lose_account: "There would be no way back into this account.",
  collection_mismatch: "Somebody else is signed in here: sign out first.",
  merge_ticket_invalid: "That can no longer be done here.",
  merge_refused: "That cannot be done now: please try again later.",
  nothing_to_merge: "There is nothing left to merge.",
  no_profile: "There are no profiles here.",
  invalid_attribute: "That cannot be saved as it is.",
  profile_too_large: "That is more than a profile can hold.",
  precondition_failed: "That was changed elsewhere in the meantime.",
  invalid_login_id: "That is neither an e-mail address nor a telephone number.",
  no_codes: "No codes can be sent there.",
  not_sent: "The code could not be sent: is the address right?",
  too_many_codes: "Too many codes were asked for: please wait a while.",
  code_wrong: "That is not the code that was sent.",
  code_expired: "That code is no longer good: please ask for a new one.",
  flow_invalid: beginAgain,
  provider_unavailable: "The other service did not answer: please try again soon.",
  login_id_unknown: "There is no such account here.",
  login_id_taken: "You already have an account here.",
  promotion_refused: "That is not accepted here.",
  not_promoted: "Only a guest is signed in here.",
  too_many_login_ids: "This account cannot hold more addresses.",
  not_found: "That is no longer there.",
  request_timeout: "That took too long.",
  too_many_requests: "Too many attempts: please wait a moment.",
  unavailable: "The server is busy: please try again soon.",
  internal_error: "Something went wrong on the server.",
  // The client's own.
  network: "The server could not be reached.",
  server_error: "Something went wrong on the server.",
  timeout: "That took too long.",
  storage: "This browser could not read or keep what that needs. Is this a private window?",
  no_device_key: "This device is not remembered.",
  no_secret: "This passkey, or this browser, keeps no secrets.",
  cancelled: "That was cancelled.",
  aborted: "That was withdrawn.",
  unsupported: "This browser does not support passkeys.",
  already_here: "This device already holds a passkey for this account.",
  not_allowed_here: "That cannot be done at this web address.",
  no_user_verification: "This device needs a screen lock or a PIN to hold a passkey.",
  authenticator_error: "The device could not use a passkey just now."
};
var GuestClientError = class extends Error {
  name = "GuestClientError";
  /** Stable; decide by this, not by the message. */
  code;
  /** The HTTP status, where the server answered. */
  status;
  /**
   * Of `login_id_taken`, where the two accounts may be brought together: what `merge` takes once the guest has signed
   * in to the other one. Good for ten minutes.
   */
  ticket;
  constructor(code, cause, status, ticket) {
    super(sentences[code], { cause });
    this.code = code;
    this.status = status;
    this.ticket = ticket;
  }
};
var codeOf = (error) => error instanceof GuestClientError ? error.code : void 0;
var isOver = (error) => /^(session_invalid|guest_merged)$/.test(codeOf(error) ?? "");
function answerError(status, answer) {
  const { code, ticket } = Object(answer);
  const known = typeof code === "string" && Object.hasOwn(sentences, code);
  return new GuestClientError(known ? code : "server_error", answer, status, ticket);
}
var ceremonyCodes = {
  NotAllowedError: "cancelled",
  AbortError: "aborted",
  TimeoutError: "timeout",
  SecurityError: "not_allowed_here",
  InvalidStateError: "already_here",
  ConstraintError: "no_user_verification",
  NotSupportedError: "no_user_verification"
};
function ceremonyError(error, late = false) {
  const code = ceremonyCodes[error.name] ?? "authenticator_error";
  return new GuestClientError(late && code === "cancelled" ? "timeout" : code, error);
}

// client/browser-store.ts
var stores = "sessions";
function openBrowserStore(name, mustLast = false) {
  let memory;
  async function transact(change) {
    const db = memory ? void 0 : await openDatabase();
    if (db) return inDatabase(db, change).finally(() => db.close());
    memory ??= {};
    const { stored } = memory;
    change?.(stored, (next) => {
      if (next && mustLast) throw storageError("no IndexedDB");
      memory = { stored: next };
    });
    return stored;
  }
  const inDatabase = (db, change) => new Promise((resolve, reject) => {
    const transaction = db.transaction(stores, change ? "readwrite" : "readonly", { durability: "strict" });
    const store = transaction.objectStore(stores);
    const reading = store.get(name);
    reading.onsuccess = () => change?.(reading.result, (next) => {
      try {
        if (next) store.put(next, name);
        else store.delete(name);
      } catch {
        if (mustLast) transaction.abort();
        else memory = { stored: next };
      }
    });
    transaction.oncomplete = () => resolve(reading.result);
    transaction.onabort = () => reject(storageError(transaction.error));
  });
  return {
    read: () => transact(),
    async replace(next, expected) {
      const fits = (stored) => expected === void 0 || stored?.id === expected;
      return fits(await transact((stored, put) => fits(stored) && put(next)));
    }
  };
}
var storageError = (cause) => new GuestClientError("storage", cause);
var openDatabase = () => new Promise((resolve, reject) => {
  const opening = indexedDB.open("guestkey", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(stores);
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
}).catch((error) => {
  if (!/Reference|Type|Security|InvalidState/.test(error.name)) throw storageError(error);
});

// client/http.ts
var patienceMilliseconds = 3e4;
var defaultBaseUrl = /^(.*)\/client\.js(?:[?#]|$)/.exec(import.meta.url)?.[1] ?? "/guest";
var createCall = (baseUrl, send = (url, init) => fetch(url, init)) => async (method, path2, body, versioned) => {
  let response;
  let text;
  try {
    response = await send(baseUrl + path2, {
      method,
      ...body && { body: JSON.stringify(body) },
      headers: {
        ...body && { "content-type": "application/json" },
        ...versioned?.ifMatch && { "if-match": versioned.ifMatch }
      },
      cache: "no-store",
      signal: AbortSignal.timeout?.(patienceMilliseconds)
    });
    text = await response.text();
  } catch (error) {
    if (codeOf(error)) throw error;
    throw new GuestClientError(error.name === "TimeoutError" ? "timeout" : "network", error);
  }
  const { ok, status } = response;
  if (status === 204) return void 0;
  let answer;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new GuestClientError("server_error", error, status);
  }
  if (!ok) throw answerError(status, answer);
  return versioned ? { ...answer, etag: response.headers.get("etag") } : answer;
};
var retryDelaysMilliseconds = [300, 900];
async function insist(work) {
  for (const delay of retryDelaysMilliseconds) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== "network") throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  return work();
}
var asksForStepUp = (response) => response.status === 401 && /[\s,]error\s*=\s*"?insufficient_user_authentication\b/i.test(
  response.headers.get("www-authenticate") ?? ""
);

// node_modules/@simplewebauthn/browser/esm/helpers/bufferToBase64URLString.js
function bufferToBase64URLString(buffer) {
  const bytes2 = new Uint8Array(buffer);
  let str = "";
  for (const charCode of bytes2) {
    str += String.fromCharCode(charCode);
  }
  const base64String = btoa(str);
  return base64String.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// node_modules/@simplewebauthn/browser/esm/helpers/base64URLStringToBuffer.js
function base64URLStringToBuffer(base64URLString) {
  const base64 = base64URLString.replace(/-/g, "+").replace(/_/g, "/");
  const padLength = (4 - base64.length % 4) % 4;
  const padded = base64.padEnd(base64.length + padLength, "=");
  const binary = atob(padded);
  const buffer = new ArrayBuffer(binary.length);
  const bytes2 = new Uint8Array(buffer);
  for (let i = 0; i < binary.length; i++) {
    bytes2[i] = binary.charCodeAt(i);
  }
  return buffer;
}

// node_modules/@simplewebauthn/browser/esm/helpers/browserSupportsWebAuthn.js
function browserSupportsWebAuthn() {
  return _browserSupportsWebAuthnInternals.stubThis(globalThis?.PublicKeyCredential !== void 0 && typeof globalThis.PublicKeyCredential === "function");
}
var _browserSupportsWebAuthnInternals = {
  stubThis: (value) => value
};

// node_modules/@simplewebauthn/browser/esm/helpers/toPublicKeyCredentialDescriptor.js
function toPublicKeyCredentialDescriptor(descriptor) {
  const { id } = descriptor;
  return {
    ...descriptor,
    id: base64URLStringToBuffer(id),
    transports: descriptor.transports,
    type: descriptor.type
  };
}

// node_modules/@simplewebauthn/browser/esm/helpers/isValidDomain.js
function isValidDomain(hostname) {
  return (
    // Consider localhost valid as well since it's okay wrt Secure Contexts
    hostname === "localhost" || // Support punycode (ACE) or ascii labels and domains
    /^((xn--[a-z0-9-]+|[a-z0-9]+(-[a-z0-9]+)*)\.)+([a-z]{2,}|xn--[a-z0-9-]+)$/i.test(hostname)
  );
}

// node_modules/@simplewebauthn/browser/esm/helpers/webAuthnError.js
var WebAuthnError = class extends Error {
  constructor({ message, code, cause, name }) {
    super(message, { cause });
    Object.defineProperty(this, "code", {
      enumerable: true,
      configurable: true,
      writable: true,
      value: void 0
    });
    this.name = name ?? cause.name;
    this.code = code;
  }
};

// node_modules/@simplewebauthn/browser/esm/helpers/identifyRegistrationError.js
function identifyRegistrationError({ error, options }) {
  const { publicKey } = options;
  if (!publicKey) {
    throw Error("options was missing required publicKey property");
  }
  if (error.name === "AbortError") {
    if (options.signal instanceof AbortSignal) {
      return new WebAuthnError({
        message: "Registration ceremony was sent an abort signal",
        code: "ERROR_CEREMONY_ABORTED",
        cause: error
      });
    }
  } else if (error.name === "ConstraintError") {
    if (publicKey.authenticatorSelection?.requireResidentKey === true) {
      return new WebAuthnError({
        message: "Discoverable credentials were required but no available authenticator supported it",
        code: "ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT",
        cause: error
      });
    } else if (
      // @ts-ignore: `mediation` doesn't yet exist on CredentialCreationOptions but it's possible as of Sept 2024
      options.mediation === "conditional" && publicKey.authenticatorSelection?.userVerification === "required"
    ) {
      return new WebAuthnError({
        message: "User verification was required during automatic registration but it could not be performed",
        code: "ERROR_AUTO_REGISTER_USER_VERIFICATION_FAILURE",
        cause: error
      });
    } else if (publicKey.authenticatorSelection?.userVerification === "required") {
      return new WebAuthnError({
        message: "User verification was required but no available authenticator supported it",
        code: "ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT",
        cause: error
      });
    }
  } else if (error.name === "InvalidStateError") {
    return new WebAuthnError({
      message: "The authenticator was previously registered",
      code: "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED",
      cause: error
    });
  } else if (error.name === "NotAllowedError") {
    return new WebAuthnError({
      message: error.message,
      code: "ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY",
      cause: error
    });
  } else if (error.name === "NotSupportedError") {
    const validPubKeyCredParams = publicKey.pubKeyCredParams.filter((param) => param.type === "public-key");
    if (validPubKeyCredParams.length === 0) {
      return new WebAuthnError({
        message: 'No entry in pubKeyCredParams was of type "public-key"',
        code: "ERROR_MALFORMED_PUBKEYCREDPARAMS",
        cause: error
      });
    }
    return new WebAuthnError({
      message: "No available authenticator supported any of the specified pubKeyCredParams algorithms",
      code: "ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG",
      cause: error
    });
  } else if (error.name === "SecurityError") {
    const effectiveDomain = globalThis.location.hostname;
    if (!isValidDomain(effectiveDomain)) {
      return new WebAuthnError({
        message: `${globalThis.location.hostname} is an invalid domain`,
        code: "ERROR_INVALID_DOMAIN",
        cause: error
      });
    } else if (publicKey.rp.id !== effectiveDomain) {
      return new WebAuthnError({
        message: `The RP ID "${publicKey.rp.id}" is invalid for this domain`,
        code: "ERROR_INVALID_RP_ID",
        cause: error
      });
    }
  } else if (error.name === "TypeError") {
    if (publicKey.user.id.byteLength < 1 || publicKey.user.id.byteLength > 64) {
      return new WebAuthnError({
        message: "User ID was not between 1 and 64 characters",
        code: "ERROR_INVALID_USER_ID_LENGTH",
        cause: error
      });
    }
  } else if (error.name === "UnknownError") {
    return new WebAuthnError({
      message: "The authenticator was unable to process the specified options, or could not create a new credential",
      code: "ERROR_AUTHENTICATOR_GENERAL_ERROR",
      cause: error
    });
  }
  return error;
}

// node_modules/@simplewebauthn/browser/esm/helpers/webAuthnAbortService.js
var BaseWebAuthnAbortService = class {
  constructor() {
    Object.defineProperty(this, "controller", {
      enumerable: true,
      configurable: true,
      writable: true,
      value: void 0
    });
  }
  createNewAbortSignal() {
    if (this.controller) {
      const abortError = new Error("Cancelling existing WebAuthn API call for new one");
      abortError.name = "AbortError";
      this.controller.abort(abortError);
    }
    const newController = new AbortController();
    this.controller = newController;
    return newController.signal;
  }
  cancelCeremony() {
    if (this.controller) {
      const abortError = new Error("Manually cancelling existing WebAuthn API call");
      abortError.name = "AbortError";
      this.controller.abort(abortError);
      this.controller = void 0;
    }
  }
};
var WebAuthnAbortService = new BaseWebAuthnAbortService();

// node_modules/@simplewebauthn/browser/esm/helpers/toAuthenticatorAttachment.js
var attachments = ["cross-platform", "platform"];
function toAuthenticatorAttachment(attachment) {
  if (!attachment) {
    return;
  }
  if (attachments.indexOf(attachment) < 0) {
    return;
  }
  return attachment;
}

// node_modules/@simplewebauthn/browser/esm/methods/startRegistration.js
async function startRegistration(options) {
  if (!options.optionsJSON && options.challenge) {
    options = { optionsJSON: options };
  }
  const { optionsJSON, useAutoRegister = false } = options;
  if (!browserSupportsWebAuthn()) {
    throw new Error("WebAuthn is not supported in this browser");
  }
  const publicKey = {
    ...optionsJSON,
    challenge: base64URLStringToBuffer(optionsJSON.challenge),
    user: {
      ...optionsJSON.user,
      id: base64URLStringToBuffer(optionsJSON.user.id)
    },
    excludeCredentials: optionsJSON.excludeCredentials?.map(toPublicKeyCredentialDescriptor)
  };
  const createOptions = {};
  if (useAutoRegister) {
    createOptions.mediation = "conditional";
  }
  createOptions.publicKey = publicKey;
  createOptions.signal = WebAuthnAbortService.createNewAbortSignal();
  let credential;
  try {
    credential = await navigator.credentials.create(
      // TODO: Newer versions of Deno require this casting, revisit once we're using Deno 2.6+
      createOptions
    );
  } catch (err) {
    throw identifyRegistrationError({ error: err, options: createOptions });
  }
  if (!credential) {
    throw new Error("Registration was not completed");
  }
  const { id, rawId, response, type } = credential;
  let transports = void 0;
  if (typeof response.getTransports === "function") {
    transports = response.getTransports();
  }
  let responsePublicKeyAlgorithm = void 0;
  if (typeof response.getPublicKeyAlgorithm === "function") {
    try {
      responsePublicKeyAlgorithm = response.getPublicKeyAlgorithm();
    } catch (error) {
      warnOnBrokenImplementation("getPublicKeyAlgorithm()", error);
    }
  }
  let responsePublicKey = void 0;
  if (typeof response.getPublicKey === "function") {
    try {
      const _publicKey = response.getPublicKey();
      if (_publicKey !== null) {
        responsePublicKey = bufferToBase64URLString(_publicKey);
      }
    } catch (error) {
      warnOnBrokenImplementation("getPublicKey()", error);
    }
  }
  let responseAuthenticatorData;
  if (typeof response.getAuthenticatorData === "function") {
    try {
      responseAuthenticatorData = bufferToBase64URLString(response.getAuthenticatorData());
    } catch (error) {
      warnOnBrokenImplementation("getAuthenticatorData()", error);
    }
  }
  return {
    id,
    rawId: bufferToBase64URLString(rawId),
    response: {
      attestationObject: bufferToBase64URLString(response.attestationObject),
      clientDataJSON: bufferToBase64URLString(response.clientDataJSON),
      transports,
      publicKeyAlgorithm: responsePublicKeyAlgorithm,
      publicKey: responsePublicKey,
      authenticatorData: responseAuthenticatorData
    },
    type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: toAuthenticatorAttachment(credential.authenticatorAttachment)
  };
}
function warnOnBrokenImplementation(methodName, cause) {
}

// node_modules/@simplewebauthn/browser/esm/helpers/browserSupportsWebAuthnAutofill.js
function browserSupportsWebAuthnAutofill() {
  if (!browserSupportsWebAuthn()) {
    return _browserSupportsWebAuthnAutofillInternals.stubThis(new Promise((resolve) => resolve(false)));
  }
  const globalPublicKeyCredential = globalThis.PublicKeyCredential;
  if (globalPublicKeyCredential?.isConditionalMediationAvailable === void 0) {
    return _browserSupportsWebAuthnAutofillInternals.stubThis(new Promise((resolve) => resolve(false)));
  }
  return _browserSupportsWebAuthnAutofillInternals.stubThis(globalPublicKeyCredential.isConditionalMediationAvailable());
}
var _browserSupportsWebAuthnAutofillInternals = {
  stubThis: (value) => value
};

// node_modules/@simplewebauthn/browser/esm/helpers/identifyAuthenticationError.js
function identifyAuthenticationError({ error, options }) {
  const { publicKey } = options;
  if (!publicKey) {
    throw Error("options was missing required publicKey property");
  }
  if (error.name === "AbortError") {
    if (options.signal instanceof AbortSignal) {
      return new WebAuthnError({
        message: "Authentication ceremony was sent an abort signal",
        code: "ERROR_CEREMONY_ABORTED",
        cause: error
      });
    }
  } else if (error.name === "NotAllowedError") {
    return new WebAuthnError({
      message: error.message,
      code: "ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY",
      cause: error
    });
  } else if (error.name === "SecurityError") {
    const effectiveDomain = globalThis.location.hostname;
    if (!isValidDomain(effectiveDomain)) {
      return new WebAuthnError({
        message: `${globalThis.location.hostname} is an invalid domain`,
        code: "ERROR_INVALID_DOMAIN",
        cause: error
      });
    } else if (publicKey.rpId !== effectiveDomain) {
      return new WebAuthnError({
        message: `The RP ID "${publicKey.rpId}" is invalid for this domain`,
        code: "ERROR_INVALID_RP_ID",
        cause: error
      });
    }
  } else if (error.name === "UnknownError") {
    return new WebAuthnError({
      message: "The authenticator was unable to process the specified options, or could not create a new assertion signature",
      code: "ERROR_AUTHENTICATOR_GENERAL_ERROR",
      cause: error
    });
  }
  return error;
}

// node_modules/@simplewebauthn/browser/esm/methods/startAuthentication.js
async function startAuthentication(options) {
  if (!options.optionsJSON && options.challenge) {
    options = { optionsJSON: options };
  }
  const { optionsJSON, useBrowserAutofill = false, verifyBrowserAutofillInput = true } = options;
  if (!browserSupportsWebAuthn()) {
    throw new Error("WebAuthn is not supported in this browser");
  }
  let allowCredentials;
  if (optionsJSON.allowCredentials?.length !== 0) {
    allowCredentials = optionsJSON.allowCredentials?.map(toPublicKeyCredentialDescriptor);
  }
  const publicKey = {
    ...optionsJSON,
    challenge: base64URLStringToBuffer(optionsJSON.challenge),
    allowCredentials
  };
  const getOptions = {};
  if (useBrowserAutofill) {
    if (!await browserSupportsWebAuthnAutofill()) {
      throw Error("Browser does not support WebAuthn autofill");
    }
    const eligibleInputs = document.querySelectorAll("input[autocomplete$='webauthn']");
    if (eligibleInputs.length < 1 && verifyBrowserAutofillInput) {
      throw Error('No <input> with "webauthn" as the only or last value in its `autocomplete` attribute was detected');
    }
    getOptions.mediation = "conditional";
    publicKey.allowCredentials = [];
  }
  getOptions.publicKey = publicKey;
  getOptions.signal = WebAuthnAbortService.createNewAbortSignal();
  let credential;
  try {
    credential = await navigator.credentials.get(
      // TODO: Newer versions of Deno require this casting, revisit once we're using Deno 2.6+
      getOptions
    );
  } catch (err) {
    throw identifyAuthenticationError({ error: err, options: getOptions });
  }
  if (!credential) {
    throw new Error("Authentication was not completed");
  }
  const { id, rawId, response, type } = credential;
  let userHandle = void 0;
  if (response.userHandle) {
    userHandle = bufferToBase64URLString(response.userHandle);
  }
  return {
    id,
    rawId: bufferToBase64URLString(rawId),
    response: {
      authenticatorData: bufferToBase64URLString(response.authenticatorData),
      clientDataJSON: bufferToBase64URLString(response.clientDataJSON),
      signature: bufferToBase64URLString(response.signature),
      userHandle
    },
    type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: toAuthenticatorAttachment(credential.authenticatorAttachment)
  };
}

// client/jws.ts
var newKey = async () => globalThis.crypto?.subtle?.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
var bytes = (text) => new TextEncoder().encode(text);
var hash = async (text) => bufferToBase64URLString(await crypto.subtle.digest("SHA-256", bytes(text)));
async function publicJwk({ publicKey }) {
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return { crv, kty, x, y };
}
var part = (content) => bufferToBase64URLString(bytes(JSON.stringify(content)).buffer);
async function signJwt({ privateKey }, header, claims) {
  const signed = `${part({ alg: "ES256", ...header })}.${part(claims)}`;
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return `${signed}.${bufferToBase64URLString(await crypto.subtle.sign(algorithm, privateKey, bytes(signed)))}`;
}

// client/ceremonies.ts
var dialog = Promise.resolve(false);
var open = 0;
var lastDialog = () => open ? {} : dialog;
function inDialog(flow) {
  if (!browserSupportsWebAuthn()) {
    return Promise.reject(
      new GuestClientError(globalThis.isSecureContext === false ? "not_allowed_here" : "unsupported")
    );
  }
  const result = flow();
  const ended = (well) => () => {
    open--;
    return well;
  };
  open++;
  dialog = result.then(ended(true), ended(false));
  return result;
}
async function show(start, optionsJSON) {
  const began = Date.now();
  try {
    return await start({ optionsJSON });
  } catch (error) {
    throw ceremonyError(error, Date.now() - began >= (optionsJSON.timeout ?? Infinity));
  }
}
var isCapable = async (capability) => (await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => {
}))?.[capability] === true;
async function startImmediately({
  optionsJSON
}) {
  WebAuthnAbortService.cancelCeremony();
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(optionsJSON),
    uiMode: "immediate"
  });
  return credential.toJSON();
}
async function autofill(askOptions, closed) {
  let options;
  let seen = dialog;
  closed.onabort = () => {
    if (seen === dialog) WebAuthnAbortService.cancelCeremony();
  };
  await seen;
  for (; ; ) {
    while (seen !== dialog) {
      seen = dialog;
      if (await seen) throw new GuestClientError("aborted");
    }
    const began = Date.now();
    options = await askOptions().catch((error) => {
      if (!options) throw error;
      return options;
    });
    if (closed.aborted) throw new GuestClientError("aborted");
    if (seen !== dialog) continue;
    try {
      const response = await startAuthentication({
        optionsJSON: options,
        useBrowserAutofill: true,
        // The field may be in a shadow tree, or come later; SimpleWebAuthn sees neither.
        verifyBrowserAutofillInput: false
      });
      return { response, late: Date.now() - began >= (options.timeout ?? Infinity), rpId: options.rpId };
    } catch (cause) {
      const error = ceremonyError(cause);
      if (error.code !== "aborted" || seen === dialog) throw error;
    }
  }
}

// client/secret.ts
var prfInput = { prf: { eval: { first: bytes("guestkey secret") } } };
async function deriveSecret(results, label) {
  const first = results.prf?.results?.first;
  if (!first) throw new GuestClientError("no_secret");
  const { subtle } = crypto;
  const key = await subtle.importKey("raw", first, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes(label) };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 256));
}

// client/passkeys.ts
var itemPath = (list, id, force) => `${list}/${encodeURIComponent(id)}${force ? "?force=true" : ""}`;
async function sendProof(call, path2, proof) {
  let tries = 0;
  return insist(() => {
    tries++;
    return call("POST", path2, proof);
  }).catch((error) => {
    if (codeOf(error) !== "authentication_failed" || tries < 2) throw error;
    return ownerOf(call, proof.id).catch((reason) => {
      throw codeOf(reason) === "guest_merged" ? reason : error;
    });
  });
}
function withoutSecrets(proof) {
  const { prf, ...clientExtensionResults } = proof.clientExtensionResults;
  return { ...proof, clientExtensionResults };
}
async function ownerOf(call, id) {
  await call("GET", itemPath("/passkeys", id));
  return call("GET", "/userinfo");
}
function createPasskeys({ call, exclusive, adopt, user, recheck, signals }) {
  let proofs = 0;
  let steppingUp;
  let autofilling;
  let closing;
  async function finish(path2, proof) {
    const sent = withoutSecrets(proof);
    const guest = await exclusive(async (call2) => adopt(await sendProof(call2, path2, sent)));
    proofs++;
    return guest;
  }
  const register = (ask, { hints, conditional } = {}) => inDialog(async () => {
    const askOptions = () => ask("POST", "/passkeys/register/options", { conditional });
    const options = await askOptions().catch((error) => {
      if (!isOver(error)) throw error;
      return askOptions();
    });
    const optionsJSON = {
      ...options,
      ...hints && { hints },
      // Some authenticators give no secrets by a passkey of which nobody said so at first.
      extensions: { ...options.extensions, prf: {} }
    };
    const start = conditional ? (given) => startRegistration({ ...given, useAutoRegister: true }) : startRegistration;
    return finish("/passkeys/register", await show(start, optionsJSON));
  }).then(signalled);
  const registerUnasked = async () => await isCapable("conditionalCreate") ? register(call, { conditional: true }).catch(() => null) : null;
  const askAuthentication = (body = {}) => call("POST", "/passkeys/authenticate/options", body);
  const finishSignIn = (proof, rpId) => finish("/passkeys/authenticate", proof).catch((error) => {
    if (codeOf(error) === "authentication_failed") signals.unknown(withoutSecrets(proof), rpId);
    throw error;
  });
  function signalled(answer) {
    signals.current();
    return answer;
  }
  const authenticate = ({ hints, start = startAuthentication } = {}) => inDialog(async () => {
    const options = await askAuthentication();
    const response = await show(start, { ...options, ...hints && { hints } });
    return finishSignIn(response, options.rpId);
  }).then(signalled);
  const prove = (extensions) => inDialog(async () => {
    const options = await askAuthentication({ step_up: true });
    const response = await show(startAuthentication, {
      ...options,
      extensions: { ...options.extensions, ...extensions }
    });
    await finish("/passkeys/authenticate", response);
    return response;
  });
  const signInImmediately = async () => {
    if (!await isCapable("immediateGet")) throw new GuestClientError("unsupported");
    return authenticate({ start: startImmediately });
  };
  async function signInByAutofill() {
    closing = new AbortController();
    if (!await browserSupportsWebAuthnAutofill()) throw new GuestClientError("unsupported");
    const { response, late, rpId } = await autofill(askAuthentication, closing.signal);
    try {
      return signalled(await finishSignIn(response, rpId));
    } catch (error) {
      if (late && codeOf(error) === "authentication_failed") return authenticate();
      throw error;
    }
  }
  async function stepUp() {
    const hasNone = /none|device/.test((await user())?.recoverability ?? "");
    await (hasNone ? register(call) : prove());
  }
  const watchProofs = () => {
    const seen = proofs;
    return async () => {
      if (seen !== proofs) return;
      steppingUp ??= stepUp().finally(() => {
        steppingUp = void 0;
      });
      await steppingUp;
    };
  };
  const withStepUp = async (work) => {
    const prove2 = watchProofs();
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== "insufficient_user_authentication") throw error;
      await prove2();
      return work();
    }
  };
  const callWithStepUp = (...asked) => withStepUp(() => call(...asked));
  const passkeys = {
    add: ((options) => options?.conditional ? registerUnasked() : register(callWithStepUp, options)),
    signIn(options = {}) {
      if (options.immediate) return signInImmediately();
      if (!options.autofill) return authenticate({ hints: options.hints });
      autofilling ??= signInByAutofill().finally(() => {
        autofilling = void 0;
      });
      return autofilling;
    },
    list: async () => (await call("GET", "/passkeys")).passkeys,
    secret: async (label) => {
      const { clientExtensionResults, id } = await prove(prfInput);
      return { secret: await deriveSecret(clientExtensionResults, label), passkeyId: id };
    },
    rename: (id, name) => call("PATCH", itemPath("/passkeys", id), { name }).then(signalled),
    async remove(id, options) {
      await callWithStepUp("DELETE", itemPath("/passkeys", id, options?.force));
      signals.current();
      await recheck();
    },
    supported: browserSupportsWebAuthn,
    autofillSupported: browserSupportsWebAuthnAutofill
  };
  return {
    passkeys,
    watchProofs,
    withStepUp,
    callWithStepUp,
    close: () => closing?.abort()
  };
}

// client/device-key.ts
var proofSeconds = 5 * 60;
function createDeviceKey({
  name,
  call,
  exclusive,
  withStepUp,
  adopt,
  whoIsThere,
  recheck
}) {
  const mark = `${name}:key`;
  const store = openBrowserStore(mark, true);
  async function keep(held, expected) {
    const isKept = await store.replace(held, expected);
    try {
      if (isKept && held) localStorage.setItem(mark, "");
      else if (isKept) localStorage.removeItem(mark);
    } catch {
    }
  }
  function wasKept() {
    try {
      return localStorage.getItem(mark) !== null;
    } catch {
      return true;
    }
  }
  async function sign(call2, purpose, { key, issuer, ...held }) {
    const { challenge, now } = await call2(
      "POST",
      "/device-keys/challenge",
      { purpose }
    );
    const isNew = purpose === "register";
    return signJwt(
      key,
      isNew ? { typ: "device-key-registration+jwt", jwk: await publicJwk(key) } : { typ: "device-key-assertion+jwt", kid: held.id },
      {
        ...!isNew && { iss: held.anonymousId },
        sub: held.anonymousId,
        aud: issuer,
        iat: now,
        exp: now + proofSeconds,
        nonce: challenge
      }
    );
  }
  const list = async (ask = call) => (await ask("GET", "/device-keys")).device_keys;
  async function register(call2, { name: name2, replace } = {}) {
    const { anonymous_id: anonymousId } = await call2("GET", "/userinfo");
    const before = await store.read();
    if (before?.anonymousId === anonymousId) {
      const known = (await list(call2)).find(({ id: id2 }) => id2 === before.id);
      if (known) return known;
    } else if (before && !replace) throw new GuestClientError("would_leave_guest");
    const key = await newKey();
    if (!key) throw new GuestClientError("not_allowed_here");
    const { issuer } = await call2("GET", "/.well-known/oauth-authorization-server");
    const id = await hash(JSON.stringify(await publicJwk(key)));
    const held = { id, anonymousId, issuer, key, mayResume: true };
    await keep(held);
    try {
      const proof = await sign(call2, "register", held);
      const answer = await insist(
        () => call2("POST", "/device-keys", { proof, name: name2 })
      );
      return (await adopt(answer)).device_key;
    } catch (error) {
      if ((error.status ?? 500) < 500) await keep(before, id);
      throw error;
    }
  }
  const isRefused = (error) => /^(device_key_refused|guest_merged)$/.test(codeOf(error) ?? "");
  async function signInBy(call2, held) {
    const once = async () => call2("POST", "/device-keys/sign-in", { assertion: await sign(call2, "sign_in", held) });
    try {
      return await adopt(await once().catch((error) => isRefused(error) ? once() : Promise.reject(error)));
    } catch (error) {
      if (isRefused(error)) await keep(void 0, held.id);
      throw error;
    }
  }
  const remove = async (id, options) => {
    await withStepUp(() => call("DELETE", itemPath("/device-keys", id, options?.force)));
    await keep(void 0, id);
    await recheck();
  };
  const deviceKey = {
    // The step-up needs the lock for itself.
    enable: (options) => withStepUp(() => exclusive((call2) => register(call2, options))),
    async disable(options) {
      const held = await store.read();
      if (!held) return;
      await remove(held.id, options).catch(async (error) => {
        if (codeOf(error) !== "not_found" || !(held.mayResume || options?.force)) throw error;
        await keep(void 0, held.id);
      });
    },
    signIn: () => exclusive(async (call2) => {
      const held = await store.read();
      if (!held) throw new GuestClientError("no_device_key");
      const guest = await whoIsThere(call2);
      return guest?.anonymous_id === held.anonymousId ? adopt(guest) : signInBy(call2, held);
    }),
    isEnabled: async () => Boolean(await store.read()),
    async held() {
      const held = await store.read();
      return held ? { id: held.id, anonymousId: held.anonymousId, mayResume: held.mayResume } : null;
    }
  };
  const deviceKeys = {
    list: () => list(),
    rename: (id, name2) => call("PATCH", itemPath("/device-keys", id), { name: name2 }),
    remove
  };
  async function resumable() {
    const held = await store.read().catch((error) => {
      if (wasKept()) throw error;
    });
    return held?.mayResume ? held : void 0;
  }
  return {
    deviceKey,
    deviceKeys,
    /** Whether the guest may come back by the key, should nobody be signed in. */
    canResume: async () => Boolean(await resumable()),
    /** Signs in whoever may come back; null where the key is refused, and then it is no more. */
    async resume(call2) {
      const held = await resumable();
      if (!held) return null;
      return signInBy(call2, held).catch((error) => {
        if (isRefused(error)) return null;
        throw error;
      });
    },
    /** Takes note of who is signed in here from now on, by somebody's own doing; undefined: nobody. */
    async heed(anonymousId) {
      try {
        const held = await store.read();
        const mayResume = held?.anonymousId === anonymousId;
        if (held && held.mayResume !== mayResume) await keep({ ...held, mayResume }, held.id);
      } catch {
      }
    },
    /** The guest who was signed in is no more. */
    async drop() {
      const held = await store.read().catch(() => {
      });
      if (held?.mayResume) await keep(void 0, held.id);
    }
  };
}

// client/device-name.ts
var platforms = [
  [/iPhone/, "iOS"],
  [/iPad/, "iPadOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"]
];
var browsers = [
  [/Edg/, "Edge"],
  [/OPR|OPT/, "Opera"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/Firefox|FxiOS/, "Firefox"],
  [/Chrom|CriOS/, "Chrome"],
  [/Safari/, "Safari"]
];
function deviceName() {
  const { userAgent = "" } = globalThis.navigator ?? {};
  const find = (names) => names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "Unknown";
  return { platform: find(platforms), browser: find(browsers) };
}

// client/device-links.ts
var watchSeconds = 2;
var marker = "guestkey-link=";
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new GuestClientError("aborted", signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1e3);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
var passes = (error) => /^(network|(request_)?timeout|(server|internal)_error|unavailable|too_many_requests)$/.test(
  codeOf(error) ?? ""
);
async function poll(seconds, ask, signal) {
  for (; ; ) {
    if (signal?.aborted) await pause(0, signal);
    const answer = await ask().catch((error) => {
      if (!passes(error)) throw error;
    });
    if (answer) return answer;
    await pause(seconds, signal);
  }
}
function createDeviceLinks({
  call,
  callWithStepUp,
  exclusive,
  adopt,
  recheck
}) {
  let found = null;
  async function decide(id, approve) {
    const state = await call("PATCH", itemPath("/device-links", id), { approve });
    if (approve) await recheck();
    return state;
  }
  return {
    async start(options) {
      const { id, code, link, expires_at } = await callWithStepUp("POST", "/device-links", {});
      const url = new URL(options?.url ?? "", globalThis.location?.href);
      url.hash = marker + link;
      return { id, code, url: url.href, expiresAt: expires_at };
    },
    watch(id, { onChange, signal } = {}) {
      let before = "";
      return poll(
        watchSeconds,
        async () => {
          const state = await call("GET", itemPath("/device-links", id));
          const now = JSON.stringify(state);
          if (now !== before) onChange?.(state);
          before = now;
          return /done|refused/.test(state.status) ? state : void 0;
        },
        signal
      );
    },
    approve: (id) => decide(id, true),
    refuse: (id) => decide(id, false),
    cancel: (id) => call("DELETE", itemPath("/device-links", id)),
    pending() {
      const parts = (globalThis.location?.hash ?? "").slice(1).split("&");
      const part2 = parts.find((part3) => part3.startsWith(marker));
      if (part2) {
        found = part2.slice(marker.length);
        const url = new URL(location.href);
        url.hash = parts.filter((other) => other !== part2).join("&");
        history.replaceState(history.state, "", url);
      }
      return found;
    },
    async open({ code, link, leave }) {
      const body = { code, link, leave, device: deviceName() };
      const opened = await call("POST", "/device-links/open", body);
      found = null;
      const { secret, words, label, expires_at, interval } = opened;
      return {
        words,
        label,
        expiresAt: expires_at,
        claim: ({ signal } = {}) => poll(
          interval,
          () => exclusive(async (call2) => {
            const answer = await call2("POST", "/device-links/claim", {
              secret
            });
            return "sub" in answer ? adopt(answer) : void 0;
          }),
          signal
        )
      };
    }
  };
}

// client/due-prompts.ts
function createDuePrompts() {
  const known = /* @__PURE__ */ new Map();
  let sub;
  return {
    news(guest, moment = "") {
      const prompts = guest?.prompts ?? [];
      if (sub !== guest?.sub) known.clear();
      sub = guest?.sub;
      for (const [prompt, at] of known)
        if ((!at || at === moment) && !prompts.includes(prompt)) known.delete(prompt);
      const news = prompts.filter((prompt) => !known.has(prompt));
      for (const prompt of moment ? news : prompts) known.set(prompt, moment);
      return news;
    },
    forget: (prompt) => void known.delete(prompt)
  };
}

// client/guest-state.ts
var textOf = (guest) => JSON.stringify(guest && { ...guest, expires_at: 0 });
function createGuestState(name, recheck) {
  const listeners = /* @__PURE__ */ new Set();
  const due = createDuePrompts();
  let current;
  let channel;
  const onVisible = () => {
    if (document.visibilityState === "visible") recheck();
  };
  const onPageShow = (event) => {
    if (event.persisted) recheck();
  };
  function watch() {
    channel = new BroadcastChannel(name);
    channel.onmessage = recheck;
    globalThis.document?.addEventListener("visibilitychange", onVisible);
    globalThis.addEventListener?.("pageshow", onPageShow);
  }
  function unwatch() {
    channel?.close();
    channel = void 0;
    globalThis.document?.removeEventListener("visibilitychange", onVisible);
    globalThis.removeEventListener?.("pageshow", onPageShow);
  }
  function listen(listener) {
    if (!channel) watch();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (!listeners.size) unwatch();
    };
  }
  const lasting = (guest) => ({
    ...guest,
    prompts: current?.sub === guest.sub ? current.prompts : []
  });
  return {
    settle(guest, moment) {
      const next = guest && moment ? lasting(guest) : guest;
      const isNews = textOf(next) !== textOf(current);
      current = next;
      const news = due.news(guest, moment);
      for (const { change, due: due2 } of listeners) {
        if (isNews && change) queueMicrotask(() => change(next));
        if (due2) for (const prompt of news) queueMicrotask(() => due2(prompt, guest));
      }
    },
    tellTabs() {
      const through = channel ?? new BroadcastChannel(name);
      through.postMessage("");
      if (!channel) through.close();
    },
    onChange: (change) => listen({ change }),
    onDue: (due2) => listen({ due: due2 }),
    onOfferPasskey: (offer) => listen({ offer }),
    offerPasskey(guest) {
      for (const { offer } of listeners) if (offer) queueMicrotask(() => offer(guest));
    },
    forgetDue: due.forget,
    close() {
      listeners.clear();
      unwatch();
    }
  };
}

// client/lock.ts
var lock = (name, mode, work) => globalThis.navigator?.locks ? navigator.locks.request(name, { mode }, work) : work();

// client/login-ids.ts
var createLoginIds = (call, callWithStepUp, recheck) => ({
  list: async () => (await call("GET", "/login-ids")).login_ids,
  setPrimary: async ({ type, value }) => (await call("PATCH", "/login-ids", { type, value })).login_ids,
  async remove({ type, value }, options) {
    await callWithStepUp("DELETE", `/login-ids${options?.force ? "?force=true" : ""}`, { type, value });
    await recheck();
  }
});

// client/profile.ts
var createProfiles = (call, recheck) => ({
  get: () => call("GET", "/profile", void 0, {}),
  async update(attributes, options) {
    const profile = await call(
      "PATCH",
      "/profile",
      { attributes },
      { ifMatch: options?.ifMatch }
    );
    await recheck();
    return profile;
  }
});

// client/promotion.ts
var createPromotion = ({
  callWithStepUp,
  withStepUp,
  change
}) => ({
  start: ({ type, value }) => callWithStepUp("POST", "/promotion/start", { type, value }),
  verify: (given) => change("/promotion/verify", givenCode(given)),
  // The step-up needs the lock for itself.
  undo: (options) => withStepUp(() => change("/promotion/undo", { force: options?.force }))
});

// client/prompts.ts
var createPrompts = (change, { onDue, forgetDue }) => ({
  onDue,
  async snooze(prompt, options) {
    const guest = await change("/prompts/snooze", { prompt, seconds: options?.seconds });
    forgetDue(prompt);
    return guest;
  }
});

// client/recovery-codes.ts
var path = "/recovery-codes";
var createRecoveryCodes = (call, callWithStepUp, recheck) => ({
  async create() {
    const codes = await callWithStepUp("POST", path, {});
    await recheck();
    return codes;
  },
  status: () => call("GET", path),
  async remove(options) {
    await callWithStepUp("DELETE", options?.force ? `${path}?force=true` : path);
    await recheck();
  }
});

// client/redirects.ts
var parameters = ["code", "state", "iss", "error", "error_description", "error_uri"];
function inStorage(work) {
  try {
    return work(sessionStorage);
  } catch (error) {
    throw new GuestClientError("storage", error);
  }
}
function clearAddress(state) {
  const url = new URL(location.href);
  if (url.searchParams.get("state") !== state) return;
  for (const name of parameters) url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}
function createRedirects({ baseUrl, name, clientId, callWithStepUp, change }) {
  const key = `${name}:redirect`;
  const mark = `${clientId}.`;
  let finishing;
  const leaveFor = (purpose) => async (options) => {
    const { redirectUri, locale } = options;
    if (!crypto.subtle) throw new GuestClientError("not_allowed_here");
    const verifier = bufferToBase64URLString(crypto.getRandomValues(new Uint8Array(32)).buffer);
    const state = mark + crypto.randomUUID();
    const { request_uri } = await callWithStepUp("POST", "/par", {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge: await hash(verifier),
      code_challenge_method: "S256",
      purpose
    });
    const begun = { state, verifier, redirectUri };
    inStorage((storage) => storage.setItem(key, JSON.stringify(begun)));
    const query = new URLSearchParams({
      client_id: clientId,
      request_uri,
      ...locale && { ui_locales: locale }
    });
    location.assign(`${baseUrl}/authorize?${query}`);
  };
  const take = (state) => inStorage((storage) => {
    const begun = JSON.parse(storage.getItem(key) ?? "null");
    if (begun?.state !== state) return void 0;
    storage.removeItem(key);
    return begun;
  });
  async function finish(url) {
    const answer = new URL(url, location.href).searchParams;
    const state = answer.get("state");
    const code = answer.get("code");
    const error = answer.get("error");
    if (!state?.startsWith(mark) || !(code || error)) return null;
    clearAddress(state);
    const begun = take(state);
    if (!begun) throw new GuestClientError("flow_invalid");
    if (error) throw new GuestClientError(error === "access_denied" ? "cancelled" : "server_error", error);
    const { verifier: code_verifier, redirectUri: redirect_uri } = begun;
    return change("/promotion/finish", { code, code_verifier, redirect_uri });
  }
  return {
    promote: leaveFor("promote"),
    signInWithRedirect: leaveFor("sign_in"),
    async finishPromotion(url = location.href) {
      finishing ??= finish(url).finally(() => {
        finishing = void 0;
      });
      return finishing;
    }
  };
}

// client/access-token.ts
var received = ({ access_token: token, token_type: type, expires_in: seconds }, of) => ({ ...of, token, type, seconds, at: performance.now(), wall: Date.now() });
var passedOn = (access) => ({
  ...access,
  at: performance.now() - Math.max(0, Date.now() - access.wall)
});
var secondsLeft = ({ at, wall, seconds }) => seconds - Math.max(performance.now() - at, Date.now() - wall) / 1e3;
var isAlive = (access) => secondsLeft(access) > 0;
var isGood = (access) => secondsLeft(access) > Math.min(60, access.seconds / 4);

// client/session-token.ts
function createSessionToken(call, clientId, name) {
  let access = null;
  let asking;
  let channel;
  const forget = () => {
    access = null;
  };
  async function ask() {
    try {
      const grant_type = "urn:guestkey:params:oauth:grant-type:session";
      const answer = await call("POST", "/token", { grant_type, client_id: clientId });
      access = received(answer, { id: 0, key: void 0 });
      return access;
    } catch (error) {
      if (codeOf(error) === "invalid_grant") return null;
      throw error;
    }
  }
  return {
    async current() {
      channel ??= new BroadcastChannel(name);
      channel.onmessage = forget;
      if (access && isGood(access)) return access;
      asking ??= ask().finally(() => {
        asking = void 0;
      });
      return asking;
    },
    forget,
    close() {
      channel?.close();
      channel = void 0;
    }
  };
}

// client/sessions.ts
var createSessions = (call, recheck) => ({
  list: async () => (await call("GET", "/sessions")).sessions,
  async end(id, options) {
    await call("DELETE", itemPath("/sessions", id, options?.force));
    await recheck();
  },
  endOthers: async () => (await call("DELETE", "/sessions")).ended
});

// client/signals.ts
var methods = () => globalThis.PublicKeyCredential ?? {};
var unasked = (work) => void work().catch(() => {
});
var createSignals = (call) => ({
  current: () => unasked(async () => {
    const { signalAllAcceptedCredentials: all, signalCurrentUserDetails: details } = methods();
    if (!all && !details) return;
    const seen = lastDialog();
    const { rp_id: rpId, user_id: userId, ...told } = await call("GET", "/passkeys/signal");
    if (seen !== lastDialog()) return;
    await Promise.all([
      all?.call(PublicKeyCredential, { rpId, userId, allAcceptedCredentialIds: told.credential_ids }),
      details?.call(PublicKeyCredential, {
        rpId,
        userId,
        name: told.name,
        displayName: told.display_name
      })
    ]);
  }),
  unknown: (proof, rpId) => unasked(async () => {
    const { signalUnknownCredential: signal } = methods();
    if (!signal || !rpId) return;
    const { unknown } = await call("POST", "/passkeys/unknown", proof);
    if (unknown === true) await signal.call(PublicKeyCredential, { rpId, credentialId: proof.id });
  })
});

// client/dpop.ts
async function createProof(key, { method, url }, time, accessToken) {
  const { origin, pathname } = new URL(url);
  return signJwt(
    key,
    { typ: "dpop+jwt", jwk: await publicJwk(key) },
    {
      jti: crypto.randomUUID(),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor(time / 1e3),
      ath: accessToken && await hash(accessToken)
    }
  );
}

// client/tokens.ts
var arrivalMilliseconds = 500;
var skewMilliseconds = 3e4;
var beginning = /^(POST \/(passkeys\/(register|authenticate|unknown)|promotion\/(verify|finish)|sign-in\/(recovery-)?code|device-keys\/sign-in|device-links\/(open|claim)|prompts\/snooze|merge\/undo)|PATCH \/label)$/;
function createTokens({ baseUrl, name, clientId, apis, dpop }) {
  const store = openBrowserStore(name);
  const origins = [new URL(baseUrl).origin, ...apis];
  let access = null;
  let renewing;
  let channel;
  let arrived = () => {
  };
  let skew = 0;
  const keyIfWanted = async () => dpop ? newKey() : void 0;
  function listen() {
    channel ??= new BroadcastChannel(`${name}:tokens`);
    channel.onmessage = ({ data }) => {
      access = data && passedOn(data);
      arrived();
    };
    return channel;
  }
  function hold(next) {
    access = next;
    listen().postMessage(next);
  }
  async function take(answer, key, expected) {
    const id = Math.random();
    const next = received(answer, { id, key });
    const kept = await store.replace({ id, key, refreshToken: answer.refresh_token }, expected);
    if (kept) hold(next);
    return kept;
  }
  const askToken = (body, key) => createCall(
    baseUrl,
    (url, init) => dispatch(new Request(url, { ...init, credentials: "omit" }), key)
  )("POST", "/token", { ...body, client_id: clientId });
  async function dispatch(request, key, access2, isFirst = true) {
    const again = request.clone();
    const headers = new Headers(request.headers);
    if (access2) headers.set("authorization", `${access2.type} ${access2.token}`);
    const proves = key && access2?.type !== "Bearer";
    if (proves) headers.set("dpop", await createProof(key, request, Date.now() + skew, access2?.token));
    const redirect = request.redirect === "manual" ? "manual" : "error";
    const response = await fetch(new Request(request, { headers, redirect }));
    const refused = response.status === 400 || response.status === 401;
    return isFirst && proves && refused && learnsTime(response) ? dispatch(again, key, access2, false) : response;
  }
  function learnsTime(response) {
    const ahead = Date.parse(response.headers.get("date") ?? "") - Date.now();
    const isNews = Math.abs(ahead - skew) > skewMilliseconds;
    if (isNews) skew = ahead;
    return isNews;
  }
  async function deliver(request, key) {
    const access2 = await current();
    if (!access2 && !key) return fetch(request);
    const again = request.clone();
    const response = await dispatch(request, access2?.key ?? key, access2);
    if (!access2 || response.status !== 401 || asksForStepUp(response)) return response;
    const next = await renew(access2);
    return next ? dispatch(again, next.key, next) : response;
  }
  async function current() {
    if (access && isGood(access)) return access;
    const last = access;
    return renew(last).catch((error) => {
      if (last && last === access && isAlive(last)) return last;
      throw error;
    });
  }
  async function renew(stale) {
    renewing ??= renewForAllTabs(stale).finally(() => {
      renewing = void 0;
    });
    return renewing;
  }
  async function renewForAllTabs(stale) {
    listen();
    let seen = await store.read();
    return lock(`${name}:tokens`, "exclusive", async () => {
      for (; ; ) {
        const stored = await store.read();
        if (!stored) {
          access = null;
          return null;
        }
        if (stored.id !== seen?.id && stored.id !== access?.id) await arrival();
        if (access && access !== stale && access.id === stored.id && isGood(access)) return access;
        seen = stored;
        const { id, refreshToken } = stored;
        const key = stored.key ?? await keyIfWanted();
        const body = { grant_type: "refresh_token", refresh_token: refreshToken };
        try {
          if (await take(await insist(() => askToken(body, key)), key, id)) return access;
        } catch (error) {
          if (codeOf(error) !== "invalid_grant") throw error;
          if (await store.replace(void 0, id)) hold(null);
        }
      }
    });
  }
  const arrival = () => new Promise((resolve) => {
    arrived = resolve;
    setTimeout(resolve, arrivalMilliseconds);
  });
  const ask = async (method, path2, body, versioned) => {
    if (method === "GET" && !await current()) throw new GuestClientError("not_signed_in");
    const begins = beginning.test(`${method} ${path2}`);
    const key = begins ? (await current())?.key ?? await keyIfWanted() : void 0;
    const call = createCall(
      baseUrl,
      (url, init) => deliver(new Request(url, { ...init, credentials: "omit" }), key)
    );
    if (!begins) return call(method, path2, body, versioned);
    const { tokens, ...answer } = await call(method, path2, {
      ...body,
      client_id: clientId
    });
    if (tokens) await take(tokens, key);
    return answer;
  };
  return {
    ask,
    current,
    /** Makes a new guest, unless somebody is signed in. */
    async begin(collection) {
      if (await current()) return;
      const key = await keyIfWanted();
      const grant_type = "urn:guestkey:params:oauth:grant-type:anonymous";
      await take(await askToken({ grant_type, collection }, key), key);
    },
    /** `fetch`, with the token where it may go. */
    send: (request) => origins.includes(new URL(request.url).origin) && !request.headers.has("authorization") ? deliver(request) : fetch(request),
    async forget() {
      await store.replace(void 0);
      hold(null);
    },
    close() {
      channel?.close();
      channel = void 0;
    }
  };
}

// client/client.ts
var ownClient = "guestkey";
var isNobody = (error) => /^(not_signed_in|no_guest)$/.test(codeOf(error) ?? "") || isOver(error);
var isNone = (error) => codeOf(error) === "unsupported" || error.cause?.name === "NotAllowedError";
function createGuestClient(options = {}) {
  const {
    baseUrl = defaultBaseUrl,
    mode = "cookie",
    clientId = ownClient,
    apis = [],
    dpop = true,
    ...unknown
  } = options;
  for (const key in unknown) throw new TypeError(`Unknown option: ${key}`);
  if (!/^(cookie|token)$/.test(mode)) throw new TypeError(`Unknown mode: ${mode}`);
  for (const api of apis) if (new URL(api).origin !== api) throw new TypeError(`Not an origin: ${api}`);
  const base = baseUrl.replace(/\/+$/, "");
  const { name, tokens } = mode === "token" ? byTokens() : byCookie();
  const ask = tokens?.ask ?? createCall(base);
  const state = createGuestState(name, () => void user().catch(() => {
  }));
  let signingIn;
  const reading = {};
  function byTokens() {
    const url = new URL(base, globalThis.location?.href).href;
    const name2 = `guestkey:${clientId}@${url}`;
    return { name: name2, tokens: createTokens({ baseUrl: url, name: name2, clientId, apis, dpop }) };
  }
  function byCookie() {
    return { name: `guestkey:${base.replace(/^\w+:\/\/[^/]+/, "")}`, tokens: void 0 };
  }
  const unlocked = async (...asked) => {
    try {
      return await ask(...asked);
    } catch (error) {
      if (isNobody(error)) {
        ofSession?.forget();
        state.settle(null);
      }
      throw error;
    }
  };
  const call = (...asked) => lock(name, "shared", () => unlocked(...asked));
  const exclusive = (work) => lock(name, "exclusive", () => work(unlocked));
  const ofSession = tokens ? void 0 : createSessionToken(call, clientId, name);
  async function adopt(answer) {
    const { passkey, device_key, previous, merged, ticket, offer_passkey, recovery_codes_left, ...guest } = answer;
    ofSession?.forget();
    await heed(guest.anonymous_id);
    state.settle(guest);
    if (offer_passkey) state.offerPasskey(answer);
    state.tellTabs();
    return answer;
  }
  const change = (path2, body, method = "POST") => exclusive(async (call2) => adopt(await call2(method, path2, body)));
  async function leave() {
    await (tokens ?? ofSession)?.forget();
    state.settle(null);
    state.tellTabs();
  }
  async function whoIsThere(call2, path2 = "/userinfo", moment2) {
    try {
      const guest = await call2("GET", path2);
      state.settle(guest, moment2);
      return guest;
    } catch (error) {
      if (isNobody(error)) return null;
      throw error;
    }
  }
  const read = (path2, moment2) => {
    reading[path2] ??= whoIsThere(call, path2, moment2).finally(() => {
      delete reading[path2];
    });
    return reading[path2];
  };
  const user = () => read("/userinfo");
  const moment = (name2) => read(`/userinfo?moment=${encodeURIComponent(name2)}`, name2);
  function recheck() {
    state.tellTabs();
    return user().catch(() => {
    });
  }
  const signals = createSignals(call);
  const { passkeys, watchProofs, withStepUp, callWithStepUp, close } = createPasskeys({
    call,
    exclusive,
    adopt,
    user,
    recheck,
    signals
  });
  const { deviceKey, deviceKeys, canResume, resume, heed, drop } = createDeviceKey({
    name,
    call,
    exclusive,
    withStepUp,
    adopt,
    whoIsThere,
    recheck
  });
  async function comeBack(call2, collection) {
    try {
      return await adopt(await call2("POST", "/sign-in", { collection, lookup_only: true }));
    } catch (error) {
      if (!isNobody(error)) throw error;
    }
    const guest = await resume(call2);
    if (guest && collection && guest.collection !== collection)
      throw new GuestClientError("collection_mismatch");
    return guest;
  }
  async function begin(call2, collection) {
    const signIn = async () => {
      await tokens?.begin(collection);
      return call2("POST", "/sign-in", { collection, ...tokens && { lookup_only: true } });
    };
    return adopt(
      await signIn().catch((error) => {
        if (!isOver(error)) throw error;
        return signIn();
      })
    );
  }
  async function continueAsGuest({ collection, immediate }) {
    const known = await exclusive(async (call2) => {
      const guest2 = immediate || await canResume() ? await comeBack(call2, collection) : null;
      return guest2 ?? (immediate ? null : begin(call2, collection));
    });
    if (known) return known;
    const guest = await passkeys.signIn({ immediate: true }).catch((error) => {
      if (!isNone(error)) throw error;
    });
    return guest ?? exclusive((call2) => begin(call2, collection));
  }
  return {
    signInAnonymously(options2 = {}) {
      signingIn ??= continueAsGuest(options2).finally(() => {
        signingIn = void 0;
      });
      return signingIn;
    },
    signInWithRecoveryCode: (code) => change("/sign-in/recovery-code", { code }),
    async rename(label) {
      const guest = await change("/label", { label }, "PATCH");
      signals.current();
      return guest;
    },
    user,
    moment,
    onChange: state.onChange,
    on: (_event, listener) => state.onOfferPasskey(listener),
    async signOut(options2 = {}) {
      const { everywhere, force } = options2;
      await exclusive(async (call2) => {
        await call2("POST", "/sign-out", { everywhere, force }).catch(async (error) => {
          if (everywhere || !isNobody(error) || await whoIsThere(call2)) throw error;
        });
        await heed();
        await leave();
      });
    },
    passkeys,
    deviceKey,
    deviceKeys,
    deviceLinks: createDeviceLinks({ call, callWithStepUp, exclusive, adopt, recheck }),
    recoveryCodes: createRecoveryCodes(call, callWithStepUp, recheck),
    sessions: createSessions(call, async () => {
      if (await recheck() === null) await heed();
    }),
    profile: createProfiles(call, recheck),
    prompts: createPrompts(change, state),
    account: createAccount({
      call,
      exclusive,
      withStepUp,
      async leave() {
        await drop();
        await leave();
      }
    }),
    promotion: createPromotion({ callWithStepUp, withStepUp, change }),
    codeSignIn: createCodeSignIn(call, change),
    loginIds: createLoginIds(call, callWithStepUp, recheck),
    ...createRedirects({
      baseUrl: base,
      name,
      // Where a client is named, the answer is tokens.
      clientId: tokens ? clientId : ownClient,
      callWithStepUp,
      change
    }),
    merge: (ticket) => change("/merge", { ticket }),
    undoMerge: (ticket) => change("/merge/undo", { ticket }),
    async accessToken() {
      const access = await (tokens ?? ofSession).current();
      if (!access) state.settle(null);
      return access?.token ?? null;
    },
    async fetch(input, init) {
      const send = tokens?.send ?? fetch;
      const request = new Request(input, init);
      const again = request.clone();
      const prove = watchProofs();
      let response = await send(request);
      if (asksForStepUp(response)) {
        await prove();
        response = await send(again);
      } else if (response.status === 401) {
        void user().catch(() => {
        });
      }
      const name2 = response.headers.get("guest-moment");
      if (name2) void moment(name2).catch(() => {
      });
      return response;
    },
    close() {
      state.close();
      (tokens ?? ofSession)?.close();
      close();
    }
  };
}
export {
  GuestClientError,
  createGuestClient
};
