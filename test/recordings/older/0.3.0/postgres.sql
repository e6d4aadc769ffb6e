CREATE TABLE audit (anonymous_id text NOT NULL, at bigint NOT NULL, id text NOT NULL, session_id text, action text NOT NULL, outcome text NOT NULL);
CREATE TABLE chores (name text NOT NULL, holder text NOT NULL, taken_until bigint NOT NULL);
CREATE TABLE guests (anonymous_id text NOT NULL, user_handle text NOT NULL, label text NOT NULL, collection text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL DEFAULT 0, days_seen bigint NOT NULL DEFAULT 1, expires_at bigint, due_at bigint DEFAULT 0, stage text NOT NULL DEFAULT 'active'::text, merged_into text);
CREATE TABLE merges (id text NOT NULL, from_id text NOT NULL, into_id text NOT NULL, label text NOT NULL, collection text NOT NULL, recoverability text NOT NULL, confirmed integer NOT NULL, carried_since bigint, refusals bigint NOT NULL DEFAULT 0, status text NOT NULL, claimed_until bigint NOT NULL, expires_at bigint NOT NULL, replaced text);
CREATE TABLE outbox (id text NOT NULL, url text NOT NULL, event text NOT NULL, payload text NOT NULL, created_at bigint NOT NULL, attempts bigint NOT NULL, due_at bigint, failure text, anonymous_id text);
CREATE TABLE passkeys (credential_id text NOT NULL, anonymous_id text NOT NULL, public_key text NOT NULL, sign_count bigint NOT NULL, aaguid text NOT NULL, name text NOT NULL, transports text NOT NULL, backup_eligible integer NOT NULL, backed_up integer NOT NULL, created_at bigint NOT NULL, last_used_at bigint);
CREATE TABLE profiles (anonymous_id text NOT NULL, version bigint NOT NULL, attributes text NOT NULL, updated_at bigint NOT NULL);
CREATE TABLE schema_steps (step integer NOT NULL);
CREATE TABLE sessions (anonymous_id text NOT NULL, id text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL, ends_at bigint NOT NULL, auth_time bigint, client_id text, scope text, jkt text, refreshes bigint, refreshed_at bigint);
CREATE TABLE signing_keys (generation bigint NOT NULL, kid text NOT NULL, algorithm text NOT NULL, public_key text NOT NULL, private_key text NOT NULL, signs_from bigint NOT NULL, retires_at bigint);
CREATE TABLE snoozes (anonymous_id text NOT NULL, prompt text NOT NULL, times bigint NOT NULL, snoozed_until bigint NOT NULL);
CREATE TABLE spent (id text NOT NULL, expires_at bigint NOT NULL, result text, ended_at bigint);
ALTER TABLE audit ADD CONSTRAINT audit_pkey PRIMARY KEY (anonymous_id, at, id);
ALTER TABLE chores ADD CONSTRAINT chores_pkey PRIMARY KEY (name);
ALTER TABLE guests ADD CONSTRAINT guests_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE merges ADD CONSTRAINT merges_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE passkeys ADD CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id);
ALTER TABLE profiles ADD CONSTRAINT profiles_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE schema_steps ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (step);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (anonymous_id, id);
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (generation);
ALTER TABLE snoozes ADD CONSTRAINT snoozes_pkey PRIMARY KEY (anonymous_id, prompt);
ALTER TABLE spent ADD CONSTRAINT spent_pkey PRIMARY KEY (id);
ALTER TABLE merges ADD CONSTRAINT merges_into_id_fkey FOREIGN KEY (into_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE passkeys ADD CONSTRAINT passkeys_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE profiles ADD CONSTRAINT profiles_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE snoozes ADD CONSTRAINT snoozes_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
CREATE INDEX audit_to_sweep ON audit USING btree (substr(anonymous_id, 8, 1), at);
CREATE INDEX guests_due ON guests USING btree (substr(anonymous_id, 8, 1), due_at);
CREATE INDEX merges_from ON merges USING btree (from_id);
CREATE INDEX merges_into ON merges USING btree (into_id);
CREATE INDEX merges_to_do ON merges USING btree (substr(id, 8, 1), status, claimed_until);
CREATE INDEX merges_to_sweep ON merges USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX outbox_due ON outbox USING btree (substr(id, 8, 1), due_at);
CREATE INDEX outbox_of ON outbox USING btree (anonymous_id);
CREATE INDEX outbox_to_sweep ON outbox USING btree (substr(id, 8, 1), created_at);
CREATE INDEX passkeys_of_guest ON passkeys USING btree (anonymous_id);
CREATE INDEX sessions_to_sweep ON sessions USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent USING btree (substr(id, 8, 1), ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX spent_to_sweep ON spent USING btree (substr(id, 8, 1), expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into) VALUES
('0CiQrLMtUhAPMk9REB-49Q','7gcXWAedgxEQxTJ2gHDwwrWoWVs90dUdisDK8AFyCPErLniybzrMY_Nd0UokDPNl0u1TCDPXL_7GSa08VXo7Ew','solar-badger-11','users','1800000000','1800000000','1','1800604800','1800604800','merged','ffcsTQxZ-Gispj4nV1WE7Q'),
('8q-fw4mBmb5DU4yAm_Dafw','4l3dTNI-fhYJDkBGocT8CoLn-8K6rVHWcytE5ConbqZqLtHpSsY20flPKqIHuElfQesdCPrYKXkly5NTz9pKHw','teal-cricket-86','users','1799827200','1800000000','2','1810368000','1809504000','active',NULL),
('CBTHz5-99i9wUpF-j9YC1Q','bf8B5fmFrQ_lYdKwSN6zCu8mwJrf54nGXa03pG_rlXUD4XrPelYf7_H6a9Ieiumdz6hrOabNbDUnf0dUatZi1w','violet-bobcat-93','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL),
('Oa4GO85GRM1GpYJ_TXXUcw','OdAGlPh0HrCSDYPt23yAt9wGwRdiiEelAR3xfJs7dx3nLCPrWR7955PI08Fs2jNJSbaOnL2GCeDe0_lz1enuGA','merry-hawk-23','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL),
('PLCq3zZwvVT-EnoeYE9Now','uEVWA_Mnrz_seKmEoAit50mU3Ey6n413vMiZCRclKf3voyDL9oAK4SCDlzBPERNgZxNwhzTc4Mau3IHivAV8bQ','sunny-crane-22','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL),
('QwWePtYGz9LT7pWwuyZhqg','7aLr8hbq1kVr5htO9ZiQzYfBbNhRh_h8YzjaZ4ieV6gY2Fr4DwHCH5WawgP0xb_-XMxZQMVuwUsLa7VChj35Ww','mild-puffin-44','users','1800000000','1800000000','1','1800604800','1800604800','merged','ffcsTQxZ-Gispj4nV1WE7Q'),
('dXJXPI1-a8tDFQYdkl6DQg','wEmhwfcA320WweSMwh69N6HOkbdwMyl4jOV4dnPsI8riXqRDTNQJdvzMn2s6tMumGo12Gkxta_j-kJAQK5Jh2A','solar-heron-80','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','TGqBSnKsOTS_AGYZX1nEB1hZPQiP4x0PyXx-AxjPs3LbM4S2Vi46ffG9xzxcNDTKysPqP87XRN39iHOvDcfVvg','happy-falcon-34','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL),
('nuZBgLwQSkk8OQDApTBb5w','YwpvgFc9PPKxqer7Xel34tvuoAFgzfxQGcXMXEsZu6LcSUv1FnuNwC8U859IVYAxmkM9r5Q4he0WDIvIlJj0hw','misty-alpaca-91','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL),
('oBV5s9AiKSC0EWKIde8Q4w','1ztKAe7hcW2Gc6uwRvVbeic_P1vqCaGpUUKqciMZUhImC81soT12PFR0A-QQC4fQsltwRmg38UdT_qIlTba8bw','mellow-stoat-98','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL),
('qTknh2-8SAVemRDd0dYskA','QbMiYzGbO_dPgiVGuGUaxkr0FHSvTCnq_PHUdaz9KA1g5AuK9DQIDQKdlsF9AmreBcLV-TdpwgAH9SzkpzLusA','warm-swan-94','users','1792656000','1792656000','1','1800518400','1800518400','warned',NULL),
('rul3H1JZeksT9iNb3bEp0w','juV6j8ld2onrHbjHWmKnLFL1i_5aosfax31lAyX3nv5EqyKza9-fMFyymjlpnm1Y5GUwubbMcpVaEjj0g8oMuw','mild-raven-59','users','1791360000','1791360000','1','1799568000','1801382400','expired',NULL),
('wgwjXdJQihh2rAIWfKPFzQ','9YkpWN7qxvt9C4QA8HQj0v8nC7-jbs7hC0MbZShI1b2PStAE58mrz-OnzFlDZaiAufZR-cNSyhSuqLHCN64glA','snowy-koala-32','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL),
('z1vZfnxjr6c0va-pqu0F1w','dXqeyO8uELvKv6qBGVeTq3s1QwAbvzZO0X9XAdV_LkJ4fhpjkcDXtTdMxbprnA6dPaR018l3tSteqyrF1xkZtA','misty-hawk-45','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('0CiQrLMtUhAPMk9REB-49Q','1800000000','qdH6Be1k','0CiQrLMtUhAPMk9REB-49Q','passkey.added','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','14TS_CYm','cU_a19B_SCGgvEKQaEhzeJZFPxuAOEv28n2_uqdySnA','guest.signed_in','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','L_Rh24xu','yZ5i89u79uAPaY_tGZvstKyXu-ueBAVjDniUdViiLkQ','passkey.added','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','OWflEoCK','cU_a19B_SCGgvEKQaEhzeJZFPxuAOEv28n2_uqdySnA','guest.signed_out','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','YUTj1Moh','yZ5i89u79uAPaY_tGZvstKyXu-ueBAVjDniUdViiLkQ','passkey.added','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','bPBtXBo9','viom6LqWdpLcwYB0HR4Y_XcevJOp0xqJvPHEFKakI4w','guest.signed_in','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','lOFHQuHa','yZ5i89u79uAPaY_tGZvstKyXu-ueBAVjDniUdViiLkQ','passkey.removed','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1799827200','u4sGPcDs','8q-fw4mBmb5DU4yAm_Dafw','passkey.added','done'),
('8q-fw4mBmb5DU4yAm_Dafw','1800000000','kjAu5tZo','aYL7uPgrmsRwX6W6RN-SvUSLOTK_mxbjaCGfR0-ylQw','guest.signed_in','done'),
('CBTHz5-99i9wUpF-j9YC1Q','1800000000','fMct8ZA_','CBTHz5-99i9wUpF-j9YC1Q','profile.changed','done'),
('CBTHz5-99i9wUpF-j9YC1Q','1800000000','haRWmycR','CBTHz5-99i9wUpF-j9YC1Q','guest.kept','done'),
('Oa4GO85GRM1GpYJ_TXXUcw','1800000000','5WgNgi73','Oa4GO85GRM1GpYJ_TXXUcw','passkey.added','done'),
('PLCq3zZwvVT-EnoeYE9Now','1800000000','IxkE12mL','b-heuD3Nd7_ESZrnKEeG129CPzbA00CayGU3MZ9dT0M','passkey.added','done'),
('QwWePtYGz9LT7pWwuyZhqg','1800000000','mOQ5gRMX','QwWePtYGz9LT7pWwuyZhqg','guest.kept','done'),
('QwWePtYGz9LT7pWwuyZhqg','1800000000','r8LVKeIC','QwWePtYGz9LT7pWwuyZhqg','profile.changed','done'),
('XWaGiyybXbs-rWsWfg9cbg','1800000000','gdzXiSwg',NULL,'guest.erased','done'),
('dXJXPI1-a8tDFQYdkl6DQg','1800000000','G4WUoBCK','dXJXPI1-a8tDFQYdkl6DQg','guest.kept','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','2rdB3gbk','lXl4NbJC4npgUXUrvd1uLaZ5EdM5a9Kd14VvyxDajao','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','5NymndYn',NULL,'guest.merged','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','8QI92Vd7','kjhhDnmps0iiZheowkNWyD6SDFtPkMhv_tA7YpDnI3U','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','GTvpjHnY','1h1Ub-jTWXkSHBPSvA-7jw9guDXeixWqX7Lba0MDkKc','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','Gc3V6AoE',NULL,'guest.merged','merge_refused'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','P60K9Zs8','t4pZOPH0flHR_S7uHdV7OBnktk52MEqeqOmaJYcNEMI','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','YKfSF84h','2fj3F1eIkMOnw-ee8oVXUsPL_3Wz15bhA_CVHx0MJz0','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','appJc43x',NULL,'guest.merged','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','bOB4fqOO',NULL,'guest.merged','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','f1PMRcEb','ffcsTQxZ-Gispj4nV1WE7Q','passkey.added','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','r9jN6qZA','RxZdsKDfukZvbWPXHNumzKNjby0SQg4qzJRf8LNFmnk','guest.signed_in','done'),
('ffcsTQxZ-Gispj4nV1WE7Q','1800000000','rDoUBSxd',NULL,'guest.merged','done'),
('nuZBgLwQSkk8OQDApTBb5w','1800000000','VvTjKgrA','nuZBgLwQSkk8OQDApTBb5w','profile.changed','done'),
('nuZBgLwQSkk8OQDApTBb5w','1800000000','r07nwrBi','nuZBgLwQSkk8OQDApTBb5w','guest.kept','done'),
('oBV5s9AiKSC0EWKIde8Q4w','1800000000','-4gDlf4Q',NULL,'guest.merge_undone','done'),
('oBV5s9AiKSC0EWKIde8Q4w','1800000000','ulEK6eE4','oBV5s9AiKSC0EWKIde8Q4w','passkey.added','done'),
('qTknh2-8SAVemRDd0dYskA','1792656000','uSJ98Nm3','qTknh2-8SAVemRDd0dYskA','passkey.added','done'),
('qTknh2-8SAVemRDd0dYskA','1799654400','9sn06DgQ',NULL,'guest.expiring','done'),
('rul3H1JZeksT9iNb3bEp0w','1798704000','ghZl4yQD',NULL,'guest.expiring','done'),
('rul3H1JZeksT9iNb3bEp0w','1799654400','Mhad9J52',NULL,'guest.expired','done'),
('wgwjXdJQihh2rAIWfKPFzQ','1800000000','1532tzjF','wgwjXdJQihh2rAIWfKPFzQ','guest.kept','done'),
('z1vZfnxjr6c0va-pqu0F1w','1800000000','Z6kv_qsD','z1vZfnxjr6c0va-pqu0F1w','passkey.added','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','AaIEnBNU-wzZPMChv2aWlA','1799654460'),
('resume merges','AaIEnBNU-wzZPMChv2aWlA','1799654460'),
('rotate signing keys','AaIEnBNU-wzZPMChv2aWlA','1799658000'),
('sweep','AaIEnBNU-wzZPMChv2aWlA','1799654460');
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('-NAgDpiMATfyWmpxyeSmPLBzc4JLSUFtGJJZ2-U8_-I','6G8w1bue9t_g-OOsXd9fXA','ffcsTQxZ-Gispj4nV1WE7Q','warm-heron-98','users','none',1,'1800000000','0','merged','0','1800604800',NULL),
('N75yjta3dhNVCHhSUfTfURp3TGpLbI6tqOjEhNyoGlM','oBV5s9AiKSC0EWKIde8Q4w','ffcsTQxZ-Gispj4nV1WE7Q','mellow-stoat-98','users','passkey',1,NULL,'0','undone','0','1800000600',NULL),
('Op4YCQZp1sj2VIuLpKxSGlg7hE--m_cKCxfolU3BWCY','0CiQrLMtUhAPMk9REB-49Q','ffcsTQxZ-Gispj4nV1WE7Q','solar-badger-11','users','passkey',1,NULL,'0','merged','0','1800604800',NULL),
('UggrA9o3zX8Elb5IQV5vSJVA9FhU4JIDyKaWvueBb80','Oa4GO85GRM1GpYJ_TXXUcw','ffcsTQxZ-Gispj4nV1WE7Q','merry-hawk-23','users','passkey',1,NULL,'0','offered','0','1800000600',NULL),
('_WvRLHZqyOT_pbvXcABnn_TwDj1nEVVnppSTG1PkSQ0','QwWePtYGz9LT7pWwuyZhqg','ffcsTQxZ-Gispj4nV1WE7Q','mild-puffin-44','users','none',1,'1800000000','0','merged','0','1800604800','{"before":{},"after":{"favourites":["coffee"]}}'),
('rPJ-nyL48zEQFtOmf70wGa30uJelmjazXOIINCVhuqI','nuZBgLwQSkk8OQDApTBb5w','ffcsTQxZ-Gispj4nV1WE7Q','misty-alpaca-91','users','none',1,'1800000000','1','offered','0','1800086400',NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_0pc1G9_kpRJ1PBzVe06Geg','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"qTknh2-8SAVemRDd0dYskA","collection":"users","recoverability":"passkey","expires_at":1800518400}}','1799654400','3','1800001800','the receiver answered 503','qTknh2-8SAVemRDd0dYskA'),
('msg_1ddRJi9mV1KF7uBpogAJxQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"0CiQrLMtUhAPMk9REB-49Q","anonymous_id":"0CiQrLMtUhAPMk9REB-49Q","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"solar-badger-11","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','0CiQrLMtUhAPMk9REB-49Q'),
('msg_2BFJ0MmNzwcK3d8HrmjAOg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"wgwjXdJQihh2rAIWfKPFzQ","anonymous_id":"wgwjXdJQihh2rAIWfKPFzQ","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','wgwjXdJQihh2rAIWfKPFzQ'),
('msg_3ZYNQwbhNret9KkxRk6MKQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"CBTHz5-99i9wUpF-j9YC1Q","anonymous_id":"CBTHz5-99i9wUpF-j9YC1Q","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"violet-bobcat-93","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','CBTHz5-99i9wUpF-j9YC1Q'),
('msg_5Hq2e2r8O2wXZQ_zsPozaQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"8q-fw4mBmb5DU4yAm_Dafw","passkey_id":"hb9D0u4q6UOSk_Zhl30wrPD-qpYLXtgTSyLuo15aFNA","first":false}}','1799827200','2','1800000300','the receiver answered 503','8q-fw4mBmb5DU4yAm_Dafw'),
('msg_6f0aVRFq7JfSzcq4685jww','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"nuZBgLwQSkk8OQDApTBb5w","attributes":["favourites"]}}','1800000000','1','1800000005','the receiver answered 503','nuZBgLwQSkk8OQDApTBb5w'),
('msg_7IsfKx3yhx1qzierGeaxJw','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"_WvRLHZqyOT_pbvXcABnn_TwDj1nEVVnppSTG1PkSQ0","from":{"anonymous_id":"QwWePtYGz9LT7pWwuyZhqg","label":"mild-puffin-44","collection":"users","recoverability":"none"},"into":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","label":"happy-falcon-34","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_7WgVh9yf4Qo0z3PT4UwpbA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"-NAgDpiMATfyWmpxyeSmPLBzc4JLSUFtGJJZ2-U8_-I","from":{"anonymous_id":"6G8w1bue9t_g-OOsXd9fXA","label":"warm-heron-98","collection":"users","recoverability":"none"},"into":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","label":"happy-falcon-34","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_8Ga2OVxiJl0O2wM6cI4Cjg','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"z1vZfnxjr6c0va-pqu0F1w","passkey_id":"vGs77yLl643vqhQDRFIkpt8TxypV0njaTI2cMbQ8kwc","first":true}}','1800000000','1','1800000005','the receiver answered 503','z1vZfnxjr6c0va-pqu0F1w'),
('msg_9_dfGyKYhg_ZBYKH8q4e5w','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"oBV5s9AiKSC0EWKIde8Q4w","passkey_id":"fT2NFJ1HkEBS9eWN2T7lM4XFZIULro03gmn4pBbjhy0","first":true}}','1800000000','1','1800000005','the receiver answered 503','oBV5s9AiKSC0EWKIde8Q4w'),
('msg_9b9dd_R0v26MypRM4OkjYQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-13T08:00:00.000Z","data":{"guest":{"sub":"8q-fw4mBmb5DU4yAm_Dafw","anonymous_id":"8q-fw4mBmb5DU4yAm_Dafw","isAnonymous":true,"isVerified":false,"recoverability":"synced","label":"teal-cricket-86","collection":"users","expires_at":1810195200}}}','1799827200','2','1800000300','the receiver answered 503','8q-fw4mBmb5DU4yAm_Dafw'),
('msg_BcwCCvttGpI7LB6e6AQbQw','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"Op4YCQZp1sj2VIuLpKxSGlg7hE--m_cKCxfolU3BWCY","from":{"anonymous_id":"0CiQrLMtUhAPMk9REB-49Q","label":"solar-badger-11","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","label":"happy-falcon-34","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_BkdD6kBoqVqpT8b4kSpw0A','http://127.0.0.1:9/down','passkey.removed','{"type":"passkey.removed","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"8q-fw4mBmb5DU4yAm_Dafw","passkey_id":"dGbMRQ_QHWJtJGuk_I6dhxdRtvQnJ5hIPyFR3cW_Ihg"}}','1799827200','2','1800000300','the receiver answered 503','8q-fw4mBmb5DU4yAm_Dafw'),
('msg_DcQVYVeuc2mOxss5m-ZgQA','http://127.0.0.1:9/down','guest.merge_undone','{"type":"guest.merge_undone","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"N75yjta3dhNVCHhSUfTfURp3TGpLbI6tqOjEhNyoGlM","from":{"anonymous_id":"oBV5s9AiKSC0EWKIde8Q4w","label":"mellow-stoat-98","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","label":"happy-falcon-34","collection":"users","recoverability":"passkey"}}}','1800000000','1','1800000005','the receiver answered 503','oBV5s9AiKSC0EWKIde8Q4w'),
('msg_ESDGBKUiiGcHXGWVgi7a7A','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","passkey_id":"_U5_9TTknGK9FqbKAesPyux-golGTpYoLopDbVJpRBQ","first":true}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_GhUL64f_6qBb21BfILUzqg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"z1vZfnxjr6c0va-pqu0F1w","anonymous_id":"z1vZfnxjr6c0va-pqu0F1w","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"misty-hawk-45","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','z1vZfnxjr6c0va-pqu0F1w'),
('msg_M64WP1hq7Uw-eshqOe2vhg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2026-10-22T08:00:00.000Z","data":{"guest":{"sub":"qTknh2-8SAVemRDd0dYskA","anonymous_id":"qTknh2-8SAVemRDd0dYskA","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"warm-swan-94","collection":"users","expires_at":1800432000}}}','1792656000','5','1800018000','the receiver answered 503','qTknh2-8SAVemRDd0dYskA'),
('msg_MUkdLvqvdkZW5ergCuWaWQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"8q-fw4mBmb5DU4yAm_Dafw","passkey_id":"dGbMRQ_QHWJtJGuk_I6dhxdRtvQnJ5hIPyFR3cW_Ihg","first":false}}','1799827200','2','1800000300','the receiver answered 503','8q-fw4mBmb5DU4yAm_Dafw'),
('msg_O6l0jO9kufGiUWLSH2eNfg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"PLCq3zZwvVT-EnoeYE9Now","anonymous_id":"PLCq3zZwvVT-EnoeYE9Now","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"sunny-crane-22","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','PLCq3zZwvVT-EnoeYE9Now'),
('msg_OXVSIQrjd7zJ6fBbZYQtXA','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2026-10-22T08:00:00.000Z","data":{"anonymous_id":"qTknh2-8SAVemRDd0dYskA","passkey_id":"zMfIJ-iUurKZ0yVBCNfdguBCvBZ5FHnMNz6vMXivQ6Q","first":true}}','1792656000','5','1800018000','the receiver answered 503','qTknh2-8SAVemRDd0dYskA'),
('msg_OcJqPfWhen-nDuZO3ad97A','http://127.0.0.1:9/down','guest.expired','{"type":"guest.expired","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"rul3H1JZeksT9iNb3bEp0w","collection":"users","recoverability":"passkey","erased_at":1801382400}}','1799654400','3','1800001800','the receiver answered 503','rul3H1JZeksT9iNb3bEp0w'),
('msg_Oimocz2fKKa6TivG-nHKmg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"ffcsTQxZ-Gispj4nV1WE7Q","anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"happy-falcon-34","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_TUCKP1V7brKezWY8W5jGEg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"dXJXPI1-a8tDFQYdkl6DQg","anonymous_id":"dXJXPI1-a8tDFQYdkl6DQg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"solar-heron-80","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','dXJXPI1-a8tDFQYdkl6DQg'),
('msg_U7UvlwB9cm8FMzo8nv3MLg','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2026-12-31T08:00:00.000Z","data":{"anonymous_id":"rul3H1JZeksT9iNb3bEp0w","collection":"users","recoverability":"passkey","expires_at":1799568000}}','1798704000','5','1800018000','the receiver answered 503','rul3H1JZeksT9iNb3bEp0w'),
('msg_URBt5aEl7eR1imtbdBYxCw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"0CiQrLMtUhAPMk9REB-49Q","passkey_id":"eIAN2O235UM1sUyyIDrBoa9RGVAf-awMRS4zOEiHlzQ","first":true}}','1800000000','1','1800000005','the receiver answered 503','0CiQrLMtUhAPMk9REB-49Q'),
('msg_VJAQCH83vQTOTDBPf-mJAA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"oBV5s9AiKSC0EWKIde8Q4w","anonymous_id":"oBV5s9AiKSC0EWKIde8Q4w","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"mellow-stoat-98","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','oBV5s9AiKSC0EWKIde8Q4w'),
('msg_VQSp5rR5ZjyfXYIoxWTQfw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"QwWePtYGz9LT7pWwuyZhqg","anonymous_id":"QwWePtYGz9LT7pWwuyZhqg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"mild-puffin-44","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','QwWePtYGz9LT7pWwuyZhqg'),
('msg_WAL5bqQqoC1YFoMYKwENYQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"PLCq3zZwvVT-EnoeYE9Now","passkey_id":"yV8qr2fCj4ksZB_w9mP6KObdnQ6-kNd3zIJI25X-cnc","first":true}}','1800000000','1','1800000005','the receiver answered 503','PLCq3zZwvVT-EnoeYE9Now'),
('msg_YZqGPYRJjhnSq9f334W-yA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"N75yjta3dhNVCHhSUfTfURp3TGpLbI6tqOjEhNyoGlM","from":{"anonymous_id":"oBV5s9AiKSC0EWKIde8Q4w","label":"mellow-stoat-98","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"ffcsTQxZ-Gispj4nV1WE7Q","label":"happy-falcon-34","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','ffcsTQxZ-Gispj4nV1WE7Q'),
('msg_ZL89F1Yt5Hs2JkVl1BC2Mw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"Oa4GO85GRM1GpYJ_TXXUcw","passkey_id":"pn8JX9wyQ-Fu9ZGNYEi5WeZVy7mxGJZJiNt-DS1pNfs","first":true}}','1800000000','1','1800000005','the receiver answered 503','Oa4GO85GRM1GpYJ_TXXUcw'),
('msg_qNoDi8Wet6E-Kh0KF8aFRw','http://127.0.0.1:9/down','guest.erased','{"type":"guest.erased","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"XWaGiyybXbs-rWsWfg9cbg","reason":"host"}}','1800000000','1','1800000005','the receiver answered 503','XWaGiyybXbs-rWsWfg9cbg'),
('msg_qx_1g5SJXy6_i4GoBKvtGA','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"8q-fw4mBmb5DU4yAm_Dafw","passkey_id":"F6E0000Nl4-C7nZLbN1ZgKTJ26YK4sFRVpH6Ej81u1o","first":true}}','1799827200','2','1800000300','the receiver answered 503','8q-fw4mBmb5DU4yAm_Dafw'),
('msg_sHJ7q5B1kh10OtyfE8PM8Q','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"CBTHz5-99i9wUpF-j9YC1Q","attributes":["nickname","favourites"]}}','1800000000','1','1800000005','the receiver answered 503','CBTHz5-99i9wUpF-j9YC1Q'),
('msg_syaXNF2LbdhPfLQnxN72Hw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"Oa4GO85GRM1GpYJ_TXXUcw","anonymous_id":"Oa4GO85GRM1GpYJ_TXXUcw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"merry-hawk-23","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','Oa4GO85GRM1GpYJ_TXXUcw'),
('msg_tVYTkH1ZK5toFej6BoHDgw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"nuZBgLwQSkk8OQDApTBb5w","anonymous_id":"nuZBgLwQSkk8OQDApTBb5w","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"misty-alpaca-91","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','nuZBgLwQSkk8OQDApTBb5w'),
('msg_wy58twT1RBmKH0GfHR4Vuw','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"QwWePtYGz9LT7pWwuyZhqg","attributes":["favourites"]}}','1800000000','1','1800000005','the receiver answered 503','QwWePtYGz9LT7pWwuyZhqg');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('F6E0000Nl4-C7nZLbN1ZgKTJ26YK4sFRVpH6Ej81u1o','8q-fw4mBmb5DU4yAm_Dafw','pQECAyYgASFYIFvluZB93W3BU-CSeYraoS2aGOp7pQicmJPZncoyQF5PIlggAFHBPDvE8qXEsfkBIrIw08YoszQLgLQEW6mw3nksaks','0','00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,'1799827200','1800000000'),
('UrEKChGanr0s40gFFbDzBfwQlEahZEFMXXrgL0eYehw','rul3H1JZeksT9iNb3bEp0w','pQECAyYgASFYIE-bUHMXAJxm2y1sZt4EMRrYGN_Fb4VX39fFvRa6PWrfIlgg-3heKhtEXKeM_6yLZNfJQOEpJH9VlEcooJc2Kp4rxOw','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000',NULL),
('_U5_9TTknGK9FqbKAesPyux-golGTpYoLopDbVJpRBQ','ffcsTQxZ-Gispj4nV1WE7Q','pQECAyYgASFYIJzSbgFeyQhpJqXk7onf2nJQ_PryiOzaaSN3d5amh9E7Ilggff2i7gmQArBuisRlsYfkbBiMu5ubV0whGbCc15tKZA0','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('eIAN2O235UM1sUyyIDrBoa9RGVAf-awMRS4zOEiHlzQ','0CiQrLMtUhAPMk9REB-49Q','pQECAyYgASFYIN1pp9515NfeGVQKKK_Y-BKFtW9pswm8tn0BbOjAylyVIlggq5c7RGFgU_6y0d64zO8SN3cq9SxoO0FXV7aBB7l7lv4','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('fT2NFJ1HkEBS9eWN2T7lM4XFZIULro03gmn4pBbjhy0','oBV5s9AiKSC0EWKIde8Q4w','pQECAyYgASFYIEMVroBqwrt63OYCOl-fVTR-TpkHHD_EEtpqBTn2DD0EIlggbwdzo_nwlMfewNhYLrZ0UiHFNtHZwAA7dHhd4OSjolo','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('hb9D0u4q6UOSk_Zhl30wrPD-qpYLXtgTSyLuo15aFNA','8q-fw4mBmb5DU4yAm_Dafw','pQECAyYgASFYIImVA9TXCsPGfXqpmQvxTco20LuItPn9XfrApIICAGe7IlggQjn4jbvSLJiJXx7y3wXueaEm6rcIpG4WdrWmHntpL9c','2','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1799827200','1799827200'),
('pn8JX9wyQ-Fu9ZGNYEi5WeZVy7mxGJZJiNt-DS1pNfs','Oa4GO85GRM1GpYJ_TXXUcw','pQECAyYgASFYIDs-xZIPngFO5SQf53A2_i44Queq7sLOZNo3JLNjFQizIlggBsHuVak3sWhLntx_aF63diZ7w4mmqgy6p1Acgo9r5eQ','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('vGs77yLl643vqhQDRFIkpt8TxypV0njaTI2cMbQ8kwc','z1vZfnxjr6c0va-pqu0F1w','pQECAyYgASFYIHllvXU3mELssu4oqVyLnWmC4Q6LSgpZ-Ub5fWPFgGCGIlggQ43vo7b_biiWLlh3ZbKfVGivAzuKCPPYUhLcJhnIqRM','0','00000000-0000-0000-0000-000000000000','Passkey','',0,0,'1800000000',NULL),
('yV8qr2fCj4ksZB_w9mP6KObdnQ6-kNd3zIJI25X-cnc','PLCq3zZwvVT-EnoeYE9Now','pQECAyYgASFYILx-GA09Ge_LnRNWRK6CZ739Ur6l0Wa1GpmefFHrN8S5IlggRfJp_Lo-IDnwIhx4-Q2A08g7QcemdJew4smDFYzZ8KE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('zMfIJ-iUurKZ0yVBCNfdguBCvBZ5FHnMNz6vMXivQ6Q','qTknh2-8SAVemRDd0dYskA','pAEDAzkBACBZAQC1P3XLTCOvGZ_X_7r6SfpgZBMtbEd6JGeTzo0Q9PZroUFzkNn9UGUC5WOhsyrbRHlhoPjdX5kJoq8tfH5-bK5Irh_PkdiLctyqUo6kxE2zoy6LxpBudAI9Xyvzu1zyD71sT9Dyee0A_7HQiVD46lShDMxXUhPauI_foJTFCfGYZSAvpqfQC96WSx6KWDusNyaAm5xd1DLyESOepcP8sYYQQDRObqBkyZryvbA8uApdlk7wIkkufVXE-qTIJ-hy8d4CeFEgAfPUEJWhfjnTSePcERO-21tVssPk42-o28nk4ns53XCugG6eXffhLWdZuTKHHyOeO7b7Wud5DTjXMe-bIUMBAAE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1792656000',NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('CBTHz5-99i9wUpF-j9YC1Q','1','{"nickname":"Prue","favourites":["tea"]}','1800000000'),
('QwWePtYGz9LT7pWwuyZhqg','1','{"favourites":["coffee"]}','1800000000'),
('ffcsTQxZ-Gispj4nV1WE7Q','1','{"favourites":["coffee"]}','1800000000'),
('nuZBgLwQSkk8OQDApTBb5w','1','{"favourites":["coffee"]}','1800000000');
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2),
(3),
(4);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('8q-fw4mBmb5DU4yAm_Dafw','aYL7uPgrmsRwX6W6RN-SvUSLOTK_mxbjaCGfR0-ylQw','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('8q-fw4mBmb5DU4yAm_Dafw','viom6LqWdpLcwYB0HR4Y_XcevJOp0xqJvPHEFKakI4w','1799827200','1799827200','1807603200','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('8q-fw4mBmb5DU4yAm_Dafw','yZ5i89u79uAPaY_tGZvstKyXu-ueBAVjDniUdViiLkQ','1799827200','1800000000','1807776000','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('CBTHz5-99i9wUpF-j9YC1Q','CBTHz5-99i9wUpF-j9YC1Q','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('PLCq3zZwvVT-EnoeYE9Now','b-heuD3Nd7_ESZrnKEeG129CPzbA00CayGU3MZ9dT0M','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'2','1800000000'),
('dXJXPI1-a8tDFQYdkl6DQg','dXJXPI1-a8tDFQYdkl6DQg','0','0','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','1h1Ub-jTWXkSHBPSvA-7jw9guDXeixWqX7Lba0MDkKc','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','2fj3F1eIkMOnw-ee8oVXUsPL_3Wz15bhA_CVHx0MJz0','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','RxZdsKDfukZvbWPXHNumzKNjby0SQg4qzJRf8LNFmnk','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','T97IFx42s-UEzpcT_lKGL3CGIz5ZiPsyU1TwFF6Qq5I','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','kjhhDnmps0iiZheowkNWyD6SDFtPkMhv_tA7YpDnI3U','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','lXl4NbJC4npgUXUrvd1uLaZ5EdM5a9Kd14VvyxDajao','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('ffcsTQxZ-Gispj4nV1WE7Q','t4pZOPH0flHR_S7uHdV7OBnktk52MEqeqOmaJYcNEMI','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('qTknh2-8SAVemRDd0dYskA','LM48xEanBFK9Lbz5U4tbFj3_h02EoZiow7HH6N-LChw','1792656000','1792656000','1800432000','1824192000','1792656000',NULL,NULL,NULL,NULL,NULL),
('wgwjXdJQihh2rAIWfKPFzQ','wgwjXdJQihh2rAIWfKPFzQ','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('z1vZfnxjr6c0va-pqu0F1w','5MpqQc1qHpZ32OsDZmY6qV8CzWsLr2JpMPqOXxAsJR0','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
('1','Bac0wcxJTwWXG0MudmZtkRuUYwBSoVWXD9Zobfdj6Nw','ES256','{"kty":"EC","x":"kIlLGZ1zlF5SpE2UpyIAu7diWJjPwdx6notyQh1SnXY","y":"Lm9dXWOHo6qZlHk8lkaL8ow6t0cJJPow2f6_2xcpDs0","crv":"P-256","kid":"Bac0wcxJTwWXG0MudmZtkRuUYwBSoVWXD9Zobfdj6Nw","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..JjjEHLejJMxMKQz_.MjpHZKJphDDTwJUu_Ewqz_eNDIgBWPkUmQPhKXxOZYn5Byk-SFfXvkOZfftA1Y_pspZ_fyz0dRs1s_lmBytOuAt1iwbzx9WkhwEvemxrzsjTMyTSAETXOVnhqg-Y2dLQSN5RTVVJIc78XxH66zYJYtY0vd3RnZ24evyVi2iYig-AKYzrB_6UB2bDBVqWv5TC99hZJPQ17Lc5Wnjge3HWQQxgMW0UXhePXIU9K7FsGEU.iS7ZXRsQ5DHPBPA2DGderw','1800000000','1800004620'),
('2','_3sCkveY0J85j1wMufZ-jPAJ9m_BhPQTz03uBA_MA58','ES256','{"kty":"EC","x":"HdUpAHGupwOpHyVDSIoBb80mlb9_WFt-k6ONhc4i_70","y":"CSObGm2c7tAKIs1hWU-hEfLs94X9mHpWpngTRsW5E18","crv":"P-256","kid":"_3sCkveY0J85j1wMufZ-jPAJ9m_BhPQTz03uBA_MA58","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..M1Bw5wc0tPt0SrSg.8lVQHdvVJAum4PmTyAx1hQaqaes4nD6E_si_0Xwlk0IOdH77fkfddCo-fVOGnlLGhE_fwo1fZKKOcajcXc_HsyDVmdJ9ElbfyFdVBb4Ux9EBw4l479rOmsQSLU9NTQsfGriGtufj-8lKQrbJ3-38qPmw3vNB7N4QgkgSdqi5ajL5ytbtyGo2NuwhPRco637D83escDxIPoIKLOFJZWrqkd4x1uC6TRzOhyoNRNxoGyM.aYn7xrM9UQv8taivTO1Dfw','1800000900',NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('CBTHz5-99i9wUpF-j9YC1Q','add_attribute:nickname','1','1800604800');
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('32RAqo953pWcECPXD0mRgw','1800000300','t4pZOPH0flHR_S7uHdV7OBnktk52MEqeqOmaJYcNEMI',NULL),
('63ZHW6x4oeiyvTZcaBSS0g','1800000300','yV8qr2fCj4ksZB_w9mP6KObdnQ6-kNd3zIJI25X-cnc',NULL),
('8Wsk50Y3ZKJemlp_rGxYiw','1799827500','hb9D0u4q6UOSk_Zhl30wrPD-qpYLXtgTSyLuo15aFNA',NULL),
('C9dURoYTuhl51q8O86dXWw','1800000300','kjhhDnmps0iiZheowkNWyD6SDFtPkMhv_tA7YpDnI3U',NULL),
('HJl19AWfgE05Ock7-ZPxAA','1800000300','RxZdsKDfukZvbWPXHNumzKNjby0SQg4qzJRf8LNFmnk',NULL),
('WXuwellTVkLjlzudUnmqpQ','1800000300','1h1Ub-jTWXkSHBPSvA-7jw9guDXeixWqX7Lba0MDkKc',NULL),
('YASn9VjZRcA4y_vl25a1nQ','1799827500','F6E0000Nl4-C7nZLbN1ZgKTJ26YK4sFRVpH6Ej81u1o',NULL),
('Zo4HnOofkT9OT-NEoTWBhQ','1799827500','viom6LqWdpLcwYB0HR4Y_XcevJOp0xqJvPHEFKakI4w',NULL),
('g8nI1zv0vu3-3fBGH4xx8Q','1800000300','_U5_9TTknGK9FqbKAesPyux-golGTpYoLopDbVJpRBQ',NULL),
('gTVgjFg8jsAlVf1nmFXwBQ','1800000300','eIAN2O235UM1sUyyIDrBoa9RGVAf-awMRS4zOEiHlzQ',NULL),
('hBuuQMNEasLbx5wxYrsg4w','1800000300','lXl4NbJC4npgUXUrvd1uLaZ5EdM5a9Kd14VvyxDajao',NULL),
('js8PHRpuSWEs0498GA91JA','1800000300','aYL7uPgrmsRwX6W6RN-SvUSLOTK_mxbjaCGfR0-ylQw',NULL),
('jvgSipba7K70HG4PpReHoQ','1800000300','2fj3F1eIkMOnw-ee8oVXUsPL_3Wz15bhA_CVHx0MJz0',NULL),
('ldkCRR9LlgiUnBPIa5Z1uw','1799827500','dGbMRQ_QHWJtJGuk_I6dhxdRtvQnJ5hIPyFR3cW_Ihg',NULL),
('p5v03_hXzO2b5WEqrvwDCg','1800000300','pn8JX9wyQ-Fu9ZGNYEi5WeZVy7mxGJZJiNt-DS1pNfs',NULL),
('pufxfecOxItzkSTi93gJhQ','1800000300','fT2NFJ1HkEBS9eWN2T7lM4XFZIULro03gmn4pBbjhy0',NULL),
('sealed:0CiQrLMtUhAPMk9REB-49Q','1807776000',NULL,'1796027539'),
('sealed:6G8w1bue9t_g-OOsXd9fXA','1807776000',NULL,'1796027539'),
('sealed:8q-fw4mBmb5DU4yAm_Dafw','1807603200',NULL,'1796027537'),
('sealed:CBTHz5-99i9wUpF-j9YC1Q','1807776000',NULL,'1796027538'),
('sealed:Oa4GO85GRM1GpYJ_TXXUcw','1807776000',NULL,'1796027539'),
('sealed:QwWePtYGz9LT7pWwuyZhqg','1807776000',NULL,'1796027538'),
('sealed:XWaGiyybXbs-rWsWfg9cbg','1807776000',NULL,'1796027540'),
('sealed:dXJXPI1-a8tDFQYdkl6DQg','1807776000',NULL,'1796027538'),
('sealed:ffcsTQxZ-Gispj4nV1WE7Q','1807776000',NULL,'1796027538'),
('sealed:mTm67DyfxvixtJyYViPPZQ','1807776000',NULL,'1796027537'),
('sealed:nuZBgLwQSkk8OQDApTBb5w','1807776000',NULL,'1796027540'),
('sealed:oBV5s9AiKSC0EWKIde8Q4w','1807776000',NULL,'1796027539'),
('sealed:qTknh2-8SAVemRDd0dYskA','1800432000',NULL,'1796027536'),
('sealed:wgwjXdJQihh2rAIWfKPFzQ','1807776000',NULL,'1796027538'),
('sealed:z1vZfnxjr6c0va-pqu0F1w','1807776000',NULL,'1796027537'),
('y4MZu6rMAk-HZJLxlDHtsA','1800000300','vGs77yLl643vqhQDRFIkpt8TxypV0njaTI2cMbQ8kwc',NULL),
('zmOSUGVnVmfogmF4y4qoEw','1799827500','cU_a19B_SCGgvEKQaEhzeJZFPxuAOEv28n2_uqdySnA',NULL);
