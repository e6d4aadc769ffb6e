// The Polish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Dodaj sposób na powrót',
  promoteLead: 'Dzięki temu wrócisz nawet tam, gdzie nie masz klucza dostępu. Wszystko zostaje Twoje.',
  signInTitle: 'Zaloguj się',
  signInLead: 'Użyj adresu lub konta, które zostało tu dodane.',
  email: 'Adres e-mail',
  sendCode: 'Wyślij kod',
  or: 'lub',
  continueWith: 'Kontynuuj przez {name}',
  cancel: 'Anuluj',
  goesTo: 'Dalej przejdziesz do {host}.',

  codeTitle: 'Wpisz kod',
  codeLead: 'Jeśli {value} jest osiągalny, sześciocyfrowy kod jest w drodze. Jest ważny dziesięć minut.',
  code: 'Kod',
  confirm: 'Potwierdź',
  resend: 'Wyślij nowy kod',
  resent: 'Nowy kod jest w drodze. Stary już nie działa.',
  another: 'Użyj innego adresu',

  consentTitle: 'Przejść do {app}?',
  consentLead: 'Tutaj jesteś jako {guest}.',
  enterTitle: 'Zaloguj się do {app}',
  enterLead: 'Przez {site}, bez mówienia, kim jesteś.',
  learnsNumber: '{app} otrzymuje numer dla Ciebie, którego nie dostaje nikt inny.',
  learnsGuest: '{app} dowiaduje się, że jesteś gościem.',
  learnsUser: '{app} dowiaduje się, że nie jesteś już gościem.',
  learnsNot: 'Nie dowiaduje się, jak się tu nazywasz, jaki masz adres ani gdzie jeszcze bywasz.',
  beenHere: 'To nie pierwsza wizyta?',
  continueAsGuest: 'Kontynuuj jako gość',
  continue: 'Dalej',

  errorTitle: 'Nie udało się',
  expiredTitle: 'Ta strona wygasła',
  linkTitle: 'Ten link nie działa',
  backTo: 'Wróć do {app}',
  otherWay: 'Użyj innego sposobu',
  wait: 'Odczekaj: {time}. Potem spróbuj ponownie.',
  tell: 'Jeśli to się powtórzy, przekaż do {app}: {code}',
  privacy: 'Prywatność',
  otherError: 'Nic się nie zmieniło. Wróć do aplikacji i spróbuj ponownie.',

  login_id_invalid: 'To nie jest adres e-mail.',
  code_wrong: 'To nie jest wysłany kod. Po pięciu próbach potrzebny jest nowy.',
  code_expired: 'Ten kod nie jest już ważny. Wyślij nowy.',
  too_many_codes: 'Poproszono o zbyt wiele kodów.',
  not_sent: 'Nie udało się wysłać kodu. Sprawdź adres.',
  no_codes: 'Tam nie można wysłać kodu.',
  codes_off: 'Chwilowo nie wysyłamy kodów. Spróbuj później.',
  guest_sign_in_off:
    'Chwilowo nie przyjmujemy nowych gości. Jeśli to nie pierwsza wizyta, najpierw zaloguj się tam.',
  invalid_request: 'Jest zbyt stary lub brakuje czegoś w adresie. Wróć do aplikacji i zacznij od nowa.',
  invalid_client: 'Aplikacja, która tu prowadzi, nie jest tu znana. To nie Twój błąd.',
  not_signed_in: 'Brak zalogowania w tym miejscu. Wróć do aplikacji i zacznij od nowa.',
  insufficient_user_authentication: 'Najpierw potwierdź kluczem dostępu w aplikacji, potem wróć tutaj.',
  flow_invalid: 'Rozpoczęto to w innej przeglądarce lub zbyt dawno. Wróć do aplikacji i zacznij od nowa.',
  provider_unavailable: 'Druga usługa nie odpowiedziała. Nic się nie zmieniło. Spróbuj za chwilę.',
  authentication_failed:
    'Druga usługa nie potwierdziła Twojej tożsamości. Spróbuj ponownie lub użyj innego sposobu.',
  cross_site_request:
    'To przyszło z innej witryny, więc nic nie zrobiono. Wróć do aplikacji i zacznij od nowa.',
  too_many_requests: 'Przyszło stąd zbyt wiele żądań.',
  unavailable: 'Usługa chwilowo nie może tego zrobić. Nic się nie zmieniło. Spróbuj za chwilę.',
}
