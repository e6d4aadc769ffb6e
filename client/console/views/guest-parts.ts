// What a guest has: sessions, passkeys, keys, addresses, merges, and what is stored beside.
import type { WholeGuest } from '../../../server/core/support/whole.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { mail, passkey } from '../../elements/kit/icons.ts'
import { browser, laptop, undo } from '../page/icons.ts'
import { button, cell, icon, meta } from '../page/pieces.ts'
import { to } from '../page/router.ts'
import { may } from '../server/session.ts'
import { label } from '../words/labels.ts'
import { ago, day, moment, texts } from '../words/words.ts'
import type { GuestActs } from './guest-acts.ts'

type Row = { drawing: string; name: Child; what?: Child; when?: Child; act?: Child }

/** A list of things that can be ended, or a sentence if there are none. Nothing is shown that says nothing. */
const things = (title: Child, name: string, rows: Row[], none = ''): Child =>
  (rows.length > 0 || none !== '') &&
  cell(
    { title, beside: meta(String(rows.length)), kind: 'flush half' },
    rows.length === 0
      ? h('p', { class: 'empty lead' }, none)
      : h(
          'table',
          { class: 'table tight', 'aria-label': name },
          h(
            'tbody',
            {},
            rows.map(({ drawing, name, what, when, act }) =>
              h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row' },
                  h(
                    'span',
                    { class: 'who' },
                    icon(drawing),
                    h('span', { class: 'lines' }, h('span', {}, name), what && meta(what)),
                  ),
                ),
                h('td', { class: 'end-cell' }, meta(when)),
                h('td', { class: 'end-cell shrink' }, act),
              ),
            ),
          ),
        ),
  )

const end = (text: string, name: string, press: () => unknown): Child =>
  may('support') && button(text, press, 'quiet small', { 'aria-label': `${text} ${name}` })

export function sessionsTable(guest: WholeGuest, acts: GuestActs): Child {
  const rows = guest.sessions.map((one): Row => {
    const name = one.client_id ?? `${one.id.slice(0, 10)}…`
    return {
      drawing: laptop,
      name: h('span', { class: 'mono' }, name),
      what: [texts.guest.since(day(one.created_at)), one.auth_time && texts.guest.proven(ago(one.auth_time))]
        .filter(Boolean)
        .join(' · '),
      when: ago(one.last_seen_at),
      act: end(texts.guest.endSession, name, () => acts.endSession(guest, one.id)),
    }
  })
  const none = guest.sealed_session_ended ? texts.guest.sealedEnded : texts.guest.sessionsNone
  return things(label('sessions'), 'Sessions', rows, none)
}

export const passkeysTable = (guest: WholeGuest, acts: GuestActs): Child =>
  things(
    label('passkeys'),
    'Passkeys',
    guest.passkeys.map((one) => ({
      drawing: passkey,
      name: one.name,
      what: one.provider && one.provider !== one.name ? one.provider : texts.guest.made(day(one.created_at)),
      when: one.last_used_at === null ? texts.guest.notUsed : day(one.last_used_at),
      act: end(texts.guest.remove, one.name, () => acts.removePasskey(guest, one)),
    })),
  )

export const keysTable = (guest: WholeGuest, acts: GuestActs): Child =>
  things(
    label('devices'),
    'Devices',
    guest.device_keys.map((one) => ({
      drawing: browser,
      name: one.name,
      what: `${one.algorithm}, ${texts.guest.made(day(one.created_at))}`,
      when: one.last_used_at === null ? texts.guest.notUsed : day(one.last_used_at),
      act: end(texts.guest.endKey, one.name, () => acts.revokeKey(guest, one)),
    })),
  )

export const loginIdsTable = (guest: WholeGuest, acts: GuestActs): Child =>
  things(
    label('addresses'),
    'Addresses',
    guest.login_ids.map((one) => ({
      drawing: mail,
      name: one.value,
      what: one.type,
      when: day(one.verified_at),
      act: end(texts.guest.remove, one.value, () => acts.removeLoginId(guest, one)),
    })),
  )

export const mergesTable = (guest: WholeGuest, acts: GuestActs): Child =>
  things(
    texts.guest.merges,
    texts.guest.merges,
    guest.merges.map((one) => {
      const isInto = one.into === guest.anonymous_id
      const other = isInto ? one.from : one.into
      return {
        drawing: undo,
        name: h(
          'a',
          { class: 'link', href: to('guests', other) },
          isInto ? texts.guest.mergedFrom(one.label) : texts.guest.mergedInto(`${one.into.slice(0, 8)}…`),
        ),
        what: texts.guest.mergeStatus[one.status],
        when: moment(one.expires_at),
        act:
          one.status === 'merged' && end(texts.guest.undoMerge, one.label, () => acts.undoMerge(one.ticket)),
      }
    }),
  )

const { fields } = texts.guest

/** What is stored of a guest beside what the other tables have. */
export function stored(guest: WholeGuest): Child {
  const profile = Object.entries(guest.profile?.attributes ?? {})
  const rows: [name: string, value: Child][] = [
    [fields.label, guest.label ?? texts.unknown],
    [fields.collection, guest.collection ?? texts.unknown],
    [fields.created_at, moment(guest.created_at)],
    [fields.last_seen_at, moment(guest.last_seen_at)],
    [fields.days_seen, `${guest.days_seen ?? texts.unknown}`],
    [fields.expires_at, moment(guest.expires_at)],
    [fields.due_at, moment(guest.due_at)],
    ...(guest.promoted_at === null
      ? []
      : [[fields.promoted_at, moment(guest.promoted_at)] as [string, Child]]),
    ...profile.map(([name, value]): [string, Child] => [`${fields.profile}: ${name}`, JSON.stringify(value)]),
    ...guest.prompts.map(({ prompt, snoozed_until }): [string, Child] => [
      texts.guest.prompts,
      `${prompt}, ${moment(snoozed_until)}`,
    ]),
    ...guest.device_links.map(({ status, expires_at }): [string, Child] => [
      texts.guest.links,
      texts.guest.linkUntil(status, moment(expires_at)),
    ]),
  ]
  return cell(
    { title: texts.guest.stored, kind: 'flush half' },
    h(
      'table',
      { class: 'table tight pairs', 'aria-label': texts.guest.stored },
      h(
        'tbody',
        {},
        rows.map(([name, value]) =>
          h('tr', {}, h('th', { scope: 'row', class: 'meta' }, name), h('td', {}, value)),
        ),
      ),
    ),
  )
}
