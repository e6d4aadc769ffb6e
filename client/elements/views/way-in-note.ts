// Tells the guest of a way in that an operator has opened, and cancels it.
import type { Child } from '../kit/dom.ts'
import { alert } from '../kit/icons.ts'
import type { Stage } from '../kit/stage.ts'

/** Of the pieces, which bring this note. */
interface Pieces {
  button(props: { kind: string; key: string; onclick(): unknown }, text: string): HTMLElement
  note(look: string, drawing: string, title: Child, text: Child): HTMLElement
}

/** The note, if there is a way in. `run` does what is under way in the view, and says what failed. */
export function wayInNote(
  { client, guest, say, t }: Stage,
  pieces: Pieces,
  run: (work: () => Promise<unknown>) => unknown,
): Child {
  if (!guest?.way_in) return
  async function cancel() {
    try {
      await client.wayIn.cancel()
    } catch (error) {
      // Another device was faster.
      if ((error as { code?: string }).code !== 'not_found') throw error
      await client.user()
    }
    say(t('wayInCancelled'))
  }
  return pieces.note('caution', alert, t('wayInTitle'), [
    t('wayInText', { day: t.date(guest.way_in.opens_at) }),
    pieces.button({ kind: 'small wide', key: 'cancel-way-in', onclick: () => run(cancel) }, t('cancelWayIn')),
  ])
}
