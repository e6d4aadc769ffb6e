// Finds every statement that the verbs of the store send, by running each verb with all results that it may get.

import { readdirSync, readFileSync } from 'node:fs'
import { verbOf } from '../../server/store/sql/acting.ts'
import { reads, writes } from '../../server/store/sql/all-verbs.ts'
import type { Ask, Row, Statement, Steps } from '../../server/store/sql/statement.ts'
import { findSealedEnds } from '../../server/store/sql/verbs/sealed-ends.ts'
import { findSessions } from '../../server/store/sql/verbs/sessions.ts'
import type { SessionRef, SignInProof, Store } from '../../server/store/store.ts'
import {
  aDeviceKey,
  aGuest,
  aKeeping,
  aMerge,
  aNote,
  aPasskey,
  aSession,
  now,
  promised,
} from './store-rows.ts'

type Verb = Exclude<keyof Store, 'ready' | 'otherVersions' | 'actingIn' | 'close'>
type Execute = (statement: Statement) => Row[]

const guest = aGuest()
const passkey = aPasskey(guest)
const session = aSession(guest)
const key = { anonymousId: guest.anonymousId, credentialId: passkey.credentialId, id: session.id, now }
const proof = { to: session, spent: { id: 'spent', expiresAt: now } }
const ended: SessionRef[] = [
  { ...key, kind: 'sealed', endedUntil: now },
  { ...key, kind: 'stored', id: 'another' },
]

const note = aNote(guest)
const wayIn = {
  ...{ id: 'way in', anonymousId: guest.anonymousId, openedBy: 'operator' },
  ...{ createdAt: now, opensAt: now, expiresAt: now + 1 },
}
const merge = aMerge(guest, guest)
const snoozes = [{ prompt: 'add_passkey', times: 1, snoozedUntil: now }]
const keeping = aKeeping({ guest, notes: [note], snoozes })
const erasure = { ...key, endedUntil: now, notes: [note] }
const joined = { attributes: { nickname: 'Fox' }, fromVersion: 1, intoVersion: 1 }
const patch = { ...key, ifVersion: undefined, maxBytes: 1000, notes: [note] }

const loginId = {
  ...{ type: 'email' as const, value: 'somebody@example.org', anonymousId: guest.anonymousId },
  ...{ verifiedAt: now, primary: true },
}
const code = { id: 'code', code: 'mac' }

const signInProofs: SignInProof[] = [
  { by: 'host' },
  { by: 'recovery_code', id: 'code' },
  { by: 'device_key', id: 'key', spent: proof.spent },
  { by: 'device_link', id: 'link' },
  { by: 'passkey', credentialId: key.credentialId, signCount: 1, backedUp: true, spent: proof.spent },
  { by: 'code', loginId, proof: code },
  { by: 'code', loginId, proof: { spent: proof.spent } },
]

const signingKey = {
  ...{ generation: 1, kid: 'kid', algorithm: 'ES256', publicKey: '{}', privateKey: 'encrypted' },
  ...{ signsFrom: now, retiresAt: null },
}

const operator = {
  ...{ id: key.id, name: 'ada', role: 'owner' as const, userHandle: 'handle', createdAt: now },
}
const operatorPasskey = {
  ...{ credentialId: key.credentialId, operatorId: operator.id, publicKey: 'key', signCount: 1, aaguid: '' },
  ...{ transports: [], backupEligible: true, backedUp: true, createdAt: now, lastUsedAt: null },
}
const operatorSession = {
  ...{ id: 'session', operatorId: operator.id, createdAt: now, lastSeenAt: now, expiresAt: now, endsAt: now },
}
const invitation = { id: 'invitation', operatorId: operator.id, createdAt: now, expiresAt: now }
const operatorNote = {
  ...note,
  audit: note.audit && {
    ...note.audit,
    operator: { by: operator.id, role: operator.role, reason: 'test' as const, case: 'T-1' },
  },
}
const operatorProof = { spent: proof.spent, now, notes: [operatorNote] }

