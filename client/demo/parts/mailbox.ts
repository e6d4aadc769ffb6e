// The panel that takes the place of a mailbox, since the demo sends no mail.

import type { Mail } from '../../../server/service/demo/outbox.ts'
import { byId, create } from '../shell/dom.ts'

const LOOK_MILLISECONDS = 1000

/** Connects the panel: while it is open, it looks for mail every second. It is hidden if there is none. */
export function mailboxPart() {
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(): Promise<void> {
    const { mails } = (await (await fetch('/mailbox')).json()) as { mails: Mail[] }
    const list = byId('mailbox-list')
    const texts = mails.map(({ to, code }) => `${code} for ${to}`)
    byId('mailbox').hidden = texts.length === 0
    // If nothing has changed, leaves the list as it is: the guest may be about to copy a code.
    if (texts.join() === [...list.children].map((item) => item.textContent).join()) return
    list.replaceChildren(
      ...mails.map(({ to, code }) => create('li', {}, create('strong', {}, code), ` for ${to}`)),
    )
  }

  const lookAgain = () => void look().catch(() => {}) // the next look may succeed

  function close(): void {
    clearInterval(timer)
    byId('mailbox').hidden = true
  }

  function open(): void {
    close()
    lookAgain()
    timer = setInterval(lookAgain, LOOK_MILLISECONDS)
  }

  return { open, close }
}
