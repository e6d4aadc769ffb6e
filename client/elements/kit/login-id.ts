// What a login ID is called.
import type { LoginId } from '../../index.ts'

/** An address as it is; an account at a provider as the host of that provider. */
export const nameOf = ({ type, value }: LoginId): string =>
  type === 'oidc' ? new URL(value.split(' ')[0]!).host : value
