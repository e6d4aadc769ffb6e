// The French texts of guestkey's own pages. \u00a0 is a no-break space, which French has before some marks.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Ajouter un moyen de revenir',
  promoteLead: 'Il vous permet de revenir même sans clé d’accès. Ce qui est à vous reste à vous.',
  signInTitle: 'Se connecter',
  signInLead: 'Utilisez une adresse ou un compte que vous avez ajouté ici.',
  email: 'Adresse e-mail',
  sendCode: 'Envoyer le code',
  or: 'ou',
  continueWith: 'Continuer avec {name}',
  cancel: 'Annuler',
  goesTo: 'Vous continuerez sur {host}.',

  codeTitle: 'Saisissez le code',
  codeLead: 'Si {value} peut être joint, un code à six chiffres est en route. Il est valable dix minutes.',
  code: 'Code',
  confirm: 'Confirmer',
  resend: 'Envoyer un nouveau code',
  resent: 'Un nouveau code est en route. L’ancien ne fonctionne plus.',
  another: 'Utiliser une autre adresse',

  consentTitle: 'Continuer vers {app}\u00a0?',
  consentLead: 'Ici, vous êtes {guest}.',
  enterTitle: 'Se connecter à {app}',
  enterLead: 'Via {site}, sans dire qui vous êtes.',
  learnsNumber: '{app} reçoit un numéro pour vous, que personne d’autre n’obtient.',
  learnsGuest: '{app} apprend que vous êtes un invité.',
  learnsUser: '{app} apprend que vous n’êtes plus un invité.',
  learnsAlias: '{app} reçoit l’adresse {value}. Personne ne peut y écrire.',
  learnsReturn: '{app} apprend comment vous pouvez revenir, par exemple avec une clé d’accès.',
  learnsCollection: '{app} apprend à quel groupe vous appartenez ici.',
  learnsNot: 'Votre nom ici, votre adresse et les autres services que vous utilisez ne sont pas transmis.',
  beenHere: 'Déjà venu ici\u00a0?',
  continueAsGuest: 'Continuer en tant qu’invité',
  continue: 'Continuer',
  notYou: 'Ce n’est pas vous\u00a0?',

  signOutTitle: 'Se déconnecter de {site}\u00a0?',
  signOut: 'Se déconnecter',
  leaveTitle: 'Se déconnecter et perdre ce que vous avez fait\u00a0?',
  leaveText: '{guest} n’a encore aucun moyen de revenir. Si vous vous déconnectez, tout disparaît.',
  stay: 'Rester connecté',
  leave: 'Se déconnecter et tout perdre',
  signedOutTitle: 'Vous êtes déconnecté',

  deviceTitle: 'Connecter un appareil',
  deviceLead: 'Saisissez le code que votre appareil affiche.',
  deviceCheck:
    'Votre appareil affiche-t-il {code} ? S’il affiche un autre code, ou si quelqu’un vous a envoyé ici, annulez.',
  deviceDone: 'C’est fait. Retournez à votre appareil.',
  deviceRefused: 'L’appareil n’a pas été autorisé. Vous pouvez fermer cette page.',
  errorTitle: 'Cela n’a pas fonctionné',
  expiredTitle: 'Cette page a expiré',
  linkTitle: 'Ce lien ne fonctionne pas',
  backTo: 'Retour à {app}',
  otherWay: 'Utiliser une autre option',
  wait: 'Patientez {time}, puis réessayez.',
  tell: 'Si cela se reproduit, indiquez à {app}\u00a0: {code}',
  privacy: 'Confidentialité',
  otherError: 'Rien n’a changé. Retournez dans l’application et réessayez.',

  login_id_invalid: 'Ce n’est pas une adresse e-mail.',
  code_wrong: 'Ce n’est pas le code envoyé. Après cinq essais, il en faut un nouveau.',
  code_expired: 'Ce code n’est plus valable. Faites-vous en envoyer un nouveau.',
  too_many_codes: 'Trop de codes ont été demandés.',
  not_sent: 'Le code n’a pas pu être envoyé. Vérifiez l’adresse.',
  no_codes: 'Aucun code ne peut y être envoyé.',
  codes_off: 'Aucun code n’est envoyé pour le moment. Réessayez plus tard.',
  guest_sign_in_off:
    'Pas de nouveaux invités pour le moment. Si vous êtes déjà venu, connectez-vous d’abord là-bas.',
  link_invalid:
    'Aucun appareil n’affiche ce code. Il est peut-être trop ancien ou déjà utilisé : affichez-en un nouveau sur l’appareil.',
  invalid_request:
    'Il est trop ancien, ou il manque quelque chose dans son adresse. Retournez dans l’application et recommencez.',
  invalid_client: 'L’application d’où vous venez n’est pas connue ici. Vous n’avez rien fait de mal.',
  not_signed_in: 'Vous n’êtes pas connecté ici. Retournez dans l’application et recommencez.',
  insufficient_user_authentication:
    'Confirmez d’abord avec votre clé d’accès dans l’application, puis revenez ici.',
  flow_invalid:
    'Cela a commencé dans un autre navigateur, ou il y a trop longtemps. Retournez dans l’application et recommencez.',
  provider_unavailable: 'L’autre service n’a pas répondu. Rien n’a changé. Réessayez dans un instant.',
  authentication_failed:
    'L’autre service n’a pas confirmé votre identité. Réessayez ou utilisez une autre option.',
  cross_site_request:
    'Cela venait d’un autre site, donc rien n’a été fait. Retournez dans l’application et recommencez.',
  too_many_requests: 'Trop de demandes sont venues d’ici.',
  unavailable: 'Le service ne peut pas le faire pour le moment. Rien n’a changé. Réessayez dans un instant.',
}
