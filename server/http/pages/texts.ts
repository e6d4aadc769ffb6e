// The texts of guestkey's own pages, by language. A host can replace each by its name, with the option pages.texts.

import type { IncomingMessage } from 'node:http'
import type { ErrorCode, GuestError } from '../../errors.ts'
import type { PageText } from '../../names/page-texts.ts'
import type { Config } from '../../options/options.ts'

const en = {
  promoteTitle: 'Add a way in',
  promoteLead:
    'With an e-mail address you can come back even where you have no passkey. Your things stay yours.',
  signInTitle: 'Sign in',
  signInLead: 'We send a code to the address that you use here.',
  email: 'E-mail address',
  sendCode: 'Send code',
  or: 'or',
  continueWith: 'Continue with {name}',
  cancel: 'Cancel',
  codeTitle: 'Enter the code',
  codeLead: 'If {value} can be reached, a six-digit code is on its way. It is good for ten minutes.',
  code: 'Code',
  confirm: 'Confirm',
  another: 'Use another address',
  errorTitle: 'This did not work',
  // Texts for errors, by code. The details in errors.ts are for developers.
  login_id_invalid: 'This is not an e-mail address.',
  code_wrong: 'This is not the code that was sent. Look again; after five tries a new one is needed.',
  code_expired: 'This code is no longer good. Use the link below for a new one.',
  too_many_codes: 'Too many codes were asked for. Please wait a while.',
  not_sent: 'The code could not be sent. Is the address right?',
  no_codes: 'No codes can be sent there.',
  flow_invalid: 'This was begun elsewhere, or too long ago. Go back to the app, and begin again.',
  provider_unavailable: 'The other service could not be reached. Please try again soon.',
  authentication_failed:
    'The other service did not confirm who you are. Go back to the app, and begin again.',
} satisfies Record<PageText, string> & { [code in ErrorCode]?: string }
/** The texts of a language. Any other error code may have a text too. */
export type Texts = typeof en & { [code in ErrorCode]?: string }

const de: Texts = {
  promoteTitle: 'Einen Weg zurück hinzufügen',
  promoteLead: 'Mit einer E-Mail-Adresse kommst du auch ohne Passkey zurück. Was dir gehört, bleibt deines.',
  signInTitle: 'Anmelden',
  signInLead: 'Wir schicken einen Code an die Adresse, die du hier verwendest.',
  email: 'E-Mail-Adresse',
  sendCode: 'Code senden',
  or: 'oder',
  continueWith: 'Weiter mit {name}',
  cancel: 'Abbrechen',
  codeTitle: 'Code eingeben',
  codeLead: 'Wenn {value} erreichbar ist, ist ein sechsstelliger Code unterwegs. Er gilt zehn Minuten.',
  code: 'Code',
  confirm: 'Bestätigen',
  another: 'Andere Adresse verwenden',
  errorTitle: 'Das hat nicht geklappt',
  login_id_invalid: 'Das ist keine E-Mail-Adresse.',
  code_wrong: 'Das ist nicht der Code, der geschickt wurde. Nach fünf Versuchen braucht es einen neuen.',
  code_expired: 'Dieser Code gilt nicht mehr. Unten führt ein Link zu einem neuen.',
  too_many_codes: 'Es wurden zu viele Codes verlangt. Bitte warte eine Weile.',
  not_sent: 'Der Code konnte nicht geschickt werden. Stimmt die Adresse?',
  no_codes: 'Dorthin kann kein Code geschickt werden.',
  flow_invalid: 'Das wurde anderswo begonnen oder vor zu langer Zeit. Geh zurück zur App und beginne neu.',
  provider_unavailable: 'Der andere Dienst hat nicht geantwortet. Bitte versuch es bald noch einmal.',
  authentication_failed:
    'Der andere Dienst hat nicht bestätigt, wer du bist. Geh zurück zur App und beginne neu.',
  invalid_request: 'Diese Seite ist zu alt oder unvollständig. Geh zurück zur App und beginne neu.',
}

/** The text for a person about an error: that of the page for its code, else the error's detail. */
export const textOfError = (texts: Texts, { code, message }: GuestError): string => texts[code] ?? message

const built: Record<string, Texts> = { en, de }

/** The texts for a request, and their language: the first that exists of `ui_locales` and Accept-Language, else English. */
export function textsFor(
  { pages }: Config,
  req: IncomingMessage,
  locales: string | undefined,
): { texts: Texts; language: string } {
  const own = pages.texts ?? {}
  const known = new Set([...Object.keys(built), ...Object.keys(own)])
  const wanted = `${locales ?? ''} ${req.headers['accept-language'] ?? ''}`.split(/[\s,]+/)
  const language = wanted.flatMap((one) => tagsFor(one.split(';')[0]!)).find((tag) => known.has(tag)) ?? 'en'
  const texts = tagsFor(language)
    .toReversed()
    .flatMap((tag) => [built[tag], own[tag]])
  return { texts: Object.assign({}, en, ...texts), language }
}

/** A language tag and the wider ones, in the order in which they are looked for (RFC 4647, 3.4): `de-AT`, `de`. */
function tagsFor(range: string): string[] {
  const parts = canonical(range).split('-')
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'))
}

/** The tag as options have it. Browsers and apps send any text. */
function canonical(range: string): string {
  try {
    return Intl.getCanonicalLocales(range)[0] ?? ''
  } catch {
    return ''
  }
}
