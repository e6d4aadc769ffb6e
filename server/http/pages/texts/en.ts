// The English texts of guestkey's own pages. They are the source of all others: a translation has the same keys and
// placeholders. For translators: see client/elements/texts/en.ts, whose words these pages use. `{app}` is the name of the
// site or of an app, `{name}` that of another service, `{host}` a host name, `{value}` an e-mail address.

export const texts = {
  // The page that asks for an address or another service.
  promoteTitle: 'Add a way back',
  promoteLead: 'It lets you come back even where you have no passkey. Your things stay yours.',
  signInTitle: 'Sign in',
  signInLead: 'Use an address or an account that you have added here.',
  email: 'E-mail address',
  sendCode: 'Send code',
  /** Between two ways. */
  or: 'or',
  continueWith: 'Continue with {name}',
  cancel: 'Cancel',
  /** Where the browser goes when this is done. */
  goesTo: 'You go on to {host}.',

  // The page that asks for the code.
  codeTitle: 'Enter the code',
  codeLead: 'If {value} can be reached, a six-digit code is on its way. It is good for ten minutes.',
  code: 'Code',
  confirm: 'Confirm',
  resend: 'Send a new code',
  resent: 'A new code is on its way. The old one no longer works.',
  another: 'Use another address',

  // The page on which an app learns who is here. `{guest}` is the guest's display name, `{site}` the name of this site.
  consentTitle: 'Continue to {app}?',
  consentLead: 'You are {guest} here.',
  enterTitle: 'Sign in to {app}',
  enterLead: 'Through {site}, without saying who you are.',
  learnsNumber: '{app} learns a number for you that nobody else gets.',
  learnsGuest: '{app} learns that you are a guest.',
  learnsUser: '{app} learns that you are a regular user.',
  learnsAlias: '{app} gets the address {value}. Nobody can write to it.',
  learnsReturn: '{app} learns how you can come back, such as by a passkey.',
  learnsCollection: '{app} learns which group you belong to here.',
  learnsNot: 'It does not learn your name here, your address or where else you go.',
  beenHere: 'Been here before?',
  continueAsGuest: 'Continue as guest',
  continue: 'Continue',
  notYou: 'Not you?',

  // The page that asks before it signs out, and the one after that. The texts are those of the elements.
  signOutTitle: 'Sign out of {site}?',
  signOut: 'Sign out',
  leaveTitle: 'Sign out and lose what you made?',
  leaveText: '{guest} has no way back yet. Once you sign out, everything is gone.',
  stay: 'Stay signed in',
  leave: 'Sign out and lose it',
  signedOutTitle: 'You are signed out',

  // The pages on which a device without a browser is let in. `{code}` is what the device shows, such as BCDF-GHJK.
  deviceTitle: 'Connect a device',
  deviceLead: 'Enter the code that your device shows.',
  deviceCheck:
    'Does your device show {code}? If it shows another code, or if somebody sent you here, cancel.',
  deviceDone: 'Done. Go back to your device.',
  deviceRefused: 'The device was not let in. You can close this page.',

  // The page that shows an error.
  errorTitle: 'This did not work',
  expiredTitle: 'This page has expired',
  linkTitle: 'This link does not work',
  backTo: 'Back to {app}',
  otherWay: 'Use another way',
  /** `{time}` is like “34 seconds”. */
  wait: 'Wait {time}, then try again.',
  /** `{code}` is for whoever runs the site, such as invalid_request. */
  tell: 'If it happens again, tell {app}: {code}',
  /** A link to the privacy policy. */
  privacy: 'Privacy',
  otherError: 'Nothing has changed. Go back to the app, and try again.',

  // Texts for errors, by code. The details in errors.ts are for developers.
  login_id_invalid: 'This is not an e-mail address.',
  code_wrong: 'This is not the code that was sent. After five tries you need a new one.',
  code_expired: 'This code is no longer good. Send a new one.',
  too_many_codes: 'Too many codes were asked for.',
  not_sent: 'The code could not be sent. Check the address.',
  no_codes: 'No codes can be sent there.',
  codes_off: 'No codes are sent at the moment. Try again later.',
  guest_sign_in_off: 'No new guests at the moment. If you have been here before, sign in there first.',
  link_invalid: 'No device shows this code. It may be too old, or used: show a new one on the device.',
  invalid_request:
    'It is too old, or something in its address is missing. Go back to the app, and begin again.',
  invalid_client: 'The app that sent you here is not known here. You did nothing wrong.',
  not_signed_in: 'You are not signed in here. Go back to the app, and begin again.',
  insufficient_user_authentication: 'Confirm with your passkey in the app first, then come here again.',
  flow_invalid: 'This was begun in another browser, or too long ago. Go back to the app, and begin again.',
  provider_unavailable: 'The other service did not answer. Nothing has changed. Try again in a moment.',
  authentication_failed: 'The other service did not confirm who you are. Try again, or use another way.',
  cross_site_request:
    'This came from another site, so nothing was done. Go back to the app, and begin again.',
  too_many_requests: 'Too many requests came from here.',
  unavailable: 'The service cannot do this at the moment. Nothing has changed. Try again in a moment.',
} as const
