// The Spanish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Añadir una forma de volver',
  promoteLead: 'Con ella puedes volver aunque no tengas una llave de acceso. Lo tuyo sigue siendo tuyo.',
  signInTitle: 'Iniciar sesión',
  signInLead: 'Usa una dirección o una cuenta que hayas añadido aquí.',
  email: 'Correo electrónico',
  sendCode: 'Enviar código',
  or: 'o',
  continueWith: 'Continuar con {name}',
  cancel: 'Cancelar',
  goesTo: 'Después vas a {host}.',

  codeTitle: 'Escribe el código',
  codeLead: 'Si {value} existe, un código de seis dígitos está en camino. Vale diez minutos.',
  code: 'Código',
  confirm: 'Confirmar',
  resend: 'Enviar un código nuevo',
  resent: 'Un código nuevo está en camino. El anterior ya no funciona.',
  another: 'Usar otra dirección',

  consentTitle: '¿Continuar a {app}?',
  consentLead: 'Aquí eres {guest}.',
  enterTitle: 'Iniciar sesión en {app}',
  enterLead: 'A través de {site}, sin decir quién eres.',
  learnsNumber: '{app} recibe un número para ti que nadie más obtiene.',
  learnsGuest: '{app} sabe que eres un invitado.',
  learnsUser: '{app} sabe que ya no eres un invitado.',
  learnsAlias: '{app} recibe la dirección {value}. Nadie puede escribir a ella.',
  learnsReturn: '{app} sabe cómo puedes volver, por ejemplo con una llave de acceso.',
  learnsCollection: '{app} sabe a qué grupo perteneces aquí.',
  learnsNot: 'No sabe tu nombre aquí, tu dirección ni qué otros sitios usas.',
  beenHere: '¿Ya has estado aquí?',
  continueAsGuest: 'Continuar como invitado',
  continue: 'Continuar',
  notYou: '¿No eres tú?',

  signOutTitle: '¿Cerrar sesión en {site}?',
  signOut: 'Cerrar sesión',
  leaveTitle: '¿Cerrar sesión y perder lo que has hecho?',
  leaveText: '{guest} aún no tiene forma de volver. Si cierras sesión, se pierde todo.',
  stay: 'Mantener la sesión',
  leave: 'Cerrar sesión y perderlo',
  signedOutTitle: 'Has cerrado sesión',

  deviceTitle: 'Conectar un dispositivo',
  deviceLead: 'Escribe el código que muestra tu dispositivo.',
  deviceCheck:
    '¿Muestra tu dispositivo {code}? Si muestra otro código, o si alguien te ha enviado aquí, cancela.',
  deviceDone: 'Listo. Vuelve a tu dispositivo.',
  deviceRefused: 'El dispositivo no ha entrado. Puedes cerrar esta página.',
  errorTitle: 'No ha funcionado',
  expiredTitle: 'Esta página ha caducado',
  linkTitle: 'Este enlace no funciona',
  backTo: 'Volver a {app}',
  otherWay: 'Usar otra opción',
  wait: 'Espera {time} y vuelve a intentarlo.',
  tell: 'Si vuelve a pasar, di a {app}: {code}',
  privacy: 'Privacidad',
  otherError: 'No ha cambiado nada. Vuelve a la aplicación e inténtalo de nuevo.',

  login_id_invalid: 'Eso no es una dirección de correo.',
  code_wrong: 'Ese no es el código enviado. Tras cinco intentos necesitas uno nuevo.',
  code_expired: 'Este código ya no vale. Pide uno nuevo.',
  too_many_codes: 'Se han pedido demasiados códigos.',
  not_sent: 'No se pudo enviar el código. Comprueba la dirección.',
  no_codes: 'Allí no se pueden enviar códigos.',
  codes_off: 'Por ahora no se envían códigos. Inténtalo más tarde.',
  guest_sign_in_off:
    'Por ahora no se admiten nuevos invitados. Si ya has estado aquí, inicia sesión allí primero.',
  link_invalid:
    'Ningún dispositivo muestra este código. Puede ser demasiado antiguo o estar usado: muestra uno nuevo en el dispositivo.',
  invalid_request:
    'Es demasiado antiguo o le falta algo en la dirección. Vuelve a la aplicación y empieza de nuevo.',
  invalid_client: 'La aplicación de la que vienes no se conoce aquí. No has hecho nada mal.',
  not_signed_in: 'No has iniciado sesión aquí. Vuelve a la aplicación y empieza de nuevo.',
  insufficient_user_authentication:
    'Confirma primero con tu llave de acceso en la aplicación y después vuelve aquí.',
  flow_invalid:
    'Esto se empezó en otro navegador o hace demasiado tiempo. Vuelve a la aplicación y empieza de nuevo.',
  provider_unavailable:
    'El otro servicio no ha respondido. No ha cambiado nada. Vuelve a intentarlo en un momento.',
  authentication_failed:
    'El otro servicio no ha confirmado quién eres. Vuelve a intentarlo o usa otra opción.',
  cross_site_request:
    'Esto venía de otro sitio, así que no se ha hecho nada. Vuelve a la aplicación y empieza de nuevo.',
  too_many_requests: 'Han llegado demasiadas solicitudes desde aquí.',
  unavailable: 'El servicio no puede hacerlo ahora. No ha cambiado nada. Vuelve a intentarlo en un momento.',
}
