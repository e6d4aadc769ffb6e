// What a person can do in the account itself: save, rename, sign out, take everything along, end the guest.
import type { UserInfo } from '../../../index.ts'
import { createAttempt } from '../../kit/attempt.ts'
import type { Child } from '../../kit/dom.ts'
import type { Stage } from '../../kit/stage.ts'
import { createMenuDialogs } from '../menu-dialogs.ts'
import type { Pieces } from '../pieces.ts'
import { createLeave } from './leave.ts'

/** `left` is called when nobody is signed in any more. */
export function createActs(stage: Stage, pieces: Pieces, left: () => void) {
  const { client, emit, h, t, update } = stage
  let asked: 'leave' | 'rename' | 'delete' | undefined

  const attempt = createAttempt(update, (error) => emit('guestkey-error', { error }))
  const leaving = createLeave(stage, pieces)
  const isWaiting = () => attempt.busy === 'save' || attempt.busy === 'delete'

  function ask(what: typeof asked) {
    asked = what
    attempt.forget()
    update()
  }
  function stop() {
    if (isWaiting()) {
      attempt.cancel()
      void client.passkeys.cancel()
    }
    ask(undefined)
  }
  function end() {
    asked = undefined
    left()
    emit('guestkey-signed-out', null)
  }
  const save = () =>
    attempt.run('save', async () => {
      const guest = await client.passkeys.add()
      asked = undefined
      emit('guestkey-saved', { guest })
    })
  const signOut = (force = false) =>
    attempt.run('leave', async () => {
      try {
        await client.signOut({ force })
      } catch (error) {
        if ((error as { code?: string }).code !== 'would_lose_account') throw error
        asked = 'leave'
        return
      }
      end()
    })
  const rename = (label: string) =>
    attempt.run('rename', async () => {
      await client.rename(label)
      asked = undefined
    })
  const erase = () =>
    attempt.run('delete', async () => {
      await client.account.delete()
      end()
    })

  const failure = (): Child => attempt.failure !== undefined && pieces.failure(attempt.failure)
  const waiting = (): Child =>
    isWaiting()
      ? [
          pieces.waiting(null),
          pieces.button({ kind: 'wide', onclick: stop }, t('cancel')),
          h('p', { class: 'meta center' }, t('waitingHelp')),
        ]
      : null
  const dialogs = createMenuDialogs(stage, pieces, {
    save,
    stop,
    leave: () => signOut(true),
    rename,
    failure,
    waiting,
  })

  return {
    ask,
    save,
    signOut,
    take: (label: string) =>
      attempt.run('export', async () => leaving.save(label, await client.account.export())),
    rows: (label: string, take: () => void) => leaving.rows(label, take, () => ask('delete')),
    /** What it waits for, if not in a dialog. */
    waiting: (): Child => !asked && waiting(),
    /** What failed, if not in a dialog. */
    failure: (): Child => !asked && failure(),
    /** The question that is asked now; `lost` is what is erased with the guest. */
    question: ({ label }: UserInfo, lost: () => string[]): Child =>
      asked === 'delete'
        ? leaving.question(label, lost(), { keep: stop, erase }, failure(), waiting())
        : asked && dialogs[asked](label),
  }
}