const acting = { id: 'session', operatorId: operator.id, now }

/** Those of the verbs about operators. */
const operatorInputs = {
  listOperators: [key],
  findOperatorSession: [key],
  listOperatorSessions: [{ operatorId: operator.id, now }],
  findOperatorPasskey: [key],
  listOperatorPasskeys: [{ operatorId: operator.id }],
  findInvitation: [key],
  addOperator: [{ operator, invitation, notes: [operatorNote] }],
  inviteOperator: [{ invitation, notes: [operatorNote] }],
  redeemInvitation: [
    {
      ...operatorProof,
      invitationId: invitation.id,
      passkey: operatorPasskey,
      session: operatorSession,
      from: key.id,
    },
  ],
  addOperatorPasskey: [{ ...operatorProof, passkey: operatorPasskey, max: 5 }],
  removeOperatorPasskey: [
    { operatorId: operator.id, credentialId: key.credentialId, sessionId: 'session', notes: [] },
  ],
  signInOperator: [{ ...operatorProof, credentialId: key.credentialId, signCount: 1, backedUp: true }].map(
    (one) => ({
      ...one,
      session: operatorSession,
      from: key.id,
      maxSessions: 5,
      regressed: [operatorNote],
    }),
  ),
  touchOperatorSession: [{ ...key, expiresAt: now }],
  endOperatorSessions: [undefined, 'session'].map((id) => ({ operatorId: operator.id, id, notes: [] })),
  setOperatorRole: [
    { id: operator.id, role: 'viewer' as const, waysIn: { now, cancelled: note }, notes: [] },
  ],
  removeOperator: [{ id: operator.id, waysIn: { now, cancelled: note }, notes: [] }],
}

