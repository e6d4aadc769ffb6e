// Prompts: what it is time to suggest to the guest, and how the guest puts that off.

import type { UserInfo } from '../lib/types.ts'
import type { GuestState, PromptListener } from '../state/guest-state.ts'

/** The prompts of the guest who is signed in; those that are due are in the guest's `prompts`. */
export interface GuestPrompts {
  /**
   * Calls back once for each prompt that becomes due, the most important first; also for what other tabs do, and for
   * what is due at a moment. Not for what was known before. Returns the way to stop it.
   */
  onDue(listener: PromptListener): () => void
  /**
   * Puts a prompt off by so many `seconds`. Default: what the service has for it. Rejects with GuestClientError:
   * `unknown_prompt` and others.
   */
  snooze(prompt: string, options?: { seconds?: number }): Promise<UserInfo>
}

/** The prompt functions of a client; `change` asks a door for what changes who is signed in. */
export const createPrompts = (
  change: (path: string, body: object) => Promise<UserInfo>,
  { onDue, forgetDue }: GuestState,
): GuestPrompts => ({
  onDue,
  async snooze(prompt, options) {
    const guest = await change('/prompts/snooze', { prompt, seconds: options?.seconds })
    forgetDue(prompt)
    return guest
  },
})
