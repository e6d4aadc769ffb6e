// What the service keeps about the guest, as far as the account shows it, and what of that would bring the guest back.
import type { DeviceKey, GuestSession, LoginId, Passkey, RecoveryCodesLeft } from '../../../index.ts'
import { browser, codes, mail, passkey, phone, usb } from '../../kit/icons.ts'
import { nameOf } from '../../kit/login-id.ts'
import type { Words } from '../../kit/words.ts'

/** Of the answer of `account.export()`. */
export interface Kept {
  guest: { created_at: number }
  passkeys: Passkey[]
  device_keys: DeviceKey[]
  recovery_codes: RecoveryCodesLeft
  login_ids: LoginId[]
  sessions: GuestSession[]
}

/** A way back. It holds if it would outlive this device. */
export interface Way {
  name: string
  where: string
  drawing: string
  holds: boolean
}

/** All ways back, those that hold first. `heldId` is the key of this browser. */
export function waysBack(kept: Kept, heldId: string | undefined, t: Words): Way[] {
  const { confirmed, left } = kept.recovery_codes
  const ways: Way[] = [
    ...kept.passkeys.map(({ name, backed_up, transports }) => {
      // A passkey that is neither synced nor in the device itself is on a key of its own.
      const isApart = !backed_up && transports.length > 0 && !transports.includes('internal')
      const where = backed_up ? 'passkeySynced' : isApart ? 'passkeyKey' : 'passkeyDevice'
      return { name, where: t(where), drawing: isApart ? usb : passkey, holds: backed_up || isApart }
    }),
    ...(confirmed && left > 0
      ? [
          {
            name: `${t('recoveryCodes')} · ${t('left', { count: left })}`,
            where: t('whereYouPutThem'),
            drawing: codes,
            holds: true,
          },
        ]
      : []),
    ...kept.login_ids.map((loginId) => ({
      name: nameOf(loginId),
      where: whereOf(loginId, t),
      drawing: loginId.type === 'phone' ? phone : mail,
      holds: true,
    })),
    ...kept.device_keys.map(({ id, name }) => {
      const isHere = id === heldId
      return {
        name: isHere ? t('thisBrowser') : name,
        where: t(isHere ? 'onlyHere' : 'passkeyDevice'),
        drawing: browser,
        holds: !isHere,
      }
    }),
  ]
  return ways.toSorted((one, other) => Number(other.holds) - Number(one.holds))
}

const whereOf = (loginId: LoginId, t: Words): string =>
  loginId.type === 'oidc'
    ? t('byWayOf', { host: nameOf(loginId) })
    : t(loginId.type === 'email' ? 'codeByMail' : 'codeByPhone')
