// QR codes (ISO/IEC 18004): bytes at error correction level M, in the smallest version that holds them.
import type { h as H } from '../../kit/dom.ts'

/** A dark module is 1, a light one 0; undefined: not decided yet. */
type Grid = (0 | 1 | undefined)[][]
type Cell = [x: number, y: number]

/** Of each version: how many codewords of a block correct errors, and how many blocks there are (table 9). */
const corrections = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28]
const blockCounts = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
  31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
]
/** The light margin that readers need around the code (5.3.8). */
const QUIET = 4

const masks: ((x: number, y: number) => number)[] = [
  (x, y) => (x + y) % 2,
  (_, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
]

const bitOf = (number: number, i: number) => ((number >> i) & 1) as 0 | 1

/** The data, and behind it the `bits` that are left when it is divided (annexes C and D). */
function withRemainder(data: number, divisor: number, bits: number): number {
  let rest = data << bits
  for (let length = 32 - Math.clz32(rest); length > bits; length = 32 - Math.clz32(rest))
    rest ^= divisor << (length - bits - 1)
  return (data << bits) | rest
}

/** What every code of this version has: the patterns that readers look for, and room for its format. */
function frameOf(version: number): Grid {
  const size = 17 + 4 * version
  const grid: Grid = Array.from({ length: size }, () => Array(size).fill(undefined))
  const square = (x: number, y: number, radius: number, light: number[]) => {
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++)
        if (x + dx in grid && y + dy in grid)
          grid[y + dy]![x + dx] = light.includes(Math.max(Math.abs(dx), Math.abs(dy))) ? 0 : 1
  }
  for (let i = 0; i < size; i++) grid[6]![i] = grid[i]![6] = bitOf(i + 1, 0)
  const end = size - 4
  for (const [x, y] of [
    [3, 3],
    [end, 3],
    [3, end],
  ] as Cell[])
    square(x, y, 4, [2, 4])
  if (version > 1) {
    const count = Math.floor(version / 7) + 2
    const step = version === 32 ? 26 : Math.ceil((size - 13) / (2 * count - 2)) * 2
    const places = Array.from({ length: count }, (_, i) => (i ? size - 7 - (count - 1 - i) * step : 6))
    // Not on the three large patterns.
    for (const y of places)
      for (const x of places) if (Math.max(x, y) > 9 && Math.abs(x - y) < size - 13) square(x, y, 2, [1])
  }
  if (version > 6) {
    const bits = withRemainder(version, 0x1f25, 12)
    for (let i = 0; i < 18; i++) {
      const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
      grid[b]![a] = grid[a]![b] = bitOf(bits, i)
    }
  }
  setFormat(grid, 0)
  return grid
}

/** Writes which mask the code has; level M is 0 there (7.9). */
function setFormat(grid: Grid, mask: number): void {
  const size = grid.length
  const bits = withRemainder(mask, 0x537, 10) ^ 0x5412
  for (let i = 0; i < 15; i++) {
    const bit = bitOf(bits, i)
    if (i < 8) {
      grid[i < 6 ? i : i + 1]![8] = bit
      grid[8]![size - 1 - i] = bit
    } else {
      grid[8]![i < 9 ? 7 : 14 - i] = bit
      grid[size - 15 + i]![8] = bit
    }
  }
  grid[size - 8]![8] = 1
}

/** The free modules, in the order in which they are filled: two columns at a time, up and down (7.7.3). */
function freeCells(grid: Grid): Cell[] {
  const size = grid.length
  const cells: Cell[] = []
  for (let right = size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right = 5
    for (let i = 0; i < size; i++) {
      const y = isUp ? size - 1 - i : i
      for (const x of [right, right - 1]) if (grid[y]![x] === undefined) cells.push([x, y])
    }
  }
  return cells
}

/** Multiplies in the field with 256 elements that the standard names (annex A). */
function times(a: number, b: number): number {
  let product = 0
  for (; b; b >>= 1) {
    if (b & 1) product ^= a
    a = (a << 1) ^ ((a >> 7) * 0x11d)
  }
  return product
}

