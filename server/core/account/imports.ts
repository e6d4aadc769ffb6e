// The import of guests from another system: each keeps its id, its verified login IDs and its profile.

import type { Context } from '../../context.ts'

import { type OldImportSummary, withOldNames } from '../../old-names.ts'
import type { ImportedRow, ImportOutcome, LoginIdRow } from '../../store/store.ts'
import { z } from '../../zod.ts'
import { auditNote } from '../events/audit-trail.ts'
import { collectionFor } from '../guests/guest.ts'
import { isId, isOurs, MAX_ID_CHARACTERS } from '../guests/ids.ts'
import { newLabel } from '../guests/labels.ts'
import { keeping } from '../life/keep.ts'
import { checkAttributes } from '../life/profile.ts'
import { type LoginIdKey, normalLoginId } from '../login-ids/login-ids.ts'

/** A guest or user of another system. Times are Unix seconds. */
export type ImportedGuest = {
  /** 1 to 255 characters, without control characters. */
  sub: string
  /** 1 to 64 ASCII characters. Default: a generated label. */
  label?: string | null | undefined
  /** Default: the collection of the import. */
  collection?: string | null | undefined
  created_at?: number | null | undefined
  last_seen_at?: number | null | undefined
  /** Imported only if it is verified. */
  email?: string | null | undefined
  email_verified?: boolean | null | undefined
  /** With its country, like +41446681800. Imported only if it is verified. */
  phone?: string | null | undefined
  phone_verified?: boolean | null | undefined
  /** Attributes that the option `profile` declares. */
  profile?: Record<string, unknown> | null | undefined
}

/** What became of one guest. */
export type ImportResult = {
  /** The position of the guest in the input, from 0. */
  index: number
  /** `known`: a guest with this id existed, and was not changed. `refused`: nothing was written. */
  outcome: 'imported' | 'known' | 'refused'
  /** Why the guest was refused, or what was left out. */
  problems: string[]
}

export type ImportSummary = {
  imported: number
  known: number
  refused: number
  /** How many of the imported guests have a login ID. */
  promoted: number
  /** How many were refused, or had something that was left out. */
  with_problems: number
} & OldImportSummary

export type ImportOptions = {
  /** For guests that name none. Default: the deployment's default collection. */
  collection?: string | undefined
  /** Reports the results, and writes nothing. */
  dryRun?: boolean | undefined
  onResult?: ((result: ImportResult) => void) | undefined
}

/** A batch is one transaction, so other writers wait for one batch at most. */
const IMPORT_BATCH_GUESTS = 250
/** A clock may be a day ahead. A time later than that is not in seconds; perhaps it is in milliseconds. */
const MAX_AHEAD_SECONDS = 24 * 60 * 60

const optional = <T extends z.ZodMiniType>(type: T) => z.optional(z.nullable(type))
const importedGuest = z.strictObject({
  sub: z
    .string()
    .check(z.refine(isId, `must be 1 to ${MAX_ID_CHARACTERS} characters, without control characters`)),
  label: optional(z.string().check(z.regex(/^[ -~]{1,64}$/, 'must be 1 to 64 ASCII characters'))),
  collection: optional(z.string()),
  created_at: optional(z.number().check(z.nonnegative())),
  last_seen_at: optional(z.number().check(z.nonnegative())),
  email: optional(z.string()),
  email_verified: optional(z.boolean()),
  phone: optional(z.string()),
  phone_verified: optional(z.boolean()),
  profile: optional(z.record(z.string(), z.unknown())),
})

/** What will be written for one guest; without a `row`, `problems` says why nothing will be. */
type Prepared = { row?: ImportedRow; problems: string[] }

/** Imports guests in batches, and leaves those alone who are there already. Errors: `collection_unknown`. */
export async function importGuests(
  ctx: Context,
  users: Iterable<unknown> | AsyncIterable<unknown>,
  { collection, dryRun = false, onResult = () => {} }: ImportOptions = {},
): Promise<ImportSummary> {
  const counted = { imported: 0, known: 0, refused: 0, promoted: 0, with_problems: 0 }
  const summary: ImportSummary = withOldNames(counted, { withProblems: 'with_problems' })
  const forAll = collectionFor(ctx, collection)
  const seen = dryRun ? createSeen() : undefined
  let index = 0

  async function take(batch: Prepared[]): Promise<void> {
    const rows = batch.flatMap(({ row }) => row ?? [])
    const outcomes = await ctx.store.importGuests({ guests: rows, dry: dryRun })
    let next = 0
    for (const { row, problems } of batch) {
      const found = row && outcomes[next++]!
      const outcome = found && row && seen ? seen(row, found) : found
      const taken = (outcome?.taken ?? []).map(isAnothers)
      const result: ImportResult = {
        index: index++,
        outcome: outcome === undefined ? 'refused' : outcome.known ? 'known' : 'imported',
        problems: [...(outcome?.known ? [] : problems), ...taken],
      }
      summary[result.outcome]++
      if (result.outcome === 'imported' && row!.loginIds.length > taken.length) summary.promoted++
      if (result.problems.length > 0) summary.with_problems++
      onResult(result)
    }
  }

  let batch: Prepared[] = []
  let writing = Promise.resolve()
  for await (const user of users) {
    batch.push(await prepareGuest(ctx, user, forAll))
    if (batch.length < IMPORT_BATCH_GUESTS) continue
    await writing
    writing = take(batch) // the next batch is read meanwhile
    writing.catch(() => {}) // an error is thrown when the next batch awaits this one
    batch = []
  }
  await writing
  if (batch.length > 0) await take(batch)
  return summary
}

