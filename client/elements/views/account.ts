// The account: who one is, what brings one back, and the sections: one below the other, or each as a page where it is narrow.
import type { UserInfo } from '../../index.ts'
import { createAttempt } from '../kit/attempt.ts'
import type { Child } from '../kit/dom.ts'
import { back, chevron, out, pencil } from '../kit/icons.ts'
import { handOn, openElement } from '../kit/open-element.ts'
import type { Stage, View } from '../kit/stage.ts'
import type { Texts } from '../kit/words.ts'
import { account as styles } from '../styles/account.ts'
import { section } from '../styles/section.ts'
import { createActs } from './account/acts.ts'
import { type Kept, waysBack } from './account/kept.ts'
import { type Section, sectionsOf } from './account/sections.ts'
import { createWayBack } from './account/way-back.ts'
import type * as PiecesModule from './pieces.ts'
import type { Pieces } from './pieces.ts'

type AccountHost = HTMLElement & { texts: Partial<Texts>; readonly isOpen: boolean; close(): void }

/** From this width on, in times the text size, the sections stand beside their list. */
const WIDE = 50
/** How many views there have been: the sections of one client are not those of another. */
let views = 0

export function view(
  stage: Stage<AccountHost>,
  pieces: Pieces,
  { css, openDialogs }: typeof PiecesModule,
): View {
  const { client, emit, guestName, h, heading, host, icon, mark, signal, t, update } = stage
  const root = host.shadowRoot!
  const number = ++views
  let kept: Kept | undefined
  let heldId: string | undefined
  let keptOf: UserInfo | undefined
  let name: string | undefined
  const isModal = () => host.hasAttribute('modal')
  const isWideAt = (width: number) => width >= WIDE * Number.parseFloat(getComputedStyle(host).fontSize)
  let isWide = isWideAt(isModal() ? innerWidth : host.clientWidth)
  /** The section that is shown where it is narrow, or was chosen last. */
  let at: string | undefined
  let focus: string | undefined
  /** Recovery codes are to be made as soon as their section is there. */
  let isMaking = false

  const loading = createAttempt(update, (error) => emit('guestkey-error', { error }))
  const language = () => (root.firstElementChild as HTMLElement).lang
  const sections = sectionsOf(t, (list) =>
    list.length ? list.length.toLocaleString(language()) : t('none'),
  ).filter(({ tag }) => !tag || customElements.get(tag))

  function learn() {
    keptOf = stage.guest!
    return loading.run('load', async () => {
      const [all, held] = await Promise.all([
        client.account.export() as Promise<Kept>,
        client.deviceKey.held().catch(() => null),
      ])
      kept = all
      heldId = held?.id
    })
  }
  client.signInMethods().then(
    (methods) => {
      name = methods.name
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
    else if (sections.some(({ name }) => name === to)) go(to)
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
  const learnAgain = () => {
    keptOf = undefined
    update()
  }
  root.addEventListener('guestkey-changed', learnAgain, { signal })

  async function link() {
    const before = root.activeElement as HTMLElement | null
    await openElement(host, client, 'guestkey-link')
    before?.focus()
    learnAgain()
  }
  function makeCodes() {
    go('codes')
    isMaking = true
  }
  const acts = createActs(stage, pieces, () => {
    kept = undefined
    host.close()
  })
  const wayBack = createWayBack(stage, pieces, { save: acts.save, link, codes: makeCodes })

  const header = ({ label, recoverability }: UserInfo) => {
    const app = host.getAttribute('app') ?? name
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
        pieces.button({ kind: 'small', drawing: pencil, onclick: () => acts.ask('rename') }, t('rename')),
        pieces.button(
          { kind: 'small', drawing: out, onclick: () => acts.signOut() },
          t(recoverability === 'none' ? 'signOutAsks' : 'signOut'),
        ),
      ),
      acts.failure(),
    )
  }

  /** A link to a section, which the address of the page names too, unless it is a dialog. */
  const anchor = (to: string | undefined, props: Record<string, string | null>, ...content: Child[]) =>
    h(
      'a',
      {
        class: 'item',
        part: 'item',
        href: `#guestkey-${to ?? 'account'}`,
        onclick(event: Event) {
          if (isModal()) event.preventDefault()
          go(to)
        },
        ...props,
      },
      ...content,
    )
  const nav = () =>
    h(
      'nav',
      { 'aria-label': t('account'), part: 'nav', hidden: !isWide && at !== undefined },
      h(
        'ul',
        { class: isWide ? '' : 'boxed' },
        sections.map(({ name, title, drawing, value }) =>
          h(
            'li',
            { hidden: !isWide && name === 'back' },
            anchor(
              name,
              { 'aria-current': isWide && name === (at ?? 'back') ? 'true' : null },
              icon(drawing, 'm flip'),
              h('span', { class: 'lines' }, t(title)),
              kept && value && h('span', { class: 'meta' }, value(kept)),
              !isWide && icon(chevron, 's flip'),
            ),
          ),
        ),
      ),
    )

  const panel = (title: Child, id: string, ...content: Child[]) =>
    h(
      'section',
      { class: 'section', part: 'section', 'aria-labelledby': id },
      h(heading(1), { class: 'heading', id }, title),
      h('div', { class: 'panel' }, content),
    )

  function gettingBack(label: string): Child {
    const waiting = acts.waiting()
    if (waiting) return h('div', { class: 'lost' }, waiting)
    if (kept) return wayBack(label, waysBack(kept, heldId, t))
    if (loading.failure === undefined)
      return h(
        'div',
        { class: 'still', 'aria-busy': 'true' },
        h('div'),
        h('div'),
        loading.isLong && h('p', { class: 'meta lost', role: 'status' }, t('slow')),
      )
    return h(
      'div',
      { class: 'lost' },
      pieces.failure(loading.failure),
      h('div', {}, pieces.button({ onclick: () => void learn() }, t('tryAgain'))),
    )
  }

  function content({ name, title, tag }: Section, label: string): Child {
    if (name === 'back') return panel(t(title), 'h-back', gettingBack(label))
    if (name === 'leave')
      return panel(
        t(title),
        'h-leave',
        acts.rows(label, () => acts.take(label)),
      )
    const level = heading(1).slice(1)
    const made = handOn(host, client, h(tag!, { 'heading-level': level, 'data-key': `${number}` }))
    made.lang = language()
    return made
  }
  /** The sections that have been shown: those that were not are not made. */
  const seen = new Set<string>()
  function place(section: Section, label: string) {
    const { name } = section
    const isHere = isWide || name === (at ?? 'back')
    if (isHere) seen.add(name)
    return h(
      'div',
      { class: `place ${name}`, tabindex: -1, 'data-key': `at-${name}`, hidden: !isHere },
      seen.has(name) && content(section, label),
    )
  }

  function frame(guest: UserInfo) {
    const [first, ...others] = sections
    return h(
      'div',
      { class: `frame${isWide ? ' wide' : ''}`, 'data-key': 'frame' },
      header(guest),
      h(
        'div',
        { class: 'up', hidden: isWide || at === undefined },
        anchor(undefined, {}, icon(back, 's flip'), t('account')),
      ),
      place(first!, guest.label),
      nav(),
      h(
        'div',
        { class: 'rest' },
        others.map((section) => place(section, guest.label)),
      ),
    )
  }

  /** What is erased with the guest, by the names of the sections. */
  const lost = () =>
    kept ? sections.flatMap(({ title, value }) => (value ? [`${t(title)} · ${value(kept!)}`] : [])) : []

  return {
    css: css + section + styles,
    draw() {
      const { guest } = stage
      if (guest === undefined || (isModal() && !host.isOpen)) return []
      if (guest && guest !== keptOf && !loading.busy) void learn()
      const shown = guest
        ? frame(guest)
        : customElements.get('guestkey-sign-in') && !isModal()
          ? handOn(host, client, h('guestkey-sign-in', { 'data-key': `${number}` }))
          : pieces.failure({ code: 'not_signed_in' })
      return [
        isModal() ? pieces.popup('whole', () => host.close(), shown) : shown,
        guest && acts.question(guest, lost),
      ]
    },
    drawn() {
      sizes.observe(root.querySelector('.frame') ?? host)
      openDialogs(root)
      if (!focus) return
      const wanted = root.querySelector<HTMLElement>(`[data-key="${focus}"]`)
      if (wanted) focus = undefined
      if (isMaking) root.querySelector<HTMLElement & { make(): void }>('guestkey-recovery-codes')?.make()
      isMaking = false
      wanted?.focus({ preventScroll: true })
      wanted?.scrollIntoView({ block: 'start' })
    },
  }
}
