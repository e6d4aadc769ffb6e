// What a person can do in the account itself: save, rename, sign out, take everything along, end the guest.
import type { Child } from '../../kit/dom.ts'
import { download, passkey, trash } from '../../kit/icons.ts'
import { saveFile } from '../../kit/save-file.ts'
import type { Stage } from '../../kit/stage.ts'
import { hasKeyOf } from '../../kit/ways.ts'
import type { Section } from '../sections/section.ts'

/** `lost` is what goes with the guest; `left` is called when nobody is signed in any more. */
export function createActs(stage: Stage, section: Section, lost: () => string[], left: () => void) {
  const { client, emit, guestName, h, host, t } = stage
  const { attempt, pieces } = section
  const label = () => stage.guest?.label ?? ''

  function end() {
    emit('guestkey-signed-out', null)
    left()
  }
  const save = () =>
    attempt.run('passkey', async () => {
      const guest = await client.passkeys.add()
      section.toast(
        `${t('kept')} ${t(guest.recoverability === 'synced' ? 'keptSynced' : 'keptDevice', { guest: guest.label })}`,
      )
      emit('guestkey-saved', { guest })
    })

  const signOut = () =>
    attempt.run('leave', async () => {
      if (await hasKeyOf(client, stage.guest)) askToForget()
      else await leave(false)
    })

  /** Resolves to false if the guest would have no way back: that is asked first. */
  async function leave(forget: boolean): Promise<unknown> {
    try {
      if (forget) await client.deviceKey.disable()
      await client.signOut()
    } catch (error) {
      if ((error as { code?: string }).code !== 'would_lose_account') throw error
      askToLeave(forget)
      return false
    }
    end()
    return
  }

  /** The key of this browser would bring the guest back with one press, whoever uses the browser then. */
  const askToForget = () =>
    section.ask(() => ({
      title: t('forgetTitle'),
      text: t.rich('forgetText', { guest: guestName(label()) }),
      more: pieces.button(
        {
          kind: 'wide',
          onclick() {
            section.close()
            void attempt.run('leave', () => leave(false))
          },
        },
        t('keepKey'),
      ),
      yes: t('forgetIt'),
      no: t('stay'),
      looks: { yes: 'primary' },
      isProven: true,
      work: () => leave(true),
    }))

  /** The guest has no way back: the way to keep it comes first. */
  function askToLeave(forget: boolean) {
    const what = host.getAttribute('what')
    section.ask(() => ({
      title: what ? t('leaveTitle', { what }) : t('leaveTitleAny'),
      text: t.rich('leaveText', { guest: guestName(label()) }),
      more:
        client.passkeys.supported() &&
        pieces.button(
          {
            kind: 'primary wide',
            drawing: passkey,
            onclick() {
              section.close()
              void save()
            },
          },
          t('saveWithPasskey'),
        ),
      yes: t('leave'),
      no: t('stay'),
      looks: { yes: 'quiet red' },
      async work() {
        if (forget) await client.deviceKey.disable({ force: true })
        await client.signOut({ force: true })
        end()
      },
    }))
  }

  const rename = () =>
    section.ask(() => {
      const question = section.renaming(label(), (name) => client.rename(name))
      return { ...question, field: { ...question.field!, help: t('nameHelp') } }
    })

  const erase = () =>
    section.ask(() => ({
      title: t('deleteTitle', { guest: label() }),
      text: t('deleteWarning'),
      more: h(
        'ul',
        { class: 'bullets' },
        lost().map((one) => h('li', {}, one)),
      ),
      yes: t('deleteForGood'),
      no: t('keepEverything'),
      isProven: true,
      async work() {
        await client.account.delete()
        end()
      },
    }))

  /** Everything as a file, which the browser saves, unless the page does it. */
  const take = () =>
    attempt.run('export', async () => {
      const account = await client.account.export()
      if (!emit('guestkey-export', { account })) return
      saveFile(`${label()}.json`, JSON.stringify(account, null, 2), 'application/json')
    })

  const row = (
    key: string,
    drawing: string,
    name: Child,
    text: string,
    button: [string, string, () => unknown],
  ) =>
    section.row({
      key,
      drawing,
      name,
      lines: [text],
      buttons: section.small(key, 'go', button[0], { kind: button[1], onclick: button[2] }),
    })

  return {
    save,
    signOut,
    rename,
    /** The last section. */
    rows: (): Child[] => [
      row('take', download, t('takeTitle'), t('takeText'), [t('download'), 'small', take]),
      row('erase', trash, t.rich('deleteGuest', { guest: guestName(label()) }), t('deleteText'), [
        t('deleteAsks'),
        'small red',
        erase,
      ]),
    ],
  }
}
