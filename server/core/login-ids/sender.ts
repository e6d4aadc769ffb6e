// How codes are sent: by SMTP, by the host's own function, or to the log on a developer's machine.

import { isLocalhost } from '../../localhost.ts'
import type { Logger } from '../../logger.ts'
import type { CodeMessage, Config } from '../../options/options.ts'

/** What delivers codes. */
export type Sender = {
  /** Whether codes can reach login IDs of this type. */
  can: (type: string) => boolean
  /** Rejects if the message could not be sent. */
  send: (message: CodeMessage) => Promise<void>
}

/**
 * The sender that the option `send` names. Without that option, codes go to the log if all origins are localhost and
 * NODE_ENV is not `production`; otherwise nothing is sent.
 */
export function createSender(config: Config, logger: Logger): Sender {
  const { send, sendFrom, types } = config.loginIds
  const isOfTypes: Sender['can'] = (type) => types.some((one) => one === type)
  if (typeof send === 'function') {
    return {
      can: isOfTypes,
      async send(message) {
        await send(message)
      },
    }
  }
  if (send !== undefined) return bySmtp(send, sendFrom, isOfTypes)
  const isLocal = config.origins
    .map((origin) => new URL(origin))
    .every((url) => url.protocol === 'http:' && isLocalhost(url))
  if (process.env.NODE_ENV === 'production' || !isLocal) {
    return {
      can: () => false,
      send: () => Promise.reject(new Error('no sender: set the option loginIds.send')),
    }
  }
  return {
    can: isOfTypes,
    async send({ type, value, code }) {
      logger.warn(
        { type, value, code },
        'a code for development, which is not sent: set the option loginIds.send to send it',
      )
    },
  }
}

/** How long a mail server may take to be reached and to greet, and to answer. Its own params in the URL count first. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 }

/** Loads nodemailer when it sends the first mail. */
function bySmtp(url: string, sendFrom: string, isOfTypes: Sender['can']): Sender {
  let transport: Promise<{ sendMail: (mail: object) => Promise<unknown> }> | undefined
  return {
    can: (type) => type === 'email' && isOfTypes(type),
    async send(message) {
      transport ??= import('nodemailer').then(({ createTransport }) => createTransport({ ...timeouts, url }))
      const mailer = await transport
      await mailer.sendMail({ from: sendFrom, to: message.value, ...mailOf(message) })
    },
  }
}

/** Plain text without a link: somebody who did not ask for the code cannot use it by a wrong click. */
function mailOf({ code, purpose, rp_name }: CodeMessage): { subject: string; text: string } {
  const what =
    purpose === 'sign_in' ? `to sign in to ${rp_name}` : `to use this address with your account at ${rp_name}`
  return {
    subject: `${code} is your code for ${rp_name}`,
    text: `Your code ${what}:\n\n    ${code}\n\nIt is good for ten minutes. If you did not ask for it, ignore this message; never tell anybody the code.\n`,
  }
}
