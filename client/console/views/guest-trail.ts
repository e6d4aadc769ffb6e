// What happened to a guest, the latest first. What an operator did has the colour of the accent.
import type { AuditEntry } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { check, codes, id, key, mail, out, passkey, pencil, user } from '../../elements/kit/icons.ts'
import { ban, door, laptop, list, sliders, trash, undo } from '../page/icons.ts'
import { cell, icon, meta } from '../page/pieces.ts'
import { refusalName } from '../words/refusals.ts'
import { actionName, day, texts } from '../words/words.ts'

export type Line = Omit<AuditEntry, 'anonymous_id' | 'operator'> & {
  operator?:
    | (Omit<NonNullable<AuditEntry['operator']>, 'by'> & { by?: string | null | undefined })
    | undefined
}

const drawings: [begins: string, drawing: string][] = [
  ['guest.disabled', ban],
  ['guest.erased', trash],
  ['guest.merge', undo],
  ['guest.renamed', pencil],
  ['guest.signed_out', out],
  ['session', out],
  ['way_in', door],
  ['passkey', passkey],
  ['device', laptop],
  ['login_id', mail],
  ['recovery_code', codes],
  ['profile', id],
  ['setting', sliders],
  ['signing_keys', key],
  ['operator', user],
  ['guest', check],
]

/** The icon of an action. */
export const drawingOf = (action: string): string =>
  drawings.find(([begins]) => action.startsWith(begins))?.[1] ?? list

/** Who did it, by name; null: it was no operator. */
export function actorOf({ operator }: Line, names: Map<string, string> | undefined): string | null {
  if (!operator) return null
  const { by, role } = operator
  if (role === 'host' || !by) return texts.audit.host
  if (role === 'machine') return texts.guest.byOperator(by, texts.roles.machine)
  return texts.guest.byOperator(names?.get(by) ?? texts.gone, texts.roles[role])
}

/** Why, with the case; empty: nobody had to say. */
export const whyOf = ({ operator }: Line): string =>
  operator?.reason ? texts.guest.caseOf(texts.why.reasons[operator.reason], operator.case ?? '') : ''

/** The outcome, if it says more than that it is done. */
export const outcomeOf = ({ outcome }: Line): string => (outcome === 'done' ? '' : refusalName(outcome))

const SHORT = 6

/** The trail of a guest: the latest lines, or all. `turn` changes that. */
export function trail(
  lines: Line[],
  names: Map<string, string> | undefined,
  { isLong, turn }: { isLong: boolean; turn: () => void },
): Child {
  const shown = isLong ? lines : lines.slice(0, SHORT)
  return cell(
    {
      title: texts.guest.lately,
      kind: 'third',
      beside:
        lines.length > SHORT &&
        h(
          'button',
          { type: 'button', class: 'link meta', onclick: turn },
          isLong ? texts.fewer : texts.all(lines.length),
        ),
    },
    lines.length === 0
      ? h('p', { class: 'lead' }, texts.guest.latelyNone)
      : h(
          'ol',
          { class: 'trail' },
          shown.map((line) => {
            const below = [actorOf(line, names), whyOf(line), outcomeOf(line)].filter(Boolean).join(' · ')
            return h(
              'li',
              { class: line.operator ? 'operator' : '' },
              icon(drawingOf(line.action), ''),
              h('span', { class: 'lines' }, h('span', {}, actionName(line.action)), below && meta(below)),
              h('span', { class: 'meta num' }, day(line.at)),
            )
          }),
        ),
  )
}
