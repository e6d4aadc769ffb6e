// What an operator does to one guest. Each act asks first, and reads the guest again afterwards.
import type { WholeGuest } from '../../../server/core/support/whole.ts'
import { ask, type Question, whyAndForce, whyIn } from '../page/ask.ts'
import { showSecret } from '../page/dialog.ts'
import { localTime, secondsOf } from '../page/fields.ts'
import { guestName, nameOf } from '../page/pieces.ts'
import { go } from '../page/router.ts'
import type { Loaded, Stage } from '../page/stage.ts'
import { inPath, post } from '../server/api.ts'
import { serverNow } from '../server/clock.ts'
import { may } from '../server/session.ts'
import { duration, moment, texts } from '../words/words.ts'

export type GuestActs = ReturnType<typeof guestActs>

const { asks } = texts
const DAY = 86_400

export function guestActs({ say }: Stage, found: Loaded<WholeGuest>) {
  /** Asks, does it, says so, and reads the guest again. */
  async function act<T>(question: Question<T> & { done: string }): Promise<void> {
    if (!(await ask(question))) return
    say(question.done)
    await found.again()
  }
  const path = ({ anonymous_id }: WholeGuest, rest: string) => `guests/${inPath(anonymous_id)}/${rest}`
  const mayForce = may('owner')

  return {
    endSessions: (guest: WholeGuest) =>
      act({
        ...asks.endSessions,
        title: asks.endSessions.title(nameOf(guest)),
        danger: true,
        mayForce,
        run: (values) => post(path(guest, 'sessions/end'), whyAndForce(values)),
      }),
    endSession: (guest: WholeGuest, session: string) =>
      act({
        ...asks.endSession,
        danger: true,
        mayForce,
        run: (values) => post(path(guest, `sessions/${session}/end`), whyAndForce(values)),
      }),
    disable: (guest: WholeGuest) =>
      act({
        ...asks.disable,
        title: asks.disable.title(nameOf(guest)),
        danger: true,
        fields: [
          {
            name: 'until',
            label: asks.disable.until,
            help: asks.disable.untilHelp,
            kind: 'time',
            needed: false,
            check: inFuture,
            props: { min: localTime(serverNow() / 1000) },
          },
          {
            name: 'disabled_reason',
            label: asks.disable.shown,
            kind: 'choice',
            options: Object.entries(asks.disable.reasons),
          },
        ],
        run: ({ until, disabled_reason, ...values }) =>
          post(path(guest, 'disable'), {
            ...whyIn(values),
            disabled_reason,
            until: until ? secondsOf(until) : null,
          }),
      }),
    enable: (guest: WholeGuest) =>
      act({
        ...asks.enable,
        title: asks.enable.title(nameOf(guest)),
        run: (values) => post(path(guest, 'enable'), whyIn(values)),
      }),
    keep: (guest: WholeGuest) =>
      act({
        ...asks.keep,
        title: asks.keep.title(nameOf(guest)),
        run: (values) => post(path(guest, 'keep'), whyIn(values)),
      }),
    extend: (guest: WholeGuest) =>
      act({
        ...asks.extend,
        title: asks.extend.title(nameOf(guest)),
        fields: [
          {
            name: 'until',
            label: asks.extend.until,
            kind: 'time',
            value: localTime((guest.expires_at ?? serverNow() / 1000) + 30 * DAY),
            check: inFuture,
          },
        ],
        run: ({ until, ...values }) =>
          post(path(guest, 'extend'), { ...whyIn(values), expires_at: secondsOf(until!) }),
      }),
    async erase(guest: WholeGuest): Promise<void> {
      const erased = await ask({
        ...asks.erase,
        title: asks.erase.title(nameOf(guest)),
        danger: true,
        run: (values) => post(path(guest, 'erase'), whyIn(values)),
      })
      if (!erased) return
      say(asks.erase.done)
      go('guests')
    },
    removePasskey: (guest: WholeGuest, { id, name }: { id: string; name: string }) =>
      act({
        ...asks.removePasskey,
        title: asks.removePasskey.title(name),
        danger: true,
        mayForce,
        run: (values) => post(path(guest, `passkeys/${id}/remove`), whyAndForce(values)),
      }),
    revokeKey: (guest: WholeGuest, { id, name }: { id: string; name: string }) =>
      act({
        ...asks.revokeKey,
        title: asks.revokeKey.title(name),
        danger: true,
        mayForce,
        run: (values) => post(path(guest, `device-keys/${id}/remove`), whyAndForce(values)),
      }),
    removeLoginId: (guest: WholeGuest, { type, value }: { type: string; value: string }) =>
      act({
        ...asks.removeLoginId,
        title: asks.removeLoginId.title(value),
        danger: true,
        mayForce,
        run: (values) => post(path(guest, 'login-ids/remove'), { ...whyAndForce(values), type, value }),
      }),
    undoMerge: (ticket: string) =>
      act({ ...asks.undoMerge, run: (values) => post('merges/undo', { ...whyIn(values), ticket }) }),
    async openWayIn(guest: WholeGuest, delay: number): Promise<void> {
      const opened = await ask({
        ...asks.wayIn,
        title: asks.wayIn.title(nameOf(guest)),
        text: asks.wayIn.text(duration(delay)),
        run: (values) => post<{ code: string; opens_at: number }>(path(guest, 'way-in'), whyIn(values)),
      })
      if (!opened) return
      const { code, opens_at } = opened.done
      await showSecret(
        {
          title: texts.wayIn.codeTitle,
          text: texts.wayIn.codeText(moment(opens_at)),
          secret: code,
          name: texts.wayIn.codeTitle,
        },
        say,
      )
      await found.again()
    },
    approve: (guest: WholeGuest) =>
      act({
        ...asks.approve,
        title: asks.approve.title(nameOf(guest)),
        run: (values) => post(path(guest, 'way-in/approve'), { ...whyIn(values), way_in: guest.way_in!.id }),
      }),
    cancelWayIn: (guest: WholeGuest) =>
      act({
        ...asks.cancelWayIn,
        danger: true,
        text: [asks.cancelWayIn.text, ' ', guestName(nameOf(guest))],
        run: (values) => post(path(guest, 'way-in/cancel'), whyIn(values)),
      }),
  }
}

/** The server says more; this is what a person sees at once. */
const inFuture = (local: string): string | undefined =>
  secondsOf(local) > serverNow() / 1000 ? undefined : texts.why.past
