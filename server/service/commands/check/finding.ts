// What `guestkey check` finds.

export type Finding = {
  level: 'ok' | 'warning' | 'problem'
  /** One sentence; where it is not ok, with what to do. */
  text: string
}

export const ok = (text: string): Finding => ({ level: 'ok', text })
export const warning = (text: string): Finding => ({ level: 'warning', text })
export const problem = (text: string): Finding => ({ level: 'problem', text })
