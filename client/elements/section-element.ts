// What the sections of the account have in common: each one is an element of its own, and loads what all of them are made of.
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage, View } from './kit/stage.ts'
import { accountLanguages, loadPieces, loadSections } from './parts.ts'
import type { Section } from './views/sections/section.ts'
import type { views } from './views/sections/sections.ts'

type MakeSection = (stage: Stage<never>, section: Section, more: never) => View

export abstract class SectionElement extends GuestkeyElement {
  protected override readonly languages = accountLanguages

  protected abstract readonly section: keyof typeof views

  /** Loads what else the view needs. */
  protected readonly loadMore: () => Promise<unknown> | undefined = () => undefined

  protected readonly load = async () => {
    const [{ createPieces, css, openDialogs }, { createSection, views }, more] = await Promise.all([
      loadPieces(),
      loadSections(),
      this.loadMore(),
    ])
    const view: MakeSection = views[this.section]
    return {
      view: (stage: Stage<never>) =>
        view(stage, createSection(stage, createPieces(stage), css, openDialogs), more as never),
    }
  }
}
