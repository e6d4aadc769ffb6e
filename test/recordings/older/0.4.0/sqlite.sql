CREATE TABLE schema_steps (step INTEGER PRIMARY KEY);
CREATE TABLE guests (
      anonymous_id TEXT PRIMARY KEY,
      user_handle TEXT NOT NULL,
      label TEXT NOT NULL,
      collection TEXT NOT NULL,
      created_at BIGINT NOT NULL
    , last_seen_at BIGINT NOT NULL DEFAULT 0, days_seen BIGINT NOT NULL DEFAULT 1, expires_at BIGINT, due_at BIGINT DEFAULT 0, stage TEXT NOT NULL DEFAULT 'active', merged_into TEXT, promoted_at BIGINT);
CREATE TABLE passkeys (
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
    );
CREATE TABLE sessions (
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_seen_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      ends_at BIGINT NOT NULL,
      auth_time BIGINT, client_id TEXT, scope TEXT, jkt TEXT, refreshes BIGINT, refreshed_at BIGINT,
      PRIMARY KEY (anonymous_id, id)
    );
CREATE TABLE spent (
      id TEXT PRIMARY KEY,
      expires_at BIGINT NOT NULL,
      result TEXT
    , ended_at BIGINT);
CREATE TABLE chores (
      name TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      taken_until BIGINT NOT NULL
    );
CREATE TABLE signing_keys (
      generation BIGINT PRIMARY KEY,
      kid TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      public_key TEXT NOT NULL,
      private_key TEXT NOT NULL,
      signs_from BIGINT NOT NULL,
      retires_at BIGINT
    );
CREATE TABLE profiles (
      anonymous_id TEXT PRIMARY KEY REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      version BIGINT NOT NULL,
      attributes TEXT NOT NULL,
      updated_at BIGINT NOT NULL
    );
CREATE TABLE snoozes (
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      prompt TEXT NOT NULL,
      times BIGINT NOT NULL,
      snoozed_until BIGINT NOT NULL,
      PRIMARY KEY (anonymous_id, prompt)
    );
CREATE TABLE merges (
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
    );
CREATE TABLE audit (
      anonymous_id TEXT NOT NULL,
      at BIGINT NOT NULL,
      id TEXT NOT NULL,
      session_id TEXT,
      action TEXT NOT NULL,
      outcome TEXT NOT NULL,
      PRIMARY KEY (anonymous_id, at, id)
    );
CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      url TEXT NOT NULL,
      event TEXT NOT NULL,
      payload TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      attempts BIGINT NOT NULL,
      due_at BIGINT,
      failure TEXT,
      anonymous_id TEXT
    );
CREATE TABLE login_ids (
      type TEXT NOT NULL,
      value TEXT NOT NULL,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      verified_at BIGINT NOT NULL,
      is_primary INTEGER NOT NULL,
      PRIMARY KEY (type, value)
    );
CREATE TABLE codes (
      id TEXT PRIMARY KEY,
      code TEXT NOT NULL,
      tries_left BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    );
CREATE TABLE limits (
      id TEXT PRIMARY KEY,
      used BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    );
