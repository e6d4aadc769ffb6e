// The Swedish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Lägg till en väg tillbaka',
  promoteLead:
    'Med den kan du komma tillbaka även där du inte har någon lösennyckel. Det som är ditt förblir ditt.',
  signInTitle: 'Logga in',
  signInLead: 'Använd en adress eller ett konto som du har lagt till här.',
  email: 'E-postadress',
  sendCode: 'Skicka kod',
  or: 'eller',
  continueWith: 'Fortsätt med {name}',
  cancel: 'Avbryt',
  goesTo: 'Du går vidare till {host}.',

  codeTitle: 'Skriv koden',
  codeLead: 'Om {value} kan nås är en sexsiffrig kod på väg. Den gäller i tio minuter.',
  code: 'Kod',
  confirm: 'Bekräfta',
  resend: 'Skicka en ny kod',
  resent: 'En ny kod är på väg. Den gamla gäller inte längre.',
  another: 'Använd en annan adress',

  consentTitle: 'Fortsätt till {app}?',
  consentLead: 'Här är du {guest}.',
  enterTitle: 'Logga in på {app}',
  enterLead: 'Via {site}, utan att säga vem du är.',
  learnsNumber: '{app} får ett nummer för dig som ingen annan får.',
  learnsGuest: '{app} får veta att du är gäst.',
  learnsUser: '{app} får veta att du inte längre är gäst.',
  learnsAlias: '{app} får adressen {value}. Ingen kan skriva till den.',
  learnsReturn: '{app} får veta hur du kan komma tillbaka, till exempel med en lösennyckel.',
  learnsCollection: '{app} får veta vilken grupp du hör till här.',
  learnsNot: 'Ditt namn här, din adress och vart du går i övrigt får den inte veta.',
  beenHere: 'Har du varit här förut?',
  continueAsGuest: 'Fortsätt som gäst',
  continue: 'Fortsätt',
  notYou: 'Inte du?',

  signOutTitle: 'Logga ut från {site}?',
  signOut: 'Logga ut',
  leaveTitle: 'Logga ut och förlora det du har gjort?',
  leaveText: '{guest} har ingen väg tillbaka än. Om du loggar ut är allt borta.',
  stay: 'Förbli inloggad',
  leave: 'Logga ut och förlora allt',
  signedOutTitle: 'Du är utloggad',

  deviceTitle: 'Anslut en enhet',
  deviceLead: 'Ange koden som din enhet visar.',
  deviceCheck:
    'Visar din enhet {code}? Om den visar en annan kod, eller om någon har skickat dig hit, avbryt.',
  deviceDone: 'Klart. Gå tillbaka till din enhet.',
  deviceRefused: 'Enheten släpptes inte in. Du kan stänga den här sidan.',
  errorTitle: 'Det gick inte',
  expiredTitle: 'Den här sidan har gått ut',
  linkTitle: 'Den här länken fungerar inte',
  backTo: 'Tillbaka till {app}',
  otherWay: 'Använd ett annat sätt',
  wait: 'Vänta {time} och försök sedan igen.',
  tell: 'Om det händer igen, meddela {app}: {code}',
  privacy: 'Integritet',
  otherError: 'Inget har ändrats. Gå tillbaka till appen och försök igen.',

  login_id_invalid: 'Det är inte en e-postadress.',
  code_wrong: 'Det är inte koden som skickades. Efter fem försök behöver du en ny.',
  code_expired: 'Den här koden gäller inte längre. Låt skicka en ny.',
  too_many_codes: 'För många koder har begärts.',
  not_sent: 'Koden kunde inte skickas. Kontrollera adressen.',
  no_codes: 'Dit kan ingen kod skickas.',
  codes_off: 'Inga koder skickas just nu. Försök igen senare.',
  guest_sign_in_off: 'Inga nya gäster just nu. Om du har varit här förut, logga in där först.',
  link_invalid:
    'Ingen enhet visar den här koden. Den kan vara för gammal eller använd: visa en ny på enheten.',
  invalid_request:
    'Den är för gammal, eller så saknas något i adressen. Gå tillbaka till appen och börja om.',
  invalid_client: 'Appen som du kommer från är inte känd här. Du har inte gjort något fel.',
  not_signed_in: 'Du är inte inloggad här. Gå tillbaka till appen och börja om.',
  insufficient_user_authentication: 'Bekräfta först med din lösennyckel i appen och kom sedan tillbaka hit.',
  flow_invalid:
    'Det här började i en annan webbläsare, eller för länge sedan. Gå tillbaka till appen och börja om.',
  provider_unavailable: 'Den andra tjänsten svarade inte. Inget har ändrats. Försök igen om en stund.',
  authentication_failed:
    'Den andra tjänsten bekräftade inte vem du är. Försök igen eller använd ett annat sätt.',
  cross_site_request:
    'Det här kom från en annan webbplats, så inget har gjorts. Gå tillbaka till appen och börja om.',
  too_many_requests: 'För många förfrågningar kom härifrån.',
  unavailable: 'Tjänsten kan inte göra det just nu. Inget har ändrats. Försök igen om en stund.',
}
