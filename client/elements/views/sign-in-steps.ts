// The further steps of the sign-in: a recovery code, an address, the six digits that were sent there.
import type { CodeTransaction } from '../../index.ts'
import type { Child } from '../kit/dom.ts'
import { alert, back, codes, mail } from '../kit/icons.ts'
import { sixDigits } from './digits.ts'
import type { SignInStage, Step } from './sign-in-stage.ts'

/** How often a code may be wrong; the server counts too. */
const TRIES = 5
/** How long until another code can be asked for. */
const AGAIN_SECONDS = 30

export function createSteps(stage: SignInStage) {
  const { attempt, client, go, h, heading, host, icon, pieces, signal, t, update } = stage
  const root = host.shadowRoot!
  let address = ''
  let sent: (CodeTransaction & { triesLeft: number; at: number; isAgain: boolean }) | undefined
  /** A function, because the language may change. */
  let fieldError: (() => string) | undefined

  const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code
  const value = (field: string) => root.querySelector<HTMLInputElement>(`#${field}`)?.value.trim() ?? ''

  /** The seconds until another code can be asked for are counted down on the page. */
  const timer = setInterval(() => {
    if (sent && Date.now() - sent.at < (AGAIN_SECONDS + 1) * 1000) update()
  }, 1000)
  signal.addEventListener('abort', () => clearInterval(timer))

  function addressProblem(text: string): (() => string) | undefined {
    const [, part] = /^[^\s@]+@([^\s@.]+)$/.exec(text) ?? []
    if (part) return () => t('addressIncomplete', { part })
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
      ? undefined
      : () => t('addressWrong', { example: t('addressExample') })
  }

  async function sendCode(isAgain = false) {
    await attempt.run('send', async () => {
      const transaction = await client.codeSignIn.start({ type: 'email', value: address })
      sent = { ...transaction, triesLeft: TRIES, at: Date.now(), isAgain }
      go('digits')
    })
  }

  function giveAddress(event: Event) {
    event.preventDefault()
    address = value('address')
    fieldError = addressProblem(address)
    if (fieldError) {
      update()
      root.querySelector<HTMLElement>('#address')?.focus()
    } else void sendCode()
  }

  async function verify(code: string) {
    const { transaction } = sent!
    const isDone = await stage.signIn('digits', () => client.codeSignIn.verify({ transaction, code }))
    if (isDone) return
    if (codeOf(attempt.failure) === 'code_wrong') sent!.triesLeft--
    const field = root.querySelector<HTMLInputElement>('#digits')
    field?.focus()
    field?.select()
    update()
  }

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

  const addressField = (autocomplete: string, label: string) =>
    pieces.field('address', label, fieldError?.(), null, {
      type: 'text',
      inputmode: 'email',
      autocomplete,
      autocapitalize: 'none',
      spellcheck: 'false',
      placeholder: t('addressExample'),
      value: address,
    })

  function recovery(): Child[] {
    return [
      head(codes, t('recoveryCode'), t('typeRecoveryCode')),
      attempt.failure !== undefined && pieces.failure(attempt.failure),
      h(
        'form',
        {
          class: 'stack',
          onsubmit(event: Event) {
            event.preventDefault()
            const code = value('recovery')
            if (code) void stage.signIn('recovery', () => client.signInWithRecoveryCode(code))
          },
        },
        pieces.field('recovery', t('recoveryCode'), null, null, {
          class: 'mono',
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: 'false',
          required: true,
        }),
        pieces.button(
          { kind: 'primary wide', type: 'submit', 'aria-disabled': attempt.busy ? 'true' : null },
          t(attempt.busy ? 'signingIn' : 'signIn'),
        ),
      ),
      backTo(),
    ]
  }

  function digits(): Child[] {
    const code = codeOf(attempt.failure)
    const left = Math.ceil(AGAIN_SECONDS - (Date.now() - sent!.at) / 1000)
    const isWrong = code === 'code_wrong' && sent!.triesLeft > 0
    const isOver = code === 'code_expired' || sent!.triesLeft <= 0
    const again = (key: 'sendAgain' | 'sendNew') =>
      pieces.button({ kind: 'small', drawing: mail, onclick: () => void sendCode(true) }, t(key))
    const change = h('button', { type: 'button', class: 'link', onclick: () => go('address') }, t('change'))
    return [
      head(
        mail,
        t('checkMail'),
        t.rich('digitsSent', { address: h('b', { class: 'strong' }, address), change }),
      ),
      !isOver &&
        sixDigits(h, root, {
          name: t('sixDigits'),
          described: 'lead wrong',
          look: isWrong ? 'invalid' : attempt.busy === 'digits' ? 'good' : '',
          onChange: update,
          onFull: verify,
        }),
      isWrong &&
        h(
          'span',
          { class: 'error center', id: 'wrong', role: 'alert' },
          icon(alert),
          t('wrongDigits', { count: sent!.triesLeft }),
        ),
      attempt.busy === 'digits' && h('p', { class: 'meta center', role: 'status' }, t('rightDigits')),
      isOver && pieces.note('caution', alert, t('digitsExpired')),
      attempt.failure !== undefined && !isWrong && !isOver && pieces.failure(attempt.failure),
      sent!.isAgain && !code && h('p', { class: 'meta center', role: 'status' }, t('sentAgain')),
      isOver
        ? h('div', { class: 'head' }, again('sendNew'))
        : left > 0
          ? h(
              'p',
              { class: 'meta center num' },
              t('sendAgainIn', { time: `0:${`${left}`.padStart(2, '0')}` }),
            )
          : h('div', { class: 'head' }, again('sendAgain')),
      backTo(),
    ]
  }

  const drawings: Record<Exclude<Step, 'start'>, () => Child> = {
    recovery,
    digits: () => (sent ? digits() : []),
    address: () => [
      head(mail, t('codeByMail'), null),
      attempt.failure !== undefined && pieces.failure(attempt.failure),
      h(
        'form',
        { class: 'stack', novalidate: true, onsubmit: giveAddress },
        addressField('username', t('address')),
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
            if (value('address')) return giveAddress(event)
            event.preventDefault()
            byPasskey()
          },
        },
        addressField('username webauthn', t('addressOrPasskey')),
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
