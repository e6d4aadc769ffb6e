// The QR codes of device links, read by another program.

import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { encodeQr } from '../../client/elements/views/link/qr.ts'
import { pictureOf, readQr } from '../support/qr.ts'

const versionOf = (rows: unknown[]) => (rows.length - 17) / 4

/** How many bytes each version holds at level M (ISO/IEC 18004, table 7). */
const capacities = [
  14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779,
  857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
]
const textOf = (length: number) =>
  Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * i * 7) % 26))).join('')

test.each(capacities.map((bytes, i) => [i + 1, bytes]))(
  'version %i holds %i bytes and no more, and can be read',
  async (version, bytes) => {
    const text = textOf(bytes!)
    const rows = encodeQr(text)!
    expect(versionOf(rows)).toBe(version)
    expect(await readQr(pictureOf(rows))).toBe(text)
    const next = encodeQr(`${text}a`)
    expect(next && versionOf(next)).toBe(version === 40 ? undefined : version! + 1)
  },
)

test('is read by two programs, with letters beyond ASCII and with a stain on it', async () => {
  const link = 'https://jotter.example.com/zürich/联系?a=b#guestkey-link=Vq3sI0u1yE2mB7d4Xn6aZw'
  const rows = encodeQr(link)!
  const picture = pictureOf(rows)
  expect(await readQr(picture)).toBe(link)
  expect(decodeQR(picture)).toBe(link)
  // Level M restores about 15 % of the codewords.
  const [y, side] = [Math.floor(rows.length / 2), 4]
  const dirty = rows.map((row, i) =>
    row.map((module, k) => (Math.abs(i - y) < side && Math.abs(k - y) < side ? 1 : module)),
  )
  expect(dirty).not.toEqual(rows)
  expect(await readQr(pictureOf(dirty))).toBe(link)
})
