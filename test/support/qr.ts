// Reads QR codes from pictures, as the camera of a phone does.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let prepared: Promise<unknown> | undefined

/** The file from the package. By default the library would fetch it from a CDN. */
async function prepare(): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  const bytes = await readFile(file)
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
}

/** The text of the only QR code in this picture, a PNG or pixels. Throws if it has no QR code, or more than one. */
export async function readQr(picture: Uint8Array | ImageData): Promise<string> {
  prepared ??= prepare()
  await prepared
  const found = await readBarcodes(picture, { formats: ['QRCode'] })
  if (found.length !== 1) throw new Error(`There are ${found.length} QR codes in the picture`)
  return found[0]!.text
}

/** A picture of these modules, 1 for dark ones, with the light margin that a reader needs. */
export function pictureOf(rows: (number | undefined)[][], pixelsPerModule = 3): ImageData {
  const margin = 4
  const size = (rows.length + 2 * margin) * pixelsPerModule
  const data = new Uint8ClampedArray(4 * size * size).fill(255)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (rows[Math.floor(y / pixelsPerModule) - margin]?.[Math.floor(x / pixelsPerModule) - margin])
        data.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3)
  return { data, width: size, height: size, colorSpace: 'srgb' } as ImageData
}
