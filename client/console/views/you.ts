// The operator who is signed in: sessions, passkeys, signing out.
import { h } from '../../elements/kit/dom.ts'
import { out, passkey } from '../../elements/kit/icons.ts'
import { ask } from '../page/ask.ts'
import { proofText } from '../page/frame.ts'
import { laptop, plus } from '../page/icons.ts'
import { badge, button, cell, failed, head, icon, meta, note } from '../page/pieces.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get, post } from '../server/api.ts'
import { addPasskey, signOut, whoIs } from '../server/session.ts'
import { label } from '../words/labels.ts'
import { ago, clock, day, texts } from '../words/words.ts'

type Session = { id: string; created_at: number; last_seen_at: number; expires_at: number; current: boolean }
type Passkey = {
  id: string
  provider: string | null
  created_at: number
  last_used_at: number | null
  backed_up: boolean
}

const { you: words, asks } = texts

export const view: MakeView = (stage) => {
  const sessions = load(stage, async () => (await get<{ sessions: Session[] }>('me/sessions')).sessions)
  const passkeys = load(stage, async () => (await get<{ passkeys: Passkey[] }>('me/passkeys')).passkeys)
  let problem: unknown

  async function attempt(work: () => Promise<unknown>, done: string): Promise<void> {
    problem = undefined
    try {
      await work()
      stage.say(done)
      await Promise.all([sessions.again(), passkeys.again()])
    } catch (error) {
      problem = error
      stage.update()
    }
  }
  const end = ({ id, current }: Session) =>
    current ? signOut() : attempt(() => post(`me/sessions/${id}/end`), words.ended)

  async function remove({ id }: Passkey): Promise<void> {
    const removed = await ask({
      ...asks.removeOwnPasskey,
      danger: true,
      why: false,
      run: () => post(`me/passkeys/${id}/remove`),
    })
    if (!removed) return
    stage.say(asks.removeOwnPasskey.done)
    await Promise.all([sessions.again(), passkeys.again()])
  }

  const sessionRow = (one: Session) =>
    h(
      'li',
      { class: 'setting' },
      icon(laptop),
      h(
        'span',
        { class: 'body' },
        h('span', { class: 'buttons' }, ago(one.last_seen_at), one.current && badge(words.thisOne, 'accent')),
        meta(words.until(clock(one.expires_at))),
      ),
      button(one.current ? words.signOut : words.end, () => end(one), 'small', {
        'aria-label': `${one.current ? words.signOut : words.end}: ${ago(one.last_seen_at)}`,
      }),
    )
  const passkeyRow = (one: Passkey, number: number) =>
    h(
      'li',
      { class: 'setting' },
      icon(passkey),
      h(
        'span',
        { class: 'body' },
        h('span', {}, one.provider ?? 'Passkey'),
        meta(
          [
            one.backed_up ? texts.guest.synced : texts.guest.oneDevice,
            texts.guest.made(day(one.created_at)),
            one.last_used_at === null ? texts.guest.notUsed : texts.guest.used(day(one.last_used_at)),
          ].join(', '),
        ),
      ),
      number > 1 &&
        button(texts.guest.remove, () => remove(one), 'quiet small', {
          'aria-label': `${texts.guest.remove} ${one.provider ?? 'Passkey'}`,
        }),
    )
  const listOf = <T>(
    { value, failure, again }: { value: T[] | undefined; failure: unknown; again: () => unknown },
    row: (one: T, number: number) => Node,
  ) =>
    failure !== undefined
      ? failed(failure, again)
      : value
        ? h(
            'ul',
            {},
            value.map((one) => row(one, value.length)),
          )
        : h('p', { class: 'empty meta', role: 'status' }, texts.loading)

  return {
    title: () => words.title,
    draw: () => {
      const me = whoIs()
      if (!me) return null
      return [
        head(
          [me.name, ' ', badge(texts.roles[me.role], 'accent')],
          button([icon(out, 's flip'), words.signOut], signOut),
        ),
        h('p', { class: 'lead' }, me.role === 'viewer' ? texts.viewerNote : proofText(me)),
        problem !== undefined && failed(problem),
        h(
          'div',
          { class: 'cards' },
          cell({ title: label('sessions'), kind: 'flush half' }, listOf(sessions, sessionRow)),
          cell(
            {
              title: label('passkeys'),
              beside: button([icon(plus, 's'), words.add], () => attempt(addPasskey, words.added)),
              kind: 'flush half',
            },
            listOf(passkeys, passkeyRow),
          ),
        ),
        passkeys.value?.length === 1 && note('', words.oneTitle, words.oneText),
      ]
    },
  }
}
