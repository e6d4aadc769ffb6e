// Each state of the elements in the gallery, for people with a keyboard, a screen reader, large type or no wish for motion.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type DeviceOptions, launchBrowser, newDevice } from '../support/browser.ts'
import { startDemo } from '../support/demo.ts'
import { elements, viewsOf } from './gallery-views.ts'
import { expectNothingAmiss } from './jotter.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Opens the gallery, and calls `look` for each view of the element. */
async function eachView(
  element: string,
  switches: Record<string, string>,
  window: DeviceOptions['window'],
  look: (page: Page, view: string) => Promise<void>,
): Promise<void> {
  const demo = await startDemo()
  const device = await newDevice(browser, { window: { reducedMotion: 'reduce', ...window } })
  onTestFinished(async () => {
    await device.close()
    expect(device.problems).toEqual([])
  })
  const { page } = device
  for (const state of viewsOf(element)) {
    await page.goto('about:blank')
    await page.goto(`${demo.origin}/elements#${new URLSearchParams({ ...switches, element, state })}`)
    await page.waitForSelector('html[data-shown]')
    // What a press shows may come by a part that is loaded then.
    await page.waitForLoadState('networkidle')
    expect(await page.getAttribute('html', 'data-missed'), state).toBeNull()
    await look(page, state)
  }
}

/** Runs in the page: the controls of the elements that can be pressed now, in the order in which they stand. */
function controlsIn(): {
  said: string
  part: string
  width: number
  height: number
  left: number
  right: number
}[] {
  const found: HTMLElement[] = []
  const walk = (root: Document | ShadowRoot) => {
    for (const one of root.querySelectorAll<HTMLElement>('*')) {
      if (one.shadowRoot) walk(one.shadowRoot)
      if (root !== document && one.matches('button, input, a[href]')) found.push(one)
    }
  }
  walk(document)
  const isModalOpen = found.some((one) => one.closest('dialog')?.matches(':modal'))
  return found
    .filter(
      (one) =>
        one.checkVisibility({ visibilityProperty: true }) &&
        (!isModalOpen || one.closest('dialog')?.matches(':modal')),
    )
    .map((one) => {
      const { width, height, left, right } = one.getBoundingClientRect()
      const said = (one.ariaLabel ?? (one.innerText || one.id)).replaceAll(/\s+/g, ' ').trim()
      return { said, part: one.getAttribute('part') ?? '', width, height, left, right }
    })
}

