// Days and durations in the words of an element. They come with the pieces: the button needs none.
import type { Words } from './words.ts'

/** Gives the words of an element their `day`, `date` and `duration`. */
export function addDates(t: Words): void {
  t.date = (seconds) => {
    const date = new Date(seconds * 1000)
    const year = date.getFullYear() === new Date().getFullYear() ? undefined : ('numeric' as const)
    return date.toLocaleDateString(t.tag(), { day: 'numeric', month: 'long', year })
  }
  t.day = (seconds) => {
    const days = (new Date().setHours(12, 0, 0, 0) - new Date(seconds * 1000).setHours(12, 0, 0, 0)) / 864e5
    // Where a clock is put forward, a day has 23 hours.
    const name = (['today', 'yesterday'] as const)[Math.round(days)]
    return name ? t(name) : t.date(seconds)
  }
  t.duration = (seconds) => {
    const [unit, value] =
      seconds < 100 ? (['second', seconds] as const) : (['minute', Math.ceil(seconds / 60)] as const)
    return value.toLocaleString(t.tag(), { style: 'unit', unit, unitDisplay: 'long' })
  }
}
