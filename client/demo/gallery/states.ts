// The states of the elements, for looking at them.
import { account } from './account.ts'
import { sections } from './sections.ts'
import { guest, opened, type State, saved, signInMethods } from './state.ts'

const regular = guest({ recoverability: 'passkey', is_anonymous: false, is_verified: true })
const button = (name: string, more: Partial<State> = {}): State => ({
  element: 'guestkey-button',
  name,
  ...more,
})
const signIn = (name: string, more: Partial<State> = {}): State => ({
  element: 'guestkey-sign-in',
  name,
  ...more,
})

const link = (name: string, more: Partial<State> = {}): State => ({ element: 'guestkey-link', name, ...more })
const prompt = (name: string, more: Partial<State> = {}): State => ({
  element: 'guestkey-prompt',
  name,
  ...more,
})

const off = { signInMethods: { ...signInMethods, guest_sign_in: false } }
const menu = { 'account-url': '#account', 'link-url': '#link', what: 'notes' }

/** All states, in the order in which they are shown. */
export const states: State[] = [
  button('nobody'),
  button('nobody, secondary', { attributes: { variant: 'secondary' } }),
  button('signing in', { press: ['Continue as guest'] }),
  button('nobody, menu', { press: ['Been here before?'], isOver: true }),
  button('been here', { isBack: true }),
  button('been here, menu', { isBack: true, press: ['Been here before?'], isOver: true }),
  button('waiting for a passkey', { press: ['Been here before?', 'Sign in with a passkey'], isOver: true }),
  button('failed', { answers: { signInAnonymously: 'network' }, press: ['Continue as guest'], isOver: true }),
  button('not saved', { guest: guest() }),
  button('not saved, menu', { guest: guest(), attributes: menu, press: ['amber-fox-42'], isOver: true }),
  button('not saved, cancelled', {
    guest: guest(),
    answers: { 'passkeys.add': 'cancelled' },
    press: ['amber-fox-42', 'Save with a passkey'],
    isOver: true,
  }),
  button('saved, menu', { guest: saved, attributes: menu, press: ['amber-fox-42'], isOver: true }),
  button('regular, menu', { guest: regular, attributes: menu, press: ['amber-fox-42'], isOver: true }),
  button('compact', { guest: saved, attributes: { compact: '' } }),
  button('a long name', { guest: guest({ label: 'Wiederherstellungsgeschichte'.repeat(2) }) }),
  signIn('first visit'),
  signIn('returning', { isBack: true }),
  signIn('a key of this browser', { isBack: true, answers: { 'deviceKey.held': { id: 'k' } } }),
  signIn('more ways', { press: ['More ways'], attributes: { 'redirect-uri': 'https://app.example/back' } }),
  signIn('without passkeys', { answers: { supported: false } }),
  signIn('waiting', { isBack: true, press: ['Continue with your passkey'] }),
  signIn('cancelled', {
    isBack: true,
    answers: { 'passkeys.signIn': 'cancelled' },
    press: ['Continue with your passkey'],
  }),
  signIn('passkey gone', {
    isBack: true,
    answers: { 'passkeys.signIn': 'authentication_failed' },
    press: ['Continue with your passkey'],
  }),
  signIn('server away', { answers: { signInAnonymously: 'network' }, press: ['Continue as guest'] }),
  signIn('too fast', { answers: { signInAnonymously: 'too_many_requests' }, press: ['Continue as guest'] }),
  signIn('guests switched off', { answers: off }),
  signIn('guests switched off, without passkeys', { answers: { ...off, supported: false } }),
  signIn('disabled', {
    isBack: true,
    answers: { 'passkeys.signIn': 'guest_disabled' },
    press: ['Continue with your passkey'],
  }),
  signIn('cookies blocked', { answers: { signInAnonymously: 'storage' }, press: ['Continue as guest'] }),
  signIn('recovery code', { press: ['More ways', 'Recovery code'] }),
  signIn('recovery code, wrong', {
    answers: { signInWithRecoveryCode: 'recovery_code_wrong' },
    press: ['More ways', 'Recovery code'],
    type: '7M2K-ZQ4X-0R8T-C5VB',
  }),
  signIn('six digits', { press: ['More ways'], type: 'you@example.com' }),
  signIn('address incomplete', { press: ['More ways'], type: 'you@example' }),
  signIn('signed in', { guest: saved }),
  link('signed in', { guest: saved }),
  link('code', { guest: saved, press: ['Link a device'] }),
  link('compare', { guest: saved, press: ['Link a device'], answers: { 'deviceLinks.watch': opened } }),
  link('linked', {
    guest: saved,
    press: ['Link a device'],
    answers: { 'deviceLinks.watch': { ...opened, status: 'done' } },
  }),
  link('refused', {
    guest: saved,
    press: ['Link a device'],
    answers: { 'deviceLinks.watch': { ...opened, status: 'refused' } },
  }),
  link('new device'),
  link('new device, wrong code', { answers: { 'deviceLinks.open': 'link_invalid' }, type: 'ZZZZ-ZZZZ' }),
  link('new device, words', { type: 'ZNSW-QTXG' }),
  prompt('save', { guest: guest() }),
  prompt('save, in the host’s word', { guest: guest(), attributes: { what: 'notes' } }),
  prompt('save, without passkeys', { guest: guest(), answers: { supported: false } }),
  prompt('save, waiting', { guest: guest(), press: ['Save with a passkey'] }),
  prompt('save, cancelled', {
    guest: guest(),
    answers: { 'passkeys.add': 'cancelled' },
    press: ['Save with a passkey'],
  }),
  prompt('kept, synced', {
    guest: guest(),
    answers: { 'passkeys.add': saved },
    press: ['Save with a passkey'],
  }),
  prompt('kept, on this device', {
    guest: guest(),
    answers: { 'passkeys.add': regular },
    press: ['Save with a passkey'],
  }),
  prompt('lost', { guest: null, attributes: { what: 'notes' } }),
  prompt('sheet', { guest: guest(), attributes: { variant: 'sheet', what: 'notes' }, isOver: true }),
  ...sections,
  ...account,
]
