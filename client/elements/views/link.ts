// Linking a device: the one that is signed in shows a code and says yes; the new one types the code and waits.
import type { DeviceLink, PendingLink, StartedLink } from '../../index.ts'
import { createAttempt } from '../kit/attempt.ts'
import type { Child } from '../kit/dom.ts'
import { check } from '../kit/icons.ts'
import { pageAddress } from '../kit/page-address.ts'
import type { Stage, View } from '../kit/stage.ts'
import { link as linkStyles } from '../styles/link.ts'
import type * as PiecesModule from './pieces.ts'
import type { Pieces } from './pieces.ts'

export function view(stage: Stage, pieces: Pieces, { css }: typeof PiecesModule): View {
  const { client, emit, guestName, h, heading, host, icon, mark, signal, t, update } = stage
  const root = host.shadowRoot!
  /** On the device that is signed in: the link, and how far it is. */
  let started: StartedLink | undefined
  let state: DeviceLink | undefined
  /** What the other device says it is; the last state does not have it any more. */
  let device = ''
  /** On the new device: the link, until the other one has said yes. */
  let pending: PendingLink | undefined
  /** The code or link that would leave the guest who is signed in here. */
  let leaving: { code?: string; link?: string } | undefined
  let isIn = false
  let focus = false
  let stop = new AbortController()

  const attempt = createAttempt(update, (error) => {
    if ((error as { code?: string }).code !== 'would_leave_guest') emit('guestkey-error', { error })
  })
  const timer = setInterval(() => (started ?? pending) && update(), 1000)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    stop.abort()
  })

  function step(change: () => void) {
    change()
    focus = true
    update()
  }
  const reset = () =>
    step(() => {
      stop.abort()
      stop = new AbortController()
      started = state = pending = leaving = undefined
      attempt.forget()
    })
  const left = (until: number) => Math.max(0, until - Math.floor(Date.now() / 1000))

  const show = () =>
    attempt.run('start', async () => {
      started = await client.deviceLinks.start({
        url: pageAddress(host, 'link-url') ?? location.href.split('#')[0]!,
      })
      const { id } = started
      const watched = client.deviceLinks.watch(id, {
        signal: stop.signal,
        onChange: (next) =>
          step(() => {
            state = next
            if (next.device) device = t('deviceName', next.device)
          }),
      })
      watched.catch((error) => {
        // Nobody opened it in time.
        if (error.code !== 'aborted') step(() => (state = { id, status: 'waiting', expires_at: 0 }))
      })
    })
  const withdraw = () => {
    if (started) client.deviceLinks.cancel(started.id).catch(() => {})
    reset()
    emit('guestkey-closed', null)
  }
  const decide = (yes: boolean) =>
    attempt.run('decide', () => client.deviceLinks[yes ? 'approve' : 'refuse'](started!.id))

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
    try {
      const guest = await pending!.claim({ signal: stop.signal })
      step(() => {
        pending = undefined
        isIn = true
      })
      emit('guestkey-signed-in', { guest })
    } catch (error) {
      if ((error as { code?: string }).code === 'aborted') return
      pending = undefined
      void attempt.run('claim', () => Promise.reject(error))
    }
  }

  const head = (title: string, lead?: Child) =>
    h(
      'header',
      { class: 'head', part: 'header' },
      h(
        heading(),
        { class: 'title big', id: 'title', part: 'title', tabindex: -1, 'data-key': 'title' },
        title,
      ),
      lead && h('p', { class: 'lead', part: 'lead' }, lead),
    )
  const button = (kind: string, text: string, onclick: () => unknown) =>
    pieces.button({ kind: `wide ${kind}`, onclick, 'aria-disabled': attempt.busy ? 'true' : null }, text)
  /** Both devices show the same words, in the same order. They are English, whatever the language. */
  const words = (shown: string[]) =>
    h(
      'div',
      { class: 'words', part: 'words' },
      shown.map((word) => h('span', { lang: 'en' }, word)),
    )
  const failure = () => attempt.failure !== undefined && pieces.failure(attempt.failure)

  function here(): Child[] {
    const { label } = stage.guest!
    const status = state?.status
    if (!started || attempt.busy === 'start')
      return [
        head(t('linkADevice'), t('linkLead')),
        failure(),
        button('primary', t(attempt.busy ? 'moment' : 'linkADevice'), show),
      ]
    if (status === 'opened')
      return [
        head(
          t('compareTitle'),
          t.rich('compareText', { device: device || t('unknownDevice'), guest: guestName(label) }),
        ),
        words(state!.words ?? []),
        failure(),
        h(
          'div',
          { class: 'stack' },
          // Neither has the focus: nobody says yes by pressing Enter.
          button('primary', t('yesSignIn'), () => decide(true)),
          button('', t('noRefuse'), () => decide(false)),
        ),
        h('p', { class: 'meta center' }, t('compareWarning')),
      ]
    if (status === 'refused')
      return [head(t('refused'), t('nobodySignedIn')), button('', t('showNew'), reset)]
    if (status === 'approved' || status === 'done')
      return [
        h('div', { class: 'head' }, icon(check, 'xl good')),
        head(
          t('linked'),
          t.rich('linkedText', { device: device || t('unknownDevice'), guest: guestName(label) }),
        ),
        button('', t('done'), withdraw),
      ]
    const minutes = Math.ceil(left(started.expires_at) / 60)
    if (minutes === 0 || state?.expires_at === 0)
      return [head(t('ranOut')), button('primary', t('showNew'), reset)]
    const { host: address, pathname, hostname } = new URL(started.url)
    return [
      head(
        t('linkADevice'),
        /^(localhost|127\.)/.test(hostname)
          ? t('linkLocalhost')
          : t('linkOpen', { address: address + pathname }),
      ),
      h(
        'div',
        { class: 'head' },
        h('span', { class: 'meta' }, t('codeToType')),
        h('span', { class: 'code', part: 'code' }, started.code),
      ),
      h('p', { class: 'meta center num', role: 'timer' }, t('goodFor', { count: minutes })),
      button('', t('cancel'), withdraw),
    ]
  }

  function there(): Child[] {
    if (leaving) {
      const { guest } = stage
      return [
        head(
          t('leaveGuestTitle', { guest: guest?.label ?? '' }),
          t(guest?.recoverability === 'none' ? 'leaveGuestLost' : 'leaveGuestKept'),
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
      head(t('linkHere'), t('linkHereText')),
      failure(),
      h(
        'form',
        {
          class: 'stack',
          onsubmit(event: Event) {
            event.preventDefault()
            const code = root.querySelector<HTMLInputElement>('#code')!.value.trim()
            if (code) void open({ code })
          },
        },
        pieces.field('code', t('code'), null, null, {
          class: 'mono',
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: 'false',
          required: true,
        }),
        pieces.button(
          { kind: 'primary wide', type: 'submit', 'aria-disabled': attempt.busy ? 'true' : null },
          t('continue'),
        ),
      ),
    ]
  }

  const link = client.deviceLinks.pending()
  if (link) void open({ link })

  return {
    css: css + linkStyles,
    draw() {
      const { guest } = stage
      if (guest === undefined) return []
      const content =
        guest && isIn
          ? [
              h('div', { class: 'head' }, mark(guest.label, guest.recoverability !== 'none', 'xl')),
              head(t('youAreIn', { guest: guest.label })),
            ]
          : guest && !pending && !leaving && !link
            ? here()
            : there()
      return h(
        'section',
        { class: 'card', part: 'card', 'aria-labelledby': 'title' },
        h('div', { class: 'inner' }, content),
      )
    },
    drawn() {
      if (focus) root.querySelector<HTMLElement>('.title')?.focus()
      focus = false
    },
  }
}