/** The inputs to run each verb with: enough to reach every branch that depends on them. */
const inputs: { [V in Verb]: Parameters<Store[V]>[0][] } = {
  findSession: [key],
  sealedSessionEnded: [key],
  listSessions: [key],
  findGuest: [key],
  findDisabled: [key],
  findRecoverability: [key],
  listGuests: ([key, { label: guest.label }, 'disabled', 'all'] as const).map((of) => ({
    ...{ of, after: '', limit: 100, now },
  })),
  findGuestOfSession: [key],
  listPasskeys: [key],
  findPasskey: [key],
  registerPasskey: [undefined, ...ended].map((from) => ({
    ...{ ...proof, guest, passkey, from, maxPasskeys: 5, retained: promised, snoozes },
    notes: { kept: [note], first: [note], further: [note] },
  })),
  keepGuest: [true, false].map((isNew) => ({ ...keeping, isNew })),
  disableGuest: [now, null].map((endedUntil) => ({
    ...{ ...key, until: endedUntil, reason: 'other', endedUntil, notes: [note] },
  })),
  enableGuest: [{ ...key, notes: [note] }],
  ...operatorInputs,
  listJobs: [{}],
  pageAudit: [key.anonymousId, null].flatMap((anonymousId) =>
    [null, 'operator'].flatMap((operatorId) =>
      [null, { at: now, place: 1, id: 'line' }].map((after) => ({
        ...{ anonymousId, operatorId, after, limit: 100 },
      })),
    ),
  ),
  countDeliveries: [{ now, most: 10 }],
  readSettings: [{}],
  readCounting: [{}],
  sumCounts: [true, false].flatMap((split) =>
    ['users', null].map((collection) => ({
      ...{ from: 0, to: now, seconds: 86_400, collection, split },
    })),
  ),
  pageRecoverability: [{ after: '', limit: 500 }],
  addCounts: [
    { node: 'node', batch: 1, counts: [{ day: 0, name: 'kept', collection: 'users', counted: 1 }] },
  ],
  closeDays: [{ last: now, keptFrom: 0 }],
  savePicture: [{ day: 0, guests: [] }],
  changeSettings: [
    { settings: [{ name: 'codes', change: { value: true, at: now, by: null, reason: null }, note }] },
  ],
  eraseGuest: [undefined, ...ended].flatMap((session) =>
    [now, null].map((endedUntil) => ({
      ...{ ...erasure, endedUntil, by: session && { session, isProven: false } },
      alongside: { now, guests: endedUntil === null ? [] : [erasure] },
    })),
  ),
  extendGuest: [{ ...key, expiresAt: now + 1_000_000, dueAt: now, notes: [note] }],
  findProfile: [key],
  findWayIn: [key, { id: wayIn.id, now }],
  listWaysIn: [{ now, limit: 100 }],
  openWayIn: [{ wayIn, since: now, now, cancelled: note, notes: [note] }],
  approveWayIn: [{ ...key, id: wayIn.id, by: 'another', since: now, notes: [note] }],
  cancelWayIn: [{ ...key, notes: [note] }],
  enterByWayIn: [undefined, ...ended].map((from) => ({
    ...{ ...proof, id: wayIn.id, passkey, from, maxPasskeys: 5, now, retained: promised, merge },
    ...{ added: note, used: note, codesRemoved: note, notes: [note], restored: [note] },
  })),
  patchProfile: [undefined, keeping].map((keep) => ({
    ...patch,
    changes: { nickname: 'Hen', age: null },
    keep,
  })),
  findPromptFacts: [key],
  renameGuest: ended.map((session) => ({ ...key, label: 'Fox', session, notes: [note] })),
  snoozePrompt: [{ ...key, prompt: 'add_passkey', until: now }],
  listMerges: [key],
  listMergesOf: [key],
  listDeviceLinks: [key],
  listStranded: [key],
  findMerge: [merge],
  wasMerged: [undefined, session.id].map((sessionId) => ({ ...key, sessionId })),
  listPendingMerges: [{ now, limit: 100 }],
  claimMerge: [{ ...merge, now, until: now }],
  releaseMerge: [{ ...merge, note }],
  finishMerge: [joined, undefined].map((profile) => ({
    ...{ ...merge, profile, now, undoUntil: now, endedUntil: now, notes: [note] },
  })),
  undoMerge: [session, undefined].map((session) => ({
    ...{ ...merge, guest, session, retained: promised.none, now, repeatUntil: now, notes: [note] },
    leaves: session,
  })),
  importGuests: [
    {
      guests: [
        {
          ...{ guest, retained: promised.none, loginIds: [loginId], session, endedUntil: now, notes: [note] },
          profile: { anonymousId: key.anonymousId, version: 1, attributes: {}, updatedAt: now },
        },
      ],
      dry: false,
    },
  ],
  signInByProof: [undefined, ...ended].flatMap((from) =>
    signInProofs.map((proof) => ({
      ...{ proof, from, to: session, maxSessions: 5, now, retained: promised, merge, notes: [note] },
      ...{ restored: [note], used: [note] },
    })),
  ),
  findRecoveryCode: [key],
  countRecoveryCodes: [key],
  replaceRecoveryCodes: ended.flatMap((session) =>
    [keeping, undefined].map((keep) => ({
      ...{ ...key, ids: ['code'], by: { session, isProven: true }, keep, retained: promised, notes: [note] },
    })),
  ),
  confirmRecoveryCodes: ended.map((session) => ({
    ...{ ...key, session, retained: promised, notes: [note] },
  })),
  removeRecoveryCodes: ended.map((session) => ({
    ...{ ...key, by: { session, isProven: true }, force: true, retained: promised, notes: [note] },
  })),
  listDeviceKeys: [key],
  findDeviceKey: [key],
  addDeviceKey: ended.flatMap((from) =>
    [keeping, undefined].map((keep) => ({
      ...{ key: aDeviceKey(guest), from, isProven: true, keep, spent: proof.spent, maxDeviceKeys: 5 },
      ...{ retained: promised, notes: [note] },
    })),
  ),
  renameDeviceKey: [{ ...key, name: 'another' }],
  removeDeviceKey: [true, false].map((force) => ({ ...key, force, isProven: true, notes: [note] })),
  findDeviceLink: [
    { id: 'link', now },
    { opener: 'hash', now },
  ],
  addDeviceLink: [
    {
      link: {
        ...{ id: 'link', locator: 'BCDF', code: 'mac', secret: 'hash', label: guest.label, triesLeft: 5 },
        ...{ anonymousId: guest.anonymousId, sessionId: session.id, expiresAt: now },
      },
      from: ended[1]!,
      now,
    },
  ],
  openDeviceLink: [
    { locator: 'BCDF', codes: ['mac'] },
    { locator: 'BCDF', codes: ['another'] },
    { id: 'link', secret: 'hash' },
  ].map((proof) => ({
    ...{ proof, opener: 'hash', here: undefined, client: null, leave: false, words: ['amber', 'fox'] },
    ...{ asking: { platform: 'Android', browser: 'Chrome' }, now, expiresAt: now },
  })),
  decideDeviceLink: [true, false].map((approve) => ({
    ...{ id: 'link', anonymousId: guest.anonymousId, sessionId: session.id, approve, now, keep: keeping },
    notes: [note],
  })),
  removeDeviceLink: [{ ...key, sessionId: session.id }],
  deleteExpiredDeviceLinks: [{ now, limit: 1000 }],
  listDueGuests: [{ now, limit: 100 }],
  countDueGuests: [{ now }],
  moveGuests: [
    {
      guests: (['warned', 'expired'] as const).map((to) => ({
        ...{ ...key, dueAt: now, stage: 'active', to, retained: promised.none, notes: [note] },
      })),
    },
  ],
  eraseGuests: [[erasure, { ...erasure, endedUntil: null }], [{ ...erasure, endedUntil: null }]].map(
    (guests) => ({
      ...{ now, guests },
    }),
  ),
  addNote: [{ note }],
  listAudit: [key.anonymousId, null].map((anonymousId) => ({ anonymousId, since: now, limit: 100 })),
  claimDeliveries: [{ url: 'https://example.com/hooks', now, until: now, limit: 20 }],
  settleDelivery: [key],
  failDelivery: [{ ...key, failure: 'not reached', dueAt: now }],
  releaseDelivery: [{ ...key, until: now }],
  listDeadDeliveries: [{ limit: 100 }],
  retryDeliveries: [key.id, null].map((id) => ({ id, now })),
  completeDeliveries: [{ limit: 100 }],
  renamePasskey: [{ ...key, name: 'another' }],
  removePasskey: [true, false].map((force) => ({ ...key, force, notes: [note] })),
  touchSession: [
    { ...key, expiresAt: now, retained: promised, label: guest.label, collection: guest.collection },
  ],
  endSession: ended.map((one) => ({ ...one, notes: [note] })),
  endSessions: [{}, { except: session.id }, { only: session.id }].flatMap((which) =>
    [undefined, { now }].map((unlessLost) => ({
      ...{ ...key, ...which, unlessLost, notes: [note], revocation: note },
    })),
  ),
  deleteExpired: [{ before: now, auditBefore: now - 90 * 86_400, limit: 1000 }],
  refreshSession: [0, 1, 2].map((generation) => ({
    ...{ ...key, generation, expiresAt: now, graceSeconds: 30 },
    by: { clientId: 'spa', jkt: null, scope: [] },
    retained: { collections: {}, otherwise: promised },
  })),
  findLoginId: [loginId],
  listLoginIds: [key],
  isRightCode: [{ ...code, now }],
  isSpent: [{ id: 'a' }],
  addCode: [
    { code: { ...code, triesLeft: 5, expiresAt: now }, limits: [{ id: 'limit', most: 5, until: now }], now },
  ],
  spendCode: [{ ...code, now }],
  findSpent: [{ id: 'once', now }],
  spendOnce: [{ id: 'once', expiresAt: now }],
  promote: [code, { spent: proof.spent }, undefined].flatMap((proof) =>
    [undefined, ...ended].flatMap((from) =>
      [keeping, undefined].map((keep) => ({
        ...{ ...key, loginId, proof, keep, from, to: session, offer: merge, maxLoginIds: 5, now },
        notes: { first: [note], further: [note] },
      })),
    ),
  ),
  removeLoginId: [true, false].map((force) => ({
    ...{ ...loginId, force, now, retained: promised, notes: [note] },
  })),
  setPrimaryLoginId: [loginId],
  demote: [{ ...key, now, retained: promised, notes: [note] }],
  readClock: [{}],
  listSigningKeys: [{}],
  addSigningKey: [{ key: signingKey, previousRetiresAt: now, notes: [operatorNote] }],
  reencryptSigningKey: [{ generation: 1, privateKey: 'encrypted' }],
  claimJob: [true, false].map((again) => ({ name: 'chore', holder: 'node', now, until: now, again })),
}

