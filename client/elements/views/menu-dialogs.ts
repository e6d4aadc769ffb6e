// The questions that the menu asks: whether to lose what was not saved, whether to forget this browser, and for another name.
import type { Child } from '../kit/dom.ts'
import { passkey } from '../kit/icons.ts'
import type { Stage } from '../kit/stage.ts'
import type { Pieces } from './pieces.ts'

/** What the answers do, and what is under way. */
interface Answers {
  save(): void
  /** Closes the question, and withdraws what is under way. */
  stop(): void
  leave(): void
  /** Signs out, and has this browser forget the guest or not. */
  signOut(forget: boolean): void
  rename(name: string): void
  failure(): Child
  /** What it waits for, if it waits. */
  waiting(): Child
}

export function createMenuDialogs(
  { client, guestName, h, host, t }: Stage,
  pieces: Pieces,
  { save, stop, leave, signOut, rename, failure, waiting }: Answers,
) {
  return {
    leave(label: string) {
      const what = host.getAttribute('what')
      const guest = guestName(label)
      return pieces.dialog(
        'leave',
        what ? t('leaveTitle', { what }) : t('leaveTitleAny'),
        stop,
        waiting() ?? [
          h('p', { class: 'lead' }, t.rich('leaveText', { guest })),
          failure(),
          h(
            'div',
            { class: 'stack' },
            client.passkeys.supported() &&
              pieces.button({ kind: 'primary wide', drawing: passkey, onclick: save }, t('saveWithPasskey')),
            pieces.button({ kind: 'wide', autofocus: true, onclick: stop }, t('stay')),
            pieces.button({ kind: 'quiet red wide', onclick: leave }, t('leave')),
          ),
        ],
      )
    },

    forget: (label: string) =>
      pieces.dialog(
        'forget',
        t('forgetTitle'),
        stop,
        waiting() ?? [
          h('p', { class: 'lead' }, t.rich('forgetText', { guest: guestName(label) })),
          failure(),
          h(
            'div',
            { class: 'stack' },
            pieces.button({ kind: 'primary wide', onclick: () => signOut(true) }, t('forgetIt')),
            pieces.button({ kind: 'wide', onclick: () => signOut(false) }, t('keepKey')),
            pieces.button({ kind: 'quiet wide', autofocus: true, onclick: stop }, t('stay')),
          ),
        ],
      ),

    rename: (label: string) =>
      pieces.dialog(
        'rename',
        t('rename'),
        stop,
        h(
          'form',
          {
            class: 'stack',
            onsubmit(event: SubmitEvent) {
              event.preventDefault()
              const name = host.shadowRoot!.querySelector<HTMLInputElement>('#name')!.value.trim()
              if (name && name !== label) rename(name)
              else stop()
            },
          },
          failure(),
          pieces.field('name', t('name'), null, t('nameHelp'), {
            value: label,
            maxlength: 64,
            required: true,
            autocomplete: 'off',
            autofocus: true,
          }),
          h(
            'div',
            { class: 'actions' },
            pieces.button({ onclick: stop }, t('cancel')),
            pieces.button({ kind: 'primary', type: 'submit' }, t('save')),
          ),
        ),
      ),
  }
}
