// The Brazilian Portuguese texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Adicionar uma forma de voltar',
  promoteLead: 'Com ela você volta mesmo onde não tem chave de acesso. O que é seu continua seu.',
  signInTitle: 'Entrar',
  signInLead: 'Use um endereço ou uma conta que você adicionou aqui.',
  email: 'Endereço de e-mail',
  sendCode: 'Enviar código',
  or: 'ou',
  continueWith: 'Continuar com {name}',
  cancel: 'Cancelar',
  goesTo: 'Depois você vai para {host}.',

  codeTitle: 'Digite o código',
  codeLead:
    'Se {value} puder ser alcançado, um código de seis dígitos está a caminho. Ele vale por dez minutos.',
  code: 'Código',
  confirm: 'Confirmar',
  resend: 'Enviar um novo código',
  resent: 'Um novo código está a caminho. O antigo não vale mais.',
  another: 'Usar outro endereço',

  consentTitle: 'Continuar para {app}?',
  consentLead: 'Aqui você é {guest}.',
  enterTitle: 'Entrar em {app}',
  enterLead: 'Por meio de {site}, sem dizer quem você é.',
  learnsNumber: '{app} recebe um número para você que ninguém mais recebe.',
  learnsGuest: '{app} fica sabendo que você é um convidado.',
  learnsUser: '{app} fica sabendo que você não é mais um convidado.',
  learnsNot: 'Não fica sabendo seu nome aqui, seu endereço nem aonde mais você vai.',
  beenHere: 'Já esteve aqui?',
  continueAsGuest: 'Continuar como convidado',
  continue: 'Continuar',

  errorTitle: 'Não deu certo',
  expiredTitle: 'Esta página expirou',
  linkTitle: 'Este link não funciona',
  backTo: 'Voltar a {app}',
  otherWay: 'Usar outra opção',
  wait: 'Espere {time} e tente novamente.',
  tell: 'Se acontecer de novo, informe a {app}: {code}',
  privacy: 'Privacidade',
  otherError: 'Nada mudou. Volte ao aplicativo e tente novamente.',

  login_id_invalid: 'Isso não é um endereço de e-mail.',
  code_wrong: 'Esse não é o código enviado. Depois de cinco tentativas, é preciso um novo.',
  code_expired: 'Este código não vale mais. Peça um novo.',
  too_many_codes: 'Foram pedidos códigos demais.',
  not_sent: 'Não foi possível enviar o código. Confira o endereço.',
  no_codes: 'Não é possível enviar códigos para lá.',
  codes_off: 'No momento, não enviamos códigos. Tente mais tarde.',
  guest_sign_in_off: 'No momento, não há novos convidados. Se você já esteve aqui, entre lá primeiro.',
  invalid_request: 'Ele é antigo demais, ou falta algo no endereço. Volte ao aplicativo e comece de novo.',
  invalid_client: 'O aplicativo de onde você veio não é conhecido aqui. Você não fez nada de errado.',
  not_signed_in: 'Você não entrou aqui. Volte ao aplicativo e comece de novo.',
  insufficient_user_authentication:
    'Confirme primeiro com sua chave de acesso no aplicativo e depois volte aqui.',
  flow_invalid: 'Isso começou em outro navegador, ou há muito tempo. Volte ao aplicativo e comece de novo.',
  provider_unavailable: 'O outro serviço não respondeu. Nada mudou. Tente novamente daqui a pouco.',
  authentication_failed: 'O outro serviço não confirmou quem você é. Tente novamente ou use outra opção.',
  cross_site_request:
    'Isso veio de outro site, por isso nada foi feito. Volte ao aplicativo e comece de novo.',
  too_many_requests: 'Vieram pedidos demais daqui.',
  unavailable: 'O serviço não pode fazer isso no momento. Nada mudou. Tente novamente daqui a pouco.',
}
