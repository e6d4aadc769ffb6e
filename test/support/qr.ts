// Reads QR codes off pictures, as the camera of a phone would.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let prepared: Promise<unknown> | undefined

/** From the package: left to itself, it would fetch the file from a CDN. */
async function prepare(): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  const bytes = await readFile(file)
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
}

/** What the one QR code in this PNG says. Throws if there is none, or more than one. */
export async function readQr(png: Uint8Array): Promise<string> {
  prepared ??= prepare()
  await prepared
  const found = await readBarcodes(png, { formats: ['QRCode'] })
  if (found.length !== 1) throw new Error(`There are ${found.length} QR codes in the picture`)
  return found[0]!.text
}
