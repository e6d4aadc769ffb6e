// Prompts: what the service says it is time to suggest to the guest, and how the guest puts that off.

import type { UserInfo } from '../lib/types.ts'
import type { GuestState, PromptListener } from '../state/guest-state.ts'

/** The prompts of the guest who is signed in. Those that are due are `prompts` of the guest. */
export interface GuestPrompts {
  /**
   * Calls back once for each prompt that becomes due, the most important first; also if another tab caused it, and
   * for what is due only at a moment. Does not call back with what the client knew before. Returns the function that
   * stops it.
   */
  onDue(listener: PromptListener): () => void
  /**
   * Puts a prompt off for this many `seconds`. Default: the time that the service has set for it. Rejects with
   * GuestClientError: `prompt_unknown` and others.
   */
  snooze(prompt: string, options?: { seconds?: number }): Promise<UserInfo>
}

/** The prompt functions of a client; `change` sends a request that changes who is signed in. */
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
