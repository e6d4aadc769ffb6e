// The Finnish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Lisää tapa palata',
  promoteLead: 'Sen avulla voit palata sielläkin, missä sinulla ei ole pääsyavainta. Omasi pysyy omanasi.',
  signInTitle: 'Kirjaudu sisään',
  signInLead: 'Käytä osoitetta tai tiliä, jonka olet lisännyt täällä.',
  email: 'Sähköpostiosoite',
  sendCode: 'Lähetä koodi',
  or: 'tai',
  continueWith: 'Jatka palvelulla {name}',
  cancel: 'Peruuta',
  goesTo: 'Jatkat osoitteeseen {host}.',

  codeTitle: 'Kirjoita koodi',
  codeLead: 'Jos osoite {value} toimii, kuusinumeroinen koodi on tulossa. Se on voimassa kymmenen minuuttia.',
  code: 'Koodi',
  confirm: 'Vahvista',
  resend: 'Lähetä uusi koodi',
  resent: 'Uusi koodi on tulossa. Vanha ei enää toimi.',
  another: 'Käytä toista osoitetta',

  consentTitle: 'Jatketaanko palveluun {app}?',
  consentLead: 'Täällä olet {guest}.',
  enterTitle: 'Kirjaudu palveluun {app}',
  enterLead: 'Palvelun {site} kautta kertomatta, kuka olet.',
  learnsNumber: '{app} saa sinulle numeron, jota kukaan muu ei saa.',
  learnsGuest: '{app} saa tietää, että olet vieras.',
  learnsUser: '{app} saa tietää, ettet ole enää vieras.',
  learnsAlias: '{app} saa osoitteen {value}. Kukaan ei voi kirjoittaa siihen.',
  learnsReturn: '{app} saa tietää, miten voit palata, esimerkiksi pääsyavaimella.',
  learnsCollection: '{app} saa tietää, mihin ryhmään kuulut täällä.',
  learnsNot: 'Se ei saa tietää nimeäsi täällä, osoitettasi eikä missä muualla käyt.',
  beenHere: 'Oletko käynyt täällä ennen?',
  continueAsGuest: 'Jatka vieraana',
  continue: 'Jatka',
  notYou: 'Etkö se ole sinä?',

  signOutTitle: 'Kirjaudutaanko ulos: {site}?',
  signOut: 'Kirjaudu ulos',
  leaveTitle: 'Kirjaudutaanko ulos ja menetetään kaikki?',
  leaveText: '{guest} ei voi vielä palata. Kun kirjaudut ulos, kaikki katoaa.',
  stay: 'Pysy kirjautuneena',
  leave: 'Kirjaudu ulos ja menetä kaikki',
  signedOutTitle: 'Olet kirjautunut ulos',

  deviceTitle: 'Yhdistä laite',
  deviceLead: 'Anna koodi, jonka laitteesi näyttää.',
  deviceCheck:
    'Näyttääkö laitteesi koodin {code}? Jos se näyttää toisen koodin tai jos joku lähetti sinut tänne, peruuta.',
  deviceDone: 'Valmis. Palaa laitteellesi.',
  deviceRefused: 'Laitetta ei päästetty sisään. Voit sulkea tämän sivun.',
  errorTitle: 'Se ei onnistunut',
  expiredTitle: 'Tämä sivu on vanhentunut',
  linkTitle: 'Tämä linkki ei toimi',
  backTo: 'Takaisin: {app}',
  otherWay: 'Käytä toista tapaa',
  wait: 'Odota {time} ja yritä uudelleen.',
  tell: 'Jos näin käy uudelleen, ilmoita palveluun {app}: {code}',
  privacy: 'Tietosuoja',
  otherError: 'Mikään ei muuttunut. Palaa sovellukseen ja yritä uudelleen.',

  login_id_invalid: 'Tämä ei ole sähköpostiosoite.',
  code_wrong: 'Tämä ei ole lähetetty koodi. Viiden yrityksen jälkeen tarvitset uuden.',
  code_expired: 'Tämä koodi ei ole enää voimassa. Lähetä uusi.',
  too_many_codes: 'Koodeja pyydettiin liian monta.',
  not_sent: 'Koodia ei voitu lähettää. Tarkista osoite.',
  no_codes: 'Sinne ei voi lähettää koodeja.',
  codes_off: 'Koodeja ei lähetetä juuri nyt. Yritä myöhemmin uudelleen.',
  guest_sign_in_off:
    'Uusia vieraita ei oteta juuri nyt. Jos olet käynyt täällä ennen, kirjaudu ensin siellä.',
  link_invalid:
    'Mikään laite ei näytä tätä koodia. Se voi olla liian vanha tai käytetty: näytä laitteella uusi.',
  invalid_request: 'Se on liian vanha, tai osoitteesta puuttuu jotain. Palaa sovellukseen ja aloita alusta.',
  invalid_client: 'Sovellusta, josta tulit, ei tunneta täällä. Et tehnyt mitään väärin.',
  not_signed_in: 'Et ole kirjautunut täällä. Palaa sovellukseen ja aloita alusta.',
  insufficient_user_authentication:
    'Vahvista ensin pääsyavaimella sovelluksessa ja tule sitten takaisin tänne.',
  flow_invalid:
    'Tämä aloitettiin toisessa selaimessa tai liian kauan sitten. Palaa sovellukseen ja aloita alusta.',
  provider_unavailable: 'Toinen palvelu ei vastannut. Mikään ei muuttunut. Yritä hetken päästä uudelleen.',
  authentication_failed: 'Toinen palvelu ei vahvistanut, kuka olet. Yritä uudelleen tai käytä toista tapaa.',
  cross_site_request:
    'Tämä tuli toiselta sivustolta, joten mitään ei tehty. Palaa sovellukseen ja aloita alusta.',
  too_many_requests: 'Täältä tuli liian monta pyyntöä.',
  unavailable: 'Palvelu ei voi tehdä tätä juuri nyt. Mikään ei muuttunut. Yritä hetken päästä uudelleen.',
}
