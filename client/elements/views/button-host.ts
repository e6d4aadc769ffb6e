// What the button and its menu know of each other.
import type { UserInfo } from '../../index.ts'
import type { Child } from '../kit/dom.ts'
import type { Stage } from '../kit/stage.ts'
import type { Texts } from '../kit/words.ts'
import type * as PiecesModule from './pieces.ts'

/** The element of the button. */
export type ButtonHost = HTMLElement & { texts: Partial<Texts> }

/** What the menu can do to the button. */
export interface Trigger {
  isOpen(): boolean
  close(focus?: boolean): void
  /** Signs in, and says what came of it. */
  signIn(ask: () => Promise<UserInfo>): Promise<void>
}

/** What the button knows of its menu. */
export interface Menu {
  css: string
  draw(): Child
  drawn(): void
  /** To be called when it is opened. */
  refresh(): void
  /** Shows the page of the new device. */
  link(): void
  /** Says what failed. */
  fail(error: unknown): void
}

/** Makes the menu of a button. */
export type CreateMenu = (stage: Stage<ButtonHost>, pieces: typeof PiecesModule, trigger: Trigger) => Menu
