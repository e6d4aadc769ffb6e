// If this device were lost: what would bring the guest back, as a verdict and as a picture.
import type { Child } from '../../kit/dom.ts'
import { alert, check, codes, passkey, qr, x } from '../../kit/icons.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Pieces } from '../pieces.ts'
import type { Way } from './kept.ts'

/** The most ways that are drawn. */
const MOST = 5

interface Actions {
  save(): void
  codes(): void
  link(): void
}

export function createWayBack(
  { client, guestName, h, icon, mark, t }: Stage,
  pieces: Pieces,
  actions: Actions,
) {
  function row({ name, where, drawing, holds }: Way): HTMLElement {
    return h(
      'li',
      { class: holds ? 'way' : 'way gone' },
      icon(drawing, 'l flip'),
      h(
        'span',
        { class: 'lines' },
        h('span', { class: 'strong' }, name),
        h('span', { class: 'meta' }, where),
        h('span', { class: 'said' }, t(holds ? 'wouldHold' : 'wouldBeLost')),
      ),
      icon(holds ? check : x),
    )
  }

  /** A line for each way: it arrives at the guest, or stops half way. */
  const lines = (ways: Way[]) =>
    h(
      'svg',
      { class: 'bridges', viewBox: '0 0 100 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      ways.map(({ holds }, i) => {
        const y = ((i + 0.5) / ways.length) * 100
        return h('path', {
          class: holds ? 'holds' : 'gone',
          d: holds ? `M0 ${y}C52 ${y} 48 50 100 50` : `M0 ${y}H56`,
        })
      }),
    )

  return (label: string, ways: Way[]): Child => {
    const count = ways.filter(({ holds }) => holds).length
    const verdict = (
      ways.length === 0 ? 'verdictNone' : ((['verdictBad', 'verdictOne'] as const)[count] ?? 'verdictGood')
    ) satisfies string
    const text = {
      verdictNone: () => t.rich('verdictNoneText', { guest: guestName(label) }),
      verdictBad: () => t('verdictBadText'),
      verdictOne: () => t('verdictOneText'),
      verdictGood: () => t('verdictGoodText', { count }),
    }[verdict]
    const shown = ways.slice(0, MOST)
    const [look, drawing] = count ? ['good', check] : ['danger', alert]
    const button = (key: 'makeCodes' | 'linkDevice' | 'saveWithPasskey', isMain: boolean) => {
      const [picture, onclick] = {
        saveWithPasskey: [passkey, actions.save] as const,
        makeCodes: [codes, actions.codes] as const,
        linkDevice: [qr, actions.link] as const,
      }[key]
      return pieces.button({ kind: isMain ? 'primary' : '', drawing: picture, onclick }, t(key))
    }
    const hasCodes = customElements.get('guestkey-recovery-codes') !== undefined
    const main =
      ways.length === 0 && client.passkeys.supported()
        ? 'saveWithPasskey'
        : hasCodes
          ? 'makeCodes'
          : undefined
    return h(
      'div',
      { class: 'lost', part: 'recoverability' },
      h(
        'div',
        { class: `verdict ${look}` },
        icon(drawing, 'xl'),
        h('div', {}, h('p', { class: 'heading' }, t(verdict)), h('p', { class: 'lead' }, text())),
      ),
      shown.length > 0 &&
        h(
          'div',
          { class: 'picture' },
          h('ul', {}, shown.map(row)),
          lines(shown),
          h('div', { class: 'goal' }, mark(label, count > 0, 'xl'), guestName(label)),
        ),
      ways.length > MOST && h('p', { class: 'meta' }, t('andMore', { count: ways.length - MOST })),
      count < 2 &&
        h(
          'div',
          { class: 'buttons' },
          count === 0 && main && button(main, true),
          ways.length > 0 && button('linkDevice', false),
        ),
    )
  }
}
