// Makes a self-signed certificate for tests that need https, encoded by hand (RFC 5280, X.690).

import { createHash, generateKeyPairSync, sign } from 'node:crypto'

const DAY = 24 * 60 * 60 * 1000

export type Certificate = {
  /** PEM. */
  cert: string
  key: string
  /** The SHA-256 of its public key (SPKI) in base64. A browser flag takes it to trust the certificate. */
  pin: string
}

/** A certificate for these hosts, valid from yesterday until tomorrow. */
export function selfSigned(hosts: readonly string[]): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const ecdsaWithSha256 = der(0x30, hex('06082a8648ce3d040302'))
  const name = der(0x30, der(0x31, der(0x30, hex('0603550403'), der(0x0c, Buffer.from(hosts[0]!)))))
  const altNames = der(0x30, ...hosts.map((host) => der(0x82, Buffer.from(host))))
  const certificate = der(
    0x30,
    der(0xa0, hex('020102')), // version 3
    hex('020101'), // serial number
    ecdsaWithSha256,
    name,
    der(0x30, utcTime(Date.now() - DAY), utcTime(Date.now() + DAY)),
    name,
    spki,
    der(0xa3, der(0x30, der(0x30, hex('0603551d11'), der(0x04, altNames)))),
  )
  const signature = sign('sha256', certificate, privateKey)
  const signed = der(0x30, certificate, ecdsaWithSha256, der(0x03, Buffer.of(0), signature))
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${signed.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    pin: createHash('sha256').update(spki).digest('base64'),
  }
}

/** One DER value: its tag, the length of its content, and its content. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const short = length < 0x80 ? [] : length < 0x100 ? [0x81] : [0x82, length >> 8]
  return Buffer.concat([Buffer.of(tag, ...short, length & 0xff), content])
}

/** YYMMDDhhmmssZ. */
const utcTime = (time: number) =>
  der(0x17, Buffer.from(new Date(time).toISOString().replace(/^\d\d|[-:T]|\.\d+/g, '')))

const hex = (text: string) => Buffer.from(text, 'hex')
