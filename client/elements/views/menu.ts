// The menu of the button: who one is, what keeps it, and where to go. Without a guest: the ways to come back.
import type { UserInfo } from '../../index.ts'
import type { Child } from '../kit/dom.ts'
import { codes, key, out, passkey, pencil, qr, user } from '../kit/icons.ts'
import { pageAddress } from '../kit/page-address.ts'
import type { Stage } from '../kit/stage.ts'
import { hasKeyOf, isSaved } from '../kit/ways.ts'
import { menu as css } from '../styles/menu.ts'
import type { ButtonHost, Menu, Trigger } from './button-host.ts'
import { createMenuDialogs } from './menu-dialogs.ts'
import { closeBySelf, keepPlace, place } from './menu-place.ts'
import { statusOf } from './menu-status.ts'
import type * as PiecesModule from './pieces.ts'

export function createMenu(
  stage: Stage<ButtonHost>,
  { createPieces, openDialogs }: typeof PiecesModule,
  trigger: Trigger,
): Menu {
  const { client, emit, guestName, h, host, mark, say, t, update } = stage
  const pieces = createPieces(stage)
  const canPasskey = client.passkeys.supported()
  const root = host.shadowRoot!
  let failure: unknown
  let waiting: AbortController | undefined
  let asked: 'leave' | 'forget' | 'rename' | undefined
  /** Whether signing out also deletes the key of this browser. */
  let isToForget = false
  /** How many ways back the guest has, or the address of a regular user; undefined until the server has said it. */
  let status: string | number | undefined

  const what = () => host.getAttribute('what')

  /** Does something that may ask for a passkey. Says what it waits for, and can be cancelled. */
  async function attempt(work: () => Promise<unknown>) {
    const controller = new AbortController()
    const { signal } = controller
    waiting = controller
    failure = undefined
    update()
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) {
        failure = error
        emit('guestkey-error', { error })
      }
    }
    waiting = undefined
    update()
  }

  const signInWithPasskey = () => attempt(() => trigger.signIn(() => client.passkeys.signIn()))

  const save = () =>
    attempt(async () => {
      const guest = await client.passkeys.add()
      asked = undefined
      say(
        `${t('kept')} ${t(guest.recoverability === 'synced' ? 'keptSynced' : 'keptDevice', { guest: guest.label })}`,
      )
      emit('guestkey-saved', { guest })
      void learnStatus()
    })

  async function leave(force: boolean) {
    await attempt(async () => {
      try {
        if (isToForget) await client.deviceKey.disable({ force })
        await client.signOut({ force })
      } catch (error) {
        if ((error as { code?: string }).code !== 'would_lose_account') throw error
        asked = 'leave'
        return
      }
      asked = undefined
      trigger.close()
      emit('guestkey-signed-out', null)
    })
  }

  /** The key of this browser would bring the guest back with one press, whoever uses the browser then. */
  const signOut = () =>
    attempt(async () => {
      isToForget = false
      if (await hasKeyOf(client, stage.guest)) asked = 'forget'
      else await leave(false)
    })

  async function learnStatus() {
    status = undefined
    const guest = stage.guest
    if (!guest || !isSaved(guest)) return
    status = await statusOf(client, guest).catch(() => undefined)
    update()
  }

  /** Shows another element as a dialog, and then has the focus back. */
  async function show(tag: string, section?: string) {
    trigger.close()
    await pieces.open(tag, section)
    root.querySelector<HTMLElement>('[aria-expanded]')?.focus()
  }
  /** Goes to a page of the host, or shows the element of that name, unless a listener does something else. */
  function go(name: 'guestkey-account' | 'guestkey-link', url: string | null) {
    trigger.close()
    if (!emit(name, null)) return
    if (url) location.assign(url)
    else void show(name)
  }

  const makeCodes = () => {
    if (emit('guestkey-codes', null)) void show('guestkey-account', 'codes')
  }

  const whoIs = (label: string, isKept: boolean, text: Child, more?: Child) =>
    h(
      'div',
      { class: 'who' },
      mark(label, isKept, 'm'),
      h('span', { class: 'lines' }, guestName(label), h('span', { class: 'meta' }, text)),
      more,
    )

  const wait = () =>
    h(
      'div',
      { class: 'pad', 'data-key': 'wait' },
      pieces.waiting(null),
      pieces.button({ onclick: cancel }, t('cancel')),
    )

  function ofGuest(guest: UserInfo): Child[] {
    const { label } = guest
    const isKept = isSaved(guest)
    const word = what()
    const accountUrl = pageAddress(host, 'account-url')
    const linkUrl = pageAddress(host, 'link-url')
    return [
      whoIs(
        label,
        isKept,
        !isKept
          ? t('notSaved')
          : typeof status === 'number'
            ? t('waysBack', { count: status })
            : (status ?? t('saved')),
        pieces.button({
          kind: 'quiet small icon-only',
          drawing: pencil,
          part: 'button icon',
          'aria-label': t('rename'),
          onclick() {
            asked = 'rename'
            failure = undefined
            update()
          },
        }),
      ),
      failure !== undefined && !asked && pieces.failure(failure),
      pieces.wayIn(attempt),
      !isKept &&
        h(
          'div',
          { class: 'keep', part: 'keep' },
          canPasskey
            ? [
                h('span', {}, word ? t('keepWhy', { what: word }) : t('keepWhyAny')),
                pieces.button(
                  { kind: 'primary wide', drawing: passkey, onclick: save },
                  t('saveWithPasskey'),
                ),
              ]
            : [
                h('span', {}, t('keepWhyCodes')),
                pieces.button({ kind: 'primary wide', drawing: codes, onclick: makeCodes }, t('makeCodes')),
              ],
        ),
      h(
        'ul',
        { class: 'items' },
        (accountUrl || customElements.get('guestkey-account')) &&
          pieces.row(user, t('account'), null, { onclick: () => go('guestkey-account', accountUrl) }),
        (linkUrl || customElements.get('guestkey-link')) &&
          pieces.row(qr, t('linkDevice'), null, { onclick: () => go('guestkey-link', linkUrl) }),
      ),
      h('hr'),
      h(
        'ul',
        { class: 'items' },
        isKept
          ? pieces.row(out, t('signOut'), null, { onclick: signOut }, 'flip')
          : pieces.row(out, t('signOutAsks'), null, { onclick: askToLeave }, 'flip'),
      ),
    ]
  }

  function askToLeave() {
    asked = 'leave'
    failure = undefined
    update()
  }

  function ofNobody(): Child[] {
    const { last } = stage
    return [
      last && whoIs(last.label, true, t('lastHereHint', { day: t.day(last.seen) })),
      failure !== undefined && pieces.failure(failure),
      h(
        'ul',
        { class: 'items' },
        !last &&
          canPasskey &&
          pieces.row(passkey, t('signInWithPasskey'), null, { onclick: signInWithPasskey }),
        last &&
          pieces.row(user, t('startAsNew'), null, {
            onclick: () => trigger.signIn(() => client.signInAnonymously()),
          }),
        customElements.get('guestkey-sign-in') &&
          pieces.row(key, t('moreWays'), null, { onclick: () => void show('guestkey-sign-in') }),
      ),
    ]
  }

  const cancel = () => {
    waiting?.abort()
    void client.passkeys.cancel()
  }
  const stop = () => {
    if (waiting) cancel()
    asked = undefined
    failure = undefined
    update()
  }

  const dialogs = createMenuDialogs(stage, pieces, {
    save,
    stop,
    leave: () => leave(true),
    signOut(forget) {
      isToForget = forget
      void leave(false)
    },
    rename: (name) =>
      attempt(async () => {
        await client.rename(name)
        asked = undefined
      }),
    failure: () => (failure === undefined ? null : pieces.failure(failure)),
    waiting: () => (waiting ? wait() : null),
  })

  keepPlace(stage)
  closeBySelf(stage, trigger, () => asked !== undefined || root.querySelector('dialog') !== null)

  return {
    css,
    link: () => void show('guestkey-link'),
    fail(error) {
      // Whoever cancelled knows it.
      if (!waiting?.signal.aborted) failure = error
    },
    refresh() {
      failure = undefined
      void learnStatus()
    },
    draw() {
      const { guest } = stage
      return [
        trigger.isOpen() &&
          h(
            'div',
            {
              class: 'menu',
              part: 'menu',
              popover: 'manual',
              role: 'group',
              'aria-label': t('guestMenu'),
              'data-key': 'menu',
            },
            waiting && !asked ? wait() : guest ? ofGuest(guest) : ofNobody(),
          ),
        guest && asked === 'leave' && dialogs.leave(guest.label),
        guest && asked === 'forget' && dialogs.forget(guest.label),
        guest && asked === 'rename' && dialogs.rename(guest.label),
      ]
    },
    drawn() {
      openDialogs(root)
      const menu = root.querySelector<HTMLElement>('.menu')
      if (!menu) return
      if (!menu.matches(':popover-open')) menu.showPopover()
      place(menu, host)
    },
  }
}
