// `guestkey settings`: shows and changes the settings of a running service.

import { type Command, misuse, say } from '../command.ts'
import { withGuests } from '../with-guests.ts'

export const settings: Command = {
  options: {
    set: { type: 'string' },
    reset: { type: 'string' },
    by: { type: 'string' },
    reason: { type: 'string' },
  },
  help: `
guestkey settings
guestkey settings --set <name>=<value> [--by <name>] [--reason <text>]
guestkey settings --reset <name>

Shows the settings, which can be changed while the service runs, as one line of JSON each: the value that counts, and
when, by whom and why it was changed (null: not changed now). --set changes one, and --reset takes the change back. All
nodes go by it within two seconds.

  guestSignIn               true or false: whether new guests are let in
  guestSignIn.<collection>  the same for one collection; it counts before guestSignIn
  rateLimit.perMinute       changes that one network may request in a minute; false: no limit
  passkeyRegistration       true or false: whether new passkeys are taken
  codes                     true or false: whether six-digit codes are sent by e-mail and text message
  notice                    a short text for everybody who comes to a page, or one for each language as JSON

  guestkey settings --set guestSignIn=false --by ada --reason 'a flood of sign-ins'
  guestkey settings --reset guestSignIn
  guestkey settings --set 'notice={"en":"Codes come late today.","de":"Codes kommen heute spät."}'

If your app embeds guestkey, call guests.settings.get() there instead: this command shows the defaults for options that
it does not know.`,

  async run({ values: { set, reset, by, reason } }) {
    if (set !== undefined && reset !== undefined) throw misuse('Give --set or --reset, not both.')
    if (set === undefined && (by !== undefined || reason !== undefined))
      throw misuse('Give --by and --reason with --set only.')
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(String(set ?? '')) ?? []
    if (set !== undefined && name === '')
      throw misuse(`--set ${set} is no setting with a value. Write it like guestSignIn=false.`)
    const wanted = name === 'notice' ? noticeIn(value) : valueIn(value)
    return withGuests(async (guests) => {
      const found =
        set !== undefined
          ? await guests.settings.set({ [name]: wanted } as never, {
              ...(by !== undefined && { by: String(by) }),
              ...(reason !== undefined && { reason: String(reason) }),
            })
          : reset !== undefined
            ? await guests.settings.reset(String(reset))
            : await guests.settings.get()
      for (const [setting, one] of Object.entries(found)) say(JSON.stringify({ setting, ...one }))
      return 0
    })
  },
}

/** A JSON object has a text for each language. All else is the text itself. */
function noticeIn(text: string): unknown {
  if (!text.startsWith('{')) return text
  try {
    return JSON.parse(text)
  } catch {
    throw misuse(`--set notice=${text} begins like JSON, but is none. Write it like notice={"en":"…"}.`)
  }
}

/** What the text stands for: true, false or a number; otherwise the text itself, which the settings refuse. */
const valueIn = (text: string): unknown =>
  text === 'true' || text === 'false' ? text === 'true' : /^\d+$/.test(text) ? Number(text) : text
