// Recovery codes: made and shown once, and confirmed only when the person says that they are kept.
import type { RecoveryCodesLeft } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { alert, check, copy, download, codes as drawing, print, x } from '../../kit/icons.ts'
import { printText } from '../../kit/print-text.ts'
import { saveFile } from '../../kit/save-file.ts'
import type { Stage, View } from '../../kit/stage.ts'
import { recoveryCodes as css } from '../../styles/recovery-codes.ts'
import type { Section } from './section.ts'

/** The element of the codes. */
export type RecoveryCodesHost = HTMLElement & {
  readonly isWanted: boolean
  begun(): void
}

/** How many are made at once. */
const ALL = 10

export function view(stage: Stage<RecoveryCodesHost>, section: Section): View {
  const { client, emit, guestName, h, host, say, t, update } = stage
  const { attempt, pieces } = section
  const shown = section.shown(async () => {
    const [status, passkeys] = await Promise.all([client.recoveryCodes.status(), client.passkeys.list()])
    const first = Math.min(...passkeys.map(({ created_at }) => created_at))
    return {
      ...status,
      isOld: status.created_at !== null && passkeys.length > 0 && status.created_at < first,
    }
  })
  /** The new ones, until they are confirmed or thrown away. */
  let made: { codes: string[]; sub: string | undefined } | undefined
  let isCopied: boolean | undefined

  async function create() {
    const { codes } = await client.recoveryCodes.create()
    made = { codes, sub: stage.guest?.sub }
    isCopied = undefined
    await shown.load()
  }

  function make(left: number) {
    if (!left) return attempt.run(section.hasPasskey() ? 'passkey' : 'make', create)
    section.ask(() => ({
      title: t('replaceTitle'),
      text: t('replaceText'),
      yes: t('replace'),
      isProven: true,
      work: create,
    }))
  }

  const confirm = () =>
    attempt.run('confirm', async () => {
      await client.recoveryCodes.confirm()
      made = undefined
      await shown.load()
      section.focusOn('make')
      section.toast(t('kept'))
      const guest = await client.user()
      if (guest) emit('guestkey-saved', { guest })
    })

  /** Whoever closes the codes has not said that they are kept. */
  const close = () =>
    section.ask(() => ({
      title: t('closeCodesTitle'),
      text: t('closeCodesText'),
      yes: t('throwAway'),
      no: t('backToCodes'),
      looks: { yes: 'quiet red', no: 'primary' },
      isProven: true,
      after: 'make',
      async work() {
        await client.recoveryCodes.remove()
        made = undefined
        await shown.load()
      },
    }))

  /** What is copied, saved and printed. */
  const text = () =>
    [
      `${host.getAttribute('app') ?? location.hostname} · ${stage.guest?.label}`,
      `${t('recoveryCodes')} · ${t('codesMade', { day: t.date(Date.now() / 1000) })}`,
      t('codesLead'),
      '',
      ...made!.codes,
      '',
    ].join('\n')

  async function copyAll() {
    isCopied = await navigator.clipboard.writeText(text()).then(
      () => true,
      () => false,
    )
    if (isCopied) say(t('copied'))
    update()
  }

  function dialog(): Child {
    if (!made || made.sub !== stage.guest?.sub || section.isAsking()) return
    const isBusy = attempt.busy === 'confirm'
    const small = (drawing: string, says: string, onclick: () => unknown) =>
      pieces.button({ kind: 'small', drawing, onclick }, says)
    return pieces.dialog(
      'codes',
      t('yourCodes'),
      close,
      h('p', { class: 'lead' }, t.rich('codesShown', { guest: guestName(stage.guest?.label ?? '') })),
      h(
        'ol',
        { class: 'codes', part: 'codes' },
        // Screen readers say one letter after the other.
        made.codes.map((code) => h('li', { 'aria-label': [...code.replaceAll('-', ' ')].join(' ') }, code)),
      ),
      h(
        'div',
        { class: 'tools' },
        small(isCopied ? check : copy, t(isCopied ? 'copied' : 'copy'), copyAll),
        small(download, t('download'), () =>
          saveFile(`recovery-codes-${stage.guest?.label.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}.txt`, text()),
        ),
        small(print, t('print'), () => printText(text())),
      ),
      isCopied === false && pieces.note('caution', alert, null, t('notCopied')),
      attempt.failure !== undefined && pieces.failure(attempt.failure),
      h(
        'div',
        { class: 'actions' },
        pieces.button(
          { kind: 'primary', 'aria-disabled': isBusy ? 'true' : null, onclick: confirm },
          t(isBusy ? 'moment' : 'haveKept'),
        ),
      ),
      pieces.button({
        kind: 'quiet small icon-only close',
        drawing: x,
        part: 'button icon',
        'aria-label': t('close'),
        onclick: close,
      }),
    )
  }

  const ticks = (left: number) =>
    h(
      'span',
      { class: 'ticks', 'aria-hidden': 'true' },
      Array.from({ length: ALL }, (_, i) => h('i', { class: i < left ? '' : 'used' })),
    )

  const row = ({ left, created_at, confirmed, isOld }: RecoveryCodesLeft & { isOld: boolean }): Child =>
    section.row({
      key: 'codes',
      drawing,
      name: t('codesLeft', { count: left }),
      lines: [
        created_at !== null && t('codesMade', { day: t.date(created_at) }),
        confirmed ? isOld && t('codesOld') : t('closeCodesText'),
      ],
      end: confirmed && ticks(left),
      buttons: [
        !confirmed && section.small('codes', 'kept', t('haveKept'), { kind: 'small', onclick: confirm }),
        section.small('codes', 'make', t('replace'), { key: 'make', onclick: () => make(left) }),
      ],
    })

  return {
    css: section.css + css,
    drawn() {
      section.drawn()
      const status = shown.get()
      if (!host.isWanted || !status) return
      host.begun()
      void make(status.left)
    },
    draw: () => [
      section.frame(t('recoveryCodes'), t('codesLead'), null, shown, (status) =>
        section.panel(
          'codes',
          status.left
            ? row(status)
            : section.empty(
                t('codesNone'),
                pieces.button(
                  {
                    kind: 'small',
                    key: 'make',
                    'aria-disabled': attempt.busy ? 'true' : null,
                    onclick: () => make(0),
                  },
                  t(attempt.busy ? 'moment' : 'makeCodes'),
                ),
              ),
        ),
      ),
      dialog(),
    ],
  }
}
