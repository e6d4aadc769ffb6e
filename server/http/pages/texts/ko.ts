// The Korean texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: '돌아올 방법 추가',
  promoteLead: '패스키가 없는 곳에서도 돌아올 수 있습니다. 만든 내용은 그대로 남습니다.',
  signInTitle: '로그인',
  signInLead: '여기에서 추가한 주소나 계정을 사용하세요.',
  email: '이메일 주소',
  sendCode: '코드 보내기',
  or: '또는',
  continueWith: '{name}(으)로 계속',
  cancel: '취소',
  goesTo: '이후 {host}(으)로 이동합니다.',

  codeTitle: '코드 입력',
  codeLead: '{value} 주소로 보낼 수 있다면 6자리 코드를 보냈습니다. 10분 동안 유효합니다.',
  code: '코드',
  confirm: '확인',
  resend: '새 코드 보내기',
  resent: '새 코드를 보냈습니다. 이전 코드는 더 이상 쓸 수 없습니다.',
  another: '다른 주소 사용',

  errorTitle: '문제가 생겼습니다',
  expiredTitle: '페이지가 만료되었습니다',
  linkTitle: '이 링크는 작동하지 않습니다',
  backTo: '{app}(으)로 돌아가기',
  otherWay: '다른 방법 사용',
  wait: '{time} 후에 다시 시도하세요.',
  tell: '다시 발생하면 {app}에 알려 주세요: {code}',
  privacy: '개인정보 보호',
  otherError: '변경된 것은 없습니다. 앱으로 돌아가서 다시 시도하세요.',

  login_id_invalid: '이메일 주소가 아닙니다.',
  code_wrong: '보낸 코드와 다릅니다. 다섯 번 틀리면 새 코드가 필요합니다.',
  code_expired: '이 코드는 더 이상 쓸 수 없습니다. 새 코드를 보내세요.',
  too_many_codes: '코드를 너무 많이 요청했습니다.',
  not_sent: '코드를 보내지 못했습니다. 주소를 확인하세요.',
  no_codes: '그곳으로는 코드를 보낼 수 없습니다.',
  codes_off: '지금은 코드를 보내지 않습니다. 나중에 다시 시도하세요.',
  invalid_request: '너무 오래되었거나 주소에 빠진 것이 있습니다. 앱으로 돌아가서 다시 시작하세요.',
  invalid_client: '이동해 온 앱이 이곳에 등록되어 있지 않습니다. 잘못하신 것은 없습니다.',
  not_signed_in: '이곳에 로그인되어 있지 않습니다. 앱으로 돌아가서 다시 시작하세요.',
  insufficient_user_authentication: '먼저 앱에서 패스키로 확인한 다음 다시 오세요.',
  flow_invalid: '다른 브라우저에서 시작했거나 너무 오래되었습니다. 앱으로 돌아가서 다시 시작하세요.',
  provider_unavailable: '다른 서비스가 응답하지 않았습니다. 변경된 것은 없습니다. 잠시 후에 다시 시도하세요.',
  authentication_failed:
    '다른 서비스에서 본인 확인을 하지 못했습니다. 다시 시도하거나 다른 방법을 사용하세요.',
  cross_site_request: '다른 사이트에서 온 요청이라 처리하지 않았습니다. 앱으로 돌아가서 다시 시작하세요.',
  too_many_requests: '이곳에서 온 요청이 너무 많습니다.',
  unavailable: '지금은 이 작업을 할 수 없습니다. 변경된 것은 없습니다. 잠시 후에 다시 시도하세요.',
}