const named = '{"anonymous_id":"some guest","label":"amber-fox-42"}'

/** A row in which a verb finds whatever it looks for. */
const anyRow: Row = {
  ...{ anonymous_id: key.anonymousId, credential_id: key.credentialId, id: key.id, user_handle: 'handle' },
  ...{ label: 'amber-fox-42', collection: 'users', name: 'Passkey', transports: 'internal', result: 'other' },
  ...{
    sign_count: 0,
    backed_up: 1,
    way_back: 1,
    created_at: now,
    last_seen_at: now,
    expires_at: now + 1,
    ends_at: now + 1,
    n: 0,
  },
  ...{ client_id: 'spa', scope: '', jkt: null, refreshes: 2, refreshed_at: now },
  ...{ last_seen_at: now, days_seen: 1, due_at: now, stage: 'active', guest_expires_at: now },
  ...{ version: 1, attributes: '{"nickname":"Fox","age":7}', updated_at: now },
  ...{ from_id: key.anonymousId, into_id: key.anonymousId, recoverability: 'none', confirmed: 1 },
  ...{ claimed_until: now, replaced: '{"before":{},"after":{}}' },
  ...{
    type: 'email' as const,
    value: 'somebody@example.org',
    verified_at: now,
    is_primary: 1,
    promoted_at: null,
  },
  ...{ code: 'mac', tries_left: 5, used: 0 },
  payload: `{"type":"guest.merged","data":{"from":${named},"into":${named}}}`,
}
const link = { session_id: session.id, secret: 'hash', words: null, asking: null, alive: 1 }
const ofOperator = { operator_id: operator.id, role: 'owner', passkeys: 0 }
/** Fields that a verb also needs to go on. */
const moreOfRow: { [V in Verb]?: Row } = {
  approveWayIn: { id: wayIn.id, needs_approval: 1, approved_by: null },
  enterByWayIn: { needs_approval: 0, opens_at: now },
  finishMerge: { status: 'pending', claimed_until: merge.claimedUntil },
  undoMerge: { status: 'merged' },
  importGuests: { id: `sealed:${key.anonymousId}`, result: 'disabled', ended_at: now },
  promote: { anonymous_id: 'another' },
  readSettings: { version: 1, changes: '{}' },
  readCounting: { id: 'recoverability', day: 0, value: '[]' },
  ...{ addCounts: { day: 0, value: '0' }, closeDays: { day: 0, counted: 1 } },
  changeSettings: { version: 1, changes: '{}' },
  confirmRecoveryCodes: { n: 1, confirmed: 0 },
  removeRecoveryCodes: { n: 1 },
  inviteOperator: { id: operator.id },
  ...{ addOperatorPasskey: ofOperator, removeOperatorPasskey: { ...ofOperator, n: 2 } },
  ...{ signInOperator: ofOperator, setOperatorRole: ofOperator, removeOperator: ofOperator },
  openDeviceLink: { ...link, status: 'waiting', tries_left: 2 },
  decideDeviceLink: { ...link, status: 'opened' },
}
/** The maximum number of queries in a verb. Each of them finds something or nothing. */
const LOOKS = 6

