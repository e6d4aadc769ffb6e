// The audit trail: the latest entry first, page by page, of all or of one guest.
import type { AuditEntry } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { download as down } from '../page/icons.ts'
import { button, failed, head, icon, meta, pick, table } from '../page/pieces.ts'
import { to } from '../page/router.ts'
import { load, type MakeView } from '../page/stage.ts'
import { csvOf, download } from '../page/take-along.ts'
import { get } from '../server/api.ts'
import { operatorNames } from '../server/session.ts'
import { actionName, clock, day, texts } from '../words/words.ts'
import { actorOf, drawingOf, outcomeOf, whyOf } from './guest-trail.ts'

type Page = { entries: AuditEntry[]; next: string | null }

const { columns } = texts.audit

/** The operator or machine whose lines are shown; empty: anybody's. It stays when one comes back. */
let actor = ''
/** Machines, and operators who are gone, by id: those whose lines were seen here. */
const others = new Map<string, string>()
const nameOf = (id: string, role: string): string =>
  role === 'machine' ? id : texts.audit.gone(`${id.slice(0, 6)}…`)

export const view: MakeView = (stage) => {
  const of = stage.route.of
  const read = (cursor: string | null) =>
    get<Page>(
      `audit?${new URLSearchParams({
        ...(of && { anonymous_id: of }),
        ...(actor && { operator_id: actor }),
        ...(cursor && { cursor }),
      })}`,
    )
  const found = load(stage, () => read(null))
  const names = load(stage, operatorNames)
  let isReading = false
  let problem: unknown

  async function older(): Promise<void> {
    if (isReading || !found.value?.next) return
    isReading = true
    problem = undefined
    stage.update()
    const asked = actor
    try {
      const { entries, next } = await read(found.value.next)
      if (asked === actor) found.set({ entries: [...found.value.entries, ...entries], next })
    } catch (error) {
      problem = error
    } finally {
      isReading = false
      stage.update()
    }
  }

  function choose(chosen: string): void {
    actor = chosen
    problem = undefined
    void found.again()
  }

  /** Whose lines can be shown alone: the operators, and who else has acted here. */
  function actors(known: Map<string, string>): [id: string, name: string][] {
    for (const { operator } of found.value?.entries ?? [])
      if (operator?.by && !known.has(operator.by)) others.set(operator.by, nameOf(operator.by, operator.role))
    return [['', texts.audit.anybody], ...known, ...others]
  }

  const whom = ({ anonymous_id: id }: AuditEntry): Child =>
    id === ''
      ? meta(texts.audit.noOne)
      : h(
          'a',
          { class: 'link mono', href: to('guests', id), 'data-row': true, title: id },
          `${id.slice(0, 10)}…`,
        )

  const row = (entry: AuditEntry): Child[] => {
    const outcome = outcomeOf(entry)
    return [
      h(
        'span',
        { class: 'who' },
        icon(drawingOf(entry.action)),
        h('span', { class: 'lines' }, h('span', {}, actionName(entry.action)), outcome && meta(outcome)),
      ),
      whom(entry),
      actorOf(entry, names.value) ?? meta(entry.session_id ? texts.audit.theGuest : texts.audit.noOne),
      meta(whyOf(entry)),
      h(
        'time',
        { class: 'meta num', datetime: new Date(entry.at * 1000).toISOString() },
        `${day(entry.at)}, ${clock(entry.at)}`,
      ),
    ]
  }

  const asCsv = () =>
    download(
      'audit.csv',
      csvOf([
        ['at', 'action', 'outcome', 'anonymous_id', 'session_id', 'by', 'role', 'reason', 'case'],
        ...(found.value?.entries ?? []).map(({ at, action, outcome, anonymous_id, session_id, operator }) => [
          new Date(at * 1000).toISOString(),
          action,
          outcome,
          anonymous_id,
          session_id,
          operator?.by ?? '',
          operator?.role ?? '',
          operator?.reason ?? '',
          operator?.case ?? '',
        ]),
      ]),
      'text/csv',
    )

  const list = () => {
    if (found.failure) return failed(found.failure, found.again)
    if (!found.value) return h('p', { class: 'meta', role: 'status' }, texts.loading)
    const { entries, next } = found.value
    if (entries.length === 0)
      return h(
        'section',
        { class: 'cell' },
        h('p', { class: 'lead' }, actor ? texts.audit.noneBy : texts.audit.none),
      )
    return [
      h(
        'section',
        { class: 'cell flush' },
        table(
          {
            label: texts.audit.title,
            columns: [
              { name: columns.what },
              { name: columns.whom },
              { name: columns.who },
              { name: columns.why },
              { name: columns.when },
            ],
          },
          entries.map(row),
        ),
      ),
      problem !== undefined && failed(problem, older),
      next !== null && button(isReading ? texts.loading : texts.older, older, ''),
    ]
  }

  return {
    title: () => texts.audit.title,
    draw: () => [
      head(
        texts.audit.title,
        of && h('span', { class: 'meta' }, `${texts.audit.ofGuest} `, h('span', { class: 'mono' }, of)),
        of && h('a', { class: 'button small', href: to('audit') }, texts.audit.allGuests),
        names.value && pick(texts.audit.by, actor, actors(names.value), choose),
        found.value && button([icon(down, 's'), texts.download], asCsv),
      ),
      list(),
    ],
  }
}
