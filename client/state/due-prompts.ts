// Which prompts are due for the guest, and which of them are new. After a change of guest, every prompt is new.
import type { UserInfo } from '../lib/types.ts'

/** See createDuePrompts. */
export interface DuePrompts {
  /**
   * The prompts that are new in the last answer of the server. With a `moment`, that answer is about that moment
   * alone.
   */
  news(guest: UserInfo | null, moment?: string): string[]
  /** To be called when the guest has put this prompt off: it is new when it is due again. */
  forget(prompt: string): void
}

/** Remembers the prompts that were due for the guest of the last answer. */
export function createDuePrompts(): DuePrompts {
  /** Each known prompt, and the moment at which it was due; the empty string if it is due at any time. */
  const known = new Map<string, string>()
  let sub: string | undefined

  return {
    news(guest, moment = '') {
      const prompts = guest?.prompts ?? []
      if (sub !== guest?.sub) known.clear()
      sub = guest?.sub
      // A moment only adds prompts. So a prompt that is not due at a moment is not due at any time either.
      for (const [prompt, at] of known)
        if ((!at || at === moment) && !prompts.includes(prompt)) known.delete(prompt)
      const news = prompts.filter((prompt) => !known.has(prompt))
      for (const prompt of moment ? news : prompts) known.set(prompt, moment)
      return news
    },
    forget: (prompt) => void known.delete(prompt),
  }
}
