// The account: who one is, what brings one back, and the sections: one below the other, or each as a page where it is narrow.
import type { SignInMethods, UserInfo } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { out, pencil } from '../../kit/icons.ts'
import type { Stage, View } from '../../kit/stage.ts'
import { isSaved } from '../../kit/ways.ts'
import type { Texts } from '../../kit/words.ts'
import { account as css } from '../../styles/account.ts'
import type { Section } from '../sections/section.ts'
import { createActs } from './acts.ts'
import { type Kept, waysBack } from './kept.ts'
import { createNav } from './nav.ts'
import { type Place, placesOf } from './places.ts'
import { createWayBack } from './way-back.ts'

type AccountHost = HTMLElement & {
  texts: Partial<Texts>
  readonly isOpen: boolean
  close(): void
  /** The section that `open` named; only once. */
  takeSection(): string | undefined
}

/** From this width on, in times the text size, the sections stand beside their list. */
const WIDE = 50
/** How many views there have been: the sections of one client are not those of another. */
let views = 0

export function view(stage: Stage<AccountHost>, section: Section): View {
  const { client, guestName, h, heading, host, mark, signal, t, update } = stage
  const { pieces } = section
  const root = host.shadowRoot!
  const number = ++views
  const isModal = () => host.hasAttribute('modal')
  const isWideAt = (width: number) => width >= WIDE * Number.parseFloat(getComputedStyle(host).fontSize)
  let isWide = isWideAt(isModal() ? innerWidth : host.clientWidth)
  /** What the service offers. Undefined until it has answered; null if it did not. */
  let methods: SignInMethods | null | undefined
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
  const places = placesOf(t, ({ length }) => (length ? length.toLocaleString(language()) : '')).filter(
    ({ tag }) => !tag || customElements.get(tag),
  )
  /** Addresses are for services that send codes, or know of providers that this page can come back from. */
  const isOffered = ({ name }: Place) =>
    name !== 'addresses' ||
    methods === null ||
    (methods?.codes.length ?? 0) > 0 ||
    ((methods?.providers.length ?? 0) > 0 && host.hasAttribute('redirect-uri')) ||
    (shown.get()?.kept.login_ids.length ?? 0) > 0

  client
    .signInMethods()
    .catch(() => null)
    .then((all) => {
      methods = all
      update()
    })

  const placeOf = (name: string) => root.querySelector<HTMLElement>(`[data-key="at-${name}"]`)

  function go(to: string | undefined) {
    at = to
    focus = to ?? ''
    update()
  }
  /** Goes to the section that the address of the page names. */
  function goByAddress() {
    const [, to] = /^#guestkey-(\w+)$/.exec(location.hash) ?? []
    if (places.some(({ name }) => name === to)) go(to)
    // “Back” of the browser leads to the list too.
    else if (to === 'account' || (at !== undefined && !isWide)) go(undefined)
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
  /** The section that is a quarter below the top is the current one, unless the one that was chosen is still to be seen. */
  const spy = new IntersectionObserver(
    (entries) => {
      const seenNow = entries.find(({ isIntersecting }) => isIntersecting)?.target as HTMLElement | undefined
      const { top = -1 } = placeOf(at ?? 'back')?.getBoundingClientRect() ?? {}
      if (!isWide || !seenNow || (top >= 0 && top < innerHeight)) return
      at = seenNow.dataset.key!.slice('at-'.length)
      update()
    },
    { rootMargin: '-25% 0px -74% 0px' },
  )
  signal.addEventListener('abort', () => {
    sizes.disconnect()
    spy.disconnect()
  })
  root.addEventListener('guestkey-changed', () => void shown.load(), { signal })

  async function link() {
    const before = root.activeElement as HTMLElement | null
    await pieces.open('guestkey-link')
    before?.focus()
    await shown.load()
  }
  function makeCodes() {
    go('codes')
    isMaking = true
  }
  const lost = () => {
    const kept = shown.get()?.kept
    return places.flatMap(({ title, value }) => {
      const much = kept && value?.(kept)
      return much ? [`${t(title)} · ${much}`] : []
    })
  }
  const nav = createNav(stage, go)
  const acts = createActs(stage, section, lost, () => host.close())
  const wayBack = createWayBack(stage, pieces, { save: acts.save, link, codes: makeCodes })

  const header = (guest: UserInfo) => {
    const { label } = guest
    const app = host.getAttribute('app') ?? methods?.name
    const kept = shown.get()?.kept
    return h(
      'header',
      { class: 'top', part: 'header', hidden: !isWide && at !== undefined },
      mark(label, isSaved(guest), 'xl'),
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
          t(isSaved(guest) ? 'signOut' : 'signOutAsks'),
        ),
      ),
    )
  }

  const frame = (below: number, title: Child, id: string, ...content: Child[]) =>
    h(
      'section',
      { class: 'section', part: 'section', 'aria-labelledby': id },
      h(heading(below), { class: 'heading', id }, title),
      content,
    )

  function gettingBack(label: string): Child {
    const data = shown.get()
    return data
      ? h('div', { class: 'panel' }, wayBack(label, waysBack(data.kept, data.heldId, t)))
      : section.loading(shown)
  }

  /** Another element, with the language of this one; its heading is `below` levels below. */
  function element(tag: string, below: number): HTMLElement {
    const level = heading(below).slice(1)
    const made = pieces.handOn(h(tag, { 'heading-level': level, 'data-key': `${number}` }))
    made.lang = language()
    return made
  }

  function content({ name, title, tag }: Place, label: string): Child {
    if (name === 'back') return frame(1, t(title), 'h-back', gettingBack(label))
    // On a page of its own, the name of the guest is not above it.
    const below = isWide ? 1 : 0
    if (name === 'leave') return frame(below, t(title), 'h-leave', section.panel('leave', acts.rows()))
    return element(tag!, below)
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
    const look = { isWide, at, kept: shown.get()?.kept, isOffered }
    return h(
      'div',
      { class: `frame${isWide ? ' broad' : ''}`, 'data-key': 'frame' },
      h(
        'div',
        { class: 'over' },
        nav.up(look),
        header(guest),
        section.progress(),
        pieces.wayIn((work) => section.attempt.run('way-in', work)),
      ),
      place(first!, guest.label),
      nav.list(look, places),
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
      const wanted = host.takeSection()
      if (wanted) go(wanted)
      const content = guest
        ? whole(guest)
        : customElements.get('guestkey-sign-in') && !isModal()
          ? element('guestkey-sign-in', 0)
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
      for (const one of root.querySelectorAll('.place')) spy.observe(one)
      if (focus === undefined) return
      const wanted = focus ? placeOf(focus) : root.querySelector<HTMLElement>('#title')
      // One that may not be offered is shown when that is known.
      if (wanted?.hidden) return
      focus = undefined
      wanted?.focus({ preventScroll: true })
      wanted?.scrollIntoView({ block: 'start' })
      if (isMaking) root.querySelector<HTMLElement & { make(): void }>('guestkey-recovery-codes')?.make()
      isMaking = false
    },
  }
}
