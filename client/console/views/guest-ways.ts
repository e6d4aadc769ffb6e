// The picture of how a guest would come back: what would outlive a lost device is a solid line that arrives, what would not is
// dashed and stops half way.
import type { WholeGuest } from '../../../server/core/support/whole.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { check, codes, mail, passkey, usb, x } from '../../elements/kit/icons.ts'
import { browser } from '../page/icons.ts'
import { cell, icon, mark, meta } from '../page/pieces.ts'
import { label } from '../words/labels.ts'
import { day, texts } from '../words/words.ts'
import { isSaved } from './guests.ts'

type Way = { name: Child; what: string; drawing: string; holds: boolean }

const used = (at: number | null) => (at === null ? texts.guest.notUsed : texts.guest.used(day(at)))

/** The ways back of a guest, those that hold first. */
function waysOf({ passkeys, recovery_codes, device_keys, login_ids }: WholeGuest): Way[] {
  const isKey = (transports: string[]) => transports.includes('usb') || transports.includes('nfc')
  const all: Way[] = [
    ...passkeys.map(({ name, backed_up, transports, last_used_at }) => ({
      name: name === 'Passkey' ? name : `Passkey “${name}”`,
      what: `${backed_up ? texts.guest.synced : texts.guest.oneDevice} · ${used(last_used_at)}`,
      drawing: isKey(transports) ? usb : passkey,
      holds: backed_up || isKey(transports),
    })),
    ...(recovery_codes.left > 0
      ? [
          {
            name: label('recoveryCodes'),
            what: `${texts.guest.codesLeft(recovery_codes.left)}${recovery_codes.confirmed ? '' : ` · ${texts.guest.codesUnconfirmed}`}`,
            drawing: codes,
            holds: recovery_codes.confirmed,
          },
        ]
      : []),
    ...login_ids.map(({ type, value }) => ({
      name: value,
      what: type === 'oidc' ? texts.guest.byProvider : texts.guest.byCode,
      drawing: mail,
      holds: true,
    })),
    ...device_keys.map(({ name, last_used_at }) => ({
      name,
      what: `${texts.guest.browserOnly} · ${used(last_used_at)}`,
      drawing: browser,
      holds: false,
    })),
  ]
  return all.toSorted((one, other) => Number(other.holds) - Number(one.holds))
}

const drawWay = ({ name, what, drawing, holds }: Way): Child =>
  h(
    'li',
    { class: holds ? 'way' : 'way gone' },
    icon(drawing, ''),
    h('span', { class: 'lines' }, h('span', { class: 'name' }, name), h('span', { class: 'what' }, what)),
    icon(holds ? check : x, holds ? 'm mark-holds' : 'm mark-gone'),
  )

/** The lines from each way to the guest. */
function bridges(ways: Way[]): Child {
  const height = ways.length * 64
  const middle = height / 2
  return h(
    'svg',
    { class: 'bridges', viewBox: `0 0 100 ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ways.map(({ holds }, i) => {
      const from = i * 64 + 32
      return h('path', {
        class: holds ? '' : 'broken',
        d: holds ? `M4 ${from}C56 ${from} 52 ${middle} 98 ${middle}` : `M4 ${from}H50`,
      })
    }),
  )
}

/** The picture, and below it what an operator can do for somebody who has lost everything. */
export function waysBack(guest: WholeGuest, below: Child): Child {
  const ways = waysOf(guest)
  const holding = ways.filter(({ holds }) => holds).length
  return cell(
    {
      title: texts.guest.waysBack,
      beside: ways.length > 0 && meta(texts.guest.outlive(holding, ways.length)),
      kind: 'two-thirds',
    },
    ways.length === 0
      ? h('p', { class: 'lead' }, texts.guest.waysNone)
      : h(
          'div',
          { class: 'ways' },
          h('ul', {}, ways.map(drawWay)),
          bridges(ways),
          h(
            'div',
            { class: 'goal', 'aria-hidden': 'true' },
            mark(guest.label ?? guest.anonymous_id, isSaved(guest), 'l'),
            h('span', {}, texts.guest.comesBack),
          ),
        ),
    below,
  )
}
