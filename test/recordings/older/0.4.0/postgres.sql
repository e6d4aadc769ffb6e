CREATE TABLE audit (anonymous_id text NOT NULL, at bigint NOT NULL, id text NOT NULL, session_id text, action text NOT NULL, outcome text NOT NULL);
CREATE TABLE chores (name text NOT NULL, holder text NOT NULL, taken_until bigint NOT NULL);
CREATE TABLE codes (id text NOT NULL, code text NOT NULL, tries_left bigint NOT NULL, expires_at bigint NOT NULL);
CREATE TABLE guests (anonymous_id text NOT NULL, user_handle text NOT NULL, label text NOT NULL, collection text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL DEFAULT 0, days_seen bigint NOT NULL DEFAULT 1, expires_at bigint, due_at bigint DEFAULT 0, stage text NOT NULL DEFAULT 'active'::text, merged_into text, promoted_at bigint);
CREATE TABLE limits (id text NOT NULL, used bigint NOT NULL, expires_at bigint NOT NULL);
CREATE TABLE login_ids (type text NOT NULL, value text NOT NULL, anonymous_id text NOT NULL, verified_at bigint NOT NULL, is_primary integer NOT NULL);
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
ALTER TABLE codes ADD CONSTRAINT codes_pkey PRIMARY KEY (id);
ALTER TABLE guests ADD CONSTRAINT guests_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE limits ADD CONSTRAINT limits_pkey PRIMARY KEY (id);
ALTER TABLE login_ids ADD CONSTRAINT login_ids_pkey PRIMARY KEY (type, value);
ALTER TABLE merges ADD CONSTRAINT merges_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE passkeys ADD CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id);
ALTER TABLE profiles ADD CONSTRAINT profiles_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE schema_steps ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (step);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (anonymous_id, id);
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (generation);
ALTER TABLE snoozes ADD CONSTRAINT snoozes_pkey PRIMARY KEY (anonymous_id, prompt);
ALTER TABLE spent ADD CONSTRAINT spent_pkey PRIMARY KEY (id);
ALTER TABLE login_ids ADD CONSTRAINT login_ids_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE merges ADD CONSTRAINT merges_into_id_fkey FOREIGN KEY (into_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE passkeys ADD CONSTRAINT passkeys_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE profiles ADD CONSTRAINT profiles_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE snoozes ADD CONSTRAINT snoozes_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
CREATE INDEX audit_to_sweep ON audit USING btree (substr(anonymous_id, 8, 1), at);
CREATE INDEX audit_to_sweep_others ON audit USING btree (at) WHERE (substr(anonymous_id, 8, 1) <> ALL (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text, 'E'::text, 'F'::text, 'G'::text, 'H'::text, 'I'::text, 'J'::text, 'K'::text, 'L'::text, 'M'::text, 'N'::text, 'O'::text, 'P'::text, 'Q'::text, 'R'::text, 'S'::text, 'T'::text, 'U'::text, 'V'::text, 'W'::text, 'X'::text, 'Y'::text, 'Z'::text, 'a'::text, 'b'::text, 'c'::text, 'd'::text, 'e'::text, 'f'::text, 'g'::text, 'h'::text, 'i'::text, 'j'::text, 'k'::text, 'l'::text, 'm'::text, 'n'::text, 'o'::text, 'p'::text, 'q'::text, 'r'::text, 's'::text, 't'::text, 'u'::text, 'v'::text, 'w'::text, 'x'::text, 'y'::text, 'z'::text, '0'::text, '1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '-'::text, '_'::text]));
CREATE INDEX codes_to_sweep ON codes USING btree (substr(id, 8, 1), expires_at);
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
CREATE INDEX sessions_to_sweep ON sessions USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent USING btree (substr(id, 8, 1), ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX spent_to_sweep ON spent USING btree (substr(id, 8, 1), expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into, promoted_at) VALUES
('8XPl4MKXSexGFrybJbnFCg','erQ7bxqc4FprL7vIAm9G5q12eKQNq2yVr7B9O1jRFBJKt0gBIFXEcPlJfrsdh-oDSY-_AHdjPDtUnFpL7Iig-g','coral-egret-48','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('9usa_nNg28yv9esK9bogGg','-oUwf9AM2hRLKsnjl3kl0s3zMo8vKcI0zhOe8eLuUN67ax_1kiI1W-OIWvci-lYaBCx4urM-UqG0yd9aqoWsqA','mellow-egret-27','users','1800000000','1800000000','1','1800604800','1800604800','merged','s57WFSq7yNR3bob1vKuGmQ',NULL),
('AXoTjrtgvttGaCW1oU7ypw','3QGIP86vfoY5kqdpPqxfxdbQWs76_S_2D-WHVlk24XZd-9C89_B1now3opM67H9xm8HDlSnMklozoeV5QxWddQ','noble-newt-21','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('DowAhl-vBDy-oljU3It8NA','hmiODDD60hhX_-dZHErLrrVSip-xvih8MNBCO4czDPP1BWJT-nRmqBz3zWCDLDbBwsvTks1DpmSTYPLcki_6nw','deft-tapir-31','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('F4TJy5a3_OQGxmFm8beZPw','y7PkqdOjSWjMZix1HboVCKz7zEkwd5U4c74tmc2twWMBM2AgLqh_Xq2JBwcQlMxbeCllB9EM6n7m9N_if7Q7Ww','clear-stoat-63','users','1800000000','1800000000','1','1800604800','1800604800','merged','s57WFSq7yNR3bob1vKuGmQ',NULL),
('InibnnK1x_Eyc-u57AOnRw','neWg7Z5PwLYyFYdgZNEYkjyJqr0XqU_1MzutZKplQGwfkOSjL4cuPxCUBuu33E_hS5Xor8-BOj2OQUVGns6Xzg','rustic-puffin-48','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('NY07V23H7BKBXss36DWZVw','P5e3UAPwkzMbFz3r4Zoa7xgQt66kt4qnV-ySbMAfHYzs_jcvH4UvzIjRWUzcjWph_E_Bl10YUoyCHFsUqqFxhg','cobalt-salmon-45','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('P4CCJIioS6G4_1zcXVEZ3g','oC0eI8FyRpJFT84qqYWwjZ90C51Q0SB8Bo0NIesv3Riop3IpvMQ4zcQIa6mQ_2x-6Tz9niNXSEUtluInaZDqXA','fond-ocelot-81','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('XzjXcarXZjCYggndWQqIKw','Vl7_oExoF7IdMJAu5yhfs58qL-h18YTe-VQxVkCw9vNl9Vh2phKCpyLtoezEUo7-4agiXLt9xRCpBUdGYD88yw','lucky-vole-90','users','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('lPhxoH_rr2hrYunbRTwbPQ','N89q3fkDkZGwfNFYF_N8XeQ_M8YcNJc7AhyP1lpYdIFh6HKOFDaGVinB3DuedePe-39tYokRu_HKK7Gx8OU37w','lilac-owl-44','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('l_NMhHXgEFevqkSjh_pn6g','PFv4IKSTSRMoJCcbZ82leO4X65V1yG-HfReuITdb8cCT9aa6t_BlTAP9DW2Ee8A3IRBfzHxasK13e94v1pDN2Q','rustic-egret-10','users','1792656000','1792656000','1','1800518400','1800518400','warned',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','noble-curlew-98','users','1765440000','1765440000','1',NULL,NULL,'active',NULL,'1800000000'),
('rWd1lOccA6pW-A1PRbHIQg','jD3h5LYgiTMI_ze3H3rOhWLIYf3UE_5oQtgJjH3s9iHqw07caoX5HukkY-PtXjtPHQyboZ9M0y8ooCwkfP4JOA','mellow-egret-58','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','-CcU8LOVbNq4ssN4S0r2-5y9ONDh52LF68QiHIH1gbKqN62VDLlc9GjQiLWGAHzNdP8MgsB-xNcX37ftyKEzXA','fond-kestrel-44','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('trDqM0o--ofGpcvfv0bZyQ','vqE9eOQ9k7Wug7mpeYPYIpfqWhvuaH9xMcVAGobU7avgbwKDZnfUNQXgwpAPqTN-gR31FjQrwdDx2JVNGgm8FA','','','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('usvkSsl6Uk5qxWYMKiR6tA','zD7_gg72jmB43KyDdEFxrgjYaelTXMZZF6EeGpRjfdzpwLNTIIYRrCKgpqTZXm63fvMaEVTAp0rDsqZiPSHnPw','teal-gecko-88','users','1799827200','1800000000','2','1810368000','1809504000','active',NULL,NULL),
('wyhIuo2p6lyPLmO1zJI8cg','knR285il9A6wdqzDJqFkfmvLLTbrHipU0ZekZ-kFSp6D-XClUKTjH92SvJOeg-bWZmFLRrpi3SZNNfM0reBtRg','maple-curlew-87','users','1791360000','1791360000','1','1799568000','1801382400','expired',NULL,NULL),
('ygSxZZgkg57Pv8e1PPVyPA','HPiAloMyaXXvt4FGeZHqJQcJmUUxAEgjBhtcDt_NCjKNuP23aLVXFBf9Jk8xJk1NCNSrGxnNcQRTqXK3U2828A','swift-swan-52','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('8XPl4MKXSexGFrybJbnFCg','1800000000','QzslZozh','8XPl4MKXSexGFrybJbnFCg','guest.kept','done'),
('8XPl4MKXSexGFrybJbnFCg','1800000000','WqQrpoU7','8XPl4MKXSexGFrybJbnFCg','profile.changed','done'),
('9usa_nNg28yv9esK9bogGg','1800000000','5VGqEopd','9usa_nNg28yv9esK9bogGg','profile.changed','done'),
('9usa_nNg28yv9esK9bogGg','1800000000','KTg03ayG','9usa_nNg28yv9esK9bogGg','guest.kept','done'),
('AXoTjrtgvttGaCW1oU7ypw','1800000000','KFBKicQz','AXoTjrtgvttGaCW1oU7ypw','passkey.added','done'),
('DowAhl-vBDy-oljU3It8NA','1800000000','DZOSr6vQ','DowAhl-vBDy-oljU3It8NA','guest.kept','done'),
('F4TJy5a3_OQGxmFm8beZPw','1800000000','-pskicUc','F4TJy5a3_OQGxmFm8beZPw','passkey.added','done'),
('InibnnK1x_Eyc-u57AOnRw','1800000000','cWe7QY8n','FQuO5R_vXJYZBaNE83P7aSNC7pWjgge76X_A0Z8fJFo','passkey.added','done'),
('NY07V23H7BKBXss36DWZVw','1800000000','JrQY-bWt','NY07V23H7BKBXss36DWZVw','guest.kept','done'),
('NY07V23H7BKBXss36DWZVw','1800000000','KxNuNMaU','y-JRZXHH6tUpa5nsgcN1JPjU0yR8fyWYigpTsS_dStI','guest.demoted','done'),
('NY07V23H7BKBXss36DWZVw','1800000000','yMztHfdX','NY07V23H7BKBXss36DWZVw','guest.promoted','done'),
('P4CCJIioS6G4_1zcXVEZ3g','1800000000','JJQg3hfm','P4CCJIioS6G4_1zcXVEZ3g','passkey.added','done'),
('Xk34Lw6HKI3nv7cv26SSYw','1800000000','bDihakP6',NULL,'guest.erased','done'),
('XzjXcarXZjCYggndWQqIKw','1800000000','-kbX774I','XzjXcarXZjCYggndWQqIKw','guest.kept','done'),
('XzjXcarXZjCYggndWQqIKw','1800000000','KdYrfB_0','XzjXcarXZjCYggndWQqIKw','guest.promoted','done'),
('lPhxoH_rr2hrYunbRTwbPQ','1800000000','qdPNwW1s','lPhxoH_rr2hrYunbRTwbPQ','profile.changed','done'),
('lPhxoH_rr2hrYunbRTwbPQ','1800000000','zcL3jEkm','lPhxoH_rr2hrYunbRTwbPQ','guest.kept','done'),
('l_NMhHXgEFevqkSjh_pn6g','1792656000','5RFps972','l_NMhHXgEFevqkSjh_pn6g','passkey.added','done'),
('l_NMhHXgEFevqkSjh_pn6g','1799654400','fAmvWEsP',NULL,'guest.expiring','done'),
('legacy|4711','1800000000','p0J3AMLW',NULL,'guest.imported','done'),
('rWd1lOccA6pW-A1PRbHIQg','1800000000','52GQDAgF','rWd1lOccA6pW-A1PRbHIQg','passkey.added','done'),
('rWd1lOccA6pW-A1PRbHIQg','1800000000','ePmrO_ln',NULL,'guest.merge_undone','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','8yTqz6c0','Ri4tL8gSFHPbB84uu8q_z9ePBFpa1J6x_sse1PpKUO4','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','964AID9y','6eLIT6Nuth71EWKb2Xl7KS9X-l0sUmMOBUkyAELCCmQ','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','A0d0nDMR','BXq-OEBqvHnGLczXhlpUlxBAmPBQhIZV1nlEghSN7dA','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','A4UAqIHa',NULL,'guest.merged','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','FlnecZ6p','yD96_P4To-yow4uDi5Q5WgwO0XelcDcH73n4gCJO8Mg','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','MA0SIER8','s57WFSq7yNR3bob1vKuGmQ','passkey.added','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','MR0xUnQR',NULL,'guest.merged','merge_refused'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','O8md3gnC',NULL,'guest.merged','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','OjaAUfbS','M-VcjZbkF9RPSDODhENneL2Huf7bToLXVdtUXyFdGgc','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','PLY4AoyN',NULL,'guest.merged','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','gtgD3DSV','kWRT7B_p_HRty0pW6o4D54OhtEctT9JdruYgNAkwtu0','guest.signed_in','done'),
('s57WFSq7yNR3bob1vKuGmQ','1800000000','h2B593wk',NULL,'guest.merged','done'),
('trDqM0o--ofGpcvfv0bZyQ','1800000000','7R9oHu7A',NULL,'guest.promoted','done'),
('trDqM0o--ofGpcvfv0bZyQ','1800000000','QF6IUYDY','trDqM0o--ofGpcvfv0bZyQ','guest.kept','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','AiG7ZWwV','xgwPH7WFYQ_piyUhuln-GrVrH4kujumSeOTnZ7IQpkw','passkey.added','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','QALohliZ','xgwPH7WFYQ_piyUhuln-GrVrH4kujumSeOTnZ7IQpkw','passkey.removed','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','RYy2X1XI','C87jka3z7QE5GUg5JFxvCGOIha4kz2ATZbhWA-6cS40','guest.signed_out','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','TtXkejtB','usvkSsl6Uk5qxWYMKiR6tA','passkey.added','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','l4wNyDgT','6RBlzef3thsdgztqMy0QUtYkkf8-oTP78IIOhQzIddM','guest.signed_in','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','qEx58JTm','xgwPH7WFYQ_piyUhuln-GrVrH4kujumSeOTnZ7IQpkw','passkey.added','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1799827200','vzt6wOWH','C87jka3z7QE5GUg5JFxvCGOIha4kz2ATZbhWA-6cS40','guest.signed_in','done'),
('usvkSsl6Uk5qxWYMKiR6tA','1800000000','BZngv-1-','fRIKXsQbFcIch6dsipVEdKnpesEGJQ0aZVWsua_JQZI','guest.signed_in','done'),
('wyhIuo2p6lyPLmO1zJI8cg','1798704000','i2cAcG-X',NULL,'guest.expiring','done'),
('wyhIuo2p6lyPLmO1zJI8cg','1799654400','xLKhzCsE',NULL,'guest.expired','done'),
('ygSxZZgkg57Pv8e1PPVyPA','1800000000','BEASBV1t','ygSxZZgkg57Pv8e1PPVyPA','guest.kept','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','z31tiYQpIvHxAyUnlOqgWw','1799654460'),
('resume merges','z31tiYQpIvHxAyUnlOqgWw','1799654460'),
('rotate signing keys','z31tiYQpIvHxAyUnlOqgWw','1799658000'),
('sweep','z31tiYQpIvHxAyUnlOqgWw','1799654460');
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('C5Q7mBzh_kopHwS9VRDMJzbHHR1SzydKO-TqrDdzgi0','FAees9Q5lnjLkAfnGhByAPKdh9CbQoQdZXVRpEwqIY0','5','1800000600'),
('z8auNo0Wbf9-d_OWXmLdmemfTXYR8jMuVeB6VuL_zoM','VVe2lBu5NEBqBUOikdFQLr6q6I6gNQPjTzz_eh_F3BY','5','1800000600');
INSERT INTO limits (id, used, expires_at) VALUES
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo','4','1800003600'),
('83XlpR2fYTJTt6GKQaqcCJczOY-ktDjci6s26WM1x6I','1','1800003600'),
('8cDAxiTkpPasJ2EHLm50y6gKPFbx9l6qLjcXwicrY6s','1','1800003600'),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk','1','1800086400'),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE','1','1800003600'),
('JwfQJzoziJmGCd2CnA4R8ycJ8vpgaV2oQz3PjJKo8v8','1','1800003600'),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8','1','1800003600'),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs','1','1800086400'),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s','1','1800086400'),
('XU-Up_HaPGpfRYoQHNAebBb526RtJBElBxuoIDSO4pM','1','1800086400'),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs','1','1800003600'),
('m0IyZdDUvJW6qmtgY_SdjZRBw5cCRdBKDWGAYQvy6SU','1','1800003600');
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','trDqM0o--ofGpcvfv0bZyQ','1800000000',1),
('email','imported@example.org','legacy|4711','1800000000',1),
('email','pia@example.org','XzjXcarXZjCYggndWQqIKw','1800000000',1);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('CEmwXKm5iH-6gyGChV3TZ0kXCOCZK7dZSdru7tSewn8','g64_rjt94SBZrpgIGP9r7w','s57WFSq7yNR3bob1vKuGmQ','hazel-alpaca-22','users','none',1,'1800000000','0','merged','0','1800604800',NULL),
('IyrVRkyTv5_AW7Xbiap-lwHy_PCb9Xb-cKEibAfLY8o','F4TJy5a3_OQGxmFm8beZPw','s57WFSq7yNR3bob1vKuGmQ','clear-stoat-63','users','passkey',1,NULL,'0','merged','0','1800604800',NULL),
('N9Ai7EfL2tghKN5NtU1n1FRI0Rzmtq0_0cHJTMrBg-A','rWd1lOccA6pW-A1PRbHIQg','s57WFSq7yNR3bob1vKuGmQ','mellow-egret-58','users','passkey',1,NULL,'0','undone','0','1800000600',NULL),
('dinVn5qzWYlLlu2BZNZDrxo8izjR7k_GuxYNqCj8an8','9usa_nNg28yv9esK9bogGg','s57WFSq7yNR3bob1vKuGmQ','mellow-egret-27','users','none',1,'1800000000','0','merged','0','1800604800','{"before":{},"after":{"favourites":["coffee"]}}'),
('iLgqHkNTotZsSdxW9x4gNkswr5wLfpxgAqJ-jhNITjM','AXoTjrtgvttGaCW1oU7ypw','s57WFSq7yNR3bob1vKuGmQ','noble-newt-21','users','passkey',1,NULL,'0','offered','0','1800000600',NULL),
('xZe011gS-STYLGU934ucD877bdYfbAoPAaU0TG9kRAA','8XPl4MKXSexGFrybJbnFCg','s57WFSq7yNR3bob1vKuGmQ','coral-egret-48','users','none',1,'1800000000','1','offered','0','1800086400',NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_-cOlTv2uQlRinJoAlmUvrg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"rWd1lOccA6pW-A1PRbHIQg","anonymous_id":"rWd1lOccA6pW-A1PRbHIQg","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"mellow-egret-58","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','rWd1lOccA6pW-A1PRbHIQg'),
('msg_4jhf3XDSf9hVfzUd4jFFpA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"dinVn5qzWYlLlu2BZNZDrxo8izjR7k_GuxYNqCj8an8","from":{"anonymous_id":"9usa_nNg28yv9esK9bogGg","label":"mellow-egret-27","collection":"users","recoverability":"none"},"into":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","label":"fond-kestrel-44","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_55eT_R9C7-xwym0NOOMRxQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"F4TJy5a3_OQGxmFm8beZPw","anonymous_id":"F4TJy5a3_OQGxmFm8beZPw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"clear-stoat-63","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','F4TJy5a3_OQGxmFm8beZPw'),
('msg_6FY21f-oTqoy_nn16j-62w','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"usvkSsl6Uk5qxWYMKiR6tA","passkey_id":"MR77LgbUjoUYYkp_sMFjDuQQNbeTb1wtdIJWn6SpJE4","first":false}}','1799827200','2','1800000300','the receiver answered 503','usvkSsl6Uk5qxWYMKiR6tA'),
('msg_864m3Alw2I_JXns7Tsy0tw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"trDqM0o--ofGpcvfv0bZyQ","anonymous_id":"trDqM0o--ofGpcvfv0bZyQ","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','trDqM0o--ofGpcvfv0bZyQ'),
('msg_8EV50HjMZzFCvuyKj35DJw','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"lPhxoH_rr2hrYunbRTwbPQ","attributes":["nickname","favourites"]}}','1800000000','1','1800000005','the receiver answered 503','lPhxoH_rr2hrYunbRTwbPQ'),
('msg_8lOn9gKERaVL9Uw-9KhE3w','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"8XPl4MKXSexGFrybJbnFCg","anonymous_id":"8XPl4MKXSexGFrybJbnFCg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"coral-egret-48","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','8XPl4MKXSexGFrybJbnFCg'),
('msg_BJAmZCSqDUoDOLlqITjJeQ','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2026-12-31T08:00:00.000Z","data":{"anonymous_id":"wyhIuo2p6lyPLmO1zJI8cg","collection":"users","recoverability":"passkey","expires_at":1799568000}}','1798704000','5','1800018000','the receiver answered 503','wyhIuo2p6lyPLmO1zJI8cg'),
('msg_CubOtjZ6wrCMGax9GQgeDQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"P4CCJIioS6G4_1zcXVEZ3g","passkey_id":"DFYAOYJpXqtYna5CAFWZxvvrweB6Bn1tkvRU_UEkUT4","first":true}}','1800000000','1','1800000005','the receiver answered 503','P4CCJIioS6G4_1zcXVEZ3g'),
('msg_D2JoS3-wMHL-ivDmGVKigg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"s57WFSq7yNR3bob1vKuGmQ","anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"fond-kestrel-44","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_HhlonqBkGNQIZBvtRVWNzA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"IyrVRkyTv5_AW7Xbiap-lwHy_PCb9Xb-cKEibAfLY8o","from":{"anonymous_id":"F4TJy5a3_OQGxmFm8beZPw","label":"clear-stoat-63","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","label":"fond-kestrel-44","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_I2Mx9rle3MU69iSAn1HAcg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-13T08:00:00.000Z","data":{"guest":{"sub":"usvkSsl6Uk5qxWYMKiR6tA","anonymous_id":"usvkSsl6Uk5qxWYMKiR6tA","isAnonymous":true,"isVerified":false,"recoverability":"synced","label":"teal-gecko-88","collection":"users","expires_at":1810195200}}}','1799827200','2','1800000300','the receiver answered 503','usvkSsl6Uk5qxWYMKiR6tA'),
('msg_Joe5tijtqcv7trvy8e8WxA','http://127.0.0.1:9/down','guest.merge_undone','{"type":"guest.merge_undone","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"N9Ai7EfL2tghKN5NtU1n1FRI0Rzmtq0_0cHJTMrBg-A","from":{"anonymous_id":"rWd1lOccA6pW-A1PRbHIQg","label":"mellow-egret-58","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","label":"fond-kestrel-44","collection":"users","recoverability":"passkey"}}}','1800000000','1','1800000005','the receiver answered 503','rWd1lOccA6pW-A1PRbHIQg'),
('msg_Kn9-z2twAeqoe2zaPzANAw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"P4CCJIioS6G4_1zcXVEZ3g","anonymous_id":"P4CCJIioS6G4_1zcXVEZ3g","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"fond-ocelot-81","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','P4CCJIioS6G4_1zcXVEZ3g'),
('msg_LWidMoRbWrn3mD-EVX2xmw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"usvkSsl6Uk5qxWYMKiR6tA","passkey_id":"KoLWK2nQzoN9lwC9STfPGPA3vG5-KR8YBt9ThcyPyAE","first":true}}','1799827200','2','1800000300','the receiver answered 503','usvkSsl6Uk5qxWYMKiR6tA'),
('msg_MulElY9LOPfFo5nnNT1Dvg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"NY07V23H7BKBXss36DWZVw","anonymous_id":"NY07V23H7BKBXss36DWZVw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"cobalt-salmon-45","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','NY07V23H7BKBXss36DWZVw'),
('msg_ODHhQFcyXgA7fzJm9pvUoA','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"NY07V23H7BKBXss36DWZVw","anonymous_id":"NY07V23H7BKBXss36DWZVw","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"cobalt-salmon-45","collection":"users","expires_at":null},"type":"email"}}','1800000000','1','1800000005','the receiver answered 503','NY07V23H7BKBXss36DWZVw'),
('msg_OUM2BqrOVUL-voTFyBUN5Q','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"9usa_nNg28yv9esK9bogGg","anonymous_id":"9usa_nNg28yv9esK9bogGg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"mellow-egret-27","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','9usa_nNg28yv9esK9bogGg'),
('msg_P8WGsgp5rD4rGkuh4CISYQ','http://127.0.0.1:9/down','passkey.removed','{"type":"passkey.removed","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"usvkSsl6Uk5qxWYMKiR6tA","passkey_id":"0lFpOrM1bfTszOoRpZ2XHTryCDsK9e4tlicm2mEqUy8"}}','1799827200','2','1800000300','the receiver answered 503','usvkSsl6Uk5qxWYMKiR6tA'),
('msg_QCfjAIkGSnQHw9SmC0Gkzg','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2026-10-22T08:00:00.000Z","data":{"anonymous_id":"l_NMhHXgEFevqkSjh_pn6g","passkey_id":"m-E5d545_1f55JdO2Vm-HxhRJ8Hw3rNfqFdXaY94Gfs","first":true}}','1792656000','5','1800018000','the receiver answered 503','l_NMhHXgEFevqkSjh_pn6g'),
('msg_QKdRCtR9flHY73DheADr7A','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"N9Ai7EfL2tghKN5NtU1n1FRI0Rzmtq0_0cHJTMrBg-A","from":{"anonymous_id":"rWd1lOccA6pW-A1PRbHIQg","label":"mellow-egret-58","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","label":"fond-kestrel-44","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_QSRLukzTsDwI7_tCeylkaw','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"trDqM0o--ofGpcvfv0bZyQ","anonymous_id":"trDqM0o--ofGpcvfv0bZyQ","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"","collection":"","expires_at":null},"type":"email"}}','1800000000','1','1800000005','the receiver answered 503','trDqM0o--ofGpcvfv0bZyQ'),
('msg_RIqC8-bUiXM8y8wjX_Yv9w','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"F4TJy5a3_OQGxmFm8beZPw","passkey_id":"5D_Xr0yEWvdbMqnvsDoepcy4XQytzXTlT7_nomWx7Hk","first":true}}','1800000000','1','1800000005','the receiver answered 503','F4TJy5a3_OQGxmFm8beZPw'),
('msg_RIvVphogpq2W4nMlvAbikQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"XzjXcarXZjCYggndWQqIKw","anonymous_id":"XzjXcarXZjCYggndWQqIKw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"lucky-vole-90","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','XzjXcarXZjCYggndWQqIKw'),
('msg_RXTTnjBZtWGceAurEO2NYQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"usvkSsl6Uk5qxWYMKiR6tA","passkey_id":"0lFpOrM1bfTszOoRpZ2XHTryCDsK9e4tlicm2mEqUy8","first":false}}','1799827200','2','1800000300','the receiver answered 503','usvkSsl6Uk5qxWYMKiR6tA'),
('msg_RZFfDtmLQC4CKaQVAdUm0g','http://127.0.0.1:9/down','guest.demoted','{"type":"guest.demoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"NY07V23H7BKBXss36DWZVw","anonymous_id":"NY07V23H7BKBXss36DWZVw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"cobalt-salmon-45","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','NY07V23H7BKBXss36DWZVw'),
('msg_VCFoaFGaDHiB7P7ozXka6A','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"l_NMhHXgEFevqkSjh_pn6g","collection":"users","recoverability":"passkey","expires_at":1800518400}}','1799654400','3','1800001800','the receiver answered 503','l_NMhHXgEFevqkSjh_pn6g'),
('msg_X_Mh4iHDom-LB_h1isEDEQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"lPhxoH_rr2hrYunbRTwbPQ","anonymous_id":"lPhxoH_rr2hrYunbRTwbPQ","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"lilac-owl-44","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','lPhxoH_rr2hrYunbRTwbPQ'),
('msg_YMLG-gZyC-vPWh9uEjXhhw','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"XzjXcarXZjCYggndWQqIKw","anonymous_id":"XzjXcarXZjCYggndWQqIKw","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"lucky-vole-90","collection":"users","expires_at":null},"type":"email"}}','1800000000','1','1800000005','the receiver answered 503','XzjXcarXZjCYggndWQqIKw'),
('msg_Zae7ToWQ350ZB2BjWtnZhw','http://127.0.0.1:9/down','guest.expired','{"type":"guest.expired","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"wyhIuo2p6lyPLmO1zJI8cg","collection":"users","recoverability":"passkey","erased_at":1801382400}}','1799654400','3','1800001800','the receiver answered 503','wyhIuo2p6lyPLmO1zJI8cg'),
('msg_a5KC5Pfxx1gip0tO1gz4-g','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"InibnnK1x_Eyc-u57AOnRw","anonymous_id":"InibnnK1x_Eyc-u57AOnRw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"rustic-puffin-48","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','InibnnK1x_Eyc-u57AOnRw'),
('msg_bUSt5YbUGmt19N-2VYjNxA','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","passkey_id":"pljQ23PCqP3mMYbwE6Usp-Pk3zkxDtIjURIUYmcSDgk","first":true}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_fPp1ciuwHu3v5J_6hv6hIQ','http://127.0.0.1:9/down','guest.erased','{"type":"guest.erased","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"Xk34Lw6HKI3nv7cv26SSYw","reason":"host"}}','1800000000','1','1800000005','the receiver answered 503','Xk34Lw6HKI3nv7cv26SSYw'),
('msg_iQ8fX9qrRbfrruLeJ_kJGg','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"InibnnK1x_Eyc-u57AOnRw","passkey_id":"YN9AYh2RqHpFn1ufZohXPpOOI2pGpMYECxEaF-sQ7SU","first":true}}','1800000000','1','1800000005','the receiver answered 503','InibnnK1x_Eyc-u57AOnRw'),
('msg_lvfXq0gHuXDvYqODQ-GGgA','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"9usa_nNg28yv9esK9bogGg","attributes":["favourites"]}}','1800000000','1','1800000005','the receiver answered 503','9usa_nNg28yv9esK9bogGg'),
('msg_mXZMmgAVYTwRiEw9nLIHQA','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"8XPl4MKXSexGFrybJbnFCg","attributes":["favourites"]}}','1800000000','1','1800000005','the receiver answered 503','8XPl4MKXSexGFrybJbnFCg'),
('msg_qxu-faRq-bPnGwqP8m12Cw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"AXoTjrtgvttGaCW1oU7ypw","anonymous_id":"AXoTjrtgvttGaCW1oU7ypw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"noble-newt-21","collection":"users","expires_at":1807776000}}}','1800000000','1','1800000005','the receiver answered 503','AXoTjrtgvttGaCW1oU7ypw'),
('msg_rlLBQtyaiyWsWoG3oV75MA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"ygSxZZgkg57Pv8e1PPVyPA","anonymous_id":"ygSxZZgkg57Pv8e1PPVyPA","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"swift-swan-52","collection":"users","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','ygSxZZgkg57Pv8e1PPVyPA'),
('msg_rnv3DHobIPJZHM4JX85VZw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"DowAhl-vBDy-oljU3It8NA","anonymous_id":"DowAhl-vBDy-oljU3It8NA","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}','1800000000','1','1800000005','the receiver answered 503','DowAhl-vBDy-oljU3It8NA'),
('msg_uBsYA7SEU_BPn6YcVljDtg','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"AXoTjrtgvttGaCW1oU7ypw","passkey_id":"tssXAM-8rnJDJ3sWk53nkQ4zgSMouYe3yEq652_iymE","first":true}}','1800000000','1','1800000005','the receiver answered 503','AXoTjrtgvttGaCW1oU7ypw'),
('msg_uUqvAc9jdxCq-JfTCUn0QQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"rWd1lOccA6pW-A1PRbHIQg","passkey_id":"Jt-_-xideqYr4rWpUMHgGRCfQ8lyh_O62sBXzSPFKTE","first":true}}','1800000000','1','1800000005','the receiver answered 503','rWd1lOccA6pW-A1PRbHIQg'),
('msg_vrDzY1wKDdlTUhh3aiDEbg','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"CEmwXKm5iH-6gyGChV3TZ0kXCOCZK7dZSdru7tSewn8","from":{"anonymous_id":"g64_rjt94SBZrpgIGP9r7w","label":"hazel-alpaca-22","collection":"users","recoverability":"none"},"into":{"anonymous_id":"s57WFSq7yNR3bob1vKuGmQ","label":"fond-kestrel-44","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}','1800000000','1','1800000005','the receiver answered 503','s57WFSq7yNR3bob1vKuGmQ'),
('msg_z5DsfiPqLhoQHPQhsL9c5g','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2026-10-22T08:00:00.000Z","data":{"guest":{"sub":"l_NMhHXgEFevqkSjh_pn6g","anonymous_id":"l_NMhHXgEFevqkSjh_pn6g","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"rustic-egret-10","collection":"users","expires_at":1800432000}}}','1792656000','5','1800018000','the receiver answered 503','l_NMhHXgEFevqkSjh_pn6g');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('-_CDb8gGjYjCvLKa2Ighocc14IpvOF4K9FGgDUvDPTc','wyhIuo2p6lyPLmO1zJI8cg','pQECAyYgASFYIHH7-78K1jEF2U-ZxxVa91g1wbv-ntkgpS2oRKm4al6TIlggzdSmFhMOYql0n_E08SL6zja8J8Vc4nEm7gr5RjBCrEo','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000',NULL),
('5D_Xr0yEWvdbMqnvsDoepcy4XQytzXTlT7_nomWx7Hk','F4TJy5a3_OQGxmFm8beZPw','pQECAyYgASFYICxuOcoZmf2RUdSXB0RK0fanhlhATf8TFnXfacaKozsbIlggF0R1dQ1UsvLpzT6UP6PV3rJFkL-op3SiFGdD-Z_Nf74','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('DFYAOYJpXqtYna5CAFWZxvvrweB6Bn1tkvRU_UEkUT4','P4CCJIioS6G4_1zcXVEZ3g','pQECAyYgASFYIDpX36J1_q4vUqHDM7ls9QncwXxYQWE547G9IqIcsBQpIlggmKu-QQ6NkzCJiRtn29t_LQ5OQLnoePIn3t8tMc1KmAU','0','00000000-0000-0000-0000-000000000000','Passkey','',0,0,'1800000000',NULL),
('Jt-_-xideqYr4rWpUMHgGRCfQ8lyh_O62sBXzSPFKTE','rWd1lOccA6pW-A1PRbHIQg','pQECAyYgASFYIP5j_MxKph1dJzFyc7v2vDWLIATskyrjPSUplhzB-FPUIlggIvRsrSHecidFr2ZIvI2bKi5z9FW9rfq84sr1JkwM7TM','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('KoLWK2nQzoN9lwC9STfPGPA3vG5-KR8YBt9ThcyPyAE','usvkSsl6Uk5qxWYMKiR6tA','pQECAyYgASFYIOBCT_qyj88fOoC0kOTY8Gs5UlCZ09yj30a3bwfpuc9XIlggetIy96Ob7I5C9GFSi_HaeaKfIy_MCHPwsQZWgTfkQGk','0','00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,'1799827200','1800000000'),
('MR77LgbUjoUYYkp_sMFjDuQQNbeTb1wtdIJWn6SpJE4','usvkSsl6Uk5qxWYMKiR6tA','pQECAyYgASFYIFbmh2p9h8yI6Ztncfdi-fgwIa6wuSLrEjsNZ9s-Rza9IlggZ2kaGe0yq2Y3QHsByjrihrgnZA0_Xdv36QeNZrSxh6s','2','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1799827200','1799827200'),
('YN9AYh2RqHpFn1ufZohXPpOOI2pGpMYECxEaF-sQ7SU','InibnnK1x_Eyc-u57AOnRw','pQECAyYgASFYIJTNum6PA9dWJY_q0HeSCimUHvG2KzMpsckZtBF32WXmIlggIKlr7fwmDAlXFEbSha35qGkUE8UxEO8DaqOeK0ZO5sc','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('m-E5d545_1f55JdO2Vm-HxhRJ8Hw3rNfqFdXaY94Gfs','l_NMhHXgEFevqkSjh_pn6g','pAEDAzkBACBZAQC-mnxNQBkSI_3v0bubIYlOaVw99dByDTkn6tYF9sMppJlwTK3TJt8D8H-A0yAjdfSIgaawgRxmlLMuDazctXqQId1rManPcnaFFaXol8G64Fu3VUnJU_t_lHTCuQHekTbfK1XKdbyX6U60ACKCklzW5wyYwcFrgJgcfaMH8D06xkwEVGDrh9rL253ayD5g33214zlLBHQRPg_m1IpM8K3PHTkuBN8wDzl4IEPUdXefv1F785vMyENq9Gisc4ps3g_uHfSaGyWZM-uT_jk2oETgU8G5I9rXsCmgOgrcWIO2Cuz56ScGNauuLnVSYlwVR5EjmwtLIBFflVVZC__I-sldIUMBAAE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1792656000',NULL),
('pljQ23PCqP3mMYbwE6Usp-Pk3zkxDtIjURIUYmcSDgk','s57WFSq7yNR3bob1vKuGmQ','pQECAyYgASFYIFPOhP-y19BqadDuBJcLVluVqbXAZ13pzFOBIVA4sTmPIlgg8czhIf_LBvQMhsxi6OgYwCxfJm6LPL69u4P2BTbo1XY','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('tssXAM-8rnJDJ3sWk53nkQ4zgSMouYe3yEq652_iymE','AXoTjrtgvttGaCW1oU7ypw','pQECAyYgASFYIHwZ5cr2oJFRsMyUxN7Aj1-iwlaoqajX8c_d9XB0gFvyIlggFRrP0_oFXlevk9_j7mmKkxYqsI-k3quhyBnSIK7NCwc','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('8XPl4MKXSexGFrybJbnFCg','1','{"favourites":["coffee"]}','1800000000'),
('9usa_nNg28yv9esK9bogGg','1','{"favourites":["coffee"]}','1800000000'),
('lPhxoH_rr2hrYunbRTwbPQ','1','{"nickname":"Prue","favourites":["tea"]}','1800000000'),
('s57WFSq7yNR3bob1vKuGmQ','1','{"favourites":["coffee"]}','1800000000');
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2),
(3),
(4),
(5),
(6);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('DowAhl-vBDy-oljU3It8NA','DowAhl-vBDy-oljU3It8NA','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('InibnnK1x_Eyc-u57AOnRw','FQuO5R_vXJYZBaNE83P7aSNC7pWjgge76X_A0Z8fJFo','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'2','1800000000'),
('NY07V23H7BKBXss36DWZVw','y-JRZXHH6tUpa5nsgcN1JPjU0yR8fyWYigpTsS_dStI','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('P4CCJIioS6G4_1zcXVEZ3g','b7E5SmpjdKe6nXBjANjijCwNZ2J85sPFz9PQZqVOa68','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('XzjXcarXZjCYggndWQqIKw','kNRHio2xWmASoVlNaSmr9uTELKh-GMMaeGgjs5WOQk8','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('lPhxoH_rr2hrYunbRTwbPQ','lPhxoH_rr2hrYunbRTwbPQ','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL),
('l_NMhHXgEFevqkSjh_pn6g','HjJP4PFFfgoFSN4L_k6YK54S4953BKpnKVc_uadBqhE','1792656000','1792656000','1800432000','1824192000','1792656000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','6eLIT6Nuth71EWKb2Xl7KS9X-l0sUmMOBUkyAELCCmQ','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','BXq-OEBqvHnGLczXhlpUlxBAmPBQhIZV1nlEghSN7dA','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','M-VcjZbkF9RPSDODhENneL2Huf7bToLXVdtUXyFdGgc','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','Ri4tL8gSFHPbB84uu8q_z9ePBFpa1J6x_sse1PpKUO4','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','evuMtdKxWiCZYlkE-oSJM_uvQitdXZkGgJ4Ar6WAuaE','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','kWRT7B_p_HRty0pW6o4D54OhtEctT9JdruYgNAkwtu0','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('s57WFSq7yNR3bob1vKuGmQ','yD96_P4To-yow4uDi5Q5WgwO0XelcDcH73n4gCJO8Mg','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('usvkSsl6Uk5qxWYMKiR6tA','6RBlzef3thsdgztqMy0QUtYkkf8-oTP78IIOhQzIddM','1799827200','1799827200','1807603200','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('usvkSsl6Uk5qxWYMKiR6tA','fRIKXsQbFcIch6dsipVEdKnpesEGJQ0aZVWsua_JQZI','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('usvkSsl6Uk5qxWYMKiR6tA','xgwPH7WFYQ_piyUhuln-GrVrH4kujumSeOTnZ7IQpkw','1799827200','1800000000','1807776000','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('ygSxZZgkg57Pv8e1PPVyPA','ygSxZZgkg57Pv8e1PPVyPA','0','0','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
('1','eNgZKje0gLilCttJuww1gTuigQ9cDCTWYbiWem07Btk','ES256','{"kty":"EC","x":"4rWfAxJICEXSV13pGs4sSeepCfu6FMDUBP31HPwzlUo","y":"cHjgOmQwCLi_we4guiwg8D2v2No_ag3yARBZcm0xmgc","crv":"P-256","kid":"eNgZKje0gLilCttJuww1gTuigQ9cDCTWYbiWem07Btk","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..ofbdzHQNR7E1cASJ.FMFAocvv3-IRqCLp5Dh8RcTX45eGQw4ZIrM-FN6JaaX8yAMXqY-uKjNMrVtQUDKtgBfv2F7UHGrodxWyVy_CVQpyXzyGc53M4Kujq9Pe36EEkgkadzSsxmxK2H0OszyuclyodamfyhT5QhU_Qn7L5KSF0kyfEnGFRLHOd4a5caAnTDkQEPJDlyoacfQQZiUR2IT6k4og7K0D5C9X9R8eadn7nAElEGlcIssS1xpLOgM.yHix51exQ527WafZHQe92w','1800000000','1800004620'),
('2','9lcBGG5-RrBWJaH-UjOJYChrUJl9E5sKKwirnti9MBs','ES256','{"kty":"EC","x":"47OUFwKozBA38zclsEXBsmdq8td6VAxaONfz5MUiLl4","y":"ySMEdM7crhm70Gh2uF0bBsODYEaNQgMFRFNQZMVxsFY","crv":"P-256","kid":"9lcBGG5-RrBWJaH-UjOJYChrUJl9E5sKKwirnti9MBs","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..nIcGzqUSIcMtYCzz.4aRYlNf2sqYKeGDkdJjRaYZdQCjK_2M_KJ_Qin6bfyrzUlQZQ_dzV2b2lmcQzY7EKl28gVVFt5KWt11kGnf_spLFdqKAqtz97GD1cV6Y7R9iIdtaBjUxOTnw17FRSuKjC18RKLm3xTMGhpQYz0GicreZMszSQg9qFOqJ274qov8ycq9DzPr1O3hZJN1Lfb4mPtrrmfE8HF4aAp_1hJAtLO0F7B9f7EEpx0mbVRWPUwk.JGyqgAcbT3SIPQzNjiRJCw','1800000900',NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('lPhxoH_rr2hrYunbRTwbPQ','add_attribute:nickname','1','1800604800');
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('1OE5EUuQU9iVNfFA1o7rmA','1799827500','C87jka3z7QE5GUg5JFxvCGOIha4kz2ATZbhWA-6cS40',NULL),
('2cezyUcmtekbXBJfTbVYNQ','1800000300','6eLIT6Nuth71EWKb2Xl7KS9X-l0sUmMOBUkyAELCCmQ',NULL),
('5wzsLAXhphS6hMVJOhvuPA','1800000300','Ri4tL8gSFHPbB84uu8q_z9ePBFpa1J6x_sse1PpKUO4',NULL),
('7r2HTAXalwUXhsjXrHWzUw','1800000300','pljQ23PCqP3mMYbwE6Usp-Pk3zkxDtIjURIUYmcSDgk',NULL),
('BA9Vp5ScMEBBWZ5Qkq4Utw','1799827500','6RBlzef3thsdgztqMy0QUtYkkf8-oTP78IIOhQzIddM',NULL),
('C19Bt2jYvYuIrD1_2IUk8A','1799827500','MR77LgbUjoUYYkp_sMFjDuQQNbeTb1wtdIJWn6SpJE4',NULL),
('EA4mbOwIgLZ6O2UUP6CedQ','1799827500','KoLWK2nQzoN9lwC9STfPGPA3vG5-KR8YBt9ThcyPyAE',NULL),
('HifhtDk6srM_f7-cplC0Hg','1800000300','YN9AYh2RqHpFn1ufZohXPpOOI2pGpMYECxEaF-sQ7SU',NULL),
('Ino2qZob2pnGk8u2GI-8Uw','1800000300','DFYAOYJpXqtYna5CAFWZxvvrweB6Bn1tkvRU_UEkUT4',NULL),
('RMdE7Im0LZhQ-F-UuVyUMQ','1800000300','fRIKXsQbFcIch6dsipVEdKnpesEGJQ0aZVWsua_JQZI',NULL),
('X7Z7vE_qG4lZVLwcqzDcyQ','1800000300','kWRT7B_p_HRty0pW6o4D54OhtEctT9JdruYgNAkwtu0',NULL),
('k4g2zMGk8vB323yDrykgiQ','1800000300','Jt-_-xideqYr4rWpUMHgGRCfQ8lyh_O62sBXzSPFKTE',NULL),
('kH17wwU2n3ZlXC1CHZ41vw','1800000300','M-VcjZbkF9RPSDODhENneL2Huf7bToLXVdtUXyFdGgc',NULL),
('q5hJ-vJyv9Z3DfPVP9Fs3g','1800000300','BXq-OEBqvHnGLczXhlpUlxBAmPBQhIZV1nlEghSN7dA',NULL),
('qGnvOLf7HCmpf9KJT1aFkg','1800000300','tssXAM-8rnJDJ3sWk53nkQ4zgSMouYe3yEq652_iymE',NULL),
('sYVUsjr0tLf543sggQ2y3g','1800000300','yD96_P4To-yow4uDi5Q5WgwO0XelcDcH73n4gCJO8Mg',NULL),
('sealed:8XPl4MKXSexGFrybJbnFCg','1807776000',NULL,'1796027562'),
('sealed:9usa_nNg28yv9esK9bogGg','1807776000',NULL,'1796027561'),
('sealed:AXoTjrtgvttGaCW1oU7ypw','1807776000',NULL,'1796027562'),
('sealed:DowAhl-vBDy-oljU3It8NA','1807776000',NULL,'1796027560'),
('sealed:F4TJy5a3_OQGxmFm8beZPw','1807776000',NULL,'1796027561'),
('sealed:NY07V23H7BKBXss36DWZVw','1807776000',NULL,'1796027564'),
('sealed:P4CCJIioS6G4_1zcXVEZ3g','1807776000',NULL,'1796027559'),
('sealed:UNU2jv34AG1-b5zrLr2sEA','1807776000',NULL,'1796027559'),
('sealed:Xk34Lw6HKI3nv7cv26SSYw','1807776000',NULL,'1796027563'),
('sealed:XzjXcarXZjCYggndWQqIKw','1807776000',NULL,'1796027563'),
('sealed:g64_rjt94SBZrpgIGP9r7w','1807776000',NULL,'1796027561'),
('sealed:lPhxoH_rr2hrYunbRTwbPQ','1807776000',NULL,'1796027560'),
('sealed:l_NMhHXgEFevqkSjh_pn6g','1800432000',NULL,'1796027557'),
('sealed:rWd1lOccA6pW-A1PRbHIQg','1807776000',NULL,'1796027562'),
('sealed:s57WFSq7yNR3bob1vKuGmQ','1807776000',NULL,'1796027560'),
('sealed:trDqM0o--ofGpcvfv0bZyQ','1807776000',NULL,'1796027564'),
('sealed:usvkSsl6Uk5qxWYMKiR6tA','1807603200',NULL,'1796027558'),
('sealed:ygSxZZgkg57Pv8e1PPVyPA','1807776000',NULL,'1796027560'),
('tjmM5uLx2EBTtry0MxslFQ','1799827500','0lFpOrM1bfTszOoRpZ2XHTryCDsK9e4tlicm2mEqUy8',NULL),
('vgrJsTXdkOw6tP06K3L6-g','1800000300','5D_Xr0yEWvdbMqnvsDoepcy4XQytzXTlT7_nomWx7Hk',NULL);
