// Asks for a passkey when the server wants one: a proof before a change, or a new session. What waited for it then goes on.
import { type Child, h } from '../../elements/kit/dom.ts'
import { passkey } from '../../elements/kit/icons.ts'
import { ApiError, isCode } from '../server/api.ts'
import { cancelCeremony, noteEnd, prove, signIn, whoIs } from '../server/session.ts'
import { texts } from '../words/words.ts'
import { type Opened, openDialog } from './dialog.ts'
import { button, failed, icon } from './pieces.ts'

let underWay: Promise<void> | undefined

/**
 * Asks once, however many requests wait for it.
 * Errors: ApiError `cancelled`; `other_operator` if somebody else signed in, for whom nothing must go on by itself.
 */
export function regain(what: 'proof' | 'session'): Promise<void> {
  underWay ??= askFor(what).finally(() => {
    underWay = undefined
  })
  return underWay
}

async function askFor(first: 'proof' | 'session'): Promise<void> {
  const before = whoIs()
  let what = first
  let failure: unknown
  let isDone = false
  let isWaiting = false

  async function attempt(): Promise<void> {
    failure = undefined
    isWaiting = true
    opened.draw()
    try {
      await (what === 'proof' ? prove() : signIn())
      isDone = true
      opened.close()
    } catch (error) {
      isWaiting = false
      if (isCode(error, 'session_invalid', 'not_signed_in')) {
        what = 'session'
        noteEnd()
      }
      failure = error
      if (opened.element.isConnected) opened.draw()
    }
  }

  const draw = ({ close }: Opened): Child => [
    h('div', { class: 'head' }, h('div', { class: 'waiting' }, icon(passkey, 'xl'))),
    h('p', { class: 'lead' }, what === 'proof' ? texts.signIn.proveLead : texts.signIn.againLead),
    isWaiting && h('p', { class: 'meta', role: 'status' }, texts.signIn.waiting),
    failure !== undefined && failed(failure),
    h(
      'div',
      { class: 'actions' },
      button(texts.acts.cancel, close, ''),
      !isWaiting &&
        button(failure === undefined ? texts.signIn.button : texts.signIn.tryAgain, attempt, 'primary', {
          autofocus: true,
        }),
    ),
  ]
  const title = first === 'proof' ? texts.signIn.proveTitle : texts.signIn.againTitle
  const opened = openDialog(title, draw)
  if (first === 'session') noteEnd()
  void attempt()
  await opened.closed
  if (!isDone) {
    cancelCeremony()
    throw new ApiError('cancelled')
  }
  if (before && whoIs()?.id !== before.id) throw new ApiError('other_operator')
}
