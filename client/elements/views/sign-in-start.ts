// The first step of the sign-in: begin, or come back; and the other ways.
import type { Child } from '../kit/dom.ts'
import { codes, down, id, mail, passkey, phone, qr, shield, up, usb, user } from '../kit/icons.ts'
import type { Trouble } from './pieces.ts'
import type { SignInStage } from './sign-in-stage.ts'

export function createStart(
  stage: SignInStage,
  addressOrPasskey: (byPasskey: () => void) => Child,
  troubleOf: (error: unknown) => Trouble,
) {
  const { attempt, client, guestName, h, heading, host, icon, mark, pieces, t, update } = stage
  const canPasskey = client.passkeys.supported()
  let isMore = false

  const byPasskey = () => void stage.signIn('passkey', () => client.passkeys.signIn())
  const byKey = () => void stage.signIn('key', () => client.deviceKey.signIn())
  const asGuest = () => void stage.signIn('guest', () => client.signInAnonymously())
  const head = (picture: Child, title: string, lead?: Child, size = 'big') =>
    h(
      'header',
      { class: 'head', part: 'header' },
      picture,
      h(
        heading(),
        { class: `title ${size}`, id: 'title', part: 'title', tabindex: -1, 'data-key': 'title' },
        h('slot', { name: 'title' }, title),
      ),
      lead && h('p', { class: 'lead', part: 'lead' }, h('slot', { name: 'lead' }, lead)),
    )
  const logo = () => h('slot', { name: 'logo' })

  const moreButton = (text: string, drawing: string) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button quiet wide last',
        part: 'button quiet',
        'data-key': 'more',
        'aria-expanded': `${isMore}`,
        onclick() {
          isMore = !isMore
          attempt.forget()
          update()
        },
      },
      text,
      icon(drawing, 's'),
    )

  /** The other ways, as a list. */
  function otherWays(): Child[] {
    const { row } = pieces
    const redirectUri = host.getAttribute('redirect-uri')
    const flip = 'flip'
    return [
      customElements.get('guestkey-link') &&
        row(qr, t('anotherDevice'), t('anotherDeviceHow'), { onclick: () => stage.go('link') }),
      row(codes, t('recoveryCode'), t('recoveryCodeHow'), { onclick: () => stage.go('recovery') }, flip),
      !canPasskey &&
        stage.methods?.codes.map((type) =>
          type === 'email'
            ? row(mail, t('codeByMail'), t('codeByMailHow'), { onclick: () => stage.go('address') })
            : row(phone, t('codeByPhone'), t('number'), { onclick: () => stage.go('address') }),
        ),
      canPasskey &&
        row(usb, t('securityKey'), t('securityKeyHow'), {
          onclick: () =>
            void stage.signIn('passkey', () => client.passkeys.signIn({ hints: ['security-key', 'hybrid'] })),
        }),
      redirectUri !== null &&
        stage.methods?.providers.map(({ name, host }) =>
          row(id, name, t('byWayOf', { host }), {
            onclick: () => void attempt.run('leave', () => client.signInWithRedirect({ redirectUri })),
          }),
        ),
    ]
  }

  function start(): Child[] {
    const { held, last } = stage
    const trouble = attempt.failure === undefined ? undefined : troubleOf(attempt.failure)
    const note = trouble && pieces.failure(attempt.failure)
    const isOff = stage.methods?.guest_sign_in === false
    const button = (kind: string, text: string, onclick: () => void, drawing?: string, key?: string) =>
      pieces.button(
        {
          kind: `wide ${kind}`,
          ...(drawing && { drawing }),
          ...(key && { key }),
          onclick,
          'aria-disabled': attempt.busy ? 'true' : null,
        },
        text,
      )
    /** While nobody new can come in, there is nothing to start. */
    const beginning = (lead?: string) =>
      isOff ? head(logo(), t('comeBackTo', { app: stage.app() })) : head(logo(), t('startTitle'), lead)
    const off = () => isOff && pieces.note('', user, t('guestsOffTitle'), t('guestsOffText'))
    const again = trouble && /^(offline|server|tooFast|cookies|other)$/.test(trouble)
    const ways = () => [
      h('div', { class: 'rule', part: 'divider' }, t('otherWays')),
      h('ul', { class: 'items boxed' }, otherWays()),
    ]
    const more = () => (isMore ? [ways(), moreButton(t('fewerWays'), up)] : moreButton(t('moreWays'), down))
    if (again)
      return [
        last ? head(mark(last.label, true, 'xl'), t('welcomeBack')) : beginning(),
        note,
        button(
          'primary',
          t(trouble === 'offline' ? 'tryNow' : 'tryAgain'),
          () => void attempt.again(),
          undefined,
          'main',
        ),
        more(),
      ]
    if (last && (canPasskey || held)) {
      const [text, ask] = held
        ? [t('continueAs', { guest: last.label }), byKey]
        : [
            t(trouble === 'passkeyGone' ? 'useAnotherPasskey' : trouble ? 'tryAgain' : 'continueWithPasskey'),
            byPasskey,
          ]
      const lead = note
        ? guestName(last.label)
        : held
          ? t.rich('keptHere', { guest: guestName(last.label) })
          : t.rich('lastHere', { guest: guestName(last.label), day: t.day(last.seen) })
      return [
        head(mark(last.label, true, 'xl'), t('welcomeBack'), lead),
        note,
        h(
          'div',
          { class: 'stack' },
          trouble === 'disabled' && !isOff
            ? button('primary', t('startAsNew'), asGuest, undefined, 'main')
            : button('primary', text, ask, held ? undefined : passkey, 'main'),
          trouble === 'passkeyGone'
            ? button('', t('useRecoveryCode'), () => stage.go('recovery'), codes)
            : trouble !== 'disabled' && !isOff && button('', t('startAsNew'), asGuest),
        ),
        more(),
      ]
    }
    if (!canPasskey)
      return [
        beginning(t('startLeadNoPasskeys')),
        note ?? off(),
        !isOff &&
          button('primary', t(attempt.busy ? 'moment' : 'continueAsGuest'), asGuest, undefined, 'main'),
        !isOff && h('div', { class: 'rule', part: 'divider' }, t('beenHere')),
        h('ul', { class: 'items boxed' }, otherWays()),
        pieces.note('', shield, null, t('passkeysNotHere')),
      ]
    if (isMore && stage.methods?.codes.length)
      return [
        head(logo(), t('comeBackTo', { app: stage.app() })),
        note,
        addressOrPasskey(byPasskey),
        ways(),
        moreButton(t('fewerWays'), up),
      ]
    return [
      beginning(t('startLead')),
      note ?? off(),
      !isOff && button('primary', t(attempt.busy ? 'moment' : 'continueAsGuest'), asGuest, undefined, 'main'),
      h(
        'div',
        { class: 'stack' },
        !isOff && h('div', { class: 'rule', part: 'divider' }, t('beenHere')),
        button(
          isOff ? 'primary' : '',
          t(trouble ? 'tryAgain' : 'signInWithPasskey'),
          byPasskey,
          passkey,
          'passkey',
        ),
      ),
      more(),
    ]
  }

  return {
    draw: start,
    head,
    /** Opens “More ways”. */
    showAll() {
      isMore = true
      update()
    },
  }
}
