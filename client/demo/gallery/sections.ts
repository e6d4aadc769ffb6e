// The states of the sections of the account.
import { day, guest, passkeys, type State, saved, sessions } from './state.ts'

const of =
  (element: State['element']) =>
  (name: string, more: Partial<State> = {}): State => ({ element, name, guest: saved, ...more })
const passkeysOf = of('guestkey-passkeys')
const devicesOf = of('guestkey-devices')
const codesOf = of('guestkey-recovery-codes')

const add = ['Add a passkey']
const held = { 'deviceKey.held': { id: 'own' } }
const key = { id: 'own', name: 'Browser', algorithm: 'ES256', created_at: day(3, 9), last_used_at: null }
const keys = {
  'deviceKeys.list': [key, { ...key, id: 'other', name: 'Laptop at work', last_used_at: day(21, 11) }],
}
const none = { 'recoveryCodes.status': { left: 0, created_at: null, confirmed: false } }
const codes = [
  'FYNN-7KG4-TTHC-G2CE',
  'TWF3-R697-5739-0KQB',
  'BRHP-ZZYR-ZG1B-630Y',
  'SSB1-HN80-K0PX-PEXJ',
  'MSNK-55SV-YWZW-1Y1J',
  'R2MF-1TW3-YB37-NWVV',
  'ZDBV-CVS2-TYAT-NMV2',
  'ZY3Z-M7XY-Y5HQ-FBA6',
  'AZZC-Q72R-1RAG-SAZ5',
  'KZDR-FNXQ-9DF7-4X41',
]
const made = { ...none, 'recoveryCodes.create': { codes } }

/** All of them, in the order in which they are shown. */
export const sections: State[] = [
  passkeysOf('list'),
  passkeysOf('none', { guest: guest(), answers: { 'passkeys.list': [] } }),
  passkeysOf('without passkeys', { answers: { supported: false } }),
  passkeysOf('loading', { answers: { 'passkeys.list': 'wait' } }),
  passkeysOf('server away', { answers: { 'passkeys.list': 'network' } }),
  passkeysOf('waiting', { press: add }),
  passkeysOf('cancelled', { press: add, answers: { 'passkeys.add': 'cancelled' } }),
  passkeysOf('full', { press: add, answers: { 'passkeys.add': 'too_many_passkeys' } }),
  passkeysOf('added', { press: add, answers: { 'passkeys.add': saved }, isOver: true }),
  passkeysOf('a long name', {
    answers: { 'passkeys.list': [{ ...passkeys[0], name: 'Wiederherstellungsgeschichte'.repeat(2) }] },
  }),
  passkeysOf('rename', { press: ['Rename passkey Everywhere'], isOver: true }),
  passkeysOf('remove', { press: ['Remove passkey Everywhere'], isOver: true }),
  passkeysOf('remove the last way back', {
    press: ['Remove passkey Everywhere'],
    answers: { ...none, 'passkeys.list': passkeys.slice(0, 1) },
    isOver: true,
  }),
  passkeysOf('removing', {
    press: ['Remove passkey Everywhere', 'Remove'],
    answers: { 'passkeys.remove': 'wait' },
    isOver: true,
  }),
  passkeysOf('not removed', {
    press: ['Remove passkey Everywhere', 'Remove'],
    answers: { 'passkeys.remove': 'network' },
    isOver: true,
  }),
  devicesOf('list', { attributes: { 'link-url': '#link' } }),
  devicesOf('only this one', { answers: { 'sessions.list': sessions.slice(0, 1) } }),
  devicesOf('remembered', { answers: { ...held, ...keys } }),
  devicesOf('loading', { answers: { 'sessions.list': 'wait' } }),
  devicesOf('waiting', { press: ['switch'], answers: { 'deviceKey.enable': 'wait' } }),
  devicesOf('not remembered', { press: ['switch'], answers: { 'deviceKey.enable': 'storage' } }),
  devicesOf('sign out', { press: ['Sign out'], isOver: true }),
  devicesOf('sign out everywhere else', { press: ['Sign out everywhere else'], isOver: true }),
  devicesOf('signed out', {
    press: ['Sign out', 'Sign out'],
    answers: { 'sessions.end': null },
    isOver: true,
  }),
  codesOf('some left'),
  codesOf('none', { answers: none }),
  codesOf('not confirmed', {
    answers: { 'recoveryCodes.status': { left: 10, created_at: day(3, 9), confirmed: false } },
  }),
  codesOf('from before the first passkey', {
    answers: { 'recoveryCodes.status': { left: 10, created_at: day(1, 9), confirmed: true } },
  }),
  codesOf('loading', { answers: { 'recoveryCodes.status': 'wait' } }),
  codesOf('waiting', {
    press: ['Make recovery codes'],
    answers: { ...none, 'recoveryCodes.create': 'wait' },
  }),
  codesOf('made', { press: ['Make recovery codes'], answers: made, isOver: true }),
  codesOf('closing', { press: ['Make recovery codes', 'Close'], answers: made, isOver: true }),
  codesOf('replace', { press: ['Replace'], isOver: true }),
]
