// Device links: a device that is signed in lets another one in. It shows a code, to be scanned or typed; the other one
// opens it, both show the same words, and the guest approves on the device that is signed in already.

import { randomInt } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { DeviceInfo, DeviceLinkRow, LinkProof } from '../../store/store.ts'
import type { DeviceLink } from '../../types.ts'
import { hashToken, type Keys, mac, randomId } from '../crypto/secrets.ts'
import { failureNote, note } from '../events/audit-trail.ts'
import { newWords } from '../guests/labels.ts'
import { announceKept, keeping, keptSession } from '../life/keep.ts'
import { newStoredSession } from '../sessions/session-tokens.ts'
import { aboutSession, type Holder, type Session, sessionRef, storedSession } from '../sessions/sessions.ts'
import { requireProof } from '../sessions/step-up.ts'
import { signInByProof } from '../sign-in/by-proof.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { newStoredGrant } from '../tokens/refresh-tokens.ts'

/** A link waits so long to be opened, and from then on so long for all the rest. */
const WAITING_SECONDS = 10 * 60
const OPENED_SECONDS = 2 * 60
/** The new device asks as often as this whether it is let in. */
export const POLL_SECONDS = 2
const MAX_ATTEMPTS = 5

/** RFC 8628, 6.1: no vowels, so no words, and nothing that is read as something else. 20 of them. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
/** The first half of a code finds the link, the second half opens it: 160,000 of either. */
const HALF_LETTERS = 4
/** So many locators are tried, should links have them already. */
const MAX_LOCATOR_TRIES = 10

