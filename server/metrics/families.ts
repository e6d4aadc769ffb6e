// Every metric: its name, what it counts and its labels. No label has a value that a visitor chooses, and none names anybody.

/** `name`: without the suffix that a counter's samples have (`_total`). */
export type Family = {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: readonly string[]
  /** Upper limits of a histogram; +Inf is added. */
  buckets?: readonly number[]
}

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export const families = {
  guestkey_build_info: {
    type: 'gauge',
    help: 'Always 1. The version of guestkey that runs.',
    labels: ['version'],
  },
  guestkey_http_requests: {
    type: 'counter',
    help: 'Answered requests, by endpoint and status. What is at no endpoint is unknown.',
    labels: ['endpoint', 'status'],
  },
  guestkey_http_request_duration_seconds: {
    type: 'histogram',
    help: 'How long an answer took, by endpoint.',
    labels: ['endpoint'],
    buckets: SECONDS,
  },
  guestkey_sign_ins: {
    type: 'counter',
    help: 'Sign-ins by method. anonymous: new guests.',
    labels: ['method'],
  },
  guestkey_passkey_ceremonies: {
    type: 'counter',
    help: 'Passkeys that were made or used to sign in, by outcome: done, or the code of the error.',
    labels: ['ceremony', 'outcome'],
  },
  guestkey_refusals: {
    type: 'counter',
    help: 'Refused requests of guests, by the code of the error. too_many_requests: the limit of one network.',
    labels: ['code'],
  },
  guestkey_store_duration_seconds: {
    type: 'histogram',
    help: 'How long the store took, for reads and for writes, with the wait in the queue.',
    labels: ['kind'],
    buckets: SECONDS,
  },
  guestkey_store_failures: {
    type: 'counter',
    help: 'Reads and writes that failed.',
    labels: ['kind'],
  },
  guestkey_store_under_way: {
    type: 'gauge',
    help: 'Reads and writes that have begun and are not done, with those in the queue.',
    labels: [],
  },
  guestkey_store_commit_writes: {
    type: 'histogram',
    help: 'How many writes shared a commit. SQLite alone.',
    labels: [],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  },
  guestkey_postgres_connections: {
    type: 'gauge',
    help: 'Connections to PostgreSQL that are used or idle. waiting: requests that wait for one.',
    labels: ['state'],
  },
  guestkey_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'How late the event loop was in the last whole minute: the median, the 99th percentile and the longest delay.',
    labels: ['quantile'],
  },
  guestkey_process_cpu_seconds: {
    type: 'counter',
    help: 'CPU time of the process.',
    labels: [],
  },
  guestkey_process_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory of the process.',
    labels: [],
  },
  guestkey_process_start_time_seconds: {
    type: 'gauge',
    help: 'When the process began, in Unix seconds.',
    labels: [],
  },
  guestkey_store_readable: {
    type: 'gauge',
    help: '1: the store answered this scrape. 0: it did not, and what is read from it is missing.',
    labels: [],
  },
  guestkey_guests: {
    type: 'gauge',
    help: 'Stored guests by how they could come back, once a day and rounded down to tens, or from 100 on to two digits.',
    labels: ['collection', 'recoverability'],
  },
  guestkey_job_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When a background job last began, on whatever node, in Unix seconds.',
    labels: ['name'],
  },
  guestkey_webhooks: {
    type: 'gauge',
    help: 'Webhooks that are due, and those that were given up (dead). At most 1,000 are counted.',
    labels: ['state'],
  },
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families
export type FamiliesOf<Type extends Family['type']> = {
  [Name in FamilyName]: (typeof families)[Name]['type'] extends Type ? Name : never
}[FamilyName]
type Strings<Names extends readonly unknown[]> = { [I in keyof Names]: string }
/** The values of the labels of a metric, in the order of `families`. */
export type LabelsOf<Name extends FamilyName> = Strings<(typeof families)[Name]['labels']>
