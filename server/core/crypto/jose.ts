// jose, which signs, verifies and encrypts tokens and keys.

import { once } from './once.ts'

export const jose = once(() => import('jose'))
