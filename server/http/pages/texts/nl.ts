// The Dutch texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Voeg een weg terug toe',
  promoteLead: 'Zo kun je terugkomen, ook waar je geen passkey hebt. Wat van jou is, blijft van jou.',
  signInTitle: 'Log in',
  signInLead: 'Gebruik een adres of account dat je hier hebt toegevoegd.',
  email: 'E-mailadres',
  sendCode: 'Stuur code',
  or: 'of',
  continueWith: 'Ga door met {name}',
  cancel: 'Annuleer',
  goesTo: 'Je gaat verder naar {host}.',

  codeTitle: 'Voer de code in',
  codeLead: 'Als {value} bereikbaar is, is er een code van zes cijfers onderweg. Die is tien minuten geldig.',
  code: 'Code',
  confirm: 'Bevestig',
  resend: 'Stuur een nieuwe code',
  resent: 'Er is een nieuwe code onderweg. De oude werkt niet meer.',
  another: 'Gebruik een ander adres',

  consentTitle: 'Doorgaan naar {app}?',
  consentLead: 'Je bent hier {guest}.',
  enterTitle: 'Log in bij {app}',
  enterLead: 'Via {site}, zonder te zeggen wie je bent.',
  learnsNumber: '{app} krijgt een nummer voor jou dat niemand anders krijgt.',
  learnsGuest: '{app} weet dan dat je een gast bent.',
  learnsUser: '{app} weet dan dat je geen gast meer bent.',
  learnsNot: 'Je naam hier, je adres en waar je nog meer komt, blijven onbekend.',
  beenHere: 'Ben je hier eerder geweest?',
  continueAsGuest: 'Ga door als gast',
  continue: 'Ga door',

  errorTitle: 'Dat is niet gelukt',
  expiredTitle: 'Deze pagina is verlopen',
  linkTitle: 'Deze link werkt niet',
  backTo: 'Terug naar {app}',
  otherWay: 'Gebruik een andere manier',
  wait: 'Wacht {time} en probeer het dan opnieuw.',
  tell: 'Als het weer gebeurt, geef dan door aan {app}: {code}',
  privacy: 'Privacy',
  otherError: 'Er is niets veranderd. Ga terug naar de app en probeer het opnieuw.',

  login_id_invalid: 'Dat is geen e-mailadres.',
  code_wrong: 'Dat is niet de code die is gestuurd. Na vijf pogingen heb je een nieuwe nodig.',
  code_expired: 'Deze code is niet meer geldig. Laat een nieuwe sturen.',
  too_many_codes: 'Er zijn te veel codes aangevraagd.',
  not_sent: 'De code kon niet worden verstuurd. Controleer het adres.',
  no_codes: 'Daarheen kan geen code worden gestuurd.',
  codes_off: 'Op dit moment worden geen codes gestuurd. Probeer het later opnieuw.',
  guest_sign_in_off: 'Op dit moment geen nieuwe gasten. Als je hier al eerder was, log dan eerst daar in.',
  invalid_request: 'Hij is te oud, of er ontbreekt iets in het adres. Ga terug naar de app en begin opnieuw.',
  invalid_client: 'De app waar je vandaan komt, is hier niet bekend. Jij hebt niets fout gedaan.',
  not_signed_in: 'Je bent hier niet ingelogd. Ga terug naar de app en begin opnieuw.',
  insufficient_user_authentication: 'Bevestig eerst met je passkey in de app en kom dan hier terug.',
  flow_invalid:
    'Dit is in een andere browser begonnen, of te lang geleden. Ga terug naar de app en begin opnieuw.',
  provider_unavailable: 'De andere dienst antwoordde niet. Er is niets veranderd. Probeer het zo opnieuw.',
  authentication_failed:
    'De andere dienst heeft niet bevestigd wie je bent. Probeer het opnieuw of gebruik een andere manier.',
  cross_site_request:
    'Dit kwam van een andere site, dus er is niets gedaan. Ga terug naar de app en begin opnieuw.',
  too_many_requests: 'Er kwamen te veel verzoeken vanaf hier.',
  unavailable: 'De dienst kan dit nu niet. Er is niets veranderd. Probeer het zo opnieuw.',
}
