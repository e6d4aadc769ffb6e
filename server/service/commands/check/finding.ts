// A finding of `guestkey check`: one line of its output.

export type Finding = {
  level: 'ok' | 'warning' | 'problem'
  /** One sentence. A warning or a problem also says what to do. */
  text: string
}

export const ok = (text: string): Finding => ({ level: 'ok', text })
export const warning = (text: string): Finding => ({ level: 'warning', text })
export const problem = (text: string): Finding => ({ level: 'problem', text })
