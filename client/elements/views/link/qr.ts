// Draws QR codes (ISO/IEC 18004).
import encodeQR from 'qr'
import type { h as H } from '../../kit/dom.ts'

/** The light margin that readers need around the code, in modules (5.3.8). */
const border = 4

/** True is dark. Undefined if the text is longer than a code can hold: 2,331 bytes at this level. */
function modulesOf(text: string): boolean[][] | undefined {
  try {
    return encodeQR(text, 'raw', { border, ecc: 'medium' })
  } catch {
    // It has no other reason to throw.
  }
}

/** An image of this text, which screen readers call `name`; null if the text is too long. */
export function drawQr(h: typeof H, text: string, name: string): HTMLElement | null {
  const rows = modulesOf(text)
  if (!rows) return null
  const size = rows.length
  const dark = rows.flatMap((row, y) =>
    [...row.map(Number).join('').matchAll(/1+/g)].map(
      ({ 0: { length }, index }) => `M${index} ${y}h${length}v1h-${length}z`,
    ),
  )
  return h(
    'svg',
    { class: 'qr', part: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': name },
    h('rect', { width: size, height: size }),
    h('path', { d: dark.join('') }),
  )
}
