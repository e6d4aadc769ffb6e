// What 0.5 called differently, and what still works in 0.6. In 0.7, delete this file and what TypeScript then finds missing.
import type { GuestClientEvent, OfferListener, PromptListener } from './events.ts'

/** The code of now for one that a server of 0.5 or 0.6 sends, such as `login_id_invalid` for `invalid_login_id`. */
export const codeOfNow = (code: string): string =>
  code.replace(/^(invalid|unknown|ambiguous)_(attribute|login_id|collection|prompt|credentials)$/, '$2_$1')

/** @deprecated Until 0.7: listen to `passkey.offered`. */
export type OldListen = (event: 'offer-passkey', listener: OfferListener) => () => void

/** The event of now for one of 0.5, and any other as it is. */
export const eventOfNow = (event: GuestClientEvent | 'offer-passkey'): GuestClientEvent =>
  event === 'offer-passkey' ? 'passkey.offered' : event

export interface OldPrompts {
  /** @deprecated Until 0.7: `on('prompts.due', listener)`. */
  onDue(listener: PromptListener): () => void
}

export interface OldExpiry {
  /** @deprecated Until 0.7: `expires_at`. */
  expiresAt: number
}

export interface OldHeldKey {
  /** @deprecated Until 0.7: `anonymous_id`. */
  anonymousId: string
  /** @deprecated Until 0.7: `may_resume`. */
  mayResume: boolean
}

export interface OldPasskeySecret {
  /** @deprecated Until 0.7: `passkey_id`. */
  passkeyId: string
}

type OldField = keyof (OldExpiry & OldHeldKey & OldPasskeySecret)

/**
 * Gives an object its fields under the names of 0.5 too, such as `expiresAt` for `expires_at`. They are not enumerable:
 * copies and JSON have the names of now only.
 */
export function withOldNames<Given extends object>(given: Omit<Given, OldField>): Given {
  for (const [name, value] of Object.entries(given))
    Object.defineProperty(
      given,
      name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
      { value },
    )
  return given as Given
}
