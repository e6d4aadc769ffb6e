// The further steps of the sign-in: a recovery code, an address, the six digits that were sent there.
import type { Child } from '../kit/dom.ts'
import { back, codes } from '../kit/icons.ts'
import type * as CodeSteps from './code-steps.ts'
import type { SignInStage, Step } from './sign-in-stage.ts'

export function createSteps(stage: SignInStage, createCodeSteps: (typeof CodeSteps)['createCodeSteps']) {
  const { attempt, client, go, h, heading, host, icon, pieces, t } = stage
  const root = host.shadowRoot!
  const byCode = createCodeSteps(stage, pieces, attempt, {
    types: () => stage.methods?.codes ?? [],
    start: (address) => client.codeSignIn.start(address),
    verify: (given) => stage.signIn('digits', () => client.codeSignIn.verify(given)),
    go,
    checking: 'rightDigits',
  })

  const backTo = () =>
    h(
      'button',
      { type: 'button', class: 'button quiet wide last', part: 'button quiet', onclick: () => go('start') },
      icon(back, 's flip'),
      t('useAnotherWay'),
    )
  const head = (drawing: string, title: string, lead: Child) =>
    h(
      'header',
      { class: 'head', part: 'header' },
      h('span', { class: 'logo', part: 'logo' }, icon(drawing, 'xl')),
      h(
        heading(),
        { class: 'title big', id: 'title', part: 'title', tabindex: -1, 'data-key': 'title' },
        title,
      ),
      lead && h('p', { class: 'lead', part: 'lead', id: 'lead' }, lead),
    )

  function recovery(): Child[] {
    return [
      head(codes, t('recoveryCode'), t('typeRecoveryCode')),
      attempt.failure !== undefined && pieces.failure(attempt.failure),
      pieces.codeForm(
        'recovery',
        t('recoveryCode'),
        t(attempt.busy ? 'signingIn' : 'signIn'),
        !!attempt.busy,
        (code) => void stage.signIn('recovery', () => client.signInWithRecoveryCode(code)),
      ),
      backTo(),
    ]
  }

  const drawings: Record<Exclude<Step, 'start'>, () => Child> = {
    recovery,
    digits: () => [head(byCode.drawing(), byCode.sentTitle(), byCode.sentence()), byCode.digits(), backTo()],
    address: () => [
      head(byCode.drawing(), byCode.title(), null),
      attempt.failure !== undefined && pieces.failure(attempt.failure),
      h(
        'form',
        { class: 'stack', novalidate: true, onsubmit: byCode.give },
        byCode.field('username', t('address')),
        pieces.button(
          { kind: 'primary wide', type: 'submit', 'aria-disabled': attempt.busy ? 'true' : null },
          t(attempt.busy ? 'moment' : 'sendDigits'),
        ),
      ),
      backTo(),
    ],
    link: () => [Object.assign(h('guestkey-link'), { client, texts: host.texts }), backTo()],
  }

  let isOffered = false
  return {
    draw: (step: Exclude<Step, 'start'>) => drawings[step](),
    /** One field takes an address, or offers the passkeys of this device. */
    addressOrPasskey: (byPasskey: () => void): Child =>
      h(
        'form',
        {
          class: 'stack',
          novalidate: true,
          onsubmit(event: Event) {
            if (byCode.value()) return byCode.give(event)
            event.preventDefault()
            byPasskey()
          },
        },
        byCode.field('username webauthn', t('addressOrPasskey')),
        pieces.button({ kind: 'primary wide', type: 'submit', key: 'main' }, t('continue')),
      ),
    /** The suggestions of a field offer passkeys as soon as it is there. */
    drawn() {
      if (isOffered || !root.querySelector('[autocomplete~=webauthn]')) return
      isOffered = true
      client.passkeys.signIn({ autofill: true }).then(
        (guest) => {
          stage.emit('guestkey-signed-in', { guest })
          host.close(guest)
        },
        () => {},
      )
    },
  }
}