/** The statements of each verb, each once. Throws if `inputs` has no entry for a verb. */
export function statementsOfVerbs(): Map<string, Statement[]> {
  return new Map([
    ['sealedEnds', findSealedEnds(30).statements],
    ['findSessions', findSessions([key]).statements],
    ['actingIn', firstOf(verbOf({ verb: 'removeOperator', input: {}, acting }))],
    ...Object.entries({ ...reads, ...writes }).map(([name, verb]): [string, Statement[]] => {
      if (!Object.hasOwn(inputs, name)) throw new Error(`inputs has no entry for the verb ${name}; add one`)
      const found = new Map<string, Statement>()
      const row = { ...anyRow, ...moreOfRow[name as Verb] }
      for (const input of inputs[name as Verb]) {
        for (let answers = 0; answers < 1 << LOOKS; answers++) {
          let turn = 0
          run(verb(input as never), (statement) => {
            found.set(`${statement.sql} ${statement.lock}`, statement)
            return /^SELECT (COUNT|MAX)/.test(statement.sql) || (answers >> turn++) & 1 ? [row] : []
          })
        }
      }
      return [name, [...found.values()]]
    }),
  ])
}

/** The statements that a verb sends first. */
const firstOf = (verb: Ask<unknown> | Steps<unknown>): Statement[] =>
  'next' in verb ? (verb.next().value as Statement[]) : verb.statements

