// The attributes of the elements, for the types of frameworks.

interface Common {
  lang?: string | undefined
  /** Default: that of the page. */
  theme?: 'light' | 'dark' | undefined
  'base-url'?: string | undefined
  /** The name of the site. Default: that of the service. */
  app?: string | undefined
  /** What guests make here, in the plural, such as `notes`. */
  what?: string | undefined
  /** 1 to 6. Default: 2. */
  'heading-level'?: number | string | undefined
}
interface Modal {
  /** A dialog, for `open()`. Any text sets it, `false` too. */
  modal?: boolean | '' | undefined
}
interface Linking {
  /** The page of the new device, by http or https. */
  'link-url'?: string | undefined
}
interface Redirecting {
  /** Where providers lead back to; without it, none are offered. */
  'redirect-uri'?: string | undefined
}

/** The attributes of each element, by its tag. */
export interface ElementAttributes {
  'guestkey-button': Common &
    Linking & {
      variant?: 'secondary' | undefined
      /** The mark alone. Any text sets it, `false` too. */
      compact?: boolean | '' | undefined
      /** Where “Account” leads, by http or https. Default: a dialog. */
      'account-url'?: string | undefined
    }
  'guestkey-sign-in': Common & Modal & Redirecting
  'guestkey-prompt': Common & { variant?: 'sheet' | undefined }
  'guestkey-link': Common & Modal & Linking
  'guestkey-passkeys': Common
  'guestkey-devices': Common & Linking
  'guestkey-recovery-codes': Common
  'guestkey-login-ids': Common & Redirecting
  'guestkey-account': Common & Modal & Linking & Redirecting
}
