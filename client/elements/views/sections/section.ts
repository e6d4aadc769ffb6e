// What the sections of the account are made of: their frame, their rows, the questions that they ask, and what they show.
import type { DeviceKey } from '../../../index.ts'
import type { Attempt } from '../../kit/attempt.ts'
import type { Child, Props } from '../../kit/dom.ts'
import { passkey } from '../../kit/icons.ts'
import type { Stage, View } from '../../kit/stage.ts'
import { showToast } from '../../kit/toast.ts'
import { countWays } from '../../kit/ways.ts'
import { section as css } from '../../styles/section.ts'
import type { Pieces } from '../pieces.ts'
import { createQuestions, hasPasskey, type Question } from './questions.ts'

/** A row of a list. */
export interface Row {
  key: string
  drawing: string
  name: Child
  /** What stands below the name, line by line. */
  lines?: Child[]
  /** What stands at the end, before the buttons. */
  end?: Child
  buttons?: Child
}

/** What a section shows, as the server last told it. */
export interface Shown<Data> {
  /** Undefined until the server has answered. Asks when somebody else is signed in, or something about the guest has changed. */
  get(): Data | undefined
  /** Asks again. Never rejects: what failed is said. */
  load(): Promise<unknown>
  readonly attempt: Attempt
}

export function createSection(
  stage: Stage,
  pieces: Pieces,
  piecesCss: string,
  openDialogs: (root: ShadowRoot) => void,
) {
  const { client, emit, h, heading, host, icon, t, update } = stage
  const root = host.shadowRoot!
  const failed = (error: unknown) => emit('guestkey-error', { error })
  const attempt = pieces.createAttempt(update, failed)
  let focus: string | undefined

  const questions = createQuestions(stage, pieces, attempt, (key) => {
    focus = key
  })
  const { ask, cancel, isAsking } = questions

  /** What an action in the section itself waits for, or why it failed. */
  function drawAttempt(): Child {
    if (isAsking()) return
    if (attempt.busy === 'passkey')
      return pieces.note('', passkey, t('waitingTitle'), [
        t('waitingLead'),
        attempt.isLong && ` ${t('waitingHelp')}`,
        h(
          'div',
          {},
          h('button', { type: 'button', class: 'link', part: 'link', onclick: cancel }, t('cancel')),
        ),
      ])
    return attempt.failure !== undefined && pieces.failure(attempt.failure)
  }

  function shown<Data>(load: () => Promise<Data>): Shown<Data> {
    const loading = pieces.createAttempt(update, failed)
    let data: Data | undefined
    let seen = stage.guest
    let number = 0
    const again = () => {
      loading.cancel()
      const mine = ++number
      return loading.run('load', async () => {
        const next = await load()
        if (mine === number) data = next
      })
    }
    return {
      get() {
        const { guest } = stage
        if (guest !== seen || (guest && number === 0)) {
          if (guest?.sub !== seen?.sub) data = undefined
          seen = guest
          if (guest) void again()
        }
        return data
      },
      async load() {
        await again()
        emit('guestkey-changed', null)
      },
      attempt: loading,
    }
  }

  /** What stands in the place of the rows until they are there. */
  function drawLoading({ attempt: { failure, isLong }, load }: Shown<unknown>): Child {
    const again = pieces.button({ kind: 'small', key: 'again', onclick: load }, t('tryAgain'))
    if (failure !== undefined) return [pieces.failure(failure), h('div', {}, again)]
    return [
      h('div', { class: 'panel still', 'data-key': 'still' }, h('div'), h('div')),
      isLong && h('p', { class: 'meta', role: 'status' }, t('slow'), ' ', again),
    ]
  }

  return {
    css: piecesCss + css,
    attempt,
    ask,
    cancel,
    shown,
    pieces,
    isAsking,
    hasPasskey: () => hasPasskey(stage.guest),
    toast: (text: string, undo?: Parameters<typeof showToast>[2]) => showToast(stage, text, undo),

    /** Whether the guest would have no way back without the one that is to go. If that cannot be known, the server knows it. */
    isLastWay: async () =>
      !stage.guest?.is_verified &&
      (await countWays(client).then(
        (ways) => ways < 2,
        () => false,
      )),

    /** Removed now, or by another device meanwhile. False: it is the last way back, so the question says that and is asked again. */
    isRemoved: (removal: Promise<unknown>) =>
      removal.then(
        () => true,
        (error: { code?: string }) => {
          if (error.code === 'would_lose_account') return false
          if (error.code === 'not_found') return true
          throw error
        },
      ),

    /** A section: its heading, what stands beside it, and below it what `draw` makes of the data when they are there. */
    frame<Data>(
      title: string,
      lead: string,
      action: Child,
      from: Shown<Data>,
      draw: (data: Data) => Child,
    ): Child {
      const data = from.get()
      const asked = questions.draw()
      if (!stage.guest) return []
      return [
        h(
          'section',
          {
            class: 'section',
            part: 'section',
            'aria-labelledby': 'heading',
            'aria-busy': from.attempt.busy ? 'true' : null,
          },
          h(
            'header',
            {},
            h(
              'div',
              { class: 'lines' },
              h(
                heading(),
                { class: 'heading', id: 'heading', part: 'title', tabindex: -1, 'data-key': 'heading' },
                title,
              ),
              h('p', { class: 'meta', part: 'lead' }, lead),
            ),
            data !== undefined && action,
          ),
          drawAttempt(),
          (data === undefined || from.attempt.failure !== undefined) && drawLoading(from),
          data !== undefined && draw(data),
        ),
        asked,
      ]
    },

    panel: (key: string, ...rows: Child[]) =>
      h('ul', { class: 'panel', part: 'panel', 'data-key': key }, rows),

    /** What stands in the place of rows if there are none, and what to do about it. */
    empty: (text: Child, action?: Child) =>
      h(
        'li',
        { class: 'row', 'data-key': 'none' },
        h('p', { class: 'lead' }, text),
        action && h('div', { class: 'buttons' }, action),
      ),

    row: ({ key, drawing, name, lines = [], end, buttons }: Row) =>
      h(
        'li',
        { class: 'row', part: 'row', 'data-key': key },
        h('span', { class: 'tile' }, icon(drawing)),
        h(
          'div',
          { class: 'lines' },
          h('span', { id: `name-${key}` }, name),
          lines.map((line) => line && h('span', { class: 'meta' }, line)),
        ),
        end,
        buttons && h('div', { class: 'buttons' }, buttons),
      ),

    /** A small button in the row of this key: a text, or a drawing and what it says. */
    small: (row: string, key: string, text: string, { drawing, ...more }: Props & { drawing?: string }) =>
      pieces.button(
        {
          kind: `quiet small${drawing ? ' icon-only' : ''}`,
          drawing,
          key: `${row}-${key}`,
          part: drawing ? 'button icon' : 'button quiet',
          'aria-label': drawing ? text : null,
          'aria-describedby': `name-${row}`,
          ...more,
        },
        !drawing && text,
      ),

    /** When a passkey or a key was made, and when it was last used. */
    made: ({ created_at, last_used_at }: Pick<DeviceKey, 'created_at' | 'last_used_at'>): string =>
      t('madeOn', {
        day: t.date(created_at),
        used: last_used_at === null ? t('notUsed') : t('usedOn', { day: t.day(last_used_at) }),
      }),

    /** The question for another name. */
    renaming: (name: string, save: (name: string) => Promise<unknown>): Question => ({
      title: t('rename'),
      field: { label: t('name'), value: name },
      yes: t('save'),
      looks: { yes: 'primary' },
      async work(typed) {
        if (typed !== name) await save(typed)
      },
    }),

    /** For what is no `frame`: what an action waits for, or why it failed; the question that is asked; how it loads. */
    progress: drawAttempt,
    question: questions.draw,
    loading: drawLoading,
    /** Closes the question without an answer. */
    close: () => questions.close(),

    /** Moves the focus there when what is drawn next is in the element. */
    focusOn(key: string) {
      focus = key
    },

    /** To be called by the view. */
    drawn() {
      openDialogs(root)
      if (focus === undefined) return
      const keyed = [...root.querySelectorAll<HTMLElement>('[data-key]')]
      const find = (key: string | undefined) => keyed.find(({ dataset }) => dataset.key === key)
      ;(find(focus) ?? find('heading'))?.focus()
      focus = undefined
    },
  }
}

/** The tools of a section. */
export type Section = ReturnType<typeof createSection>

/** Makes the view of a section. */
export type MakeSection<Host extends HTMLElement = HTMLElement> = (
  stage: Stage<Host>,
  section: Section,
) => View
