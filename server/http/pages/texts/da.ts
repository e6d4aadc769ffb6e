// The Danish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Tilføj en vej tilbage',
  promoteLead:
    'Med den kan du komme tilbage, også hvor du ikke har en adgangsnøgle. Det, der er dit, forbliver dit.',
  signInTitle: 'Log ind',
  signInLead: 'Brug en adresse eller en konto, som du har tilføjet her.',
  email: 'E-mailadresse',
  sendCode: 'Send kode',
  or: 'eller',
  continueWith: 'Fortsæt med {name}',
  cancel: 'Annuller',
  goesTo: 'Du går videre til {host}.',

  codeTitle: 'Indtast koden',
  codeLead: 'Hvis {value} kan nås, er en sekscifret kode på vej. Den gælder i ti minutter.',
  code: 'Kode',
  confirm: 'Bekræft',
  resend: 'Send en ny kode',
  resent: 'En ny kode er på vej. Den gamle gælder ikke længere.',
  another: 'Brug en anden adresse',

  consentTitle: 'Fortsæt til {app}?',
  consentLead: 'Her er du {guest}.',
  enterTitle: 'Log ind på {app}',
  enterLead: 'Via {site}, uden at sige, hvem du er.',
  learnsNumber: '{app} får et nummer for dig, som ingen andre får.',
  learnsGuest: '{app} får at vide, at du er gæst.',
  learnsUser: '{app} får at vide, at du ikke længere er gæst.',
  learnsAlias: '{app} får adressen {value}. Ingen kan skrive til den.',
  learnsReturn: '{app} får at vide, hvordan du kan komme tilbage, for eksempel med en adgangsnøgle.',
  learnsCollection: '{app} får at vide, hvilken gruppe du hører til her.',
  learnsNot: 'Dit navn her, din adresse og hvor du ellers færdes, får den ikke at vide.',
  beenHere: 'Har du været her før?',
  continueAsGuest: 'Fortsæt som gæst',
  continue: 'Fortsæt',
  notYou: 'Ikke dig?',

  signOutTitle: 'Log ud af {site}?',
  signOut: 'Log ud',
  leaveTitle: 'Log ud og mist det, du har lavet?',
  leaveText: '{guest} har ingen vej tilbage endnu. Når du logger ud, er alt væk.',
  stay: 'Forbliv logget ind',
  leave: 'Log ud og mist alt',
  signedOutTitle: 'Du er logget ud',

  deviceTitle: 'Forbind en enhed',
  deviceLead: 'Indtast koden, som din enhed viser.',
  deviceCheck:
    'Viser din enhed {code}? Hvis den viser en anden kode, eller hvis nogen har sendt dig hertil, så annuller.',
  deviceDone: 'Færdig. Gå tilbage til din enhed.',
  deviceRefused: 'Enheden blev ikke lukket ind. Du kan lukke denne side.',
  errorTitle: 'Det lykkedes ikke',
  expiredTitle: 'Denne side er udløbet',
  linkTitle: 'Dette link virker ikke',
  backTo: 'Tilbage til {app}',
  otherWay: 'Brug en anden måde',
  wait: 'Vent {time}, og prøv så igen.',
  tell: 'Hvis det sker igen, så fortæl {app}: {code}',
  privacy: 'Privatliv',
  otherError: 'Intet er ændret. Gå tilbage til appen, og prøv igen.',

  login_id_invalid: 'Det er ikke en e-mailadresse.',
  code_wrong: 'Det er ikke den kode, der blev sendt. Efter fem forsøg skal du bruge en ny.',
  code_expired: 'Denne kode gælder ikke længere. Få sendt en ny.',
  too_many_codes: 'Der er bedt om for mange koder.',
  not_sent: 'Koden kunne ikke sendes. Kontrollér adressen.',
  no_codes: 'Der kan ikke sendes koder dertil.',
  codes_off: 'Der sendes ingen koder lige nu. Prøv igen senere.',
  guest_sign_in_off: 'Ingen nye gæster lige nu. Hvis du har været her før, så log ind der først.',
  link_invalid: 'Ingen enhed viser denne kode. Den er måske for gammel eller brugt: vis en ny på enheden.',
  invalid_request:
    'Det er for gammelt, eller der mangler noget i adressen. Gå tilbage til appen, og begynd forfra.',
  invalid_client: 'Appen, som du kommer fra, er ikke kendt her. Du har ikke gjort noget forkert.',
  not_signed_in: 'Du er ikke logget ind her. Gå tilbage til appen, og begynd forfra.',
  insufficient_user_authentication: 'Bekræft først med din adgangsnøgle i appen, og kom så tilbage hertil.',
  flow_invalid:
    'Det blev begyndt i en anden browser eller for længe siden. Gå tilbage til appen, og begynd forfra.',
  provider_unavailable: 'Den anden tjeneste svarede ikke. Intet er ændret. Prøv igen om lidt.',
  authentication_failed:
    'Den anden tjeneste bekræftede ikke, hvem du er. Prøv igen, eller brug en anden måde.',
  cross_site_request:
    'Det kom fra et andet websted, så intet blev gjort. Gå tilbage til appen, og begynd forfra.',
  too_many_requests: 'Der kom for mange anmodninger herfra.',
  unavailable: 'Tjenesten kan ikke gøre det lige nu. Intet er ændret. Prøv igen om lidt.',
}
