// The Indonesian texts of guestkey's own pages.
import type { Translation } from '../../../../client/elements/texts/translation.ts'
import type { texts as english } from './en.ts'

export const texts: Translation<typeof english> = {
  promoteTitle: 'Tambahkan cara untuk kembali',
  promoteLead: 'Dengan ini Anda bisa kembali meski tidak punya kunci sandi. Milik Anda tetap milik Anda.',
  signInTitle: 'Masuk',
  signInLead: 'Gunakan alamat atau akun yang telah Anda tambahkan di sini.',
  email: 'Alamat email',
  sendCode: 'Kirim kode',
  or: 'atau',
  continueWith: 'Lanjutkan dengan {name}',
  cancel: 'Batal',
  goesTo: 'Selanjutnya Anda menuju {host}.',

  codeTitle: 'Masukkan kode',
  codeLead: 'Jika {value} dapat dihubungi, kode enam angka sedang dikirim. Kode berlaku sepuluh menit.',
  code: 'Kode',
  confirm: 'Konfirmasi',
  resend: 'Kirim kode baru',
  resent: 'Kode baru sedang dikirim. Kode lama tidak berlaku lagi.',
  another: 'Gunakan alamat lain',

  errorTitle: 'Itu tidak berhasil',
  expiredTitle: 'Halaman ini sudah kedaluwarsa',
  linkTitle: 'Tautan ini tidak berfungsi',
  backTo: 'Kembali ke {app}',
  otherWay: 'Gunakan cara lain',
  wait: 'Tunggu {time}, lalu coba lagi.',
  tell: 'Jika terjadi lagi, beri tahu {app}: {code}',
  privacy: 'Privasi',
  otherError: 'Tidak ada yang berubah. Kembali ke aplikasi, lalu coba lagi.',

  login_id_invalid: 'Itu bukan alamat email.',
  code_wrong: 'Itu bukan kode yang dikirim. Setelah lima percobaan, Anda perlu kode baru.',
  code_expired: 'Kode ini tidak berlaku lagi. Kirim yang baru.',
  too_many_codes: 'Terlalu banyak kode diminta.',
  not_sent: 'Kode tidak dapat dikirim. Periksa alamatnya.',
  no_codes: 'Kode tidak dapat dikirim ke sana.',
  codes_off: 'Saat ini tidak ada kode yang dikirim. Coba lagi nanti.',
  invalid_request:
    'Sudah terlalu lama, atau ada yang kurang di alamatnya. Kembali ke aplikasi, lalu mulai lagi.',
  invalid_client: 'Aplikasi asal Anda tidak dikenal di sini. Anda tidak melakukan kesalahan.',
  not_signed_in: 'Anda belum masuk di sini. Kembali ke aplikasi, lalu mulai lagi.',
  insufficient_user_authentication: 'Konfirmasi dulu dengan kunci sandi di aplikasi, lalu kembali ke sini.',
  flow_invalid: 'Ini dimulai di browser lain, atau sudah terlalu lama. Kembali ke aplikasi, lalu mulai lagi.',
  provider_unavailable: 'Layanan lain tidak menjawab. Tidak ada yang berubah. Coba lagi sebentar lagi.',
  authentication_failed: 'Layanan lain tidak memastikan siapa Anda. Coba lagi, atau gunakan cara lain.',
  cross_site_request:
    'Ini datang dari situs lain, jadi tidak ada yang dilakukan. Kembali ke aplikasi, lalu mulai lagi.',
  too_many_requests: 'Terlalu banyak permintaan datang dari sini.',
  unavailable: 'Layanan tidak dapat melakukannya saat ini. Tidak ada yang berubah. Coba lagi sebentar lagi.',
}
