// A deployment with every endpoint: it publishes all that can be at well-known URLs, and has a provider that sends a form and
// a client for devices without a browser.

import type { Options } from '../../server/index.ts'

export const rpOrigin = 'https://example.com'
export const relatedOrigin = 'https://app.example.de'

export const fingerprint =
  '14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5'
/** The origin that an app with this signing certificate states: the same bytes in base64url. */
export const androidOrigin = 'android:apk-key-hash:FG3pg8VzBlDY7rmVLzT8ZBagg0LmHb6oigSWsj_PROU'

export const places = {
  origin: [rpOrigin, 'https://www.example.com', relatedOrigin],
  wellKnown: {
    android: [{ packageName: 'com.example.app', sha256CertFingerprints: [fingerprint] }],
    apple: ['A1B2C3D4E5.com.example.app'],
    passkeyEndpoints: {
      enroll: 'https://example.com/account/passkeys/new',
      manage: 'https://example.com/account/passkeys',
    },
  },
  clients: [
    {
      id: 'tv',
      pairwise: 'a secret of more than 32 characters',
      scopes: ['openid'],
      deviceGrant: true,
    },
  ],
  operators: { origin: rpOrigin, wayIn: {} },
  loginIds: {
    providers: [
      {
        id: 'form',
        name: 'Form',
        issuer: 'https://id.example',
        clientId: 'guestkey',
        responseMode: 'form_post',
      },
    ],
  },
} satisfies Partial<Options>
