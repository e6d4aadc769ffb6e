// Finding guests: one by what names it, or many by filters, page by page.

import type { FoundGuest } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { emptyFind } from '../page/keys.ts'
import { badge, button, failed, guestName, head, mark, meta, nameOf, pick, table } from '../page/pieces.ts'
import { to } from '../page/router.ts'
import { type Filters, search } from '../page/search.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get, isCode, post } from '../server/api.ts'
import { serverNow } from '../server/clock.ts'
import { day, texts } from '../words/words.ts'

type Found = { guests: FoundGuest[]; next: string | null }

const PAGE = 50
/** A page can have no guest although there are more to look at. The console looks this often before it asks. */
const LOOKS = 10
const DAY = 86_400

/** What the badge of a guest says, and its tone: dashed while nothing brings the guest back. */
export function stageOf({
  stage,
  disabled,
  recoverability,
}: Pick<FoundGuest, 'stage' | 'disabled' | 'recoverability'>): [text: string, tone: string] {
  if (disabled) return [texts.stages.disabled, 'danger']
  if (stage === 'regular') return [texts.stages.regular, 'accent']
  if (stage === 'expired' || stage === 'merged') return [texts.stages[stage], 'caution']
  if (stage === 'unkept') return [texts.stages.unkept, 'pencil']
  return recoverability === 'none' ? [texts.stages.kept, 'pencil'] : [texts.stages.saved, 'good']
}

/** Whether the mark of a guest has its colours. */
export const isSaved = ({ recoverability, stage }: Pick<FoundGuest, 'recoverability' | 'stage'>): boolean =>
  recoverability !== 'none' || stage === 'regular'

/** What a text may be: one of these names a guest, and all are compared whole. */
function queriesFor(text: string): object[] {
  if (/^\S+@\S+$/.test(text)) return [{ login_id: { type: 'email', value: text } }]
  if (/^\+[\d\s().-]+$/.test(text)) return [{ login_id: { type: 'phone', value: text } }]
  return [
    { anonymous_id: text },
    { label: text },
    { session_id: text },
    { passkey_id: text },
    { login_id: { type: 'oidc', value: text } },
  ]
}

/** All guests whom the text names. A mere ID, which perhaps nobody has, counts only if it names no other guest. */
async function findNamed(text: string): Promise<Found> {
  const pages = await Promise.all(
    queriesFor(text).map((query) =>
      post<Found>('guests/find', query).catch((error) => {
        if (isCode(error, 'login_id_invalid')) return { guests: [], next: null }
        throw error
      }),
    ),
  )
  const all = new Map(pages.flatMap(({ guests }) => guests).map((one) => [one.anonymous_id, one]))
  const kept = [...all.values()].filter(({ stage }) => stage !== 'unkept')
  return { guests: kept.length > 0 ? kept : [...all.values()], next: null }
}

/** `-30`: within the last 30 days; `30`: longer ago than that. */
const timesOf = (name: string, value: string) => {
  const limit = Math.floor(serverNow() / 1000) - Math.abs(Number(value)) * DAY
  return value === '' ? {} : { [`${name}_${value.startsWith('-') ? 'since' : 'before'}`]: limit }
}

const queryOf = ({ stage, way, collection, created, seen }: Filters) => ({
  ...(stage === 'disabled' ? { disabled: true } : stage && { stage }),
  ...(way && { recoverability: way }),
  ...(collection && { collection }),
  ...timesOf('created', created),
  ...timesOf('seen', seen),
})

/** The next page: it looks further while there are too few guests to show. */
async function findFiltered(filters: Filters, after: string | null): Promise<Found> {
  const guests: FoundGuest[] = []
  let next = after
  for (let looks = 0; looks < LOOKS && guests.length < PAGE; looks++) {
    const page = await post<Found>('guests/find', {
      ...queryOf(filters),
      limit: PAGE - guests.length,
      ...(next && { after: next }),
    })
    guests.push(...page.guests)
    next = page.next
    if (next === null) break
  }
  return { guests, next }
}

const ways = ['none', 'device', 'passkey', 'synced'] as const

const wayOf = ({ recoverability, stage }: FoundGuest) =>
  recoverability === 'none' && stage === 'regular' ? 'regular' : recoverability

const row = (guest: FoundGuest) => {
  const [text, tone] = stageOf(guest)
  return [
    h(
      'a',
      {
        class: 'who',
        href: to('guests', guest.anonymous_id),
        'data-row': true,
        'data-guest': guest.anonymous_id,
        onclick: () => {
          search.opened = guest.anonymous_id
        },
      },
      mark(guest.label ?? guest.anonymous_id, isSaved(guest)),
      guestName(nameOf(guest)),
    ),
    badge(text, tone),
    meta(texts.ways[wayOf(guest)]),
    meta(guest.collection ?? '–'),
    meta(guest.created_at === null ? '–' : day(guest.created_at)),
    meta(guest.last_seen_at === null ? '–' : day(guest.last_seen_at)),
  ]
}

