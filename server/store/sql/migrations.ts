// The tables, as a list of migration steps: new steps are only ever added at the end. Ids and base64url are TEXT, times
// are Unix seconds, flags are 0 or 1. Which stores a version refuses is decided in schema-steps.ts.

import { buckets } from './statement.ts'

/** The bucket of a row: the 8th character of its id, one of 64. It is as good as random in every id that expires. */
export const bucket = 'substr(id, 8, 1)'

/** The bucket of a guest's row. */
export const guestBucket = 'substr(anonymous_id, 8, 1)'

/**
 * The guests in no bucket: imported ids may have another 8th character, or none. They are few and have their own index.
 */
export const guestBucketOthers = `${guestBucket} NOT IN ${buckets}`

/**
 * Steps that are one UPDATE of all guests, which finds no guest twice. Where others write meanwhile, it can be done in parts
 * before: its text, and `AND anonymous_id > … AND anonymous_id <= …`.
 */
export const updatesOfAllGuests: readonly number[] = [4]

/**
 * Each step runs once, in order, in one transaction of its own. Put indexes of large tables into a step that has nothing
 * else: PostgreSQL then builds them before the transaction, while others write (postgres/indexes.ts).
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE guests (
      anonymous_id TEXT PRIMARY KEY,
      user_handle TEXT NOT NULL,
      label TEXT NOT NULL,
      collection TEXT NOT NULL,
      created_at BIGINT NOT NULL
    )`,
    `CREATE TABLE passkeys (
      credential_id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      public_key TEXT NOT NULL,
      sign_count BIGINT NOT NULL,
      aaguid TEXT NOT NULL,
      name TEXT NOT NULL,
      transports TEXT NOT NULL,
      backup_eligible INTEGER NOT NULL,
      backed_up INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      last_used_at BIGINT
    )`,
    'CREATE INDEX passkeys_of_guest ON passkeys (anonymous_id)',
    `CREATE TABLE sessions (
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_seen_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      ends_at BIGINT NOT NULL,
      auth_time BIGINT,
      PRIMARY KEY (anonymous_id, id)
    )`,
    'CREATE INDEX sessions_by_expiry ON sessions (expires_at)',
    `CREATE TABLE spent (
      id TEXT PRIMARY KEY,
      expires_at BIGINT NOT NULL,
      result TEXT
    )`,
    'CREATE INDEX spent_by_expiry ON spent (expires_at)',
  ],
  [
    `CREATE TABLE chores (
      name TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      taken_until BIGINT NOT NULL
    )`,
    // An index by time alone would get every insert at its end, which a distributed database keeps on one node.
    'DROP INDEX sessions_by_expiry',
    'DROP INDEX spent_by_expiry',
    `CREATE INDEX sessions_to_sweep ON sessions (${bucket}, expires_at)`,
    `CREATE INDEX spent_to_sweep ON spent (${bucket}, expires_at)`,
  ],
  [
    'ALTER TABLE sessions ADD COLUMN client_id TEXT',
    'ALTER TABLE sessions ADD COLUMN scope TEXT',
    'ALTER TABLE sessions ADD COLUMN jkt TEXT',
    'ALTER TABLE sessions ADD COLUMN refreshes BIGINT',
    'ALTER TABLE sessions ADD COLUMN refreshed_at BIGINT',
    `CREATE TABLE signing_keys (
      generation BIGINT PRIMARY KEY,
      kid TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      public_key TEXT NOT NULL,
      private_key TEXT NOT NULL,
      signs_from BIGINT NOT NULL,
      retires_at BIGINT
    )`,
    // When a sealed session ended, by the database's clock.
    'ALTER TABLE spent ADD COLUMN ended_at BIGINT',
    `CREATE INDEX spent_ended ON spent (${bucket}, ended_at) WHERE ended_at IS NOT NULL`,
  ],
  [
    'ALTER TABLE guests ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE guests ADD COLUMN days_seen BIGINT NOT NULL DEFAULT 1',
    // Guests from before this step were promised nothing yet. due_at 0 lets the clean-up look at them first.
    'ALTER TABLE guests ADD COLUMN expires_at BIGINT',
    'ALTER TABLE guests ADD COLUMN due_at BIGINT DEFAULT 0',
    "ALTER TABLE guests ADD COLUMN stage TEXT NOT NULL DEFAULT 'active'",
    'ALTER TABLE guests ADD COLUMN merged_into TEXT',
    `CREATE INDEX guests_due ON guests (${guestBucket}, due_at)`,
    `CREATE TABLE profiles (
      anonymous_id TEXT PRIMARY KEY REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      version BIGINT NOT NULL,
      attributes TEXT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    `CREATE TABLE snoozes (
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      prompt TEXT NOT NULL,
      times BIGINT NOT NULL,
      snoozed_until BIGINT NOT NULL,
      PRIMARY KEY (anonymous_id, prompt)
    )`,
    `CREATE TABLE merges (
      id TEXT PRIMARY KEY,
      from_id TEXT NOT NULL,
      into_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      label TEXT NOT NULL,
      collection TEXT NOT NULL,
      recoverability TEXT NOT NULL,
      confirmed INTEGER NOT NULL,
      carried_since BIGINT,
      refusals BIGINT NOT NULL DEFAULT 0,
      status TEXT NOT NULL,
      claimed_until BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      replaced TEXT
    )`,
    'CREATE INDEX merges_from ON merges (from_id)',
    'CREATE INDEX merges_into ON merges (into_id)',
    `CREATE INDEX merges_to_sweep ON merges (${bucket}, expires_at)`,
    `CREATE INDEX merges_to_do ON merges (${bucket}, status, claimed_until)`,
    `CREATE TABLE audit (
      anonymous_id TEXT NOT NULL,
      at BIGINT NOT NULL,
      id TEXT NOT NULL,
      session_id TEXT,
      action TEXT NOT NULL,
      outcome TEXT NOT NULL,
      PRIMARY KEY (anonymous_id, at, id)
    )`,
    `CREATE INDEX audit_to_sweep ON audit (${guestBucket}, at)`,
    `CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      url TEXT NOT NULL,
      event TEXT NOT NULL,
      payload TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      attempts BIGINT NOT NULL,
      due_at BIGINT,
      failure TEXT,
      anonymous_id TEXT
    )`,
    `CREATE INDEX outbox_due ON outbox (${bucket}, due_at)`,
    'CREATE INDEX outbox_of ON outbox (anonymous_id)',
    `CREATE INDEX outbox_to_sweep ON outbox (${bucket}, created_at)`,
  ],
  // A step of its own: it takes a while if there are many guests, and must not hold up the tables above.
  [
    `UPDATE guests SET last_seen_at =
      COALESCE((SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.anonymous_id = guests.anonymous_id), created_at)
    WHERE last_seen_at = 0`,
  ],
  [
    // Since when the guest is a regular user, that is, has a login ID.
    'ALTER TABLE guests ADD COLUMN promoted_at BIGINT',
    `CREATE TABLE login_ids (
      type TEXT NOT NULL,
      value TEXT NOT NULL,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      verified_at BIGINT NOT NULL,
      is_primary INTEGER NOT NULL,
      PRIMARY KEY (type, value)
    )`,
    'CREATE INDEX login_ids_of_guest ON login_ids (anonymous_id)',
    `CREATE TABLE codes (
      id TEXT PRIMARY KEY,
      code TEXT NOT NULL,
      tries_left BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    `CREATE INDEX codes_to_sweep ON codes (${bucket}, expires_at)`,
    `CREATE TABLE limits (
      id TEXT PRIMARY KEY,
      used BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    `CREATE INDEX limits_to_sweep ON limits (${bucket}, expires_at)`,
  ],
  [
    `CREATE INDEX guests_due_others ON guests (due_at) WHERE ${guestBucketOthers}`,
    `CREATE INDEX audit_to_sweep_others ON audit (at) WHERE ${guestBucketOthers}`,
  ],
  [
    // Until when a passkey may be added without proof of another one: after a recovery, and on a linked device.
    'ALTER TABLE sessions ADD COLUMN enrol_until BIGINT',
    `CREATE TABLE device_keys (
      id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      public_key TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_used_at BIGINT,
      session_id TEXT NOT NULL
    )`,
    'CREATE INDEX device_keys_of_guest ON device_keys (anonymous_id)',
    `CREATE TABLE recovery_codes (
      id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      created_at BIGINT NOT NULL
    )`,
    'CREATE INDEX recovery_codes_of_guest ON recovery_codes (anonymous_id)',
    // No reference to guests: a guest who links a device may have no row yet. Locator, code and secret become NULL when
    // the link is opened.
    `CREATE TABLE device_links (
      id TEXT PRIMARY KEY,
      locator TEXT,
      code TEXT,
      secret TEXT,
      tries_left BIGINT NOT NULL,
      anonymous_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      label TEXT,
      status TEXT NOT NULL,
      opener TEXT,
      opened_in TEXT,
      opened_for TEXT,
      words TEXT,
      asking TEXT,
      result TEXT,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE UNIQUE INDEX device_links_by_locator ON device_links (locator)',
    'CREATE UNIQUE INDEX device_links_by_opener ON device_links (opener)',
    'CREATE UNIQUE INDEX device_links_of_session ON device_links (anonymous_id, session_id)',
    `CREATE INDEX device_links_to_sweep ON device_links (${bucket}, expires_at)`,
  ],
  [
    // Until when the passkey proof of the guest who left counts for an offer.
    'ALTER TABLE merges ADD COLUMN proven_until BIGINT',
  ],
  [
    // Until when the merge was offered, if it was offered before it was decided: a refusal puts it back.
    'ALTER TABLE merges ADD COLUMN offered_until BIGINT',
  ],
  // Nodes of 0.3 did not know regular users and gave them dates as if they were guests. A race in 0.4 did the same.
  [
    `UPDATE guests SET stage = 'active', expires_at = NULL, due_at = NULL
    WHERE promoted_at IS NOT NULL AND due_at IS NOT NULL`,
  ],
  [
    // Whether the guest said that the codes were written down. Codes from before count, as was promised when they were made;
    // so do those of a node of 0.5, which writes no such column, and whose clients cannot confirm.
    'ALTER TABLE recovery_codes ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1',
  ],
  [
    // When an undone merge gave this session's browser another session. It works for some minutes more.
    'ALTER TABLE sessions ADD COLUMN replaced_at BIGINT',
  ],
  [
    // The other guest whom an event about a merge names, with the label. A node of 0.5 leaves it out: such deliveries are
    // found by the second index.
    'ALTER TABLE outbox ADD COLUMN other_id TEXT',
    'CREATE INDEX outbox_of_other ON outbox (other_id) WHERE other_id IS NOT NULL',
    `CREATE INDEX outbox_of_unknown ON outbox (${bucket})
      WHERE other_id IS NULL AND event IN ('guest.merged', 'guest.merge_undone')`,
  ],
  [
    // Since when, until when (NULL: until somebody enables it) and why the guest is disabled: see disabled.ts.
    'ALTER TABLE guests ADD COLUMN disabled_at BIGINT',
    'ALTER TABLE guests ADD COLUMN disabled_until BIGINT',
    'ALTER TABLE guests ADD COLUMN disabled_reason TEXT',
  ],
  [
    // One row: every node reads it once a second.
    `CREATE TABLE live_settings (
      id TEXT PRIMARY KEY,
      version BIGINT NOT NULL,
      changes TEXT NOT NULL
    )`,
  ],
  [
    // For operators who look for a guest. Nobody signs in by these.
    'CREATE INDEX guests_by_label ON guests (label, anonymous_id)',
    'CREATE INDEX guests_disabled ON guests (anonymous_id) WHERE disabled_at IS NOT NULL',
  ],
  [
    // Operators are no guests: nothing here refers to a guest, and no other table to these, but for their ids in `audit`.
    `CREATE TABLE operators (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      role TEXT NOT NULL,
      user_handle TEXT NOT NULL,
      created_at BIGINT NOT NULL
    )`,
    'CREATE UNIQUE INDEX operators_by_name ON operators (name)',
    `CREATE TABLE operator_passkeys (
      credential_id TEXT PRIMARY KEY,
      operator_id TEXT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
      public_key TEXT NOT NULL,
      sign_count BIGINT NOT NULL,
      aaguid TEXT NOT NULL,
      transports TEXT NOT NULL,
      backup_eligible INTEGER NOT NULL,
      backed_up INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      last_used_at BIGINT
    )`,
    'CREATE INDEX operator_passkeys_of ON operator_passkeys (operator_id)',
    // Ids are SHA-256 of tokens. A session begins with the proof of a passkey, at created_at.
    `CREATE TABLE operator_sessions (
      id TEXT PRIMARY KEY,
      operator_id TEXT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
      created_at BIGINT NOT NULL,
      last_seen_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      ends_at BIGINT NOT NULL
    )`,
    'CREATE INDEX operator_sessions_of ON operator_sessions (operator_id)',
    `CREATE TABLE operator_invitations (
      id TEXT PRIMARY KEY,
      operator_id TEXT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE INDEX operator_invitations_of ON operator_invitations (operator_id)',
    // Who did it and why, if that was an operator or a machine. NULL in all other lines.
    'ALTER TABLE audit ADD COLUMN operator_id TEXT',
    'ALTER TABLE audit ADD COLUMN operator_role TEXT',
    'ALTER TABLE audit ADD COLUMN operator_reason TEXT',
    'ALTER TABLE audit ADD COLUMN operator_case TEXT',
    // When the job last began, by the clock of claims. A node of 0.5 leaves it as it is.
    'ALTER TABLE chores ADD COLUMN last_run_at BIGINT',
  ],
  [
    // Ways in that an operator opened. No reference to operators: an operator may be removed meanwhile.
    `CREATE TABLE ways_in (
      id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      opened_by TEXT NOT NULL,
      needs_approval INTEGER NOT NULL,
      approved_by TEXT,
      created_at BIGINT NOT NULL,
      opens_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE UNIQUE INDEX ways_in_of_guest ON ways_in (anonymous_id)',
    `CREATE INDEX ways_in_to_sweep ON ways_in (${bucket}, expires_at)`,
  ],
  [
    // How often something happened on a day, about nobody. The rows of a day are of fixed number.
    `CREATE TABLE counters (
      day BIGINT NOT NULL,
      name TEXT NOT NULL,
      collection TEXT NOT NULL,
      counted BIGINT NOT NULL,
      PRIMARY KEY (day, name, collection)
    )`,
    // How far the counting is: see store/sql/support/statistics.ts.
    `CREATE TABLE counting (
      id TEXT PRIMARY KEY,
      day BIGINT NOT NULL,
      value TEXT NOT NULL
    )`,
  ],
  [
    // A session is found by its id alone in the index for the clean-up: with the ids in it, none of the rows is read.
    `CREATE INDEX sessions_by_bucket ON sessions (${bucket}, expires_at, id)`,
    'DROP INDEX sessions_to_sweep',
  ],
  [
    // The lines of one operator: few among those of guests, who write none of them.
    'CREATE INDEX audit_by_operator ON audit (operator_id, at) WHERE operator_id IS NOT NULL',
  ],
]
