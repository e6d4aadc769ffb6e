// A native app with a device key, written only from server/core/device-keys/README.md.

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Kind = 'ES256' | 'EdDSA' | 'RS256'
export const kinds: Kind[] = ['ES256', 'EdDSA', 'RS256']

/** The response to a request for a challenge. */
export type Challenge = { challenge: string; now: number }
/** What a proof is about. */
export type About = Challenge & { issuer: string; anonymousId: string }
/** What is wrong with a proof; undefined leaves a member out. */
export type Wrong = { header?: object; claims?: object; by?: DeviceKey; signature?: string }

const base64url = (text: string | Buffer) => Buffer.from(text).toString('base64url')

type Pair = { privateKey: KeyObject; publicKey: KeyObject }

const pairs: Record<Kind, () => Pair> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

export class DeviceKey {
  readonly kind: Kind
  readonly #private: KeyObject
  readonly jwk: Record<string, string>

  constructor(kind: Kind, { privateKey, publicKey } = pairs[kind]()) {
    this.kind = kind
    this.#private = privateKey
    this.jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>
  }

  get id(): string {
    const { x, y, n } = this.jwk
    const texts = {
      ES256: `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`,
      EdDSA: `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`,
      RS256: `{"e":"AQAB","kty":"RSA","n":"${n}"}`,
    }
    return createHash('sha256').update(texts[this.kind]).digest('base64url')
  }

  signature(text: string): Buffer {
    if (this.kind === 'ES256') return padded(sign('sha256', Buffer.from(text), this.#private))
    return sign(this.kind === 'EdDSA' ? null : 'sha256', Buffer.from(text), this.#private)
  }

  /** A compact JWS. */
  jws(header: object, claims: object | string): string {
    const said = typeof claims === 'string' ? claims : JSON.stringify(claims)
    const input = `${base64url(JSON.stringify(header))}.${base64url(said)}`
    return `${input}.${base64url(this.signature(input))}`
  }

  #proof(header: object, claims: object, { by = this, signature, ...wrong }: Wrong): string {
    const jws = by.jws({ ...header, ...wrong.header }, { ...claims, ...wrong.claims })
    return signature === undefined ? jws : jws.replace(/[^.]*$/, signature)
  }

  /** Step 3. */
  registration({ issuer, anonymousId, challenge, now }: About, wrong: Wrong = {}): string {
    return this.#proof(
      { typ: 'device-key-registration+jwt', alg: this.kind, jwk: this.jwk },
      { aud: issuer, sub: anonymousId, nonce: challenge, iat: now },
      wrong,
    )
  }

  /** Step 4. */
  assertion({ issuer, anonymousId, challenge, now }: About, wrong: Wrong = {}): string {
    return this.#proof(
      { typ: 'device-key-assertion+jwt', alg: this.kind, kid: this.id },
      {
        ...{ iss: anonymousId, sub: anonymousId, aud: issuer, nonce: challenge },
        ...{ iat: now, exp: now + 300 },
      },
      wrong,
    )
  }
}

/** R and S, 32 bytes each, from the DER signature that a key store gives. */
function padded(der: Buffer): Buffer {
  const rLength = der[3]!
  const integers = [der.subarray(4, 4 + rLength), der.subarray(6 + rLength)]
  return Buffer.concat(
    integers.map((integer) => {
      const value = integer.subarray(integer.findIndex((byte) => byte !== 0))
      return Buffer.concat([Buffer.alloc(32 - value.length), value])
    }),
  )
}

type Body = Record<string, unknown>
type Answer = { status: number; body: Body }

/** An app on a device: it knows the address of the service and its client id, and keeps a key and tokens. */
export class NativeApp {
  readonly key: DeviceKey
  readonly #clientId: string
  readonly #server: string
  #issuer = ''
  #tokenEndpoint = ''
  #accessToken: string | undefined
  anonymousId = ''

  constructor(server: string, clientId: string, kind: Kind) {
    this.#server = server
    this.#clientId = clientId
    this.key = new DeviceKey(kind)
  }

  /** A JSON request to an endpoint other than the token endpoint. */
  async ask(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(new URL(path, this.#tokenEndpoint), {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(this.#accessToken && { Authorization: `Bearer ${this.#accessToken}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: response.status === 204 ? {} : ((await response.json()) as Body) }
  }

  async #token(parameters: Record<string, string>): Promise<Answer> {
    const response = await fetch(this.#tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({ client_id: this.#clientId, ...parameters }),
    })
    const body = (await response.json()) as Body
    if (response.status === 200) this.#accessToken = body.access_token as string
    return { status: response.status, body }
  }

  async #challenge(purpose: 'register' | 'sign_in'): Promise<About> {
    const { body } = await this.ask('POST', 'device-keys/challenge', { purpose })
    return { ...(body as unknown as Challenge), issuer: this.#issuer, anonymousId: this.anonymousId }
  }

  async discover(): Promise<void> {
    const response = await fetch(`${this.#server}/.well-known/oauth-authorization-server`)
    const { issuer, token_endpoint } = (await response.json()) as Record<string, string>
    this.#issuer = issuer!
    this.#tokenEndpoint = token_endpoint!
  }

  /** Step 1. */
  async continueAsGuest(): Promise<Answer> {
    const answer = await this.#token({ grant_type: 'urn:guestkey:params:oauth:grant-type:anonymous' })
    this.anonymousId = (await this.ask('GET', 'userinfo')).body.anonymous_id as string
    return answer
  }

  /** Steps 2 and 3. */
  async addKey(name?: string): Promise<Answer> {
    const proof = this.key.registration(await this.#challenge('register'))
    return this.ask('POST', 'device-keys', { proof, ...(name !== undefined && { name }) })
  }

  /** Step 4. The device still has only the key and the anonymous_id of the guest. */
  async signIn(): Promise<Answer> {
    this.#accessToken = undefined
    const assertion = this.key.assertion(await this.#challenge('sign_in'))
    return this.#token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
  }
}
