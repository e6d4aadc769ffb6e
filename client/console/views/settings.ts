// The settings: what counts now, where the value comes from, and back to the options.
import type { Notice, Setting } from '../../../server/types.ts'
import { type Child, h } from '../../elements/kit/dom.ts'
import { pencil } from '../../elements/kit/icons.ts'
import { ask, whyIn } from '../page/ask.ts'
import type { Field } from '../page/fields.ts'
import { lock } from '../page/icons.ts'
import { badge, button, cell, failed, head, icon, meta } from '../page/pieces.ts'
import { load, type MakeView } from '../page/stage.ts'
import { get, post } from '../server/api.ts'
import { may, operatorNames } from '../server/session.ts'
import { ago, number, texts } from '../words/words.ts'

type Settings = Record<string, Setting>

const { settings: words, asks } = texts

const nameOf = (setting: string) => {
  const [, collection] = /^guestSignIn\.(.*)$/.exec(setting) ?? []
  return collection === undefined ? (words.names[setting] ?? setting) : words.signInOf(collection)
}

/** A notice as lines: one for each language, or one for all. */
const linesOf = (notice: Notice | null): string =>
  notice === null || typeof notice === 'string'
    ? (notice ?? '')
    : Object.entries(notice)
        .map(([tag, text]) => `${tag}: ${text}`)
        .join('\n')

/** The notice in such lines. */
function noticeIn(lines: string): Notice {
  const all = lines.split('\n').map((line) => /^\s*([A-Za-z]{2,3}(?:-[\w-]+)?)\s*:\s*(.+)$/.exec(line))
  return all.every((one) => one !== null)
    ? Object.fromEntries(all.map((one) => [one![1]!, one![2]!.trim()]))
    : lines.replaceAll(/\s*\n\s*/g, ' ')
}

export const view: MakeView = (stage) => {
  const found = load(stage, async () => (await get<{ settings: Settings }>('settings')).settings)
  const names = load(stage, operatorNames)

  /** Asks, changes it, and shows what counts then. */
  async function change(
    setting: string,
    title: string,
    valueIn: (values: Record<string, string>) => unknown,
    fields: Field[] = [],
    danger = false,
  ): Promise<void> {
    const changed = await ask({
      ...asks.setting,
      title,
      danger,
      fields,
      run: (values) =>
        post<{ settings: Settings }>('settings', {
          ...whyIn(values),
          values: { [setting]: valueIn(values) },
        }),
    })
    if (!changed) return
    found.set(changed.done.settings)
    stage.say(asks.setting.done)
  }

  async function reset(setting: string): Promise<void> {
    const changed = await ask({
      ...asks.reset,
      title: asks.reset.title(nameOf(setting)),
      run: (values) =>
        post<{ settings: Settings }>(`settings/${encodeURIComponent(setting)}/reset`, whyIn(values)),
    })
    if (!changed) return
    found.set(changed.done.settings)
    stage.say(asks.reset.done)
  }

  const origin = (setting: string, { changed_at, changed_by, reason }: Setting): Child =>
    h(
      'span',
      { class: 'origin' },
      changed_at === null
        ? words.asConfigured
        : [
            badge(words.changed, 'accent'),
            h('span', {}, words.changedBy(whoDid(changed_by), ago(changed_at), reason ?? '')),
            may('owner') &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'link',
                  onclick: () => reset(setting),
                  'aria-label': `${words.back}: ${nameOf(setting)}`,
                },
                words.back,
              ),
          ],
    )
  const whoDid = (id: string | null) => (id && names.value?.get(id)) ?? id ?? texts.audit.host

  const row = (setting: string, now: Setting, control: Child, text?: Child): Child =>
    h(
      'div',
      { class: 'setting', 'data-key': setting },
      h(
        'div',
        { class: 'body' },
        h('span', { class: 'name' }, nameOf(setting)),
        meta(text ?? words.texts[setting] ?? words.collectionText),
        origin(setting, now),
      ),
      control,
    )

  /** A switch. What ends something for everybody asks first, so pressing it alone changes nothing. */
  const flag = (setting: string, now: Setting): Child => {
    const name = nameOf(setting)
    const isOn = now.value === true
    return row(
      setting,
      now,
      h('button', {
        type: 'button',
        class: 'switch',
        role: 'switch',
        'aria-checked': String(isOn),
        'aria-label': name,
        'aria-disabled': may('owner') ? null : 'true',
        onclick: () =>
          may('owner') &&
          change(setting, isOn ? asks.setting.off(name) : asks.setting.on(name), () => !isOn, [], isOn),
      }),
    )
  }

  const limit = (setting: string, now: Setting): Child => {
    const value = now.value === false ? '' : String(now.value)
    const field: Field = {
      name: 'value',
      label: words.names[setting]!,
      help: words.limitHelp,
      value,
      needed: false,
      check: (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : words.limitHelp),
      props: { inputmode: 'numeric' },
    }
    return row(setting, now, [
      h(
        'span',
        { class: 'value' },
        value === '' ? words.noLimit : `${number(Number(value))} ${words.perMinute}`,
      ),
      may('owner') &&
        button(
          [icon(pencil, 's'), words.edit],
          () =>
            change(setting, nameOf(setting), (values) => (values.value ? Number(values.value) : false), [
              field,
            ]),
          'small',
          { 'aria-label': `${words.edit}: ${nameOf(setting)}` },
        ),
    ])
  }

  const notice = (setting: string, now: Setting): Child => {
    const lines = linesOf(now.value as Notice | null)
    const field: Field = {
      name: 'value',
      label: words.noticeText,
      help: words.noticeHelp,
      kind: 'lines',
      value: lines,
    }
    return row(
      setting,
      now,
      may('owner') &&
        button(
          [icon(pencil, 's'), words.edit],
          () => change(setting, nameOf(setting), ({ value }) => noticeIn(value!), [field]),
          'small',
          { 'aria-label': `${words.edit}: ${nameOf(setting)}` },
        ),
      lines ? `“${lines}”` : `${words.texts[setting]} ${words.noNotice}.`,
    )
  }

  const group = (title: string, all: Settings, isIn: (name: string) => boolean, draw: typeof flag): Child =>
    cell(
      { title, kind: 'flush' },
      Object.entries(all)
        .filter(([name]) => isIn(name))
        .map(([name, now]) => draw(name, now)),
    )

  const fixed = () =>
    cell(
      { title: words.fixed, beside: meta(words.fixedLead), kind: 'flush' },
      h(
        'div',
        { class: 'setting' },
        h('div', { class: 'body' }, h('span', { class: 'name' }, words.fixedName), meta(words.fixedText)),
        icon(lock),
      ),
    )

  return {
    title: () => words.title,
    draw: () => {
      const all = found.value
      return [
        head(words.title, meta(words.lead)),
        found.failure !== undefined && failed(found.failure, found.again),
        !all && !found.failure && h('p', { class: 'meta', role: 'status' }, texts.loading),
        all &&
          h(
            'div',
            { class: 'cards' },
            group(
              words.can,
              all,
              (name) => typeof all[name]?.value === 'boolean' && name !== 'rateLimit.perMinute',
              flag,
            ),
            group(words.limits, all, (name) => name === 'rateLimit.perMinute', limit),
            group(words.notice, all, (name) => name === 'notice', notice),
            fixed(),
          ),
      ]
    },
  }
}
