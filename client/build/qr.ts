// The library that encodes QR codes, without its pictures: the elements draw the modules themselves. The build fails if a
// new version of the library has another text there.

import type { Plugin } from 'rolldown'

/** From the first form of output that is not rows of modules to the last. */
const pictures = / {4}if \(output === 'ascii'\)\n[\s\S]*?(?= {4}return err\(`Unknown output)/

export const leanQr: Plugin = {
  name: 'lean-qr',
  transform(code, id) {
    if (!/\/node_modules\/qr\/index\.js$/.test(id.replaceAll('\\', '/'))) return null
    if (!pictures.test(code)) throw new Error(`No ${pictures} in ${id}`)
    return code.replace(pictures, '')
  },
}
