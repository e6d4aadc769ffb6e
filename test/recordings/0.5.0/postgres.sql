CREATE TABLE audit (anonymous_id text NOT NULL, at bigint NOT NULL, id text NOT NULL, session_id text, action text NOT NULL, outcome text NOT NULL);
CREATE TABLE chores (name text NOT NULL, holder text NOT NULL, taken_until bigint NOT NULL);
CREATE TABLE codes (id text NOT NULL, code text NOT NULL, tries_left bigint NOT NULL, expires_at bigint NOT NULL);
CREATE TABLE device_keys (id text NOT NULL, anonymous_id text NOT NULL, public_key text NOT NULL, algorithm text NOT NULL, name text NOT NULL, created_at bigint NOT NULL, last_used_at bigint, session_id text NOT NULL);
CREATE TABLE device_links (id text NOT NULL, locator text, code text, secret text, tries_left bigint NOT NULL, anonymous_id text NOT NULL, session_id text NOT NULL, label text, status text NOT NULL, opener text, opened_in text, opened_for text, words text, asking text, result text, expires_at bigint NOT NULL);
CREATE TABLE guests (anonymous_id text NOT NULL, user_handle text NOT NULL, label text NOT NULL, collection text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL DEFAULT 0, days_seen bigint NOT NULL DEFAULT 1, expires_at bigint, due_at bigint DEFAULT 0, stage text NOT NULL DEFAULT 'active'::text, merged_into text, promoted_at bigint);
CREATE TABLE limits (id text NOT NULL, used bigint NOT NULL, expires_at bigint NOT NULL);
CREATE TABLE login_ids (type text NOT NULL, value text NOT NULL, anonymous_id text NOT NULL, verified_at bigint NOT NULL, is_primary integer NOT NULL);
CREATE TABLE merges (id text NOT NULL, from_id text NOT NULL, into_id text NOT NULL, label text NOT NULL, collection text NOT NULL, recoverability text NOT NULL, confirmed integer NOT NULL, carried_since bigint, refusals bigint NOT NULL DEFAULT 0, status text NOT NULL, claimed_until bigint NOT NULL, expires_at bigint NOT NULL, replaced text);
CREATE TABLE outbox (id text NOT NULL, url text NOT NULL, event text NOT NULL, payload text NOT NULL, created_at bigint NOT NULL, attempts bigint NOT NULL, due_at bigint, failure text, anonymous_id text);
CREATE TABLE passkeys (credential_id text NOT NULL, anonymous_id text NOT NULL, public_key text NOT NULL, sign_count bigint NOT NULL, aaguid text NOT NULL, name text NOT NULL, transports text NOT NULL, backup_eligible integer NOT NULL, backed_up integer NOT NULL, created_at bigint NOT NULL, last_used_at bigint);
CREATE TABLE profiles (anonymous_id text NOT NULL, version bigint NOT NULL, attributes text NOT NULL, updated_at bigint NOT NULL);
CREATE TABLE recovery_codes (id text NOT NULL, anonymous_id text NOT NULL, created_at bigint NOT NULL);
CREATE TABLE schema_steps (step integer NOT NULL);
CREATE TABLE sessions (anonymous_id text NOT NULL, id text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL, ends_at bigint NOT NULL, auth_time bigint, client_id text, scope text, jkt text, refreshes bigint, refreshed_at bigint, enrol_until bigint);
CREATE TABLE signing_keys (generation bigint NOT NULL, kid text NOT NULL, algorithm text NOT NULL, public_key text NOT NULL, private_key text NOT NULL, signs_from bigint NOT NULL, retires_at bigint);
CREATE TABLE snoozes (anonymous_id text NOT NULL, prompt text NOT NULL, times bigint NOT NULL, snoozed_until bigint NOT NULL);
CREATE TABLE spent (id text NOT NULL, expires_at bigint NOT NULL, result text, ended_at bigint);
ALTER TABLE audit ADD CONSTRAINT audit_pkey PRIMARY KEY (anonymous_id, at, id);
ALTER TABLE chores ADD CONSTRAINT chores_pkey PRIMARY KEY (name);
ALTER TABLE codes ADD CONSTRAINT codes_pkey PRIMARY KEY (id);
ALTER TABLE device_keys ADD CONSTRAINT device_keys_pkey PRIMARY KEY (id);
ALTER TABLE device_links ADD CONSTRAINT device_links_pkey PRIMARY KEY (id);
ALTER TABLE guests ADD CONSTRAINT guests_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE limits ADD CONSTRAINT limits_pkey PRIMARY KEY (id);
ALTER TABLE login_ids ADD CONSTRAINT login_ids_pkey PRIMARY KEY (type, value);
ALTER TABLE merges ADD CONSTRAINT merges_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE passkeys ADD CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id);
ALTER TABLE profiles ADD CONSTRAINT profiles_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE recovery_codes ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (id);
ALTER TABLE schema_steps ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (step);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (anonymous_id, id);
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (generation);
ALTER TABLE snoozes ADD CONSTRAINT snoozes_pkey PRIMARY KEY (anonymous_id, prompt);
ALTER TABLE spent ADD CONSTRAINT spent_pkey PRIMARY KEY (id);
ALTER TABLE device_keys ADD CONSTRAINT device_keys_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE login_ids ADD CONSTRAINT login_ids_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE merges ADD CONSTRAINT merges_into_id_fkey FOREIGN KEY (into_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE passkeys ADD CONSTRAINT passkeys_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE profiles ADD CONSTRAINT profiles_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE recovery_codes ADD CONSTRAINT recovery_codes_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE snoozes ADD CONSTRAINT snoozes_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
CREATE INDEX audit_to_sweep ON audit USING btree (substr(anonymous_id, 8, 1), at);
CREATE INDEX audit_to_sweep_others ON audit USING btree (at) WHERE (substr(anonymous_id, 8, 1) <> ALL (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text, 'E'::text, 'F'::text, 'G'::text, 'H'::text, 'I'::text, 'J'::text, 'K'::text, 'L'::text, 'M'::text, 'N'::text, 'O'::text, 'P'::text, 'Q'::text, 'R'::text, 'S'::text, 'T'::text, 'U'::text, 'V'::text, 'W'::text, 'X'::text, 'Y'::text, 'Z'::text, 'a'::text, 'b'::text, 'c'::text, 'd'::text, 'e'::text, 'f'::text, 'g'::text, 'h'::text, 'i'::text, 'j'::text, 'k'::text, 'l'::text, 'm'::text, 'n'::text, 'o'::text, 'p'::text, 'q'::text, 'r'::text, 's'::text, 't'::text, 'u'::text, 'v'::text, 'w'::text, 'x'::text, 'y'::text, 'z'::text, '0'::text, '1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '-'::text, '_'::text]));
CREATE INDEX codes_to_sweep ON codes USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX device_keys_of_guest ON device_keys USING btree (anonymous_id);
CREATE UNIQUE INDEX device_links_by_locator ON device_links USING btree (locator);
CREATE UNIQUE INDEX device_links_by_opener ON device_links USING btree (opener);
CREATE UNIQUE INDEX device_links_of_session ON device_links USING btree (anonymous_id, session_id);
CREATE INDEX device_links_to_sweep ON device_links USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX guests_due ON guests USING btree (substr(anonymous_id, 8, 1), due_at);
CREATE INDEX guests_due_others ON guests USING btree (due_at) WHERE (substr(anonymous_id, 8, 1) <> ALL (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text, 'E'::text, 'F'::text, 'G'::text, 'H'::text, 'I'::text, 'J'::text, 'K'::text, 'L'::text, 'M'::text, 'N'::text, 'O'::text, 'P'::text, 'Q'::text, 'R'::text, 'S'::text, 'T'::text, 'U'::text, 'V'::text, 'W'::text, 'X'::text, 'Y'::text, 'Z'::text, 'a'::text, 'b'::text, 'c'::text, 'd'::text, 'e'::text, 'f'::text, 'g'::text, 'h'::text, 'i'::text, 'j'::text, 'k'::text, 'l'::text, 'm'::text, 'n'::text, 'o'::text, 'p'::text, 'q'::text, 'r'::text, 's'::text, 't'::text, 'u'::text, 'v'::text, 'w'::text, 'x'::text, 'y'::text, 'z'::text, '0'::text, '1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '-'::text, '_'::text]));
CREATE INDEX limits_to_sweep ON limits USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX login_ids_of_guest ON login_ids USING btree (anonymous_id);
CREATE INDEX merges_from ON merges USING btree (from_id);
CREATE INDEX merges_into ON merges USING btree (into_id);
CREATE INDEX merges_to_do ON merges USING btree (substr(id, 8, 1), status, claimed_until);
CREATE INDEX merges_to_sweep ON merges USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX outbox_due ON outbox USING btree (substr(id, 8, 1), due_at);
CREATE INDEX outbox_of ON outbox USING btree (anonymous_id);
CREATE INDEX outbox_to_sweep ON outbox USING btree (substr(id, 8, 1), created_at);
CREATE INDEX passkeys_of_guest ON passkeys USING btree (anonymous_id);
CREATE INDEX recovery_codes_of_guest ON recovery_codes USING btree (anonymous_id);
CREATE INDEX sessions_to_sweep ON sessions USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent USING btree (substr(id, 8, 1), ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX spent_to_sweep ON spent USING btree (substr(id, 8, 1), expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into, promoted_at) VALUES
('3KfsF8rR_9kfBpHBtNcsGA','HulwpNd0z3x-yEIUSE-RFLLsahypjaa1yNXvn2I_bf9QeG1_ZZ8BnScTvS_QJUYmUJ7FHIQNUrg1DXqou_4vlg','early-ocelot-79','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('71G66oq2tOMTDaq7Y0L8fQ','vDsANHMiHKVSBYJHgjN6eEIPqDyV4Li6DDD4UXw1bRq9Hz6myCfm7WDtT-AzMfLsUpabIVcsZqQDh9wiAoju9A','lunar-swan-83','users','1800000000','1800000000','1','1805184000','1804320000','active',NULL,NULL),
('8eJscapal1gI91oXk0-plA','SvLoGVXWdQ0yPthOXfMGt5ri9mL9Bb74aNSCd0Onn_sxSpRS8j594Rl65lVCvcMF3TJ3mcpZA_5drMj89wEDFQ','happy-jay-23','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('8rzsiv9Zr7g6oUx8VN7-4w','vQ8lSbD_ExoGoyy7U5b30a74-5Yke081_UvXQx_Ezuf2Zp9nQovdBpK3omTfIfQGnZtI9t8_669lelMLPcKRmw','quick-egret-62','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('9sOMBnHfthg7sJuYH02tpA','x0bjjZ3S8v5vRY9AZdG_IisB5s-dABZbRmTedirmTtmy-cQX_1Fo8-FpKdFa_nEikfKfNg3QiOXGfz-X4OciHA','sunny-ibex-84','users','1800000000','1800000000','1','1800604800','1800604800','merged','8eJscapal1gI91oXk0-plA',NULL),
('AEEBXYJAsDw_aaDJFyo-hg','Ri9U8FyWCEf11xzkZHBLcs-df8ZfFVNLktf035nyt44P8_ZTfnKOUJalT-oHzYFecZH7oP6fZH3dF24YKh2Dew','Rose 🌹','users','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('BVsW64F42pGEEjlHH1MVzQ','CQmkFqgwzZ0UEkLZqcpxN3ZugVl82aKyH-QV2m3gwNB7tmpYR2ylpNe58qV45X8nrOgZh1T5Bgo_V_sx5bjoyg','gentle-salmon-96','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('DRgRU6qCxMdJJvyVCwHgdQ','gS6Ia8UuOuvu6z7pV5IJyfwqdWYD0wOf45tLbZpoKJxEi84RG1zLWG6Rg5MQHVh0u-KW4wo6wsWbUHoMYwFrvw','maple-wren-85','users','1791360000','1799827200','2','1807603200','1806739200','active',NULL,NULL),
('IK321YCo0GNOY7kcUI0XgA','WuiKFcZSyg0GWepiEjhBvWNwCa_rKWQwi6PQtjQnfgxJoAiSUzlh6gk4D75GjVNlfVW2Rk6zfdhX_PR4tbwiDw','proud-kiwi-17','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('Mdj1zfsliUCEn40a0ksZcw','t6pdfo3DnS8qLn3IeoWy3IBabiDGctpXVLgQHZVES8TGaVF1DbnSeLt0ccMYUcFY-_rsqfL1sXtqAAUirZNj5w','indigo-owl-73','users','1792656000','1792656000','1','1800518400','1800518400','warned',NULL,NULL),
('Rw2nE9XX1pBooflJJilDOw','wMhCN2V6ECdT7GOc6KwEe3aOwM9wA03XWnRODgYlYfaIZuEWg8RfYE4KDcGWRtsufeThOFR8chdNn667UtWRig','','','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('XPGZnznoLjqBc_3M8qAqvg','iTJM1mcw3fp2qlRF4N3P8AmOTv8x97dKKx2JlIPlT46S4LsQ2keNl4NR501yRYjaD0Kqm6bfxnxqWxyTxyVOfA','azure-vole-61','users','1791360000','1791360000','1','1799568000','1801382400','expired',NULL,NULL),
('Y7kM9pK4diqTtxR39jdxCA','_DZ0wF-kGt0ivD762-zm-AYDeUDZVP1HdZaM1KNPCdrqelFWYdfsU9t1pjiWAv59HRXFxWkOBPHPaFrKQiq9iQ','fond-jackdaw-82','users','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('cdrn-Ln98U0crWHwGGsgaA','stUDjey1yBAviwTpEBno6tgfiieOP6606um4I8II5AErcl-O7Juv0NBgAKoCF1rKtPvUJAVJCCKsp39bI2926w','kind-pelican-46','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('eNJSrO6cy_cXxD7C3xpC5A','l39yIysytqCsU0GEEo0_a3vmwBUGNw9mPFKs5c2ljAjiTWveAfIpBvDkHtQHZzrIS2GoEDeHITl9qeIAnfeOjA','silver-ocelot-52','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('ffwfiXVtNV3a0PSqC4EZig','H0BuKDlXYBYB4JVPW8XhkHDMNCUrjSwgijhu_h-lmMdF0453yU68YQGOsq5CJVWYw9MnFqhiLb0gA8YgSej3Kw','olive-bobcat-45','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('fjGmOxNzaizibk94fyHPXQ','7Y2Dne3mgRb7DV8IQsF4gLRZKMGFY0VQEcn3md0sKYrFh3EGa8hyAd_vveRXMMP8dOKHSsncSGtFQI0fG-enRA','keen-gecko-78','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('iZ_ZtS4H_JRZ06RHHoljNw','dPEWWTckPDDXFiGZNLYCVh1oWyKeDUIQ7rvRZ3xBLX-8c9N2ov43Mw5KDkrLcDtjk4cmgKHoc_lLaa2rM3Hg7A','neat-deer-10','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('klGOVf4CD5mw-SEaTL9TSw','8c8m128jjymFEPl0QDXhHYOcUKX2ztJdSfyb5-1w2koI509gDvmYn0os5c7F5LBBWsgz7K_Q1Q2DAlZ7X1IVjA','crisp-ibex-22','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','Imported One','users','1765440000','1800000000','2',NULL,NULL,'active',NULL,'1799827200'),
('legacy|4712','s4D1a-f19hHZm6v0r7ZYGUf9sXDzV5Rsm_SMX7ylhGVZClQq9mwDt5H0HWZ69L7T3u0vhC3ZOaAmT85kMjhG4Q','swift-hare-90','visitors','1799827200','1799827200','1','1801555200','1800691200','active',NULL,NULL),
('ntVHmgUoKdKn13flQF8qiw','1yCvRMPWUFZrrg8krtMTF0uw3GKOAYe-4erBllsgXX7_or7nsk4LLJqBpqEmzR1-EmbAulibejH3CgLgVeKgTA','happy-wren-62','users','1800000000','1800000000','1','1800604800','1800604800','merged','8eJscapal1gI91oXk0-plA',NULL),
('oGjYb6-04x-PtvcJojh_SQ','TGRoGHjzHBlEVp4K-cL7ACkwREhTvYI3oPUuH-HQhvMQ-j40JbTZAOKceLFVRwMF8JGT1WSKiBTx9h_2zyMB8w','ruby-stoat-30','users','1800000000','1800000000','1','1805184000','1804320000','active',NULL,NULL),
('o_t-qw6thPUwdMZ6N3AKAQ','D6htHLGC2UmO_M-zOJp5e1cfWK0VZY_O-L9RgvCJJEvdBiDScw2242dMgC1wKZ3oHkS7JEc9cw5zvPbarCCNBg','happy-rabbit-48','users','1799999400','1799999400','1','1807775400','1806911400','active',NULL,NULL),
('ocFVbFAepozVanMKN5URJA','MUSMhENb9493lb1jRYxrgcdkBWT8IUfAIqfMafImdLtCmfvmw24WM6JO1RKPNhk_QTxqW691tgCplf8U7gPc0g','amber-ferret-15','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('prvYdyccswYQv27Cf1Ep2g','FLNQNe4JQAM2nxXWNMqqzINVHGdvuOLknMQDsFoh7lcd7lZkTU0pJlvVFnAWEmIch10PUZixmt-5FoigVS-6dg','fair-kestrel-39','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('y5rSpFYVds7GNRjyHsqRLw','Z4aJ3SjVkH5gInQgcGRt3agumYlhcpyTBi73zfC8j2iYA_IBGMutcSmA36kwssxUBhGo01TajqDumL9bw-ZP8g','clear-bobcat-22','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('yKY0eaU6_n-oap_NtLSymQ','F9tG9eHr0pldm86LsPrOZLttOhVpq1Cfgz5Q3f1ylWx1tAHEJZ9L_5y6L8OvcOFrZW5Z3evb-S7cmFJiEUrGDA','amber-eagle-20','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('3KfsF8rR_9kfBpHBtNcsGA','1800000000','ZNRUG-vb','3KfsF8rR_9kfBpHBtNcsGA','profile.changed','done'),
('3KfsF8rR_9kfBpHBtNcsGA','1800000000','l7sO8p3E','3KfsF8rR_9kfBpHBtNcsGA','guest.kept','done'),
('71G66oq2tOMTDaq7Y0L8fQ','1800000000','9GY8c37O','71G66oq2tOMTDaq7Y0L8fQ','device_key.added','done'),
('71G66oq2tOMTDaq7Y0L8fQ','1800000000','9wsSH1L6','71G66oq2tOMTDaq7Y0L8fQ','device_key.removed','done'),
('71G66oq2tOMTDaq7Y0L8fQ','1800000000','9xj22SYO','71G66oq2tOMTDaq7Y0L8fQ','device_key.added','done'),
('71G66oq2tOMTDaq7Y0L8fQ','1800000000','TXsD7ZRn','71G66oq2tOMTDaq7Y0L8fQ','device_key.added','done'),
('71G66oq2tOMTDaq7Y0L8fQ','1800000000','b3vmR9wK','71G66oq2tOMTDaq7Y0L8fQ','guest.kept','done'),
('8eJscapal1gI91oXk0-plA','1800000000','0h7PXX_C',NULL,'guest.merged','merge_refused'),
('8eJscapal1gI91oXk0-plA','1800000000','UZStU1If','PzLCCFj0vyMnTrqnj1LTrfqWcOASvcUNpfoWJxXu8qU','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','WJt5_Jbd','7_3bk_1pWbeRMMWqYO3CznL7dM8JPbTLcI-LuwpEOII','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','ZVcWoIJO','gkFKOfqNU3z0-cOAbt7d8BXL7d6pH38xEhmGi7Pzrzo','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','aMaKS51E','A5-lbAFUxOi_gUdB3fyzag423VBXZdB-FsWTGMkPuBo','profile.changed','done'),
('8eJscapal1gI91oXk0-plA','1800000000','cmVb9QtV','SzIov3GOALlO2pEcPBdxe72p-HbQf32nJ5J274FTxuA','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','it7XSrQ3',NULL,'guest.merged','done'),
('8eJscapal1gI91oXk0-plA','1800000000','jXmEsufZ',NULL,'guest.merged','done'),
('8eJscapal1gI91oXk0-plA','1800000000','jiI9pUB5','Kn8k7LR4pC0q6CEvgsqu_aM4_raU9YenSfK2uEsH4J8','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','oJP4TGWt','8eJscapal1gI91oXk0-plA','passkey.added','done'),
('8eJscapal1gI91oXk0-plA','1800000000','pI8j78Yj','hgE0Wwxvyon8MYWSanWh7rFXaIKJJ-nhjg-QcD2Ht5E','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','wbHZBKGO',NULL,'guest.merged','done'),
('8eJscapal1gI91oXk0-plA','1800000000','x-4goG7D','Rm32qwqZ2kYbiANXWKyhh1n4B6wXOgsJFSI2b1LBETI','guest.signed_in','done'),
('8eJscapal1gI91oXk0-plA','1800000000','xN-Ysp85',NULL,'guest.merged','done'),
('8rzsiv9Zr7g6oUx8VN7-4w','1800000000','N2L0ke3c','8rzsiv9Zr7g6oUx8VN7-4w','guest.kept','done'),
('9sOMBnHfthg7sJuYH02tpA','1800000000','A20NANag','9sOMBnHfthg7sJuYH02tpA','guest.kept','done'),
('9sOMBnHfthg7sJuYH02tpA','1800000000','y6qoRhEP','9sOMBnHfthg7sJuYH02tpA','profile.changed','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','-udejtPy','SWLzllSQjTpajeMphyJZzSrHA4jKF3ibgNhoWUGQ85g','passkey.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','0xcNRtTs','SWLzllSQjTpajeMphyJZzSrHA4jKF3ibgNhoWUGQ85g','passkey.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','3PLuV450','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','login_id.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','3p-kCcUq','klEBppOHxTnXGTZeGL6Hek3GV_uc2TD5rS4G1YtLEeA','guest.signed_in','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','FgzhxAoy','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','login_id.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','Ia1cW-qQ','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','guest.renamed','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','LzMFxb5a','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','device_key.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','ML-tEbht','SWLzllSQjTpajeMphyJZzSrHA4jKF3ibgNhoWUGQ85g','guest.promoted','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','NhGL17Wx','AEEBXYJAsDw_aaDJFyo-hg','passkey.added','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','W41Lhqyd','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','guest.signed_in','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','WkJITSxQ','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','login_id.removed','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','_-2V9TOM','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','recovery_codes.changed','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','dG5LVygW','SWLzllSQjTpajeMphyJZzSrHA4jKF3ibgNhoWUGQ85g','passkey.removed','done'),
('AEEBXYJAsDw_aaDJFyo-hg','1800000000','xMO2qJ9Z','3bopRUoBB_UEBKvC57Xzj4hBJyLKUshJ6yuNB42Nm_Q','guest.signed_in','done'),
('BVsW64F42pGEEjlHH1MVzQ','1800000000','JwWIg-oh','BVsW64F42pGEEjlHH1MVzQ','passkey.added','done'),
('DRgRU6qCxMdJJvyVCwHgdQ','1798704000','nI31KGmr',NULL,'guest.expiring','done'),
('DRgRU6qCxMdJJvyVCwHgdQ','1799654400','aIlN1-8A',NULL,'guest.expired','done'),
('DRgRU6qCxMdJJvyVCwHgdQ','1799827200','6NTmvRAG','PQ9hy4BboiLLla3nAD3XyaX6vY03-qxuUGG2NdvBe9k','guest.restored','done'),
('DRgRU6qCxMdJJvyVCwHgdQ','1799827200','Ab4pR8nT','PQ9hy4BboiLLla3nAD3XyaX6vY03-qxuUGG2NdvBe9k','guest.signed_in','done'),
('IK321YCo0GNOY7kcUI0XgA','1800000000','7biPmQMC','IK321YCo0GNOY7kcUI0XgA','guest.kept','done'),
('IK321YCo0GNOY7kcUI0XgA','1800000000','U104psMq','IK321YCo0GNOY7kcUI0XgA','profile.changed','done'),
('Mdj1zfsliUCEn40a0ksZcw','1792656000','1axhmLvl','Mdj1zfsliUCEn40a0ksZcw','passkey.added','done'),
('Mdj1zfsliUCEn40a0ksZcw','1799654400','LsHDbqna',NULL,'guest.expiring','done'),
('Rw2nE9XX1pBooflJJilDOw','1800000000','XDdG_KLw','SuamVkvfcyPz3hDq1gI5q4bnMwXkzevvj3BWXNSMiUo','guest.signed_in','done'),
('Rw2nE9XX1pBooflJJilDOw','1800000000','XduTMUGB','Rw2nE9XX1pBooflJJilDOw','guest.kept','done'),
('Rw2nE9XX1pBooflJJilDOw','1800000000','y_Kj_6HK',NULL,'guest.promoted','done'),
('XPGZnznoLjqBc_3M8qAqvg','1798704000','YZ7NnQnz',NULL,'guest.expiring','done'),
('XPGZnznoLjqBc_3M8qAqvg','1799654400','pJk8HUAM',NULL,'guest.expired','done'),
('Y7kM9pK4diqTtxR39jdxCA','1800000000','UkfH1ze7','Y7kM9pK4diqTtxR39jdxCA','guest.promoted','done'),
('Y7kM9pK4diqTtxR39jdxCA','1800000000','lrVzw9rk','Y7kM9pK4diqTtxR39jdxCA','guest.kept','done'),
('cdrn-Ln98U0crWHwGGsgaA','1800000000','Sr8zjECB','wWggeiLUN98y2ZVMsBFZhztqfPmE9ZOrupPze8Gw03E','device.linked','done'),
('cdrn-Ln98U0crWHwGGsgaA','1800000000','wIuJhnya','wWggeiLUN98y2ZVMsBFZhztqfPmE9ZOrupPze8Gw03E','guest.signed_in','done'),
('cdrn-Ln98U0crWHwGGsgaA','1800000000','wiyEd1Ct','cdrn-Ln98U0crWHwGGsgaA','guest.kept','done'),
('eNJSrO6cy_cXxD7C3xpC5A','1800000000','un2UWsVm','eNJSrO6cy_cXxD7C3xpC5A','guest.kept','done'),
('ffwfiXVtNV3a0PSqC4EZig','1800000000','Lm_cRANX','ffwfiXVtNV3a0PSqC4EZig','guest.kept','done'),
('fjGmOxNzaizibk94fyHPXQ','1800000000','MqtdjYBW','fjGmOxNzaizibk94fyHPXQ','passkey.added','done'),
('fjGmOxNzaizibk94fyHPXQ','1800000000','Y8RAyvbk',NULL,'guest.merge_undone','done'),
('iZ_ZtS4H_JRZ06RHHoljNw','1800000000','GmmV-zGs','iZ_ZtS4H_JRZ06RHHoljNw','guest.kept','done'),
('kVbUY17UPC5KPCqcp6wv2w','1800000000','9P6coW11',NULL,'guest.erased','done'),
('klGOVf4CD5mw-SEaTL9TSw','1800000000','0dOkA-jX','klGOVf4CD5mw-SEaTL9TSw','guest.kept','done'),
('klGOVf4CD5mw-SEaTL9TSw','1800000000','3cQLhebY','0CL7Kr3DKDCwmtjhIVVkJuvMg2nvOAp76cnsgr0J_ro','guest.demoted','done'),
('klGOVf4CD5mw-SEaTL9TSw','1800000000','sgwLZINB','klGOVf4CD5mw-SEaTL9TSw','guest.promoted','done'),
('legacy|4711','1799827200','hCeNgLyP',NULL,'guest.imported','done'),
('legacy|4711','1800000000','hivBobgS','m3IWPCqqPcCqrGnFHBS72D-VsWHWULUnSYB3PYJmt4M','guest.signed_in','done'),
('legacy|4712','1799827200','N-OhwUio',NULL,'guest.imported','done'),
('ntVHmgUoKdKn13flQF8qiw','1800000000','0-Xrq2SB','ntVHmgUoKdKn13flQF8qiw','passkey.added','done'),
('oGjYb6-04x-PtvcJojh_SQ','1800000000','35oTffJz','oGjYb6-04x-PtvcJojh_SQ','guest.kept','done'),
('oGjYb6-04x-PtvcJojh_SQ','1800000000','EmVOIsA1','jRzbQ_nmWUabs4nB1LZZdn9hRaBKkLTcVK2mdyt-cRg','guest.signed_in','done'),
('oGjYb6-04x-PtvcJojh_SQ','1800000000','c-Yo8z9t','oGjYb6-04x-PtvcJojh_SQ','recovery_codes.changed','done'),
('oGjYb6-04x-PtvcJojh_SQ','1800000000','hg3stncG',NULL,'recovery_code.used','done'),
('o_t-qw6thPUwdMZ6N3AKAQ','1799999400','cGWfOJJM','_7bp_3J_OblF7jCpyihmvcrGw9Ga8JVqDTtIbgSpKBM','passkey.added','done'),
('o_t-qw6thPUwdMZ6N3AKAQ','1800000000','cVuV0QIG','_7bp_3J_OblF7jCpyihmvcrGw9Ga8JVqDTtIbgSpKBM','session.refresh_reused','session_ended'),
('ocFVbFAepozVanMKN5URJA','1800000000','rm-tUNFi','ocFVbFAepozVanMKN5URJA','passkey.added','done'),
('prvYdyccswYQv27Cf1Ep2g','1800000000','5L98Qjc4','prvYdyccswYQv27Cf1Ep2g','profile.changed','done'),
('prvYdyccswYQv27Cf1Ep2g','1800000000','QjsaRh-9','prvYdyccswYQv27Cf1Ep2g','guest.kept','done'),
('y5rSpFYVds7GNRjyHsqRLw','1800000000','uwSMgsVH','gI-vOjp6Aqe5TZCwhJVKx4C3MqIFuaaIAk9q5nGITH4','passkey.added','done'),
('yKY0eaU6_n-oap_NtLSymQ','1800000000','JY7uLX-d','-xVovRGClxdwCZZqilZ13sR-RPCYsxCX8-1QFnlAXwE','passkey.added','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','AWbs7DeQWxPB4pw10lXxlA','1800000060'),
('resume merges','AWbs7DeQWxPB4pw10lXxlA','1800000060'),
('rotate signing keys','AWbs7DeQWxPB4pw10lXxlA','1800003600'),
('sweep','AWbs7DeQWxPB4pw10lXxlA','1800000060');
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('5dY-uJzprhBp1Xa3Sk6mKR-Ys56wPaspGSueBIhB05k','kxLRrTXfBqA1paVOyvaG0s9itzwNT3_s3eiDij84e3I','5','1800000600'),
('9BQu8siRHnT-7iq00amrW4THHrxt-qdlcjayhpZzBrI','BDOq0BGiv1ihO1IZhAgzRB6DbNnW6DtMarBsWrfrjE4','5','1800000600'),
('JqIfKknrYirgjotDIrj9wMrJY56wPuHWn56uEUuxIFM','zNgJzPcV0cKZeKdMJfb_JFrUXC11XxoaCm5uuME6TH0','5','1800000600'),
('MMkdEDR5VL9IeHklJyI2ujGZSmfFnuAy2ZsYhagO0X0','qohH2V8BxLGp13W6qOvp8WBm90KtYtXaDbrYMVg819g','5','1800000600'),
('YfshXp8SsdfSbPZrSFhIWsqQ1CZ1NwXsNOyAoh_SlOI','n_B5qYvx6EKbTvMjiWll-Z51EClxtukHgMW7PjA43kY','5','1800000600'),
('Z5eHWy_RdM1QAhqN44ZaX2o6j1Ok6N7cT_svkXR-KUg','PlZIOekSEbJjNrvF3b7ZxZsVDMTR-HtBp6errASADfA','5','1800000600'),
('izrzkIJPkLD96RcO4qsFmffZ1UmmiIFnFHU6LKawvrk','LBYpf6Y9FdrGM-eLhQxJK9Iz3Zggpel4o-X2-IUEIqM','5','1800000600'),
('oyj3WIatClxTG1z53yR8nVKNvTq3UUTjwOO-V7xmgP8','sx5q-qrN3EPkciqTjNtW4lJ2SsgZPvOcKw32nTxhIgA','5','1800000600'),
('sY5UDSQM3bYUzGdmgpwnfluKDB4PHYdGKw3eEkkPRv4','cKs2jaE_IdWx2f0fywS-RO3koDShmbQpNgFVLt8sVz0','5','1800000600');
INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, last_used_at, session_id) VALUES
('95z2Em79EJaf8zte8xhRpjT2tKcDNWsnF3EjUlypsW0','AEEBXYJAsDw_aaDJFyo-hg','{"kty":"EC","crv":"P-256","x":"nu82JzPbgh3fbAOlDfsKFVgOezowpes2ZFcyqLb_Zog","y":"EwvDX4kZ05Lk-wBM0HnkvJbsc56CbiQGyeoIira_fyY"}','ES256','A ES256 key','1800000000',NULL,'yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs'),
('chfrA4zW002ln-M8Z44pGBItNHZxHXI0lm2-4wwCVeg','71G66oq2tOMTDaq7Y0L8fQ','{"kty":"OKP","crv":"Ed25519","x":"zs_GsiP8KjYYxqu7wc2p_VwZwOEhLMIAbHIaMhCMItI"}','EdDSA','A EdDSA key','1800000000',NULL,'71G66oq2tOMTDaq7Y0L8fQ'),
('fRDrAV7bndCcCt4J6GepQEWLBmEM_dRzcDPB6QNCjB0','71G66oq2tOMTDaq7Y0L8fQ','{"kty":"RSA","n":"qg2jTtAEb-jELuNSbHme-Oz0mJvDo_CcaWDMVU4r9ZNsUtHLiG_f_YWYEqQXJjMCtnkyp6v1j4KGVL6FI4mcLthAKX7tgxbLDuMUjEG4ePb4vXS7_9h62OgJnweEUWgXF_3p3EFOis9ZxX-uauHZMu6UYaB61f5bzMyDN9kVOW6k5smPST96xxkfWVeACkSeFfqMrLk4yyjSzJPjjAuVbfEj4aY7YMchHfm-nO9f5z11A1uiS8z6PNtBFGhtjyfHn-SD7GVrCkN-YCmIbHezksP_oWMoW0YSIRLDSy3gYIs3v2r2xc3YfNzpg3kCzoQU3PuX6m101WRinwbyR2pklQ","e":"AQAB"}','RS256','A RS256 key','1800000000',NULL,'71G66oq2tOMTDaq7Y0L8fQ');
INSERT INTO device_links (id, locator, code, secret, tries_left, anonymous_id, session_id, label, status, opener, opened_in, opened_for, words, asking, result, expires_at) VALUES
('4iG5FLsuZ4rgef9LiORuqg',NULL,NULL,NULL,'5','G2YGm11vNvZkJSaQiaB0Xw','G2YGm11vNvZkJSaQiaB0Xw',NULL,'opened','4D-MqD94dhmiu6reUnvYeo9_rdSAbdOau2a3gmE1iZ0',NULL,NULL,'hazel plover','{"platform":"Linux","browser":"Firefox"}',NULL,'1800000120'),
('KUTNFPxQFR5ftw0fcNijpg',NULL,NULL,NULL,'5','ffwfiXVtNV3a0PSqC4EZig','ffwfiXVtNV3a0PSqC4EZig',NULL,'approved','Wbx217mkXhfG8EipMQ8MhBviTMYDkn6voYYsdKluEik',NULL,NULL,NULL,NULL,NULL,'1800000120'),
('VM_CmYXiLERkHPzSaV1oow',NULL,NULL,NULL,'5','65sD8Kpik9mhQH1jpZAZMQ','65sD8Kpik9mhQH1jpZAZMQ',NULL,'refused','LwrCI3wg5J_ljbAMoGWchUT4np7lP51kur8EhP9-UlQ',NULL,NULL,NULL,NULL,NULL,'1800000120'),
('jNiW2yGeFpkSnQqknvqNcA','NRPP','8qTYjTg40q5sbZFc-5f-L9xXKdxomuPIlHZ_Br8GyZQ','WE59rHye-vxfqggQL8AmjbttyxgRuBSMmek-yJWHpjY','5','ywwMlK255AYFPQIgxRpHYg','ywwMlK255AYFPQIgxRpHYg','tidy-hare-15','waiting',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('xQkgmd4d5-TxNW8OdWzMlg',NULL,NULL,NULL,'5','cdrn-Ln98U0crWHwGGsgaA','cdrn-Ln98U0crWHwGGsgaA',NULL,'done','fYQ03IAags4euPisK9bprRfr5Tg3vh1V7R_C8pnZM1g',NULL,NULL,NULL,NULL,'wWggeiLUN98y2ZVMsBFZhztqfPmE9ZOrupPze8Gw03E','1800000120');
INSERT INTO limits (id, used, expires_at) VALUES
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo','17','1800003600'),
('412p7rUxRKkSz5KP63x3bthYFolgQp-sHdDxKcSd-Bw','1','1800003600'),
('7uJdCkG3M75VzjmmWif4buehkqAxjxWSxigT4Rlvot4','1','1800003600'),
('9OyHmNYm1DlgLew4tJzdAyRZ0fNpzN3ftAQSczgb0D8','5','1800003600'),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk','1','1800086400'),
('BGNuMvse2aWXcIs9eZYM5UusJhipQZU2609guKCfr3g','1','1800086400'),
('BOc0kQ-4UnzgrOr0Sd5fXEIeG-mWu3ZudrtUzxsQaKQ','1','1800086400'),
('DzErVHuYn2FPCeJcD2FcobWI8nlQ38yqH1qkcJgfnjU','3','1800086400'),
('FyvQ0ELTESF-YaZOxtbIGiMSeovnsgO6q5sllMymOJA','5','1800003600'),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE','1','1800003600'),
('KH9785wCm8Q6tIrp78yKbl2AzhTqNiKn17q0YvdgINU','1','1800003600'),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8','2','1800003600'),
('LBQnzRLszAMLW69ojVIwnzWNkV4ILnjNwAi8qgizuds','1','1800086400'),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs','2','1800086400'),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s','1','1800086400'),
('TUx-6DoGxTlKWS8FWxOrHwVhgNBaBpdrofEM7zNMj-g','1','1800003600'),
('WAzJ11rYR7Fa7Xuld7-5fywqkBdaOCwTlOMGxnh5U4E','1','1800003600'),
('X49g5c-A5wlm4bto7e2IcD1zGmOAU4R1s6QBWMYf-J8','3','1800003600'),
('XS79X6Xp7vlzKlZH6WpEzbuFLDOmIFoHyEfTB-GW6BQ','1','1800003600'),
('aw2HIItqH1DGhRBUxfXHOZxP7HJjFXHxdjoXG48CGAM','3','1800003600'),
('byOhx_EY4u7HWzM6SQuebPHrjuUgG__6GiCEP9GdA9E','1','1800086400'),
('gVL3sHfcmsUSaF8aDwzbTf6-3bK1MuvbKrQ--tX-ieA','1','1800003600'),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs','1','1800003600'),
('sPGJwApvNWq_FsJKj7KR-cGQ0Ui8mbW-Wb0JgS2PIFw','1','1800003600'),
('tQvUaouTS5XGfEgMjzHRs-qAnOdcQGNn8tawarEGNw0','1','1800003600'),
('v1jkrPqop3Ao_RruQ_Y5UDDAgFRdTKwWBb5pcSxdJYI','1','1800003600'),
('w-mDzbpdLmBtm_YML7KC6ZPyVA8_eHlYbqmNzPcGsK8','1','1800086400'),
('wEMw4Wv5GHJ_YSNuPP7idsHj47KnR14CsFTtwSTCqkI','5','1800086400'),
('zGVJHhEhp6TVzPnkefWeMZgTCL4Dy77Bp3HaA8q5EiI','1','1800003600');
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','Rw2nE9XX1pBooflJJilDOw','1800000000',1),
('email','imported@example.org','legacy|4711','1799827200',1),
('email','rose@example.org','AEEBXYJAsDw_aaDJFyo-hg','1800000000',1),
('oidc','http://localhost:9 olga','Y7kM9pK4diqTtxR39jdxCA','1800000000',1),
('phone','+41446681800','AEEBXYJAsDw_aaDJFyo-hg','1800000000',0);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('4PvyoE-wsY7mPKYPhtIjjp_2vXnpSjKZ2_qRaAKT3fY','9sOMBnHfthg7sJuYH02tpA','8eJscapal1gI91oXk0-plA','sunny-ibex-84','users','none',1,'1800000000','0','merged','0','1800604800','{"before":{"nickname":"Wim"},"after":{"favourites":["coffee"],"nickname":"Wim"}}'),
('6LQDygPxoBwahnTaFCVFgkQOrLr9lnedgvlHv9l00ZI','689tEoAK5EPS7h4wnJmJEQ','AEEBXYJAsDw_aaDJFyo-hg','hazel-cricket-74','users','none',1,'1800000000','0','offered','0','1800000600',NULL),
('CzZlRBXIvf3hQjqph0Hgx6dCB-3awduFVkGFdKobJi0','3KfsF8rR_9kfBpHBtNcsGA','8eJscapal1gI91oXk0-plA','early-ocelot-79','users','none',1,'1800000000','0','pending','1800000060','1800086400',NULL),
('PhsQcCrnvuuuRMEQTPbEpePQDOV0PJtq6xGxpId8BUY','BVsW64F42pGEEjlHH1MVzQ','8eJscapal1gI91oXk0-plA','gentle-salmon-96','users','passkey',1,NULL,'0','offered','0','1800000600',NULL),
('UDjkygr6ybhCZK_mseab2LFgQFUEfTXU0kwq9VAdhZI','ntVHmgUoKdKn13flQF8qiw','8eJscapal1gI91oXk0-plA','happy-wren-62','users','passkey',1,NULL,'0','merged','0','1800604800',NULL),
('XQYw5CnT5rUtsZgZDv7BY_Bh-MpYzFa8hPJggHdwzdc','fjGmOxNzaizibk94fyHPXQ','8eJscapal1gI91oXk0-plA','keen-gecko-78','users','passkey',1,NULL,'0','undone','0','1800000600',NULL),
('nww4DQo3f_Il6KDBNgoXwdDl_0sJYqFYaqd88tYHb1g','prvYdyccswYQv27Cf1Ep2g','8eJscapal1gI91oXk0-plA','fair-kestrel-39','users','none',1,'1800000000','1','offered','0','1800086400',NULL),
('wObwlDL5bJKrfy8uHbGcxr-BL9jeEuBOpEI8JIDvlIE','V_yK14RbUXaQ3oq8jnKiFQ','8eJscapal1gI91oXk0-plA','clear-eagle-69','users','none',1,'1800000000','0','merged','0','1800604800',NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_oOSe5I9Tteg6XjREcGg5bA','http://127.0.0.1:9/down','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"AEEBXYJAsDw_aaDJFyo-hg"}}','1800000000','1','1800000005','the receiver answered 503','AEEBXYJAsDw_aaDJFyo-hg'),
('msg_zoXBrRhQFPtjGkRWzSqg7g','http://127.0.0.1:9/gone','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"AEEBXYJAsDw_aaDJFyo-hg"}}','1800000000','1',NULL,'the receiver answered 410','AEEBXYJAsDw_aaDJFyo-hg');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('2vE36MYVjMurxjZSby2yipI66QDOTYBXbePa-SbnJIc','ntVHmgUoKdKn13flQF8qiw','pQECAyYgASFYIL7Ia3pIoT6ScGVUr8N1RiIpC0Y8yeBulpIxnjcUK-YNIlggABi94o0bDb_LwpW31rJV3_dJ9dsVnZZo28_5ywOrBlg','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('3RTPnnThDy8yRFStx5Wi4D5-YoCiFb3MgMBD2s3MGP0','AEEBXYJAsDw_aaDJFyo-hg','pQECAyYgASFYIEVpEPR9b4YJ4y39NsLGH5aNTkRRDSD9mff2t-Y37DkDIlggsl-EfchsPQ1GRSMIijQnZLf7tBGFuxHIgB0L7N2Ejyg','0','fbfc3007-154e-4ecc-8c0b-6e020557d7bd','Apple Passwords','hybrid internal',1,1,'1800000000','1800000000'),
('BFkCO1WiKi1slom6qaZ9aojprAzN5Yo5wX_-8qIYmWY','o_t-qw6thPUwdMZ6N3AKAQ','pQECAyYgASFYIEXXYoGbS_oeLRARR08kjVwA3zkhCGjpdkDgFDdbXPEKIlgglOww9EpEhh7e5yEmJ6Tz7d3hSEWbDrEdDJFP3I22LCo','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1799999400',NULL),
('KFF671HufCOxzJhRAOfDrR8avQTKz66EuXgXKq0sqvU','y5rSpFYVds7GNRjyHsqRLw','pQECAyYgASFYIGU9SV1P4OyIoNawsLY23UnXTVX9NQvbA2j65Sx-fnESIlggHSAPf8krdZs5M81Xz9NxVnR8dnLxUytGomi39kGwCWc','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('NmArOCe9FR2NFo3lfWoGriyp-reVWz6wgekxZ95Lxe0','BVsW64F42pGEEjlHH1MVzQ','pQECAyYgASFYIEeToSsusmCIQmPvZPj6bDzLnEouAVWbI4ngbHIcbUqZIlgglEKmCtOVY7O-UzlEO4Zwga8A1X_RYRqZXGrnao9lv-g','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('SlJlwpFq8OimrdRD9pjm-oCCmDJR2gWwgZGcpLrf-B4','ocFVbFAepozVanMKN5URJA','pQECAyYgASFYIAviwVU5SBT8FBfrCWwLOCvhbpafgjrQHoV_JF_CMmLgIlggStDqOkopNxs7JUky_CGWAqX61PzQDDR9Nx7MwBMrhvU','0','00000000-0000-0000-0000-000000000000','Passkey','',0,0,'1800000000',NULL),
('XjE-RoREBhyWxxfgA26wZCD7PWvzbnTuSSOu3a0d72E','Mdj1zfsliUCEn40a0ksZcw','pAEDAzkBACBZAQC6STH2kY3nD-oa0nwXyGTcbDvqbhj19AWT8HlAAheDNh4IpaXFeDgMjQuV9bRlL5aK8EJOu4XjTkKf7IDMIF28m4KiEzYMaMYF72xQ0WpyO58Iiv-OpWgIJiR9jeMeR2W0NdnaNVJCA1ILIJRYboEQ3StpCPnUgILIi3-twdY8R0fFNGE2XROTfX_pct_F7wLLaIk9iKvLJm0lcSsa6yV0Y0WWgkhCEQ5K6Jt-QoSEVPr9fOxaZRpz91tMo27FcDwd_ocaUQENpUIDn39EXNaliwBLB1qh0hikw1XCZDAh6gRUBTmNFTbEfthngtxOhh3SrCuffafkroHFGEv4vAyTIUMBAAE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1792656000',NULL),
('dnPmhALDGCot0Q4ImumZZIhDx5sgx8Vvohu7Gr0Feu4','XPGZnznoLjqBc_3M8qAqvg','pQECAyYgASFYIPQKFBaYwtAqCoEHuz_OolQ8BFdmhFDw_VBXMcvycFtnIlggbifJmWVPkKNo3hbUq95l7TxW0eZYfm5nuEKK7U5yuxA','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000',NULL),
('oFNTrVmJZJFMmMGOmrB0GlG3XYte_iJJlHRQm-4O7Qw','AEEBXYJAsDw_aaDJFyo-hg','pQECAyYgASFYIPB2eYLvaWujJvoLhKm2609J6NnIqUPYErVHpbD0DnsbIlggpOSK1zPM8ipJ3LLVTdjB-xeV4hJpwh32USbLPABVaaY','2','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('qyINu-SJl3XfGX9CQQPUp1mQeVSl419hDYgM_1kAYLE','8eJscapal1gI91oXk0-plA','pQECAyYgASFYIIrmPGcZE2PdF-Yn_AdCZAl3FH7RagiMlQYwJdioXLh1IlggUUinLig_cWUmEGwtpuXiGbWjVtR63jDvOGT8jdpsszc','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('uk8GyT2wYHu6j8UjLaFw7BdTfyW_m9tYSs4N-vhYCNU','yKY0eaU6_n-oap_NtLSymQ','pQECAyYgASFYIF8kaDSrPw3BMbDNfGwUrU3mXQxDs-LtHVMsHs9fj8upIlggSA11ImbPd50ENAbQVpANMnvFSPaqn2atDY5CA7MDz8U','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('uxTEZsB4qzMCEcUj9ffQOHxTMCtcDHARM5xfz93Dd18','DRgRU6qCxMdJJvyVCwHgdQ','pAEBAycgBiFYIJR-W88mfnt12RZnrtPLwXygJ-MNImEmijnVuUeSipLE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000','1799827200'),
('yjMjH5V-jLWQYPWPul21_sIWFjBQtfYkOnJBY9qtkQY','fjGmOxNzaizibk94fyHPXQ','pQECAyYgASFYIA4o_SdHc9rEAP2bPYmomfLpj3WSLoozlLwnCIlkAmV2IlggGHfOADntGFchKeDnqGmff9GJBMYXOL7AEnYVD7NsylY','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('3KfsF8rR_9kfBpHBtNcsGA','1','{"favourites":["coffee"]}','1800000000'),
('8eJscapal1gI91oXk0-plA','2','{"favourites":["coffee"],"nickname":"Wim"}','1800000000'),
('9sOMBnHfthg7sJuYH02tpA','1','{"favourites":["coffee"]}','1800000000'),
('IK321YCo0GNOY7kcUI0XgA','1','{"nickname":"Prue","favourites":["tea"]}','1800000000'),
('legacy|4711','1','{"nickname":"Fox"}','1799827200'),
('prvYdyccswYQv27Cf1Ep2g','1','{"favourites":["coffee"]}','1800000000');
INSERT INTO recovery_codes (id, anonymous_id, created_at) VALUES
('0NjvXZ6s2wdF_7sU8TYZ_hASeP3_jcPpPUUZVqlIrfo','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('15j4-N_UQVckB-2sn6xIejiBXKzid8y0gUhOxxXYz1c','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('1xZDs4Y4S1126s9JyYbmuVT0bn99ZAm0KtXgPo1QqZ8','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('5ein9HBcaoFpJ62g5mkvhPENH-BQd5TmGEMmG4lbOEM','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('A2oPpzQu6aaNiIb00YkVXhwY4fxDHXBBKm1cC8_8tk8','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('E0BVwaKmdXZJp7ZRoohCvvi_Q-uLImIVpddruNJa8js','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('HvMFovZ3klKnFxGRLEDDtmA5w3bdmvvsR3dCjNYQlcY','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('NtoRiJMflrtlkXC0U13TEQXQc2w4kd925tmng5B8L-I','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('VVdcCO-KiFd9NZ6d5cDZoY-sU7eOgqoYBOTZiLO1X-U','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('WLkuP2K8O7YFMRCzwLKJSWQN2cpq6ynIVE6qaYZEKgA','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('X6U5o8W2ayUOPErb-dlDqNT8PCUfhPS0l7oYnHaV7Sc','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('ZicfxXvbVYDVzlbsmUPwksmjylJwibjZyvS9HEE_M08','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('cB6u_ykmLtKDAk6moPLzaXJt973i5cj1GsEMfxjY4dE','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('cGFoFS1D3B9jKY3VLH6nzuHULUSgBIjVRPZc9P0hhsU','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('cju3pY4z58rbRJY7UMCpCqsfr6NXNLNzluiB7EkSlIk','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('fCuNWNk7zmm-8ev83R292jjN-g1K_5YDJcw93iogrK0','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('hwXvFIGkTS01jLiP0ohUFNBEqna_hjywRjqxr1P2egU','oGjYb6-04x-PtvcJojh_SQ','1800000000'),
('kbLMlYWbCI3IAeY4bP6Pjiq-bPg0Cu-K1oXQFhWo0mk','AEEBXYJAsDw_aaDJFyo-hg','1800000000'),
('maEscrR25wRoaRq1y5mSfysRQg4wqt-EcgRwpeiCvi8','oGjYb6-04x-PtvcJojh_SQ','1800000000');
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2),
(3),
(4),
(5),
(6),
(7);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at, enrol_until) VALUES
('71G66oq2tOMTDaq7Y0L8fQ','71G66oq2tOMTDaq7Y0L8fQ','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','7_3bk_1pWbeRMMWqYO3CznL7dM8JPbTLcI-LuwpEOII','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','A5-lbAFUxOi_gUdB3fyzag423VBXZdB-FsWTGMkPuBo','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','Kn8k7LR4pC0q6CEvgsqu_aM4_raU9YenSfK2uEsH4J8','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','PzLCCFj0vyMnTrqnj1LTrfqWcOASvcUNpfoWJxXu8qU','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','Rm32qwqZ2kYbiANXWKyhh1n4B6wXOgsJFSI2b1LBETI','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','SzIov3GOALlO2pEcPBdxe72p-HbQf32nJ5J274FTxuA','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','gkFKOfqNU3z0-cOAbt7d8BXL7d6pH38xEhmGi7Pzrzo','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8eJscapal1gI91oXk0-plA','hgE0Wwxvyon8MYWSanWh7rFXaIKJJ-nhjg-QcD2Ht5E','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('8rzsiv9Zr7g6oUx8VN7-4w','8rzsiv9Zr7g6oUx8VN7-4w','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('AEEBXYJAsDw_aaDJFyo-hg','3bopRUoBB_UEBKvC57Xzj4hBJyLKUshJ6yuNB42Nm_Q','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('AEEBXYJAsDw_aaDJFyo-hg','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('DRgRU6qCxMdJJvyVCwHgdQ','PQ9hy4BboiLLla3nAD3XyaX6vY03-qxuUGG2NdvBe9k','1799827200','1799827200','1807603200','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL,NULL),
('IK321YCo0GNOY7kcUI0XgA','IK321YCo0GNOY7kcUI0XgA','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Mdj1zfsliUCEn40a0ksZcw','yuXi17Hi1M1Vs8AMCVSE6K9oAKwm0ACu_95NrwKUQ14','1792656000','1792656000','1800432000','1824192000','1792656000',NULL,NULL,NULL,NULL,NULL,NULL),
('Rw2nE9XX1pBooflJJilDOw','SuamVkvfcyPz3hDq1gI5q4bnMwXkzevvj3BWXNSMiUo','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Y7kM9pK4diqTtxR39jdxCA','e1ihaZd4FSgLvUXGSqGxWoFsSF6SE71dDX3jlDBs5lI','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('cdrn-Ln98U0crWHwGGsgaA','cdrn-Ln98U0crWHwGGsgaA','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('cdrn-Ln98U0crWHwGGsgaA','wWggeiLUN98y2ZVMsBFZhztqfPmE9ZOrupPze8Gw03E','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('eNJSrO6cy_cXxD7C3xpC5A','eNJSrO6cy_cXxD7C3xpC5A','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('ffwfiXVtNV3a0PSqC4EZig','ffwfiXVtNV3a0PSqC4EZig','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('iZ_ZtS4H_JRZ06RHHoljNw','iZ_ZtS4H_JRZ06RHHoljNw','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('klGOVf4CD5mw-SEaTL9TSw','0CL7Kr3DKDCwmtjhIVVkJuvMg2nvOAp76cnsgr0J_ro','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('legacy|4711','m3IWPCqqPcCqrGnFHBS72D-VsWHWULUnSYB3PYJmt4M','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('oGjYb6-04x-PtvcJojh_SQ','jRzbQ_nmWUabs4nB1LZZdn9hRaBKkLTcVK2mdyt-cRg','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('oGjYb6-04x-PtvcJojh_SQ','oGjYb6-04x-PtvcJojh_SQ','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('ocFVbFAepozVanMKN5URJA','HAhR0H5pRBLXZ1RmGxQKr_VtZZ2ajit86fOph91Nr7U','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('y5rSpFYVds7GNRjyHsqRLw','gI-vOjp6Aqe5TZCwhJVKx4C3MqIFuaaIAk9q5nGITH4','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'1','1800000000',NULL),
('yKY0eaU6_n-oap_NtLSymQ','-xVovRGClxdwCZZqilZ13sR-RPCYsxCX8-1QFnlAXwE','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'2','1800000000',NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
('1','UhqeFa885ewwXQf7FtgPBLwW9xgtNHvdVedBgF1qCVE','ES256','{"kty":"EC","x":"pUrb0Hb37r5AAnydlFIBDrY6duKohEHNl-gRKrlYYvo","y":"nK5eSPF5eTtbVdqRkA8ISlU1IorjLg_OdfBlS_83784","crv":"P-256","kid":"UhqeFa885ewwXQf7FtgPBLwW9xgtNHvdVedBgF1qCVE","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..85qCxrOJZhcyeiyQ.qp16ao7UlEX0sMCcpUJwr0OUjzHfttQPM0C65eWRmOmpJiSKzKHBznAbt522UwDlsHraGxMOOtkk8jshq8PECDGC2fzJEkKkygxs-KnAfounHFsWxSEfXDRBYC0y7LkqD9yO8EuFYx0u7QDptxCz0jlpCCZcuAsWXlade_FlxHB7L2ZhQrSZMn9EZIgrqfe_B4UoN6Ybh2huVFn_mcCAxHXRWOiTSAcVJHu3iGSsN7o.QajRJnqVUV4f4E22a6OPPQ','1799985600','1800003420'),
('2','6wP2DxZStjo5nTEnFg1gX5M_y7yBwnSXBOC70yS554Y','EdDSA','{"kty":"OKP","crv":"Ed25519","x":"g9NpfvufsX5mlT5JXDYz0ve88Bplnmjhh5TMKfGte88","kid":"6wP2DxZStjo5nTEnFg1gX5M_y7yBwnSXBOC70yS554Y","alg":"EdDSA","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aa-OavzxtUgNjl54.IGSKzWul4G13clVXnjnEIclya8u8Tlhmp4HFWJpDEklhpyHOxGGSF7zltS_Or_Z5-F2AsV1F6YWmTBrpIXgVrNUgFgdGXcPnXLmaUT-UdvPayAwDz0Zg_Bd-YfUkMAtjU5QyLUDd0wLutaPx-49lidq_CrVBqNYduVtu4m3CGN7K.D-PJuclK9-rjsHUa_LLvxw','1799999700','1800004620'),
('3','oeUG3gde7HJPZrRuTSO4zNta3icAUPf5U8X9yDXQ14M','ES256','{"kty":"EC","x":"2QhO3D4LJplQPBU_SHsFIaQdDqkvDu8ORWALn5PuXeQ","y":"g6Zylr6r3FzikZvJv5yndgXGbQV5ChUxBPtthxijFpg","crv":"P-256","kid":"oeUG3gde7HJPZrRuTSO4zNta3icAUPf5U8X9yDXQ14M","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..id3cDniF47CwCbk0.uWQljKXhs-ZkDIMo-7rt06MgnRfk4OeZp_9uKzinbE6XyGOTtAL5NC-S6GRD8Gusd4ReIkRstE7hLz4cCzRw4pA7WumuRb-vG1-JTSBRxnu-WHSG2hhzBO1fH1HflyYohQfMGnXWOO5xwrhFFQXiryovkzfGp1ZQ9GAvWgXAxnJ7JwDNm7mHYjnKYiVZESkVaPCNL6OZGoLSrty78lRIQHWhVZlrKeHbEWselSn1KFQ.SQ4Pv-8aku9_Hzf-ZXR8QA','1800000900',NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('AEEBXYJAsDw_aaDJFyo-hg','add_attribute:nickname','1','1800604800');
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('-uGyb_CoCtfkcg8_b5Sa-A','1800000300','hgE0Wwxvyon8MYWSanWh7rFXaIKJJ-nhjg-QcD2Ht5E',NULL),
('25eEfM3uWsO5zTNRHqvYsA','1800000300','chfrA4zW002ln-M8Z44pGBItNHZxHXI0lm2-4wwCVeg',NULL),
('3KNb5l_vSXIbi9c20gLtPw','1800000300','qyINu-SJl3XfGX9CQQPUp1mQeVSl419hDYgM_1kAYLE',NULL),
('7QCwC1MZvquFNvt_BR2Xhg','1800000300','Rm32qwqZ2kYbiANXWKyhh1n4B6wXOgsJFSI2b1LBETI',NULL),
('9w0x8uh7AKRZUWMZqsIVLA','1800000300','3RTPnnThDy8yRFStx5Wi4D5-YoCiFb3MgMBD2s3MGP0',NULL),
('AJqzHGundNyprLi2f4fcyg','1800000300','yjMjH5V-jLWQYPWPul21_sIWFjBQtfYkOnJBY9qtkQY',NULL),
('BLElZ3ilAZuoEo2Di_axrw','1800000300','nP0nmpBdaRgE1WqXuTnRMzAoAwc7w4Hpuuy4kl3pjPI',NULL),
('ECOPYcsTC8D-nR2kTm4FUQ','1800000300','NmArOCe9FR2NFo3lfWoGriyp-reVWz6wgekxZ95Lxe0',NULL),
('GTNfOfWF_-02AnPtmVpIvQ','1799999700','BFkCO1WiKi1slom6qaZ9aojprAzN5Yo5wX_-8qIYmWY',NULL),
('H2Onhqu4c7WNMA0zCwzc1w','1800000300','F4MO4Gpi6bLRNYOEDE3p9LhLgYi0GVvEz4c7PEgVxp4',NULL),
('IYxhLh0uOCcEt4E0J_QxLA','1800000300','klEBppOHxTnXGTZeGL6Hek3GV_uc2TD5rS4G1YtLEeA',NULL),
('LSbOeQ4t5PNjc6IpVFDDNg','1800000300','7_3bk_1pWbeRMMWqYO3CznL7dM8JPbTLcI-LuwpEOII',NULL),
('Lu4JUFyw7YTMJB1TaMA9lw','1800001860','e1ihaZd4FSgLvUXGSqGxWoFsSF6SE71dDX3jlDBs5lI',NULL),
('MAF6jIMN-i9u1bTVuwS5KQ','1800000300','uk8GyT2wYHu6j8UjLaFw7BdTfyW_m9tYSs4N-vhYCNU',NULL),
('OiDMJ2XiKB2xm_4e5YA0EQ','1800000300','SlJlwpFq8OimrdRD9pjm-oCCmDJR2gWwgZGcpLrf-B4',NULL),
('SB_DQCYh6LMZKg0BTD9Ncw','1800000300','KFF671HufCOxzJhRAOfDrR8avQTKz66EuXgXKq0sqvU',NULL),
('YsxeLd3F-al2izBE_jVJiA','1800000300','95z2Em79EJaf8zte8xhRpjT2tKcDNWsnF3EjUlypsW0',NULL),
('_DQZPaVUGqc-qssOBnnT5g','1800000300','gkFKOfqNU3z0-cOAbt7d8BXL7d6pH38xEhmGi7Pzrzo',NULL),
('b-9fpkdIq9Uzs3Y6af5tWw','1800000300','SzIov3GOALlO2pEcPBdxe72p-HbQf32nJ5J274FTxuA',NULL),
('dbrSIo1B0Almy_qxfo1LVw','1800000300','yRmTLgalMIvBi4S6c0EHH9SDpJdAPNaizTeE1Libucs',NULL),
('h-swy9IYXRxULETZapQGgA','1800000300','2vE36MYVjMurxjZSby2yipI66QDOTYBXbePa-SbnJIc',NULL),
('iEHBrxIUFgo0wYiScEUHAA','1800000300','PzLCCFj0vyMnTrqnj1LTrfqWcOASvcUNpfoWJxXu8qU',NULL),
('nOwYo2Tq9pbMMHxv-Mo-Bw','1800000300','Kn8k7LR4pC0q6CEvgsqu_aM4_raU9YenSfK2uEsH4J8',NULL),
('sealed:3KfsF8rR_9kfBpHBtNcsGA','1807776000',NULL,'1795985919'),
('sealed:71G66oq2tOMTDaq7Y0L8fQ','1807776000',NULL,'1795985914'),
('sealed:8eJscapal1gI91oXk0-plA','1807776000',NULL,'1795985916'),
('sealed:8rzsiv9Zr7g6oUx8VN7-4w','1807776000',NULL,'1795985911'),
('sealed:9sOMBnHfthg7sJuYH02tpA','1807776000',NULL,'1795985916'),
('sealed:AEEBXYJAsDw_aaDJFyo-hg','1807776000',NULL,'1795985912'),
('sealed:BVsW64F42pGEEjlHH1MVzQ','1807776000',NULL,'1795985917'),
('sealed:IK321YCo0GNOY7kcUI0XgA','1807776000',NULL,'1795985911'),
('sealed:KnIW_m7G7os-ZwzGB8FWww','1807776000',NULL,'1795985910'),
('sealed:Mdj1zfsliUCEn40a0ksZcw','1800432000',NULL,'1795985908'),
('sealed:Rw2nE9XX1pBooflJJilDOw','1807776000',NULL,'1795985915'),
('sealed:V_yK14RbUXaQ3oq8jnKiFQ','1807776000',NULL,'1795985917'),
('sealed:Y7kM9pK4diqTtxR39jdxCA','1807776000',NULL,'1795985915'),
('sealed:cdrn-Ln98U0crWHwGGsgaA','1807776000',NULL,'1795985930'),
('sealed:eNJSrO6cy_cXxD7C3xpC5A','1807776000',NULL,'1795985930'),
('sealed:ffwfiXVtNV3a0PSqC4EZig','1807776000',NULL,'1795985929'),
('sealed:fjGmOxNzaizibk94fyHPXQ','1807776000',NULL,'1795985918'),
('sealed:iZ_ZtS4H_JRZ06RHHoljNw','1807776000',NULL,'1795985911'),
('sealed:kVbUY17UPC5KPCqcp6wv2w','1807776000',NULL,'1795985911'),
('sealed:klGOVf4CD5mw-SEaTL9TSw','1807776000',NULL,'1795985916'),
('sealed:ntVHmgUoKdKn13flQF8qiw','1807776000',NULL,'1795985917'),
('sealed:oGjYb6-04x-PtvcJojh_SQ','1807776000',NULL,'1795985915'),
('sealed:ocFVbFAepozVanMKN5URJA','1807776000',NULL,'1795985931'),
('sealed:prvYdyccswYQv27Cf1Ep2g','1807776000',NULL,'1795985918'),
('tW2Q1BO1eQ3K24xTZBpzRg','1800000300','oFNTrVmJZJFMmMGOmrB0GlG3XYte_iJJlHRQm-4O7Qw',NULL),
('xWuLQMsszfdxkSzIXMAd_Q','1800000300','3bopRUoBB_UEBKvC57Xzj4hBJyLKUshJ6yuNB42Nm_Q',NULL),
('yfPynCKU75vaBFo-ZvWPiQ','1800000300','fRDrAV7bndCcCt4J6GepQEWLBmEM_dRzcDPB6QNCjB0',NULL),
('z4G1dy6eq5riYMDIuCoAAg','1800001860','SuamVkvfcyPz3hDq1gI5q4bnMwXkzevvj3BWXNSMiUo',NULL);
