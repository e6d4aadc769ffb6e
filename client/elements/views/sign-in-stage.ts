// What the steps of the sign-in share.
import type { SignInMethods, UserInfo } from '../../index.ts'
import type { Attempt } from '../kit/attempt.ts'
import type { Stage } from '../kit/stage.ts'
import type { Texts } from '../kit/words.ts'
import type { Pieces } from './pieces.ts'

/** The element of the sign-in. */
export type SignInHost = HTMLElement & {
  readonly texts: Partial<Texts>
  readonly isOpen: boolean
  close(guest?: UserInfo | null): void
}

/** Where the person is. */
export type Step = 'start' | 'recovery' | 'address' | 'digits' | 'link'

export interface SignInStage extends Stage<SignInHost> {
  pieces: Pieces
  attempt: Attempt
  /** What the service offers; undefined if it did not say so. */
  methods: SignInMethods | undefined
  /** Whether this browser has a key of the guest who was here before. */
  held: boolean | undefined
  /** Goes to a step, and puts the focus on its title. */
  go(step: Step): void
  /** Signs in, and says so. Resolves to false if that failed. */
  signIn(name: string, ask: () => Promise<UserInfo>): Promise<boolean>
  /** The name of the site. */
  app(): string
}
