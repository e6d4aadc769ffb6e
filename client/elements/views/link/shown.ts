// The device that is signed in: it shows a code, as QR and to type, and says yes or no to the device that opened it.
import type { DeviceLink, StartedLink } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { check } from '../../kit/icons.ts'
import { pageAddress } from '../../kit/page-address.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Pieces } from '../pieces.ts'
import type { Frame } from './frame.ts'

/** Loads what draws QR codes. */
export type LoadQr = () => Promise<{
  drawQr(h: Stage['h'], text: string, name: string): HTMLElement | null
}>

/** `closed` is called when the person is done with it. */
export function createShown(
  { client, guestName, h, host, icon, t }: Stage,
  pieces: Pieces,
  frame: Frame,
  loadQr: LoadQr,
  closed: () => void,
) {
  const { attempt, button, failure, head, left, step, words } = frame
  let started: StartedLink | undefined
  let state: DeviceLink | undefined
  /** What the other device says it is; the last state does not have it any more. */
  let device = ''
  let qr: HTMLElement | null = null

  const reset = () =>
    step(() => {
      frame.stop()
      started = state = undefined
      device = ''
    })
  const cancel = (id: string) => void client.deviceLinks.cancel(id).catch(() => {})

  const show = () =>
    attempt.run('start', async () => {
      const { stopped } = frame
      const url = pageAddress(host, 'link-url') ?? location.href.split('#')[0]!
      // If the QR code cannot be loaded, there is the code to type.
      const [next, drawing] = await Promise.all([
        client.deviceLinks.start({ url }),
        loadQr().catch(() => undefined),
      ])
      if (stopped.aborted) return cancel(next.id)
      started = next
      qr = drawing?.drawQr(h, next.url, t('qrName', { address: addressOf(next.url) })) ?? null
      const watched = client.deviceLinks.watch(next.id, {
        signal: stopped,
        onChange: (change) =>
          step(() => {
            state = change
            if (change.device) device = t('deviceName', change.device)
          }),
      })
      watched.catch((error) => {
        // Nobody opened it in time.
        if (error.code !== 'aborted') step(() => (state = { ...next, status: 'waiting', expires_at: 0 }))
      })
    })
  const withdraw = () => {
    if (started) cancel(started.id)
    reset()
    closed()
  }
  const decide = (yes: boolean) =>
    attempt.run('decide', () => client.deviceLinks[yes ? 'approve' : 'refuse'](started!.id))

  function addressOf(url: string): string {
    const { host, pathname } = new URL(url)
    return host + pathname
  }

  function draw(label: string, hasPasskey: boolean): Child[] {
    const status = state?.status
    const asked = { device: device || t('unknownDevice'), guest: guestName(label) }
    if (attempt.busy === 'start' && hasPasskey)
      return [pieces.waiting(null), pieces.button({ kind: 'wide', onclick: withdraw }, t('cancel'))]
    if (!started || attempt.busy === 'start')
      return [
        head(t('linkADevice'), t('linkLead')),
        failure(),
        button('primary', t(attempt.busy ? 'moment' : 'linkADevice'), show),
      ]
    if (status === 'opened')
      return [
        head(t('compareTitle'), t.rich('compareText', asked)),
        words(state!.words ?? []),
        failure(),
        h(
          'div',
          { class: 'stack' },
          // Neither has the focus: nobody says yes by pressing Enter.
          button('primary', t('yesSignIn'), () => decide(true)),
          button('red', t('noRefuse'), () => decide(false)),
        ),
        h('p', { class: 'meta center' }, t('compareWarning')),
      ]
    if (status === 'refused')
      return [head(t('refused'), t('nobodySignedIn')), button('', t('showNew'), reset)]
    if (status === 'approved' || status === 'done')
      return [
        h('div', { class: 'head' }, icon(check, 'xl good')),
        head(t('linked'), t.rich('linkedText', asked)),
        button('', t('done'), withdraw),
      ]
    const minutes = Math.ceil(left(started.expires_at) / 60)
    if (minutes === 0 || state?.expires_at === 0)
      return [head(t('ranOut')), button('primary', t('showNew'), reset)]
    const { hostname } = new URL(started.url)
    const address = addressOf(started.url)
    return [
      head(
        t('linkADevice'),
        /^(localhost|127\.)/.test(hostname)
          ? t('linkLocalhost')
          : t(qr ? 'linkScan' : 'linkOpen', { address }),
      ),
      qr?.cloneNode(true),
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

  return {
    draw,
    show,
    withdraw,
    /** Whether a code is shown, so that the time that is left is drawn again. */
    isShown: () => started !== undefined,
  }
}
