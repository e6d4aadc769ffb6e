// The sections of the account. They are one part: an account shows all of them, and what they share is compressed once.
import { view as devices } from './devices.ts'
import { view as loginIds } from './login-ids.ts'
import { view as passkeys } from './passkeys.ts'
import { view as recoveryCodes } from './recovery-codes.ts'

export { createSection } from './section.ts'

export const views = { devices, loginIds, passkeys, recoveryCodes }
