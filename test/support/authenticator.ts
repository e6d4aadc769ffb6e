// A software passkey device with its browser: correct by default, wrong on request.
// It shares no code with the server under test, so that they cannot share a mistake.
// Sections (§) refer to WebAuthn Level 3, https://www.w3.org/TR/webauthn-3/.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON as CreationOptions,
  RegistrationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON as RequestOptions,
} from '@simplewebauthn/server'
import { encode } from 'cborg'

/** COSE algorithms of the device: ES256, EdDSA (Ed25519), RS256, ES384. */
export type Algorithm = -7 | -8 | -257 | -35

/** Gets a copy of the bytes and returns the bytes to send instead. */
export type Mutation = (bytes: Uint8Array) => Uint8Array

export type AuthenticatorOptions = {
  /** The origin of the page. Its host must be the RP ID or a subdomain of it, as in a real browser. */
  origin: string
  /** The algorithms of the device. It uses the first offered one that it has. Default ES256. */
  alg?: Algorithm | readonly Algorithm[]
  /** A UUID. Default all zeros. */
  aaguid?: string
  /** Whether its passkeys are synced: backup eligible and backed up. Default false. */
  synced?: boolean
  /** Default `internal`, and also `hybrid` if synced. */
  transports?: readonly string[]
  /** Default `platform`. */
  attachment?: 'platform' | 'cross-platform'
  /** `increasing` starts at 1 and grows with every use. Default `zero`, as synced passkeys do. */
  counter?: 'zero' | 'increasing'
  /** In bytes. Default 32. */
  credentialIdLength?: number
  /** The attestation that it makes if the options ask for one; `packed` is self attestation (§8.2). Default `none`. */
  attestation?: 'none' | 'packed'
}

/** One passkey as the device holds it. All ids are base64url. */
export type DeviceCredential = {
  id: string
  rpId: string
  userHandle: string
  userName: string
  alg: Algorithm
  discoverable: boolean
  /** Fixed at creation (§6.1.3). */
  backupEligible: boolean
  signCount: number
  publicKey: KeyObject
  privateKey: KeyObject
}

/**
 * Every way to go wrong. Whatever is not named stays correct. Changes are made before the signature, so that the
 * signature is valid and a refusal has only one cause.
 */
export type Misbehaviour = {
  // Client data (§5.8.1)
  type?: string
  /** base64url, sent as it is. */
  challenge?: string
  origin?: string
  crossOrigin?: boolean
  topOrigin?: string
  clientDataJSON?: (json: string) => string | Uint8Array

  // Authenticator data (§6.1)
  /** The RP ID whose hash is sent. */
  rpId?: string
  userPresent?: boolean
  userVerified?: boolean
  backupEligible?: boolean
  backupState?: boolean
  signCount?: number
  /** CBOR of the extension outputs, as it is; sets the extension-data flag. */
  extensions?: Uint8Array
  authData?: Mutation
  /** `wrong` is well-formed, but over other bytes. At registration it affects only a packed attestation. */
  badSignature?: 'wrong' | 'malformed-der' | 'empty' | Mutation

  // The response around them
  /** Sent as `id` and `rawId`, while another credential made the signature. */
  responseId?: string
  /** `rawId` alone, so that it differs from `id`. */
  rawId?: string
  /** create: the new credential's id. get: the credential to use, whatever RP ID and `allowCredentials` say. */
  credentialId?: string

  // create() only
  /** In bytes; §7.1 allows up to 1,023. */
  credentialIdLength?: number
  /** Used even if it is not offered. */
  alg?: Algorithm
  /** The COSE key as sent; the device keeps the true one. */
  publicKey?: (key: Map<number, unknown>) => Map<number, unknown>
  /** Made whatever the options ask for. */
  attestation?: 'none' | 'packed'
  /** CBOR of the attestation statement, as it is. */
  attStmt?: Uint8Array
  attestationObject?: Mutation
  credProps?: { rk?: boolean }
  /** Makes a passkey although the device holds one that the options exclude. */
  ignoreExcludeCredentials?: boolean

  // get() only
  /** `undefined` sends none. */
  userHandle?: string | undefined
}

