// The list of the sections, and the links to them.
import type { Child } from '../../kit/dom.ts'
import { back, chevron } from '../../kit/icons.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Kept } from './kept.ts'
import type { Place } from './places.ts'

/** What of the account the list depends on. */
interface Look {
  isWide: boolean
  /** The section that is shown, or was chosen last. */
  at: string | undefined
  kept: Kept | undefined
  isOffered(place: Place): boolean
}

/** `go` is called with the section that was chosen; undefined: the list. */
export function createNav({ h, host, icon, t }: Stage, go: (to: string | undefined) => void) {
  /** The address of the page names the section too, unless it is a dialog. */
  const link = (to: string | undefined, isCurrent: boolean, ...content: Child[]) =>
    h(
      'a',
      {
        class: 'item',
        part: 'item',
        href: `#guestkey-${to ?? 'account'}`,
        'aria-current': isCurrent ? 'true' : null,
        onclick(event: Event) {
          if (host.hasAttribute('modal')) event.preventDefault()
          go(to)
        },
      },
      ...content,
    )

  return {
    /** Leads from a section back to the list. */
    up: ({ isWide, at }: Look) =>
      h(
        'div',
        { class: 'up', hidden: isWide || at === undefined },
        link(undefined, false, icon(back, 's flip'), t('account')),
      ),
    list: ({ isWide, at, kept, isOffered }: Look, places: Place[]) =>
      h(
        'nav',
        { 'aria-label': t('account'), part: 'nav', hidden: !isWide && at !== undefined },
        h(
          'ul',
          { class: isWide ? '' : 'boxed' },
          places.map((place) => {
            const { name, title, drawing, value } = place
            return h(
              'li',
              { hidden: (!isWide && name === 'back') || !isOffered(place) },
              link(
                name,
                isWide && name === (at ?? 'back'),
                icon(drawing, 'm flip'),
                h('span', { class: 'lines' }, h('span', {}, t(title))),
                kept && value && h('span', { class: 'meta' }, value(kept) || t('none')),
                !isWide && icon(chevron, 's flip'),
              ),
            )
          }),
        ),
      ),
  }
}
