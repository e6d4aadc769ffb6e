// The Japanese texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: '戻る方法を追加',
  promoteLead: 'パスキーがない場所からでも戻れるようになります。これまでの内容はそのまま残ります。',
  signInTitle: 'ログイン',
  signInLead: 'ここで追加したアドレスまたはアカウントをお使いください。',
  email: 'メールアドレス',
  sendCode: 'コードを送る',
  or: 'または',
  continueWith: '{name} で続ける',
  cancel: 'キャンセル',
  goesTo: 'この後、{host} に移動します。',

  codeTitle: 'コードを入力',
  codeLead: '{value} に届く場合は、6 桁のコードを送りました。10 分間有効です。',
  code: 'コード',
  confirm: '確認',
  resend: '新しいコードを送る',
  resent: '新しいコードを送りました。前のコードは使えません。',
  another: '別のアドレスを使う',

  consentTitle: '{app} に進みますか？',
  consentLead: 'ここでは {guest} です。',
  enterTitle: '{app} にログイン',
  enterLead: '{site} を通じて、あなたが誰かを伝えずに。',
  learnsNumber: '{app} は、ほかの誰も受け取らないあなた用の番号を受け取ります。',
  learnsGuest: '{app} は、あなたがゲストであることを知ります。',
  learnsUser: '{app} は、あなたがゲストではないことを知ります。',
  learnsNot: 'ここでの名前、アドレス、ほかに利用している場所は伝わりません。',
  beenHere: 'ご利用になったことがありますか？',
  continueAsGuest: 'ゲストとして続ける',
  continue: '続ける',

  errorTitle: 'うまくいきませんでした',
  expiredTitle: 'このページの有効期限が切れました',
  linkTitle: 'このリンクは使えません',
  backTo: '{app} に戻る',
  otherWay: '別の方法を使う',
  wait: '{time}待ってから、もう一度お試しください。',
  tell: 'もう一度起きた場合は、{app} にお伝えください: {code}',
  privacy: 'プライバシー',
  otherError: '何も変わっていません。アプリに戻って、もう一度お試しください。',

  login_id_invalid: 'メールアドレスではありません。',
  code_wrong: '送られたコードと違います。5 回間違えると、新しいコードが必要です。',
  code_expired: 'このコードはもう使えません。新しいコードを送ってください。',
  too_many_codes: 'コードの送信回数が多すぎます。',
  not_sent: 'コードを送れませんでした。アドレスを確認してください。',
  no_codes: 'そこにはコードを送れません。',
  codes_off: '今はコードを送っていません。後でもう一度お試しください。',
  guest_sign_in_off:
    '今は新しいゲストを受け付けていません。以前に来たことがある場合は、先にそちらでログインしてください。',
  invalid_request: '古すぎるか、アドレスに足りないものがあります。アプリに戻って、やり直してください。',
  invalid_client: '移動元のアプリは、ここに登録されていません。あなたに問題はありません。',
  not_signed_in: 'ここではログインしていません。アプリに戻って、やり直してください。',
  insufficient_user_authentication: '先にアプリでパスキーを使って確認してから、もう一度ここに来てください。',
  flow_invalid: '別のブラウザで始められたか、時間が経ちすぎています。アプリに戻って、やり直してください。',
  provider_unavailable:
    '相手のサービスが応答しませんでした。何も変わっていません。少し待ってから、もう一度お試しください。',
  authentication_failed:
    '相手のサービスで本人確認ができませんでした。もう一度試すか、別の方法をお使いください。',
  cross_site_request: '別のサイトから来たため、何も行われませんでした。アプリに戻って、やり直してください。',
  too_many_requests: 'ここからのリクエストが多すぎます。',
  unavailable: '今はこの操作を行えません。何も変わっていません。少し待ってから、もう一度お試しください。',
}
