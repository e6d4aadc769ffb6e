// The account: who one is, what brings one back, and the sections: one below the other, or each as a page where it is narrow.
import type { SignInMethods, UserInfo } from '../../index.ts'
import type { Child } from '../kit/dom.ts'
import { back, chevron, out, pencil } from '../kit/icons.ts'
import { handOn, openElement } from '../kit/open-element.ts'
import type { Stage, View } from '../kit/stage.ts'
import type { Texts } from '../kit/words.ts'
import { account as css } from '../styles/account.ts'
import { createActs } from './account/acts.ts'
import { type Kept, waysBack } from './account/kept.ts'
import { type Place, placesOf } from './account/places.ts'
import { createWayBack } from './account/way-back.ts'
import type { Section } from './sections/section.ts'

type AccountHost = HTMLElement & { texts: Partial<Texts>; readonly isOpen: boolean; close(): void }

/** From this width on, in times the text size, the sections stand beside their list. */
const WIDE = 50
/** How many views there have been: the sections of one client are not those of another. */
let views = 0

export function view(stage: Stage<AccountHost>, section: Section): View {
  const { client, guestName, h, heading, host, icon, mark, signal, t, update } = stage
  const { pieces } = section
  const root = host.shadowRoot!
  const number = ++views
  const isModal = () => host.hasAttribute('modal')
  const isWideAt = (width: number) => width >= WIDE * Number.parseFloat(getComputedStyle(host).fontSize)
  let isWide = isWideAt(isModal() ? innerWidth : host.clientWidth)
  let methods: SignInMethods | undefined
  /** The section that is shown where it is narrow, or was chosen last. */
  let at: string | undefined
  let focus: string | undefined
  /** Recovery codes are to be made as soon as their section is there. */
  let isMaking = false
  /** The sections that have been shown: the others are not made yet. */
  const seen = new Set<string>()

  const language = () => (root.firstElementChild as HTMLElement).lang
  const shown = section.shown(async () => {
    const [kept, held] = await Promise.all([
      client.account.export() as Promise<Kept>,
      // A browser may refuse its storage. Then it has no key.
      client.deviceKey.held().catch(() => null),
    ])
    return { kept, heldId: held?.id }
  })
  const places = placesOf(t, (list) =>
    list.length ? list.length.toLocaleString(language()) : t('none'),
  ).filter(({ tag }) => !tag || customElements.get(tag))
  /** Addresses are for services that send codes, or know of providers that this page can come back from. */
  const isOffered = ({ name }: Place) =>
    name !== 'addresses' ||
    !methods ||
    methods.codes.length > 0 ||
    (methods.providers.length > 0 && host.hasAttribute('redirect-uri')) ||
    (shown.get()?.kept.login_ids.length ?? 0) > 0

  client.signInMethods().then(
    (all) => {
      methods = all
      update()
    },
    () => {},
  )

  function go(to: string | undefined) {
    at = to
    focus = to ? `at-${to}` : 'title'
    update()
  }
  /** Goes to the section that the address of the page names. */
  function goByAddress() {
    const [, to] = /^#guestkey-(\w+)$/.exec(location.hash) ?? []
    if (to === 'account') go(undefined)
    else if (places.some(({ name }) => name === to)) go(to)
  }
  if (!isModal()) {
    addEventListener('hashchange', goByAddress, { signal })
    goByAddress()
  }
  const sizes = new ResizeObserver(([size]) => {
    const { width } = size!.contentRect
    if (width === 0 || isWide === isWideAt(width)) return
    isWide = !isWide
    update()
  })
  signal.addEventListener('abort', () => sizes.disconnect())
  root.addEventListener('guestkey-changed', () => void shown.load(), { signal })

  async function link() {
    const before = root.activeElement as HTMLElement | null
    await openElement(host, client, 'guestkey-link')
    before?.focus()
    await shown.load()
  }
  function makeCodes() {
    go('codes')
    isMaking = true
  }
  const lost = () => {
    const kept = shown.get()?.kept
    return kept ? places.flatMap(({ title, value }) => (value ? [`${t(title)} · ${value(kept)}`] : [])) : []
  }
  const acts = createActs(stage, section, lost, () => host.close())
  const wayBack = createWayBack(stage, pieces, { save: acts.save, link, codes: makeCodes })

  const header = ({ label, recoverability }: UserInfo) => {
    const app = host.getAttribute('app') ?? methods?.name
    const kept = shown.get()?.kept
    return h(
      'header',
      { class: 'top', part: 'header', hidden: !isWide && at !== undefined },
      mark(label, recoverability !== 'none', 'xl'),
      h(
        'div',
        { class: 'lines' },
        h(
          heading(),
          { class: 'title', id: 'title', part: 'title', tabindex: -1, 'data-key': 'title' },
          guestName(label),
        ),
        kept &&
          app &&
          h(
            'p',
            { class: 'lead', part: 'lead' },
            t('guestSince', { app, day: t.date(kept.guest.created_at) }),
          ),
      ),
      h(
        'div',
        { class: 'buttons' },
        pieces.button({ kind: 'small', drawing: pencil, key: 'rename', onclick: acts.rename }, t('rename')),
        pieces.button(
          { kind: 'small', drawing: out, key: 'sign-out', onclick: acts.signOut },
          t(recoverability === 'none' ? 'signOutAsks' : 'signOut'),
        ),
      ),
    )
  }

  /** A link to a section, which the address of the page names too, unless it is a dialog. */
  const anchor = (to: string | undefined, current: boolean, ...content: Child[]) =>
    h(
      'a',
      {
        class: 'item',
        part: 'item',
        href: `#guestkey-${to ?? 'account'}`,
        'aria-current': current ? 'true' : null,
        onclick(event: Event) {
          if (isModal()) event.preventDefault()
          go(to)
        },
      },
      ...content,
    )

  function nav() {
    const kept = shown.get()?.kept
    return h(
      'nav',
      { 'aria-label': t('account'), part: 'nav', hidden: !isWide && at !== undefined },
      h(
        'ul',
        { class: isWide ? '' : 'boxed' },
        places.map((one) => {
          const { name, title, drawing, value } = one
          return h(
            'li',
            { hidden: (!isWide && name === 'back') || !isOffered(one) },
            anchor(
              name,
              isWide && name === (at ?? 'back'),
              icon(drawing, 'm flip'),
              h('span', { class: 'lines' }, t(title)),
              kept && value && h('span', { class: 'meta' }, value(kept)),
              !isWide && icon(chevron, 's flip'),
            ),
          )
        }),
      ),
    )
  }

  const frame = (title: Child, id: string, ...content: Child[]) =>
    h(
      'section',
      { class: 'section', part: 'section', 'aria-labelledby': id },
      h(heading(1), { class: 'heading', id }, title),
      content,
    )

  function gettingBack(label: string): Child {
    const data = shown.get()
    return data
      ? h('div', { class: 'panel' }, wayBack(label, waysBack(data.kept, data.heldId, t)))
      : section.loading(shown)
  }

  function content({ name, title, tag }: Place, label: string): Child {
    if (name === 'back') return frame(t(title), 'h-back', gettingBack(label))
    if (name === 'leave') return frame(t(title), 'h-leave', section.panel('leave', acts.rows()))
    const level = heading(1).slice(1)
    const made = handOn(host, client, h(tag!, { 'heading-level': level, 'data-key': `${number}` }))
    made.lang = language()
    return made
  }
  function place(one: Place, label: string) {
    const { name } = one
    const isHere = (isWide || name === (at ?? 'back')) && isOffered(one)
    if (isHere) seen.add(name)
    return h(
      'div',
      { class: `place ${name}`, tabindex: -1, 'data-key': `at-${name}`, hidden: !isHere },
      seen.has(name) && content(one, label),
    )
  }

  function whole(guest: UserInfo) {
    const [first, ...others] = places
    return h(
      'div',
      { class: `frame${isWide ? ' wide' : ''}`, 'data-key': 'frame' },
      h(
        'div',
        { class: 'over' },
        h(
          'div',
          { class: 'up', hidden: isWide || at === undefined },
          anchor(undefined, false, icon(back, 's flip'), t('account')),
        ),
        header(guest),
        section.progress(),
      ),
      place(first!, guest.label),
      nav(),
      h(
        'div',
        { class: 'rest' },
        others.map((one) => place(one, guest.label)),
      ),
    )
  }

  return {
    css: section.css + css,
    draw() {
      const { guest } = stage
      if (guest === undefined || (isModal() && !host.isOpen)) return []
      const content = guest
        ? whole(guest)
        : customElements.get('guestkey-sign-in') && !isModal()
          ? handOn(host, client, h('guestkey-sign-in', { 'data-key': `${number}` }))
          : pieces.failure({ code: 'not_signed_in' })
      return [
        isModal() ? pieces.popup('whole', () => host.close(), content) : content,
        guest && section.question(),
      ]
    },
    drawn() {
      section.drawn()
      const frame = root.querySelector('.frame')
      if (!frame) return
      sizes.observe(frame)
      if (!focus) return
      const wanted = root.querySelector<HTMLElement>(`[data-key="${focus}"]`)
      focus = undefined
      wanted?.focus({ preventScroll: true })
      wanted?.scrollIntoView({ block: 'start' })
      if (isMaking) root.querySelector<HTMLElement & { make(): void }>('guestkey-recovery-codes')?.make()
      isMaking = false
    },
  }
}
