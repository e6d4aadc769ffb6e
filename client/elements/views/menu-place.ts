// Where the menu stands.

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
