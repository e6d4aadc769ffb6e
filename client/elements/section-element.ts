// What the sections of the account have in common: each one is an element of its own, and loads what all of them are made of.
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage, View } from './kit/stage.ts'
import { accountLanguages, loadPieces, loadSection } from './parts.ts'
import type { Section } from './views/sections/section.ts'

export abstract class SectionElement extends GuestkeyElement {
  protected override readonly languages = accountLanguages

  /** Loads the view. Each class has its own. */
  protected abstract readonly loadView: () => Promise<{
    view: (stage: Stage<never>, section: Section) => View
  }>

  protected readonly load = async () => {
    const [{ createPieces, css, openDialogs }, { createSection }, { view }] = await Promise.all([
      loadPieces(),
      loadSection(),
      this.loadView(),
    ])
    return {
      view: (stage: Stage<never>) => view(stage, createSection(stage, createPieces(stage), css, openDialogs)),
    }
  }
}
