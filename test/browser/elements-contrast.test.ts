// The colours that the elements derive from the accent of a host, whatever that is: text and controls can be seen on them.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { base } from '../../client/elements/styles/base.ts'
import { devices } from '../../client/elements/styles/devices.ts'
import { pieces } from '../../client/elements/styles/pieces.ts'
import { section } from '../../client/elements/styles/section.ts'
import { launchBrowser } from '../support/browser.ts'
import { type Color, color, contrast, layered, type Scope, srgb } from '../support/css-color.ts'

const sheets = [base, pieces, section, devices]

/** The custom properties that the sheets derive. */
const derived = sheets.flatMap((css) => {
  const [, host] = /:host \{([^}]*)\}/.exec(css) ?? []
  return [...(host ?? '').matchAll(/(--_[\w-]+): ([^;]+);/g)].map(
    ([, name, value]) => [name!, value!] as const,
  )
})
const isColor = ([, value]: readonly [string, string]) => /oklch|light-dark/.test(value) && !/px/.test(value)
const tokens = derived.filter(isColor).map(([name]) => name)

/** What the sheets say of a selector, as it is written. */
function said(selector: string, name: string): string {
  const blocks = sheets.flatMap((css) =>
    [...css.matchAll(/^([^\n{}]+) \{([^{}]*)\}/gm)].filter(([, one]) => one === selector),
  )
  const values = blocks.flatMap(
    ([, , body]) => new RegExp(`(?:^|[\\s;])${name}: ([^;]+?)\\s*(?:;|$)`).exec(body!)?.[1] ?? [],
  )
  if (values.length !== 1) throw new Error(`${values.length} of ${selector} ${name}`)
  return values[0]!
}

const of = (name: string) => `var(--_${name})`
const button = said('.button', 'background')
const buttonHover = said('.button:hover', 'background')
const field = said('.field input', 'background')
const toast = said('.toast', 'background')

/** A pair: what is seen, and what it is drawn on, layer by layer. */
type Pair = [what: string, ...on: string[]]
const on = (what: string[], ...grounds: (string | string[])[]): Pair[] =>
  what.flatMap((one) => grounds.map((ground): Pair => [one, ...[ground].flat()]))

const grounds = [of('surface'), of('raised'), of('sunken')]
const soft = ['danger', 'caution', 'good'].map((name) => of(`${name}-soft`))
const rooms = [of('surface'), of('raised')]
const hovered = rooms.map((room) => [room, of('hover')])

/** Text, and the icons that stand for text: 4.5 (WCAG 2.2, 1.4.3). */
const texts: Pair[] = [
  ...on([of('ink'), of('ink-2'), of('ink-3'), of('accent-text')], ...grounds, ...hovered),
  ...on([of('ink'), of('ink-2'), of('accent-text')], ...soft),
  ...on(
    [of('ink')],
    field,
    ...rooms.flatMap((room) => [
      [room, button],
      [room, buttonHover],
    ]),
  ),
  ...on([of('ink-3')], field),
  ...on([of('accent-text')], of('accent-soft')),
  ...on([of('on-fill')], of('fill'), of('fill-hover')),
  ...on([of('danger')], ...rooms, ...hovered, field, of('danger-soft')),
  ...on([of('good')], ...rooms, of('good-soft')),
  ...on([of('caution')], ...rooms, of('caution-soft')),
  ...on(
    [said('.danger.button', 'color')],
    said('.danger.button', 'background'),
    said('.danger.button:hover', 'background'),
  ),
  ...on([said('.toast', 'color'), said('.toast .undo', 'color')], toast, [
    toast,
    said('.toast .button:hover', 'background'),
  ]),
]
/** Borders that show where a control is, marks of its state, the focus, lines that mean something: 3 (WCAG 2.2, 1.4.11). */
const marks: Pair[] = [
  ...on([of('control'), of('accent-text')], ...grounds, field),
  ...on([of('danger'), of('good')], ...grounds, field),
  ...on([of('ink-2')], ...grounds),
  ...on([said(".switch[aria-checked='true']", 'border-color')], ...grounds),
]

