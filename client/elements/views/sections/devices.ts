// Where the guest is signed in, and which browsers remember the guest. Nothing about a device is stored, so devices are told
// apart by how and when they came, and browsers by the names that the guest gives to their keys.
import type { DeviceKey, GuestSession } from '../../../index.ts'
import type { Child } from '../../kit/dom.ts'
import { browser, key, laptop, qr, trash } from '../../kit/icons.ts'
import { pageAddress } from '../../kit/page-address.ts'
import type { Stage, View } from '../../kit/stage.ts'
import { devices as css } from '../../styles/devices.ts'
import type { Section } from './section.ts'

/** A session that begins with a passkey has its proof from then, give or take this. */
const AT_ONCE_SECONDS = 60

export function view(stage: Stage, section: Section): View {
  const { client, emit, guestName, h, host, t } = stage
  const { attempt, pieces } = section
  const shown = section.shown(async () => {
    const [sessions, keys, held] = await Promise.all([
      client.sessions.list(),
      client.deviceKeys.list(),
      // A browser may refuse its storage. Then it has no key.
      client.deviceKey.held().catch(() => null),
    ])
    return {
      sessions: sessions.toSorted(
        (a, b) => Number(b.current) - Number(a.current) || b.last_seen_at - a.last_seen_at,
      ),
      own: keys.find(({ id }) => id === held?.id),
      others: keys.filter(({ id }) => id !== held?.id),
    }
  })

  const end = ({ id }: GuestSession, next: GuestSession | undefined) =>
    section.ask(() => ({
      title: t('endTitle'),
      text: t('endText'),
      yes: t('signOut'),
      after: next ? `${next.id}-end` : 'heading',
      async work() {
        await ifThere(client.sessions.end(id))
        await shown.load()
        section.toast(t('deviceSignedOut'))
      },
    }))

  const endOthers = () =>
    section.ask(() => ({
      title: t('endOthersTitle'),
      text: t('endOthersText'),
      yes: t('signOut'),
      after: 'heading',
      async work() {
        await client.sessions.endOthers()
        await shown.load()
        section.toast(t('othersSignedOut'))
      },
    }))

  /** In the section itself; says that it waits for a passkey if the server may want one. */
  const run = (work: () => Promise<unknown>) =>
    attempt.run(section.hasPasskey() ? 'passkey' : 'switch', async () => {
      await work()
      await shown.load()
    })

  async function turnOn() {
    await run(() => client.deviceKey.enable())
    if (codeOf(attempt.failure) !== 'would_leave_guest') return
    section.ask(() => ({
      title: t('otherKeyTitle'),
      text: t('otherKeyText'),
      yes: t('replace'),
      isProven: true,
      async work() {
        await client.deviceKey.enable({ replace: true })
        await shown.load()
      },
    }))
  }

  async function turnOff() {
    if (await section.isLastWay()) return askToTurnOff()
    await run(() => client.deviceKey.disable())
    if (codeOf(attempt.failure) === 'would_lose_account') askToTurnOff()
  }

  const askToTurnOff = () =>
    section.ask(() => ({
      title: t('turnOffTitle'),
      text: lastText(),
      yes: t('turnOff'),
      no: t('keepIt'),
      isProven: true,
      async work() {
        await client.deviceKey.disable({ force: true })
        await shown.load()
      },
    }))

  const lastText = () => t.rich('removeLastText', { guest: guestName(stage.guest?.label ?? '') })

  async function remove({ id, name }: DeviceKey) {
    let isLast = await section.isLastWay()
    section.ask(() => ({
      title: t('removeTitle', { name }),
      text: isLast ? lastText() : t('removeText'),
      yes: t('remove'),
      no: t('keepIt'),
      isProven: true,
      after: 'switch',
      async work() {
        if (!(await section.isRemoved(client.deviceKeys.remove(id, { force: isLast })))) {
          isLast = true
          return false
        }
        await shown.load()
        section.toast(t('removed', { name }))
      },
    }))
  }

  const rename = ({ id, name }: DeviceKey) =>
    section.ask(() => section.renaming(name, (typed) => client.deviceKeys.rename(id, typed).then(shown.load)))

  function sessionRow(session: GuestSession, i: number, all: GuestSession[]): Child {
    const { id, current, created_at, last_seen_at, auth_time } = session
    const isByPasskey = auth_time !== null && auth_time - created_at < AT_ONCE_SECONDS
    return section.row({
      key: id,
      drawing: current ? browser : laptop,
      name: t(current ? 'thisBrowser' : 'anotherDevice'),
      lines: [
        [
          current ? t('now') : t('lastHereHint', { day: t.day(last_seen_at) }),
          isByPasskey && t('withPasskey'),
          t('since', { day: t.date(created_at) }),
        ]
          .filter(Boolean)
          .join(' · '),
      ],
      end: current && h('span', { class: 'badge', part: 'badge' }, t('thisOne')),
      buttons:
        !current && section.small(id, 'end', t('signOut'), { onclick: () => end(session, all[i + 1]) }),
    })
  }

  const keyRow = (one: DeviceKey): Child =>
    section.row({
      key: one.id,
      drawing: key,
      name: one.name,
      lines: [t('remembersToo'), section.made(one)],
      buttons: [
        section.small(one.id, 'rename', t('rename'), { onclick: () => rename(one) }),
        section.small(one.id, 'remove', t('remove'), { drawing: trash, onclick: () => remove(one) }),
      ],
    })

  const switchRow = (isOn: boolean) =>
    section.row({
      key: 'remember',
      drawing: browser,
      name: t('remember'),
      lines: [t('rememberText')],
      end: h('button', {
        type: 'button',
        class: 'switch',
        part: 'switch',
        role: 'switch',
        'data-key': 'switch',
        'aria-checked': `${isOn}`,
        'aria-labelledby': 'name-remember',
        'aria-disabled': attempt.busy ? 'true' : null,
        onclick: isOn ? turnOff : turnOn,
      }),
    })

  /** Leads to the page of the host, or shows the link as a dialog. */
  function linkButton(): Child {
    const url = pageAddress(host, 'link-url')
    async function go() {
      if (!emit('guestkey-link', null)) return
      if (url) return location.assign(url)
      await pieces.open('guestkey-link')
      section.focusOn('link')
      await shown.load()
    }
    return (
      (url || customElements.get('guestkey-link')) &&
      pieces.button({ kind: 'small', drawing: qr, key: 'link', onclick: go }, t('linkADevice'))
    )
  }

  return {
    css: section.css + css,
    drawn: section.drawn,
    draw: () =>
      section.frame(t('devices'), t('devicesLead'), linkButton(), shown, ({ sessions, own, others }) => [
        section.panel(
          'sessions',
          sessions.map(sessionRow),
          sessions.length > 1 &&
            h(
              'li',
              { class: 'foot-row', 'data-key': 'others' },
              pieces.button(
                { kind: 'quiet small', key: 'end-others', onclick: endOthers },
                t('signOutOthers'),
              ),
            ),
        ),
        section.panel('browsers', switchRow(own !== undefined), others.map(keyRow)),
      ]),
  }
}

const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code

/** What is gone already need not go. */
const ifThere = (ending: Promise<unknown>) =>
  ending.catch((error) => {
    if (codeOf(error) !== 'not_found') throw error
  })
