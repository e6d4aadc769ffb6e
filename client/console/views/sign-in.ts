// Signing in, and becoming an operator with the link of an invitation.
import { h } from '../../elements/kit/dom.ts'
import { passkey } from '../../elements/kit/icons.ts'
import { button, failed, icon } from '../page/pieces.ts'
import { invitationNow, to } from '../page/router.ts'
import type { MakeView } from '../page/stage.ts'
import { accept, canSignInByField, signIn, signInByField, whoIs } from '../server/session.ts'
import { texts } from '../words/words.ts'

export const view: MakeView = ({ name, update, isHere }) => {
  let failure: unknown
  let isBusy = false
  let hasField = false
  const invitation = invitationNow()

  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isBusy) return
    isBusy = true
    failure = undefined
    update()
    try {
      await work()
    } catch (error) {
      failure = error
    } finally {
      isBusy = false
      if (isHere()) update()
    }
  }

  /** The token is good once. It must not stay in the address afterwards. */
  const join = () =>
    attempt(async () => {
      await accept(invitation!)
      history.replaceState(null, '', to('overview'))
    })

  /** Whoever is signed in here already goes on. */
  function forget(): void {
    history.replaceState(null, '', location.pathname)
    location.reload()
  }

  /** Offers passkeys in the field, if the browser can. A dialog interrupts that; it goes on if the dialog fails. */
  async function offer(): Promise<void> {
    if (!(await canSignInByField()) || !isHere()) return
    hasField = true
    update()
    const closed = new AbortController()
    await signInByField(closed.signal).catch((error) => {
      if (whoIs() || (error as { code?: string }).code === 'aborted') return
      failure = error
      update()
    })
  }
  if (invitation === undefined) void offer()

  const note = () => failure !== undefined && failed(failure)
  const main = (text: string, press: () => unknown) =>
    button(isBusy ? texts.loading : [icon(passkey), text], press, 'primary wide', {
      'aria-disabled': isBusy ? 'true' : null,
    })

  const joining = () => [
    h(
      'div',
      { class: 'head' },
      h('span', { class: 'logo' }, icon(passkey, 'xl')),
      h('h1', { class: 'title', tabindex: -1 }, texts.signIn.joinTitle),
      h('p', { class: 'lead' }, texts.signIn.joinLead),
    ),
    note(),
    main(texts.signIn.joinButton, join),
    button(texts.signIn.joinOther, forget, 'quiet wide'),
  ]
  const signingIn = () => [
    h(
      'div',
      { class: 'head' },
      h('span', { class: 'logo' }, icon(passkey, 'xl')),
      h('h1', { class: 'title', tabindex: -1 }, texts.signIn.title),
      h('p', { class: 'lead' }, texts.signIn.lead),
    ),
    note(),
    hasField &&
      h(
        'form',
        {
          class: 'field',
          onsubmit: (event: Event) => {
            event.preventDefault()
            void attempt(signIn)
          },
        },
        h('label', { for: 'name' }, texts.signIn.field),
        h('input', { id: 'name', autocomplete: 'username webauthn', 'aria-describedby': 'name-help' }),
        h('span', { class: 'meta', id: 'name-help' }, texts.signIn.fieldHelp),
      ),
    main(texts.signIn.button, () => attempt(signIn)),
  ]

  return {
    title: () => (invitation === undefined ? texts.signIn.title : texts.signIn.joinTitle),
    draw: () =>
      h(
        'div',
        { class: 'card' },
        h(
          'div',
          { class: 'inner' },
          h('p', { class: 'meta center' }, `${name} · ${texts.console}`),
          invitation === undefined ? signingIn() : joining(),
        ),
        h(
          'p',
          { class: 'foot' },
          h('span', {}, invitation === undefined ? texts.signIn.lost : texts.signIn.joinNote),
        ),
      ),
  }
}
