// An address, and the six digits that are sent there: for the sign-in, and to add an address.
import type { CodeAddress, CodeTransaction, GivenCode } from '../../index.ts'
import type { Attempt } from '../kit/attempt.ts'
import type { Child } from '../kit/dom.ts'
import { alert, mail } from '../kit/icons.ts'
import type { Stage } from '../kit/stage.ts'
import type { TextKey } from '../kit/words.ts'
import { sixDigits } from './digits.ts'
import type { Pieces } from './pieces.ts'

/** How often a code may be wrong; the server counts too. */
const TRIES = 5
/** How long until another code can be asked for. */
const AGAIN_SECONDS = 30

interface Doing {
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
  let address = ''
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

  function addressProblem(text: string): (() => string) | undefined {
    const [, part] = /^[^\s@]+@([^\s@.]+)$/.exec(text) ?? []
    if (part) return () => t('addressIncomplete', { part })
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : looksLike
  }

  const looksLike = () => t('addressWrong', { example: t('addressExample') })

  async function send(isAgain = false) {
    await attempt.run('send', async () => {
      try {
        const transaction = await doing.start({ type: 'email', value: address })
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
      address = ''
      sent = fieldError = undefined
    },
    value,
    /** Sends a code to the address once more, or for something else. */
    send: () => void send(),
    /** Sends a code to the address that was typed, or says what is wrong with it. */
    give(event: Event) {
      event.preventDefault()
      address = value()
      fieldError = addressProblem(address)
      if (fieldError) {
        update()
        root.querySelector<HTMLElement>('#address')?.focus()
      } else void send()
    },
    field: (autocomplete: string, label: string, autofocus = false) =>
      pieces.field('address', label, fieldError?.(), null, {
        type: 'text',
        inputmode: 'email',
        autocomplete,
        autocapitalize: 'none',
        spellcheck: 'false',
        placeholder: t('addressExample'),
        value: address,
        autofocus,
      }),
    /** Says where the digits went; for an element with the id `lead`. */
    sentence: () =>
      t.rich('digitsSent', {
        address: h('b', { class: 'strong' }, address),
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