const days = (name: (days: number) => string, sign: '' | '-', ...numbers: number[]) =>
  numbers.map((one): [string, string] => [`${sign}${one}`, name(one)])

export const view: MakeView = (stage) => {
  const { text } = search
  const found = load(stage, () => (text ? findNamed(text) : findFiltered(search.filters, null)))
  const collections = load(stage, async () => {
    const { settings } = await get<{ settings: object }>('settings')
    return Object.keys(settings).flatMap((name) => /^guestSignIn\.(.*)$/.exec(name)?.[1] ?? [])
  })
  let isLooking = false
  let isFirst = true

  function choose(name: keyof Filters) {
    return (value: string) => {
      search.filters[name] = value
      void found.again()
    }
  }

  async function more(): Promise<void> {
    if (isLooking || !found.value?.next) return
    isLooking = true
    stage.update()
    try {
      const { guests, next } = await findFiltered(search.filters, found.value.next)
      found.set({ guests: [...found.value.guests, ...guests], next })
    } catch {
      await found.again()
    } finally {
      isLooking = false
      stage.update()
    }
  }

  const filter = (name: keyof Filters, any: string, options: [string, string][]) =>
    h(
      'span',
      { 'data-key': `${name}-${search.round}` },
      pick(any, search.filters[name], [['', any], ...options], choose(name)),
    )
  const filters = () =>
    h(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': texts.guests.filters },
      filter(
        'stage',
        texts.guests.anyStage,
        (['kept', 'regular', 'expired', 'merged', 'disabled'] as const).map((one) => [
          one,
          texts.stages[one],
        ]),
      ),
      filter(
        'way',
        texts.guests.anyWay,
        ways.map((way) => [way, texts.ways[way]]),
      ),
      filter(
        'collection',
        texts.guests.anyCollection,
        (collections.value ?? []).map((one) => [one, one]),
      ),
      filter('created', texts.guests.anyCreated, [
        ...days(texts.guests.createdWithin, '-', 1, 7, 30),
        ...days(texts.guests.createdBefore, '', 90),
      ]),
      filter('seen', texts.guests.anySeen, [
        ...days(texts.guests.seenWithin, '-', 1, 7, 30),
        ...days(texts.guests.notSeenFor, '', 30, 90),
      ]),
    )

  const isFiltered = () => Object.values(search.filters).some(Boolean)
  const emptyText = () =>
    text ? texts.guests.none : isFiltered() ? texts.guests.noneFilter : texts.guests.noneYet
  const { columns } = texts.guests
  const list = () => {
    if (found.failure) return failed(found.failure, found.again)
    if (!found.value) return h('p', { class: 'meta', role: 'status' }, texts.loading)
    const { guests, next } = found.value
    return [
      guests.length === 0
        ? cellOf(h('p', { class: 'empty lead', role: 'status' }, emptyText()))
        : cellOf(
            table(
              {
                label: texts.guests.title,
                columns: [
                  { name: columns.guest },
                  { name: columns.stage },
                  { name: columns.way },
                  { name: columns.collection, kind: 'hide-small' },
                  { name: columns.created, kind: 'hide-small' },
                  { name: columns.seen },
                ],
              },
              guests.map(row),
            ),
          ),
      next !== null &&
        button(isLooking ? texts.loading : guests.length < PAGE ? texts.further : texts.more, more, ''),
    ]
  }
  const cellOf = (...content: Child[]) => h('section', { class: 'cell flush' }, content)

  /** Who has searched goes on to the first one found; who comes back is where it was. */
  function focusRow(): void {
    if (!isFirst || !found.value) return
    isFirst = false
    const was = document.activeElement
    const isIdle = was === document.body || was?.matches('main, h1')
    queueMicrotask(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-guest]')]
      const last = rows.find(({ dataset }) => dataset.guest === search.opened)
      search.opened = ''
      if (was?.closest('.find')) rows[0]?.focus()
      else if (isIdle) last?.focus()
    })
  }

  return {
    title: () => texts.guests.title,
    draw: () => {
      focusRow()
      const number = found.value?.guests.length ?? 0
      return [
        head(
          texts.guests.title,
          found.value && meta(text ? texts.guests.found(number, text) : texts.guests.shown(number)),
          (text || isFiltered()) &&
            button(texts.guests.clear, () => {
              search.clear()
              emptyFind()
              dispatchEvent(new HashChangeEvent('hashchange'))
            }),
        ),
        !text && filters(),
        list(),
        h(
          'p',
          { class: 'meta' },
          texts.guests.help,
          ' ',
          h(
            'span',
            { class: 'by-key' },
            ['↑', '↓'].map((one) => [h('kbd', { class: 'kbd' }, one), ' ']),
            texts.guests.toMove,
            ' ',
            h('kbd', { class: 'kbd' }, '↵'),
            ' ',
            texts.guests.toOpen,
          ),
        ),
      ]
    },
  }
}
