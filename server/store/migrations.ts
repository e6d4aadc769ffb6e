// The tables, as a list of steps that only ever grows. Ids and base64url are TEXT, times Unix seconds, flags 0/1.

/** One of the 64 characters of base64url, as good as random in every id that expires. */
export const bucket = 'substr(id, 8, 1)'

/** Each step runs once, in order, in one transaction of its own. */
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
    // By time alone, every insert would hit the same end of the index, which a distributed database keeps on one node.
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
    // Of a sealed session's end, when that was by the database's clock.
    'ALTER TABLE spent ADD COLUMN ended_at BIGINT',
    `CREATE INDEX spent_ended ON spent (${bucket}, ended_at) WHERE ended_at IS NOT NULL`,
  ],
]
