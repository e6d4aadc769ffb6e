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
  'codeTitle',
  'codeLead',
  'code',
  'confirm',
  'another',
  'errorTitle',
] as const

export type PageText = (typeof pageTexts)[number]