/** Runs in the page: spaces all text as WCAG 2.2, 1.4.12 says, and gives what is cut off by it. */
function spaceText(): string[] {
  const roots: ShadowRoot[] = []
  const walk = (root: Document | ShadowRoot) => {
    for (const { shadowRoot } of root.querySelectorAll('*'))
      if (shadowRoot) {
        roots.push(shadowRoot)
        walk(shadowRoot)
      }
  }
  walk(document)
  const cut = () =>
    roots.flatMap((root) =>
      [...root.querySelectorAll<HTMLElement>('*')].filter(
        (one) =>
          !one.closest('.said, .names') &&
          getComputedStyle(one).overflowX !== 'visible' &&
          (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) &&
          !one.matches('dialog, .menu, input'),
      ),
    )
  const before = new Set(cut())
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`)
  for (const root of roots) root.adoptedStyleSheets.push(sheet)
  return cut().flatMap((one) => (before.has(one) ? [] : one.innerText))
}

const named = /^(button|link|textbox|switch|dialog|alertdialog|heading|image|navigation)$/

/** The accessibility tree: what has no name, how much has one, and how many live regions there are. */
async function treeOf(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  const { nodes } = await cdp.send('Accessibility.getFullAXTree')
  const ours = nodes.filter(({ ignored, role }) => !ignored && named.test(`${role?.value}`))
  const isNamed = (name: unknown) => `${name ?? ''}`.trim() !== ''
  return {
    count: ours.length,
    nameless: ours.filter(({ name }) => !isNamed(name?.value)).map(({ role }) => role?.value),
    regions: nodes.filter(({ role }) => role?.value === 'status').length,
  }
}

/** What has the focus: what it says, and whether that is seen. Undefined if it is in no element. */
const focusedIn = (page: Page) =>
  page.evaluate(() => {
    let one = document.activeElement
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
    if (!(one instanceof HTMLElement) || one.getRootNode() === document) return
    const { outlineStyle, outlineWidth } = getComputedStyle(one.parentElement?.querySelector('.here') ?? one)
    const said = (one.ariaLabel ?? (one.innerText || one.id)).replaceAll(/\s+/g, ' ').trim()
    const isControl = one.matches('button, input, a[href]')
    return { said, isControl, isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 }
  })

/** Goes through the elements by Tab, from the first control to the last. */
async function tabThrough(page: Page) {
  const reached: { said: string; isSeen: boolean; isControl: boolean }[] = []
  await page.evaluate(() => (document.querySelector('header [name=radius]') as HTMLElement).focus())
  // A dialog keeps the focus, and may have given it to a control.
  const first = await focusedIn(page)
  if (first?.isControl) reached.push(first)
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press('Tab')
    const at = await focusedIn(page)
    if (first?.isControl ? at?.said === first.said : !at && i > 0) break
    if (at) reached.push(at)
  }
  return reached
}

/** The same round, begun at this one. */
const from = (round: string[], start: string | undefined) => {
  const i = Math.max(0, round.indexOf(start ?? ''))
  return [...round.slice(i), ...round.slice(0, i)]
}

/** Gives the window a size, and waits until what follows it has done so. */
async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** What is measured of one view of an element. */
async function measure(page: Page) {
  const controls = await page.evaluate(controlsIn)
  const moving = await page.evaluate(() =>
    document.getAnimations().map((one) => `${(one as CSSAnimation).animationName}`),
  )
  const tree = await treeOf(page)
  const reached = await tabThrough(page)
  await resize(page, 320, 256)
  const narrow = { width: await scrollWidth(page), controls: await page.evaluate(controlsIn) }
  await resize(page, 360, 740)
  const spaced = { cut: await page.evaluate(spaceText), width: await scrollWidth(page) }
  await resize(page, 1280, 800)
  return { controls, moving, tree, reached, narrow, spaced }
}
const scrollWidth = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth)

describe.each(elements)('<%s>', (element) => {
  const views = new Map<string, Awaited<ReturnType<typeof measure>>>()

  test('each state is measured', async () => {
    await eachView(element, { lang: 'de' }, {}, async (page, view) => {
      views.set(view, await measure(page))
    })
    expect([...views.keys()]).toEqual(viewsOf(element))
  })

  test('the controls are 24 pixels large, main actions 44', () => {
    for (const [view, { controls }] of views) {
      const small = controls.filter(
        ({ part, width, height }) => Math.min(width, height) < (/primary/.test(part) ? 44 : 24),
      )
      expect(small, view).toEqual([])
    }
  })

  test('nothing moves for who wants no motion', () => {
    for (const [view, { moving }] of views) expect(moving, view).toEqual([])
  })

  test('each control, dialog, heading and picture has a name in the accessibility tree', () => {
    for (const [view, { tree }] of views) {
      expect(tree.count, view).toBeGreaterThan(0)
      expect(tree.nameless, view).toEqual([])
    }
    // What changes is told there.
    expect(views.get('')!.tree.regions).toBeGreaterThan(0)
  })

  test('each control is reached by Tab, in the order of the page, with a visible focus', () => {
    for (const [view, { controls, reached }] of views) {
      expect(
        reached.filter(({ isSeen }) => !isSeen),
        view,
      ).toEqual([])
      const said = reached.map((one) => one.said)
      expect(from(said, controls[0]?.said), view).toEqual(controls.map((one) => one.said))
    }
  })

  test('nothing scrolls sideways at 320 pixels, as at a zoom of 400 %', () => {
    for (const [view, { narrow }] of views) {
      expect(narrow.width, view).toBeLessThanOrEqual(320)
      const beside = narrow.controls.filter(({ left, right }) => left < -0.5 || right > 320.5)
      expect(beside, view).toEqual([])
    }
  })

  test('nothing is lost when text is spaced further', () => {
    for (const [view, { spaced }] of views) {
      expect(spaced.cut, view).toEqual([])
      expect(spaced.width, view).toBeLessThanOrEqual(360)
    }
  })
})

const looks = elements.flatMap((element) =>
  (['ltr', 'rtl'] as const).flatMap((dir) =>
    (['light', 'dark'] as const).map((scheme) => [element, dir, scheme] as const),
  ),
)
test.each(looks)(
  'axe finds nothing in any state of <%s>, %s, in %s mode',
  async (element, dir, colorScheme) => {
    await eachView(element, { lang: dir === 'rtl' ? 'ar' : 'de', dir }, { colorScheme }, async (page) => {
      // Several states have the same title, which no page of a host would have twice.
      await expectNothingAmiss(page, 'landmark-unique')
    })
  },
)
