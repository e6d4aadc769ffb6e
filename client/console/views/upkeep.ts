// Background jobs, and the keys that sign access tokens.
import { h } from '../../elements/kit/dom.ts'
import { ask, whyIn } from '../page/ask.ts'
import { badge, button, cell, failed, head, meta, table } from '../page/pieces.ts'
import { type Loaded, load, type MakeView } from '../page/stage.ts'
import { get, post } from '../server/api.ts'
import { may } from '../server/session.ts'
import { ago, moment, texts } from '../words/words.ts'

type Job = { name: string; last_run_at: number | null; due_at: number }
type Key = { kid: string; algorithm: string; signs_from: number; retires_at: number | null; signs: boolean }

const { upkeep: words, asks } = texts

export const view: MakeView = (stage) => {
  const jobs = load(stage, async () => (await get<{ jobs: Job[] }>('jobs')).jobs)
  const keys = load(stage, async () => (await get<{ keys: Key[] }>('signing-keys')).keys)

  async function rotate(): Promise<void> {
    if (!(await ask({ ...asks.rotate, run: (values) => post('signing-keys/rotate', whyIn(values)) }))) return
    stage.say(asks.rotate.done)
    await keys.again()
  }

  const shown = <T>({ value, failure, again }: Loaded<T[]>, draw: (all: T[]) => Node) =>
    failure !== undefined
      ? failed(failure, again)
      : value
        ? draw(value)
        : h('p', { class: 'empty meta', role: 'status' }, texts.loading)

  const jobsTable = (all: Job[]) =>
    all.length === 0
      ? h('p', { class: 'empty lead' }, words.jobsNone)
      : table(
          { label: words.jobs, columns: [{ name: words.job }, { name: words.last }, { name: words.due }] },
          all.map(({ name, last_run_at, due_at }) => [
            h('span', { class: 'mono' }, name),
            meta(last_run_at === null ? texts.never : ago(last_run_at)),
            meta(`${words.due} ${moment(due_at)}`),
          ]),
        )
  const keysTable = (all: Key[]) =>
    table(
      {
        label: words.keys,
        columns: [{ name: words.key }, { name: words.signsFrom }, { name: words.retires }],
      },
      all.map(({ kid, algorithm, signs_from, retires_at, signs }) => [
        h(
          'span',
          { class: 'buttons' },
          h('span', { class: 'mono' }, `${kid.slice(0, 12)}… ${algorithm}`),
          signs && badge(words.signs, 'good'),
        ),
        meta(moment(signs_from)),
        meta(retires_at === null ? '–' : moment(retires_at)),
      ]),
    )

  return {
    title: () => words.title,
    draw: () => [
      head(words.title),
      h(
        'div',
        { class: 'cards' },
        cell({ title: words.jobs, kind: 'flush' }, shown(jobs, jobsTable)),
        cell(
          {
            title: words.keys,
            beside: may('owner') && button(words.rotate, rotate),
            kind: 'flush',
          },
          shown(keys, keysTable),
        ),
      ),
    ],
  }
}
