// The webhooks that were given up: what failed, and sending them again.
import type { DeadLetter } from '../../../server/types.ts'
import { h } from '../../elements/kit/dom.ts'
import { ask, whyIn } from '../page/ask.ts'
import { button, disclosure, failed, head, meta } from '../page/pieces.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get, post } from '../server/api.ts'
import { may } from '../server/session.ts'
import { ago, texts } from '../words/words.ts'

const { asks, webhooks: words } = texts

export const view: MakeView = (stage) => {
  const found = load(stage, () => get<{ webhooks: DeadLetter[] }>('webhooks/failed?limit=1000'))

  async function again(one?: DeadLetter): Promise<void> {
    const { retry } = asks
    const sent = await ask({
      ...retry,
      title: retry.title(one ? one.event : retry.all),
      run: (values) => post('webhooks/retry', { ...whyIn(values), ...(one && { id: one.id }) }),
    })
    if (!sent) return
    stage.say(retry.done)
    await found.again()
  }

  /** JSON, so that a person can read it. */
  const readable = (payload: string) => {
    try {
      return JSON.stringify(JSON.parse(payload), null, 2)
    } catch {
      return payload
    }
  }

  const row = (one: DeadLetter) =>
    h(
      'section',
      { class: 'cell', 'data-key': one.id },
      h(
        'header',
        {},
        h('h2', { class: 'heading' }, one.event),
        may('owner') &&
          button(words.again, () => again(one), 'small', { 'aria-label': `${words.again}: ${one.event}` }),
      ),
      h(
        'table',
        { class: 'table tight pairs', 'aria-label': one.event },
        h(
          'tbody',
          {},
          [
            [words.to, h('span', { class: 'mono' }, one.url)],
            [words.failure, one.failure],
            [words.attempts, `${one.attempts}`],
            [words.since, ago(one.created_at)],
          ].map(([name, value]) =>
            h('tr', {}, h('th', { scope: 'row', class: 'meta' }, name), h('td', {}, value)),
          ),
        ),
      ),
      disclosure(
        one.id,
        words.payload,
        h(
          'pre',
          { class: 'pre', tabindex: 0, role: 'region', 'aria-label': `${words.payload}: ${one.event}` },
          readable(one.payload),
        ),
      ),
    )

  const list = () => {
    if (found.failure) return failed(found.failure, found.again)
    if (!found.value) return h('p', { class: 'meta', role: 'status' }, texts.loading)
    const { webhooks } = found.value
    if (webhooks.length === 0) return h('section', { class: 'cell' }, h('p', { class: 'lead' }, words.none))
    return h('div', { class: 'cards' }, webhooks.map(row))
  }

  return {
    title: () => words.title,
    draw: () => {
      const number = found.value?.webhooks.length ?? 0
      return [
        head(
          words.title,
          number > 0 && meta(words.lead),
          number > 1 && may('owner') && button(words.allAgain, () => again()),
        ),
        list(),
      ]
    },
  }
}
