// What the gallery of the demo shows: its elements, and the views of each.
import { states } from '../../client/demo/gallery/states.ts'

export const elements = [...new Set(states.map(({ element }) => element))]

/** The views of the gallery that show all states of an element: those beside each other, then those over all, one by one. */
export const viewsOf = (element: string): string[] => [
  '',
  ...states.flatMap((one) => (one.element === element && one.isOver ? one.name : [])),
]
