// The passkeys of the guest: who keeps each one, when it was made and last used; add, rename, remove.
import type { Passkey } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { alert, passkey as drawing, info, plus, trash, usb } from '../../kit/icons.ts'
import type { Stage, View } from '../../kit/stage.ts'
import type { Section } from './section.ts'

export function view(stage: Stage, section: Section): View {
  const { client, emit, guestName, t } = stage
  const { attempt, pieces } = section
  const shown = section.shown(() => client.passkeys.list())

  const add = () =>
    attempt.run('passkey', async () => {
      const guest = await client.passkeys.add()
      await shown.load()
      section.toast(
        `${t('kept')} ${t(guest.recoverability === 'synced' ? 'keptSynced' : 'keptDevice', { guest: guest.label })}`,
      )
      emit('guestkey-saved', { guest })
    })

  const rename = ({ id, name }: Passkey) =>
    section.ask(() => section.renaming(name, (typed) => client.passkeys.rename(id, typed).then(shown.load)))

  /** Says what would be lost. If another device took the other ways back meanwhile, the server says so: then it asks again. */
  async function remove(passkey: Passkey, next: Passkey | undefined, isOnly: boolean) {
    const { id, name } = passkey
    const warnings: string[] = []
    if (!emit('guestkey-passkey-remove', { passkey, warn: (text) => void warnings.push(text) })) return
    let isLast = isOnly && (await section.isLastWay())
    section.ask(() => ({
      title: isOnly || isLast ? t('removeLastTitle') : t('removeTitle', { name }),
      text: isLast
        ? t.rich('removeLastText', { guest: guestName(stage.guest?.label ?? '') })
        : t('removeText'),
      more: [
        warnings.map((text) => pieces.note('caution', alert, null, text)),
        pieces.note('', info, null, t('removeElsewhere')),
      ],
      yes: t('remove'),
      no: t('keepIt'),
      isProven: true,
      after: next ? `${next.id}-remove` : 'heading',
      async work() {
        if (!(await section.isRemoved(client.passkeys.remove(id, { force: isLast })))) {
          isLast = true
          return false
        }
        await shown.load()
        section.toast(t('passkeyRemoved', { name }))
      },
    }))
  }

  function row(passkey: Passkey, i: number, all: Passkey[]): Child {
    const { id, name, provider, transports, backed_up } = passkey
    const isKey = !backed_up && !transports.includes('internal') && /usb|nfc|ble/.test(`${transports}`)
    const place = t(isKey ? 'passkeyKey' : backed_up ? 'passkeySynced' : 'passkeyDevice')
    return section.row({
      key: id,
      drawing: isKey ? usb : drawing,
      name,
      lines: [provider && provider !== name ? `${provider} · ${place}` : place, section.made(passkey)],
      buttons: [
        section.small(id, 'rename', t('rename'), {
          'aria-label': t('renamePasskey', { name }),
          onclick: () => rename(passkey),
        }),
        section.small(id, 'remove', t('removePasskey', { name }), {
          drawing: trash,
          onclick: () => remove(passkey, all[i + 1], all.length === 1),
        }),
      ],
    })
  }

  const addButton = () =>
    pieces.button(
      {
        kind: 'small',
        drawing: plus,
        key: 'add',
        'aria-disabled': attempt.busy ? 'true' : null,
        onclick: add,
      },
      t('addPasskey'),
    )

  return {
    css: section.css,
    drawn: section.drawn,
    draw: () =>
      section.frame(
        t('passkeys'),
        t('passkeysLead'),
        client.passkeys.supported() && addButton(),
        shown,
        (all) => [
          !client.passkeys.supported() && pieces.note('', info, null, t('passkeysNotHere')),
          section.panel(
            'passkeys',
            all.length
              ? all.map(row)
              : section.empty(t.rich('passkeysNone', { guest: guestName(stage.guest?.label ?? '') })),
          ),
        ],
      ),
  }
}