CREATE INDEX passkeys_of_guest ON passkeys (anonymous_id);
CREATE INDEX sessions_to_sweep ON sessions (substr(id, 8, 1), expires_at);
CREATE INDEX spent_to_sweep ON spent (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent (substr(id, 8, 1), ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX guests_due ON guests (substr(anonymous_id, 8, 1), due_at);
CREATE INDEX merges_from ON merges (from_id);
CREATE INDEX merges_into ON merges (into_id);
CREATE INDEX merges_to_sweep ON merges (substr(id, 8, 1), expires_at);
CREATE INDEX merges_to_do ON merges (substr(id, 8, 1), status, claimed_until);
CREATE INDEX audit_to_sweep ON audit (substr(anonymous_id, 8, 1), at);
CREATE INDEX outbox_due ON outbox (substr(id, 8, 1), due_at);
CREATE INDEX outbox_of ON outbox (anonymous_id);
CREATE INDEX outbox_to_sweep ON outbox (substr(id, 8, 1), created_at);
CREATE INDEX login_ids_of_guest ON login_ids (anonymous_id);
CREATE INDEX codes_to_sweep ON codes (substr(id, 8, 1), expires_at);
CREATE INDEX limits_to_sweep ON limits (substr(id, 8, 1), expires_at);
CREATE INDEX guests_due_others ON guests (due_at) WHERE substr(anonymous_id, 8, 1) NOT IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '_');
CREATE INDEX audit_to_sweep_others ON audit (at) WHERE substr(anonymous_id, 8, 1) NOT IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '_');
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into, promoted_at) VALUES
('-Ax55N0ZpjXQ_9W7Q3RrjA','JKET2R7uS5U3Z3i1qTfYNsaB4Ym6QpjNDcgaEB-6djlp5ye54cU3K3aADq7VFFu2jAKga79-wJ2kmT6x-MtA_Q','kind-seal-20','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('-cJDMkZN0PwZ94cHoYH8AA','CzQ3roN4YjZhwSyWAQUQ5gHX7ctat4VNDYmXijSR_Yqt-RnEko0ApFu9nhI4Kk8pZBOo4i3zFxhxqN7DyqX2vg','coral-dove-48','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('GlwDyQxGGHZotmAqrzpijg','pX2-tkQpH2qd4q4ueHMw0rVZNanVS1Xt6saxG_uCnQDeqm3mHMfqGjsNUGLWG1TYMW-5T8OB_x5Podw9rPt2Gg','cobalt-gecko-91','users',1800000000,1800000000,1,1800604800,1800604800,'merged','WCMb6bjdmSxGjTwyvLb-gg',NULL),
('KF2A45xGT0F44g3_ZF0vWg','IGxi6zg7cn81KxwYMHNFJU7upUJBGAbkq10rkKfm6i4f-rTYpowJ4nGqKIx17WD00-tiQN_I7RuGPBcF3zoWdg','happy-tapir-55','users',1800000000,1800000000,1,1800604800,1800604800,'merged','WCMb6bjdmSxGjTwyvLb-gg',NULL),
('MfV_KVDtVUma3086IAxJgg','focYPZRL2sc7U1d03eJU59GwEloTi3g3Y5iDq1JAK4uY5VRxtgxu2uTR6nv-s3usec8ARAA_lj2v1HlE-kzsAg','glad-penguin-94','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('OYVCex4WmKY-WPUp4TJa0A','HF9eSzB64hd8y8o3iGSV51K0RwBggWTgRvXzyNTpi1xoukWQVBR4Tw6DoZcOoZeKASsivYpNxTCya-6HE0rRRw','fair-linnet-34','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('Q_eua8CTzZ5eFVgyvs8WUw','xLo5CI2NIoi9LhGp8i7kF1lU6yWNiHWnS7aVXqxx81y8nVqnt1Qfb8MDll89YLdFzo4DM-g7HZu5CVPVqeaUbw','coral-marmot-97','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('SOzb8tZKvLntYYodmflq4Q','dEWAAkaDunWfu6KeCLuA_DPnVKGUQRfnk7CZsZ5i3YvR_8tFf3lyM_jQW3A_0d0zh76OC94WIIcHpw9ToXTc7w','','',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('V9tAtgNtgJU3HPJm8vwkXQ','LMBbN1uIxkzwVv3NeP9wKkrZ6lF7WPEnhlZw_ktVoWIemkIqJ7alS06OJzHahMdEy_-snYmXdkE9Qap3WnTIDA','swift-kiwi-14','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','tcKLrY03P6iSEQY8EtPJE9AcLBnksfuQarwBHQDDv6s0oJRb8yNeyIAVlfmSHlKGd2lDqtX-YoitP3vXTV6gvg','coral-owl-50','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('eG5VMM5H7__WqnDRtxK2Xw','TDh-WvkVPdyH6ii42YlN5UnlhtbyDYDsPpzhmnkGfJ7aAH67OeE-kZWcDgo0q1ucimZ7GnJ4DH0jw3FKhr63LA','glad-egret-45','users',1792656000,1792656000,1,1800518400,1800518400,'warned',NULL,NULL),
('fyewfOhCQnRAmIRFPtSdIg','E7YlNrrSruFLOFpgiFrgGsmwCunBQoewPYLSc9tDteiZPuw4rZSDgT40S6cVTAvRNdJmlF8IkHxY7A4I1HvXZA','olive-panda-45','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('giA8GQX04l7MfT7ar77y8Q','ehEn9pUyDlteBzk7uZb8nOEmFHh8eaLmPnZc5mu_b9AJtM0KE07ALY0lwxXdlA94XU9UH8_amS9w83RxoOCOag','silver-heron-53','users',1791360000,1791360000,1,1799568000,1801382400,'expired',NULL,NULL),
('jL8EYprgQ4i1PnWBuT-6Qw','3A-LMlJyWRrno2yuissEBzW7f4A1EUEzUullPGvikYn64f_Z67sgtn_Lyx5oqaDaIONvJRlDBxJCrqncQ6qArQ','lilac-lemur-26','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','grand-otter-75','users',1765440000,1765440000,1,NULL,NULL,'active',NULL,1800000000),
('mNnc8Qxg3ZFZfzWn3Xx6hQ','DGH8D_WWhtFmsLya1-PEbp_eh5q7tNzsaAek6mjKwgFkc8SO0holL2CXFH3Xj3X20Tux7Ism4IoH1F08ITp2Jg','glad-finch-57','users',1799827200,1800000000,2,1810368000,1809504000,'active',NULL,NULL),
('wr7oxwr2wpQWVVD5HnDHJw','gkUjjFfdt86EFY2ypzaxCodwWC60UovqpMY_PhjMs2y_pgKQERNTY5FwAgD4RjHX4zMc8w072V3tMT_69AhAVA','grand-sparrow-71','users',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('zVpSQNgJ4_841GINfCcpcw','3SdXtXsr_XsHKX4C4hpska4dLwsciT-cj5IPyUu7c2d0GYYk8mxxRt7vo4Q1yDojeY2I5BxfDaKx7Of-_jGxvA','snowy-falcon-85','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('-Ax55N0ZpjXQ_9W7Q3RrjA',1800000000,'7xjh7ol6','-Ax55N0ZpjXQ_9W7Q3RrjA','profile.changed','done'),
('-Ax55N0ZpjXQ_9W7Q3RrjA',1800000000,'n8NjFnUc','-Ax55N0ZpjXQ_9W7Q3RrjA','guest.kept','done'),
('-cJDMkZN0PwZ94cHoYH8AA',1800000000,'CCFLpv78','-cJDMkZN0PwZ94cHoYH8AA','guest.promoted','done'),
('-cJDMkZN0PwZ94cHoYH8AA',1800000000,'hs2S1j2r','-cJDMkZN0PwZ94cHoYH8AA','guest.kept','done'),
('-cJDMkZN0PwZ94cHoYH8AA',1800000000,'qlhmcjz3','dL_hhd2kz4-jOg0VLkaN-9IxSBRW5L5M5qVOMAFrhaI','guest.demoted','done'),
('GlwDyQxGGHZotmAqrzpijg',1800000000,'DO9h-vSK','GlwDyQxGGHZotmAqrzpijg','guest.kept','done'),
('GlwDyQxGGHZotmAqrzpijg',1800000000,'TQ04-vbB','GlwDyQxGGHZotmAqrzpijg','profile.changed','done'),
('KF2A45xGT0F44g3_ZF0vWg',1800000000,'c_dShHcX','KF2A45xGT0F44g3_ZF0vWg','passkey.added','done'),
('MfV_KVDtVUma3086IAxJgg',1800000000,'hNcsZaKp','MfV_KVDtVUma3086IAxJgg','passkey.added','done'),
('OYVCex4WmKY-WPUp4TJa0A',1800000000,'2bxJ42gM','OYVCex4WmKY-WPUp4TJa0A','guest.kept','done'),
('Q_eua8CTzZ5eFVgyvs8WUw',1800000000,'PPJrLys1','CKJe-bDRQr7K_n_QSSE0SGrxSype0nxvXR7ax7c-hSs','passkey.added','done'),
('SOzb8tZKvLntYYodmflq4Q',1800000000,'-vzpZtal','SOzb8tZKvLntYYodmflq4Q','guest.kept','done'),
('SOzb8tZKvLntYYodmflq4Q',1800000000,'SsbpedS3',NULL,'guest.promoted','done'),
('V9tAtgNtgJU3HPJm8vwkXQ',1800000000,'N1cvJNaa','V9tAtgNtgJU3HPJm8vwkXQ','passkey.added','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'-rREpKKe','uAzheBXYEEVJHoAf1iog4q0Cb3MFVdXINcLfvOGr5wM','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'1JtpWpRr','Tz_1JZBbZfDEX-weVhiTrgx4Ce0t569YO89-DMTT7O0','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'9tETp0hE','QWjJChNBP_dRSsMPmEslt_3p3MVmxbrUonG8-gYqq2U','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'HEHUf0Gr',NULL,'guest.merged','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'XGUHTmPG',NULL,'guest.merged','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'XsbUijIw',NULL,'guest.merged','merge_refused'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'Zg2T43v3','HT_UftB_mO0YvxY-jksEGMez0z-nwgDcF0WGISpYTNk','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'knSjXdgO','cFwm-mJOdcpQ1UOzE9-yT81nhpruaWW4sZdBWWd0KcU','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'oe_TK94B',NULL,'guest.merged','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'vGWK91Xq','Q4QDA3NCEQEy4LqO3MyaLc_MgoCFcrtbRGNZ_B1Lbp0','guest.signed_in','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'ySdD4ULK','WCMb6bjdmSxGjTwyvLb-gg','passkey.added','done'),
('WCMb6bjdmSxGjTwyvLb-gg',1800000000,'zJ33Grcq',NULL,'guest.merged','done'),
('XqHW0auf7rU560o5NK-DCQ',1800000000,'Un94K6DN',NULL,'guest.erased','done'),
('eG5VMM5H7__WqnDRtxK2Xw',1792656000,'U7e2bn2v','eG5VMM5H7__WqnDRtxK2Xw','passkey.added','done'),
('eG5VMM5H7__WqnDRtxK2Xw',1799654400,'kGrzPsHU',NULL,'guest.expiring','done'),
('fyewfOhCQnRAmIRFPtSdIg',1800000000,'I9gEQKis','fyewfOhCQnRAmIRFPtSdIg','profile.changed','done'),
('fyewfOhCQnRAmIRFPtSdIg',1800000000,'TAQR8HMs','fyewfOhCQnRAmIRFPtSdIg','guest.kept','done'),
('giA8GQX04l7MfT7ar77y8Q',1798704000,'aBFp17PP',NULL,'guest.expiring','done'),
('giA8GQX04l7MfT7ar77y8Q',1799654400,'YskShB30',NULL,'guest.expired','done'),
('jL8EYprgQ4i1PnWBuT-6Qw',1800000000,'eynSWkYD','jL8EYprgQ4i1PnWBuT-6Qw','guest.kept','done'),
('legacy|4711',1800000000,'Z2m-5STg',NULL,'guest.imported','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'3udbooqQ','Oa3X3PFMm16EjHbzHod-cAX8FxuRcuCRbD3Vmmx0HIY','guest.signed_out','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'C6X8r3k_','EbX1HhDp0yev9IcEX3AaDWg-hFiM_xs94CafCHrTjyg','passkey.added','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'UFtDXpfe','EbX1HhDp0yev9IcEX3AaDWg-hFiM_xs94CafCHrTjyg','passkey.added','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'_EZf9TFW','Oa3X3PFMm16EjHbzHod-cAX8FxuRcuCRbD3Vmmx0HIY','guest.signed_in','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'_YBezbKB','EbX1HhDp0yev9IcEX3AaDWg-hFiM_xs94CafCHrTjyg','passkey.removed','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'buURcKj5','h6xjb6s7QXIaqkogRAibdvm7lKGaou8wNvebqvbXGb0','guest.signed_in','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1799827200,'pW8QSAgS','mNnc8Qxg3ZFZfzWn3Xx6hQ','passkey.added','done'),
('mNnc8Qxg3ZFZfzWn3Xx6hQ',1800000000,'ifMnu8e5','cMcyx_ALrprGFJ9Yz-d1GvgiCU6jU6VOGv1O5Nj-iDw','guest.signed_in','done'),
('wr7oxwr2wpQWVVD5HnDHJw',1800000000,'3BGZi3pn','wr7oxwr2wpQWVVD5HnDHJw','guest.promoted','done'),
('wr7oxwr2wpQWVVD5HnDHJw',1800000000,'4fyU7RH3','wr7oxwr2wpQWVVD5HnDHJw','guest.kept','done'),
('zVpSQNgJ4_841GINfCcpcw',1800000000,'ChL8-q8s','zVpSQNgJ4_841GINfCcpcw','passkey.added','done'),
('zVpSQNgJ4_841GINfCcpcw',1800000000,'qgTXHOuS',NULL,'guest.merge_undone','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','38-_5W8snnjmwYuizxzZCg',1799654460),
('resume merges','38-_5W8snnjmwYuizxzZCg',1799654460),
('rotate signing keys','38-_5W8snnjmwYuizxzZCg',1799658000),
('sweep','38-_5W8snnjmwYuizxzZCg',1799654460);
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('IlKOiXlJdJoLAs6jHGK9Y1DymC-3tOqucgmQsvcLQf8','YhPa8eapfJz3kjhEI1NxvNMzF0Gz8eiTDjG64B3X594',5,1800000600),
('Nuv1ZevzE1dRYgPK_5Skkytgso8xepPsMQHXG5gQ7GU','V7lCTRGVEGKyeGbg6HM_-hFpySHgrkYknVwuam7e80U',5,1800000600);
INSERT INTO limits (id, used, expires_at) VALUES
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo',4,1800003600),
('2RJkzpaxFAWGo9tYbMK52wG8mlHMkuTaRZhkYa9l9-o',1,1800003600),
('8cDAxiTkpPasJ2EHLm50y6gKPFbx9l6qLjcXwicrY6s',1,1800003600),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk',1,1800086400),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE',1,1800003600),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8',1,1800003600),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs',1,1800086400),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s',1,1800086400),
('U_6CQVrDeSgt2uXIemvvb-4JJTkGBuPcONE6qUUCxx8',1,1800003600),
('XU-Up_HaPGpfRYoQHNAebBb526RtJBElBxuoIDSO4pM',1,1800086400),
('eJnarMpEipgZ8QHLhsMIYVqIzuKjGGGXgLpCbfTm9RY',1,1800003600),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs',1,1800003600);
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','SOzb8tZKvLntYYodmflq4Q',1800000000,1),
('email','imported@example.org','legacy|4711',1800000000,1),
('email','pia@example.org','wr7oxwr2wpQWVVD5HnDHJw',1800000000,1);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('1HkkcDQVkcVvjxEy6OCRvoKTFWdq62_z-X15nFo3eLE','zVpSQNgJ4_841GINfCcpcw','WCMb6bjdmSxGjTwyvLb-gg','snowy-falcon-85','users','passkey',1,NULL,0,'undone',0,1800000600,NULL),
('Bn_y_UHHxMsBItLFVUteuza2fH8OtB6bbZC9qTGlo3E','GlwDyQxGGHZotmAqrzpijg','WCMb6bjdmSxGjTwyvLb-gg','cobalt-gecko-91','users','none',1,1800000000,0,'merged',0,1800604800,'{"before":{},"after":{"favourites":["coffee"]}}'),
('Cf6tznrcxATXzB9JbojGuZt_YZUAsWrzMSsBiQY1cBc','KF2A45xGT0F44g3_ZF0vWg','WCMb6bjdmSxGjTwyvLb-gg','happy-tapir-55','users','passkey',1,NULL,0,'merged',0,1800604800,NULL),
('_EIAQUkBXb3zC8e95xb02iuWAIWwX5WHjc3NjnsMkkI','MfV_KVDtVUma3086IAxJgg','WCMb6bjdmSxGjTwyvLb-gg','glad-penguin-94','users','passkey',1,NULL,0,'offered',0,1800000600,NULL),
('epK0NGMM7O1z4KNLxoJ7SwInJp0jQpBW0Nu9HktN5ac','PSLz_PbmKKOi-BrsB6MHBw','WCMb6bjdmSxGjTwyvLb-gg','neat-beaver-57','users','none',1,1800000000,0,'merged',0,1800604800,NULL),
('nz-0jYdG_8VzVVDgMNivEQ7g77-WBoHKjqgB9KiPE74','fyewfOhCQnRAmIRFPtSdIg','WCMb6bjdmSxGjTwyvLb-gg','olive-panda-45','users','none',1,1800000000,1,'offered',0,1800086400,NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_-V8QrK-Rg9C6YlwXha-WQQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"OYVCex4WmKY-WPUp4TJa0A","anonymous_id":"OYVCex4WmKY-WPUp4TJa0A","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','OYVCex4WmKY-WPUp4TJa0A'),
('msg_0C2jJSdIYHVADyWgQm2Nsg','http://127.0.0.1:9/down','passkey.removed','{"type":"passkey.removed","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"mNnc8Qxg3ZFZfzWn3Xx6hQ","passkey_id":"YJdg7qozsh0r5yl3POYrKpOSC0D_ig-YqGNKQlus5X8"}}',1799827200,2,1800000300,'the receiver answered 503','mNnc8Qxg3ZFZfzWn3Xx6hQ'),
('msg_0s9X37A_r0az2xbl0Y5RUg','http://127.0.0.1:9/down','guest.merge_undone','{"type":"guest.merge_undone","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"1HkkcDQVkcVvjxEy6OCRvoKTFWdq62_z-X15nFo3eLE","from":{"anonymous_id":"zVpSQNgJ4_841GINfCcpcw","label":"snowy-falcon-85","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","label":"coral-owl-50","collection":"users","recoverability":"passkey"}}}',1800000000,1,1800000005,'the receiver answered 503','zVpSQNgJ4_841GINfCcpcw'),
('msg_5NFOFhRi29i4xrUbKv41xQ','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"wr7oxwr2wpQWVVD5HnDHJw","anonymous_id":"wr7oxwr2wpQWVVD5HnDHJw","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"grand-sparrow-71","collection":"users","expires_at":null},"type":"email"}}',1800000000,1,1800000005,'the receiver answered 503','wr7oxwr2wpQWVVD5HnDHJw'),
('msg_5o8l0aVR_pls_ZDIUZG4JA','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"SOzb8tZKvLntYYodmflq4Q","anonymous_id":"SOzb8tZKvLntYYodmflq4Q","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"","collection":"","expires_at":null},"type":"email"}}',1800000000,1,1800000005,'the receiver answered 503','SOzb8tZKvLntYYodmflq4Q'),
('msg_5r24tWEfJJg1oFCMhVig0Q','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"WCMb6bjdmSxGjTwyvLb-gg","anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"coral-owl-50","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_62qsu4iz0cHXirbpCzxVCQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"zVpSQNgJ4_841GINfCcpcw","anonymous_id":"zVpSQNgJ4_841GINfCcpcw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"snowy-falcon-85","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','zVpSQNgJ4_841GINfCcpcw'),
('msg_AbQeNlLglHjqsozYKVQE8g','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"GlwDyQxGGHZotmAqrzpijg","anonymous_id":"GlwDyQxGGHZotmAqrzpijg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"cobalt-gecko-91","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','GlwDyQxGGHZotmAqrzpijg'),
('msg_CokWuz-_MUDNKH3F96D9iw','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"1HkkcDQVkcVvjxEy6OCRvoKTFWdq62_z-X15nFo3eLE","from":{"anonymous_id":"zVpSQNgJ4_841GINfCcpcw","label":"snowy-falcon-85","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","label":"coral-owl-50","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_GfP4jL4wPNZf_BhhfUkMHQ','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"eG5VMM5H7__WqnDRtxK2Xw","collection":"users","recoverability":"passkey","expires_at":1800518400}}',1799654400,3,1800001800,'the receiver answered 503','eG5VMM5H7__WqnDRtxK2Xw'),
('msg_Hc-Eg5bXQZFqW9mOTBmcLA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"Bn_y_UHHxMsBItLFVUteuza2fH8OtB6bbZC9qTGlo3E","from":{"anonymous_id":"GlwDyQxGGHZotmAqrzpijg","label":"cobalt-gecko-91","collection":"users","recoverability":"none"},"into":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","label":"coral-owl-50","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_IRF9gnKaeCuMGL1JsrsjuQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"-cJDMkZN0PwZ94cHoYH8AA","anonymous_id":"-cJDMkZN0PwZ94cHoYH8AA","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"coral-dove-48","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','-cJDMkZN0PwZ94cHoYH8AA'),
('msg_ITY_FlRmNmRATxTJ5KeL0Q','http://127.0.0.1:9/down','guest.promoted','{"type":"guest.promoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"-cJDMkZN0PwZ94cHoYH8AA","anonymous_id":"-cJDMkZN0PwZ94cHoYH8AA","isAnonymous":false,"isVerified":true,"recoverability":"none","label":"coral-dove-48","collection":"users","expires_at":null},"type":"email"}}',1800000000,1,1800000005,'the receiver answered 503','-cJDMkZN0PwZ94cHoYH8AA'),
('msg_JPxb4vfKBAdWtsnynJqc9A','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"mNnc8Qxg3ZFZfzWn3Xx6hQ","passkey_id":"CWchytBOoki3-QupJmDg4t3lrX7goUVfTM8HUoHevKY","first":false}}',1799827200,2,1800000300,'the receiver answered 503','mNnc8Qxg3ZFZfzWn3Xx6hQ'),
('msg_MnV-cCVsrBn6MvCoZoOkiw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"mNnc8Qxg3ZFZfzWn3Xx6hQ","passkey_id":"YJdg7qozsh0r5yl3POYrKpOSC0D_ig-YqGNKQlus5X8","first":false}}',1799827200,2,1800000300,'the receiver answered 503','mNnc8Qxg3ZFZfzWn3Xx6hQ'),
('msg_NuquzVT5IKZkL2XCdw8H9Q','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","passkey_id":"2k-0Ht2FqPWtI8eSJG1iLRyo2CLe2i1IANRa9_ye1Wg","first":true}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_O3bQK4Vr7Tntx3rjgU_c7Q','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"MfV_KVDtVUma3086IAxJgg","anonymous_id":"MfV_KVDtVUma3086IAxJgg","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"glad-penguin-94","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','MfV_KVDtVUma3086IAxJgg'),
('msg_OoePeanA5sRw1yE6OrDRjw','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2026-10-22T08:00:00.000Z","data":{"guest":{"sub":"eG5VMM5H7__WqnDRtxK2Xw","anonymous_id":"eG5VMM5H7__WqnDRtxK2Xw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"glad-egret-45","collection":"users","expires_at":1800432000}}}',1792656000,5,1800018000,'the receiver answered 503','eG5VMM5H7__WqnDRtxK2Xw'),
('msg_P2cgfGj1RF0aDNkUSls9Ow','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"SOzb8tZKvLntYYodmflq4Q","anonymous_id":"SOzb8tZKvLntYYodmflq4Q","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','SOzb8tZKvLntYYodmflq4Q'),
('msg_Q9AzLl7isQV9pNCbmiyYag','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"-Ax55N0ZpjXQ_9W7Q3RrjA","anonymous_id":"-Ax55N0ZpjXQ_9W7Q3RrjA","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"kind-seal-20","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','-Ax55N0ZpjXQ_9W7Q3RrjA'),
('msg_QPiOgjiShySC0DwtDp1BEA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"jL8EYprgQ4i1PnWBuT-6Qw","anonymous_id":"jL8EYprgQ4i1PnWBuT-6Qw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"lilac-lemur-26","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','jL8EYprgQ4i1PnWBuT-6Qw'),
('msg_V_HlIZP4Y0fqfMTxUgw4OQ','http://127.0.0.1:9/down','guest.erased','{"type":"guest.erased","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"XqHW0auf7rU560o5NK-DCQ","reason":"host"}}',1800000000,1,1800000005,'the receiver answered 503','XqHW0auf7rU560o5NK-DCQ'),
('msg_XF3fzJh6PwpszNGpWuOWzg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"wr7oxwr2wpQWVVD5HnDHJw","anonymous_id":"wr7oxwr2wpQWVVD5HnDHJw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"grand-sparrow-71","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','wr7oxwr2wpQWVVD5HnDHJw'),
('msg_YsiqcB1JjONWMRnbtJJUeQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"KF2A45xGT0F44g3_ZF0vWg","passkey_id":"OQ2HFS8dt5g6Uo-oWT3J_EL6mDEh_nJ6dWuKen4DfX0","first":true}}',1800000000,1,1800000005,'the receiver answered 503','KF2A45xGT0F44g3_ZF0vWg'),
('msg__5RF7OF7dytkQi8tWTcrIg','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2026-12-31T08:00:00.000Z","data":{"anonymous_id":"giA8GQX04l7MfT7ar77y8Q","collection":"users","recoverability":"passkey","expires_at":1799568000}}',1798704000,5,1800018000,'the receiver answered 503','giA8GQX04l7MfT7ar77y8Q'),
('msg__tgyLgrEEJJYAjI_thG20Q','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"KF2A45xGT0F44g3_ZF0vWg","anonymous_id":"KF2A45xGT0F44g3_ZF0vWg","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"happy-tapir-55","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','KF2A45xGT0F44g3_ZF0vWg'),
('msg_fvr2mJKZXu96waEg_ysa8w','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-13T08:00:00.000Z","data":{"guest":{"sub":"mNnc8Qxg3ZFZfzWn3Xx6hQ","anonymous_id":"mNnc8Qxg3ZFZfzWn3Xx6hQ","isAnonymous":true,"isVerified":false,"recoverability":"synced","label":"glad-finch-57","collection":"users","expires_at":1810195200}}}',1799827200,2,1800000300,'the receiver answered 503','mNnc8Qxg3ZFZfzWn3Xx6hQ'),
('msg_h4Idt89t1CCMp5nhDdvqNw','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"-Ax55N0ZpjXQ_9W7Q3RrjA","attributes":["nickname","favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','-Ax55N0ZpjXQ_9W7Q3RrjA'),
('msg_h9bhbY-3CPkYrviXHnEGjw','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"Cf6tznrcxATXzB9JbojGuZt_YZUAsWrzMSsBiQY1cBc","from":{"anonymous_id":"KF2A45xGT0F44g3_ZF0vWg","label":"happy-tapir-55","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","label":"coral-owl-50","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_i3RMX7Q-OzKTCn0-8TVbSg','http://127.0.0.1:9/down','guest.demoted','{"type":"guest.demoted","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"-cJDMkZN0PwZ94cHoYH8AA","anonymous_id":"-cJDMkZN0PwZ94cHoYH8AA","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"coral-dove-48","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','-cJDMkZN0PwZ94cHoYH8AA'),
('msg_kT1mqIfHTNGqLYjgX5OjUA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"V9tAtgNtgJU3HPJm8vwkXQ","anonymous_id":"V9tAtgNtgJU3HPJm8vwkXQ","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"swift-kiwi-14","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','V9tAtgNtgJU3HPJm8vwkXQ'),
('msg_lA2NNrbXYJONvixAn9C-0w','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"Q_eua8CTzZ5eFVgyvs8WUw","anonymous_id":"Q_eua8CTzZ5eFVgyvs8WUw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"coral-marmot-97","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','Q_eua8CTzZ5eFVgyvs8WUw'),
('msg_mIUA2alzfLc6ObVtMGgcFA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"fyewfOhCQnRAmIRFPtSdIg","anonymous_id":"fyewfOhCQnRAmIRFPtSdIg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"olive-panda-45","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','fyewfOhCQnRAmIRFPtSdIg'),
('msg_ngnhDpFplpjMW58HmmFS-w','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"Q_eua8CTzZ5eFVgyvs8WUw","passkey_id":"OFSR9IXhIzkneOh_6IWwuk09HiV_f8CTD8-42fctAdU","first":true}}',1800000000,1,1800000005,'the receiver answered 503','Q_eua8CTzZ5eFVgyvs8WUw'),
('msg_oAauqStaavvY5SjMBc5SCQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"mNnc8Qxg3ZFZfzWn3Xx6hQ","passkey_id":"si2-4ud1x9w--OGLK4HjTi0njaF9F6nfg-BpZZNWeyU","first":true}}',1799827200,2,1800000300,'the receiver answered 503','mNnc8Qxg3ZFZfzWn3Xx6hQ'),
('msg_pjmTSH030vV67oINJL2ExA','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"epK0NGMM7O1z4KNLxoJ7SwInJp0jQpBW0Nu9HktN5ac","from":{"anonymous_id":"PSLz_PbmKKOi-BrsB6MHBw","label":"neat-beaver-57","collection":"users","recoverability":"none"},"into":{"anonymous_id":"WCMb6bjdmSxGjTwyvLb-gg","label":"coral-owl-50","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','WCMb6bjdmSxGjTwyvLb-gg'),
('msg_tTUWS_CX_r4sm2W_7KvkKQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2026-10-22T08:00:00.000Z","data":{"anonymous_id":"eG5VMM5H7__WqnDRtxK2Xw","passkey_id":"FI2hvndlbyW-cp6uwT3E1TRRV6sOYPZRru5CA4R4nfQ","first":true}}',1792656000,5,1800018000,'the receiver answered 503','eG5VMM5H7__WqnDRtxK2Xw'),
('msg_tZkWs9rK9pU5NQ6Vz0UVfw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"zVpSQNgJ4_841GINfCcpcw","passkey_id":"3CL_ZLjM3sfO3IOy10CUCVnG3J7LaWmIeBvLy7k2zOE","first":true}}',1800000000,1,1800000005,'the receiver answered 503','zVpSQNgJ4_841GINfCcpcw'),
('msg_wTItVAL5qNapH5DxT1KqQg','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"GlwDyQxGGHZotmAqrzpijg","attributes":["favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','GlwDyQxGGHZotmAqrzpijg'),
('msg_wsBxAWdQFvGoot_4JsdjEw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"V9tAtgNtgJU3HPJm8vwkXQ","passkey_id":"aAe0gruVOPce_1jEVitSGKwODoQu2sPDSP-4Jhkynb8","first":true}}',1800000000,1,1800000005,'the receiver answered 503','V9tAtgNtgJU3HPJm8vwkXQ'),
('msg_xFeC9ACtkvUZH5aohndrsg','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"fyewfOhCQnRAmIRFPtSdIg","attributes":["favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','fyewfOhCQnRAmIRFPtSdIg'),
('msg_xsymDqEO8srO71Q3C5eS3A','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"MfV_KVDtVUma3086IAxJgg","passkey_id":"CY5XcHsk7Wf1aiCC-EPpVCaptUPCbjar_Rsfnux9Zh0","first":true}}',1800000000,1,1800000005,'the receiver answered 503','MfV_KVDtVUma3086IAxJgg'),
('msg_z-orvNu-1J6p0xxilxu6yg','http://127.0.0.1:9/down','guest.expired','{"type":"guest.expired","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"giA8GQX04l7MfT7ar77y8Q","collection":"users","recoverability":"passkey","erased_at":1801382400}}',1799654400,3,1800001800,'the receiver answered 503','giA8GQX04l7MfT7ar77y8Q');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('2k-0Ht2FqPWtI8eSJG1iLRyo2CLe2i1IANRa9_ye1Wg','WCMb6bjdmSxGjTwyvLb-gg','pQECAyYgASFYIAV6Hy4rtzxWot-SAr4_bGUgFKIniVz6MZRLPpL5doTPIlggiR9iJriSkcCw7Y1uXNlMAWleeTnbIIi247s88rrNyUE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('3CL_ZLjM3sfO3IOy10CUCVnG3J7LaWmIeBvLy7k2zOE','zVpSQNgJ4_841GINfCcpcw','pQECAyYgASFYIAmQ4yJ5MY65Z3TzWErMq_kGJVguMXhGOn0zDyCbdDwWIlggmH1N8b3fWxJN6rvgURO37R1Na_P5VZ5k6yZWvAWuX2E',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('7jvWAqdT9B5ktQEoNB7bOr7V54Ny2efCiTRk6MQmZ80','giA8GQX04l7MfT7ar77y8Q','pQECAyYgASFYIFWDi800Q-C6hE1hYhEyTL3NkSF8_wAI553VXUTbJuFmIlggeNq6QEuc25eQUcQ3G3966iv_vTbV1TJEmfkkZELtkfA',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('CWchytBOoki3-QupJmDg4t3lrX7goUVfTM8HUoHevKY','mNnc8Qxg3ZFZfzWn3Xx6hQ','pQECAyYgASFYIA4wwbA6QEtHp1DR4aJQN-TZrBZowFxaVNPBcl6h7c0GIlgg9hF9TVI2pZUmzF7dw83uXTBPP_0wai1hqZx4QwUYNCk',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799827200,1799827200),
('CY5XcHsk7Wf1aiCC-EPpVCaptUPCbjar_Rsfnux9Zh0','MfV_KVDtVUma3086IAxJgg','pQECAyYgASFYIOJOP0mFZ7DsD2vbylCj6yqFFOPNuHfcHbHruZs6tZytIlgg2Na7C0ipk1qa88CLxS4HtjMJmAHuQ9mMzB2mKuOajYw',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('FI2hvndlbyW-cp6uwT3E1TRRV6sOYPZRru5CA4R4nfQ','eG5VMM5H7__WqnDRtxK2Xw','pAEDAzkBACBZAQCBGjJ00UO4jTaAwISxy99X963YqbfEq6wWBHWp0hcpUPHLLTYXTq7u4V8f3BWIXzAHwtiioG6ulcVKM-xRrLXdcG7O2Klk4vFIvzr-ZPEVkerOzKJAku8l6uRJlXrtD_6eehFXbpxliJrVPIHpnB_nNY3xEsJBR-1ilvP4_hEoHKyHs66RYe1QNd8i8_OzwCIuteCIaSxVMzbhpbGK89BavmRDmCyxutX2FUXPwc97_NpjDd88cBT26ozzefcQJznlxJ9WISC9r3_SOyEwH6R43QvLbw834ePAU9oW-gZ45-U4QWCb9LfYrF0n1hQ7sMo-e8sJBUNdzKxGag5W86CrIUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL),
('OFSR9IXhIzkneOh_6IWwuk09HiV_f8CTD8-42fctAdU','Q_eua8CTzZ5eFVgyvs8WUw','pQECAyYgASFYID_S3rXXMPaJVV6IPUy_9s6s6CGCuxdE7wmwHi4wKsN0Ilgg8wAIZqxcCDPDkQ2ohcQYpnHK0kZTMpoPTbXnC4x7bms',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('OQ2HFS8dt5g6Uo-oWT3J_EL6mDEh_nJ6dWuKen4DfX0','KF2A45xGT0F44g3_ZF0vWg','pQECAyYgASFYIIlU1WIsBbiurW014TZF_E7OIB2q35vyRwHIV3vTNLOlIlgg41zRMt-siWYiwm0uQcayCVQXdS7iBNiZhKbNOdMel_g',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('aAe0gruVOPce_1jEVitSGKwODoQu2sPDSP-4Jhkynb8','V9tAtgNtgJU3HPJm8vwkXQ','pQECAyYgASFYIKm0WbmhFXDVA7ypEu2u7gc1bT1p3qPJOTagt00CVAtPIlggE_LQxRZqn2YRDKG3mx_rKRvgRo5-rbo9OjeN0Muf0nc',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('si2-4ud1x9w--OGLK4HjTi0njaF9F6nfg-BpZZNWeyU','mNnc8Qxg3ZFZfzWn3Xx6hQ','pQECAyYgASFYIPy8uP_YGIMhSNHR163rtzSRp1zDC7cG5O_pJesJlotnIlggXmIc7ReDbzhDtmtP8LfmBon25AK0FuEJaEQj-wus72Y',0,'00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,1799827200,1800000000);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('-Ax55N0ZpjXQ_9W7Q3RrjA',1,'{"nickname":"Prue","favourites":["tea"]}',1800000000),
('GlwDyQxGGHZotmAqrzpijg',1,'{"favourites":["coffee"]}',1800000000),
('WCMb6bjdmSxGjTwyvLb-gg',1,'{"favourites":["coffee"]}',1800000000),
('fyewfOhCQnRAmIRFPtSdIg',1,'{"favourites":["coffee"]}',1800000000);
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2),
(3),
(4),
(5),
(6);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('-Ax55N0ZpjXQ_9W7Q3RrjA','-Ax55N0ZpjXQ_9W7Q3RrjA',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('-cJDMkZN0PwZ94cHoYH8AA','dL_hhd2kz4-jOg0VLkaN-9IxSBRW5L5M5qVOMAFrhaI',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('OYVCex4WmKY-WPUp4TJa0A','OYVCex4WmKY-WPUp4TJa0A',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('Q_eua8CTzZ5eFVgyvs8WUw','CKJe-bDRQr7K_n_QSSE0SGrxSype0nxvXR7ax7c-hSs',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,2,1800000000),
('V9tAtgNtgJU3HPJm8vwkXQ','FtV5N0y6grRqt2M8Q6CgZLQjZ4rKoi24EjyA_cIUERk',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','HT_UftB_mO0YvxY-jksEGMez0z-nwgDcF0WGISpYTNk',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','Q4QDA3NCEQEy4LqO3MyaLc_MgoCFcrtbRGNZ_B1Lbp0',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','QWjJChNBP_dRSsMPmEslt_3p3MVmxbrUonG8-gYqq2U',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','Tz_1JZBbZfDEX-weVhiTrgx4Ce0t569YO89-DMTT7O0',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','cFwm-mJOdcpQ1UOzE9-yT81nhpruaWW4sZdBWWd0KcU',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','kCZXf2KyScEzezbdiXdwgDcFaLfGISmzia3gPgEJiOM',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('WCMb6bjdmSxGjTwyvLb-gg','uAzheBXYEEVJHoAf1iog4q0Cb3MFVdXINcLfvOGr5wM',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('eG5VMM5H7__WqnDRtxK2Xw','fhyls8IW7ihZikn0Z7niu9XsYPewiflXPHHC1s6k3yA',1792656000,1792656000,1800432000,1824192000,1792656000,NULL,NULL,NULL,NULL,NULL),
('jL8EYprgQ4i1PnWBuT-6Qw','jL8EYprgQ4i1PnWBuT-6Qw',0,0,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('mNnc8Qxg3ZFZfzWn3Xx6hQ','EbX1HhDp0yev9IcEX3AaDWg-hFiM_xs94CafCHrTjyg',1799827200,1800000000,1807776000,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('mNnc8Qxg3ZFZfzWn3Xx6hQ','cMcyx_ALrprGFJ9Yz-d1GvgiCU6jU6VOGv1O5Nj-iDw',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('mNnc8Qxg3ZFZfzWn3Xx6hQ','h6xjb6s7QXIaqkogRAibdvm7lKGaou8wNvebqvbXGb0',1799827200,1799827200,1807603200,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('wr7oxwr2wpQWVVD5HnDHJw','gV3D7iWLQ3Tdn8gObMb9dbzqvsayRszQzw-PIqINI8U',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
(1,'oGpKZ_IynTXOjLhx3eKyc8E2oLnqOQb8yUjnqzU0NUI','ES256','{"kty":"EC","x":"UZo9bAG4CUShFiB2zmkmZMXUC4haJ2sGfZrFxbV-aS4","y":"kLvaKgpQAywWvzbahWBa6lNOPTuatrTQ9LOL8oO5p1Q","crv":"P-256","kid":"oGpKZ_IynTXOjLhx3eKyc8E2oLnqOQb8yUjnqzU0NUI","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..XTRSoJjwicFd4VUO.KbJP7weNHpat0Ac2cCNV__p19znqV7-R_mEpdMSEIPLkN6CbsOz9DDoyzAts368Hj2XhqFnJmZo6SrBvHrX6fV7X01V36eedzrEl6-gl7fj0mL2QQA3LkkvEcEjXAhgpYlCCuE3FA3ofdBSePOZ8oXOhpu7b8h-uYz2JAO0T_dI-RoRzM6bRT58FUEfjp3DR0AhXM9jdFXUA8ic4DgdtJgV5ihS6toiAm9cIQt52vis.LY8ll0S770ixzJMA0sUNUA',1800000000,1800004620),
(2,'BDHPO488Ku8uA2bjETD9dzYR0k_aQ_hVDBzM2rVA-6k','ES256','{"kty":"EC","x":"qcb-dJ2vqtkYMCG680WLe1vHJHhyl5HCsni9AaXTPPA","y":"1Anb2YnW0od27rfmNMQLlD9PcQaSwcSxN5k0O6UEzw0","crv":"P-256","kid":"BDHPO488Ku8uA2bjETD9dzYR0k_aQ_hVDBzM2rVA-6k","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..IJT5VmzdkpTm2kB7.3-ove2Z8dC8TZWbaEaHPvJsU1eXMtjV8hzi7prwbmd5GmvkA8_ic7W8S5FiOGdw55gf-0Q2IaspwjoAcJvaU3X9Fk4sNvpY8BhBNXkk4v4VqdJgRIR0HRS7YlLKGegCQvDv3tSg6tD9Ras-oWNeUX0y9KaN6C-_Rfr07sNFybJzxsdJoIqa8fQh4tfaH6Rx-toc9b189Nf4OoVwYGuTnvlWH5XTD7DLvDzgN0fayn70.tRpYbe0TzGWwyVLll9NK5w',1800000900,NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('-Ax55N0ZpjXQ_9W7Q3RrjA','add_attribute:nickname',1,1800604800);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('-ivmkt-FC--UgNiDaHe2CA',1800000300,'OQ2HFS8dt5g6Uo-oWT3J_EL6mDEh_nJ6dWuKen4DfX0',NULL),
('3Ft0OtZb7xw6Fd3oIxfJWw',1799827500,'h6xjb6s7QXIaqkogRAibdvm7lKGaou8wNvebqvbXGb0',NULL),
('3l92UGqIah4p--F52qzpXw',1800000300,'Tz_1JZBbZfDEX-weVhiTrgx4Ce0t569YO89-DMTT7O0',NULL),
('C-3GJwfP7DpLYYhM1HXs_w',1800000300,'aAe0gruVOPce_1jEVitSGKwODoQu2sPDSP-4Jhkynb8',NULL),
('GlCcL1vgH_4Zn5jsg4C_6Q',1800000300,'3CL_ZLjM3sfO3IOy10CUCVnG3J7LaWmIeBvLy7k2zOE',NULL),
('H34iwuASfBJttd_vtxrWAA',1799827500,'si2-4ud1x9w--OGLK4HjTi0njaF9F6nfg-BpZZNWeyU',NULL),
('ILgecZ4_gvcOITAi7uzf_Q',1800000300,'CY5XcHsk7Wf1aiCC-EPpVCaptUPCbjar_Rsfnux9Zh0',NULL),
('K2uxONblue2V-GVSDRtP2w',1800000300,'HT_UftB_mO0YvxY-jksEGMez0z-nwgDcF0WGISpYTNk',NULL),
('SJ-LBhKHVQ_mtHpEzFKgrg',1800000300,'OFSR9IXhIzkneOh_6IWwuk09HiV_f8CTD8-42fctAdU',NULL),
('Sb3Pa3BEeEFrpwMKMYzwAQ',1800000300,'uAzheBXYEEVJHoAf1iog4q0Cb3MFVdXINcLfvOGr5wM',NULL),
('ZEk7dK2hixlzSFQnNwCFKg',1799827500,'YJdg7qozsh0r5yl3POYrKpOSC0D_ig-YqGNKQlus5X8',NULL),
('a1afAvGaTBI6Yl_3rfIivA',1800000300,'Q4QDA3NCEQEy4LqO3MyaLc_MgoCFcrtbRGNZ_B1Lbp0',NULL),
('akYGewH-usffEhr_9x9jQw',1800000300,'2k-0Ht2FqPWtI8eSJG1iLRyo2CLe2i1IANRa9_ye1Wg',NULL),
('epqfssoxmrqh47zLWvLSNg',1800000300,'cMcyx_ALrprGFJ9Yz-d1GvgiCU6jU6VOGv1O5Nj-iDw',NULL),
('gd-iEnwcmJi_4Ah4-7aR7Q',1799827500,'Oa3X3PFMm16EjHbzHod-cAX8FxuRcuCRbD3Vmmx0HIY',NULL),
('miq0zl_jHe5_v4hUUfvgSA',1800000300,'cFwm-mJOdcpQ1UOzE9-yT81nhpruaWW4sZdBWWd0KcU',NULL),
('sealed:-Ax55N0ZpjXQ_9W7Q3RrjA',1807776000,NULL,1796027551),
('sealed:-cJDMkZN0PwZ94cHoYH8AA',1807776000,NULL,1796027552),
('sealed:BIDgNX6K9imNFShY5ihwOw',1807776000,NULL,1796027551),
('sealed:GlwDyQxGGHZotmAqrzpijg',1807776000,NULL,1796027551),
('sealed:KF2A45xGT0F44g3_ZF0vWg',1807776000,NULL,1796027552),
('sealed:MfV_KVDtVUma3086IAxJgg',1807776000,NULL,1796027552),
('sealed:OYVCex4WmKY-WPUp4TJa0A',1807776000,NULL,1796027551),
('sealed:PSLz_PbmKKOi-BrsB6MHBw',1807776000,NULL,1796027551),
('sealed:SOzb8tZKvLntYYodmflq4Q',1807776000,NULL,1796027552),
('sealed:V9tAtgNtgJU3HPJm8vwkXQ',1807776000,NULL,1796027551),
('sealed:WCMb6bjdmSxGjTwyvLb-gg',1807776000,NULL,1796027551),
('sealed:XqHW0auf7rU560o5NK-DCQ',1807776000,NULL,1796027552),
('sealed:eG5VMM5H7__WqnDRtxK2Xw',1800432000,NULL,1796027550),
('sealed:fyewfOhCQnRAmIRFPtSdIg',1807776000,NULL,1796027552),
('sealed:jL8EYprgQ4i1PnWBuT-6Qw',1807776000,NULL,1796027551),
('sealed:mNnc8Qxg3ZFZfzWn3Xx6hQ',1807603200,NULL,1796027551),
('sealed:wr7oxwr2wpQWVVD5HnDHJw',1807776000,NULL,1796027552),
('sealed:zVpSQNgJ4_841GINfCcpcw',1807776000,NULL,1796027552),
('w4YFk-pq4rvW7b-MdFXzqg',1800000300,'QWjJChNBP_dRSsMPmEslt_3p3MVmxbrUonG8-gYqq2U',NULL),
('ykQkqtkT-4b2tDyBJYfs2Q',1799827500,'CWchytBOoki3-QupJmDg4t3lrX7goUVfTM8HUoHevKY',NULL);
