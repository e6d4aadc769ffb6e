// Builds and changes the nodes of an element, without markup: it keeps to a policy with Trusted Types.

/** What a node can be made of. `false`, null and undefined are left out. */
export type Child = Node | string | false | null | undefined | Child[]

/** Attributes by name. A function is the handler of an event (`onclick`). `true` is an empty attribute; false: none. */
export type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => unknown)>

const SVG = 'http://www.w3.org/2000/svg'
const isSvg = /^(svg|path|circle|rect|g)$/

/** A new node. All text becomes text nodes. */
export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const made = (
    isSvg.test(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  ) as HTMLElement & Record<string, unknown>
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') {
      made[name] = value
      ;(handlers.get(made) ?? handlers.set(made, []).get(made)!).push(name)
    } else if (value != null && value !== false) made.setAttribute(name, value === true ? '' : `${value}`)
  }
  made.append(...flat(children))
  return made
}

/** The names of the handlers of each node that `h` made. */
const handlers = new WeakMap<Node, string[]>()

const flat = (children: Child[]): (Node | string)[] =>
  (children.flat(9) as Child[]).filter((one): one is Node | string => one != null && one !== false)

/**
 * Makes the children of `parent` equal to these. A node stays if the new one has the same tag and the same `data-key`, in
 * the same order: so it keeps its focus, its value, its place for screen readers, and moves to its new look. What comes
 * before it does not take its place, such as the message of a failure above a form.
 */
export function morph(parent: Element | ShadowRoot, ...children: Child[]): void {
  let at = parent.firstChild
  const removeUntil = (end: ChildNode | null) => {
    while (at !== end) {
      const gone: ChildNode = at!
      at = gone.nextSibling
      gone.remove()
    }
  }
  for (const child of flat(children)) {
    const to = typeof child === 'string' ? new Text(child) : child
    let same = at
    while (same && !isSame(same, to)) same = same.nextSibling
    if (!same) {
      parent.insertBefore(to, at)
      continue
    }
    removeUntil(same)
    become(same, to)
    at = same.nextSibling
  }
  removeUntil(null)
}

const keyOf = (node: Node) => (node as HTMLElement).dataset?.key
const isSame = (one: Node, other: Node) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other)

function become(now: Node, to: Node): void {
  if (now instanceof Text) {
    if (now.data !== (to as Text).data) now.data = (to as Text).data
    return
  }
  const [from, wanted] = [now, to] as (Element & Record<string, unknown>)[] as [
    Element & Record<string, unknown>,
    Element & Record<string, unknown>,
  ]
  // A dialog that is open stays so, or the focus in it would begin anew.
  for (const { name } of [...from.attributes])
    if (!wanted.hasAttribute(name) && name !== 'open') from.removeAttribute(name)
  for (const { name, value } of wanted.attributes)
    if (from.getAttribute(name) !== value) from.setAttribute(name, value)
  for (const name of handlers.get(from) ?? []) from[name] = null
  const names = handlers.get(wanted) ?? []
  for (const name of names) from[name] = wanted[name]
  handlers.set(from, names)
  // What is in an element that draws itself is its own affair.
  if (!from.shadowRoot) morph(from, ...wanted.childNodes)
}

const sheets = new Map<string, CSSStyleSheet>()

/** The style sheet of this text; each text is made into one only once. */
export function sheet(css: string): CSSStyleSheet {
  let made = sheets.get(css)
  if (!made) {
    made = new CSSStyleSheet()
    made.replaceSync(css)
    sheets.set(css, made)
  }
  return made
}

/** Marks a text as CSS, so that the build can make it smaller. */
export const css = ([text]: TemplateStringsArray): string => text!
