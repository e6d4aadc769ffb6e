// Linking a device: the new one types the code and waits; the one that is signed in is in shown.ts.
import type { PendingLink, UserInfo } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import type { Stage, View } from '../../kit/stage.ts'
import { isSaved } from '../../kit/ways.ts'
import { link as linkStyles } from '../../styles/link.ts'
import type * as PiecesModule from '../pieces.ts'
import type { Pieces } from '../pieces.ts'
import { createFrame } from './frame.ts'
import { createShown, type LoadQr } from './shown.ts'

type LinkHost = HTMLElement & { readonly isOpen: boolean; close(): void }

export function view(
  stage: Stage<LinkHost>,
  pieces: Pieces,
  { css, openDialogs }: typeof PiecesModule,
  loadQr: LoadQr,
): View {
  const { client, emit, h, host, mark, signal, t, update } = stage
  const root = host.shadowRoot!
  /** The link that was opened here, until the other device has said yes. */
  let pending: PendingLink | undefined
  /** The code or link that would leave the guest who is signed in here. */
  let leaving: { code?: string; link?: string } | undefined
  /** Signed in here by a link; and perhaps with a passkey of this device since. */
  let arrival: 'linked' | 'saved' | undefined
  /** Nobody said yes in time. */
  let isOver = false

  const frame = createFrame(stage, pieces)
  const { attempt, button, failure, head, left, step, words } = frame
  const shown = createShown(stage, pieces, frame, loadQr, () => {
    emit('guestkey-closed', null)
    host.close()
  })
  const timer = setInterval(() => (shown.isShown() || pending) && update(), 1000)
  signal.addEventListener('abort', () => clearInterval(timer))

  const reset = () =>
    step(() => {
      frame.stop()
      pending = leaving = undefined
    })
  const open = (given: { code?: string; link?: string }, leave = false) =>
    attempt.run('open', async () => {
      try {
        const opened = await client.deviceLinks.open({ ...given, leave })
        step(() => {
          pending = opened
          leaving = undefined
        })
      } catch (error) {
        if ((error as { code?: string }).code !== 'would_leave_guest') throw error
        return step(() => (leaving = given))
      }
      void claim()
    })
  const claim = async () => {
    const until = pending!.expires_at
    try {
      const guest = await pending!.claim({ signal: frame.stopped })
      step(() => {
        pending = undefined
        arrival = 'linked'
      })
      emit('guestkey-signed-in', { guest })
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'aborted') return
      step(() => {
        pending = undefined
        isOver = code === 'link_invalid' && left(until) === 0
      })
      if (!isOver) void attempt.run('claim', () => Promise.reject(error))
    }
  }
  const save = () =>
    attempt.run('save', async () => {
      const guest = await client.passkeys.add()
      step(() => (arrival = 'saved'))
      emit('guestkey-saved', { guest })
    })

  /** With a passkey of its own, the new device needs no other one next time. */
  function arrived(guest: UserInfo): Child[] {
    const { label } = guest
    const canSave = arrival === 'linked' && client.passkeys.supported()
    if (attempt.busy === 'save')
      return [pieces.waiting(null), pieces.button({ kind: 'wide', onclick: frame.stop }, t('cancel'))]
    return [
      h('div', { class: 'head' }, mark(label, isSaved(guest), 'xl')),
      head(t('youAreIn', { guest: label })),
      arrival === 'saved' && pieces.saved(t('keptDevice', { guest: label })),
      failure(),
      canSave && button('primary', t('addPasskeyHere'), save),
      canSave && h('p', { class: 'meta center' }, t('ownPasskey')),
    ]
  }

  function there(): Child[] {
    if (leaving) {
      const { guest } = stage
      return [
        head(
          t('leaveGuestTitle', { guest: guest?.label ?? '' }),
          t(guest && isSaved(guest) ? 'leaveGuestKept' : 'leaveGuestLost'),
        ),
        h(
          'div',
          { class: 'stack' },
          button('', t('stayHere'), reset),
          button('quiet red', t('leaveAndContinue'), () => open(leaving!, true)),
        ),
      ]
    }
    if (pending) {
      const seconds = left(pending.expires_at)
      const time = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`
      return [
        head(t('linkingAs', { guest: pending.label }), t('linkingText')),
        words(pending.words),
        h('p', { class: 'meta center num', role: 'timer' }, t('waitingForYes', { time })),
        button('', t('cancel'), reset),
      ]
    }
    return [
      isOver ? head(t('ranOut'), t('askForNew')) : head(t('linkHere'), t('linkHereText')),
      failure(),
      pieces.codeForm('code', t('code'), t('continue'), !!attempt.busy, (code) => {
        isOver = false
        void open({ code })
      }),
    ]
  }

  const link = client.deviceLinks.pending()
  if (link) void open({ link })

  return {
    css: css + linkStyles,
    draw() {
      const { guest } = stage
      const isModal = host.hasAttribute('modal')
      if (guest === undefined || (isModal && !host.isOpen)) return []
      const isHere = guest && !arrival && !pending && !leaving && !link
      // Whoever opens the dialog has asked for the code already.
      if (isHere && isModal && !shown.isShown() && !attempt.busy && !failure()) void shown.show()
      const content =
        guest && arrival
          ? arrived(guest)
          : isHere
            ? shown.draw(guest.label, /passkey|synced/.test(guest.recoverability))
            : there()
      const card = h(
        'section',
        { class: 'card', part: 'card', 'aria-labelledby': 'title' },
        h('div', { class: 'inner' }, content),
      )
      return isModal ? pieces.popup('', shown.withdraw, card) : card
    },
    drawn() {
      openDialogs(root)
      if (frame.takeFocus()) root.querySelector<HTMLElement>('.title')?.focus()
    },
  }
}
