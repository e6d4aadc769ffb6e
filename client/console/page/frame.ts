// The frame around each view: where one can go, the field that finds, who is signed in.
import { type Child, h } from '../../elements/kit/dom.ts'
import { user } from '../../elements/kit/icons.ts'
import { serverNow } from '../server/clock.ts'
import type { Me } from '../server/session.ts'
import { clock, texts } from '../words/words.ts'
import { showDialog } from './dialog.ts'
import * as icons from './icons.ts'
import { showKeys } from './keys.ts'
import { button, icon } from './pieces.ts'
import { type Route, to } from './router.ts'

type Place = [view: keyof typeof texts.nav, drawing: string]

/** The places in the bar of phones, beside the button that shows the others. */
const first: Place[] = [
  ['overview', icons.chart],
  ['guests', icons.guests],
  ['audit', icons.list],
  ['webhooks', icons.hook],
]
const others: Place[] = [
  ['settings', icons.sliders],
  ['operators', user],
  ['upkeep', icons.gear],
]

export type FrameParts = {
  name: string
  route: Route
  me: Me
  /** How many webhooks have failed. */
  failures: number
  /** What was searched for. */
  searched: string
  find(text: string): void
}

const link = (route: Route, failures: number, size: string, [view, drawing]: Place): Child =>
  h(
    'a',
    { href: to(view), 'aria-current': route.view === view ? 'page' : null },
    icon(drawing, size),
    h('span', {}, texts.nav[view]),
    view === 'webhooks' &&
      failures > 0 &&
      size === 'm' &&
      h(
        'span',
        { class: 'badge caution end' },
        h('span', { 'aria-hidden': 'true' }, String(failures)),
        h('span', { class: 'said' }, texts.overview.webhooksFailed(failures)),
      ),
  )

/** Until when changes need no new proof. */
export const proofText = ({ session }: Me): string =>
  session.proven_until * 1000 > serverNow() ? texts.proofUntil(clock(session.proven_until)) : texts.proofOver

const side = ({ name, route, me, failures }: FrameParts): Child =>
  h(
    'header',
    { class: 'side' },
    h(
      'div',
      { class: 'brand' },
      h('span', { class: 'logo' }, icon(icons.guests, 's')),
      h('span', {}, name, h('span', { class: 'meta' }, texts.guestsOf)),
    ),
    h(
      'nav',
      { 'aria-label': texts.console },
      [...first, ...others].map((place) => link(route, failures, 'm', place)),
    ),
    h(
      'a',
      { class: 'you', href: to('you'), 'aria-current': route.view === 'you' ? 'page' : null },
      h('span', {}, h('b', { class: 'strong' }, me.name), ` · ${texts.roles[me.role]}`),
      h('span', {}, me.role === 'viewer' ? texts.viewerNote : proofText(me)),
    ),
  )

const topBar = ({ searched, find }: FrameParts): Child =>
  h(
    'div',
    { class: 'topbar' },
    h(
      'form',
      {
        class: 'find',
        role: 'search',
        onsubmit: (event: Event) => {
          event.preventDefault()
          const field = (event.target as HTMLFormElement).elements.namedItem('find') as HTMLInputElement
          field.select() // so that the next text replaces this one
          find(field.value)
        },
      },
      icon(icons.search),
      h('input', {
        type: 'search',
        name: 'find',
        value: searched,
        placeholder: texts.find,
        'aria-label': texts.findHow,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        maxlength: 1400,
      }),
      h('kbd', { class: 'kbd by-key', 'aria-hidden': 'true' }, '/'),
    ),
    button('?', showKeys, 'quiet small icon-only by-key', { 'aria-label': texts.keys }),
  )

/** The whole page. `view`: what its place shows, with a key that changes when the person goes elsewhere. */
export const frame = (parts: FrameParts, view: Child, key: string): Child =>
  h(
    'div',
    { class: 'shell' },
    h('a', { class: 'skip button', href: '#main', onclick: toMain }, texts.skip),
    side(parts),
    h(
      'div',
      { class: 'main' },
      topBar(parts),
      h('main', { class: 'view', id: 'main', tabindex: -1, 'data-key': key }, view),
    ),
    h(
      'nav',
      { class: 'tabbar', 'aria-label': texts.console },
      first.map((place) => link(parts.route, parts.failures, 'l', place)),
      h(
        'button',
        {
          type: 'button',
          onclick: showMore,
          'aria-haspopup': 'dialog',
          'aria-current': first.some(([view]) => view === parts.route.view) ? null : 'true',
        },
        icon(icons.dots, 'l'),
        h('span', {}, texts.more),
      ),
    ),
  )

/** Shows the places that the bar of phones has no room for. */
function showMore(): void {
  showDialog(texts.more, ({ close }) =>
    h(
      'nav',
      { 'aria-label': texts.more },
      h(
        'ul',
        { class: 'boxed' },
        [...others, ['you', user] as const].map(([view, drawing]) =>
          h(
            'li',
            {},
            h('a', { class: 'item', href: to(view), onclick: close }, icon(drawing), texts.nav[view]),
          ),
        ),
      ),
    ),
  )
}

/** A link would change the address, which says where one is. */
const toMain = (event: Event): void => {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}
