// The addresses and telephone numbers of the guest, and the accounts at providers: add one by six digits, say which is the main one, remove one.
import type { LoginId, SignInMethods } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { id as card, check, mail, phone, plus, trash } from '../../kit/icons.ts'
import { nameOf } from '../../kit/login-id.ts'
import type { Stage, View } from '../../kit/stage.ts'
import type * as CodeSteps from '../code-steps.ts'
import type { Section } from './section.ts'

type Step = 'address' | 'digits' | 'taken'

const drawings = { email: mail, phone, oidc: card }

export function view(stage: Stage, section: Section, { createCodeSteps, css }: typeof CodeSteps): View {
  const { client, emit, guestName, h, host, t, update } = stage
  const { attempt, pieces } = section
  const shown = section.shown(async () => {
    const [loginIds, methods] = await Promise.all([client.loginIds.list(), client.signInMethods()])
    return { loginIds, methods }
  })
  /** How far the dialog is, in which an address is added. */
  let step: Step | undefined
  /** Another guest has the address: then one can sign in as that one. The ticket brings along what was made here. */
  let taken: { ticket: string | undefined } | undefined

  /** A merge that can still be undone. */
  let merged: { ticket: string; label: string } | undefined

  const adding = pieces.createAttempt(update, (error) => emit('guestkey-error', { error }))
  const steps = createCodeSteps(stage, pieces, adding, {
    types: () => shown.get()?.methods.codes ?? [],
    start: (address) => (taken ? client.codeSignIn.start(address) : client.promotion.start(address)),
    verify: (given) => adding.run('digits', () => (taken ? signIn(given) : add(given))),
    go,
    checking: 'moment',
  })

  function go(to: Step) {
    step = to
    adding.forget()
    update()
  }
  function close() {
    if (adding.busy) void client.passkeys.cancel()
    adding.cancel()
    adding.forget()
    steps.reset()
    step = taken = undefined
    section.focusOn('add')
    update()
  }

  async function add(given: Parameters<typeof client.promotion.verify>[0]) {
    try {
      const guest = await client.promotion.verify(given)
      const isNumber = steps.type() === 'phone'
      close()
      await shown.load()
      section.toast(t(isNumber ? 'numberAdded' : 'addressAdded'))
      emit('guestkey-saved', { guest })
    } catch (error) {
      const { code, ticket } = error as { code?: string; ticket?: string }
      if (code !== 'login_id_taken') throw error
      taken = { ticket }
      go('taken')
    }
  }
  async function signIn(given: Parameters<typeof client.codeSignIn.verify>[0]) {
    const ticket = taken?.ticket
    const guest = await client.codeSignIn.verify(given)
    close()
    emit('guestkey-signed-in', { guest })
    if (!ticket) return
    const { label } = (await client.merge(ticket)).merged
    merged = { ticket, label }
    section.toast(t('merged', { guest: label }), { text: t('undo'), onclick: undo })
  }
  const undo = () =>
    attempt.run('undo', async () => {
      await client.undoMerge(merged!.ticket)
      merged = undefined
    })

  function remove(loginId: LoginId, isOnly: boolean, next: string) {
    const name = nameOf(loginId)
    let isLast = false
    section.ask(() => ({
      title: t('removeTitle', { name }),
      text: isLast
        ? t.rich('removeLastText', { guest: guestName(stage.guest?.label ?? '') })
        : t(isOnly ? 'guestAgain' : 'removeText'),
      yes: t('remove'),
      no: t('keepIt'),
      isProven: true,
      after: next,
      async work() {
        if (!(await section.isRemoved(client.loginIds.remove(loginId, { force: isLast })))) {
          isLast = true
          return false
        }
        await shown.load()
        section.toast(t('removed', { name }))
      },
    }))
  }

  const makeMain = (loginId: LoginId) =>
    attempt.run('main', async () => {
      await client.loginIds.setPrimary(loginId)
      await shown.load()
      section.focusOn('0-remove')
    })

  function row(loginId: LoginId, i: number, all: LoginId[]): Child {
    return section.row({
      key: `${i}`,
      drawing: drawings[loginId.type],
      name: h('bdi', {}, nameOf(loginId)),
      lines: [t('confirmedOn', { day: t.day(loginId.verified_at) })],
      end: loginId.primary && all.length > 1 && h('span', { class: 'badge', part: 'badge' }, t('main')),
      buttons: [
        !loginId.primary &&
          section.small(`${i}`, 'main', t('makeMain'), { onclick: () => makeMain(loginId) }),
        section.small(`${i}`, 'remove', t('remove'), {
          drawing: trash,
          onclick: () => remove(loginId, all.length === 1, all.length > 1 ? '0-remove' : 'add'),
        }),
      ],
    })
  }

  const providersOf = ({ providers }: SignInMethods) => (host.hasAttribute('redirect-uri') ? providers : [])
  const canAdd = (methods: SignInMethods) => methods.codes.length > 0 || providersOf(methods).length > 0

  const addTitle = ({ codes }: SignInMethods) =>
    t(codes.length === 1 && codes[0] === 'phone' ? 'addNumber' : 'addAddress')

  /** The address, and below it the providers. */
  function give(methods: SignInMethods): Child[] {
    const isSending = adding.busy === 'send'
    const providers = providersOf(methods)
    const hasCodes = methods.codes.length > 0
    const cancel = pieces.button({ onclick: close }, t('cancel'))
    return [
      h('p', { class: 'lead', role: isSending ? 'status' : null }, leadOf(isSending)),
      adding.failure !== undefined && pieces.failure(adding.failure),
      hasCodes &&
        h(
          'form',
          { class: 'asked', novalidate: true, onsubmit: steps.give },
          steps.field('email', t('address'), true),
          h(
            'div',
            { class: 'actions' },
            cancel,
            pieces.button(
              { kind: 'primary', type: 'submit', 'aria-disabled': adding.busy ? 'true' : null },
              t(isSending ? 'moment' : 'sendDigits'),
            ),
          ),
        ),
      providers.length > 0 && [
        hasCodes && h('div', { class: 'rule', part: 'divider' }, t('otherWays')),
        h(
          'ul',
          { class: 'items boxed' },
          providers.map(({ name, host: site }) =>
            pieces.row(card, name, t('byWayOf', { host: site }), {
              onclick: () =>
                adding.run('leave', () =>
                  client.promote({ redirectUri: host.getAttribute('redirect-uri')! }),
                ),
            }),
          ),
        ),
        !hasCodes && h('div', { class: 'actions' }, cancel),
      ],
    ]
  }
  const leadOf = (isSending: boolean) =>
    isSending && section.hasPasskey()
      ? [t('waitingLead'), adding.isLong && ` ${t('waitingHelp')}`]
      : t('addressesLead')

  const offer = (): Child[] => [
    h(
      'p',
      { class: 'lead' },
      taken?.ticket
        ? t('takenText')
        : t.rich('takenTextAlone', { guest: guestName(stage.guest?.label ?? '') }),
    ),
    adding.failure !== undefined && pieces.failure(adding.failure),
    h(
      'div',
      { class: 'actions' },
      pieces.button({ autofocus: true, onclick: close }, t('cancel')),
      pieces.button(
        { kind: 'primary', 'aria-disabled': adding.busy ? 'true' : null, onclick: () => steps.send() },
        t('sendDigits'),
      ),
    ),
  ]

  function dialog(methods: SignInMethods): Child {
    if (!step) return
    const [title, content] = {
      address: () => [addTitle(methods), give(methods)] as const,
      digits: () =>
        [
          steps.sentTitle(),
          [
            h('p', { class: 'lead', id: 'lead' }, steps.sentence()),
            steps.digits(),
            h('div', { class: 'actions' }, pieces.button({ onclick: close }, t('cancel'))),
          ],
        ] as const,
      taken: () => [t('takenTitle'), offer()] as const,
    }[step]()
    return pieces.dialog(`add-${step}`, title, close, ...content)
  }

  return {
    css: section.css + css,
    drawn: section.drawn,
    draw() {
      const data = shown.get()
      // Until that is known, a heading would flash.
      if (!data && shown.attempt.failure === undefined && !shown.attempt.isLong) return []
      if (data && data.loginIds.length === 0 && !canAdd(data.methods)) return []
      const addButton = (kind: string) =>
        data &&
        canAdd(data.methods) &&
        pieces.button(
          { kind, drawing: plus, key: 'add', onclick: () => go('address') },
          addTitle(data.methods),
        )
      return [
        section.frame(t('addresses'), t('addressesLead'), addButton('small'), shown, ({ loginIds }) => [
          merged &&
            pieces.note('', check, t('merged', { guest: merged.label }), [
              h('button', { type: 'button', class: 'link', part: 'link', onclick: undo }, t('undo')),
            ]),
          section.panel(
            'addresses',
            loginIds.length > 0 ? loginIds.map(row) : section.empty(t('addressesNone')),
          ),
        ]),
        data && dialog(data.methods),
      ]
    },
  }
}
