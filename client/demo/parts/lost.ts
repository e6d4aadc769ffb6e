// The section *If this device were lost*: what would bring this guest back, in plain words.
import type { GuestSession, LoginId, Passkey, UserInfo } from '../../index.ts'
import { byId, create } from '../shell/dom.ts'

/** Everything that could bring a guest back. */
export interface WaysBack {
  guest: UserInfo
  passkeys: Passkey[]
  /** The number of browser keys, with the one of this browser if `isKeptHere`. */
  browserKeys: number
  isKeptHere: boolean
  codesLeft: number
  addresses: LoginId[]
  sessions: GuestSession[]
}

interface Finding {
  /** Whether it would bring the guest back: for sure, only if it is not on the lost device, or not at all. */
  helps: 'yes' | 'maybe' | 'no'
  text: string
}

const verdicts = {
  yes: (label: string) => `${label} would come back.`,
  maybe: (label: string) => `${label} might come back.`,
  no: (label: string) => `${label} would be lost, and the notes with it.`,
}

const several = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`)

/** What each way back is worth without this device. */
export function findingsOf(ways: WaysBack): Finding[] {
  const { passkeys, browserKeys, isKeptHere, codesLeft, addresses, sessions } = ways
  const findings: Finding[] = []
  const add = (helps: Finding['helps'], text: string) => findings.push({ helps, text })
  for (const { name, backed_up } of passkeys) {
    if (backed_up) add('yes', `Your passkey “${name}” is synced: it is on your other devices too.`)
    else
      add(
        'maybe',
        `Your passkey “${name}” is on one device alone. If that is the lost one, so is the passkey.`,
      )
  }
  for (const { value } of addresses) add('yes', `A code to ${value} signs you in anywhere.`)
  if (codesLeft > 0)
    add(
      'yes',
      `${several(codesLeft, 'A recovery code is', 'recovery codes are')} left, if they are not on this device alone.`,
    )
  const elsewhere = browserKeys - Number(isKeptHere)
  if (elsewhere > 0)
    add(
      'maybe',
      `${several(elsewhere, 'Another browser keeps', 'other browsers keep')} you signed in, for as long as its storage is there.`,
    )
  const others = sessions.filter(({ current }) => !current).length
  if (others > 0)
    add(
      'maybe',
      `You are signed in on ${several(others, 'another device', 'other devices')}, and can link a new one from there.`,
    )
  if (isKeptHere) add('no', 'The key in this browser would be lost with it.')
  if (findings.length === 0) add('no', 'You are signed in here and nowhere else.')
  return findings
}

/** Shows the findings; the best one is the verdict. */
export function showLost(ways: WaysBack): void {
  const findings = findingsOf(ways)
  const best = (['yes', 'maybe', 'no'] as const).find((worth) =>
    findings.some(({ helps }) => helps === worth),
  )!
  byId('lost-verdict').textContent = verdicts[best](ways.guest.label)
  byId('lost-verdict').dataset.helps = best
  byId('lost-list').replaceChildren(
    ...findings.map(({ helps, text }) => create('li', { 'data-helps': helps }, text)),
    ...(best === 'yes' ? [] : [create('li', { class: 'advice' }, adviceFor(ways))]),
  )
}

function adviceFor({ passkeys }: WaysBack): string {
  return passkeys.length > 0
    ? 'Recovery codes, or a passkey on a second device, would make sure.'
    : 'A passkey or recovery codes would change that.'
}