/** Runs a verb to its end, and also the check that a driver runs if it loses the result of a commit. */
function run(verb: Ask<unknown> | Steps<unknown>, execute: Execute): void {
  let ending: Ask<unknown>
  if ('next' in verb) {
    let step = verb.next()
    while (!step.done) step = verb.next(step.value.map(execute) as never)
    ending = step.value
  } else ending = verb
  for (const statement of ending.statements) execute(statement)
  if (ending.trace) execute(ending.trace)
}

/** A statement in one line, for a title. */
export const inShort = ({ sql, lock }: Statement): string =>
  `${sql.replace(/\s+/g, ' ').replace(/\('A', .*?\)/g, '(…)')}${lock ? ' FOR UPDATE' : ''}`

/** The statements in the source of the verbs that are not among these. */
export function missedInSource(statements: Statement[]): string[] {
  const folder = new URL('../../server/store/sql/', import.meta.url)
  const sources = [
    'about-guest.ts',
    'merge-deliveries.ts',
    'rows.ts',
    'seen.ts',
    'end-way-in.ts',
    'way-back.ts',
    ...['verbs', 'operators', 'support'].flatMap((name) =>
      readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`),
    ),
  ]
  const source = withConstants(sources.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n'))
  const written = [...source.matchAll(/(['`])((?:SELECT|INSERT|UPDATE|DELETE|WITH)\b.*?)\1/gs)]
  const inserted = [...source.matchAll(/\binsert\(\s*'(\w+)'/g)].map(
    ([, table]) => `INSERT INTO ${table} (\${}`,
  )
  return [...written.map(([, , text]) => text!), ...inserted].filter((text) => {
    const parts = text.split(/\$\{.*?\}|\bIDS\b/s).map((part) => part.replace(/[^\w\s]/g, '\\$&'))
    const shape = new RegExp(`^${parts.join('.*')}$`, 's') // an interpolated value may be anything
    return !statements.some(({ sql }) => shape.test(sql))
  })
}

/** A text that is the beginning of another one counts as a part of that one. */
function withConstants(source: string): string {
  const constants = [...source.matchAll(/^const ([A-Z_]+) = `(.*?)`$/gms)]
  return constants.reduce(
    (text, [definition, name, value]) => text.replace(definition, '').replaceAll(`\${${name}}`, () => value!),
    source,
  )
}
