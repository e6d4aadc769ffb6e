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

/** A picture of an SVG whose only path is runs of dark modules, as `M4 5h7v1h-7z`. */
export function pictureOf(svg: string, pixelsPerModule = 3): ImageData {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]) * pixelsPerModule
  const data = new Uint8ClampedArray(4 * size * size).fill(255)
  for (const run of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    const [x, y, length] = run.slice(1).map((modules) => Number(modules) * pixelsPerModule)
    for (let row = y!; row < y! + pixelsPerModule; row++)
      for (let i = 4 * (row * size + x!); i < 4 * (row * size + x! + length!); i += 4) data.fill(0, i, i + 3)
  }
  return { data, width: size, height: size, colorSpace: 'srgb' } as ImageData
}
