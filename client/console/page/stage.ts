// What a view works with, and what it gives.
import type { Child } from '../../elements/kit/dom.ts'
import type { Route } from './router.ts'

/** Where a view stands. */
export type Stage = {
  route: Route
  /** The name of the deployment. */
  name: string
  /** Draws again, soon. */
  update(): void
  /** Says that something is done: for a moment on the page, and to screen readers. */
  say(text: string): void
  /** Whether the view is still shown. */
  isHere(): boolean
}

/** A view draws what the page shows. */
export type View = {
  /** The name of the page, in the title of the window. */
  title(): string
  draw(): Child
}

export type MakeView = (stage: Stage) => View

/** What is read from the server: not there yet, there, or failed. */
export type Loaded<T> = {
  readonly value: T | undefined
  readonly failure: unknown
  /** Reads it again. What was there stays until then. */
  again(): Promise<void>
  set(value: T): void
}

/** Reads something, and draws when it is there. */
export function load<T>(
  { update, isHere }: Pick<Stage, 'update' | 'isHere'>,
  read: () => Promise<T>,
): Loaded<T> {
  let value: T | undefined
  let failure: unknown
  let last = 0
  async function again(): Promise<void> {
    const mine = ++last
    try {
      const found = await read()
      if (mine !== last) return
      value = found
      failure = undefined
    } catch (error) {
      if (mine !== last) return
      failure = error
    }
    if (isHere()) update()
  }
  void again()
  return {
    get value() {
      return value
    },
    get failure() {
      return failure
    },
    again,
    set(next) {
      value = next
      update()
    },
  }
}
