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

/** The text of the only QR code in this PNG. Throws if it has no QR code, or more than one. */
export async function readQr(png: Uint8Array): Promise<string> {
  prepared ??= prepare()
  await prepared
  const found = await readBarcodes(png, { formats: ['QRCode'] })
  if (found.length !== 1) throw new Error(`There are ${found.length} QR codes in the picture`)
  return found[0]!.text
}
