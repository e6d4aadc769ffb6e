// Signed texts (RFC 7515) and their keys (RFC 7517), by Web Crypto.

const rsa = { hash: 'SHA-256', saltLength: 32 }
/** The parameters of Web Crypto for an algorithm, for the key and the signature alike. */
const algorithms: Record<string, { name: string; hash?: string; namedCurve?: string; saltLength?: number }> =
  {
    ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    EdDSA: { name: 'Ed25519' },
    Ed25519: { name: 'Ed25519' },
    RS256: { ...rsa, name: 'RSASSA-PKCS1-v1_5' },
    PS256: { ...rsa, name: 'RSA-PSS' },
  }

/** Those that a client may sign a proof with. The issuer's are pinned by its keys. */
export const allAlgorithms = Object.keys(algorithms)

export type Jwk = { kid?: string; alg?: string; [member: string]: unknown }
type Json = Record<string, unknown>
export type Header = Json & { alg: string; jwk?: Jwk }

/** Throws if `right` is false. */
export function expect(right: unknown, message: string): void {
  if (!right) throw new Error(message)
}

const MAX_CHARACTERS = 8192

export const encode = (text: string) => new TextEncoder().encode(text)

const decode = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))

const parse = (part: string): Json => JSON.parse(new TextDecoder().decode(decode(part)))

/** The SHA-256 of a text in base64url. */
export async function hash(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', encode(text)))
  const text64 = btoa(String.fromCharCode(...bytes))
  return text64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 43)
}

/** The members of a public key, in the order in which its thumbprint has them (RFC 7638, 3.2). */
export const publicMembers = ({ kty, crv, x, y, n, e }: Jwk): Json =>
  kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }

/** Throws an error of Web Crypto if the key is not one for the algorithm, or if the algorithm is not one of these. */
export const importKey = (alg: string, jwk: Jwk): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', publicMembers(jwk), algorithms[alg]!, false, ['verify'])

/** What a JWS says, once the key that `keyFor` gives has verified it. Throws errors of any kind. */
export async function readJws(
  text: string,
  typ: string,
  keyFor: (header: Header) => Promise<CryptoKey>,
): Promise<{ header: Header; payload: Json }> {
  const [, input, head, body, signature] = /^(([\w-]+)\.([\w-]+))\.([\w-]+)$/.exec(text) ?? []
  expect(input && text.length <= MAX_CHARACTERS, 'no JWS, or too long')
  const header = parse(head!) as Header
  const { alg } = header
  expect(header.typ === typ, `typ is ${JSON.stringify(header.typ)}, not ${typ}`)
  // No extension is known here, so one that must be understood is refused (RFC 7515, 4.1.11).
  expect(!('crit' in header), 'it has crit')
  const key = await keyFor(header)
  const isSigned = await crypto.subtle.verify(algorithms[alg]!, key, decode(signature!), encode(input!))
  expect(isSigned, 'wrong signature')
  return { header, payload: parse(body!) }
}
