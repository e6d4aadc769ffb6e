// Prompts: what the service says it is time to suggest to the guest, and how the guest puts that off.
import type { OldPrompts } from '../lib/old-names.ts'
import { refuseUnknown } from '../lib/options.ts'
import type { UserInfo } from '../lib/types.ts'
import type { GuestState } from '../state/guest-state.ts'

/** `seconds`: how long the prompt is put off. Default: the time that the service has set for it. */
export interface SnoozeOptions {
  seconds?: number | undefined
}

/**
 * The prompts of the guest who is signed in. Those that are due are `prompts` of the guest; `on('prompts.due', …)`
 * tells when one becomes due.
 */
export interface GuestPrompts extends OldPrompts {
  /**
   * Puts a prompt off for this many `seconds`. Default: the time that the service has set for it. Rejects with
   * GuestClientError: `prompt_unknown` and others.
   */
  snooze(prompt: string, options?: SnoozeOptions): Promise<UserInfo>
}

/** The prompt functions of a client; `change` sends a request that changes who is signed in. */
export const createPrompts = (
  change: (path: string, body: object) => Promise<UserInfo>,
  { forgetDue }: GuestState,
): Omit<GuestPrompts, 'onDue'> => ({
  async snooze(prompt, { seconds, ...unknown } = {}) {
    refuseUnknown(unknown)
    const guest = await change('/prompts/snooze', { prompt, seconds })
    forgetDue(prompt)
    return guest
  },
})
