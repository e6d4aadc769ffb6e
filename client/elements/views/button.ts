// The button: what it says, and its menu, which is loaded when it is first opened.
import type { UserInfo } from '../../index.ts'
import { down } from '../kit/icons.ts'
import type { Stage, View } from '../kit/stage.ts'
import { isSaved } from '../kit/ways.ts'
import { button } from '../styles/button.ts'
import type { ButtonHost, CreateMenu, Menu, Trigger } from './button-host.ts'
import type * as PiecesModule from './pieces.ts'

/** Loads what the menu is made of, when it is first opened. */
export type LoadMenu = () => Promise<[{ createMenu: CreateMenu }, typeof PiecesModule]>

export function view(stage: Stage<ButtonHost>, load: LoadMenu): View {
  const { client, emit, guestName, h, host, icon, mark, say, sheet, t, update } = stage
  const root = host.shadowRoot!
  let isOpen = false
  let isBusy = false
  let held: boolean | undefined
  let menu: Menu | undefined

  const failed = (error: unknown) => emit('guestkey-error', { error })

  const trigger: Trigger = {
    isOpen: () => isOpen,
    close(focus = true) {
      if (!isOpen) return
      isOpen = false
      update()
      if (focus) root.querySelector<HTMLElement>('[aria-expanded]')?.focus()
    },
    async signIn(ask) {
      if (isBusy) return
      isBusy = true
      update()
      const timer = setTimeout(() => say(t('moment')), 1000)
      try {
        const guest = await ask()
        trigger.close()
        say(t('signedInAs', { guest: guest.label }))
        emit('guestkey-signed-in', { guest })
      } catch (error) {
        held = undefined
        failed(error)
        await open()
        menu?.fail(error)
      }
      clearTimeout(timer)
      isBusy = false
      update()
    },
  }

  async function needMenu(): Promise<Menu> {
    if (menu) return menu
    const [{ createMenu }, pieces] = await load()
    if (!menu) {
      menu = createMenu(stage, pieces, trigger)
      root.adoptedStyleSheets.push(sheet(pieces.css), sheet(menu.css))
    }
    return menu
  }
  async function open() {
    isOpen = true
    const { refresh } = await needMenu()
    refresh()
    update()
  }
  // A device link led here, and the page has nothing of its own for it.
  if (client.deviceLinks.pending() && !document.querySelector('guestkey-link'))
    needMenu().then(({ link }) => link(), failed)
  const toggle = () => (isOpen ? trigger.close() : open().catch(failed))

  /** Whoever was here and can come back by a key of this browser needs no passkey. */
  async function askForKey() {
    held = false
    held = !!(await client.deviceKey.held().catch(() => null))
    update()
  }

  function ofNobody() {
    const { last } = stage
    if (last && held === undefined) void askForKey()
    const kind = `button${host.getAttribute('variant') === 'secondary' ? '' : ' primary'}`
    const [text, ask] =
      last && held
        ? [t('continueAs', { guest: last.label }), () => client.deviceKey.signIn()]
        : last && last.way !== 'device' && client.passkeys.supported()
          ? [t('continueWithPasskey'), () => client.passkeys.signIn()]
          : [t('continueAsGuest'), () => client.signInAnonymously()]
    return h(
      'div',
      { class: `split${stage.guest === undefined ? ' unknown' : ''}` },
      h(
        'button',
        {
          type: 'button',
          class: kind,
          part: kind,
          'data-key': 'main',
          'aria-disabled': isBusy && 'true',
          onclick: () => trigger.signIn(ask),
        },
        h(
          'span',
          { class: 'swap' },
          h('span', { hidden: isBusy }, text),
          h('span', { hidden: !isBusy }, t('moment')),
        ),
      ),
      h(
        'button',
        {
          type: 'button',
          class: kind,
          part: `${kind} more`,
          'aria-label': t('beenHere'),
          'aria-expanded': `${isOpen}`,
          'aria-disabled': isBusy && 'true',
          onclick: () => isBusy || toggle(),
        },
        icon(down, 'xs'),
      ),
    )
  }

  function ofGuest(guest: UserInfo) {
    // Meanwhile, this browser may forget the guest, or remember another one.
    held = undefined
    const isKept = isSaved(guest)
    return h(
      'button',
      {
        type: 'button',
        class: 'chip',
        part: 'trigger',
        'aria-expanded': `${isOpen}`,
        onclick: toggle,
      },
      mark(guest.label, isKept),
      h(
        'span',
        { class: 'names' },
        guestName(guest.label),
        // Screen readers hear a pause, and that a guest is saved.
        h('span', { class: 'said' }, ', '),
        h('span', { class: isKept ? 'said' : 'hint' }, t(isKept ? 'savedHint' : 'notSavedHint')),
      ),
      icon(down, 'xs'),
    )
  }

  return {
    css: button,
    draw: () => [stage.guest ? ofGuest(stage.guest) : ofNobody(), menu?.draw()],
    drawn: () => menu?.drawn(),
  }
}
