// The prompt: a banner in the page or a sheet from below, which asks once and believes “later”.
import type { UserInfo } from '../../index.ts'
import type { Child } from '../kit/dom.ts'
import { arrow, check, codes, passkey, x } from '../kit/icons.ts'
import { mayAsk, putOff } from '../kit/later.ts'
import type { Stage, View } from '../kit/stage.ts'
import { isSaved } from '../kit/ways.ts'
import { prompt } from '../styles/prompt.ts'
import type * as PiecesModule from './pieces.ts'
import type { Pieces } from './pieces.ts'

/** The element of the prompt. */
export type PromptHost = HTMLElement & {
  readonly shown: false | 'save' | 'lost'
  hide(): void
}

/** What is asked: to save, to write down codes, or to add a passkey on this device too. */
type Question = 'add_passkey' | 'add_recovery_codes' | 'add_here'

export function view(
  stage: Stage<PromptHost>,
  pieces: Pieces,
  { css, openDialogs }: typeof PiecesModule,
): View {
  const { client, emit, guestName, h, heading, host, icon, mark, say, signal, t, update } = stage
  const canPasskey = client.passkeys.supported()
  let question: Question | undefined
  /** The guest who has just been saved, and by what. */
  let kept: UserInfo | undefined
  const attempt = pieces.createAttempt(update, (error) => emit('guestkey-error', { error }))

  /** Asks, unless the person has put it off. */
  function ask(what: Question) {
    if (question || kept || !mayAsk(what)) return
    question = what
    const title = titleOf(what)
    say(title)
    update()
  }
  const stops = [
    client.on('prompts.due', (name) => {
      if (name === 'add_passkey') ask(canPasskey ? 'add_passkey' : 'add_recovery_codes')
      else if (name === 'add_recovery_codes') ask(name)
    }),
    client.on('passkey.offered', () => {
      if (canPasskey) ask('add_here')
    }),
  ]
  signal.addEventListener('abort', () => {
    for (const stop of stops) stop()
  })

  const word = () => host.getAttribute('what')
  function titleOf(what: Question) {
    if (what === 'add_here') return t('addHereTitle')
    return word() ? t('keepTitle', { what: word()! }) : t('keepTitleAny')
  }
  function leadOf(what: Question) {
    if (what === 'add_here') return t('addHereLead')
    if (what === 'add_recovery_codes') return t(word() ? 'keepLeadCodes' : 'keepLeadCodesAny')
    return t(word() ? 'keepLead' : 'keepLeadAny')
  }

  const save = () =>
    attempt.run('passkey', async () => {
      const guest = await client.passkeys.add({ hints: ['client-device'] })
      kept = guest
      say(
        `${t('kept')} ${t(guest.recoverability === 'synced' ? 'keptSynced' : 'keptDevice', { guest: guest.label })}`,
      )
      emit('guestkey-saved', { guest })
    })

  function later() {
    if (attempt.busy) {
      attempt.cancel()
      void client.passkeys.cancel()
    }
    const asked = question!
    putOff(asked)
    close()
    emit('guestkey-closed', null)
    if (asked !== 'add_here') client.prompts.snooze(asked).catch((error) => emit('guestkey-error', { error }))
  }

  function close() {
    question = undefined
    kept = undefined
    attempt.forget()
    host.hide()
    update()
  }

  /** In the account, unless the page has a place of its own for them. */
  const makeCodes = () => {
    if (emit('guestkey-codes', null)) void pieces.open('guestkey-account', 'codes')
  }

  /** What answers the question. Codes are shown by an element of their own. */
  function answers(asked: Question, wide: string): Child[] {
    const isBusy = attempt.busy === 'passkey'
    const yes =
      asked === 'add_recovery_codes'
        ? pieces.button({ kind: `primary ${wide}`, drawing: codes, onclick: makeCodes }, t('makeCodes'))
        : pieces.button(
            {
              kind: `${asked === 'add_here' ? '' : 'primary'} ${wide}`,
              drawing: passkey,
              key: 'yes',
              'aria-disabled': isBusy ? 'true' : null,
              onclick: save,
            },
            t(isBusy ? 'waitingTitle' : asked === 'add_here' ? 'addPasskey' : 'saveWithPasskey'),
          )
    return [
      yes,
      pieces.button(
        { kind: `quiet ${wide}`, key: 'later', onclick: later },
        t(isBusy ? 'cancel' : asked === 'add_here' ? 'noThanks' : 'later'),
      ),
    ]
  }

  const failure = () => attempt.failure !== undefined && pieces.failure(attempt.failure)

  function banner(guest: UserInfo, asked: Question): Child {
    return h(
      'section',
      {
        class: `banner${asked === 'add_here' ? ' kept' : ''}`,
        part: 'banner',
        'aria-labelledby': 'title',
        'data-key': 'banner',
      },
      h(
        'div',
        { class: 'inner' },
        mark(guest.label, isSaved(guest), 'm'),
        h(
          'div',
          { class: 'lines' },
          h(
            heading(),
            { class: 'heading', id: 'title', part: 'title' },
            h('slot', { name: 'title' }, titleOf(asked)),
          ),
          h('p', { class: 'lead', part: 'lead' }, h('slot', { name: 'lead' }, leadOf(asked))),
        ),
        failure(),
        h('div', { class: 'buttons' }, answers(asked, '')),
      ),
    )
  }

  function sheet(guest: UserInfo, asked: Question): Child {
    const isKept = isSaved(guest)
    const dialog = pieces.dialog(
      'sheet',
      titleOf(asked),
      later,
      h(
        'div',
        { class: 'change' },
        mark(guest.label, isKept, 'l'),
        icon(arrow, 'flip'),
        mark(guest.label, true, 'l'),
      ),
      h('p', { class: 'lead', part: 'lead' }, leadOf(asked)),
      failure(),
      h('div', { class: 'stack' }, answers(asked, 'wide')),
    )
    dialog.className = 'dialog sheet'
    return dialog
  }

  /** What was made is from a guest who is gone. */
  const lost = (): Child =>
    h(
      'section',
      { class: 'banner', part: 'banner', 'aria-labelledby': 'title', 'data-key': 'banner' },
      h(
        'div',
        { class: 'inner' },
        mark('', false, 'm'),
        h(
          'div',
          { class: 'lines' },
          h(
            heading(),
            { class: 'heading', id: 'title', part: 'title' },
            word() ? t('lostTitle', { what: word()! }) : t('lostTitleAny'),
          ),
          h('p', { class: 'lead', part: 'lead' }, t('lostLead')),
        ),
        failure(),
        h(
          'div',
          { class: 'buttons' },
          pieces.button(
            {
              kind: 'primary',
              onclick: () =>
                attempt.run('guest', async () => {
                  const guest = await client.signInAnonymously()
                  host.hide()
                  emit('guestkey-signed-in', { guest })
                }),
            },
            t('continueAsNew'),
          ),
        ),
      ),
    )

  const saved = (guest: UserInfo): Child => {
    const isSynced = guest.recoverability === 'synced'
    return h(
      'section',
      { class: 'banner kept done', part: 'banner', 'aria-labelledby': 'title', 'data-key': 'banner' },
      h(
        'div',
        { class: 'inner' },
        mark(guest.label, true, 'm'),
        h(
          'div',
          { class: 'lines' },
          h(heading(), { class: 'heading', id: 'title', part: 'title' }, icon(check), t('kept')),
          h(
            'p',
            { class: 'lead', part: 'lead' },
            t.rich(isSynced ? 'keptSynced' : 'keptDevice', {
              guest: guestName(guest.label),
            }),
            !isSynced && [
              ' ',
              h(
                'button',
                { type: 'button', class: 'link', part: 'link', onclick: makeCodes },
                t('codesAnywhere'),
              ),
            ],
          ),
        ),
        h(
          'div',
          { class: 'buttons' },
          pieces.button({
            kind: 'quiet small icon-only',
            drawing: x,
            part: 'button icon',
            'aria-label': t('close'),
            onclick: close,
          }),
        ),
      ),
    )
  }

  return {
    css: css + prompt,
    draw() {
      const { guest } = stage
      if (!guest) return host.shown === 'lost' ? lost() : []
      if (kept) return saved(kept)
      const isKept = isSaved(guest)
      // Whoever is saved elsewhere meanwhile is not asked any more.
      if (isKept && question && question !== 'add_here') question = undefined
      if (!isKept && host.shown === 'save') ask(canPasskey ? 'add_passkey' : 'add_recovery_codes')
      if (!question) return []
      const isPhone = matchMedia('(pointer: coarse) and (max-width: 30em)').matches
      return (host.getAttribute('variant') ?? (isPhone ? 'sheet' : '')) === 'sheet'
        ? sheet(guest, question)
        : banner(guest, question)
    },
    drawn: () => openDialogs(host.shadowRoot!),
  }
}
