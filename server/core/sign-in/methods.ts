// Which ways to sign in a deployment offers now.

import type { Context } from '../../context.ts'
import type { SignInMethods } from '../../types.ts'

/** The ways that the options set up and that no setting has switched off. */
export async function signInMethods({ config, sender, settings }: Context): Promise<SignInMethods> {
  const collections = Object.keys(config.collections)
  const [newPasskeys, codes, ...letsIn] = await Promise.all([
    settings.value('passkeyRegistration'),
    settings.value('codes'),
    ...collections.map((one) => settings.value(`guestSignIn.${one}`)),
  ])
  return {
    name: config.rpName,
    guest_sign_in: letsIn.includes(true),
    new_passkeys: newPasskeys === true,
    codes: codes ? (['email', 'phone'] as const).filter(sender.can) : [],
    providers: config.loginIds.providers.map(({ id, name, issuer }) => ({
      id,
      name,
      host: new URL(issuer).host,
    })),
  }
}
