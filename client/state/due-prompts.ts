// What is due for the guest, and what of that is news.
import type { UserInfo } from '../lib/types.ts'

/** See createDuePrompts. */
export interface DuePrompts {
  /** What has become due with what the server just said; with a `moment`, what it said of that moment alone. */
  news(guest: UserInfo | null, moment?: string): string[]
  /** The guest put it off: when it is due again, that is news. */
  forget(prompt: string): void
}

/** What is known to be due for the guest of the last answer; for another guest, everything is news. */
export function createDuePrompts(): DuePrompts {
  /** Prompts, and the moment that they were due at; the empty one where they are due at any. */
  const known = new Map<string, string>()
  let sub: string | undefined

  return {
    news(guest, moment = '') {
      const prompts = guest?.prompts ?? []
      if (sub !== guest?.sub) known.clear()
      sub = guest?.sub
      // A moment only adds to what is due: what is not due then is not due at any.
      for (const [prompt, at] of known)
        if ((!at || at === moment) && !prompts.includes(prompt)) known.delete(prompt)
      const news = prompts.filter((prompt) => !known.has(prompt))
      for (const prompt of moment ? news : prompts) known.set(prompt, moment)
      return news
    },
    forget: (prompt) => void known.delete(prompt),
  }
}
