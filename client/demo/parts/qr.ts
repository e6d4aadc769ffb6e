// QR codes, drawn as SVG elements: the page must not make markup from text.
import { encodeQR } from 'qr'

const svgNamespace = 'http://www.w3.org/2000/svg'

/** The light margin that readers need around the code (ISO/IEC 18004, 5.3.8). */
const QUIET_MODULES = 4

/**
 * An image of this text; a screen reader says `name` instead. It is black on white, whatever the colours of the page
 * are.
 */
export function drawQr(text: string, name: string): SVGSVGElement {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES })
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const size = String(rows.length)
  return element(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': name, 'shape-rendering': 'crispEdges' },
    element('rect', { width: size, height: size, fill: '#fff', stroke: 'none' }),
    element('path', { d: dark.join(''), fill: '#000', stroke: 'none' }),
  )
}

function element<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(svgNamespace, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}
