// *Link a device*, on the device that is signed in: shows the code, and lets the guest approve or refuse the device
// that opened it.
import { type DeviceLink, type GuestClient, GuestClientError, type UserInfo } from '../../index.ts'
import { countDown } from '../shell/countdown.ts'
import { byId, onAction, say } from '../shell/dom.ts'
import { drawQr } from './qr.ts'

interface Page {
  /** Who is signed in; the button is shown only while somebody is. */
  guest: () => UserInfo
  /** To be called when another device has been signed in as this guest. */
  linked: () => Promise<void>
}

type Step = 'show' | 'asked' | 'end'

const outcomes = {
  done: 'The other device is signed in.',
  approved: 'Approved. The other device signs in as soon as it hears of it.',
  refused: 'Refused. The other device was not signed in.',
  over: 'This code is no longer good. Nobody was signed in by it.',
}

/** Connects the dialog. */
export function linkingPart(guests: GuestClient, page: Page) {
  const dialog = byId<HTMLDialogElement>('link-dialog')
  const button = (id: string) => byId<HTMLButtonElement>(id)
  /** The link that is shown, until the guest has decided. */
  let undecided: string | undefined
  let watching = new AbortController()
  let stopClock = () => {}
  let step: Step | undefined

  /** Opens the dialog last: a step-up may come first, and its prompt is better seen without a dialog behind it. */
  async function start(): Promise<void> {
    const link = await guests.deviceLinks.start({ url: `${location.origin}/` })
    const { label } = page.guest()
    undecided = link.id
    byId('link-host').textContent = location.host
    byId('link-code').textContent = link.code
    byId('link-qr').replaceChildren(
      drawQr(
        link.url,
        `QR code: opened on another device, it signs in there as ${label}. The code below does too.`,
      ),
    )
    clock(link.expires_at)
    turnTo('show', 'Link a device')
    if (!dialog.open) dialog.showModal()
    byId('link-title').focus()
    watch(link.id)
  }

  function clock(at: number): void {
    stopClock()
    stopClock = countDown(byId('link-time'), at)
  }

  /** Hides the parts of other steps. The focus goes to the title, where Enter decides nothing. */
  function turnTo(next: Step, title: string): void {
    const isNew = step !== next
    step = next
    for (const part of dialog.querySelectorAll<HTMLElement>('[data-step]'))
      part.hidden = part.dataset.step !== next
    byId('link-title').textContent = title
    byId('link-error').textContent = ''
    button('link-close').textContent = next === 'end' ? 'Close' : 'Cancel'
    button('link-close').hidden = next === 'asked'
    if (isNew && dialog.open) byId('link-title').focus()
  }

  async function watch(id: string): Promise<void> {
    watching.abort()
    watching = new AbortController()
    const { signal } = watching
    try {
      await guests.deviceLinks.watch(id, { signal, onChange: hear })
    } catch (error) {
      if (signal.aborted) return
      const isOver = error instanceof GuestClientError && error.code === 'not_found'
      if (isOver) finish('over')
      else fail(error)
    }
  }

  function hear(link: DeviceLink): void {
    if (link.status === 'opened') show(link)
    if (link.status === 'approved') finish('approved')
    if (link.status === 'refused') finish('refused')
    if (link.status === 'done') {
      finish('done')
      page.linked()
    }
  }

  function show({ device, words, expires_at }: DeviceLink): void {
    const name = device ? `${device.browser} on ${device.platform}` : 'A device'
    byId('link-device-name').textContent = `${name} asks to be signed in as ${page.guest().label}.`
    byId('link-words').textContent = (words ?? []).join(' ')
    clock(expires_at)
    turnTo('asked', 'Is this your other device?')
  }

  function finish(how: keyof typeof outcomes): void {
    stopClock()
    if (how !== 'approved') undecided = undefined
    byId('link-outcome').textContent = outcomes[how]
    turnTo('end', how === 'done' ? 'Device linked' : how === 'approved' ? 'One moment' : 'No device linked')
    button('link-again').hidden = how === 'done' || how === 'approved'
  }

  const fail = (error: unknown) => {
    byId('link-error').textContent =
      error instanceof GuestClientError
        ? error.message
        : 'Something went wrong on this page. Please try again.'
  }

  /** The dialog covers the messages of the page, so it shows by itself what went wrong. */
  const inside = (work: () => Promise<unknown>) => () => work().catch(fail)

  onAction(button('link-device'), 'click', button('link-device'), start)
  onAction(button('link-again'), 'click', button('link-again'), inside(start))
  onAction(
    button('link-approve'),
    'click',
    button('link-approve'),
    inside(async () => {
      await guests.deviceLinks.approve(undecided!)
      finish('approved')
    }),
  )
  onAction(
    button('link-refuse'),
    'click',
    button('link-refuse'),
    inside(async () => {
      await guests.deviceLinks.refuse(undecided!)
      watching.abort()
      finish('refused')
    }),
  )
  button('link-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => {
    watching.abort()
    stopClock()
    byId('link-qr').replaceChildren()
    const left = undecided
    undecided = undefined
    if (!left || step === 'end') return
    // A link for which nobody waits should not stay open for ten minutes.
    guests.deviceLinks.cancel(left).catch(() => {})
    say('The code is withdrawn. No device was linked.')
  })
}