const isAnothers = ({ type, anonymousId }: LoginIdRow) =>
  `its ${loginIdNames[type]} was left out: it belongs to ${anonymousId}`

const loginIdNames: Record<string, string> = { email: 'e-mail address', phone: 'telephone number' }

async function prepareGuest(ctx: Context, user: unknown, forAll: string): Promise<Prepared> {
  const parsed = importedGuest.safeParse(user)
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')) }
  }
  const { sub: anonymousId, profile, ...fields } = parsed.data
  const now = ctx.now()
  const collection = fields.collection ?? forAll
  if (!Object.hasOwn(ctx.config.collections, collection)) {
    return { problems: [`there is no collection ${collection.slice(0, 64)}`] }
  }
  for (const name of ['created_at', 'last_seen_at'] as const) {
    if ((fields[name] ?? 0) > now + MAX_AHEAD_SECONDS)
      return { problems: [`${name}: must be Unix seconds, and not in the future`] }
  }
  const lastSeenAt = Math.min(now, Math.floor(fields.last_seen_at ?? fields.created_at ?? now))
  const createdAt = Math.min(lastSeenAt, Math.floor(fields.created_at ?? lastSeenAt))
  const { loginIds, problems } = verifiedLoginIds(anonymousId, fields, now)
  const attributes = await attributesOf(ctx, profile ?? {}, problems)
  // The promised time begins now: before the import, the guest could not come back here.
  const keep = keeping(ctx, { anonymousId, label: fields.label ?? newLabel(), collection })
  return {
    problems,
    row: {
      guest: { ...keep.guest, createdAt, lastSeenAt },
      retained: keep.retained,
      loginIds,
      endedUntil: keep.endedUntil,
      session: isOurs(anonymousId) ? keep.session : undefined,
      profile: attributes && { anonymousId, version: 1, attributes, updatedAt: now },
      notes: [auditNote(ctx, 'guest.imported', { anonymousId })],
    },
  }
}

type ImportedLoginIds = Pick<ImportedGuest, 'email' | 'email_verified' | 'phone' | 'phone_verified'>

/** The verified login IDs in the form in which they are compared, and why a verified one was left out. */
function verifiedLoginIds(
  anonymousId: string,
  fields: ImportedLoginIds,
  now: number,
): { loginIds: LoginIdRow[]; problems: string[] } {
  const verified: LoginIdKey[] = [
    ...(fields.email && fields.email_verified ? [{ type: 'email' as const, value: fields.email }] : []),
    ...(fields.phone && fields.phone_verified ? [{ type: 'phone' as const, value: fields.phone }] : []),
  ]
  const loginIds: LoginIdRow[] = []
  const problems: string[] = []
  for (const one of verified) {
    try {
      loginIds.push({ ...normalLoginId(one), anonymousId, verifiedAt: now, primary: loginIds.length === 0 })
    } catch {
      problems.push(`its ${loginIdNames[one.type]} was left out: it is not one that a code can be sent to`)
    }
  }
  return { loginIds, problems }
}

async function attributesOf(
  ctx: Context,
  profile: Record<string, unknown>,
  problems: string[],
): Promise<Record<string, unknown> | undefined> {
  if (Object.keys(profile).length === 0) return undefined
  if (!ctx.config.profile) {
    problems.push('its profile was left out: this deployment declares no attributes (the option profile)')
    return undefined
  }
  const { checked, problems: more } = await checkAttributes(ctx, profile)
  problems.push(...more.map((problem) => `its profile: ${problem}`))
  if (Buffer.byteLength(JSON.stringify(checked)) > ctx.config.maxProfileBytes) {
    problems.push(
      'its profile was left out: it is larger than this deployment allows (the option maxProfileBytes)',
    )
    return undefined
  }
  return Object.keys(checked).length > 0 ? checked : undefined
}

/** For a dry run, which writes nothing: remembers the ids and login IDs of the guests that came before. */
function createSeen() {
  const ids = new Set<string>()
  const owners = new Map<string, LoginIdRow>()
  return ({ guest, loginIds }: ImportedRow, { known, taken }: ImportOutcome): ImportOutcome => {
    if (known || ids.has(guest.anonymousId)) return { known: true, taken }
    ids.add(guest.anonymousId)
    const before = loginIds.filter(({ type, value }) => {
      const owner = owners.get(`${type}:${value}`)
      const isTaken = taken.some((one) => one.type === type && one.value === value)
      if (!owner && !isTaken) owners.set(`${type}:${value}`, { ...loginIds[0]!, type, value })
      return owner && !isTaken
    })
    return {
      known: false,
      taken: [...taken, ...before.map(({ type, value }) => owners.get(`${type}:${value}`)!)],
    }
  }
}
