// A state of an element, for looking at it: with a client that answers what brings the element there.
import type { GuestClient, GuestSession, Passkey, SignInMethods, UserInfo } from '../../index.ts'

/** A state to look at. */
export interface State {
  element: keyof HTMLElementTagNameMap & `guestkey-${string}`
  name: string
  attributes?: Record<string, string>
  /** What the client answers. */
  guest?: UserInfo | null
  answers?: Answers
  /** A guest that this browser remembers. */
  isBack?: boolean
  /** The buttons to press, by what they say in English, one after the other; `switch` is the switch. */
  press?: string[]
  /** What to type into the first field, before the buttons. */
  type?: string
  /** It is over all others, so it is shown only when it is chosen. */
  isOver?: boolean
}

/** What a client answers, by the name of its function. A text is the code of an error; `wait` never answers. */
type Answers = Record<string, unknown>

export const guest = (over: Partial<UserInfo> = {}): UserInfo => ({
  sub: 'gallery',
  anonymous_id: 'gallery',
  is_anonymous: true,
  is_verified: false,
  isAnonymous: true,
  isVerified: false,
  recoverability: 'none',
  label: 'amber-fox-42',
  collection: 'users',
  expires_at: null,
  prompts: [],
  ...over,
})

export const signInMethods: SignInMethods = {
  name: 'Jotter',
  guest_sign_in: true,
  new_passkeys: true,
  codes: ['email'],
  providers: [{ id: 'example', name: 'Example ID', host: 'id.example.com' }],
}

const inMinutes = (minutes: number) => Math.floor(Date.now() / 1000) + 60 * minutes - 1
const started = {
  id: 'link',
  code: 'ZNSW-QTXG',
  url: 'https://jotter.example.com/link',
  expires_at: inMinutes(8),
}
export const opened = {
  id: 'link',
  status: 'opened',
  words: ['coral', 'osprey'],
  device: { browser: 'Safari', platform: 'iOS' },
  expires_at: inMinutes(2),
}
/** That day of 2026, in Unix seconds. */
export const day = (day: number, month: number) => Date.UTC(2026, month - 1, day, 12) / 1000
const daysAgo = (days: number) => Math.floor(Date.now() / 1000) - 86_400 * days
const passkey = {
  id: 'everywhere',
  name: 'Everywhere',
  provider: 'iCloud Keychain',
  created_at: day(3, 9),
  last_used_at: daysAgo(0),
  transports: ['internal', 'hybrid'],
  backed_up: true,
}
export const passkeys: Passkey[] = [
  passkey,
  {
    ...passkey,
    id: 'key',
    name: 'Blue security key',
    provider: null,
    created_at: day(12, 10),
    last_used_at: null,
    transports: ['usb'],
    backed_up: false,
  },
]
const session = {
  id: 'here',
  created_at: day(3, 9),
  last_seen_at: daysAgo(0),
  expires_at: daysAgo(-90),
  auth_time: day(3, 9),
  current: true,
}
export const sessions: GuestSession[] = [
  session,
  {
    ...session,
    id: 'phone',
    created_at: day(14, 10),
    last_seen_at: daysAgo(1),
    auth_time: null,
    current: false,
  },
  {
    ...session,
    id: 'work',
    created_at: day(2, 11),
    last_seen_at: daysAgo(9),
    auth_time: day(2, 11),
    current: false,
  },
]
const wait = () => new Promise(() => {})
type Watch = { onChange(state: unknown): void }

class Refusal extends Error {
  override name = 'GuestClientError'
  code: string
  retryAfter: number | undefined
  constructor(code: string) {
    super(code)
    this.code = code
    if (code === 'too_many_requests') this.retryAfter = 34
  }
}

/** A client that answers as the state says. It sends nothing. */
export function clientOf({ guest: who = null, answers = {} }: State): GuestClient {
  const given: Answers = {
    user: who,
    signInMethods,
    'passkeys.list': passkeys,
    'deviceKeys.list': [],
    'sessions.list': sessions,
    'recoveryCodes.status': { left: 8, created_at: day(3, 9), confirmed: true },
    'loginIds.list': [{ type: 'email', value: 'you@example.com', primary: true, verified_at: day(4, 9) }],
    'deviceKey.held': null,
    'codeSignIn.start': { transaction: 't', expires_at: 0 },
    'deviceLinks.start': started,
    'deviceLinks.watch': 'wait',
    'deviceLinks.open': {
      words: ['coral', 'osprey'],
      label: 'amber-fox-42',
      expires_at: inMinutes(2),
      claim: wait,
    },
    'passkeys.add': 'wait',
    'passkeys.signIn': 'wait',
    signInAnonymously: 'wait',
    ...answers,
  }
  const answer = (name: string) => async (options?: { autofill?: boolean }, watch?: Watch) => {
    const value = given[name]
    if (name === 'deviceLinks.watch' && value !== 'wait') watch!.onChange(value)
    if (value === 'wait' || options?.autofill) return new Promise(() => {})
    if (typeof value === 'string') throw new Refusal(value)
    return value
  }
  const group = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, one) =>
          one === 'pending'
            ? () => null
            : one === 'supported'
              ? () => answers.supported !== false
              : answer(`${name}.${String(one)}`),
      },
    )
  const groups = [
    'passkeys',
    'deviceKey',
    'deviceKeys',
    'recoveryCodes',
    'codeSignIn',
    'loginIds',
    'prompts',
    'deviceLinks',
    'sessions',
    'account',
    'promotion',
  ]
  return new Proxy({} as GuestClient, {
    get(_, name) {
      if (name === 'on') return () => () => {}
      if (name === 'then' || name === 'current') return undefined
      return groups.includes(String(name)) ? group(String(name)) : answer(String(name))
    },
  })
}

export const saved = guest({ recoverability: 'synced' })
