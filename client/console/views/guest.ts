// One guest whole: the picture of its ways back, what it has, what happened, and what an operator can do.
import type { WholeGuest } from '../../../server/core/support/whole.ts'
import { h } from '../../elements/kit/dom.ts'
import { out } from '../../elements/kit/icons.ts'
import { ban, copy, door, download as down, trash } from '../page/icons.ts'
import { badge, button, cell, disclosure, failed, head, icon, mark, nameOf, note } from '../page/pieces.ts'
import { to } from '../page/router.ts'
import { load, type MakeView } from '../page/stage.ts'
import { copyText, download } from '../page/take-along.ts'
import { get, inPath, isCode } from '../server/api.ts'
import { may, operatorNames, whoIs } from '../server/session.ts'
import { duration, moment, texts } from '../words/words.ts'
import { guestActs } from './guest-acts.ts'
import { keysTable, loginIdsTable, mergesTable, passkeysTable, sessionsTable, stored } from './guest-parts.ts'
import { trail } from './guest-trail.ts'
import { waysBack } from './guest-ways.ts'
import { isSaved, stageOf } from './guests.ts'

export const view: MakeView = (stage) => {
  const id = stage.route.of
  const found = load(stage, () => get<WholeGuest>(`guests/${inPath(id)}`))
  const names = load(stage, operatorNames)
  const acts = guestActs(stage, found)
  let isLong = false
  const turn = () => {
    isLong = !isLong
    stage.update()
  }

  const heading = (guest: WholeGuest) => {
    const [text, tone] = stageOf(guest)
    return h(
      'div',
      { class: 'page-head' },
      mark(guest.label ?? guest.anonymous_id, isSaved(guest), 'l'),
      h(
        'div',
        { class: 'who-head' },
        h(
          'h1',
          { class: 'title', tabindex: -1 },
          h('bdi', { class: 'guest long' }, nameOf(guest)),
          badge(text, tone),
        ),
        h('span', { class: 'meta mono' }, guest.anonymous_id),
      ),
      h(
        'div',
        { class: 'buttons' },
        button([icon(copy, 's'), texts.copy], () => copyText(guest.anonymous_id, stage.say)),
        may('support') && buttons(guest),
      ),
    )
  }

  const buttons = (guest: WholeGuest) => [
    button([icon(out, 's flip'), texts.acts.endSessions], () => acts.endSessions(guest)),
    guest.disabled
      ? button(texts.acts.enable, () => acts.enable(guest))
      : button([icon(ban, 's'), texts.acts.disable], () => acts.disable(guest), 'small red'),
    guest.stage === 'unkept' && button(texts.acts.keep, () => acts.keep(guest)),
    guest.expires_at !== null && button(texts.acts.extend, () => acts.extend(guest)),
    may('owner') && button([icon(trash, 's'), texts.acts.erase], () => acts.erase(guest), 'small red'),
  ]

  const wayIn = (guest: WholeGuest) => {
    const delay = whoIs()?.way_in_delay ?? null
    const { way_in: open } = guest
    if (open) {
      const by = names.value?.get(open.opened_by) ?? texts.gone
      const isOver = open.opens_at <= guest.read_at
      return note(
        'caution',
        isOver ? texts.wayIn.open(moment(open.expires_at)) : texts.wayIn.waits(moment(open.opens_at)),
        `${texts.wayIn.by(by)} ${open.is_approved ? texts.wayIn.approved : texts.wayIn.needsApproval}`,
        !open.is_approved &&
          may('owner') &&
          open.opened_by !== whoIs()?.id &&
          button(texts.wayIn.approve, () => acts.approve(guest)),
        may('support') && button(texts.wayIn.cancel, () => acts.cancelWayIn(guest)),
      )
    }
    if (delay === null || !may('owner') || guest.stage === 'unkept' || guest.disabled) return null
    return note(
      '',
      texts.wayIn.title,
      texts.wayIn.lead(duration(delay)),
      button([icon(door, 's'), texts.wayIn.make], () => acts.openWayIn(guest, delay)),
    )
  }

  const state = ({ disabled, stage }: WholeGuest) => [
    disabled &&
      note(
        'caution',
        texts.guest.disabledTitle,
        texts.guest.disabledText(
          disabled.until === null ? texts.guest.untilEnabled : moment(disabled.until),
          texts.asks.disable.reasons[disabled.reason],
        ),
      ),
    stage === 'unkept' && note('', texts.guest.unkeptTitle, texts.guest.unkeptText),
  ]

  const everything = (guest: WholeGuest) =>
    disclosure(
      `all-${guest.anonymous_id}`,
      texts.guest.storedAllShow,
      h(
        'div',
        { class: 'stack' },
        h(
          'pre',
          { class: 'pre', tabindex: 0, role: 'region', 'aria-label': texts.guest.storedAll },
          JSON.stringify(guest, null, 2),
        ),
        h(
          'div',
          {},
          button([icon(down, 's'), texts.downloadJson], () =>
            download(`guest-${guest.anonymous_id}.json`, JSON.stringify(guest, null, 2), 'application/json'),
          ),
        ),
      ),
    )

  const missing = () => [
    head(texts.guests.title),
    note('caution', texts.guest.missing, texts.guest.missingNext),
    h('p', {}, h('a', { class: 'link', href: to('guests') }, texts.nav.guests)),
  ]

  return {
    title: () => (found.value ? nameOf(found.value) : texts.guests.title),
    draw: () => {
      const guest = found.value
      if (isCode(found.failure, 'not_found')) return missing()
      if (found.failure) return [head(texts.guests.title), failed(found.failure, found.again)]
      if (!guest) return [head(texts.guests.title), h('p', { class: 'meta', role: 'status' }, texts.loading)]
      return [
        heading(guest),
        state(guest),
        h(
          'div',
          { class: 'cards' },
          waysBack(guest, wayIn(guest)),
          trail(guest.audit, names.value, { isLong, turn }),
          sessionsTable(guest, acts),
          passkeysTable(guest, acts),
          keysTable(guest, acts),
          loginIdsTable(guest, acts),
          mergesTable(guest, acts),
          stored(guest),
          cell({ title: texts.guest.storedAll }, everything(guest)),
        ),
      ]
    },
  }
}
