// What was last searched for and filtered by. It is remembered by the page alone: a search can be an e-mail address, which
// belongs into no address and no history.

/** A filter by name, such as `stage`; empty: any. */
export type Filters = { stage: string; way: string; collection: string; created: string; seen: string }

const nothing: Filters = { stage: '', way: '', collection: '', created: '', seen: '' }

export const search = {
  text: '',
  filters: { ...nothing },
  /** Goes up when the filters are taken away at once. */
  round: 0,
  /** The guest that was opened from the list. */
  opened: '',
  clear(): void {
    search.text = ''
    search.filters = { ...nothing }
    search.round++
  },
}
