// The overview: what matters at night in one line, then the pictures. Each picture has its numbers as a table, and as a file.
import type { Statistics } from '../../../server/core/statistics/statistics.ts'
import type { Setting } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { alert, check } from '../../elements/kit/icons.ts'
import { asTable } from '../charts/as-table.ts'
import { funnel } from '../charts/funnel.ts'
import { definePlot, type Plotted } from '../charts/plot.ts'
import { bars, figures, spread } from '../charts/spread.ts'
import { download } from '../page/icons.ts'
import { cell, failed, head, icon, meta, note, pick } from '../page/pieces.ts'
import { to } from '../page/router.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get } from '../server/api.ts'
import { may } from '../server/session.ts'
import { moment, texts } from '../words/words.ts'
import {
  dateOf,
  dayName,
  funnelOf,
  funnelTable,
  guestsTable,
  type Kind,
  kinds,
  queryOf,
  readStatistics,
  readWeeks,
  recoverabilityOf,
  refusalsOf,
  signInsOf,
  sumOf,
  tableOf,
  type Wanted,
} from './statistics.ts'

const { overview: words } = texts

/** A way in that is open, as `GET /ways-in` lists it. */
type OpenWayIn = { anonymous_id: string; opens_at: number; is_approved: boolean }

/** What one looked at last. */
const wanted: Wanted = { days: 28, collection: '' }
let compared: Kind = 'saved'

