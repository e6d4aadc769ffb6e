// The German texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Einen Weg zurück hinzufügen',
  promoteLead: 'Damit kommen Sie auch ohne Passkey zurück. Was Ihnen gehört, bleibt Ihres.',
  signInTitle: 'Anmelden',
  signInLead: 'Nehmen Sie eine Adresse oder ein Konto, das Sie hier hinzugefügt haben.',
  email: 'E-Mail-Adresse',
  sendCode: 'Code senden',
  or: 'oder',
  continueWith: 'Weiter mit {name}',
  cancel: 'Abbrechen',
  goesTo: 'Weiter geht es auf {host}.',

  codeTitle: 'Code eingeben',
  codeLead: 'Wenn {value} erreichbar ist, ist ein sechsstelliger Code unterwegs. Er gilt zehn Minuten.',
  code: 'Code',
  confirm: 'Bestätigen',
  resend: 'Neuen Code senden',
  resent: 'Ein neuer Code ist unterwegs. Der alte gilt nicht mehr.',
  another: 'Andere Adresse verwenden',

  consentTitle: 'Weiter zu {app}?',
  consentLead: 'Sie sind hier {guest}.',
  enterTitle: 'Bei {app} anmelden',
  enterLead: 'Über {site}, ohne zu sagen, wer Sie sind.',
  learnsNumber: '{app} erfährt eine Nummer für Sie, die sonst niemand bekommt.',
  learnsGuest: '{app} erfährt, dass Sie Gast sind.',
  learnsUser: '{app} erfährt, dass Sie kein Gast mehr sind.',
  learnsAlias: '{app} bekommt die Adresse {value}. Niemand kann dorthin schreiben.',
  learnsReturn: '{app} erfährt, wie Sie wiederkommen können, etwa mit einem Passkey.',
  learnsCollection: '{app} erfährt, zu welcher Gruppe Sie hier gehören.',
  learnsNot:
    'Nicht erfahren wird, wie Sie hier heißen, Ihre Adresse oder welche anderen Angebote Sie nutzen.',
  beenHere: 'Schon einmal hier gewesen?',
  continueAsGuest: 'Als Gast weitermachen',
  continue: 'Weiter',
  notYou: 'Sind Sie das nicht?',

  signOutTitle: 'Von {site} abmelden?',
  signOut: 'Abmelden',
  leaveTitle: 'Abmelden und verlieren, was Sie gemacht haben?',
  leaveText: '{guest} hat noch keinen Weg zurück. Wenn Sie sich abmelden, ist alles weg.',
  stay: 'Angemeldet bleiben',
  leave: 'Abmelden und verlieren',
  signedOutTitle: 'Sie sind abgemeldet',

  deviceTitle: 'Ein Gerät verbinden',
  deviceLead: 'Gib den Code ein, den dein Gerät zeigt.',
  deviceCheck:
    'Zeigt dein Gerät {code}? Wenn es einen anderen Code zeigt oder dich jemand hierher geschickt hat, brich ab.',
  deviceDone: 'Fertig. Geh zurück zu deinem Gerät.',
  deviceRefused: 'Das Gerät wurde nicht zugelassen. Du kannst diese Seite schließen.',
  errorTitle: 'Das hat nicht geklappt',
  expiredTitle: 'Diese Seite ist abgelaufen',
  linkTitle: 'Dieser Link funktioniert nicht',
  backTo: 'Zurück zu {app}',
  otherWay: 'Anderen Weg nehmen',
  wait: 'Warten Sie {time}, dann versuchen Sie es noch einmal.',
  tell: 'Wenn es wieder vorkommt, nennen Sie {app}: {code}',
  privacy: 'Datenschutz',
  otherError: 'Nichts hat sich geändert. Gehen Sie zurück zur App und versuchen Sie es noch einmal.',

  login_id_invalid: 'Das ist keine E-Mail-Adresse.',
  code_wrong: 'Das ist nicht der Code, der gesendet wurde. Nach fünf Versuchen brauchen Sie einen neuen.',
  code_expired: 'Dieser Code gilt nicht mehr. Lassen Sie sich einen neuen senden.',
  too_many_codes: 'Es wurden zu viele Codes verlangt.',
  not_sent: 'Der Code konnte nicht gesendet werden. Prüfen Sie die Adresse.',
  no_codes: 'Dorthin kann kein Code gesendet werden.',
  codes_off: 'Zurzeit werden keine Codes gesendet. Versuchen Sie es später noch einmal.',
  guest_sign_in_off:
    'Zurzeit keine neuen Gäste. Wenn Sie schon einmal hier waren, melden Sie sich erst dort an.',
  link_invalid:
    'Kein Gerät zeigt diesen Code. Vielleicht ist er zu alt oder benutzt: Lass das Gerät einen neuen zeigen.',
  invalid_request:
    'Er ist zu alt, oder in der Adresse fehlt etwas. Gehen Sie zurück zur App und beginnen Sie neu.',
  invalid_client: 'Die App, von der Sie kommen, ist hier nicht bekannt. Sie haben nichts falsch gemacht.',
  not_signed_in: 'Sie sind hier nicht angemeldet. Gehen Sie zurück zur App und beginnen Sie neu.',
  insufficient_user_authentication:
    'Bestätigen Sie erst in der App mit Ihrem Passkey, dann kommen Sie wieder hierher.',
  flow_invalid:
    'Das wurde in einem anderen Browser begonnen oder vor zu langer Zeit. Gehen Sie zurück zur App und beginnen Sie neu.',
  provider_unavailable:
    'Der andere Dienst hat nicht geantwortet. Nichts hat sich geändert. Versuchen Sie es gleich noch einmal.',
  authentication_failed:
    'Der andere Dienst hat nicht bestätigt, wer Sie sind. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
  cross_site_request:
    'Das kam von einer anderen Website, darum ist nichts geschehen. Gehen Sie zurück zur App und beginnen Sie neu.',
  too_many_requests: 'Von hier kamen zu viele Anfragen.',
  unavailable:
    'Der Dienst kann das gerade nicht. Nichts hat sich geändert. Versuchen Sie es gleich noch einmal.',
}
