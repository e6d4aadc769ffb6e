// Computes the colours of a style sheet without a browser: the part of CSS Color 4 and 5 that the elements use.

/** A colour in OKLab: lightness (0 to 1), a, b; and alpha (0 to 1). */
export type Color = { L: number; a: number; b: number; alpha: number }

/** Where an expression is computed: the scheme, and the expressions of the custom properties. */
export type Scope = { isDark: boolean; properties: ReadonlyMap<string, string> }

/** An expression that is read once, and computed for many scopes. */
type Compute<Value> = (scope: Scope, names: Names) => Value

/** What `l`, `c` and `h` stand for in a colour made from another one. */
type Names = Readonly<Record<string, number>>

const tokensOf = (text: string) =>
  text.match(/[\w-]*\(|[\d.]+(?:e\d+)?%?(?![\w-])|--[\w-]+|[a-z][\w-]*|[-+*/(),]/gi) ?? []

/** Takes the first value from a list: a word, a number, or a function with its arguments. */
function take(list: string[]): string[] {
  let depth = 0
  for (const [i, token] of list.entries()) {
    if (token.endsWith('(')) depth++
    if (token === ')') depth--
    if (depth === 0) return list.splice(0, i + 1)
  }
  throw new Error(`not closed: ${list.join(' ')}`)
}

/** The arguments of a function, whose name stands at the front. */
function argumentsOf(list: string[]): string[][] {
  const rest = list.slice(1, -1)
  const all: string[][] = [[]]
  while (rest.length) {
    const value = take(rest)
    if (value[0] === ',') all.push([])
    else all.at(-1)!.push(...value)
  }
  return all
}

const functions: Record<string, (...given: number[]) => number> = {
  'min(': Math.min,
  'max(': Math.max,
  'clamp(': (least, value, most) => Math.max(least!, Math.min(value!, most!)),
  'calc(': (value) => value!,
  '(': (value) => value!,
}
const operators: Record<string, (one: number, other: number) => number> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
}

function factor(list: string[]): Compute<number> {
  const value = take(list)
  const [name] = value as [string]
  if (/^[\d.]/.test(name)) {
    const fixed = Number.parseFloat(name) / (name.endsWith('%') ? 100 : 1)
    return () => fixed
  }
  if (!name.endsWith('(')) return (_, names) => names[name]!
  const apply = functions[name]
  if (!apply) throw new Error(`unknown function: ${value.join(' ')}`)
  const given = argumentsOf(value).map(number)
  return (scope, names) => apply(...given.map((one) => one(scope, names)))
}

/** Operands of one rank of operators, from the left. */
const chain =
  (signs: string, operand: (list: string[]) => Compute<number>) =>
  (list: string[]): Compute<number> => {
    let left = operand(list)
    while (list.length && signs.includes(list[0]!)) {
      const [before, apply, right] = [left, operators[list.shift()!]!, operand(list)]
      left = (scope, names) => apply(before(scope, names), right(scope, names))
    }
    return left
  }
const number = chain('+-', chain('*/', factor))

const fixed: Record<string, Color> = {
  white: { L: 1, a: 0, b: 0, alpha: 1 },
  black: { L: 0, a: 0, b: 0, alpha: 1 },
}

/** The custom properties that are computed already, in each scope. */
const computed = new WeakMap<Scope, Map<string, Color>>()

function property(name: string, fallback: string[] | undefined): Compute<Color> {
  const otherwise = fallback && compile(fallback)
  return (scope, names) => {
    const said = scope.properties.get(name)
    if (said === undefined && !otherwise) throw new Error(`${name} is not set`)
    if (said === undefined) return otherwise!(scope, names)
    const known = computed.get(scope) ?? computed.set(scope, new Map()).get(scope)!
    const value = known.get(name) ?? color(said, scope)
    known.set(name, value)
    return value
  }
}

