// The sentences for which nobody waits: those for what keeps the other sentences from being loaded, and those for passkey
// dialogs. After one of these, a page may show another dialog, and a browser forgets the click while something is loaded.

/** By code. */
export const sentencesAtOnce = {
  network: 'The server could not be reached.',
  timeout: 'That took too long.',
  client_incomplete: 'A part of this page could not be loaded: please try again.',
  client_outdated: 'This page is out of date: please load it again.',
  not_a_browser:
    'This is for browsers. On a server, use guests.guestOf or req.guest; in an app, @guestkey/client/native.',
  cancelled: 'That was cancelled.',
  aborted: 'That was withdrawn.',
  unsupported: 'This browser does not support passkeys.',
  already_here: 'This device already holds a passkey for this account.',
  not_allowed_here: 'That cannot be done at this web address.',
  no_user_verification: 'This device needs a screen lock or a PIN to hold a passkey.',
  authenticator_error: 'The device could not use a passkey just now.',
}

/** The sentence for a code, or for any other one a sentence that is always true. */
export const sentenceAtOnce = (code: string): string =>
  Object.hasOwn(sentencesAtOnce, code)
    ? sentencesAtOnce[code as keyof typeof sentencesAtOnce]
    : 'That did not work: please try again.'
