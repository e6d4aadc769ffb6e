// The English texts of the button, the sign-in and the prompt, which a page loads first. Those of the account are in
// account/en.ts. They are the source of all others: a translation has the same keys and placeholders.
//
// For translators: `{name}` is a placeholder and stays as it is. A text with `other` is a plural: give it the categories of
// your language (Intl.PluralRules). A comment above a key says what is not obvious. Buttons are verbs; texts in a row of
// buttons are at most four words. `{what}` is the host's word for what guests make, such as “notes”, in the plural.
// `{guest}` is the guest's display name, such as amber-fox-42, and `{app}` the name of the site.

export const texts = {
  // What several elements say.
  cancel: 'Cancel',
  close: 'Close',
  later: 'Later',
  tryAgain: 'Try again',
  tryNow: 'Try now',
  moment: 'One moment…',
  rename: 'Rename',
  /** The verb: to store a new name. */
  save: 'Save',
  signOut: 'Sign out',
  /** With an ellipsis, because a question follows. */
  signOutAsks: 'Sign out…',
  today: 'today',
  yesterday: 'yesterday',

  // The button, and its menu.
  continueAsGuest: 'Continue as guest',
  continueAs: 'Continue as {guest}',
  /** Names the small button beside “Continue as guest”, and stands above other ways to sign in. */
  beenHere: 'Been here before?',
  /** Small, below the guest's name. */
  notSavedHint: 'not saved yet',
  notSaved: 'Not saved yet',
  saved: 'Saved',
  /** As “not saved yet”, for screen readers. */
  savedHint: 'saved',
  waysBack: { one: '{count} way back', other: '{count} ways back' },
  /** Names the menu of the guest, for screen readers. */
  guestMenu: 'Guest',
  keepWhy: 'Your {what} are in this browser only. A passkey keeps them.',
  /** Without a word of the host. */
  keepWhyAny: 'What you make is in this browser only. A passkey keeps it.',
  keepWhyCodes: 'What you make is in this browser only. Recovery codes bring it back.',
  saveWithPasskey: 'Save with a passkey',
  account: 'Account',
  linkDevice: 'Link another device',
  /** A way in is a code that an operator gives to somebody who has lost everything; the guest can cancel it. */
  wayInTitle: 'Did you ask for a new way in?',
  /** `{day}` is a date. */
  wayInText:
    'An operator has opened one: from {day} on, whoever has its code can sign in as you. Cancel it if you did not ask.',
  cancelWayIn: 'Cancel the way in',
  wayInCancelled: 'The way in is cancelled.',

  // Sign-in.
  signIn: 'Sign in',
  startTitle: 'Start right away',
  startLead: 'No e-mail, no password. Keep what you make with a passkey, when you like.',
  startLeadNoPasskeys: 'You are in at once. No e-mail, no password.',
  signInWithPasskey: 'Sign in with a passkey',
  moreWays: 'More ways',
  fewerWays: 'Fewer ways',
  otherWays: 'Other ways',
  welcomeBack: 'Welcome back',
  /** `{day}` is a date, “today” or “yesterday”. */
  lastHere: '{guest}, last here {day}',
  /** Below the name of that guest. */
  lastHereHint: 'Last here {day}',
  keptHere: '{guest} is kept in this browser',
  continueWithPasskey: 'Continue with your passkey',
  startAsNew: 'Start as a new guest',
  comeBackTo: 'Come back to {app}',
  addressOrPasskey: 'E-mail address or passkey',
  address: 'E-mail address',
  /** An example in the empty field. Leave example.com as it is. */
  addressExample: 'you@example.com',
  number: 'Phone number',
  addressOrNumber: 'E-mail address or phone number',
  /** A button that goes on to the next step. */
  continue: 'Continue',
  anotherDevice: 'Another device',
  anotherDeviceHow: 'Type the code that it shows',
  recoveryCode: 'Recovery code',
  recoveryCodeHow: 'One of the ten that you kept',
  securityKey: 'Security key or phone',
  securityKeyHow: 'A passkey that is kept elsewhere',
  codeByMail: 'Code by e-mail',
  codeByMailHow: 'If you gave an address',
  codeByPhone: 'Code by text message',
  /** `{host}` is a host name, such as id.example.com. */
  byWayOf: 'By way of {host}',
  passkeysNotHere: 'This browser does not do passkeys, so they are not offered here.',
  waitingTitle: 'Waiting for your passkey',
  waitingLead: 'Your device is asking for your face, your fingerprint or its PIN.',
  waitingHelp: 'Don’t see it? It may be behind this window.',
  useAnotherWay: 'Use another way',
  useAnotherPasskey: 'Use another passkey',
  useRecoveryCode: 'Use a recovery code',
  typeRecoveryCode: 'Type one of your recovery codes. It works once.',
  footnote: '{app} knows a guest by a random number, and nothing else.',
  signedInAs: 'Signed in as {guest}.',
  signingIn: 'Signing you in…',

  // Six digits by e-mail.
  checkMail: 'Check your e-mail',
  checkPhone: 'Check your phone',
  /** `{change}` is the button with the next text. */
  digitsSent: 'We sent six digits to {address}. {change}',
  /** A button: to give another address. */
  change: 'Change',
  sixDigits: 'Six digits',
  /** `{time}` is like 0:24. */
  sendAgainIn: 'Nothing there? Send again in {time}',
  sendAgain: 'Send again',
  sentAgain: 'A new code is on its way. The old one no longer works.',
  wrongDigits: {
    one: 'That is not the code. {count} try left.',
    other: 'That is not the code. {count} tries left.',
  },
  rightDigits: 'That is it. Signing you in…',
  digitsExpired: 'That code was good for ten minutes.',
  sendNew: 'Send a new one',
  sendDigits: 'Send me six digits',
  addressIncomplete: 'Something is missing after “{part}”, such as “.com”.',
  addressWrong: 'An e-mail address looks like {example}.',
  /** `{example}` is a telephone number. */
  numberWrong: 'A phone number begins with + and its country code, such as {example}.',

  // What went wrong: a sentence for what happened, and one for what to do.
  cancelledTitle: 'The passkey was not used.',
  cancelledText: 'The question was closed, or time ran out. Nothing has changed.',
  passkeyGoneTitle: 'This passkey is no longer valid.',
  passkeyGoneText: 'Use another way, and delete this one in your password manager.',
  offlineTitle: 'You are offline.',
  offlineText: 'This goes on by itself as soon as the connection is back. Nothing is lost.',
  tooFastTitle: 'Too many tries from here.',
  /** `{time}` is like “34 seconds”. */
  tooFastText: 'Wait {time}, then try again.',
  tooFastAny: 'Wait a while, then try again.',
  serverTitle: 'The server did not answer.',
  serverText: 'Nothing has changed. Try again in a moment.',
  guestsOffTitle: 'No new guests at the moment.',
  guestsOffText: 'If you have been here before, you can come back.',
  disabledTitle: 'This guest is disabled.',
  disabledText: 'You can start as a new guest.',
  cookiesTitle: 'This browser keeps nothing for this site.',
  cookiesText: 'Allow cookies for this site, then try again.',
  unsupportedTitle: 'This browser does not do passkeys.',
  unsupportedText: 'Use another way, or another browser.',
  noLockTitle: 'This device has no screen lock.',
  noLockText: 'Set a PIN or a fingerprint on the device, then try again.',
  alreadyHereTitle: 'This device has a passkey of yours already.',
  alreadyHereText: 'There is nothing to add.',
  notAllowedTitle: 'Passkeys do not work on this page.',
  notAllowedText: 'Open the page by itself, at its own address.',
  outdatedTitle: 'This page is out of date.',
  outdatedText: 'Load it again. Nothing is lost.',
  loadAgain: 'Load again',
  sessionOverTitle: 'You are not signed in any more.',
  sessionOverText: 'Sign in again.',
  wrongCodeTitle: 'That is not a recovery code.',
  wrongCodeText: 'Check it: each one works once.',
  lockedTitle: 'Too many wrong codes.',
  lockedText: 'Wait a while, so that nobody can guess them. A passkey works at once.',
  notSentTitle: 'The code could not be sent.',
  notSentText: 'Check the address, or use another way.',
  linkWrongTitle: 'No device shows this code.',
  linkWrongText: 'Check it: O and 0, I and 1 are read as the same.',
  fullTitle: 'That is as many as one guest can have.',
  fullText: 'Remove one first.',
  otherTitle: 'That did not work.',
  otherText: 'Nothing has changed. Try again.',

  // Asking to save.
  keepTitle: 'Keep these {what}?',
  keepTitleAny: 'Keep what you made?',
  keepLead:
    'They are in this browser only. A passkey keeps them, and brings them to your other devices. No e-mail needed.',
  keepLeadAny:
    'It is in this browser only. A passkey keeps it, and brings it to your other devices. No e-mail needed.',
  keepLeadCodes: 'They are in this browser only. Ten codes to write down bring them back anywhere.',
  keepLeadCodesAny: 'It is in this browser only. Ten codes to write down bring it back anywhere.',
  makeCodes: 'Make recovery codes',
  /** After a sign-in with a passkey of another device. */
  addHereTitle: 'Add a passkey on this device?',
  addHereLead: 'You signed in from another device. A passkey of its own is quicker.',
  addPasskey: 'Add a passkey',
  noThanks: 'No, thanks',
  kept: 'Kept.',
  keptSynced: 'Your passkey brings {guest} back, here and on your other devices.',
  keptDevice: 'Your passkey brings {guest} back on this device.',
  codesAnywhere: 'Recovery codes do so anywhere.',
  lostTitle: 'These {what} are from a guest who was not saved.',
  lostTitleAny: 'This is from a guest who was not saved.',
  lostLead: 'They cannot be brought back. What you are writing now is still here.',
  continueAsNew: 'Continue as a new guest',

  // Signing out while not saved.
  leaveTitle: 'Sign out and lose your {what}?',
  leaveTitleAny: 'Sign out and lose what you made?',
  leaveText: '{guest} has no way back yet. Once you sign out, everything is gone.',
  stay: 'Stay signed in',
  leave: 'Sign out and lose it',
  /** Asked at sign-out if a key of this browser signs the guest in without asking. */
  forgetTitle: 'Forget this browser, too?',
  forgetText: 'It brings {guest} back with one press. Forget it if others use this browser, too.',
  forgetIt: 'Sign out and forget it',
  /** “It” is this browser, which stays remembered. */
  keepKey: 'Sign out, keep it',

  // Renaming.
  name: 'Name',
  nameHelp: 'Only you see it. It is no name to sign in with.',
} as const
