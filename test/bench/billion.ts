// node test/bench/billion.ts: a simulation of a billion guests on a sharded, PostgreSQL-compatible database.
//
// It answers where the rows and the writes of a busy hour go, by the keys that there are: no database is started. For each
// key it draws a sample of rows as they would be stored, cuts it into ranges of the size at which such databases split,
// draws a sample of the writes of the hour, and counts how many of them the busiest range gets. Everything random comes
// from hashes of a counter, so each run prints the same. The page about sizing has the tables that it prints.

import { createHash } from 'node:crypto'

/** What is assumed. Each is a round figure that an operator can replace by the own one. */
export const world = {
  guests: 1e9,
  /** The share of guests who come on a day, how often each of them is noted as seen, and how often signs in. */
  activeOnADay: 0.05,
  seenOnADay: 3,
  signInsOnADay: 0.2,
  signOutsOnADay: 0.1,
  /** For each guest who is kept, so many who are not kept sign out. */
  unkeptSignOuts: 1,
  /** How long a guest stays who does not come back, and a session that nobody uses. */
  guestDays: 365,
  sessionDays: 90,
  auditDays: 90,
  /** How much more happens in the busiest hour than on average. */
  peak: 3,
  /** Nodes of guestkey that serve it. */
  nodes: 40,
}

/**
 * A full range (CockroachDB, `range_max_bytes`; YugabyteDB's first splits are at the same size). On average ranges are
 * three quarters full.
 */
const RANGE_BYTES = 512 * 2 ** 20 * 0.75
/** How many requests a second CockroachDB lets one range have before it cuts it by load (`kv.range_split.load_qps_threshold`). */
export const RANGE_REQUESTS = 2500

const SAMPLE = 40_000
const DAY = 86_400
/** A proof that was used is remembered for its five minutes, and an hour more. */
const PROOF_SECONDS = 65 * 60

const digests = new Map<string, Buffer>()
function digest(kind: string, n: number): Buffer {
  const name = `${kind} ${n}`
  const made = digests.get(name) ?? createHash('sha256').update(name).digest()
  digests.set(name, made)
  return made
}
/** A random number from 0 to 1, and a random id as guestkey makes them, both from the counter. */
const chance = (kind: string, n: number) => digest(kind, n).readUInt32BE() / 2 ** 32
const id = (kind: string, n: number) => digest(kind, n).subarray(0, 16).toString('base64url')
const bucketOf = (id: string) => id[7]!
const time = (seconds: number) => (seconds + 1e10).toFixed(3).padStart(16, '0')

/** The key of row n of the sample, and the key of write n. Time 0 is now. */
type Places = { stored: (n: number) => string; written: (n: number) => string }

type Key = Places & {
  name: string
  rows: number
  /** As measured on PostgreSQL: the row with its key, or an entry of the index. */
  bytes: number
  /** Writes a second in the busiest hour. An update that moves an entry of an index is two. */
  writes: number
}

/** What happens in a second of the busiest hour. */
export function flowsOf({ guests, peak, ...w } = world) {
  const perSecond = (onADay: number) => (onADay / DAY) * peak
  const active = guests * w.activeOnADay
  return {
    kept: perSecond(guests / w.guestDays),
    seen: perSecond(active * w.seenOnADay),
    signIns: perSecond(active * w.signInsOnADay),
    signOuts: perSecond(active * w.signOutsOnADay),
    /** Sessions without a row that end: their guest is kept, or signs out. */
    sealedEnds: perSecond(guests / w.guestDays) * (1 + w.unkeptSignOuts),
    /** Each guest who goes is warned, then expires, then is erased. On average over the day, as a job has the whole of it. */
    due: (3 * guests) / w.guestDays / DAY,
  }
}

/** The keys of the tables that each guest has a row in, and of their indexes for the clean-up. */
export function keysOf(w = world): Key[] {
  const { kept, seen, signIns, signOuts, sealedEnds, due } = flowsOf(w)
  const onAverage = (days: number, atPeak: number) => (atPeak / w.peak) * DAY * days
  const sessions = onAverage(w.sessionDays, kept + signIns)
  const ends = onAverage(w.sessionDays, sealedEnds)
  const proofs = (kept + signIns) * PROOF_SECONDS
  const lines = onAverage(w.auditDays, 2 * kept + signIns + signOuts)
  const written = 2 * (kept + signIns)
  const byId: Places = { stored: (n) => id('row', n), written: (n) => id('new', n) }
  /** An entry of the clean-up: a bucket, then a time between `from` and `to`; what is written is at `to`. */
  const byTime = (from: number, to: number): Places => ({
    stored: (n) => `${bucketOf(id('row', n))} ${time(from + chance('at', n) * (to - from))}`,
    written: (n) => `${bucketOf(id('new', n))} ${time(to + chance('hour', n))}`,
  })
  const [untilDue, untilOver] = [byTime(0, w.guestDays * DAY), byTime(0, w.sessionDays * DAY)]
  const key = (name: string, rows: number, bytes: number, writes: number, places: Places): Key => ({
    ...places,
    name,
    rows,
    bytes,
    writes,
  })
  return [
    key('guests', w.guests, 262, kept + seen + signIns + due, byId),
    key('guests, when due', w.guests, 32, kept + 2 * (seen + signIns + due), untilDue),
    key('passkeys', 1.2 * w.guests, 396, kept + signIns, byId),
    key('passkeys, of a guest', 1.2 * w.guests, 41, kept, byId),
    key('sessions', sessions, 244, kept + seen + signIns + signOuts, byId),
    key('sessions, when over', sessions, 32, 2 * (kept + seen + signIns), untilOver),
    key('spent, proofs', proofs, 150, written, byId),
    key('spent, proofs, when over', proofs, 32, written, byTime(-3600, 300)),
    key('spent, ended sessions', ends, 150, 2 * sealedEnds, byId),
    key('spent, ended sessions, when over', ends, 32, 2 * sealedEnds, untilOver),
    key('audit', lines, 161, 2 * (2 * kept + signIns + signOuts), byId),
    key('audit, by time', lines, 32, 2 * (2 * kept + signIns + signOuts), byTime(-w.auditDays * DAY, 0)),
  ]
}