export const view: MakeView = (stage) => {
  definePlot()
  const found = load(stage, () => readStatistics(wanted))
  const weeks = load(stage, readWeeks)
  const settings = load(
    stage,
    async () => (await get<{ settings: Record<string, Setting> }>('settings')).settings,
  )
  const webhooks = load(
    stage,
    async () => (await get<{ webhooks: unknown[] }>('webhooks/failed?limit=1000')).webhooks,
  )

  const waysIn = load(stage, async () =>
    may('owner') ? (await get<{ ways_in: OpenWayIn[] }>('ways-in?limit=20')).ways_in : [],
  )

  function look(change: Partial<Wanted>): void {
    Object.assign(wanted, change)
    stage.update()
    void found.again()
  }

  const fact = (isFine: boolean, text: string, view: string): Child =>
    h('a', { href: to(view), class: isFine ? '' : 'caution' }, icon(isFine ? check : alert), text)

  /** What matters at night. */
  function strip(): Child {
    const failures = webhooks.value?.length
    const all = settings.value && Object.values(settings.value)
    const changed = all?.filter(({ changed_at }) => changed_at !== null).length ?? 0
    const isOn = settings.value?.guestSignIn?.value === true
    return h(
      'div',
      { class: 'strip' },
      all && fact(isOn, isOn ? words.on : words.off, 'settings'),
      failures !== undefined &&
        fact(failures === 0, failures ? words.webhooksFailed(failures) : words.webhooksFine, 'webhooks'),
      all && fact(changed === 0, changed ? words.changed(changed) : words.unchanged, 'settings'),
    )
  }

  /** Each owner sees all ways in, so that no other one opens one unseen. */
  const openWaysIn = (): Child =>
    (waysIn.value ?? []).map(({ anonymous_id, opens_at, is_approved }) =>
      note(
        'caution',
        words.wayIn(moment(opens_at)),
        is_approved ? texts.wayIn.approved : texts.wayIn.needsApproval,
        h('a', { class: 'button small', href: to('guests', anonymous_id) }, words.lookAtGuest),
      ),
    )

  const ranges = Object.entries(words.ranges)
  const range = () =>
    h(
      'div',
      { class: 'segmented', role: 'group', 'aria-label': words.range },
      ranges.map(([days, text]) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(wanted.days === Number(days)),
            onclick: () => look({ days: Number(days) }),
          },
          text,
        ),
      ),
    )
  const collections = () => {
    const names = weeks.value?.collections?.map(({ collection }) => collection) ?? []
    return (
      names.length > 1 &&
      pick(
        words.collection,
        wanted.collection,
        [['', texts.guests.anyCollection], ...names.map((one): [string, string] => [one, one])],
        (collection) => look({ collection }),
      )
    )
  }
  const csv = () =>
    h(
      'a',
      { class: 'button small', href: `statistics.csv?${queryOf(wanted)}`, download: true },
      icon(download, 's'),
      texts.download,
    )

  function plotted(numbers: Statistics): () => Plotted {
    return () => ({
      times: numbers.periods.map(dateOf),
      lines: [
        { name: words.numbers.created, values: numbers.guests.created, isDashed: true },
        ...(compared === 'created'
          ? []
          : [{ name: words.numbers[compared], values: numbers.guests[compared], isDashed: false }]),
      ],
    })
  }

  const line = (numbers: Statistics): Child => {
    const title = numbers.step === 'day' ? words.aDay : words.aWeek
    const others = kinds.filter((kind) => kind !== 'created')
    return cell(
      {
        title,
        kind: 'two-thirds',
        beside: h(
          'div',
          { class: 'legend' },
          h('span', {}, h('i', { class: 'pencil' }), words.numbers.created),
          h('span', {}, h('i', {})),
          pick(
            words.against,
            compared,
            others.map((kind) => [kind, words.numbers[kind]]),
            (kind) => {
              compared = kind as Kind
              stage.update()
            },
          ),
        ),
      },
      h('console-plot', {
        'aria-hidden': 'true',
        'data-of': `${compared} ${numbers.since} ${numbers.until} ${numbers.step} ${numbers.collection}`,
        plotted: plotted(numbers),
      }),
      asTable(title, guestsTable(numbers)),
    )
  }

  const pictures = (numbers: Statistics): Child => {
    const recoverable = recoverabilityOf(numbers)
    const signIns = signInsOf(numbers)
    const refused = refusalsOf(numbers)
    const going = (['came_back', 'expired', 'erased'] as const).map((kind) => ({
      name: words.numbers[kind],
      value: sumOf(numbers.guests[kind]),
      kind: 'none',
    }))
    const rangeName = words.ranges[wanted.days as keyof typeof words.ranges]
    return h(
      'div',
      { class: 'cards' },
      cell(
        { title: words.funnel, kind: 'two-thirds' },
        funnel(funnelOf(numbers), rangeName),
        weeks.value && asTable(words.funnelWeeks, funnelTable(weeks.value)),
      ),
      cell(
        {
          title: words.back,
          kind: 'third',
          beside: numbers.recoverability_of && meta(words.backNow(dayName(numbers.recoverability_of))),
        },
        spread(recoverable),
        figures(recoverable),
        asTable(words.back, tableOf(words.back, recoverable)),
      ),
      line(numbers),
      cell(
        { title: words.signIns, kind: 'third' },
        bars(signIns),
        asTable(words.signIns, tableOf(words.signIns, signIns)),
      ),
      cell(
        { title: words.refusals, kind: 'half' },
        refused.length === 0
          ? h('p', { class: 'lead' }, words.refusalsNone)
          : [figures(refused), asTable(words.refusals, tableOf(words.refusals, refused))],
      ),
      cell(
        { title: words.coming, kind: 'half' },
        figures(going),
        asTable(words.coming, tableOf(words.coming, going)),
      ),
    )
  }

  const content = (): Child => {
    if (found.failure) return failed(found.failure, found.again)
    const numbers = found.value
    if (!numbers) return h('p', { class: 'meta', role: 'status' }, texts.loading)
    if (numbers.periods.length === 0) return note('', words.notYet, words.hidden)
    return [
      pictures(numbers),
      h(
        'p',
        { class: 'meta' },
        [words.hidden, words.hiddenExpired, words.elsewhere].join(' '),
        numbers.counted_until && ` ${words.hiddenUntil(dayName(numbers.counted_until))}`,
      ),
    ]
  }

  return {
    title: () => words.title,
    draw: () => [head(words.title, range(), collections(), csv()), strip(), openWaysIn(), content()],
  }
}
