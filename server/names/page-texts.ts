// The names of the texts on guestkey's own pages. A host replaces texts by these names, and by the codes of errors.

export const pageTexts = [
  'promoteTitle',
  'promoteLead',
  'signInTitle',
  'signInLead',
  'email',
  'sendCode',
  'or',
  'continueWith',
  'cancel',
  'goesTo',
  'codeTitle',
  'codeLead',
  'code',
  'confirm',
  'resend',
  'resent',
  'another',
  'errorTitle',
  'expiredTitle',
  'linkTitle',
  'backTo',
  'otherWay',
  'wait',
  'tell',
  'privacy',
  'otherError',
] as const

export type PageText = (typeof pageTexts)[number]
