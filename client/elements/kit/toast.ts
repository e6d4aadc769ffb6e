// A toast: says below what was done, for ten seconds, and offers to undo it if the server can.
import { x } from './icons.ts'
import type { Stage } from './stage.ts'

const SHOWN_MILLISECONDS = 10_000

/** Takes the toast away that is shown now. There is one for all elements of the page. */
let leave = () => {}

/** What scrolls an element: a dialog or another box that it is in, else the page. */
function scrollerOf(element: HTMLElement): HTMLElement {
  for (let one: Node | null = element; one; one = one instanceof ShadowRoot ? one.host : one.parentNode)
    if (
      one instanceof HTMLElement &&
      one.scrollHeight > one.clientHeight &&
      /auto|scroll/.test(getComputedStyle(one).overflowY)
    )
      return one
  return document.documentElement
}

/**
 * While the toast is shown, what it lies over can be scrolled from below it, and comes from below it when it gets the focus
 * (WCAG 2.2, 2.4.11). Returns what takes the room back.
 */
function makeRoom(host: HTMLElement, toast: HTMLElement): () => void {
  const scroller = scrollerOf(host)
  const { style } = scroller
  const { paddingBlockEnd, scrollPaddingBlockEnd } = style
  const { top } = toast.getBoundingClientRect()
  const end = Math.min(innerHeight, scroller.getBoundingClientRect().bottom)
  if (end > top) {
    style.paddingBlockEnd = `calc(${getComputedStyle(scroller).paddingBlockEnd} + ${end - top + 8}px)`
    style.scrollPaddingBlockEnd = `${innerHeight - top + 8}px`
  }
  return () => Object.assign(style, { paddingBlockEnd, scrollPaddingBlockEnd })
}

/**
 * Shows a toast of this element. It stays while it is pointed at or has the focus; F6 goes to it. `undo` is its button, only for
 * what the server can restore: that must stand in the section too, because this one goes.
 */
export function showToast(
  { h, host, icon, say, signal, t }: Stage,
  text: string,
  undo?: { text: string; onclick: () => unknown },
): void {
  leave()
  const gone = new AbortController()
  let timer: ReturnType<typeof setTimeout>
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(close, SHOWN_MILLISECONDS)
  }
  const stay = () => clearTimeout(timer)
  let before: HTMLElement | undefined
  let takeRoom = () => {}
  function close() {
    const hasFocus = toast.matches(':focus-within')
    clearTimeout(timer)
    gone.abort()
    toast.remove()
    takeRoom()
    if (hasFocus) before?.focus()
  }
  const button = (
    kind: string,
    label: string | null,
    onclick: () => unknown,
    ...content: (Node | string)[]
  ) =>
    h(
      'button',
      {
        type: 'button',
        class: `button quiet small ${kind}`,
        part: 'button quiet',
        'aria-label': label,
        onclick() {
          close()
          onclick()
        },
      },
      ...content,
    )
  const toast = h(
    'div',
    {
      class: 'toast',
      part: 'toast',
      popover: 'manual',
      onpointerenter: stay,
      onpointerleave: wait,
    },
    h('span', { class: 'lines' }, text),
    undo && button('undo', null, undo.onclick, undo.text),
    button('icon-only', t('close'), () => {}, icon(x, 's')),
  )
  // These two events have no property of an element.
  toast.addEventListener('focusin', stay)
  toast.addEventListener('focusout', wait)
  addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && toast.matches(':focus-within')) close()
      if (event.key !== 'F6') return
      event.preventDefault()
      before = (host.shadowRoot!.activeElement ?? document.activeElement) as HTMLElement
      toast.querySelector('button')!.focus()
    },
    { signal: gone.signal },
  )
  signal.addEventListener('abort', close, { signal: gone.signal })
  leave = close
  host.shadowRoot!.append(toast)
  toast.showPopover()
  takeRoom = makeRoom(host, toast)
  wait()
  say(text)
}