const newHalf = () => Array.from({ length: HALF_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** So few letters are guessed from a hash at once; not from a MAC, whose key is not with the store. */
const codeMac = (keys: Keys, locator: string, half: string) =>
  mac(keys.code, `device link ${locator} ${half}`)

const invalidLink = (reason: string, detail?: string) =>
  new GuestError('link_invalid', { reason, ...(detail && { detail }) })

/** What the device shows that is signed in: a code to be typed, and a text to be scanned, neither of it stored. */
export type StartedLink = { id: string; code: string; link: string; expires_at: number }

/**
 * Makes a link in this session, in place of the one before. It writes that row and nothing of the guest.
 * Errors: `insufficient_user_authentication` where there is a passkey that was not proven lately;
 * `too_many_requests` where many links are made in one network.
 */
export async function startDeviceLink(ctx: Context, session: Session, network: string): Promise<StartedLink> {
  requireProof(ctx, session)
  await ctx.attempts.countLink(network)
  const { anonymousId, id: sessionId, label } = session
  const [id, secret] = [randomId(128), randomId(128)]
  const now = ctx.now()
  const expiresAt = now + WAITING_SECONDS
  for (let tried = 0; tried < MAX_LOCATOR_TRIES; tried++) {
    const [locator, half] = [newHalf(), newHalf()]
    const code = codeMac(ctx.keys, locator, half)
    const link = { id, locator, code, secret: hashToken(secret), triesLeft: MAX_ATTEMPTS }
    const outcome = await ctx.store.addDeviceLink({
      link: { ...link, anonymousId, sessionId, label, expiresAt },
      from: sessionRef(ctx, session),
      now,
    })
    if (outcome === 'ended')
      throw new GuestError('session_invalid', { reason: 'ended before it made a link' })
    if (outcome === 'added')
      return { id, code: `${locator}-${half}`, link: `${id}.${secret}`, expires_at: expiresAt }
  }
  throw new GuestError('unavailable', { reason: 'too many device links at once' })
}

/** What was typed or scanned, as the store compares it; undefined where it can open nothing. */
function linkProof(ctx: Context, given: { code: string } | { link: string }): LinkProof | undefined {
  if ('link' in given) {
    const [id, secret, ...more] = given.link.split('.')
    return id && secret && more.length === 0 ? { id, secret: hashToken(secret) } : undefined
  }
  const letters = given.code.toUpperCase().replace(/[^A-Z]/g, '')
  if (letters.length !== 2 * HALF_LETTERS) return undefined
  const [locator, half] = [letters.slice(0, HALF_LETTERS), letters.slice(HALF_LETTERS)]
  return { locator, codes: ctx.keyring.map((keys) => codeMac(keys, locator, half)) }
}

/** What the new device knows from then on. */
export type OpenedLink = {
  secret: string
  words: string[]
  label: string
  expires_at: number
  interval: number
}

/**
 * Opens a link on the device that is to be let in, which happens once. Nobody is let in by it.
 * Errors: `link_invalid`, whatever is wrong with it, and where the guest is signed in here already;
 * `would_leave_guest` where another guest is, unless that one may be left; `too_many_guesses`.
 */
export async function openDeviceLink(
  ctx: Context,
  session: Session | undefined,
  given: { code: string } | { link: string },
  {
    asking,
    leave,
    holder,
    network,
  }: { asking: DeviceInfo; leave: boolean; holder: Holder | undefined; network: string },
): Promise<OpenedLink> {
  const proof = linkProof(ctx, given)
  // What is scanned has too many bits to be guessed, and what is no code guesses nothing.
  const guess = proof && 'codes' in proof ? await ctx.attempts.countAttempt(network) : undefined
  const [secret, words] = [randomId(256), newWords()]
  const now = ctx.now()
  const expiresAt = now + OPENED_SECONDS
  const input = {
    opener: hashToken(secret),
    client: holder?.client.id ?? null,
    leave,
    words,
    asking,
    now,
    expiresAt,
    here: session && { anonymousId: session.anonymousId, sessionId: session.id },
  }
  const result = proof
    ? await ctx.store.openDeviceLink({ ...input, proof }).catch(async (error: unknown) => {
        await guess?.uncount()
        throw error
      })
    : ({ outcome: 'unknown' } as const)
  if (result.outcome === 'unknown') throw invalidLink('unknown, used or over')
  await guess?.uncount()
  if (result.outcome === 'opened')
    return { secret, words, label: result.label, expires_at: expiresAt, interval: POLL_SECONDS }
  if (result.outcome === 'other') throw new GuestError('would_leave_guest')
  throw invalidLink('opened by its own guest', 'This device is signed in as that guest already.')
}

const toDeviceLink = ({ id, status, words, asking, expiresAt }: DeviceLinkRow): DeviceLink => ({
  id,
  status,
  expires_at: expiresAt,
  ...(words && { words }),
  ...(asking && { device: asking }),
})

/** How a link stands, in the session that made it. Errors: `not_found`. */
export async function readDeviceLink(ctx: Context, session: Session, id: string): Promise<DeviceLink> {
  const link = await ctx.store.findDeviceLink({ id, now: ctx.now() })
  if (!link || link.anonymousId !== session.anonymousId || link.sessionId !== session.id)
    throw new GuestError('not_found')
  return toDeviceLink(link)
}

/**
 * Lets the device in that has opened the link, or refuses it, in the session that made it; said twice, it is the same.
 * A guest without a row is kept by it. What was approved can be refused yet, until the device is signed in.
 * Errors: `not_found`; `link_invalid` where nobody has opened it, or it is decided otherwise.
 */
export async function decideDeviceLink(
  ctx: Context,
  session: Session,
  id: string,
  approve: boolean,
): Promise<DeviceLink> {
  const { anonymousId, id: sessionId } = session
  const keep = session.kind === 'sealed' && approve ? keeping(ctx, session) : undefined
  const result = await ctx.store.decideDeviceLink({
    id,
    anonymousId,
    sessionId,
    approve,
    now: ctx.now(),
    keep,
    // Of a guest without a row nothing is written down.
    notes:
      session.kind === 'sealed'
        ? []
        : [failureNote(ctx, 'device.linked', aboutSession(session), 'link_refused')],
  })
  if (result.outcome === 'decided') {
    if (result.kept && keep) announceKept(ctx, keptSession(session, keep))
    return toDeviceLink(result.link)
  }
  if (result.outcome === 'unknown') throw new GuestError('not_found')
  throw invalidLink('not to be decided', 'No device waits for this: none has opened it yet, or it is over.')
}

/** Takes a link back; what it has led to is ended as a session. Errors: `not_found`. */
export async function cancelDeviceLink(ctx: Context, session: Session, id: string): Promise<void> {
  const { anonymousId, id: sessionId } = session
  if (!(await ctx.store.removeDeviceLink({ id, anonymousId, sessionId }))) throw new GuestError('not_found')
}

/**
 * Signs the new device in once it is approved; undefined while that is undecided. Asked again, as where the answer was
 * lost, it gives the same session.
 * Errors: `link_refused`; `link_invalid` where there is no such link, it was opened in another session or for another
 * client, or the session that made it has ended; `too_many_sessions`, `guest_merged`.
 */
export async function claimDeviceLink(
  ctx: Context,
  session: Session | undefined,
  secret: string,
  holder?: Holder,
): Promise<SignedIn | undefined> {
  const opener = hashToken(secret)
  for (let again = false; ; again = true) {
    const link = await ctx.store.findDeviceLink({ opener, now: ctx.now() })
    if (!link) throw invalidLink('unknown or over')
    requireOpener(link, session, holder)
    if (link.status === 'refused') throw new GuestError('link_refused')
    if (link.status === 'done') return repeatedSignIn(ctx, link, secret, holder)
    if (!link.alive) throw invalidLink('the session that made it has ended')
    if (link.status !== 'approved') return undefined
    try {
      return await signInByDeviceLink(ctx, session, link, secret, holder)
    } catch (error) {
      // Another request may have claimed it, or the guest refused it, in between.
      const isLate = error instanceof GuestError && error.code === 'link_invalid'
      if (!isLate || again) throw error
    }
  }
}

/** The secret of the session that a link leads to, which nobody but we can make of the one that it is asked by. */
const sessionSecret = ({ successor }: Keys, secret: string) => mac(successor, `device link ${secret}`)

/** What was opened here is not claimed elsewhere: a session that somebody else put here gains nothing by it. */
function requireOpener(link: DeviceLinkRow, session: Session | undefined, holder: Holder | undefined): void {
  const here = session?.id ?? null
  // Once it is used, the session that it was opened in is over, and the new one may have come already.
  const isHere = here === link.openedIn || (link.status === 'done' && (here === null || here === link.result))
  if (!isHere) throw invalidLink('opened in another session')
  if ((holder?.client.id ?? null) !== link.openedFor) throw invalidLink('opened for another client')
}

async function signInByDeviceLink(
  ctx: Context,
  session: Session | undefined,
  { id, anonymousId }: DeviceLinkRow,
  secret: string,
  holder: Holder | undefined,
): Promise<SignedIn> {
  const guest = await ctx.store.findGuest({ anonymousId })
  if (!guest) throw invalidLink('the guest is gone')
  const event = (sessionId: string) => ({ anonymous_id: anonymousId, session_id: sessionId })
  const signedIn = await signInByProof(ctx, session, guest, {
    proof: { by: 'device_link', id },
    method: 'device_link',
    refused: 'link_invalid',
    holder,
    secret: sessionSecret(ctx.keys, secret),
    more: (sessionId) => [note(ctx, 'device.linked', event(sessionId), { anonymousId, sessionId })],
    // The passkey that the guest may have is on another device.
    enrols: true,
  })
  ctx.events.emit('device.linked', event(signedIn.issued.session.id))
  return signedIn
}

/** The session that it has led to, if that lives. */
async function repeatedSignIn(
  ctx: Context,
  { anonymousId, result }: DeviceLinkRow,
  secret: string,
  holder: Holder | undefined,
): Promise<SignedIn> {
  for (const keys of ctx.keyring) {
    const of = sessionSecret(keys, secret)
    const { row, token } = holder
      ? newStoredGrant(ctx, holder, anonymousId, { secret: of, keys })
      : newStoredSession(ctx, anonymousId, of)
    const found = row.id === result ? await ctx.store.findSession({ anonymousId, id: row.id }) : undefined
    if (found && found.expiresAt > ctx.now()) return { issued: { session: storedSession(found), token } }
  }
  throw invalidLink('used, and its session is over')
}
