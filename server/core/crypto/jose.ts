// Loads jose, the library that signs, verifies and encrypts tokens and keys, at its first use.

import { once } from './once.ts'

export const jose = once(() => import('jose'))
