// The Italian texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Aggiungi un modo per tornare',
  promoteLead: 'Ti permette di tornare anche dove non hai una passkey. Ciò che è tuo resta tuo.',
  signInTitle: 'Accedi',
  signInLead: 'Usa un indirizzo o un account che hai aggiunto qui.',
  email: 'Indirizzo e-mail',
  sendCode: 'Invia codice',
  or: 'oppure',
  continueWith: 'Continua con {name}',
  cancel: 'Annulla',
  goesTo: 'Poi vai su {host}.',

  codeTitle: 'Inserisci il codice',
  codeLead: 'Se {value} è raggiungibile, un codice di sei cifre è in arrivo. Vale dieci minuti.',
  code: 'Codice',
  confirm: 'Conferma',
  resend: 'Invia un nuovo codice',
  resent: 'Un nuovo codice è in arrivo. Quello vecchio non vale più.',
  another: 'Usa un altro indirizzo',

  errorTitle: 'Non ha funzionato',
  expiredTitle: 'Questa pagina è scaduta',
  linkTitle: 'Questo link non funziona',
  backTo: 'Torna a {app}',
  otherWay: 'Usa un’altra opzione',
  wait: 'Attendi {time}, poi riprova.',
  tell: 'Se succede di nuovo, comunica a {app}: {code}',
  privacy: 'Privacy',
  otherError: 'Non è cambiato nulla. Torna all’app e riprova.',

  login_id_invalid: 'Questo non è un indirizzo e-mail.',
  code_wrong: 'Non è il codice inviato. Dopo cinque tentativi ne serve uno nuovo.',
  code_expired: 'Questo codice non vale più. Fattene inviare uno nuovo.',
  too_many_codes: 'Sono stati richiesti troppi codici.',
  not_sent: 'Impossibile inviare il codice. Controlla l’indirizzo.',
  no_codes: 'Lì non si possono inviare codici.',
  codes_off: 'Al momento non si inviano codici. Riprova più tardi.',
  invalid_request: 'È troppo vecchio, o manca qualcosa nel suo indirizzo. Torna all’app e ricomincia.',
  invalid_client: 'L’app da cui arrivi non è conosciuta qui. Non hai fatto nulla di sbagliato.',
  not_signed_in: 'Non hai effettuato l’accesso qui. Torna all’app e ricomincia.',
  insufficient_user_authentication: 'Prima conferma con la tua passkey nell’app, poi torna qui.',
  flow_invalid: 'È stato iniziato in un altro browser, o troppo tempo fa. Torna all’app e ricomincia.',
  provider_unavailable: 'L’altro servizio non ha risposto. Non è cambiato nulla. Riprova tra un momento.',
  authentication_failed: 'L’altro servizio non ha confermato chi sei. Riprova, o usa un’altra opzione.',
  cross_site_request:
    'Arrivava da un altro sito, quindi non è stato fatto nulla. Torna all’app e ricomincia.',
  too_many_requests: 'Da qui sono arrivate troppe richieste.',
  unavailable: 'Il servizio non può farlo al momento. Non è cambiato nulla. Riprova tra un momento.',
}