const algorithms = {
  [-7]: { hash: 'sha256', generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  [-35]: { hash: 'sha384', generate: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
  [-8]: { hash: null, generate: () => generateKeyPairSync('ed25519') },
  [-257]: { hash: 'sha256', generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }) },
}

/** The device of one person. `create` and `get` fail with the DOMExceptions of `navigator.credentials`. */
export class SoftwareAuthenticator {
  /** The oldest first. A test may remove passkeys here, as a person does in the settings of a device. */
  readonly credentials: DeviceCredential[] = []
  readonly #options: AuthenticatorOptions

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /**
   * A second device with a copy of the current passkeys. If they are synced, it is another device of the same
   * person. If not, it is a clone, whose sign count falls behind.
   */
  copy(options: Partial<AuthenticatorOptions> = {}): SoftwareAuthenticator {
    const device = new SoftwareAuthenticator({ ...this.#options, ...options })
    device.credentials.push(...this.credentials.map((credential) => ({ ...credential })))
    return device
  }

  /** `navigator.credentials.create()` (§5.1.3, §6.3.2). */
  async create(options: CreationOptions, wrong: Misbehaviour = {}): Promise<RegistrationResponseJSON> {
    const device = this.#options
    const { authenticatorSelection: selection = {}, attestation: wanted = 'none', user } = options
    const {
      synced = false,
      attachment = 'platform',
      transports = synced ? ['hybrid', 'internal'] : ['internal'],
    } = device
    const rpId = this.#rpId(options.rp.id)
    const userIdLength = fromBase64url(user.id).length
    if (userIdLength < 1 || userIdLength > 64) throw new TypeError('user.id must have 1 to 64 bytes.')
    const able = [device.alg ?? -7].flat()
    const offered = options.pubKeyCredParams.flatMap((param) => able.find((own) => own === param.alg) ?? [])
    const alg = wrong.alg ?? offered[0]
    if (!alg) throw new DOMException('None of the algorithms is known here.', 'NotSupportedError')
    if ((selection.authenticatorAttachment ?? attachment) !== attachment)
      throw new DOMException('Another kind of authenticator is asked for.', 'NotAllowedError')
    const excluded = options.excludeCredentials?.map(({ id }) => id) ?? []
    const isHere = this.credentials.some((known) => known.rpId === rpId && excluded.includes(known.id))
    if (isHere && !wrong.ignoreExcludeCredentials)
      throw new DOMException('A passkey is here already.', 'InvalidStateError')

    const idLength = wrong.credentialIdLength ?? device.credentialIdLength ?? 32
    const residentKey = selection.residentKey ?? (selection.requireResidentKey ? 'required' : 'discouraged')
    const credential: DeviceCredential = {
      id: wrong.credentialId ?? base64url(randomBytes(idLength)),
      rpId,
      userHandle: user.id,
      userName: user.name,
      alg,
      discoverable: residentKey !== 'discouraged',
      backupEligible: wrong.backupEligible ?? synced,
      signCount: device.counter === 'increasing' ? 1 : 0,
      ...algorithms[alg].generate(),
    }
    const key = coseKey(credential)
    const attestedData = Buffer.concat([
      Buffer.from(device.aaguid?.replaceAll('-', '') ?? '0'.repeat(32), 'hex'),
      uint(2, fromBase64url(credential.id).length),
      fromBase64url(credential.id),
      encode(wrong.publicKey?.(key) ?? key),
    ])
    const clientData = this.#clientData('webauthn.create', options.challenge, wrong)
    const authData = this.#authData(credential, rpId, selection.userVerification, wrong, attestedData)
    // A browser removes the attestation unless the options ask for it (§5.1.3).
    const fmt = wrong.attestation ?? (wanted === 'none' ? 'none' : (device.attestation ?? 'none'))
    const attStmt = fmt === 'none' ? {} : { alg, sig: signatureOf(credential, authData, clientData, wrong) }
    const attestationObject = Buffer.concat([
      ...[Buffer.of(0xa3), encode('fmt'), encode(fmt)],
      ...[encode('attStmt'), wrong.attStmt ?? encode(attStmt)],
      ...[encode('authData'), encode(authData)],
    ])

    // One discoverable credential for each RP ID and user handle: the new one replaces the old (§6.3.2).
    const replaced = this.credentials.findIndex(
      (known) => known.discoverable && known.rpId === rpId && known.userHandle === user.id,
    )
    if (credential.discoverable && replaced >= 0) this.credentials.splice(replaced, 1)
    this.credentials.push(credential)

    const credProps = wrong.credProps ?? (options.extensions?.credProps && { rk: credential.discoverable })
    return {
      ...this.#responseIds(credential, wrong),
      clientExtensionResults: credProps ? { credProps } : {},
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(mutate(attestationObject, wrong.attestationObject)),
        authenticatorData: base64url(authData),
        transports: [...transports],
        publicKeyAlgorithm: alg,
        publicKey: base64url(credential.publicKey.export({ type: 'spki', format: 'der' })),
      },
    }
  }

  /** `navigator.credentials.get()` (§5.1.4, §6.3.3). The person picks the newest of several passkeys. */
  async get(options: RequestOptions, wrong: Misbehaviour = {}): Promise<AuthenticationResponseJSON> {
    const rpId = this.#rpId(options.rpId)
    const allowed = options.allowCredentials?.map(({ id }) => id) ?? []
    const credential = this.credentials.findLast((known) =>
      wrong.credentialId !== undefined
        ? known.id === wrong.credentialId
        : known.rpId === rpId && (allowed.length > 0 ? allowed.includes(known.id) : known.discoverable),
    )
    if (!credential) throw new DOMException('There is no such passkey here.', 'NotAllowedError')
    if (this.#options.counter === 'increasing') credential.signCount += 1

    const clientData = this.#clientData('webauthn.get', options.challenge, wrong)
    const authData = this.#authData(credential, rpId, options.userVerification, wrong)
    const stored = credential.discoverable ? credential.userHandle : undefined
    const userHandle = 'userHandle' in wrong ? wrong.userHandle : stored
    return {
      ...this.#responseIds(credential, wrong),
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authData),
        signature: base64url(signatureOf(credential, authData, clientData, wrong)),
        ...(userHandle !== undefined && { userHandle }),
      },
    }
  }