const lightness = [0, 0.1, 0.2, 0.3, 0.4, 0.46, 0.5, 0.535, 0.545, 0.59, 0.635, 0.645, 0.7, 0.85, 1]
const accents = lightness.flatMap((l) =>
  Array.from({ length: 10 }, (_, c) => c * 0.04).flatMap((c) =>
    Array.from({ length: 40 }, (_, h) => `oklch(${l} ${c} ${h * 9})`),
  ),
)
const scopeOf = (accent: string, isDark: boolean): Scope => ({
  isDark,
  properties: new Map([...derived, ['--guestkey-accent', accent]]),
})

/** The pairs that are harder to tell apart than they may be, each with its worst accent. */
function tooClose(pairs: Pair[], least: number, isDark: boolean): string[] {
  const worst = new Map<Pair, { ratio: number; accent: string; failing: number }>()
  for (const accent of accents) {
    const scope = scopeOf(accent, isDark)
    for (const pair of pairs) {
      const [what, ...grounds] = pair.map((one) => color(one, scope)) as [Color, ...Color[]]
      const ground = layered(...grounds)
      const ratio = contrast(srgb(what), ground)
      if (ratio >= least) continue
      const before = worst.get(pair)
      const failing = (before?.failing ?? 0) + 1
      worst.set(pair, before && before.ratio < ratio ? { ...before, failing } : { ratio, accent, failing })
    }
  }
  return [...worst].map(
    ([[what, ...grounds], { ratio, accent, failing }]) =>
      `${what} on ${grounds.join(' + ')}: ${ratio.toFixed(2)} with ${accent}, ${failing} accents`,
  )
}

test.each([
  ['light', false],
  ['dark', true],
] as const)(
  'text has a contrast of 4.5 and controls of 3 with each of 6,000 accents, in %s mode',
  (_, isDark) => {
    expect(accents).toHaveLength(6000)
    expect(tooClose(texts, 4.5, isDark)).toEqual([])
    expect(tooClose(marks, 3, isDark)).toEqual([])
  },
)

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('Chromium resolves the same colours', async () => {
  const page = await browser.newPage()
  const expressions = [...new Set([...texts, ...marks].flat()), ...tokens.map((name) => `var(${name})`)]
  const sample = accents.filter((_, i) => i % 149 === 0)
  const shown = await page.evaluate(
    ({ sheets, sample, expressions }) => {
      const host = document.body.appendChild(document.createElement('div'))
      const root = host.attachShadow({ mode: 'open' })
      root.adoptedStyleSheets = sheets.map((css) => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        return sheet
      })
      const probes = expressions.map((expression) => {
        const probe = root.appendChild(document.createElement('i'))
        probe.style.setProperty('color', expression)
        return probe
      })
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!
      const draw = (fill: string) => {
        canvas.fillStyle = fill
        canvas.fillRect(0, 0, 1, 1)
      }
      return sample.map((accent) =>
        ['light', 'dark'].map((scheme) => {
          host.style.setProperty('--guestkey-accent', accent)
          host.style.colorScheme = scheme
          return probes.map((probe) => {
            draw('white')
            draw(getComputedStyle(probe).color)
            return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]
          })
        }),
      )
    },
    { sheets, sample, expressions },
  )
  await page.close()
  const white = color('white', scopeOf('white', false))
  const wrong = sample.flatMap((accent, i) =>
    [false, true].flatMap((isDark, scheme) =>
      expressions.flatMap((expression, j) => {
        const computed = layered(white, color(expression, scopeOf(accent, isDark))).map((one) =>
          Math.round(one * 255),
        )
        const seen = shown[i]![scheme]![j]!
        return computed.every((one, k) => Math.abs(one - seen[k]!) <= 1)
          ? []
          : [
              `${expression} with ${accent}${isDark ? ' in the dark' : ''}: ${computed}, but ${seen} in Chromium`,
            ]
      }),
    ),
  )
  expect(wrong).toEqual([])
})