/** The codewords that correct errors in these: what is left of them, divided by the generator (7.5.2). */
function correctionOf(data: number[], count: number): number[] {
  let generator = [1]
  for (let i = 0, root = 1; i < count; i++, root = times(root, 2)) {
    const before = generator
    generator = [...before, 0].map((factor, k) => factor ^ times(before[k - 1] ?? 0, root))
  }
  const rest = [...data, ...Array<number>(count).fill(0)]
  for (let i = 0; i < data.length; i++) {
    const first = rest[i]!
    generator.forEach((factor, k) => {
      rest[i + k]! ^= times(factor, first)
    })
  }
  return rest.slice(data.length)
}

/** The codewords of all blocks: their first ones, their second ones and so on (7.6). */
function codewordsOf(data: number[], room: number, blockCount: number, correction: number): number[] {
  const long = room % blockCount
  const length = Math.floor(room / blockCount) - correction
  let from = 0
  const blocks = Array.from({ length: blockCount }, (_, i) => {
    const block = data.slice(from, from + length + (i < blockCount - long ? 0 : 1))
    from += block.length
    return block
  })
  const interleaved = (parts: number[][]) =>
    Array.from({ length: parts.at(-1)!.length }, (_, i) => parts.flatMap((part) => part[i] ?? [])).flat()
  return [...interleaved(blocks), ...interleaved(blocks.map((block) => correctionOf(block, correction)))]
}

/** How hard the code is to read, by the rules of the standard (7.8.3). */
function penaltyOf(grid: Grid): number {
  const size = grid.length
  const rows = grid.map((row) => row.join(''))
  const columns = grid.map((_, x) => grid.map((row) => row[x]).join(''))
  let penalty = 0
  for (const line of [...rows, ...columns]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2
    penalty += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length
  }
  for (let y = 1; y < size; y++)
    for (let x = 1; x < size; x++)
      if (/^(0000|1111)$/.test(rows[y - 1]!.slice(x - 1, x + 1) + rows[y]!.slice(x - 1, x + 1))) penalty += 3
  const dark = rows.join('').replaceAll('0', '').length
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / size ** 2 - 10))
}

/** The QR code of a text, row by row: 1 is dark. Undefined if the text is longer than a code can hold. */
export function encodeQr(text: string): Grid | undefined {
  const bytes = [...new TextEncoder().encode(text)]
  for (const [i, blockCount] of blockCounts.entries()) {
    const version = i + 1
    const correction = corrections[i] ?? 28
    const grid = frameOf(version)
    const cells = freeCells(grid)
    const room = cells.length >> 3
    const capacity = 8 * (room - blockCount * correction)
    const count = bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0')
    const content = `0100${count}${bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')}`
    if (content.length > capacity) continue
    const padded = content.padEnd(Math.min(content.length + 4, capacity), '0')
    const bits = padded.padEnd(Math.ceil(padded.length / 8) * 8, '0').padEnd(capacity, '1110110000010001')
    const data = bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))
    const codewords = codewordsOf(data, room, blockCount, correction)
    const masked = masks.map((isLight, mask) => {
      const one = grid.map((row) => [...row])
      setFormat(one, mask)
      for (const [k, [x, y]] of cells.entries())
        one[y]![x] = (bitOf(codewords[k >> 3] ?? 0, 7 - (k & 7)) ^ (isLight(x, y) ? 0 : 1)) as 0 | 1
      return one
    })
    const penalties = masked.map(penaltyOf)
    return masked[penalties.indexOf(Math.min(...penalties))]
  }
}

/** An image of this text, which screen readers call `name`; null if the text is too long. */
export function drawQr(h: typeof H, text: string, name: string): HTMLElement | null {
  const rows = encodeQr(text)
  if (!rows) return null
  const size = rows.length + 2 * QUIET
  const dark = rows.flatMap((row, y) =>
    [...row.join('').matchAll(/1+/g)].map(
      ({ 0: { length }, index }) => `M${index + QUIET} ${y + QUIET}h${length}v1h-${length}z`,
    ),
  )
  return h(
    'svg',
    { class: 'qr', part: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': name },
    h('rect', { width: size, height: size }),
    h('path', { d: dark.join('') }),
  )
}