  /** The RP ID is the origin's host or a domain above it, never an IP address (§5.1.3). */
  #rpId(asked: string | undefined): string {
    const { hostname } = new URL(this.#options.origin)
    const rpId = asked ?? hostname
    if (!`.${hostname}`.endsWith(`.${rpId}`) || /^[\d.]+$|:/.test(hostname))
      throw new DOMException(`${hostname} may not use the RP ID ${rpId}.`, 'SecurityError')
    return rpId
  }

  #clientData(type: string, challenge: string, wrong: Misbehaviour): Uint8Array {
    const json = JSON.stringify({
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? base64url(fromBase64url(challenge)),
      origin: wrong.origin ?? this.#options.origin,
      crossOrigin: wrong.crossOrigin ?? false,
      topOrigin: wrong.topOrigin,
    })
    const sent = wrong.clientDataJSON?.(json) ?? json
    return typeof sent === 'string' ? Buffer.from(sent) : sent
  }

  #authData(
    known: DeviceCredential,
    rpId: string,
    userVerification: string | undefined,
    wrong: Misbehaviour,
    attestedData = new Uint8Array(),
  ): Uint8Array {
    const { extensions = new Uint8Array(), backupEligible = known.backupEligible } = wrong
    const flags =
      (Number(wrong.userPresent ?? true) << 0) |
      (Number(wrong.userVerified ?? userVerification !== 'discouraged') << 2) |
      (Number(backupEligible) << 3) |
      (Number(wrong.backupState ?? (backupEligible && this.#options.synced === true)) << 4) |
      (Number(attestedData.length > 0) << 6) |
      (Number(extensions.length > 0) << 7)
    const head = [sha256(wrong.rpId ?? rpId), uint(1, flags), uint(4, wrong.signCount ?? known.signCount)]
    return mutate(Buffer.concat([...head, attestedData, extensions]), wrong.authData)
  }

  #responseIds(credential: DeviceCredential, { responseId: id = credential.id, rawId = id }: Misbehaviour) {
    const authenticatorAttachment = this.#options.attachment ?? 'platform'
    return { id, rawId, type: 'public-key', authenticatorAttachment } as const
  }
}

/** Mutation: the last byte is missing. */
export const truncated: Mutation = (bytes) => bytes.slice(0, -1)

/** Mutation: one more CBOR item follows. */
export const trailing: Mutation = (bytes) => Buffer.concat([bytes, encode(0)])

/** Mutation of authenticator data: no attested credential data, and its flag cleared. */
export const withoutAttestedData: Mutation = (bytes) => flipFlags(bytes.slice(0, 37), 0x40)

/** Mutation of authenticator data: the extension-data flag set, but no extension data. */
export const extensionFlagWithoutData: Mutation = (bytes) => flipFlags(bytes, 0x80)

/** Flips flags of authenticator data (byte 32, §6.1) and leaves the rest. */
export function flipFlags(authData: Uint8Array, mask: number): Uint8Array {
  return authData.with(32, authData[32]! ^ mask)
}

/** CBOR that overflows the stack of a recursive decoder: `depth` arrays, maps or tags, one inside the other. */
export function nestedCbor(depth: number, kind: 'array' | 'map' | 'tag' = 'array'): Uint8Array {
  const open = { array: '81', map: 'a100', tag: 'c6' }[kind]
  return Buffer.from(`${open.repeat(depth)}00`, 'hex')
}

/** Five bytes of CBOR that announce 2^32-1 bytes or elements and contain none. */
export function hollowCbor(kind: 'bytes' | 'text' | 'array' | 'map' = 'array'): Uint8Array {
  return Buffer.from(`${{ bytes: '5a', text: '7a', array: '9a', map: 'ba' }[kind]}ffffffff`, 'hex')
}

function signatureOf(
  { alg, privateKey }: DeviceCredential,
  authData: Uint8Array,
  clientData: Uint8Array,
  { badSignature }: Misbehaviour,
): Uint8Array {
  const data = Buffer.concat([authData, sha256(clientData)])
  const signature = sign(algorithms[alg].hash, badSignature === 'wrong' ? sha256(data) : data, privateKey)
  if (badSignature === 'empty') return new Uint8Array()
  // A sequence that announces four gigabytes.
  if (badSignature === 'malformed-der')
    return Buffer.concat([Buffer.from('3084ffffffff', 'hex'), signature.subarray(2)])
  return typeof badSignature === 'function' ? mutate(signature, badSignature) : signature
}

/** RFC 9052 §7, RFC 9053 §7. */
function coseKey({ alg, publicKey }: DeviceCredential): Map<number, unknown> {
  const { x = '', y = '', n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const [kty, ...parameters] = {
    [-7]: [2, 1, fromBase64url(x), fromBase64url(y)],
    [-35]: [2, 2, fromBase64url(x), fromBase64url(y)],
    [-8]: [1, 6, fromBase64url(x)],
    [-257]: [3, fromBase64url(n), fromBase64url(e)],
  }[alg]
  const key = new Map<number, unknown>([
    [1, kty],
    [3, alg],
  ])
  for (const [i, parameter] of parameters.entries()) key.set(-1 - i, parameter)
  return key
}

const mutate = (bytes: Uint8Array, mutation?: Mutation) => mutation?.(new Uint8Array(bytes)) ?? bytes
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const fromBase64url = (text: string) => Buffer.from(text, 'base64url')
const uint = (size: number, value: number) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')