export type Spread = {
  name: string
  gigabytes: number
  ranges: number
  writes: number
  /** Writes a second that the busiest range gets, if ranges are cut by size alone, and if the 64 buckets are cut apart too. */
  busiest: number
  presplit: number
}

/** How the writes of a key spread over its ranges. */
export function spreadOf(key: Key): Spread {
  const ranges = Math.max(1, Math.round((key.rows * key.bytes) / RANGE_BYTES))
  const stored = Array.from({ length: SAMPLE }, (_, n) => key.stored(n)).sort()
  // More ranges than this cannot be told apart by the sample: then the busiest is as busy as one of so many, and fewer
  // writes hit it in truth.
  const told = Math.min(ranges, SAMPLE / 100)
  const bySize = Array.from({ length: told - 1 }, (_, i) => stored[Math.floor(((i + 1) * SAMPLE) / told)]!)
  const byBucket = [...new Set(stored.map((text) => text[0]!))].slice(1)
  const busiestOf = (cuts: string[]) => {
    const counts = new Map<number, number>()
    for (let n = 0; n < SAMPLE; n++) {
      const range = placeOf(cuts, key.written(n))
      counts.set(range, (counts.get(range) ?? 0) + 1)
    }
    return (Math.max(...counts.values()) / SAMPLE) * key.writes
  }
  return {
    name: key.name,
    gigabytes: (key.rows * key.bytes) / 1e9,
    ranges,
    writes: key.writes,
    busiest: busiestOf(bySize),
    presplit: busiestOf([...new Set([...bySize, ...byBucket])].sort()),
  }
}

/** How many of the sorted `cuts` are at or before the key. */
function placeOf(cuts: string[], key: string): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cuts[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The work that does not spread: what one job does in turn (core/jobs/expired-guests.ts), and what each node asks again and
 * again (store/postgres/endings.ts). `milliseconds`: what a transaction about eight guests takes.
 */
export function unspreadOf(w = world, milliseconds = 15) {
  const { due, sealedEnds, kept, signIns } = flowsOf(w)
  const [batch, pauseFactor, longestPause] = [8, 30, 200]
  const pause = Math.min(milliseconds * pauseFactor, longestPause)
  const looks = w.nodes * 30
  const ends = sealedEnds * 30
  return {
    dueEachSecond: due,
    doneEachSecond: batch / ((milliseconds + pause) / 1000),
    /** By the command `guestkey sweep`, which makes shorter pauses. */
    doneByCommand: batch / ((3 * milliseconds) / 1000),
    looksEachSecond: looks,
    rowsReadByLooks: looks * ends,
    deadEntriesInABucket: ((kept + signIns) * 4 * 3600) / 64,
  }
}

const whole = (n: number) => Math.round(n).toLocaleString('en')

/** The tables of the page about sizing. */
export function tables(): string {
  const flows = flowsOf()
  const rows = keysOf().map(spreadOf)
  const apart = unspreadOf()
  return [
    '| key | GB | ranges | writes a second | the busiest range | the same, cut by bucket |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ name, gigabytes, ranges, writes, busiest, presplit }) =>
        `| ${name} | ${whole(gigabytes)} | ${whole(ranges)} | ${whole(writes)} | ${whole(busiest)} | ${whole(presplit)} |`,
    ),
    '',
    '| in the busiest hour, each second | |',
    '| --- | --- |',
    `| guests who are kept, are seen, sign in, sign out | ${[flows.kept, flows.seen, flows.signIns, flows.signOuts].map(whole).join(', ')} |`,
    `| guests for whom the clean-up has something to do | ${whole(apart.dueEachSecond)} |`,
    `| what the job can do, and what \`guestkey sweep\` can | ${whole(apart.doneEachSecond)}, ${whole(apart.doneByCommand)} |`,
    `| looks for ended sessions by ${world.nodes} nodes, and the rows that they read | ${whole(apart.looksEachSecond)}, ${whole(apart.rowsReadByLooks)} |`,
    `| deleted entries that the clean-up of proofs passes by in each bucket, if the database keeps them for four hours | ${whole(apart.deadEntriesInABucket)} |`,
  ].join('\n')
}

if (import.meta.main) console.log(tables())
