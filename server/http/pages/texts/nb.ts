// The Norwegian (Bokmål) texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Legg til en vei tilbake',
  promoteLead:
    'Med den kan du komme tilbake også der du ikke har en tilgangsnøkkel. Det som er ditt, forblir ditt.',
  signInTitle: 'Logg på',
  signInLead: 'Bruk en adresse eller en konto som du har lagt til her.',
  email: 'E-postadresse',
  sendCode: 'Send kode',
  or: 'eller',
  continueWith: 'Fortsett med {name}',
  cancel: 'Avbryt',
  goesTo: 'Du går videre til {host}.',

  codeTitle: 'Skriv inn koden',
  codeLead: 'Hvis {value} kan nås, er en sekssifret kode på vei. Den gjelder i ti minutter.',
  code: 'Kode',
  confirm: 'Bekreft',
  resend: 'Send en ny kode',
  resent: 'En ny kode er på vei. Den gamle gjelder ikke lenger.',
  another: 'Bruk en annen adresse',

  consentTitle: 'Fortsette til {app}?',
  consentLead: 'Her er du {guest}.',
  enterTitle: 'Logg på {app}',
  enterLead: 'Via {site}, uten å si hvem du er.',
  learnsNumber: '{app} får et nummer for deg som ingen andre får.',
  learnsGuest: '{app} får vite at du er gjest.',
  learnsUser: '{app} får vite at du ikke lenger er gjest.',
  learnsAlias: '{app} får adressen {value}. Ingen kan skrive til den.',
  learnsReturn: '{app} får vite hvordan du kan komme tilbake, for eksempel med en tilgangsnøkkel.',
  learnsCollection: '{app} får vite hvilken gruppe du hører til her.',
  learnsNot: 'Navnet ditt her, adressen din og hvor du ellers går, får den ikke vite.',
  beenHere: 'Har du vært her før?',
  continueAsGuest: 'Fortsett som gjest',
  continue: 'Fortsett',
  notYou: 'Ikke deg?',

  signOutTitle: 'Logge av {site}?',
  signOut: 'Logg av',
  leaveTitle: 'Vil du logge av og miste det du har laget?',
  leaveText: '{guest} har ingen vei tilbake ennå. Når du logger av, er alt borte.',
  stay: 'Forbli pålogget',
  leave: 'Logg av og mist alt',
  signedOutTitle: 'Du er logget av',

  deviceTitle: 'Koble til en enhet',
  deviceLead: 'Skriv inn koden som enheten din viser.',
  deviceCheck:
    'Viser enheten din {code}? Hvis den viser en annen kode, eller hvis noen har sendt deg hit, så avbryt.',
  deviceDone: 'Ferdig. Gå tilbake til enheten din.',
  deviceRefused: 'Enheten ble ikke sluppet inn. Du kan lukke denne siden.',
  errorTitle: 'Det gikk ikke',
  expiredTitle: 'Denne siden er utløpt',
  linkTitle: 'Denne lenken virker ikke',
  backTo: 'Tilbake til {app}',
  otherWay: 'Bruk en annen måte',
  wait: 'Vent {time}, og prøv igjen.',
  tell: 'Hvis det skjer igjen, si fra til {app}: {code}',
  privacy: 'Personvern',
  otherError: 'Ingenting er endret. Gå tilbake til appen, og prøv igjen.',

  login_id_invalid: 'Det er ikke en e-postadresse.',
  code_wrong: 'Det er ikke koden som ble sendt. Etter fem forsøk trenger du en ny.',
  code_expired: 'Denne koden gjelder ikke lenger. Få tilsendt en ny.',
  too_many_codes: 'Det er bedt om for mange koder.',
  not_sent: 'Koden kunne ikke sendes. Sjekk adressen.',
  no_codes: 'Det kan ikke sendes koder dit.',
  codes_off: 'Det sendes ingen koder akkurat nå. Prøv igjen senere.',
  guest_sign_in_off: 'Ingen nye gjester akkurat nå. Hvis du har vært her før, logg på der først.',
  link_invalid: 'Ingen enhet viser denne koden. Den kan være for gammel eller brukt: vis en ny på enheten.',
  invalid_request:
    'Den er for gammel, eller noe mangler i adressen. Gå tilbake til appen, og begynn på nytt.',
  invalid_client: 'Appen du kommer fra, er ikke kjent her. Du har ikke gjort noe galt.',
  not_signed_in: 'Du er ikke logget på her. Gå tilbake til appen, og begynn på nytt.',
  insufficient_user_authentication: 'Bekreft først med tilgangsnøkkelen i appen, og kom så tilbake hit.',
  flow_invalid:
    'Dette ble startet i en annen nettleser eller for lenge siden. Gå tilbake til appen, og begynn på nytt.',
  provider_unavailable: 'Den andre tjenesten svarte ikke. Ingenting er endret. Prøv igjen om litt.',
  authentication_failed:
    'Den andre tjenesten bekreftet ikke hvem du er. Prøv igjen, eller bruk en annen måte.',
  cross_site_request:
    'Dette kom fra et annet nettsted, så ingenting ble gjort. Gå tilbake til appen, og begynn på nytt.',
  too_many_requests: 'Det kom for mange forespørsler herfra.',
  unavailable: 'Tjenesten kan ikke gjøre dette akkurat nå. Ingenting er endret. Prøv igjen om litt.',
}
