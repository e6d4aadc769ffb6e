// The prompts that guestkey knows, each due until the guest has done what it asks for. A host makes up others.

import { closestMatch } from 'leven'

const prompts = ['add_passkey', 'add_device_key', 'add_recovery_codes', 'promote', 'add_attribute']

/** The prompt that a misspelt name was probably meant to be: it differs from that of guestkey in one letter or two. */
export function promptMeantBy(name: string): string | undefined {
  const [base = '', attribute = '<name>'] = name.split(':')
  const meant = closestMatch(base, prompts, { maxDistance: 2 })
  const right = meant === 'add_attribute' ? `${meant}:${attribute}` : meant
  return right === name ? undefined : right
}
