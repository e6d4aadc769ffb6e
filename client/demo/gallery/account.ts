// The states of the account and of login IDs.
import { day, guest, passkeys, type State, saved, sessions, signInMethods } from './state.ts'

const of =
  (element: State['element']) =>
  (name: string, more: Partial<State> = {}): State => ({ element, name, guest: saved, ...more })
const accountOf = of('guestkey-account')
const loginIdsOf = of('guestkey-login-ids')

const address = { type: 'email', value: 'you@example.com', primary: true, verified_at: day(4, 9) }
const provider = {
  type: 'oidc',
  value: 'https://id.example.com 8f14e45f',
  primary: false,
  verified_at: day(5, 10),
}
const key = { id: 'own', name: 'Browser', algorithm: 'ES256', created_at: day(3, 9), last_used_at: null }
const held = { 'deviceKey.held': { id: 'own' } }
const noCodes = { left: 0, created_at: null, confirmed: false }
const codes = { left: 8, created_at: day(3, 9), confirmed: true }
const onDevice = { ...passkeys[0]!, id: 'laptop', name: 'Laptop', provider: null, backed_up: false }
/** Of the answer of `account.export`. */
type Kept = Record<
  'guest' | 'passkeys' | 'device_keys' | 'recovery_codes' | 'login_ids' | 'sessions',
  unknown
>
const kept: Kept = {
  guest: { created_at: day(3, 9) },
  passkeys,
  device_keys: [key],
  recovery_codes: codes,
  login_ids: [],
  sessions,
}
const nothing: Kept = {
  ...kept,
  passkeys: [],
  device_keys: [],
  recovery_codes: noCodes,
  sessions: [sessions[0]],
}

/** What the account shows, and what its sections do. */
const stored = (of: Partial<Kept>) => {
  const all = { ...kept, ...of }
  return {
    ...held,
    'account.export': all,
    'passkeys.list': all.passkeys,
    'deviceKeys.list': all.device_keys,
    'recoveryCodes.status': all.recovery_codes,
    'loginIds.list': all.login_ids,
    'sessions.list': all.sessions,
  }
}
const bound = stored({ passkeys: [onDevice], recovery_codes: noCodes })
const codeSent = { 'promotion.start': { transaction: 't', expires_at: 0 } }

/** All of them, in the order in which they are shown. */
export const account: State[] = [
  accountOf('would come back', { answers: stored({}) }),
  accountOf('by one way', {
    answers: stored({ passkeys: passkeys.slice(0, 1), recovery_codes: noCodes, device_keys: [] }),
  }),
  accountOf('would not', { guest: guest({ recoverability: 'passkey' }), answers: bound }),
  accountOf('nothing at all', { guest: guest(), answers: stored(nothing) }),
  accountOf('more ways than are drawn', {
    answers: stored({
      passkeys: [...passkeys, onDevice, { ...onDevice, id: 'tablet', name: 'Tablet' }],
      login_ids: [address, provider],
    }),
  }),
  accountOf('a long name', {
    guest: guest({ label: 'Wiederherstellungsgeschichte'.repeat(2) }),
    answers: stored(nothing),
  }),
  accountOf('loading', { answers: { 'account.export': 'wait' } }),
  accountOf('server away', { answers: { 'account.export': 'network' } }),
  accountOf('nobody', { guest: null }),
  accountOf('rename', { answers: stored({}), press: ['Rename'], isOver: true }),
  accountOf('sign out, not saved', {
    guest: guest(),
    answers: { ...stored(nothing), signOut: 'would_lose_account' },
    attributes: { what: 'notes' },
    press: ['Sign out…'],
    isOver: true,
  }),
  accountOf('delete', { answers: stored({}), press: ['Leave', 'Delete…'], isOver: true }),
  loginIdsOf('none', { answers: { 'loginIds.list': [] } }),
  loginIdsOf('one', { answers: { 'loginIds.list': [address] } }),
  loginIdsOf('several', { answers: { 'loginIds.list': [address, provider] } }),
  loginIdsOf('server away', { answers: { 'loginIds.list': 'network' } }),
  loginIdsOf('a long address', {
    answers: { 'loginIds.list': [{ ...address, value: `${'wiederherstellung'.repeat(3)}@example.com` }] },
  }),
  loginIdsOf('add', {
    press: ['Add an address'],
    attributes: { 'redirect-uri': 'https://app.example/back' },
    isOver: true,
  }),
  loginIdsOf('incomplete', { press: ['Add an address'], type: 'you@example', isOver: true }),
  loginIdsOf('six digits', {
    press: ['Add an address'],
    type: 'you@example.com',
    answers: codeSent,
    isOver: true,
  }),
  loginIdsOf('not sent', {
    press: ['Add an address'],
    type: 'you@example.com',
    answers: { 'promotion.start': 'not_sent' },
    isOver: true,
  }),
  loginIdsOf('providers alone', {
    press: ['Add an address'],
    attributes: { 'redirect-uri': 'https://app.example/back' },
    answers: { signInMethods: { ...signInMethods, codes: [] } },
    isOver: true,
  }),
  loginIdsOf('remove', { answers: { 'loginIds.list': [address] }, press: ['Remove'], isOver: true }),
]
