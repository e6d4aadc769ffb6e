// What both sides of a device link are made of.
import type { Attempt } from '../../kit/attempt.ts'
import type { Child } from '../../kit/dom.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Pieces } from '../pieces.ts'

export interface Frame {
  attempt: Attempt
  /** Aborts when the side begins again, or the element leaves the page. */
  readonly stopped: AbortSignal
  /** Withdraws what is under way. */
  stop(): void
  /** Changes something, and puts the focus on the title. */
  step(change: () => void): void
  /** Whether the focus is to go to the title; only once. */
  takeFocus(): boolean
  /** The seconds until then. */
  left(until: number): number
  head(title: Child, lead?: Child): HTMLElement
  button(kind: string, text: string, onclick: () => unknown): HTMLElement
  /** Both devices show the same words, in the same order. They are English, whatever the language. */
  words(shown: string[]): HTMLElement
  failure(): Child
}

export function createFrame({ client, emit, h, heading, signal, update }: Stage, pieces: Pieces): Frame {
  let stopping = new AbortController()
  let focus = false
  const attempt = pieces.createAttempt(update, (error) => {
    if ((error as { code?: string }).code !== 'would_leave_guest') emit('guestkey-error', { error })
  })
  signal.addEventListener('abort', () => stopping.abort())

  return {
    attempt,
    get stopped() {
      return stopping.signal
    },
    stop() {
      stopping.abort()
      stopping = new AbortController()
      if (attempt.busy) void client.passkeys.cancel()
      attempt.cancel()
      attempt.forget()
    },
    step(change) {
      change()
      focus = true
      update()
    },
    takeFocus() {
      const had = focus
      focus = false
      return had
    },
    left: (until) => Math.max(0, until - Math.floor(Date.now() / 1000)),
    head: (title, lead) =>
      h(
        'header',
        { class: 'head', part: 'header' },
        h(
          heading(),
          { class: 'title big', id: 'title', part: 'title', tabindex: -1, 'data-key': 'title' },
          title,
        ),
        lead && h('p', { class: 'lead', part: 'lead' }, lead),
      ),
    button: (kind, text, onclick) =>
      pieces.button({ kind: `wide ${kind}`, onclick, 'aria-disabled': attempt.busy ? 'true' : null }, text),
    words: (shown) =>
      h(
        'div',
        { class: 'words', part: 'words' },
        shown.map((word) => h('span', { lang: 'en' }, word)),
      ),
    failure: () => attempt.failure !== undefined && pieces.failure(attempt.failure),
  }
}