function oklch(given: string[]): Compute<Color> {
  const rest = [...given]
  const isFrom = rest[0] === 'from' && rest.shift()
  const from = isFrom && compile(take(rest))
  const [L, c, h] = [0, 1, 2].map(() => factor(rest)) as [Compute<number>, Compute<number>, Compute<number>]
  const alpha = rest.shift() === '/' ? factor(rest) : undefined
  return (scope, outer) => {
    const origin = from ? from(scope, outer) : undefined
    const names: Names = origin
      ? {
          l: origin.L,
          c: Math.hypot(origin.a, origin.b),
          h: (Math.atan2(origin.b, origin.a) * 180) / Math.PI,
        }
      : {}
    const radians = (h(scope, names) * Math.PI) / 180
    const chroma = Math.max(0, c(scope, names))
    return {
      L: Math.min(1, Math.max(0, L(scope, names))),
      a: chroma * Math.cos(radians),
      b: chroma * Math.sin(radians),
      alpha: alpha?.(scope, names) ?? origin?.alpha ?? 1,
    }
  }
}

/** The inverse of `linearOf`, from sRGB with its curve. */
function fromSrgb(rgb: [number, number, number]): Color {
  const [r, g, b] = rgb.map(unbent) as [number, number, number]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return {
    L: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    alpha: 1,
  }
}

/** `color(from … srgb r g b)`. */
function colorFrom(given: string[]): Compute<Color> {
  const rest = given.slice(1)
  const from = compile(take(rest))
  if (rest.shift() !== 'srgb') throw new Error(`unknown space: ${given.join(' ')}`)
  const channels = [0, 1, 2].map(() => factor(rest))
  return (scope, outer) => {
    const [r, g, b] = linearOf(from(scope, outer)).map(bent) as [number, number, number]
    return fromSrgb(channels.map((one) => one(scope, { r, g, b })) as [number, number, number])
  }
}

function mix(first: string[], second: string[]): Compute<Color> {
  const rest = [...second]
  const [one, other, share] = [compile(first), compile(take(rest)), factor(rest)]
  return (scope, names) => {
    const [from, to, part] = [one(scope, names), other(scope, names), share(scope, names)]
    const at = (name: 'L' | 'a' | 'b') => from[name] + (to[name] - from[name]) * part
    return { L: at('L'), a: at('a'), b: at('b'), alpha: 1 }
  }
}

function compile(list: string[]): Compute<Color> {
  const [name] = list as [string]
  if (name in fixed) return () => fixed[name]!
  const given = argumentsOf(list)
  if (name === 'var(') return property(given[0]![0]!, given[1])
  if (name === 'oklch(') return oklch(given[0]!)
  if (name === 'color(') return colorFrom(given[0]!)
  if (name === 'color-mix(') return mix(given[1]!, given[2]!)
  if (name !== 'light-dark(') throw new Error(`no colour: ${list.join(' ')}`)
  const [light, dark] = given.map(compile)
  return (scope, names) => (scope.isDark ? dark! : light!)(scope, names)
}

const compiled = new Map<string, Compute<Color>>()

/** The colour that an expression gives. Errors: what this module does not know of CSS. */
export function color(text: string, scope: Scope): Color {
  const compute = compiled.get(text) ?? compile(tokensOf(text))
  compiled.set(text, compute)
  return compute(scope, {})
}

/** Red, green and blue in linear light. Beyond what sRGB can show, they are below 0 or above 1. */
function linearOf({ L, a, b }: Color): [number, number, number] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}
const bent = (one: number) =>
  Math.abs(one) <= 0.0031308 ? 12.92 * one : Math.sign(one) * (1.055 * Math.abs(one) ** (1 / 2.4) - 0.055)
const unbent = (one: number) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)

/** Red, green and blue (0 to 1) as a screen with sRGB shows them: what is beyond it is cut off. */
export const srgb = (shown: Color): [number, number, number] =>
  linearOf(shown).map((one) => bent(Math.min(1, Math.max(0, one)))) as [number, number, number]

/** Draws layers over each other, from the lowest, as a screen does: in sRGB. */
export const layered = (...layers: Color[]): [number, number, number] =>
  layers
    .map((one) => ({ rgb: srgb(one), alpha: one.alpha }))
    .reduce((below, top) => ({
      rgb: top.rgb.map((one, i) => one * top.alpha + below.rgb[i]! * (1 - top.alpha)) as [
        number,
        number,
        number,
      ],
      alpha: 1,
    })).rgb

const luminance = (rgb: [number, number, number]) => {
  const [red, green, blue] = rgb.map(unbent)
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** The contrast of two colours, 1 to 21 (WCAG 2.2, 1.4.3). */
export function contrast(one: [number, number, number], other: [number, number, number]): number {
  const [bright, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
  return (bright + 0.05) / (dark + 0.05)
}
