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
('9XDkHxOkaCJbkhq10oL6WQ','ig7G3mixwMtgD1ZeuoxHPtAeHIJDklYiKSyS3RtuFFpU_Kn-45Qt9dyILI8CFlacSi_XaCX42CWU11ejFNnRpw','noble-eagle-30','users','1799999400','1799999400','1','1807775400','1806911400','active',NULL,NULL),
('CQvXpXZGsgjl2C-9ReYL4w','pdZB5ynLhNTy1l3lZ4OZ3_pDtgjnyDYZ5zKrs2OuuMXiNG8iae5WR7ng552ucQD9atx4REJLdWfoXiyfzKzavQ','jade-crane-62','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('F0eMzRxrsD9EDXQsktiIIg','g6okzSiCwebjk-mLrt6nYobxK30PD5psEf0Y3vRjGaeXjvNjJVUUp77I00PQkpsqUsCTuaeqqPCbOIREZGIPDA','quick-elk-56','users','1800000000','1800000000','1','1805184000','1804320000','active',NULL,NULL),
('FuuwpNrJh2N7efnXCUIQTg','huzztxv1dcPRPrVQcfh36xt4bGGRQ3cBDJMttZhkW1tp6Sy5AnS10JfZsf7ELI7fJjPw880ZXRjgDRVF923Nbw','','','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('GcmjZqtP9vlfYxsUAtWm_g','dhEFeVjQb6rKmQ7Iu-gKjVk_8gw71dHNInpK3xaMEBk9UWbKSNnGY07EtwhSbtfEmAOnQuUA0M7nplnwYf7HKw','maple-finch-76','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('Irf_WOAF-7R_Sbvs6pFbwQ','_IpcoZ2gC18ZbfVcJ78h_W7qe8HS4ypE_LHXhZJJBP3hXMDk-s6zVC7Mel2eVS6m_hAisdA7uStcVCme7R1e2A','velvet-bison-51','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('KoY2qXrYysZIIisMENHXyQ','3Hm0BDMQSf_xsYUAk8RNovtyUYyPyDm_7vFU1d38zrSo71AO92MPQoixXWlfFVY8oYqCHP7fY-FWH-eQkd8ENA','ruby-hare-69','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('NkjJS7EWG9J_BiPSmPnwjg','Dq-FXfjD0XTuHP6aP1XN8zcuwLY5_9T50DZxOD9U2WiRRpku_cHACq0ydV_KQhwELVLEYHEmx9ROhetmB8pFlw','cobalt-beaver-78','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('QjOdG3gmxTQ_jZiL3RHP5w','Ys8I1X1j6oJLusBTjelTZJThnScak9ayQ1JgJHaS1cBLzFttQzoKkWxtPd32HLys3D4Z8TpdTDAZ4yHtz1WIxw','crisp-badger-38','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('RXSIxwWwRmOxuN_ZnrZZnQ','XpmHGv8vNtL6Y6bwxaRDRazLPoF4Mpxf9EOaldFiS-9A1ZX-W-8JEa8AmwA0__GiqxU8WNZJ-DVFqMOWAWvdgg','jolly-gull-44','users','1792656000','1792656000','1','1800518400','1800518400','warned',NULL,NULL),
('Sp7pcPYRsA4DxqWIwieCfg','rhcOeF15jWtIkR6QgCY5aWfu1deMUGysjO1HXCDlQrA4QJ4AtDfaOWlKfN1HqS4b7oHnVvZnjOvm_9ZbANvs-g','quick-bobcat-58','users','1791360000','1799827200','2','1807603200','1806739200','active',NULL,NULL),
('Y8b7Dktcznlo-_ZSKQmuEQ','Mro3MIQL1ramhVIH0Q7f8AxWMAvNK3VhZXvnLu7MUAA4XcWRjRBkDo22ZNiXiCo7YLEo4niHVtSl5JfPkOGgvg','azure-otter-99','users','1800000000','1800000000','1','1805184000','1804320000','active',NULL,NULL),
('_XxOfeia1Wc7sQovcHMXTQ','1f434uj87V3_9SxmBG3IDNN1lfpp6f_H8CX7Ao3L5pGbcKSc7Bg9CzlVNr0aY_OCGpvFKwwStBeJLJ74QPOHlQ','clear-panda-10','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('adMabx3ofVUfgxjMNpgWfQ','c_VBO6vdtkFIbDNvD_Jk7imFhGp2FNExziTtkcttVPyOmzz2uhfuq77pT7K9VgopC0cSNJmm23NJE3azih9Jyg','Rose 🌹','users','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('cUDCEx9qe74bQS-BZ8yIww','3oOP_ZJ4RVI53KEgL1gfxiFGU6xpare71GYkQ6ice5Bfbx6yFGS5-qg4e-skN3WBtF3JGyD7QXP7rSqAz13yyA','tidy-kestrel-75','users','1800000000','1800000000','1','1800604800','1800604800','merged','rMd0UMlj796R8vA6TmoneA',NULL),
('gLUKiI1vCtdTZ47uJG_o2g','HbNEQC7QEUT8_xP6Un7D__Egk-lGSr41_asHp2V5bYLvfssAXQDec0S9QlHFxqOzYN7246T9yhjLLFdiizdv8w','lunar-cricket-43','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('hT1UB0XhYnveogdnRNM10w','ZVTyoyb-mqQejZjLLbUQejDjX6Q4iqbFgI7nVRjPdvYVAFFd-FkKHpjj3jsDiCX1iDV0mdjKT-K4Fhv7tscXEA','scarlet-tapir-74','users','1800000000','1800000000','1',NULL,NULL,'active',NULL,'1800000000'),
('lJPJHASRHgbw0MrnNJlz2w','QrrR2Ed_woowt7TET7NVXdtASPcHk2p4UfYuGjqhpcdA_WziuB53pPmdPEWgNmJk8iicTaNEfmYvXlHMu-IxHA','hazel-ferret-21','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','Imported One','users','1765440000','1800000000','2',NULL,NULL,'active',NULL,'1799827200'),
('legacy|4712','s4D1a-f19hHZm6v0r7ZYGUf9sXDzV5Rsm_SMX7ylhGVZClQq9mwDt5H0HWZ69L7T3u0vhC3ZOaAmT85kMjhG4Q','nimble-penguin-80','visitors','1799827200','1799827200','1','1801555200','1800691200','active',NULL,NULL),
('ls2PStsjxlJ_x6s91Jc-ew','nWG0WGjYcZzHW2S_d8Vd5Zjz1R3oFO5KI5zxszPUWdzBGfIENVij7gPT9cy2xwhG6CWSTgvgYHxnY6r-CgouAg','azure-marmot-74','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('noHqEDkyOTQSw_Jw2UZxrQ','PIMLZwYq9_ttiN5UOcWX6FCk-xAZvXGHZ8Pi9vBSqUDPnt6n5OTOGOp-SE2rh7T-l0jfn-1KH53u6_Hqvs01aA','eager-eagle-59','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('o1B76FU5x36vba-KQfyLCA','wrA8MafAV-UyWo0dnuwblgw6Kq0SCbZcaERxtdITcJx9pvyuqfSWwUgQg711o3E137vQWKpHejMDRIPJPx1xPA','tidy-tapir-33','users','1791360000','1791360000','1','1799568000','1801382400','expired',NULL,NULL),
('pLR_I0tNnF90bGj45EycKw','hWltH0YER_45c4t2YtZHnjibJDc3bkPMkVC3ZHT5xhJVl_s7B1-Y8nKjFfeYJR9wq578FVCSFs1683aL8UZFUg','warm-curlew-99','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','YEgW9pbiAXJ8ZvfJ8PNSGYxHwTtAGw0SNBpHJZQB_oyfCQYnBHzkKeg2jU-Z7QPqqCSHH_wCkygdNlFBAdy0gQ','lunar-bison-50','users','1800000000','1800000000','1','1807776000','1806912000','active',NULL,NULL),
('t65oXDKzBnyXZL4cT34inw','9jJA9wj8fe3Zy9CMb0J0qSDd-bO6IhZYyh5mP4KpnpvkzjznfWl2zi3A0_TTykgt7F4A6ydnP4mYW41N1LYlyw','ivory-dolphin-64','users','1800000000','1800000000','1','1800604800','1800604800','merged','rMd0UMlj796R8vA6TmoneA',NULL),
('u9bYYJOriU2wlJlKthQDpQ','IYREy-jSe1fJySfWIxhwCnnWvSiIPCVkxKNP482XpcOCSK4NcsR_0jYzocZaZ7jFKDTVKtr8LHGEVnn3UnKORg','teal-koala-73','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL),
('wieH9DczymDa9ntv4B6DvA','Umq9XyvRDMnLLmw_pwa50I-L7v1nJM7Da3yYtgBvSlbe4ZA60glq6Y3kzU-XYPfz1_hybWGpiq2VesjxkzAKAA','amber-dove-95','users','1800000000','1800000000','1','1802592000','1801728000','active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('9XDkHxOkaCJbkhq10oL6WQ','1799999400','ZhCqPiJg','NwqWo3caU6kCdT-nGZML1XXWT5JyOMh4QcwPrge4y1c','passkey.added','done'),
('9XDkHxOkaCJbkhq10oL6WQ','1800000000','O7E4gY0h','NwqWo3caU6kCdT-nGZML1XXWT5JyOMh4QcwPrge4y1c','session.refresh_reused','session_ended'),
('CQvXpXZGsgjl2C-9ReYL4w','1800000000','4IY5mllc','CQvXpXZGsgjl2C-9ReYL4w','passkey.added','done'),
('F0eMzRxrsD9EDXQsktiIIg','1800000000','4gZhpcnJ','F0eMzRxrsD9EDXQsktiIIg','device_key.added','done'),
('F0eMzRxrsD9EDXQsktiIIg','1800000000','HkcdMnME','F0eMzRxrsD9EDXQsktiIIg','device_key.added','done'),
('F0eMzRxrsD9EDXQsktiIIg','1800000000','KWI20B2G','F0eMzRxrsD9EDXQsktiIIg','guest.kept','done'),
('F0eMzRxrsD9EDXQsktiIIg','1800000000','RIhJbm9N','F0eMzRxrsD9EDXQsktiIIg','device_key.removed','done'),
('F0eMzRxrsD9EDXQsktiIIg','1800000000','mMEUpUpS','F0eMzRxrsD9EDXQsktiIIg','device_key.added','done'),
('FuuwpNrJh2N7efnXCUIQTg','1800000000','-dkoIQGM','FuuwpNrJh2N7efnXCUIQTg','guest.kept','done'),
('FuuwpNrJh2N7efnXCUIQTg','1800000000','X02c9Man','2PGN1-smRWw_2sYiSRs76Xa-ihDqM2aNehNcXJoPJTI','guest.signed_in','done'),
('FuuwpNrJh2N7efnXCUIQTg','1800000000','mZRo1n1o',NULL,'guest.promoted','done'),
('GcmjZqtP9vlfYxsUAtWm_g','1800000000','Om0gXHBi','GcmjZqtP9vlfYxsUAtWm_g','guest.kept','done'),
('Irf_WOAF-7R_Sbvs6pFbwQ','1800000000','RX3ON6sU','Irf_WOAF-7R_Sbvs6pFbwQ','guest.kept','done'),
('Irf_WOAF-7R_Sbvs6pFbwQ','1800000000','RrsZmqmV','Irf_WOAF-7R_Sbvs6pFbwQ','profile.changed','done'),
('J_5Yvgc6WZgno9l6BKG-bw','1800000000','BLdyvfHy',NULL,'guest.erased','done'),
('KoY2qXrYysZIIisMENHXyQ','1800000000','SvV9EZ9E','hPqyhh7LUn8uzEpkgS6uy1Pgi6qOecHjq5nYggJ4Ziw','passkey.added','done'),
('NkjJS7EWG9J_BiPSmPnwjg','1800000000','yxhspdrK','NkjJS7EWG9J_BiPSmPnwjg','guest.kept','done'),
('QjOdG3gmxTQ_jZiL3RHP5w','1800000000','slsy7you','Fj1Ax8P6TN35ERT0eKlFUQtCNwbeEuZUedehDYRhkQI','passkey.added','done'),
('RXSIxwWwRmOxuN_ZnrZZnQ','1792656000','J7_gcdX8','RXSIxwWwRmOxuN_ZnrZZnQ','passkey.added','done'),
('RXSIxwWwRmOxuN_ZnrZZnQ','1799654400','Lywm2R_3',NULL,'guest.expiring','done'),
('Sp7pcPYRsA4DxqWIwieCfg','1798704000','UrcHFCmS',NULL,'guest.expiring','done'),
('Sp7pcPYRsA4DxqWIwieCfg','1799654400','cFm3wFsT',NULL,'guest.expired','done'),
('Sp7pcPYRsA4DxqWIwieCfg','1799827200','EWG16dvW','PkS_olFX95h43I3Mi2W8j4SWFURPRat33E8JbJjw0SA','guest.restored','done'),
('Sp7pcPYRsA4DxqWIwieCfg','1799827200','mgHE7peq','PkS_olFX95h43I3Mi2W8j4SWFURPRat33E8JbJjw0SA','guest.signed_in','done'),
('Y8b7Dktcznlo-_ZSKQmuEQ','1800000000','Mb6PGIta','Y8b7Dktcznlo-_ZSKQmuEQ','recovery_codes.changed','done'),
('Y8b7Dktcznlo-_ZSKQmuEQ','1800000000','QnY9RtiE',NULL,'recovery_code.used','done'),
('Y8b7Dktcznlo-_ZSKQmuEQ','1800000000','cXkOjWyA','Nacn5Ox64J9HpcZ9wnUhxmeE7dG-Rkfo1wwIl-lOyc4','guest.signed_in','done'),
('Y8b7Dktcznlo-_ZSKQmuEQ','1800000000','ekeEQqPN','Y8b7Dktcznlo-_ZSKQmuEQ','guest.kept','done'),
('_XxOfeia1Wc7sQovcHMXTQ','1800000000','YeVrVDmt','_XxOfeia1Wc7sQovcHMXTQ','passkey.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','4oBvAGr2','mIaX4NQqDquQrqtmM4P57Q25QecSXIbuJQAkKfvgZu0','passkey.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','4w8JgI_g','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','recovery_codes.changed','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','6afME4yx','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','guest.signed_in','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','AeddC3pM','Z8ACfuprXqFxUR0wEztgUgJc2VOU7_fXG7hfOcCN3bM','guest.signed_in','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','OBPeOKDJ','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','login_id.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','QUkx23Uz','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','login_id.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','Qa88h80c','mIaX4NQqDquQrqtmM4P57Q25QecSXIbuJQAkKfvgZu0','passkey.removed','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','SSR5kNx3','mIaX4NQqDquQrqtmM4P57Q25QecSXIbuJQAkKfvgZu0','guest.promoted','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','TTu2nA59','mIaX4NQqDquQrqtmM4P57Q25QecSXIbuJQAkKfvgZu0','passkey.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','Tv9TbHvL','adMabx3ofVUfgxjMNpgWfQ','passkey.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','UTFm-48e','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','device_key.added','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','X-ohJGiV','X4UrLNUHNnB5-m8iu8W03w6RnSH88arrOzJcaG8TlLM','guest.signed_in','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','f9giRqhX','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','login_id.removed','done'),
('adMabx3ofVUfgxjMNpgWfQ','1800000000','sYnBB9Hn','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','guest.renamed','done'),
('cUDCEx9qe74bQS-BZ8yIww','1800000000','Hm45RHmR','cUDCEx9qe74bQS-BZ8yIww','profile.changed','done'),
('cUDCEx9qe74bQS-BZ8yIww','1800000000','lFVCTgQs','cUDCEx9qe74bQS-BZ8yIww','guest.kept','done'),
('gLUKiI1vCtdTZ47uJG_o2g','1800000000','AVxdfx2J','GDAt8Pm_EWM3V5gAzvh-HnFBd7JyMvNLSe4VDVcC9is','guest.signed_in','done'),
('gLUKiI1vCtdTZ47uJG_o2g','1800000000','P8nlIPoc','gLUKiI1vCtdTZ47uJG_o2g','guest.kept','done'),
('gLUKiI1vCtdTZ47uJG_o2g','1800000000','vaMlX56V','GDAt8Pm_EWM3V5gAzvh-HnFBd7JyMvNLSe4VDVcC9is','device.linked','done'),
('hT1UB0XhYnveogdnRNM10w','1800000000','NSWNh6Ja','hT1UB0XhYnveogdnRNM10w','guest.kept','done'),
('hT1UB0XhYnveogdnRNM10w','1800000000','QeTWiNse','hT1UB0XhYnveogdnRNM10w','guest.promoted','done'),
('lJPJHASRHgbw0MrnNJlz2w','1800000000','efJ0_vAS','lJPJHASRHgbw0MrnNJlz2w','guest.kept','done'),
('legacy|4711','1799827200','7u6Ezy5S',NULL,'guest.imported','done'),
('legacy|4711','1800000000','X5qHnoR5','NF_-rBtvGxHv62yNGou019h4lReJ_OagOpQJWzFVOoc','guest.signed_in','done'),
('legacy|4712','1799827200','ppFtnYbZ',NULL,'guest.imported','done'),
('ls2PStsjxlJ_x6s91Jc-ew','1800000000','RoGTBLoV','ls2PStsjxlJ_x6s91Jc-ew','guest.kept','done'),
('ls2PStsjxlJ_x6s91Jc-ew','1800000000','_KXCKnrz','ls2PStsjxlJ_x6s91Jc-ew','profile.changed','done'),
('noHqEDkyOTQSw_Jw2UZxrQ','1800000000','4IQUo3IQ','noHqEDkyOTQSw_Jw2UZxrQ','guest.kept','done'),
('o1B76FU5x36vba-KQfyLCA','1798704000','cXETcI8L',NULL,'guest.expiring','done'),
('o1B76FU5x36vba-KQfyLCA','1799654400','XQYImzp1',NULL,'guest.expired','done'),
('pLR_I0tNnF90bGj45EycKw','1800000000','mZXs-tZa',NULL,'guest.merge_undone','done'),
('pLR_I0tNnF90bGj45EycKw','1800000000','vWKn2pVl','pLR_I0tNnF90bGj45EycKw','passkey.added','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','7iNhZktK','H99Rn3ZDsuWFba3rkpDUQiJiaFwMCjCO4Jd1uD9gqfI','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','Bwc5Ovl9',NULL,'guest.merged','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','DXtsy_4Z','rMd0UMlj796R8vA6TmoneA','passkey.added','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','I0rv3o_P','gzvWvza_-1RUeCaOLRp-SeO7L8p2dhAFMwItaKp0nkg','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','INPeO_PC','GQuZ25lIKpq-g-hLp8D8xHNxUJq8Ca9037WL2ReTli4','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','MGfm7DeP','Li3ItutJT7ijWf2JQn8l_pIEqxFEGdgXxh5XZwvA2Qk','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','TFSmDs46','sxz0l4nPfglF0wgfTMOOrOHpbOAT6jzwJRX1NPoPVeM','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','Wivy4tWw',NULL,'guest.merged','merge_refused'),
('rMd0UMlj796R8vA6TmoneA','1800000000','guTx1mAp','lMTjon1Z4exT4cHU4zMw0pO5qlIqJogvQRN6ozH2mp8','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','iP1szzWv',NULL,'guest.merged','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','iwM-K20d',NULL,'guest.merged','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','pRzzZ4wg','_4fryc0K_ecy5NopTlSH5r9twdh6b0l9qgKAvK9yTYw','profile.changed','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','rbkoALaD','7EcYXN-UOKNEFIwGBt-hzHfh60ARL9WRGe-REl1owgQ','guest.signed_in','done'),
('rMd0UMlj796R8vA6TmoneA','1800000000','xRHIbw4B',NULL,'guest.merged','done'),
('t65oXDKzBnyXZL4cT34inw','1800000000','gVTV9kZy','t65oXDKzBnyXZL4cT34inw','passkey.added','done'),
('t65oXDKzBnyXZL4cT34inw','1800000000','nBYBFcQz','Kt53Z2eKTB4ohcmrHEhmVj8ZsoL2GJ1ISsyzmvrFGVk','guest.signed_in','done'),
('u9bYYJOriU2wlJlKthQDpQ','1800000000','Ol5PNnpj','F4npVnfqvWLoHg1fDI4dul6L-Zgk219_8OY_jME3lCI','guest.demoted','done'),
('u9bYYJOriU2wlJlKthQDpQ','1800000000','PFk9odXa','u9bYYJOriU2wlJlKthQDpQ','guest.kept','done'),
('u9bYYJOriU2wlJlKthQDpQ','1800000000','pFPAZ4B3','u9bYYJOriU2wlJlKthQDpQ','guest.promoted','done'),
('wieH9DczymDa9ntv4B6DvA','1800000000','1mQlbYrv','wieH9DczymDa9ntv4B6DvA','profile.changed','done'),
('wieH9DczymDa9ntv4B6DvA','1800000000','Pw01M51y','wieH9DczymDa9ntv4B6DvA','guest.kept','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','TkfVq9Cyi0mm4vUxk3AxZw','1800000060'),
('resume merges','TkfVq9Cyi0mm4vUxk3AxZw','1800000060'),
('rotate signing keys','TkfVq9Cyi0mm4vUxk3AxZw','1800003600'),
('sweep','TkfVq9Cyi0mm4vUxk3AxZw','1800000060');
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('3xzMGdqrdtB7tmDtmo6GR8zg6mDFLFE9AhxgpJrp9X4','wyu_1t8F4tuorPuUwD2QWn705k3rDoueIEqAun1EGgE','5','1800000600'),
('6RqlJi4AOVjBzDwXVpUmsLyI0BYMvzZsa1fJnxqSivY','wM8cSeHTsCApc5-czoYd6QOIB4GIbNXjMQx7cI3UnlQ','5','1800000600'),
('8IKcijslH_7we0U84EyGvuRgBk2LnQqoHxtHf3wYtN8','CCw5uVXJs-0V4X2yWJM_N-gyXUp88hvTgkwofF9o8w0','5','1800000600'),
('9NXKaHSuXwnGDWQyEjUend6l-PVSeOmX6VsXgbIJfG8','55h_3S1W8-VhvtLQG3Sp1maf2r-zmwkycJePy4kjwyI','5','1800000600'),
('FXzfhx1G1vCSpHkAQsin34yA0m5lmkbmyPw0YzJgI6U','w70nHmhmAyiHBrK5gaOOshCCAo5LeY8rcXT1nT7WgvY','5','1800000600'),
('SnpLbzvU6fTu6jAku4-WVVj4cyzTfGvmBobNVfYK4mo','hVTAwjzUPSa1F4W9ZFCx3-wXFynMkTuwIxBr80_jUEs','5','1800000600'),
('UE4vL93qAJarFCoRn5c_7enR2McKRhlpq4JaCfol3Zc','Iru1mdPwHG2jO-Xvb2Lar_7wdrm0u6OLcHiZG1yd5eI','5','1800000600'),
('o_YE0X9E0tva3XdwBdfQWHmIYs0hwUqo_9CzJbf1H4A','vtDjjXGrKgk5HwcjukMjR46znh9XOSM98n7YMiUBDqI','5','1800000600'),
('xWMOPjSv5i4Ggbf2zfxxC7Ti8qu4Ew2DTEtQ4jA1qDY','0QwIoq1BIHX-YYBu2njk3e1GKG9CvJvaKBzTIfXC4rk','5','1800000600');
INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, last_used_at, session_id) VALUES
('JRNkOyveGlfoOokBfjuiijTKfwFcETOQtxaYk8MHjxc','F0eMzRxrsD9EDXQsktiIIg','{"kty":"RSA","n":"w8wR1YmCjq9_k5g4ymfUvGowwSYfd5zDmhw3IJBJqXAnxzsv4mb6T-XI87fTou1b_93ZYwCF1E-JthsHkQgZLCrA8KI4GRSycCOjoMxvQb0BxpeMQXgF8WYZ7DfJ5Z2kaiclEK-8FFCAmDOzy1_nWR6KtBL5UoMw1IXarmdpA4G7iPkeVMDDRtE3dbRLwMqoj_F59TFjuwrL5a9T7QmBtFZRL_bNTxYO1zgBI0iztmODSixKyyh9ZeweJzrc3CcI3FBhpaZsP8pmvCgPIPuDWnVM21UW_gJVtOa6WRFgvbfILszitL13qo5DusHTyY3pIs4zGtB3G_jyP5olUVI4Kw","e":"AQAB"}','RS256','A RS256 key','1800000000',NULL,'F0eMzRxrsD9EDXQsktiIIg'),
('TDS0fTTqkcz8Y9bhudKhXSv8O4kAFEvpvQBLIB8Mv04','F0eMzRxrsD9EDXQsktiIIg','{"kty":"OKP","crv":"Ed25519","x":"rCPoOru2WT3DRbE361hro4OaZ3Spf0XnnSCBG7GwiYQ"}','EdDSA','A EdDSA key','1800000000',NULL,'F0eMzRxrsD9EDXQsktiIIg'),
('mfd_u_VT4tl0_HpSxVN3v9iF7RvhYbpMB7GvgGD90mQ','adMabx3ofVUfgxjMNpgWfQ','{"kty":"EC","crv":"P-256","x":"OPE_rHYqHytowzsNWn15txLRC4ckLcs8UqVFiGIJU_U","y":"i_Lf57441TyhnnSQukM3XyXP-JUXiu8Q3Mkv8ANE50M"}','ES256','A ES256 key','1800000000',NULL,'QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY');
INSERT INTO device_links (id, locator, code, secret, tries_left, anonymous_id, session_id, label, status, opener, opened_in, opened_for, words, asking, result, expires_at) VALUES
('88A8T9bde3YwQuO8Vwwo6A',NULL,NULL,NULL,'5','gLUKiI1vCtdTZ47uJG_o2g','gLUKiI1vCtdTZ47uJG_o2g',NULL,'done','ZB8-QyWtlwWp36ks0sWK7wAjpwfK5bYYiy8tTnpRIdE',NULL,NULL,NULL,NULL,'GDAt8Pm_EWM3V5gAzvh-HnFBd7JyMvNLSe4VDVcC9is','1800000120'),
('PUwpsZOru6imH8-AbVKJzw','WKVG','FmSlze_E4DF4TNV-4vnXoggkBm4lVEsevDUkoJeZebU','nniIS3hHMDChmnAGyzZPgOWJioAWgDKfuWpUOHAMIxc','5','1eJJZNLLnKnD-QiQXDlgpg','1eJJZNLLnKnD-QiQXDlgpg','cobalt-panda-32','waiting',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('l-VUMRNVsw9URleG8kru6g',NULL,NULL,NULL,'5','GcmjZqtP9vlfYxsUAtWm_g','GcmjZqtP9vlfYxsUAtWm_g',NULL,'approved','leYx247s6mm4msM4YKZB26-GZRQpUekU1_6exj44ZKg',NULL,NULL,NULL,NULL,NULL,'1800000120'),
('xSunbRIR8seViWocwmDhNg',NULL,NULL,NULL,'5','pS_tQvZ2WxUekeQBL3PoeQ','pS_tQvZ2WxUekeQBL3PoeQ',NULL,'refused','w7ZJjJRrHcIwkvO7ksPxeTpH-vO9Sfsqfyqg0PKMakk',NULL,NULL,NULL,NULL,NULL,'1800000120'),
('y-mcRCZQ8MACY3wID2hJ1w',NULL,NULL,NULL,'5','S978qxKMHDktHOLrMZ0SAg','S978qxKMHDktHOLrMZ0SAg',NULL,'opened','HWh84gVfGL0vYYToEVxnvvawXRCrgjfmel8i2RLnpBU',NULL,NULL,'early linnet','{"platform":"Linux","browser":"Firefox"}',NULL,'1800000120');
INSERT INTO limits (id, used, expires_at) VALUES
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo','17','1800003600'),
('412p7rUxRKkSz5KP63x3bthYFolgQp-sHdDxKcSd-Bw','1','1800003600'),
('69gOIOt__4WWIUtCteT1GH-GKuYkkbYZ-0MkaKuYQqE','1','1800003600'),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk','1','1800086400'),
('AstULzA3wuZ8lFESid2O-YMB0SGpGgiYOUgGbeSGt00','1','1800003600'),
('BGNuMvse2aWXcIs9eZYM5UusJhipQZU2609guKCfr3g','1','1800086400'),
('BOc0kQ-4UnzgrOr0Sd5fXEIeG-mWu3ZudrtUzxsQaKQ','1','1800086400'),
('DzErVHuYn2FPCeJcD2FcobWI8nlQ38yqH1qkcJgfnjU','3','1800086400'),
('FyvQ0ELTESF-YaZOxtbIGiMSeovnsgO6q5sllMymOJA','5','1800003600'),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE','1','1800003600'),
('KGI3Ir9CBbxxU6MVCi_90s7fUmZ_bI4mFDT__n2HNGI','5','1800003600'),
('KH9785wCm8Q6tIrp78yKbl2AzhTqNiKn17q0YvdgINU','1','1800003600'),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8','2','1800003600'),
('LBQnzRLszAMLW69ojVIwnzWNkV4ILnjNwAi8qgizuds','1','1800086400'),
('LVJfwXj8qIP_QAxJbPnFFTimBcYNuYvpsQ3HKssGcxQ','1','1800003600'),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs','2','1800086400'),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s','1','1800086400'),
('SmOcZQ7cx_WtFjWF2G70pi1grkXXg_To-Vd6tLsRxQM','3','1800003600'),
('SpVM-qNj9enGcM_tezgO8RgjbQbD_2piixflgBL5EsU','1','1800003600'),
('WAzJ11rYR7Fa7Xuld7-5fywqkBdaOCwTlOMGxnh5U4E','1','1800003600'),
('_DBc4Cvd8onjYP85aKFrmXbu2ZOqFz6qXrDBCD0XWrc','1','1800003600'),
('aw2HIItqH1DGhRBUxfXHOZxP7HJjFXHxdjoXG48CGAM','3','1800003600'),
('byOhx_EY4u7HWzM6SQuebPHrjuUgG__6GiCEP9GdA9E','1','1800086400'),
('cc8jlHPgkDb-fe1saA2bxv1y-Aa9kr2d4Jd2Vv1CJ04','1','1800003600'),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs','1','1800003600'),
('sPGJwApvNWq_FsJKj7KR-cGQ0Ui8mbW-Wb0JgS2PIFw','1','1800003600'),
('w-mDzbpdLmBtm_YML7KC6ZPyVA8_eHlYbqmNzPcGsK8','1','1800086400'),
('wEMw4Wv5GHJ_YSNuPP7idsHj47KnR14CsFTtwSTCqkI','5','1800086400'),
('zGVJHhEhp6TVzPnkefWeMZgTCL4Dy77Bp3HaA8q5EiI','1','1800003600');
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','FuuwpNrJh2N7efnXCUIQTg','1800000000',1),
('email','imported@example.org','legacy|4711','1799827200',1),
('email','rose@example.org','adMabx3ofVUfgxjMNpgWfQ','1800000000',1),
('oidc','http://localhost:9 olga','hT1UB0XhYnveogdnRNM10w','1800000000',1),
('phone','+41446681800','adMabx3ofVUfgxjMNpgWfQ','1800000000',0);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('ChW9RGti4FQMn7FnudiBr_rHh5vgNuips3EdggZ8524','ls2PStsjxlJ_x6s91Jc-ew','rMd0UMlj796R8vA6TmoneA','azure-marmot-74','users','none',1,'1800000000','1','offered','0','1800086400',NULL),
('IVIbXEwjg9PZHIQU-DJO8yDQKMNw2d6u53HMC0IINi8','CQvXpXZGsgjl2C-9ReYL4w','rMd0UMlj796R8vA6TmoneA','jade-crane-62','users','passkey',1,NULL,'0','offered','0','1800000600',NULL),
('MifLb4DrML_wQOnjL-dbjAYGvHCPDIBsrUzeP9M685M','ycRlGBYF4ENzWXwRjPj-kA','adMabx3ofVUfgxjMNpgWfQ','lilac-puffin-43','users','none',1,'1800000000','0','offered','0','1800000600',NULL),
('NgU3kU8dw7aRE2Jjy7Y8iQKrSQ8BR3eYhs4nj-jg-ac','wieH9DczymDa9ntv4B6DvA','rMd0UMlj796R8vA6TmoneA','amber-dove-95','users','none',1,'1800000000','0','pending','1800000060','1800086400',NULL),
('SYEcwZBcXEsq9jOsjs8QvQrLgSfUn4v_uERUBSkEynw','cUDCEx9qe74bQS-BZ8yIww','rMd0UMlj796R8vA6TmoneA','tidy-kestrel-75','users','none',1,'1800000000','0','merged','0','1800604800','{"before":{"nickname":"Wim"},"after":{"favourites":["coffee"],"nickname":"Wim"}}'),
('ViTCEWrNzGLAseFvHCNx4nwF7mSu7d-6RYz-FiPLT3A','pLR_I0tNnF90bGj45EycKw','rMd0UMlj796R8vA6TmoneA','warm-curlew-99','users','passkey',1,NULL,'0','undone','0','1800000600',NULL),
('hSopNxBJ3ebM6kpu8qh3YJbuNArcH6rG6ostZqT4AYI','t65oXDKzBnyXZL4cT34inw','rMd0UMlj796R8vA6TmoneA','ivory-dolphin-64','users','passkey',1,NULL,'0','merged','0','1800604800',NULL),
('xnkuKv_zNS91kMizzH-Mk3USpOGPy_8mPJTuwBJN4h0','HpukOY60Lb4UngYV-8yQwQ','rMd0UMlj796R8vA6TmoneA','fond-lynx-78','users','none',1,'1800000000','0','merged','0','1800604800',NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_9687DglL2754c4T04vXSYQ','http://127.0.0.1:9/down','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"adMabx3ofVUfgxjMNpgWfQ"}}','1800000000','1','1800000005','the receiver answered 503','adMabx3ofVUfgxjMNpgWfQ'),
('msg_OLhKNPZNs7fkR7O8k-UB6Q','http://127.0.0.1:9/gone','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"adMabx3ofVUfgxjMNpgWfQ"}}','1800000000','1',NULL,'the receiver answered 410','adMabx3ofVUfgxjMNpgWfQ');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('35XbeOIqrumoYQGBinmruwmykVnpFogEz4DOCZa6uD4','rMd0UMlj796R8vA6TmoneA','pQECAyYgASFYIJ5P77Ovf6fNW4E4IhBH_LjmonKPWihWPBHKl6g9WlLqIlgg7JAkJPYjC03IZtluUh132tJEWatrxKUu9j02R2LNr3c','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('7F7uZoM39VvfN4JsyaTzUmzAmbJBzoFFGG1IgcFlm6s','_XxOfeia1Wc7sQovcHMXTQ','pQECAyYgASFYIMCrH2c9xkJCzLzNA552D_NfrvvmpVM5-wJ3yPT5AaFTIlggs80gkR2r0BFW7DfDiP_G3YFAmoWsM_lQL2cgeh9h-YI','0','00000000-0000-0000-0000-000000000000','Passkey','',0,0,'1800000000',NULL),
('7McQFNDewZsk7GrIcecuXzYlNfMkozFRtbI_CC38GQo','QjOdG3gmxTQ_jZiL3RHP5w','pQECAyYgASFYIFtZxj4EO3A6q6l8SaC-eJParo_IEWFYNn2zjEJx3oDEIlgg44E0tUsb66nnjg0uUtgWhcYfc3-a9iwjBo-dtsyNw_E','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('81PDayJquuBV747eB_jTn8ho9vNzKcjffff-v2rDKZ4','t65oXDKzBnyXZL4cT34inw','pQECAyYgASFYIAkdc-K3Xi5rpU3NwpLYhzZQ2MklAxxUhQs0Ccf43LwZIlggliWuXOITb_d5BDNh32cVBSsmmnpb2LpmZFjdVVue_Zo','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('D_1EuXe-XcDAtKTr9uzhxtsGmjziLlrLjpGatiAHjEs','CQvXpXZGsgjl2C-9ReYL4w','pQECAyYgASFYIHzwt3CEMHaFefBFbrOtcUZOpUnpfPC503Cvsi956sS0IlggwjZ_lXaS_p2wcMRgoykoVLRQergDXeUI0-n3pTm5U4k','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('Df64wKRMez7Sm-Gf_9QhuRP_gMrxLcHiG-JymF2GjyE','adMabx3ofVUfgxjMNpgWfQ','pQECAyYgASFYILgId0k-0w_TTm1FH8fxw55ra9hpBio_BcBILRTuF0reIlggwHMcWESaROBpNYDtmH64U-WGNELUrNq3dvyNq1k_k2A','0','fbfc3007-154e-4ecc-8c0b-6e020557d7bd','Apple Passwords','hybrid internal',1,1,'1800000000','1800000000'),
('IXskkSjy7L7xZuuTbQuZ-snn88bMxAwc76vlr-wwAtM','Sp7pcPYRsA4DxqWIwieCfg','pAEBAycgBiFYIO1b6JIQV7wFzcilDyy3Qo4WGgkwVE3DzV_NQh6wTCk5','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000','1799827200'),
('JXb2siHRCGcVu195LMMHyb9K9Dz7qZ8diA3fJHPD1_4','pLR_I0tNnF90bGj45EycKw','pQECAyYgASFYIK4gG-GDQMk9jFaIZa-P64eOIDR9QsqvnMZP5wCJ0rRfIlgg7cneoGaDI5tcwtpt1vfgR7CjqMFhQPYV80SsIdTeqcs','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('P2qfc8XpnBT7H3_EFsdeIwJgXr4X0VP92txY4QeBGiI','RXSIxwWwRmOxuN_ZnrZZnQ','pAEDAzkBACBZAQDfMkYuP_O62oXFJ21Ei9vH98nyCsbbZLhT0ldKtySXyLQWV5VAkUYYUI3T2O_5Cp_Cr1OXOKUUcYpsHFK3jMoP5Jj8k4EtKuALa4lHCeULI1XnBHTCFFUq-ONXpQHIFgFJxkcjNiXYZlBHGSTKC37QeX-4izbfRsiD_Lbik5gjSy_oPCXLTwE_eUDmgW6P-fw4tvvhvpSnYGkcewAAJlwbSvODaKtFB5EGBmy95584fAigWeCZ537zwJYfDQGqS44RpI3Qub8zUQRCGIDDBrGs-XvR9s8s51tm1gpj_JjycICPjuP2u-Xg2L6TIg0jdx87-Wd5Nv7-2369AEJ6aC2TIUMBAAE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1792656000',NULL),
('PzxqJjDeQkZlT-V3R87z3DwAiQh1_1KxnYSSiqFCBpU','adMabx3ofVUfgxjMNpgWfQ','pQECAyYgASFYIErMhqHqipfQzQFwRA8KbAqhcsLm022VMXgK-dg7dAHVIlgg77u5Xy1aWdQfhi6hev7gKzTailGLiYLyIhdb5J5PgLI','2','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000','1800000000'),
('cm_aigMyGWYIVL1GPOuHbqLff4JuWbe9Sg-6BwBC0g4','o1B76FU5x36vba-KQfyLCA','pQECAyYgASFYIImJtPnquz52xpPfRBKw5S9TYeavQS1vsDi9P108h7tBIlggHmP1J9suvO0HtHPrnCPUQTuD9yhv2N_M5pTI0pT1L8E','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000',NULL),
('dW7ZE0i-_hfsPtwWY5vN6FCdKTxcYcM09B91HbRQahg','KoY2qXrYysZIIisMENHXyQ','pQECAyYgASFYIBbv38z5zVlByCcouVPkkNRUJxXKqvpvl99DyvkSztl2Ilggkql6IvfJ__MPHCtanJxzwx2-Pir60XpsmsYBSKymA_c','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('ppcRzTHv71VdtsxFliTZnblWV8xj72Pqv94PsVr4GE0','9XDkHxOkaCJbkhq10oL6WQ','pQECAyYgASFYIDwm2ucjrgR6hAGczDNnqi-heES59H8x9Q5mAnEo5lHRIlggdpqZuswHaZqzcUEO_zP92nO9iEkcF45jNYqpS7vI9HU','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1799999400',NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('Irf_WOAF-7R_Sbvs6pFbwQ','1','{"nickname":"Prue","favourites":["tea"]}','1800000000'),
('cUDCEx9qe74bQS-BZ8yIww','1','{"favourites":["coffee"]}','1800000000'),
('legacy|4711','1','{"nickname":"Fox"}','1799827200'),
('ls2PStsjxlJ_x6s91Jc-ew','1','{"favourites":["coffee"]}','1800000000'),
('rMd0UMlj796R8vA6TmoneA','2','{"favourites":["coffee"],"nickname":"Wim"}','1800000000'),
('wieH9DczymDa9ntv4B6DvA','1','{"favourites":["coffee"]}','1800000000');
INSERT INTO recovery_codes (id, anonymous_id, created_at) VALUES
('5S2jqck9wHRpvIXrh-JvarW3T42r5olWzNLVL8d61Cg','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('7eGe-DSFEFmGQVPj0ilF5luBCYfwg4XejLLOrI6EOmY','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('9Sd3-T4cOaocckG26mQedtfAY4GWVWFH-YrjWxhkk1Y','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('FzzSj8-pVuVBjOrx21nn3zPYL9SfQEgURVnOrBrx43k','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('LyfVDGFkty5E5C_h7VHE9_wa07QnzgN9ep6I3IQbJ-s','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('McE3AZ0r12niBauWSD-r9WMbjosKbdgcnDwyS49LkDk','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('NiKTRdH4xYpgfvxPtBaQIOVp9ngaKl95KSK545M1C5k','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('OebHNVL4G4IWgEFzymYJoUAVzfOxjEdEQ6oOx-hYRho','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('S0dKiFv4nX2YBETma-y_KvXimKrCPIZ1t3-VbPbkwj8','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('Z2aqRUXCBTbDiKyW9HfUapOY3jpHPGihx6Zn4hbFp9Q','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('aWxrC33DcOp5lXFzYgO6CUV5ttPjQjKTq3wumNQlZ40','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('cC3PzO9vY_yWZItyYIUgCpM0i-L1_Bktv2tPuUjEMiI','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('iK8QapELQfor2bNWCYbQAdhks0FmjC-1WH2rqoTERnM','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('iNRPchnqGralR-Y4PKMCRbu9iazpYT0UI-lIXHSFMQI','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('jEyJFe8018vpZU7MJzwGRZMrNzPRaDiYhR1G09yfi94','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000'),
('nUMiycUEKNo7SiVp3etR0L1Bv4LXe0nftkIna2lkA1o','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('nxkUxA9RFLHcp0kfwVjBmEjzpQ0Ge0lDBvCtoPUKbmg','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('t3A22ree5EYm6cHvJu6jnwEiExRzET8wC1_4WdSEXF0','adMabx3ofVUfgxjMNpgWfQ','1800000000'),
('wbFUDm0ocFaSgpREt2yYpRBVYRbCUhBv02eP2keBhPc','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000');
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
('F0eMzRxrsD9EDXQsktiIIg','F0eMzRxrsD9EDXQsktiIIg','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('FuuwpNrJh2N7efnXCUIQTg','2PGN1-smRWw_2sYiSRs76Xa-ihDqM2aNehNcXJoPJTI','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('GcmjZqtP9vlfYxsUAtWm_g','GcmjZqtP9vlfYxsUAtWm_g','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Irf_WOAF-7R_Sbvs6pFbwQ','Irf_WOAF-7R_Sbvs6pFbwQ','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('KoY2qXrYysZIIisMENHXyQ','hPqyhh7LUn8uzEpkgS6uy1Pgi6qOecHjq5nYggJ4Ziw','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'2','1800000000',NULL),
('NkjJS7EWG9J_BiPSmPnwjg','NkjJS7EWG9J_BiPSmPnwjg','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('QjOdG3gmxTQ_jZiL3RHP5w','Fj1Ax8P6TN35ERT0eKlFUQtCNwbeEuZUedehDYRhkQI','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'1','1800000000',NULL),
('RXSIxwWwRmOxuN_ZnrZZnQ','9Lu-9YUxM2FpqlRamNKZKTDzugpHgOc_onQX9jqQTww','1792656000','1792656000','1800432000','1824192000','1792656000',NULL,NULL,NULL,NULL,NULL,NULL),
('Sp7pcPYRsA4DxqWIwieCfg','PkS_olFX95h43I3Mi2W8j4SWFURPRat33E8JbJjw0SA','1799827200','1799827200','1807603200','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL,NULL),
('Y8b7Dktcznlo-_ZSKQmuEQ','Nacn5Ox64J9HpcZ9wnUhxmeE7dG-Rkfo1wwIl-lOyc4','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('Y8b7Dktcznlo-_ZSKQmuEQ','Y8b7Dktcznlo-_ZSKQmuEQ','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('_XxOfeia1Wc7sQovcHMXTQ','Ni6qUjHjc1EcRWZlmtmsfcYP9HiSXGr1ife3xR9clKQ','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('adMabx3ofVUfgxjMNpgWfQ','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('adMabx3ofVUfgxjMNpgWfQ','Z8ACfuprXqFxUR0wEztgUgJc2VOU7_fXG7hfOcCN3bM','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('gLUKiI1vCtdTZ47uJG_o2g','GDAt8Pm_EWM3V5gAzvh-HnFBd7JyMvNLSe4VDVcC9is','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,'1800000600'),
('gLUKiI1vCtdTZ47uJG_o2g','gLUKiI1vCtdTZ47uJG_o2g','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('hT1UB0XhYnveogdnRNM10w','uUyfhpTRrcgjLuxe6pLTYbldZYqG6Q-WUD3uH6nTeKc','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('lJPJHASRHgbw0MrnNJlz2w','lJPJHASRHgbw0MrnNJlz2w','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('legacy|4711','NF_-rBtvGxHv62yNGou019h4lReJ_OagOpQJWzFVOoc','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('noHqEDkyOTQSw_Jw2UZxrQ','noHqEDkyOTQSw_Jw2UZxrQ','0','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','7EcYXN-UOKNEFIwGBt-hzHfh60ARL9WRGe-REl1owgQ','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','GQuZ25lIKpq-g-hLp8D8xHNxUJq8Ca9037WL2ReTli4','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','H99Rn3ZDsuWFba3rkpDUQiJiaFwMCjCO4Jd1uD9gqfI','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','Li3ItutJT7ijWf2JQn8l_pIEqxFEGdgXxh5XZwvA2Qk','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','_4fryc0K_ecy5NopTlSH5r9twdh6b0l9qgKAvK9yTYw','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','gzvWvza_-1RUeCaOLRp-SeO7L8p2dhAFMwItaKp0nkg','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','lMTjon1Z4exT4cHU4zMw0pO5qlIqJogvQRN6ozH2mp8','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('rMd0UMlj796R8vA6TmoneA','sxz0l4nPfglF0wgfTMOOrOHpbOAT6jzwJRX1NPoPVeM','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('t65oXDKzBnyXZL4cT34inw','merged:Kt53Z2eKTB4ohcmrHEhmVj8ZsoL2GJ1ISsyzmvrFGVk','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL,NULL),
('u9bYYJOriU2wlJlKthQDpQ','F4npVnfqvWLoHg1fDI4dul6L-Zgk219_8OY_jME3lCI','1800000000','1800000000','1807776000','1831536000',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
('1','czQThtCdJx_c8WfEjviCXP4GSl6NOVm4Jo1K7bh7mU4','ES256','{"kty":"EC","x":"w_JuqeN3Ss6hwhBQRCH7kM21Ijn5XNwPFG7AkUrsU0s","y":"YjP61iFnApIOXlLm0SnvZL5EIArjEd6eA0gsxr5O-I8","crv":"P-256","kid":"czQThtCdJx_c8WfEjviCXP4GSl6NOVm4Jo1K7bh7mU4","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..c_S_wDZkpOzmXJKB.8PnH8TCpNbDiP1I2MMyuTJtu1ZVIvT5ChLwnxT7L6O_wUZBvcv-6E_Fl3RN_7hmDWNq9oH8LRAD_tavAbEt8L5voddIG0ZY9ke9J1DcDnLO7nTmwVuOUwEFvG8u5tAm62UX2kd7dvvNeH8plvn7OQq1oy3Q7Wo990YVGg8NCpzSsRZsgSlnMP7EFdJC9V3BtpLfODqwY8vvhxWwSQV_tH62_-zAIv_CERPicshWytB8.PPaubPly6LJHqZWgHC9yPw','1799985600','1800003420'),
('2','p7xcdjFVpXADWVZqcGxK1o3DJ1dtPhIQQNWfZNns9Vo','EdDSA','{"kty":"OKP","crv":"Ed25519","x":"UF3ZapGUsAN4nTkqPOdWA5eTVkMVY1UKHjYQM7nq-Yc","kid":"p7xcdjFVpXADWVZqcGxK1o3DJ1dtPhIQQNWfZNns9Vo","alg":"EdDSA","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..mXsdRdvchtIVIZST.Y4DiyrZ1bBipglz5sbhZczXO3r1IfM0SnenJ5Exd5ONFnFQjqXsolk2VmZRR6InqMyFbrOqDFRewJVoSBFXOutPf-259cD70F3KYGipuPavkEaXxoVs0Cwbs31lcOVp37XcaCu61XqPScyvy1HGdUJMhhbkU9ZUCwh_aX8aawCmh.TvCVBvJ7hyECr1doEvr9FA','1799999700','1800004620'),
('3','e3h24hF9H73AWTqEfBjUdtK-KvpVcrtnBJ_1QbiWrnc','ES256','{"kty":"EC","x":"MpHYQvG6cwlDT43FF71d7sCAual_nttDK76NdpeXswc","y":"x12I3hnNJD9E2YO5n_afGXMbMUB0CLPDKvq4KvERlCo","crv":"P-256","kid":"e3h24hF9H73AWTqEfBjUdtK-KvpVcrtnBJ_1QbiWrnc","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..8ISbeq4JQmUiqsSQ.mCHtXt8ZM4rHFhPkinrQMZA3n_rhMYV_omGDbMowwW2svyc0XfYbTx00so_8JMrpOWSXMds48tWSemTmVhgXQkq9VSO6bbz40GZEERjy00Ps2aT2RGm6j9GPlo9NwGSbGrr_VQ6hBkVni4u-JfW1zTzyyzAmsMWfbZcDIGYgpjO3v6ii_mOLqwPE9DNOVbEsg0YMYuNOl4EJp82NsOYxYPE5jZ5pP_c-T3mez4dAaV4.Ld_tKPPKVe4wGpYseCFLDw','1800000900',NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('adMabx3ofVUfgxjMNpgWfQ','add_attribute:nickname','1','1800604800');
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('1UeRQ95gsa4siJJWVeiOaA','1800000300','H99Rn3ZDsuWFba3rkpDUQiJiaFwMCjCO4Jd1uD9gqfI',NULL),
('29Xv6MGxMm5zeu3hXHnZAQ','1799999700','ppcRzTHv71VdtsxFliTZnblWV8xj72Pqv94PsVr4GE0',NULL),
('31k8qa1tbb3B-O1C7JEH8g','1800000300','D_1EuXe-XcDAtKTr9uzhxtsGmjziLlrLjpGatiAHjEs',NULL),
('52ElZvfyX3p_CZXtkPj3Eg','1800000300','9r5GYvEhzNOEslTDo8kjrDs8JnMZl3hqwvvFDdkrmwg',NULL),
('DQznoK7V58vOQGFVu3NRmQ','1800001860','uUyfhpTRrcgjLuxe6pLTYbldZYqG6Q-WUD3uH6nTeKc',NULL),
('EmeScbrb80IYwTPSlaBl4g','1800000300','7EcYXN-UOKNEFIwGBt-hzHfh60ARL9WRGe-REl1owgQ',NULL),
('FQTV9HDCs-064mYfrZiFsg','1800000300','sxz0l4nPfglF0wgfTMOOrOHpbOAT6jzwJRX1NPoPVeM',NULL),
('Jn9LY0ckq1XeMsU7W0unjw','1800000300','Z8ACfuprXqFxUR0wEztgUgJc2VOU7_fXG7hfOcCN3bM',NULL),
('KtSxiLJXCo1_jx2-HLZtKA','1800000300','tPeqlYqr6uuh1IAbO-uJ57QGm3fBkJ1f7u3Eucdxu6Q',NULL),
('OsBiD_rgZLAmyNvBZFRIaw','1800000300','Li3ItutJT7ijWf2JQn8l_pIEqxFEGdgXxh5XZwvA2Qk',NULL),
('PfBdFRaM9p4n7lVnY7rjlw','1800000300','lMTjon1Z4exT4cHU4zMw0pO5qlIqJogvQRN6ozH2mp8',NULL),
('Pxjpe_u0BXm77SSQJfXINw','1800001860','2PGN1-smRWw_2sYiSRs76Xa-ihDqM2aNehNcXJoPJTI',NULL),
('UCAG38lvm1TyaSWpKIw7PA','1800000300','7F7uZoM39VvfN4JsyaTzUmzAmbJBzoFFGG1IgcFlm6s',NULL),
('XLxH_q5oVYJxEjg51y2oiQ','1800000300','GQuZ25lIKpq-g-hLp8D8xHNxUJq8Ca9037WL2ReTli4',NULL),
('ZjX3BKQN_w5pNmAXwTWs1g','1800000300','81PDayJquuBV747eB_jTn8ho9vNzKcjffff-v2rDKZ4',NULL),
('bnnV-sYBjeE5nykliJQ-eg','1800000300','X4UrLNUHNnB5-m8iu8W03w6RnSH88arrOzJcaG8TlLM',NULL),
('cxYvqM6IWSb2gbHyiBvONg','1800000300','JRNkOyveGlfoOokBfjuiijTKfwFcETOQtxaYk8MHjxc',NULL),
('czJauRfflhBdz7QFINOq-g','1800000300','Df64wKRMez7Sm-Gf_9QhuRP_gMrxLcHiG-JymF2GjyE',NULL),
('dF1iqRBaEktmsaT6eht2KQ','1800000300','35XbeOIqrumoYQGBinmruwmykVnpFogEz4DOCZa6uD4',NULL),
('lzyzdFhTyrjB0e_caxCUMA','1800000300','dW7ZE0i-_hfsPtwWY5vN6FCdKTxcYcM09B91HbRQahg',NULL),
('mDOnty7svP25JMqLKlda7Q','1800000300','7McQFNDewZsk7GrIcecuXzYlNfMkozFRtbI_CC38GQo',NULL),
('p0MBzOCKZhjrneggy8hZpA','1800000300','Kt53Z2eKTB4ohcmrHEhmVj8ZsoL2GJ1ISsyzmvrFGVk',NULL),
('sHJnT-K-5NydDY7BIOcs8A','1800000300','mfd_u_VT4tl0_HpSxVN3v9iF7RvhYbpMB7GvgGD90mQ',NULL),
('sealed:CQvXpXZGsgjl2C-9ReYL4w','1807776000',NULL,'1795987185'),
('sealed:F0eMzRxrsD9EDXQsktiIIg','1807776000',NULL,'1795987182'),
('sealed:FuuwpNrJh2N7efnXCUIQTg','1807776000',NULL,'1795987183'),
('sealed:GcmjZqtP9vlfYxsUAtWm_g','1807776000',NULL,'1795987198'),
('sealed:HpukOY60Lb4UngYV-8yQwQ','1807776000',NULL,'1795987185'),
('sealed:Irf_WOAF-7R_Sbvs6pFbwQ','1807776000',NULL,'1795987179'),
('sealed:J_5Yvgc6WZgno9l6BKG-bw','1807776000',NULL,'1795987179'),
('sealed:K_x0xzWB6_jtipHBFnXLIQ','1807776000',NULL,'1795987178'),
('sealed:NkjJS7EWG9J_BiPSmPnwjg','1807776000',NULL,'1795987179'),
('sealed:RXSIxwWwRmOxuN_ZnrZZnQ','1800432000',NULL,'1795987176'),
('sealed:Y8b7Dktcznlo-_ZSKQmuEQ','1807776000',NULL,'1795987183'),
('sealed:_XxOfeia1Wc7sQovcHMXTQ','1807776000',NULL,'1795987200'),
('sealed:adMabx3ofVUfgxjMNpgWfQ','1807776000',NULL,'1795987180'),
('sealed:cUDCEx9qe74bQS-BZ8yIww','1807776000',NULL,'1795987184'),
('sealed:gLUKiI1vCtdTZ47uJG_o2g','1807776000',NULL,'1795987198'),
('sealed:hT1UB0XhYnveogdnRNM10w','1807776000',NULL,'1795987183'),
('sealed:lJPJHASRHgbw0MrnNJlz2w','1807776000',NULL,'1795987179'),
('sealed:ls2PStsjxlJ_x6s91Jc-ew','1807776000',NULL,'1795987187'),
('sealed:noHqEDkyOTQSw_Jw2UZxrQ','1807776000',NULL,'1795987199'),
('sealed:pLR_I0tNnF90bGj45EycKw','1807776000',NULL,'1795987186'),
('sealed:rMd0UMlj796R8vA6TmoneA','1807776000',NULL,'1795987184'),
('sealed:t65oXDKzBnyXZL4cT34inw','1807776000',NULL,'1795987186'),
('sealed:u9bYYJOriU2wlJlKthQDpQ','1807776000',NULL,'1795987184'),
('sealed:wieH9DczymDa9ntv4B6DvA','1807776000',NULL,'1795987187'),
('soO4_Gg1JGEtruzA0ExgIw','1800000300','gzvWvza_-1RUeCaOLRp-SeO7L8p2dhAFMwItaKp0nkg',NULL),
('tzZmEurQCfS6vauyt_DfQA','1800000300','JXb2siHRCGcVu195LMMHyb9K9Dz7qZ8diA3fJHPD1_4',NULL),
('uhg37P2i9scUhyxmD7rTxw','1800000300','PzxqJjDeQkZlT-V3R87z3DwAiQh1_1KxnYSSiqFCBpU',NULL),
('xlIq3Kif5GwUHA5N-1bsdw','1800000300','TDS0fTTqkcz8Y9bhudKhXSv8O4kAFEvpvQBLIB8Mv04',NULL),
('y4L0q_8K_xtzBHwZC-lfEQ','1800000300','QuQYXdRTVIrVaiV78CuJsRx4LHEMDUj6HjnRK6l5bJY',NULL);
