// The sections of the account, in their order, as places that one can go to.
import { codes, key, laptop, mail, out, passkey } from '../../kit/icons.ts'
import type { Words } from '../../kit/words.ts'
import type { Kept } from './kept.ts'

export interface Place {
  /** Its anchor, behind `#guestkey-`. */
  name: string
  title: 'gettingBack' | 'passkeys' | 'devices' | 'recoveryCodes' | 'addresses' | 'leaveSection'
  drawing: string
  /** The element that it is. */
  tag?: string
  /** What is in it, in a word; empty if there is nothing. */
  value?: (kept: Kept) => string
}

/** `count` says how many there are; nothing if there are none. */
export const placesOf = (t: Words, count: (list: unknown[]) => string): Place[] => [
  { name: 'back', title: 'gettingBack', drawing: key },
  {
    name: 'passkeys',
    title: 'passkeys',
    drawing: passkey,
    tag: 'guestkey-passkeys',
    value: ({ passkeys }) => count(passkeys),
  },
  {
    name: 'devices',
    title: 'devices',
    drawing: laptop,
    tag: 'guestkey-devices',
    value: ({ sessions }) => count(sessions),
  },
  {
    name: 'codes',
    title: 'recoveryCodes',
    drawing: codes,
    tag: 'guestkey-recovery-codes',
    value: ({ recovery_codes: { left } }) => (left ? t('left', { count: left }) : ''),
  },
  {
    name: 'addresses',
    title: 'addresses',
    drawing: mail,
    tag: 'guestkey-login-ids',
    value: ({ login_ids }) => count(login_ids),
  },
  { name: 'leave', title: 'leaveSection', drawing: out },
]
