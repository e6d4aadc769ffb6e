// The sign-in card: it offers what the service and this browser can do, and nothing else.
import type { Child } from '../kit/dom.ts'
import { shield } from '../kit/icons.ts'
import type { Stage, View } from '../kit/stage.ts'
import { isSaved } from '../kit/ways.ts'
import { signIn } from '../styles/sign-in.ts'
import type * as CodeSteps from './code-steps.ts'
import type * as PiecesModule from './pieces.ts'
import type { Pieces } from './pieces.ts'
import type { SignInHost, SignInStage, Step } from './sign-in-stage.ts'
import { createStart } from './sign-in-start.ts'
import { createSteps } from './sign-in-steps.ts'

export function view(
  given: Stage<SignInHost>,
  pieces: Pieces,
  { css, openDialogs, troubleOf }: typeof PiecesModule,
  codeSteps: typeof CodeSteps,
): View {
  const { client, emit, h, host, icon, mark, say, signal, t, update } = given
  const root = host.shadowRoot!
  let step: Step = 'start'
  let isAsked = false
  let focus: string | undefined

  const attempt = pieces.createAttempt(update, (error) => {
    stage.held = undefined
    emit('guestkey-error', { error })
    focus ??= root.activeElement ? undefined : 'title'
  })
  const stage: SignInStage = {
    ...given,
    get guest() {
      return given.guest
    },
    get last() {
      return given.last
    },
    pieces,
    attempt,
    methods: undefined,
    held: undefined,
    go(to) {
      attempt.forget()
      step = to
      focus = to === 'start' ? 'title' : 'field'
      update()
    },
    signIn: (name, ask) =>
      attempt.run(name, async () => {
        const guest = await ask()
        say(t('signedInAs', { guest: guest.label }))
        emit('guestkey-signed-in', { guest })
        host.close(guest)
      }),
    app: () => host.getAttribute('app') ?? stage.methods?.name ?? location.hostname,
  }
  const steps = createSteps(stage, codeSteps.createCodeSteps)
  const start = createStart(stage, steps.addressOrPasskey, troubleOf)

  client.signInMethods().then(
    (methods) => {
      stage.methods = methods
      isAsked = true
      update()
    },
    () => {
      isAsked = true
      update()
    },
  )
  // What failed for want of a network goes on by itself.
  addEventListener(
    'online',
    () => {
      if (attempt.failure && troubleOf(attempt.failure) === 'offline') void attempt.again()
    },
    { signal },
  )

  async function learnKey() {
    stage.held = false
    stage.held = (await client.deviceKey.held().catch(() => null)) !== null
    update()
  }

  const cancel = () => {
    attempt.cancel()
    void client.passkeys.cancel()
    focus = 'main'
  }

  const waiting = () => [
    pieces.waiting(stage.last && mark(stage.last.label, true, 'l')),
    pieces.button({ kind: 'wide', key: 'main', onclick: cancel }, t('cancel')),
    h(
      'p',
      { class: 'meta center' },
      t('waitingHelp'),
      attempt.isLong && [
        h('br'),
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            part: 'link',
            onclick() {
              cancel()
              start.showAll()
            },
          },
          t('useAnotherWay'),
        ),
      ],
    ),
  ]

  function content(): Child {
    const { guest } = stage
    if (guest)
      return start.head(mark(guest.label, isSaved(guest), 'xl'), t('signedInAs', { guest: guest.label }))
    if (attempt.busy === 'passkey') return waiting()
    if (step !== 'start') return steps.draw(step)
    return start.draw()
  }

  const card = () =>
    h(
      'section',
      { class: 'card', part: 'card', 'aria-labelledby': 'title' },
      h('div', { class: 'inner', 'data-key': attempt.busy === 'passkey' ? 'waiting' : step }, content()),
      step === 'start' &&
        !stage.guest &&
        h(
          'p',
          { class: 'foot', part: 'footnote' },
          icon(shield, 's'),
          h('span', {}, h('slot', { name: 'footnote' }, t('footnote', { app: stage.app() }))),
        ),
    )

  return {
    css: css + signIn + codeSteps.css,
    draw() {
      const { last } = stage
      // Whoever is here may make this browser forget the guest, or remember another one.
      if (stage.guest) stage.held = undefined
      if (last && stage.held === undefined) void learnKey()
      if (stage.guest === undefined || !isAsked) return []
      if (!host.hasAttribute('modal')) return card()
      if (!host.isOpen) return []
      const close = () => {
        if (attempt.busy === 'passkey') cancel()
        emit('guestkey-closed', null)
        host.close()
      }
      return pieces.popup('', close, card())
    },
    drawn() {
      openDialogs(root)
      steps.drawn()
      if (!focus) return
      const wanted = root.querySelector<HTMLElement>(focus === 'field' ? 'input' : `[data-key="${focus}"]`)
      focus = undefined
      wanted?.focus()
    },
  }
}
