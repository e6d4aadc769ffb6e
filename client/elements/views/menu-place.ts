// Where the menu stands, and how it goes away by itself.
import type { Stage } from '../kit/stage.ts'
import type { Trigger } from './button-host.ts'

/** Below the button if there is room, towards the middle of the window, and within it. */
export function place(menu: HTMLElement, host: HTMLElement): void {
  const at = host.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const left = at.left + at.right > innerWidth ? at.right - width : at.left
  const below = at.bottom + 6
  const top = below + height > innerHeight && at.top > height + 6 ? at.top - height - 6 : below
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`
}

/** The menu follows its button when the window is turned or zoomed, and when the page scrolls. */
export function keepPlace({ host, signal }: Stage): void {
  const follow = () => {
    const menu = host.shadowRoot!.querySelector<HTMLElement>('.menu')
    if (menu) place(menu, host)
  }
  addEventListener('resize', follow, { signal })
  addEventListener('scroll', follow, { signal, capture: true, passive: true })
}

/**
 * The menu closes by a press outside of it, by Escape, and when the focus leaves. `isAsking` says whether a dialog is open,
 * which has Escape and the focus for itself.
 */
export function closeBySelf({ host, signal }: Stage, { close }: Trigger, isAsking: () => boolean): void {
  const root = host.shadowRoot!
  const outside = (event: Event) => {
    if (!event.composedPath().includes(host)) close(false)
  }
  addEventListener('pointerdown', outside, { signal })
  root.addEventListener(
    'focusout',
    (event) => {
      const to = (event as FocusEvent).relatedTarget
      if (to && !root.contains(to as Node) && !isAsking()) close(false)
    },
    { signal },
  )
  root.addEventListener(
    'keydown',
    (event) => {
      if ((event as KeyboardEvent).key === 'Escape' && !isAsking()) close()
    },
    { signal },
  )
}
