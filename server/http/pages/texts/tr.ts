// The Turkish texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Bir dönüş yolu ekleyin',
  promoteLead: 'Geçiş anahtarınızın olmadığı yerde bile geri dönmenizi sağlar. Sizin olan sizin kalır.',
  signInTitle: 'Giriş yap',
  signInLead: 'Burada eklediğiniz bir adresi veya hesabı kullanın.',
  email: 'E-posta adresi',
  sendCode: 'Kod gönder',
  or: 'veya',
  continueWith: '{name} ile devam et',
  cancel: 'İptal',
  goesTo: 'Sonra şuraya gidersiniz: {host}.',

  codeTitle: 'Kodu girin',
  codeLead: '{value} adresine ulaşılabiliyorsa altı rakamlı bir kod yolda. On dakika geçerlidir.',
  code: 'Kod',
  confirm: 'Onayla',
  resend: 'Yeni bir kod gönder',
  resent: 'Yeni bir kod yolda. Eskisi artık geçerli değil.',
  another: 'Başka bir adres kullan',

  errorTitle: 'Olmadı',
  expiredTitle: 'Bu sayfanın süresi doldu',
  linkTitle: 'Bu bağlantı çalışmıyor',
  backTo: 'Geri dön: {app}',
  otherWay: 'Başka bir seçenek kullan',
  wait: '{time} bekleyip tekrar deneyin.',
  tell: 'Yine olursa {app} için bildirin: {code}',
  privacy: 'Gizlilik',
  otherError: 'Hiçbir şey değişmedi. Uygulamaya dönüp tekrar deneyin.',

  login_id_invalid: 'Bu bir e-posta adresi değil.',
  code_wrong: 'Gönderilen kod bu değil. Beş denemeden sonra yenisi gerekir.',
  code_expired: 'Bu kod artık geçerli değil. Yenisini gönderin.',
  too_many_codes: 'Çok fazla kod istendi.',
  not_sent: 'Kod gönderilemedi. Adresi kontrol edin.',
  no_codes: 'Oraya kod gönderilemiyor.',
  codes_off: 'Şu anda kod gönderilmiyor. Daha sonra tekrar deneyin.',
  invalid_request: 'Çok eski veya adresinde bir şey eksik. Uygulamaya dönüp yeniden başlayın.',
  invalid_client: 'Sizi buraya gönderen uygulama burada tanınmıyor. Siz yanlış bir şey yapmadınız.',
  not_signed_in: 'Burada giriş yapmış değilsiniz. Uygulamaya dönüp yeniden başlayın.',
  insufficient_user_authentication: 'Önce uygulamada geçiş anahtarınızla onaylayın, sonra buraya gelin.',
  flow_invalid: 'Bu, başka bir tarayıcıda veya çok önce başlatıldı. Uygulamaya dönüp yeniden başlayın.',
  provider_unavailable: 'Diğer hizmet yanıt vermedi. Hiçbir şey değişmedi. Birazdan tekrar deneyin.',
  authentication_failed:
    'Diğer hizmet kim olduğunuzu doğrulamadı. Tekrar deneyin veya başka bir seçenek kullanın.',
  cross_site_request:
    'Bu, başka bir siteden geldi, bu yüzden hiçbir şey yapılmadı. Uygulamaya dönüp yeniden başlayın.',
  too_many_requests: 'Buradan çok fazla istek geldi.',
  unavailable: 'Hizmet bunu şu anda yapamıyor. Hiçbir şey değişmedi. Birazdan tekrar deneyin.',
}
