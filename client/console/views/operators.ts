// The operators: who they are, and how they come and go. Only owners change something here.
import type { Operator, OperatorRole } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { ask, type Question, whyIn } from '../page/ask.ts'
import { showDialog, showSecret } from '../page/dialog.ts'
import type { Field } from '../page/fields.ts'
import { plus } from '../page/icons.ts'
import { badge, button, cell, failed, head, icon, meta, table } from '../page/pieces.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get, inPath, post } from '../server/api.ts'
import { forgetNames, may, whoIs } from '../server/session.ts'
import { ago, day, moment, texts } from '../words/words.ts'

type Invited = { link: string; expires_at: number }
type OperatorSession = {
  id: string
  created_at: number
  last_seen_at: number
  ends_at: number
  current: boolean
}

const { asks, operators: words } = texts

const roleField = (value: OperatorRole): Field => ({
  name: 'role',
  label: asks.invite.role,
  kind: 'choice',
  options: Object.entries(texts.rolesMay),
  value,
})

export const view: MakeView = (stage) => {
  const found = load(stage, async () => (await get<{ operators: Operator[] }>('operators')).operators)
  const path = ({ id }: Operator, rest: string) => `operators/${inPath(id)}/${rest}`

  async function changed(): Promise<void> {
    forgetNames()
    await found.again()
  }

  async function act(question: Question<unknown> & { done: string }): Promise<void> {
    if (!(await ask(question))) return
    stage.say(question.done)
    await changed()
  }

  const showLink = (name: string, { link, expires_at }: Invited) =>
    showSecret(
      {
        title: words.linkTitle(name),
        text: words.linkText(moment(expires_at)),
        secret: link,
        name: words.link,
      },
      stage.say,
    )

  async function invite(): Promise<void> {
    let name = ''
    const invited = await ask({
      ...asks.invite,
      fields: [
        {
          name: 'name',
          label: asks.invite.name,
          help: asks.invite.nameHelp,
          props: { maxlength: 64, spellcheck: 'false' },
        },
        roleField('viewer'),
      ],
      run: (values) => {
        name = values.name!
        return post<Invited>('operators', { ...whyIn(values), name, role: values.role })
      },
    })
    if (!invited) return
    await showLink(name, invited.done)
    await changed()
  }

  async function newLink(operator: Operator): Promise<void> {
    const invited = await ask({
      ...asks.newLink,
      title: asks.newLink.title(operator.name),
      run: (values) => post<Invited>(path(operator, 'invite'), whyIn(values)),
    })
    if (!invited) return
    await showLink(operator.name, invited.done)
    await changed()
  }

  const setRole = (operator: Operator) =>
    act({
      ...asks.role,
      title: asks.role.title(operator.name),
      fields: [roleField(operator.role)],
      run: (values) => post(path(operator, 'role'), { ...whyIn(values), role: values.role }),
    })

  const remove = (operator: Operator) =>
    act({
      ...asks.removeOperator,
      title: asks.removeOperator.title(operator.name),
      danger: true,
      run: (values) => post(path(operator, 'remove'), whyIn(values)),
    })

  /** The sessions of an operator, in a dialog: to look at, and to end. */
  function sessions(operator: Operator): void {
    const all = load(
      { update: () => opened.draw(), isHere: () => opened.element.isConnected },
      async () => (await get<{ sessions: OperatorSession[] }>(path(operator, 'sessions'))).sessions,
    )
    const opened = showDialog(words.sessionsOf(operator.name), () => {
      if (all.failure) return failed(all.failure, all.again)
      if (!all.value) return h('p', { class: 'meta' }, texts.loading)
      if (all.value.length === 0) return h('p', { class: 'lead' }, texts.nothing)
      return h(
        'ul',
        { class: 'boxed' },
        all.value.map((one) =>
          h(
            'li',
            { class: 'setting' },
            h(
              'span',
              { class: 'body' },
              h('span', {}, ago(one.last_seen_at)),
              meta(texts.guest.since(moment(one.created_at))),
            ),
            button(texts.you.end, () => end(one), 'small', {
              'aria-label': `${texts.you.end}: ${ago(one.last_seen_at)}`,
            }),
          ),
        ),
      )
    })
    async function end({ id }: OperatorSession): Promise<void> {
      const ended = await ask({
        ...asks.endSession,
        danger: true,
        run: (values) => post(path(operator, `sessions/${id}/end`), whyIn(values)),
      })
      if (!ended) return
      stage.say(asks.endSession.done)
      await all.again()
    }
  }

  const state = ({ passkeys, invited_until }: Operator): Child => [
    // Where it is narrow, no heading says what this number is.
    passkeys === 0 ? meta(words.noPasskey) : h('span', { class: 'hide-small' }, `${passkeys}`),
    invited_until !== null && [' ', badge(words.invited(moment(invited_until)), 'caution')],
  ]

  const row = (operator: Operator): Child[] => [
    h(
      'span',
      { class: 'who' },
      h('b', { class: 'strong' }, operator.name),
      operator.id === whoIs()?.id && badge(words.you, 'accent'),
    ),
    texts.roles[operator.role],
    state(operator),
    meta(day(operator.created_at)),
    may('owner') &&
      h(
        'span',
        { class: 'buttons acts' },
        (
          [
            [words.role, setRole],
            [words.newLink, newLink],
            [words.sessions, sessions],
            [words.remove, remove],
          ] as const
        ).map(([text, press]) =>
          button(text, () => press(operator), press === remove ? 'quiet small red' : 'quiet small', {
            'aria-label': `${text} ${operator.name}`,
          }),
        ),
      ),
  ]

  return {
    title: () => words.title,
    draw: () => [
      head(words.title, may('owner') && button([icon(plus, 's'), words.invite], invite, 'primary small')),
      found.failure !== undefined && failed(found.failure, found.again),
      found.value
        ? h(
            'section',
            { class: 'cell flush' },
            table(
              {
                label: words.title,
                columns: [
                  { name: words.columns.name },
                  { name: words.columns.role },
                  { name: words.columns.passkeys },
                  { name: words.columns.since, kind: 'hide-small' },
                  { name: h('span', { class: 'said' }, texts.acts.moreActs) },
                ],
              },
              found.value.map(row),
            ),
          )
        : !found.failure && h('p', { class: 'meta', role: 'status' }, texts.loading),
      cell({ title: words.machinesTitle }, h('p', { class: 'meta' }, words.machines)),
    ],
  }
}
