// An address or a telephone number, and the six digits that are sent there: for the sign-in, and to add one.
import type { CodeAddress, CodeTransaction, GivenCode, SignInMethods } from '../../index.ts'
import type { Attempt } from '../kit/attempt.ts'
import type { Child } from '../kit/dom.ts'
import { alert, mail, phone } from '../kit/icons.ts'
import type { Stage } from '../kit/stage.ts'
import type { TextKey } from '../kit/words.ts'
import { digits as css } from '../styles/digits.ts'
import { sixDigits } from './digits.ts'
import type { Pieces } from './pieces.ts'

export { css }

/** How often a code may be wrong; the server counts too. */
const TRIES = 5
/** How long until another code can be asked for. */
const AGAIN_SECONDS = 30

/** In international form. The server knows more. */
const NUMBER = /^\+[\d\s().-]{7,}$/
const NUMBER_EXAMPLE = '+41 44 668 18 00'

interface Doing {
  /** What codes can be sent to. */
  types(): SignInMethods['codes']
  start(address: CodeAddress): Promise<CodeTransaction>
  /** Resolves to false if that failed; the attempt has the failure. */
  verify(given: GivenCode): Promise<boolean>
  go(to: 'address' | 'digits'): void
  /** What is said while the digits are checked. */
  checking: TextKey & ('rightDigits' | 'moment')
}

export function createCodeSteps(stage: Stage, pieces: Pieces, attempt: Attempt, doing: Doing) {
  const { h, host, icon, signal, t, update } = stage
  const root = host.shadowRoot!
  let address: CodeAddress = { type: 'email', value: '' }
  let sent: (CodeTransaction & { triesLeft: number; at: number; isAgain: boolean }) | undefined
  /** A function, because the language may change. */
  let fieldError: (() => string) | undefined

  const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code
  const value = () => root.querySelector<HTMLInputElement>('#address')?.value.trim() ?? ''

  /** The seconds until another code can be asked for are counted down on the page. */
  const timer = setInterval(() => {
    if (sent && Date.now() - sent.at < (AGAIN_SECONDS + 1) * 1000) update()
  }, 1000)
  signal.addEventListener('abort', () => clearInterval(timer))

  /** What of these goes with what codes can be sent to. */
  function byTypes<One>(email: One, number: One, both: One): One {
    const [first, second] = doing.types()
    return second ? both : first === 'phone' ? number : email
  }
  /** Nobody says which of the two it is: a number has no letters. */
  const typeOf = (text: string): CodeAddress['type'] =>
    byTypes<CodeAddress['type']>('email', 'phone', /^[+\d\s().-]+$/.test(text) ? 'phone' : 'email')

  function problemOf({ type, value }: CodeAddress): (() => string) | undefined {
    if (type === 'phone') return NUMBER.test(value) ? undefined : looksLike
    const [, part] = /^[^\s@]+@([^\s@.]+)$/.exec(value) ?? []
    if (part) return () => t('addressIncomplete', { part })
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : looksLike
  }

  const looksLike = () =>
    address.type === 'phone'
      ? t('numberWrong', { example: NUMBER_EXAMPLE })
      : t('addressWrong', { example: t('addressExample') })

  async function send(isAgain = false) {
    await attempt.run('send', async () => {
      try {
        const transaction = await doing.start(address)
        sent = { ...transaction, triesLeft: TRIES, at: Date.now(), isAgain }
        doing.go('digits')
      } catch (error) {
        if (codeOf(error) !== 'login_id_invalid') throw error
        fieldError = looksLike
      }
    })
  }

  async function verify(code: string) {
    const { transaction } = sent!
    if (await doing.verify({ transaction, code })) return
    if (codeOf(attempt.failure) === 'code_wrong') sent!.triesLeft--
    const field = root.querySelector<HTMLInputElement>('#digits')
    field?.focus()
    field?.select()
    update()
  }

  return {
    /** Forgets the address and what was sent there. */
    reset() {
      address = { type: 'email', value: '' }
      sent = fieldError = undefined
    },
    value,
    /** Sends a code to the address once more, or for something else. */
    send: () => void send(),
    /** Sends a code to the address that was typed, or says what is wrong with it. */
    give(event: Event) {
      event.preventDefault()
      address = { type: typeOf(value()), value: value() }
      fieldError = problemOf(address)
      if (fieldError) {
        update()
        root.querySelector<HTMLElement>('#address')?.focus()
      } else void send()
    },
    /** `label` is for a field of e-mail addresses alone. */
    field: (autocomplete: string, label: string, autofocus = false) =>
      pieces.field('address', byTypes(label, t('number'), t('addressOrNumber')), fieldError?.(), null, {
        type: 'text',
        inputmode: byTypes('email', 'tel', 'email'),
        autocomplete: autocomplete === 'email' ? byTypes('email', 'tel', 'on') : autocomplete,
        dir: byTypes(null, 'ltr', 'ltr'),
        autocapitalize: 'none',
        spellcheck: 'false',
        placeholder: byTypes(t('addressExample'), NUMBER_EXAMPLE, t('addressExample')),
        value: address.value,
        autofocus,
      }),
    /** What stands above the field, and above the digits. */
    title: () => t(byTypes('codeByMail', 'codeByPhone', 'addressOrNumber')),
    sentTitle: () => t(address.type === 'phone' ? 'checkPhone' : 'checkMail'),
    type: () => address.type,
    drawing: () => byTypes(mail, phone, address.type === 'phone' ? phone : mail),
    /** Says where the digits went; for an element with the id `lead`. */
    sentence: () =>
      t.rich('digitsSent', {
        address: h('bdi', { class: 'strong', dir: 'ltr' }, address.value),
        change: h(
          'button',
          { type: 'button', class: 'link', part: 'link', onclick: () => doing.go('address') },
          t('change'),
        ),
      }),
    /** The digits, what was wrong with them, and how to get others. */
    digits(): Child[] {
      if (!sent) return []
      const code = codeOf(attempt.failure)
      const left = Math.ceil(AGAIN_SECONDS - (Date.now() - sent.at) / 1000)
      const isWrong = code === 'code_wrong' && sent.triesLeft > 0
      const isOver = code === 'code_expired' || sent.triesLeft <= 0
      const again = (key: 'sendAgain' | 'sendNew') =>
        h(
          'div',
          { class: 'head' },
          pieces.button({ kind: 'small', drawing: mail, onclick: () => void send(true) }, t(key)),
        )
      return [
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
            t('wrongDigits', { count: sent.triesLeft }),
          ),
        attempt.busy === 'digits' && h('p', { class: 'meta center', role: 'status' }, t(doing.checking)),
        isOver && pieces.note('caution', alert, t('digitsExpired')),
        attempt.failure !== undefined && !isWrong && !isOver && pieces.failure(attempt.failure),
        sent.isAgain && !code && h('p', { class: 'meta center', role: 'status' }, t('sentAgain')),
        isOver
          ? again('sendNew')
          : left > 0
            ? h(
                'p',
                { class: 'meta center num' },
                t('sendAgainIn', { time: `0:${`${left}`.padStart(2, '0')}` }),
              )
            : again('sendAgain'),
      ]
    },
  }
}
