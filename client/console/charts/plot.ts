// Lines over time, drawn by uPlot. What is counted is solid, what it is compared with is dashed.

import type { AlignedData, Options, Series } from 'uplot'
import uPlot from 'uplot'
import { sheet } from '../../elements/kit/dom.ts'
import { plotStyles } from '../styles/plot.ts'

/** What a plot shows. A value that is null is a gap. */
export type Plotted = {
  /** The beginning of each period, in Unix seconds. */
  times: number[]
  lines: { name: string; values: (number | null)[]; isDashed: boolean }[]
}

/** The colours of the page as a canvas takes them. */
function coloursOf(place: ShadowRoot): Record<'grid' | 'text' | 'solid' | 'dashed', string> {
  if (matchMedia('(forced-colors: active)').matches)
    return { grid: 'GrayText', text: 'CanvasText', solid: 'CanvasText', dashed: 'CanvasText' }
  const probe = document.createElement('i')
  place.append(probe)
  const colour = (value: string) => {
    probe.style.color = value
    return getComputedStyle(probe).color
  }
  const found = {
    grid: colour('var(--_line)'),
    text: colour('var(--_ink-3)'),
    solid: colour('light-dark(var(--_fill), var(--_accent-text))'),
    dashed: colour('var(--_control)'),
  }
  probe.remove()
  return found
}

/** With less room, the axis has fewer dates. */
const day = (seconds: number) =>
  new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Whole numbers only: there is no half a guest. */
const wholeTicks = (_: uPlot, ticks: number[]) =>
  ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString() : ''))

/**
 * `<console-plot>`: `plotted` returns what it shows, and it draws again when `data-of` changes, when its place does, and when
 * the colours of the page do. It is for the eye alone: a table beside it has the same numbers.
 */
class ConsolePlot extends HTMLElement {
  static observedAttributes = ['data-of']
  plotted: (() => Plotted) | null = null
  #plot: uPlot | undefined
  #soon = false
  readonly #end = new AbortController()
  readonly #sizes = new ResizeObserver(() => this.#plot?.setSize(this.#size()))

  constructor() {
    super()
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet(plotStyles)]
  }

  connectedCallback(): void {
    this.#sizes.observe(this)
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
      matchMedia(query).addEventListener('change', () => this.#drawSoon(), { signal: this.#end.signal })
    this.#drawSoon()
  }

  disconnectedCallback(): void {
    this.#sizes.disconnect()
    this.#end.abort()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  attributeChangedCallback(): void {
    this.#drawSoon()
  }

  #size() {
    return { width: Math.max(this.clientWidth, 80), height: Math.max(this.clientHeight, 80) }
  }

  #drawSoon(): void {
    if (this.#soon) return
    this.#soon = true
    queueMicrotask(() => {
      this.#soon = false
      if (this.isConnected) this.#draw()
    })
  }

  #draw(): void {
    const shown = this.plotted?.()
    if (!shown) return
    this.#plot?.destroy()
    const data: AlignedData = [shown.times, ...shown.lines.map(({ values }) => values)]
    this.#plot = new uPlot(this.#options(shown), data, ({ root }, begin) => {
      this.shadowRoot!.append(root)
      begin()
    })
  }

  #options({ lines }: Plotted): Options {
    const { grid, text, solid, dashed } = coloursOf(this.shadowRoot!)
    const font = `11px ${getComputedStyle(this).fontFamily}`
    const axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } }
    const series = lines.map(
      ({ name, isDashed }): Series => ({
        label: name,
        stroke: isDashed ? dashed : solid,
        width: isDashed ? 1.75 : 2,
        spanGaps: true,
        points: { show: false },
        ...(isDashed && { dash: [4, 3] }),
      }),
    )
    return {
      ...this.#size(),
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(max * 1.1, 4)] } },
      series: [{}, ...series],
      axes: [
        { ...axis, grid: { show: false }, space: 70, values: (_, ticks) => ticks.map(day) },
        { ...axis, size: 44, space: 28, values: wholeTicks },
      ],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    }
  }
}

/** Makes `<console-plot>` known. A module that is imported for that alone would be left out of the bundle. */
export const definePlot = (): void => {
  if (!customElements.get('console-plot')) customElements.define('console-plot', ConsolePlot)
}
