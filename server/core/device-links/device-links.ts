// Device links: a device that is signed in lets another one in. It shows a code, to be scanned or typed. The other
// device opens the link, both show the same words, and the guest approves on the device that is signed in already.
// Who may approve is decided in rules/device-link.ts.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { readable } from '../../readable.ts'
import type { DeviceInfo, DeviceLinkRow, LinkProof } from '../../store/store.ts'
import type { DeviceLink } from '../../types.ts'
import { hashToken, type Keys, mac, randomId } from '../crypto/secrets.ts'
import { failureNote, note } from '../events/audit-trail.ts'
import { newWords } from '../guests/labels.ts'
import { keeping } from '../life/keep.ts'
import {
  aboutSession,
  type Holder,
  type Session,
  sessionEnded,
  sessionRef,
  storedSession,
} from '../sessions/sessions.ts'
import { requireProof } from '../sessions/step-up.ts'
import { refusedAs, signInByProof } from '../sign-in/by-proof.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { halvesOf, newHalf } from './letters.ts'

/** How long a link waits to be opened; and how long after that it may still be approved and used to sign in. */
const WAITING_SECONDS = 10 * 60
const OPENED_SECONDS = 2 * 60
/** How often the new device asks whether it is let in. */
export const POLL_SECONDS = 2
/** A link is deleted after this many wrong codes. */
const MAX_ATTEMPTS = 5

/** How many locators are tried, if other links have them already. */
const MAX_LOCATOR_TRIES = 10

/**
 * What the store holds of a code. A MAC, because so few letters are guessed from a hash at once. Its key is not stored.
 */
const codeMac = (keys: Keys, locator: string, half: string) =>
  mac(keys.code, `device link ${locator} ${half}`)

const invalidLink = (reason: string, detail?: string) =>
  new GuestError('link_invalid', { reason, ...(detail && { detail }) })

/** What the device that is signed in shows: `code` to type, `link` to scan. The store holds neither in the clear. */
export type StartedLink = { id: string; code: string; link: string; expires_at: number }

/**
 * Makes a link in this session, which replaces the session's earlier link. It does not keep the guest.
 * Errors: `insufficient_user_authentication` if the guest has a passkey and none was proven in the session in the last
 * `stepUpSeconds`; `too_many_requests` if too many links were made in this network, or in all; `session_invalid`;
 * `unavailable` if 10 random locators in a row are taken.
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
    if (outcome === 'ended') throw sessionEnded('before it made a link')
    if (outcome === 'added')
      return { id, code: `${locator}-${half}`, link: `${id}.${secret}`, expires_at: expiresAt }
  }
  throw new GuestError('unavailable', { reason: 'too many device links at once' })
}

/** What was typed or scanned, in the form that the store compares; undefined if it is malformed. */
function linkProof(ctx: Context, codeOrLink: { code: string } | { link: string }): LinkProof | undefined {
  if ('link' in codeOrLink) {
    const [id, secret, ...more] = codeOrLink.link.split('.')
    return id && secret && more.length === 0 ? { id, secret: hashToken(secret) } : undefined
  }
  const halves = halvesOf(codeOrLink.code)
  if (!halves) return undefined
  const [locator, half] = halves
  return { locator, codes: ctx.keyring.map((keys) => codeMac(keys, locator, half)) }
}

/** What the new device learns; with `secret` it asks every `interval` seconds whether it is let in. */
export type OpenedLink = {
  secret: string
  words: string[]
  label: string
  expires_at: number
  interval: number
}

/**
 * Opens a link on the device that is to be let in. A link is opened once; nobody is signed in yet.
 * Errors: `link_invalid` if anything is wrong with the code or link, or if its guest is signed in here already;
 * `would_leave_guest` if another guest is signed in here, unless `leave`; `too_many_guesses`.
 */
export async function openDeviceLink(
  ctx: Context,
  session: Session | undefined,
  codeOrLink: { code: string } | { link: string },
  {
    asking,
    leave,
    holder,
    network,
  }: { asking: DeviceInfo; leave: boolean; holder: Holder | undefined; network: string },
): Promise<OpenedLink> {
  const proof = linkProof(ctx, codeOrLink)
  // A scanned link is too long to be guessed, and a malformed code guesses nothing: neither counts.
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
  if (result.outcome === 'unknown') throw invalidLink('unknown, used or expired')
  await guess?.uncount()
  if (result.outcome === 'opened')
    return { secret, words, label: readable(result.label), expires_at: expiresAt, interval: POLL_SECONDS }
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

/** The state of a link, for the session that made it. Errors: `not_found`. */
export async function readDeviceLink(ctx: Context, session: Session, id: string): Promise<DeviceLink> {
  const link = await ctx.store.findDeviceLink({ id, now: ctx.now() })
  if (!link || link.anonymousId !== session.anonymousId || link.sessionId !== session.id)
    throw new GuestError('not_found')
  return toDeviceLink(link)
}

/**
 * Approves or refuses the device that opened the link, in the session that made it. What is allowed is decided by
 * `decideLink` (server/rules/device-link.ts). The same decision again has the same answer. An approval keeps
 * the guest, and can be turned into a refusal until the device is signed in.
 * Errors: `not_found`; `link_invalid` if no device has opened the link yet, if it was refused before, or if the device is
 * signed in already.
 */
export async function decideDeviceLink(
  ctx: Context,
  session: Session,
  id: string,
  approve: boolean,
): Promise<DeviceLink> {
  const { anonymousId, id: sessionId } = session
  const keep = session.kind === 'sealed' ? keeping(ctx, session) : undefined // only an approval keeps the guest
  const result = await ctx.store.decideDeviceLink({
    id,
    anonymousId,
    sessionId,
    approve,
    now: ctx.now(),
    keep,
    // Written only for a refusal. The audit trail holds nothing about a guest without a row.
    notes:
      session.kind === 'sealed'
        ? []
        : [failureNote(ctx, 'device.linked', aboutSession(session), 'link_refused')],
  })
  if (result.outcome === 'decided') return toDeviceLink(result.link)
  if (result.outcome === 'unknown') throw new GuestError('not_found')
  throw invalidLink(
    'not opened yet, or decided before',
    'No device waits for this decision: none has opened the link yet, or it was decided before.',
  )
}

/** Deletes a link. A session that came of it goes on, and is ended like any other. Errors: `not_found`. */
export async function cancelDeviceLink(ctx: Context, session: Session, id: string): Promise<void> {
  const { anonymousId, id: sessionId } = session
  if (!(await ctx.store.removeDeviceLink({ id, anonymousId, sessionId }))) throw new GuestError('not_found')
}

/**
 * Signs the new device in once the link is approved; undefined until it is decided. If the answer was lost and the
 * device asks again, it gets the same session.
 * Errors: `link_refused`; `link_invalid` if there is no such link, if it was opened in another session or for another
 * client, or if the session that made it or the one that came of it has ended; `too_many_sessions`; `guest_merged`;
 * `guest_disabled`.
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
    if (!link) throw invalidLink('unknown or expired')
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

/**
 * The secret of the session that comes of a link. Only this service can derive it from the secret of the new device.
 */
const sessionSecret = ({ successor }: Keys, secret: string) => mac(successor, `device link ${secret}`)

/**
 * Refuses a claim in another session than the one that opened the link. Otherwise somebody could put their own session
 * into this browser in between, and the sign-in would end or merge a session that its owner did not agree to leave.
 */
function requireOpener(link: DeviceLinkRow, session: Session | undefined, holder: Holder | undefined): void {
  const here = session?.id ?? null
  // Once the link is used, the session that opened it has ended, and the browser may have the new one already.
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
  return signInByProof(ctx, session, guest, {
    proof: { by: 'device_link', id },
    refused: refusedAs('link_invalid'),
    holder,
    secret: sessionSecret(ctx.keys, secret),
    used: (sessionId) => [note(ctx, 'device.linked', { session_id: sessionId }, { anonymousId, sessionId })],
    // A passkey may be added here without a proof for a while: those of the guest may be on other devices only.
    enrols: true,
  })
}

/** The session that came of a used link. Errors: `link_invalid` if that session has ended. */
async function repeatedSignIn(
  ctx: Context,
  { anonymousId, result }: DeviceLinkRow,
  secret: string,
  holder: Holder | undefined,
): Promise<SignedIn> {
  for (const keys of ctx.keyring) {
    const of = sessionSecret(keys, secret)
    const { row, token } = newSessionFor(ctx, holder, anonymousId, { secret: of, keys })
    const found = row.id === result ? await ctx.store.findSession({ anonymousId, id: row.id }) : undefined
    if (found && found.expiresAt > ctx.now()) return { issued: { session: storedSession(found), token } }
  }
  throw invalidLink('used, and its session has ended')
}
