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
      auth_time BIGINT, client_id TEXT, scope TEXT, jkt TEXT, refreshes BIGINT, refreshed_at BIGINT, enrol_until BIGINT,
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
CREATE TABLE device_keys (
      id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      public_key TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_used_at BIGINT,
      session_id TEXT NOT NULL
    );
CREATE TABLE recovery_codes (
      id TEXT PRIMARY KEY,
      anonymous_id TEXT NOT NULL REFERENCES guests (anonymous_id) ON DELETE CASCADE,
      created_at BIGINT NOT NULL
    );
CREATE TABLE device_links (
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
CREATE INDEX device_keys_of_guest ON device_keys (anonymous_id);
CREATE INDEX recovery_codes_of_guest ON recovery_codes (anonymous_id);
CREATE UNIQUE INDEX device_links_by_locator ON device_links (locator);
CREATE UNIQUE INDEX device_links_by_opener ON device_links (opener);
CREATE UNIQUE INDEX device_links_of_session ON device_links (anonymous_id, session_id);
CREATE INDEX device_links_to_sweep ON device_links (substr(id, 8, 1), expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into, promoted_at) VALUES
('0ZwHMUDT54H-KkYVsu4kMQ','1HjgrVTriADk0SiLOE7epspjB4Uqnuk4WS9uxdZ-5mmWkN4L3TBUHWMzvImfbb3EHiI0GrUOkV0RF_wJjAAXcg','violet-egret-89','users',1800000000,1800000000,1,1800604800,1800604800,'merged','_vAvGXgPQ8fRr2Oa0m1uog',NULL),
('7QaYLOJIkgUMnbwLmopogg','dj2nWyqnGOYfPvR41g6Ln-gTXnmKWI4OTStqOTfCSOE6uDhAdx1xT6Mzhi6hjAuA7Uunau8WurJD2FeaiJ3kpg','eager-bison-17','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('8XyWWnC7pJj877jE0E6B5Q','g_lFNDkS_cC2nxxb6hlYvQQdiVcXo2rF1tsvnGIsos5zOXbYOaqw5a6fddZiWdiEN1V_LLxdZHHnIlFKRkOPhQ','coral-elk-62','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('Bebvd3vbpslkMBpzhdJ45Q','iSfJIssCRMd0DWPxS6oyZUGUc_0fowCS4dn15ZA3TDF3GuR1cd3ZYFomFUgwT4ZoCWfqj4tts6fR35tSiQiGxA','','',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('Bwjq5NlaJKB1NYroIuuqLw','gzXyw6g_vEzj8fboguItc3H70VMRHmqFtGwk4iHgq5dBfxxorh7ZQuSiJUB-4tRhJvhYVS-WrXI8vcWydYzAUQ','lively-sparrow-29','users',1800000000,1800000000,1,1805184000,1804320000,'active',NULL,NULL),
('Cj_H_2yEFEftq2lFj6g5Xg','JjKmrVn4sViG117iM9GYg-8H46AQ-k_LLhIrFuRumyNz0V-s718ZNg8MH_Crt9IkN17A0yUNI8B8IQnahFrm7Q','crisp-bison-37','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('D6KXztdUv8VeXL0tLnlNCQ','BM3K-P_MWFuhP7NHKaExg7OPGcBFX_43ipgLp2n51XP1AAyfIvrXQcHYLOWErrSTHalLidCvMyQ8QX1GeGKHmQ','clear-stoat-76','users',1792656000,1792656000,1,1800518400,1800518400,'warned',NULL,NULL),
('GEuL3et3hd4yvEMlIoCupQ','9CQCgRoW6xrW8C-cBDHxqavIMS4b77uL_OJY0hY41oFGDdT9pdRDK_ngzrqj5zkoBIshqC6UAisPE8kWJIcT0A','bright-dolphin-90','users',1800000000,1800000000,1,1800604800,1800604800,'merged','_vAvGXgPQ8fRr2Oa0m1uog',NULL),
('I8W47pemvKtE1G1muOn0jw','s72LPLRDti0tx7Fp6zygta15kEgC7dzzMaN-Wf4BA9u8qCDLoAJsYDijPj520EpKkwtmUf6W5lhACTTNSXm2zw','sage-alpaca-68','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('KzGXK0-snSBQY6fz1bbmJA','--XvqWwlxAjrEcaeOKooEYHwyzazLulmQbR-6rU0M2D0wwGju25QVj7BGvEZPZWDM0ODGkCA4UDJqGUTlgp62g','cosy-cricket-63','users',1799999400,1799999400,1,1807775400,1806911400,'active',NULL,NULL),
('NvYULlJuEpiqbIS-yd0WYQ','DXdslq4P7TjeOqK2nAg3aq_ZM47eKLSvZ_8XTspsVHqkPeVNuSJJv1DRts4ibTc6ofSqEvmZzWGsVSta6Wrt7g','merry-koala-83','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('OZiY4R9tAjyPKGYPlN5BbQ','fJy6ByVLWDzVJ6hrAiRAIbSd9rqp_u23zIEtlT3j9ifbwbjWRkcIcjocM--yM6jqxTM12bRjz6rkEJulqRAQqQ','sage-swan-91','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('TD3CErm-7blPfGubNH9Peg','vMr14JDXXrKqvLXXdivtVU2u0TvIBDsDJVaSiXko0z3_l434BG9weZR_KEQ_bPEiPJ111U7oxQmkkmkvW4sheg','tidy-gecko-59','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('Tlm1yCP27PxhwycYp_xvIQ','0VSi8EzdWQQfvhzJ1qb5gGILVO_8dQKi84okLFqnAjGEjIcyEDRqG_RT13pBtKAIBipUTIsJevQpZiX1Uz213Q','violet-panda-47','users',1791360000,1799827200,2,1807603200,1806739200,'active',NULL,NULL),
('U4I8YOc5ThLWy9ZSjJ_3HQ','Czs1Iu0fdZDL_SP6T_uOHUs0uEK6PKZSC_6jfm38cewERfiLItsDyZhdVYjUlzqnA9AVA7HodvJ6_fYCcP3QOg','velvet-marmot-36','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('YmpdPeyqQTfjPAyTvEdEag','WrhDhF8R7aRhAtH2suonnYbOH1sjSGQF9ZwuLWxcYVS7gOogVBglaD7vu80BhSTeUS66DCW4b7tVCmFsLAmwuQ','brave-pelican-24','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','u9vdJVBgyXleVzOvuZCUCzjtk52zfAU5-l8dY50SJvuTAe6I4XHwhlJ2ndb93ZxfynzZth5D06Ajz3vg0KqQFw','lucky-puffin-44','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('_vlDv-HJnfdUr09-Mtw6FA','yiJWw5T9Za8gMLjE7EZIIz46fCVLULlr4yvW0W5z1Zt_21C9-tE40TSHbs4PEMx0ALs16WuKNiuv4EKKiqZWvw','warm-seal-35','users',1800000000,1800000000,1,1805184000,1804320000,'active',NULL,NULL),
('c1DmJMiid6hWZn6P2evQFQ','_XpSYy-XasgWMYrEeXeAeyDju4LmuIEjjhYabNcuPgQzR9eHxo1SZO6Mj8O9j7p3V53QbNpDICZHnKCPY-PxMg','Rose 🌹','users',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('fNkDbxH20xujh54cipNBvw','l_i7f8AuwCHTzjue6hpEjU2BIJFQF9SjFsH3-jC0F8AOxPm90s4kvk41ZUu0SQWCrvX-2orEhRlrKMXk-fE_0Q','snowy-fox-27','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('fuy1RwcQ12YYYQrbnuWDuQ','oqdEK_0KQLGs0aB03ppB-bC5Lx2fGUcBV6BXcjqYhLq1GbzjnHXBZXUfgOYfpdTCuiqhb3CneRBBuGLKG_C7Kw','olive-dove-46','users',1791360000,1791360000,1,1799568000,1801382400,'expired',NULL,NULL),
('h_bNlozrc0xAjiYcz2x5Kg','OmKKjpO3QPiMS_JN1d37ILRhEoRqYCXZdxVp2SlVFpqulnC51Qy72v-TqLwAFBpuOgvHyd9LBI2Vi2gUHCFfAQ','kind-ferret-71','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('iic0uSbZXHiAWmFWeZCoQA','aW03rXx6zb0iuaJhezydqkyl44Frfru8AvUyTmx_60ELju0iuHYmURUZLuql31kgKYGfwIwdMc7j1Zal8Fd1NQ','grand-swan-24','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','Imported One','users',1765440000,1800000000,2,NULL,NULL,'active',NULL,1799827200),
('legacy|4712','s4D1a-f19hHZm6v0r7ZYGUf9sXDzV5Rsm_SMX7ylhGVZClQq9mwDt5H0HWZ69L7T3u0vhC3ZOaAmT85kMjhG4Q','plucky-jay-53','visitors',1799827200,1799827200,1,1801555200,1800691200,'active',NULL,NULL),
('lmmeblKNhcs1jfqqNwTMjw','LlgFe-TZhULVTczPXZTIT2WJcIxMG4vYPuWjtfkwcSddGdf4s01oeQ1jtkNFOqh4JNgAokG5vAvfW41_pVHZvw','grand-heron-73','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('q4j5u9bb6BPWHje7UbcxnQ','xoHh-d6rFsM9VWIFfCNh35K0AZDn3jyFpQS6Gz71OBygm4vRVdsh6ZZqO3UTXS97zwPCKn95fQekFSPzy2PS9w','jolly-eagle-32','users',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('us_2yToRwPvJPRHKXfu2Og','-OOJBiPLt79JbbKeiTn3lPYIcZRuu65ZR9Pi6gvTcUxQ3-6TlG0LfxvzH5ZypkvNY99gMiENAVc0K3qUjxZkFA','lively-orca-30','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('0ZwHMUDT54H-KkYVsu4kMQ',1800000000,'bFQ2T4z_','0ZwHMUDT54H-KkYVsu4kMQ','passkey.added','done'),
('7QaYLOJIkgUMnbwLmopogg',1800000000,'XbaDJALb','7QaYLOJIkgUMnbwLmopogg','guest.kept','done'),
('7QaYLOJIkgUMnbwLmopogg',1800000000,'bIHpXAPD','yxHK6pm-zaRm8bu1l4QyGsdDq26IMXTKLRE88ln-9eo','guest.demoted','done'),
('7QaYLOJIkgUMnbwLmopogg',1800000000,'wx0HWbnX','7QaYLOJIkgUMnbwLmopogg','guest.promoted','done'),
('8XyWWnC7pJj877jE0E6B5Q',1800000000,'9Fg2EyBn','7TYVHX_XbWyBqC2WFYEDMWA3yHn9p5x2ATN2AKlL76U','passkey.added','done'),
('Bebvd3vbpslkMBpzhdJ45Q',1800000000,'AKvAfhcZ',NULL,'guest.promoted','done'),
('Bebvd3vbpslkMBpzhdJ45Q',1800000000,'M-Ei9mzD','hFki_wAt7V8gp9-AnBjWEXSTWBzs4PwbVBrioiV6Iao','guest.signed_in','done'),
('Bebvd3vbpslkMBpzhdJ45Q',1800000000,'_tS8fjGo','Bebvd3vbpslkMBpzhdJ45Q','guest.kept','done'),
('Bwjq5NlaJKB1NYroIuuqLw',1800000000,'4AtlQPK7','Bwjq5NlaJKB1NYroIuuqLw','device_key.added','done'),
('Bwjq5NlaJKB1NYroIuuqLw',1800000000,'5U-XRdyz','Bwjq5NlaJKB1NYroIuuqLw','device_key.added','done'),
('Bwjq5NlaJKB1NYroIuuqLw',1800000000,'NzLE_oI5','Bwjq5NlaJKB1NYroIuuqLw','device_key.added','done'),
('Bwjq5NlaJKB1NYroIuuqLw',1800000000,'VkA0DCX-','Bwjq5NlaJKB1NYroIuuqLw','device_key.removed','done'),
('Bwjq5NlaJKB1NYroIuuqLw',1800000000,'ZPLQjoEk','Bwjq5NlaJKB1NYroIuuqLw','guest.kept','done'),
('Cj_H_2yEFEftq2lFj6g5Xg',1800000000,'6TvuWdSX','Cj_H_2yEFEftq2lFj6g5Xg','passkey.added','done'),
('D6KXztdUv8VeXL0tLnlNCQ',1792656000,'LhWDowAc','D6KXztdUv8VeXL0tLnlNCQ','passkey.added','done'),
('D6KXztdUv8VeXL0tLnlNCQ',1799654400,'ESiu8GzW',NULL,'guest.expiring','done'),
('GEuL3et3hd4yvEMlIoCupQ',1800000000,'7wddMYjP','GEuL3et3hd4yvEMlIoCupQ','guest.kept','done'),
('GEuL3et3hd4yvEMlIoCupQ',1800000000,'AKpu8Sw7','GEuL3et3hd4yvEMlIoCupQ','profile.changed','done'),
('I8W47pemvKtE1G1muOn0jw',1800000000,'fIAwp5Ez','I8W47pemvKtE1G1muOn0jw','guest.kept','done'),
('KzGXK0-snSBQY6fz1bbmJA',1799999400,'FwRK_kp0','A7D2KbUspaRIhOBuZ7JRheXmWqsLixKsrCypXawpTx4','passkey.added','done'),
('KzGXK0-snSBQY6fz1bbmJA',1800000000,'zc1YSptq','A7D2KbUspaRIhOBuZ7JRheXmWqsLixKsrCypXawpTx4','session.refresh_reused','session_ended'),
('NvYULlJuEpiqbIS-yd0WYQ',1800000000,'beH-Jt1h','NvYULlJuEpiqbIS-yd0WYQ','passkey.added','done'),
('OZiY4R9tAjyPKGYPlN5BbQ',1800000000,'PL3nNXuP','OZiY4R9tAjyPKGYPlN5BbQ','guest.kept','done'),
('TD3CErm-7blPfGubNH9Peg',1800000000,'TB7izVAt','TD3CErm-7blPfGubNH9Peg','guest.kept','done'),
('TD3CErm-7blPfGubNH9Peg',1800000000,'sYExCW7m','TD3CErm-7blPfGubNH9Peg','profile.changed','done'),
('Tlm1yCP27PxhwycYp_xvIQ',1798704000,'y3E8Vg5K',NULL,'guest.expiring','done'),
('Tlm1yCP27PxhwycYp_xvIQ',1799654400,'OSqsEuXg',NULL,'guest.expired','done'),
('Tlm1yCP27PxhwycYp_xvIQ',1799827200,'O251hix8','qwTUi9wzLqjphqK6feEn46yGylK9KWZXq3SYa_xdGb8','guest.restored','done'),
('Tlm1yCP27PxhwycYp_xvIQ',1799827200,'dqGVL1yK','qwTUi9wzLqjphqK6feEn46yGylK9KWZXq3SYa_xdGb8','guest.signed_in','done'),
('U4I8YOc5ThLWy9ZSjJ_3HQ',1800000000,'DbD7j28K','U4I8YOc5ThLWy9ZSjJ_3HQ','profile.changed','done'),
('U4I8YOc5ThLWy9ZSjJ_3HQ',1800000000,'jthtwFG4','U4I8YOc5ThLWy9ZSjJ_3HQ','guest.kept','done'),
('YmpdPeyqQTfjPAyTvEdEag',1800000000,'gq7wTmZK','YmpdPeyqQTfjPAyTvEdEag','passkey.added','done'),
('YmpdPeyqQTfjPAyTvEdEag',1800000000,'zMIQ-fR4',NULL,'guest.merge_undone','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'1otDWXHQ','TScrfaJWmgn3ebJvZWnjNknDPYaCcx2XpR_Yz5sa5ls','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'AUW5ysWB','Jz-I8Fg26Xbx5qx5B6q8m0rxC_HvJgYWseM6-m3GyGQ','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'C6yRVvaH',NULL,'guest.merged','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'GR0A81DM','PDkXS1t-RK7ydoxX2fo0q73xEoZpOvePyH2SMHtdQG8','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'LWfiTzPY','xxg0cMHyxKfE4JtvCVkzRWiZ2uUyOVpN9uF411tp3gY','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'M2iZl-VT','EONkm9da2Wmi4DFW9d0hFyqIIlxKkrj72s3HXEKx9SE','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'M37SLvSz',NULL,'guest.merged','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'NPcUD--t',NULL,'guest.merged','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'QF-YdLal','LYZI9pSUy_GqUhPLjrxewTOwkrsnr8A_a5sfI_4n5xE','profile.changed','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'TK3-LUpf','1TSZNLEelxyrODc9cBbnysFqPrzCWwQIpxGeDmOmbko','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'VqsB5CaH',NULL,'guest.merged','merge_refused'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'vJ7ePCFx','_vAvGXgPQ8fRr2Oa0m1uog','passkey.added','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'vY1IyP9H','wYKjFpjoH5HfYlmDNLIkCUZxBVlgHRowtuuLGHmwHjU','guest.signed_in','done'),
('_vAvGXgPQ8fRr2Oa0m1uog',1800000000,'xJGd2n-k',NULL,'guest.merged','done'),
('_vlDv-HJnfdUr09-Mtw6FA',1800000000,'HVRL4ozk','_vlDv-HJnfdUr09-Mtw6FA','guest.kept','done'),
('_vlDv-HJnfdUr09-Mtw6FA',1800000000,'Ro21HuxV','_vlDv-HJnfdUr09-Mtw6FA','recovery_codes.changed','done'),
('_vlDv-HJnfdUr09-Mtw6FA',1800000000,'jG9tqoN6',NULL,'recovery_code.used','done'),
('_vlDv-HJnfdUr09-Mtw6FA',1800000000,'kYa_OcrL','ea95v2WmaqwDQsNd4ojR4V08757p2yt4ZteLg4dFQW4','guest.signed_in','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'2edJ88Iu','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','guest.renamed','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'H93GCder','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','login_id.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'HvyPTTyy','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','recovery_codes.changed','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'WtqC9wQL','YkLyzYd_e6gtfp0W053I4vm9pRszW7J9z2GdRTQgPtM','passkey.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'jjGf76AC','9ANh3pjm5_WkmwQlDznTRL_hRkLUI1IBDV7cwivGQL8','guest.signed_in','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'n7eKqPkV','c1DmJMiid6hWZn6P2evQFQ','passkey.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'o157mOov','7MVmgT-b8_SaxUqnRKNczeXNU98jdIhTDedmI05VPAk','guest.signed_in','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'ruGun9Mr','YkLyzYd_e6gtfp0W053I4vm9pRszW7J9z2GdRTQgPtM','passkey.removed','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'su6NxCBm','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','login_id.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'u7RF6bQC','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','device_key.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'vRW2nhp7','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','guest.signed_in','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'wmZxYPsM','YkLyzYd_e6gtfp0W053I4vm9pRszW7J9z2GdRTQgPtM','passkey.added','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'yfh9o6BI','YkLyzYd_e6gtfp0W053I4vm9pRszW7J9z2GdRTQgPtM','guest.promoted','done'),
('c1DmJMiid6hWZn6P2evQFQ',1800000000,'zI_bWSgJ','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg','login_id.removed','done'),
('fNkDbxH20xujh54cipNBvw',1800000000,'Zhqc3ATP','fNkDbxH20xujh54cipNBvw','guest.kept','done'),
('fNkDbxH20xujh54cipNBvw',1800000000,'bVAohziy','fNkDbxH20xujh54cipNBvw','profile.changed','done'),
('fuy1RwcQ12YYYQrbnuWDuQ',1798704000,'0hJp7sK7',NULL,'guest.expiring','done'),
('fuy1RwcQ12YYYQrbnuWDuQ',1799654400,'1BExNmSZ',NULL,'guest.expired','done'),
('h_bNlozrc0xAjiYcz2x5Kg',1800000000,'0uIpnj_6','h_bNlozrc0xAjiYcz2x5Kg','guest.kept','done'),
('h_bNlozrc0xAjiYcz2x5Kg',1800000000,'5AdMsaca','qKVzp5TowJ5OWdGrnmCxqRbyeD-qdq35kpjM-sTP8eI','guest.signed_in','done'),
('h_bNlozrc0xAjiYcz2x5Kg',1800000000,'I89G6HYH','qKVzp5TowJ5OWdGrnmCxqRbyeD-qdq35kpjM-sTP8eI','device.linked','done'),
('iic0uSbZXHiAWmFWeZCoQA',1800000000,'XG1zJ6PY','iic0uSbZXHiAWmFWeZCoQA','guest.kept','done'),
('legacy|4711',1799827200,'xK2P2Rqg',NULL,'guest.imported','done'),
('legacy|4711',1800000000,'EgrfdgfE','ccVSHp4o4C8c_qmCC1s60uHTVrxQSlFGzRRu8ySK3Kw','guest.signed_in','done'),
('legacy|4712',1799827200,'ZxO7UC0z',NULL,'guest.imported','done'),
('lmmeblKNhcs1jfqqNwTMjw',1800000000,'oSDbtKym','lmmeblKNhcs1jfqqNwTMjw','guest.kept','done'),
('q4j5u9bb6BPWHje7UbcxnQ',1800000000,'rwJXJYwP','q4j5u9bb6BPWHje7UbcxnQ','guest.promoted','done'),
('q4j5u9bb6BPWHje7UbcxnQ',1800000000,'y-RzN9EE','q4j5u9bb6BPWHje7UbcxnQ','guest.kept','done'),
('us_2yToRwPvJPRHKXfu2Og',1800000000,'Izc2MiBC','nuoOyqBSHzizKjKLGgB46mPtLKdzP96s3Moy7mhRu_U','passkey.added','done'),
('yilDRxuxXx1uzdJ1GgIe4Q',1800000000,'BM2GyydM',NULL,'guest.erased','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','pF4MvfeFL1mQms3cbumBHA',1800000060),
('resume merges','pF4MvfeFL1mQms3cbumBHA',1800000060),
('rotate signing keys','pF4MvfeFL1mQms3cbumBHA',1800003600),
('sweep','pF4MvfeFL1mQms3cbumBHA',1800000060);
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('-fllcFOkiDnwVVn2O-NZC__pHmhqlLQJlr0DFMdS_l4','e4NtgVWIfHHuLh2GLVVZnkfDf7AWjp9n6h7c6gVECp8',5,1800000600),
('6yqea6yYaQF0SRRj3ex4H23BV3GSG47jJe3F-nVYpxc','dlEne7jIPP_45Zj6vXIHquLRM14BCXxpQkZq7pVfjLU',5,1800000600),
('J2H8axbzK1-YB6nR-D0tLsnqmbXI8dYB8ffmVzG0igw','yEG3pugKA2RgE0Mtnp7FnNnzxzLwVYPTqB3PFIovTz8',5,1800000600),
('QdS5TjRhcre5UyMWSwV8CCE49f8ui660dbclquM7TO0','ZfgQT9ihXIXecrB-GmCxXQDH-qT8RdERV9f74TWyTXI',5,1800000600),
('gkzntsFS8v5aVCJmLx7saZ06FazJjVJA2QeeO-tt0-I','nqE-fvR8F1H_B1MQhIwclpzJiqdim7CiAvOCVweqXd8',5,1800000600),
('nEFkWorN63-LxifgzEKmozZeB1CVKNSN3IwRrWIxuyE','bHe5XDpxGL0cIqqDMnrQIKzx8HVOIOSWCO2Y2OsjAtA',5,1800000600),
('q8c9xjTxk5o0cVTZxtLBYUtp1Mi9dBWaOFx78xBIEiU','OA_WO3LQg5fguaOe8IdRhgdM-FVMjMIrfFmyFcKbLio',5,1800000600),
('qvXmFv_iFpmi5xrZxRvRqSNHegUUqYJOMJHxgvQ8fes','lAraJM5pzpIxdsYHU02xy14XSaOF764NxZuolU3l3-s',5,1800000600),
('rTY1eR4bGArLs8KKEbsQrVxmwrXeQzqucpSaWpuEpB0','M4yj0IQOpw_Vt15bctF58Fh-VnVRaFe3hKOj1II9BSM',5,1800000600);
INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, last_used_at, session_id) VALUES
('JKiX-cIqOHqdDc5ui_af0juNc2ufpCwLFBa-vaaSoX4','c1DmJMiid6hWZn6P2evQFQ','{"kty":"EC","crv":"P-256","x":"IWdpZLiy4xAZeWT6_xiP2BQY2pv_L38vi513u4QKbYQ","y":"RGiPFKna46NobbI23EIn73CnuZZzz2Vy_sD_UHx-KHU"}','ES256','A ES256 key',1800000000,NULL,'wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg'),
('Xcs4DuNJ8PSsUZ2U2sWm9mxd_NwxeAGQcdccAXkdKQ4','Bwjq5NlaJKB1NYroIuuqLw','{"kty":"RSA","n":"rSCPQr0Qx-V7mFpVXA09x8PsLJYoNy0jUp622fteISxnzzCfFV7xIP5MKiCbpE4I36PDHNE3GwwOXucS_Mv72ESsiU2ghjCBxzs4HGeF00xo8DmoMjal1PNpD-CBYfS7xXKbyOXEZcKpicvy-FQwv45DZ9OFcRrSmrly2oApjkKcZzZfliriTh76G9nW37928OyhDGkvzX_ebrujijIb8zFi7ZnQsSxd3m-zIMaTA85Yl5u1cBZAu9eCFN8vffxZx0XkKRQk_fyTaeYyJoaq-0eW49uRVuycBWYA_XHTnbDC2UETHckDoPa-B1_1qaknAwGzuv4Xw-0CMlWx5cDpXw","e":"AQAB"}','RS256','A RS256 key',1800000000,NULL,'Bwjq5NlaJKB1NYroIuuqLw'),
('zBapitrmuf0-Lk8OcUYz81aNDP8Pdtf0JfQkqLKiTEQ','Bwjq5NlaJKB1NYroIuuqLw','{"kty":"OKP","crv":"Ed25519","x":"r_j54Q0AKS-IdMpcaMCZYyhT1GAoGIIkHIWguDDMpIo"}','EdDSA','A EdDSA key',1800000000,NULL,'Bwjq5NlaJKB1NYroIuuqLw');
INSERT INTO device_links (id, locator, code, secret, tries_left, anonymous_id, session_id, label, status, opener, opened_in, opened_for, words, asking, result, expires_at) VALUES
('NK3T6kU296rn0clDNNltfQ',NULL,NULL,NULL,5,'EcTupotatDPwjlJofB6ZHA','EcTupotatDPwjlJofB6ZHA',NULL,'opened','ZRDrcf1WbjYapGJ5ZOpSQenS8nkj6IrNPxkrVgZwy-0',NULL,NULL,'neat ferret','{"platform":"Linux","browser":"Firefox"}',NULL,1800000120),
('X2zPQ3vdrr2vYpTSnTEc1w',NULL,NULL,NULL,5,'iic0uSbZXHiAWmFWeZCoQA','iic0uSbZXHiAWmFWeZCoQA',NULL,'approved','VsB_AM3JR-YgXReznxNKrKaD044epZp6H4puaE4UQZY',NULL,NULL,NULL,NULL,NULL,1800000120),
('Yc19K32COnzKsYU8ANx4JQ','MXQS','KOakMViNvsReGFPhhSElHI8MqnqA-J3lDWb2Hmn1deo','K1GqTFX-l0KZNu0mhQVm6Xox6mJDHRHgTY-8YuXqqgM',5,'BVl0E1pDHX1dNQ7WqFo8RQ','BVl0E1pDHX1dNQ7WqFo8RQ','pearl-orca-19','waiting',NULL,NULL,NULL,NULL,NULL,NULL,1800000600),
('cIIeEtJKP2X8KKHZ6QTQ3w',NULL,NULL,NULL,5,'h_bNlozrc0xAjiYcz2x5Kg','h_bNlozrc0xAjiYcz2x5Kg',NULL,'done','wVz6s1OvrHRFcbVgdRhguH77XnixX-e22sH6ULyMToY',NULL,NULL,NULL,NULL,'qKVzp5TowJ5OWdGrnmCxqRbyeD-qdq35kpjM-sTP8eI',1800000120),
('g8_IFU5DTLPCSDVxt86RRg',NULL,NULL,NULL,5,'5uakFyRQ-_LbTl8R9_gdHQ','5uakFyRQ-_LbTl8R9_gdHQ',NULL,'refused','gvMZJm-8AwK4zO5wOcyS31bW9lb7gidsteCtG9f1gdg',NULL,NULL,NULL,NULL,NULL,1800000120);
INSERT INTO limits (id, used, expires_at) VALUES
('-NL_7zfIAUK4zlDnu9Qn4goH4rEvcyYUV_YCqIBvxnM',1,1800003600),
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo',17,1800003600),
('412p7rUxRKkSz5KP63x3bthYFolgQp-sHdDxKcSd-Bw',1,1800003600),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk',1,1800086400),
('BGNuMvse2aWXcIs9eZYM5UusJhipQZU2609guKCfr3g',1,1800086400),
('BOc0kQ-4UnzgrOr0Sd5fXEIeG-mWu3ZudrtUzxsQaKQ',1,1800086400),
('DzErVHuYn2FPCeJcD2FcobWI8nlQ38yqH1qkcJgfnjU',3,1800086400),
('FyvQ0ELTESF-YaZOxtbIGiMSeovnsgO6q5sllMymOJA',5,1800003600),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE',1,1800003600),
('KH9785wCm8Q6tIrp78yKbl2AzhTqNiKn17q0YvdgINU',1,1800003600),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8',2,1800003600),
('LBQnzRLszAMLW69ojVIwnzWNkV4ILnjNwAi8qgizuds',1,1800086400),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs',2,1800086400),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s',1,1800086400),
('WAzJ11rYR7Fa7Xuld7-5fywqkBdaOCwTlOMGxnh5U4E',1,1800003600),
('ZCsn-18ur2cGlQw-jyzkzQKKk1CvhMRMy9RjExZsSLs',1,1800003600),
('a7yK51-Lmnycoalh5GqzvP9yzCFdRho7n0S_tiGThDE',1,1800003600),
('aw2HIItqH1DGhRBUxfXHOZxP7HJjFXHxdjoXG48CGAM',3,1800003600),
('byOhx_EY4u7HWzM6SQuebPHrjuUgG__6GiCEP9GdA9E',1,1800086400),
('fCxvb39uJQ6r7eDtGf5TroD1_gizl6569wR0jzb0PWI',1,1800003600),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs',1,1800003600),
('hwExJn7Lk5IKDHjM7OxKaw-sedhPda97oYU6DVgCt68',1,1800003600),
('lWL89rkRXoHPXQEqJc8h3T5nokcL-1nZQ9_DvJ0_V7k',3,1800003600),
('s0gyf2B0bSix5u7FrQ-iiyRsW83mga-kuK_xbWlNDbA',5,1800003600),
('sPGJwApvNWq_FsJKj7KR-cGQ0Ui8mbW-Wb0JgS2PIFw',1,1800003600),
('w-mDzbpdLmBtm_YML7KC6ZPyVA8_eHlYbqmNzPcGsK8',1,1800086400),
('wEMw4Wv5GHJ_YSNuPP7idsHj47KnR14CsFTtwSTCqkI',5,1800086400),
('wy-w_shzbt_fAJ5CF6R6GWydRkBqE5TamPtqGxz2JMo',1,1800003600),
('zGVJHhEhp6TVzPnkefWeMZgTCL4Dy77Bp3HaA8q5EiI',1,1800003600);
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','Bebvd3vbpslkMBpzhdJ45Q',1800000000,1),
('email','imported@example.org','legacy|4711',1799827200,1),
('email','rose@example.org','c1DmJMiid6hWZn6P2evQFQ',1800000000,1),
('oidc','http://localhost:9 olga','q4j5u9bb6BPWHje7UbcxnQ',1800000000,1),
('phone','+41446681800','c1DmJMiid6hWZn6P2evQFQ',1800000000,0);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('6UBLVDAXe4j1ftgsXip-s55ihuzWvHta21iZCewP9IM','fNkDbxH20xujh54cipNBvw','_vAvGXgPQ8fRr2Oa0m1uog','snowy-fox-27','users','none',1,1800000000,1,'offered',0,1800086400,NULL),
('8Ejq75mHFxaWeoELIxtIU5yHzBstNXI9MpqACvVJygM','GEuL3et3hd4yvEMlIoCupQ','_vAvGXgPQ8fRr2Oa0m1uog','bright-dolphin-90','users','none',1,1800000000,0,'merged',0,1800604800,'{"before":{"nickname":"Wim"},"after":{"favourites":["coffee"],"nickname":"Wim"}}'),
('9YosoOk1GG-QMFBI0wYCQTwwZ-H94mWMAnAmb02vgTY','0ZwHMUDT54H-KkYVsu4kMQ','_vAvGXgPQ8fRr2Oa0m1uog','violet-egret-89','users','passkey',1,NULL,0,'merged',0,1800604800,NULL),
('nKdwO84_Uy2Q3YQcBn-1Q6qpJJtcXBfYdaok5BUYeZE','nya0pb2i7vBQw0l13nAxbQ','c1DmJMiid6hWZn6P2evQFQ','indigo-hare-82','users','none',1,1800000000,0,'offered',0,1800000600,NULL),
('oll8eA0LcKsFZWlV1ewTIBlShLb7WX-iObRF8YKPBLU','YmpdPeyqQTfjPAyTvEdEag','_vAvGXgPQ8fRr2Oa0m1uog','brave-pelican-24','users','passkey',1,NULL,0,'undone',0,1800000600,NULL),
('sksIqxl4q6REiDAlKowB33tNXv11RnvkQd81bfI421w','FSpNeKI8DMMRU2vNSiuoKQ','_vAvGXgPQ8fRr2Oa0m1uog','lunar-owl-74','users','none',1,1800000000,0,'merged',0,1800604800,NULL),
('v5sO6GI6BgyXw7KvQfCLVJ4arIeXc26NVWZTE21KbPA','NvYULlJuEpiqbIS-yd0WYQ','_vAvGXgPQ8fRr2Oa0m1uog','merry-koala-83','users','passkey',1,NULL,0,'offered',0,1800000600,NULL),
('wHWv2N-TzrS4IZN7jsFrgtOXNTlV67bez86D4WdINGs','U4I8YOc5ThLWy9ZSjJ_3HQ','_vAvGXgPQ8fRr2Oa0m1uog','velvet-marmot-36','users','none',1,1800000000,0,'pending',1800000060,1800086400,NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_b79_ve20q_yie9NH_bm1_A','http://127.0.0.1:9/gone','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"c1DmJMiid6hWZn6P2evQFQ"}}',1800000000,1,NULL,'the receiver answered 410','c1DmJMiid6hWZn6P2evQFQ'),
('msg_cd-mAJl-uVpt-JxlIPaM_w','http://127.0.0.1:9/down','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"c1DmJMiid6hWZn6P2evQFQ"}}',1800000000,1,1800000005,'the receiver answered 503','c1DmJMiid6hWZn6P2evQFQ');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('4Bt1gzEkcNB2amnEAONlYLXQQInnPwGIVhV0Y66XJEA','D6KXztdUv8VeXL0tLnlNCQ','pAEDAzkBACBZAQCrXlBjMgzc2v50GuXmuIVaDbNtEis03AlJiyylObq02F8wvHqKxbfoqF7r0P6doPhyxSaZIEJh6tzC7ObCQJa3LPwlXf7IVxorrN5WPZhbfkW-jFd8NcAxK428TiIuyHXEaf2jPA-DASSlJslSPakw6Kt_5bQHhLV_Z0W_aCMspKCjrs7z7R32wXuepDPpClbGMFuqx2YivgfAmm-ecCpVG42NxpH-bs35ksWJEr_TgsLGbS8_b5L-UIqvEx4Jz1n8VZWLa-ahIAh0UfONRDePr9FpIKdiDKi31Xms3q-RnNtwJ2ezIAHpjwKKhAraRvPtSVSFMbz9fhnivnb1iIB9IUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL),
('4R-4TqYRpTQIrW7HkGnHFQ53TuLDIL86JHown3j9QhY','KzGXK0-snSBQY6fz1bbmJA','pQECAyYgASFYIMb1dIsTc4KdDQh53_llE7hDia8JYbu8TLR3W-3itfjjIlgglcUQC6-wcK-uTGPuGo2h3vI7npqZ1HovxT3GnaAKU64',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799999400,NULL),
('DoD5PCxP6GoW2KU5A5XX0ZiLn8AERGgeB75BJ0h8GBc','fuy1RwcQ12YYYQrbnuWDuQ','pQECAyYgASFYIBwJpCJbG--AW2PvTcHa_I8Kso2k4jz0gJpbPZc8oCXVIlggWPk-qDChrmMyVctyOPO2hoCDzh4-CrD6f5IHo5KDp-o',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('Gu7RMz-vPxhUd56CCDsQIDmaCwp4df5FE6L63HZkUI8','Cj_H_2yEFEftq2lFj6g5Xg','pQECAyYgASFYIGVoP9HcBDWGmXMGnUlz5AtiK3mKJhgM398PiNxra0FfIlgg3zUVjWaQ-Kj55x2SQZFbcFRoREQ-fHcXwstlwtamRqY',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('QySfE4mciY-Hz-sDGg5qTgGjpzrxV_-xdVudHAaM0tg','us_2yToRwPvJPRHKXfu2Og','pQECAyYgASFYILlo88LC462qNFZoaRa5RHYudXbUj3IvLZXREBxui31UIlgguPBYC1jXigEwr5jJa1cTvav_jSrGucQ4YkdMV7Ai7pI',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('Rx3pARFd5h7obCLcT2mUzeK-2RjgimlS1LdDplSi_zc','Tlm1yCP27PxhwycYp_xvIQ','pAEBAycgBiFYIBlrGIYcy233noIuXJrkcXn3o-O3aei2ZYrnMlipPEDE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,1799827200),
('VfmHJnF-xjhmxSc-8ofh-wvK4CfDIOhODEkN1jAiuBk','NvYULlJuEpiqbIS-yd0WYQ','pQECAyYgASFYIPEcVGdYgYQ7v7HUNEcXEiDfDPJJAnt3X6Zlv-JMlrcLIlggKAwIxuFkacJxM1grSO7JUZl3kdImD1a4i70pZqAj6gs',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('YT5SzMrJhYkbI__dOmOEVG6kQnbZxa_Sn8PXUY_ZQ4U','c1DmJMiid6hWZn6P2evQFQ','pQECAyYgASFYIGj7bhJs0wZmf4kEI1Oz-BScZGP40ZFZFyIpszjB4I-fIlggY_8H67W1TAPuirSNVUPg0eRUMR-umTQsMwkIxUN43ns',0,'fbfc3007-154e-4ecc-8c0b-6e020557d7bd','Apple Passwords','hybrid internal',1,1,1800000000,1800000000),
('efLiOZIbW1QFBCGzxGOfCJjyPTCyMhKJsm78HIVgD7g','0ZwHMUDT54H-KkYVsu4kMQ','pQECAyYgASFYIBidMQbZFdwQuiWE9al2QqQ7tGur5h7JxH9o77GyICxIIlggRN8eYK9s9ippEo2wPF4WYSLTcIKbBWaVzS7iV0ImeGc',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('lBgJBzalzW9juDAo8LEpeWh597iUBEauHZlj5mugWrQ','c1DmJMiid6hWZn6P2evQFQ','pQECAyYgASFYIM2gLAOLJsvonctQbObFMjfC4EWN9N8on3VK0DNAMIlgIlggUJrEfsq-CRcypXoKhIZSiXO2FZ9R4ZbUndkHIqChOwA',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('ob0EJNpzZQ3SZ2DZImCInyo4m_fMzSjpg3FbX2-YlJk','8XyWWnC7pJj877jE0E6B5Q','pQECAyYgASFYIF27xZCg3nkKgY2gZ486oYriC3uKGKZ5bMlTVEEEJnkvIlggRPPqVEOewWsB1ISrdJPl8RKH6nvx8Rny2uNymlJCqdU',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('vDYYZ8ehEii2v7BW_UhI50-4oYuackxk7oC0gH9M60w','_vAvGXgPQ8fRr2Oa0m1uog','pQECAyYgASFYICy83fL6rjr6jLNIK16RI7b4Nz4CJ-ia1VEskj4tbLTtIlgg46f6mpl4RAM8tyOLOBRqDShTlR-ko91bk06CwU9dd8w',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('wiWlMzMVjCKbGNWU-jfdLe1079oy5W0aRK7jl3usSR4','YmpdPeyqQTfjPAyTvEdEag','pQECAyYgASFYIAe2rAfXue48NSKPPKJUyOsXDfXX1wurMK6MPaPhH4YgIlggExU4Wg7lwhd9WbfNreIriJ2abKOzi2YqVlDslS414p0',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('GEuL3et3hd4yvEMlIoCupQ',1,'{"favourites":["coffee"]}',1800000000),
('TD3CErm-7blPfGubNH9Peg',1,'{"nickname":"Prue","favourites":["tea"]}',1800000000),
('U4I8YOc5ThLWy9ZSjJ_3HQ',1,'{"favourites":["coffee"]}',1800000000),
('_vAvGXgPQ8fRr2Oa0m1uog',2,'{"favourites":["coffee"],"nickname":"Wim"}',1800000000),
('fNkDbxH20xujh54cipNBvw',1,'{"favourites":["coffee"]}',1800000000),
('legacy|4711',1,'{"nickname":"Fox"}',1799827200);
INSERT INTO recovery_codes (id, anonymous_id, created_at) VALUES
('-8iWEKk8O059sJ8HHSwshAf1E_08maY6wkFrJSRVPlI','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('1LOY1zyP8HNLb7yhrbmHtpEU1ISTSKxKAKG0z_NXPyw','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('3VVTRwzc5kWxaaS75qawvLSwZhAafM4x2EyrWEj5HFU','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('4NgzbDgZxxZiQ9dpQEY3UgTutj1NjpCeo66pgsveYyw','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('5RiARtK26CFBCNjezdFpvPBcFUA_5oyRKQuuytysGsQ','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('9j4pJc0OdwNsYGFcx035BIu72O-obCyntqe9Q0sFKt8','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('Fjn8OhfQX2EtOt0KYNDOeMsEunIMLBlwxSAr0TNdiC8','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('IGh_OGZg09CUQzgYHcBjTjT9VJeOiCa8AikVJujKqms','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('LLHsp4MEKL6LNB_MUbefieTJ-cjGHxwlc0IxLYGMDz4','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('MrZhH-ruP7fEqbdL5LmQ1r47GNrjdEbC_zluSSkKbxA','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('Na8Vkxu8Tdd57dzZ57CSK7gnnZfZF7wQZozOIj1kmwg','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('TeZOpSzuYcDZ7sMUlfJtGNJu6jv3hU4ge88Mh_VGQ34','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('d5Lnyf9ASUmLHBe1UkzuT6cxv0HFD6ZlHZdeHUVYuI8','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('fQY19OxitZ2vdqEK0IUO73GsfrbJPJH2zgn2iUNUVC4','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('ink9p-WAtssMYrSlOPd082UgoFLS-dyhyhC1iSABLHE','c1DmJMiid6hWZn6P2evQFQ',1800000000),
('o_NFp2EE9EKx-C_JHjtz87-IguEVLTwAfTHPTnRa_Fc','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('rOZN3QsvlmypFTojyacYaJDCLjN5FAx3P3HR3tBfc4Y','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('tiqbld6bS-UMxzSvJc_QgJ6jgbdYbFJ0wMCV-tW4ems','_vlDv-HJnfdUr09-Mtw6FA',1800000000),
('yB3y3be3OgXPyiaTRc-PG3E3zWIeqqAe4NfGsb-6oc0','c1DmJMiid6hWZn6P2evQFQ',1800000000);
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
('7QaYLOJIkgUMnbwLmopogg','yxHK6pm-zaRm8bu1l4QyGsdDq26IMXTKLRE88ln-9eo',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('8XyWWnC7pJj877jE0E6B5Q','7TYVHX_XbWyBqC2WFYEDMWA3yHn9p5x2ATN2AKlL76U',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,2,1800000000,NULL),
('Bebvd3vbpslkMBpzhdJ45Q','hFki_wAt7V8gp9-AnBjWEXSTWBzs4PwbVBrioiV6Iao',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Bwjq5NlaJKB1NYroIuuqLw','Bwjq5NlaJKB1NYroIuuqLw',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Cj_H_2yEFEftq2lFj6g5Xg','PUN-E5GnryXGXMoaMqV0XY-IE_L3c1NEF4zZta_fWmY',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('D6KXztdUv8VeXL0tLnlNCQ','SI7WucNlEmBggtVIBND_O-skNdT4y4Aj8tjv49FWrN0',1792656000,1792656000,1800432000,1824192000,1792656000,NULL,NULL,NULL,NULL,NULL,NULL),
('I8W47pemvKtE1G1muOn0jw','I8W47pemvKtE1G1muOn0jw',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('OZiY4R9tAjyPKGYPlN5BbQ','OZiY4R9tAjyPKGYPlN5BbQ',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('TD3CErm-7blPfGubNH9Peg','TD3CErm-7blPfGubNH9Peg',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('Tlm1yCP27PxhwycYp_xvIQ','qwTUi9wzLqjphqK6feEn46yGylK9KWZXq3SYa_xdGb8',1799827200,1799827200,1807603200,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','1TSZNLEelxyrODc9cBbnysFqPrzCWwQIpxGeDmOmbko',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','EONkm9da2Wmi4DFW9d0hFyqIIlxKkrj72s3HXEKx9SE',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','Jz-I8Fg26Xbx5qx5B6q8m0rxC_HvJgYWseM6-m3GyGQ',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','LYZI9pSUy_GqUhPLjrxewTOwkrsnr8A_a5sfI_4n5xE',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','PDkXS1t-RK7ydoxX2fo0q73xEoZpOvePyH2SMHtdQG8',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','TScrfaJWmgn3ebJvZWnjNknDPYaCcx2XpR_Yz5sa5ls',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','wYKjFpjoH5HfYlmDNLIkCUZxBVlgHRowtuuLGHmwHjU',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vAvGXgPQ8fRr2Oa0m1uog','xxg0cMHyxKfE4JtvCVkzRWiZ2uUyOVpN9uF411tp3gY',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('_vlDv-HJnfdUr09-Mtw6FA','_vlDv-HJnfdUr09-Mtw6FA',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('_vlDv-HJnfdUr09-Mtw6FA','ea95v2WmaqwDQsNd4ojR4V08757p2yt4ZteLg4dFQW4',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,1800000600),
('c1DmJMiid6hWZn6P2evQFQ','7MVmgT-b8_SaxUqnRKNczeXNU98jdIhTDedmI05VPAk',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('c1DmJMiid6hWZn6P2evQFQ','wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('h_bNlozrc0xAjiYcz2x5Kg','h_bNlozrc0xAjiYcz2x5Kg',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('h_bNlozrc0xAjiYcz2x5Kg','qKVzp5TowJ5OWdGrnmCxqRbyeD-qdq35kpjM-sTP8eI',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,1800000600),
('iic0uSbZXHiAWmFWeZCoQA','iic0uSbZXHiAWmFWeZCoQA',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('legacy|4711','ccVSHp4o4C8c_qmCC1s60uHTVrxQSlFGzRRu8ySK3Kw',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('lmmeblKNhcs1jfqqNwTMjw','lmmeblKNhcs1jfqqNwTMjw',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('q4j5u9bb6BPWHje7UbcxnQ','EUT6aBoeNcAetuSgsPGAgJcQhcNZuAAGvnwwx6p_tKk',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('us_2yToRwPvJPRHKXfu2Og','nuoOyqBSHzizKjKLGgB46mPtLKdzP96s3Moy7mhRu_U',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,1,1800000000,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
(1,'r1qaPBz916i_ZteT12Iu9h3PixKs7BNRGTg_mvrCj8U','ES256','{"kty":"EC","x":"K8fLcpqOlAK0JDXfOAFRQWlPNNLCt1pcF6JuM9xD0Pc","y":"WzakoMf4v-V9UMOIFHyRehJY6WfWQXgj7Ov1toO3h9w","crv":"P-256","kid":"r1qaPBz916i_ZteT12Iu9h3PixKs7BNRGTg_mvrCj8U","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..1B1glO-6jvUr47lm.bU7zOIU3FSNVxtnlo50Act8Epj-drYna0_OUzCYMwqWbustQ2jZaydX5-1cwRxmd29SUbKW-PeCUQBqvHypCGUnAIxTV54G0Mu7IzBoy8knljoTgD5r_uYnZgbN3nkh1JEYz_3rPuAsYXy8ePNQeDepIPEzMoVWljSEAYUwTKSkMq7I1yiUhkbmdiGtBH-6_icjzrHFmS1_Ob2kiJTUg84C0Gr0LulAcpKGISi7giVk.m8y6DXzSLT4e1sCWi8DrwQ',1799985600,1800003420),
(2,'Ph4veQVYhlC7K2CZ8YB_RwYoKAPGwT9cPESE816JKVY','EdDSA','{"kty":"OKP","crv":"Ed25519","x":"J0_DbliOc2x_S9K1rxsI75_OeZbHiWdSNm3YcW3cNK4","kid":"Ph4veQVYhlC7K2CZ8YB_RwYoKAPGwT9cPESE816JKVY","alg":"EdDSA","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..V3gWKPihPPtRLOCN.KeRNiVvkaZw0HJoOcQuLtZWhL1FMSSTzS7DGntKNhq85eWQ9kQjgQGQB1IDNy_ifYleJBFdcOMF-tAVLgb06Fcadee_cxkaExjrv2FZPHXUOwF12YR99dBP9Mmu5GNLiKP39vAa_zXP0T9HnnOG1BgIuQnM9gEK1NFU7pxDNyT9s.dqaEYv8zYLBXbiXPffC7MA',1799999700,1800004620),
(3,'8iA90Ns0tT9ErdgIH-Gt1g-94rpxCxQpEG7b3GDTtsI','ES256','{"kty":"EC","x":"iE4QxZ3-HADV5_eBjTXXnOzycSjJZ5XQ9h3G8457mVo","y":"1dpvjA50L8LMwKt1oVGm_VYjMSHPpzWvkg1LoueLVII","crv":"P-256","kid":"8iA90Ns0tT9ErdgIH-Gt1g-94rpxCxQpEG7b3GDTtsI","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..bjNRN1Tg2Ojd9MWs.duiMy9FwfgbnSD6vaDepvk_9HUX-60AQpTKP9-TZK1zT4qhuPuNQN_-sdtYjdWQQB_ej19Ulo6jpIOXYXG-na7LYecxPtUsaVlAvTg4sj2BIPN9Oqn6r8MB-Cxx3kMk5bNmRO_B3ozpm7g4d8ChnJCbSQ2m2w5Y4seX1sObi1b5Lx6plKP7OVn3QMATI2fZHW_bi56OviYCJ7--94M5p1TheUwvJfQinVafI9Xicvr8.85fgRexExSo4gBELdmG-4w',1800000900,NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('c1DmJMiid6hWZn6P2evQFQ','add_attribute:nickname',1,1800604800);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('2hocRq8Nx_milig9J8Qvhw',1800000300,'YT5SzMrJhYkbI__dOmOEVG6kQnbZxa_Sn8PXUY_ZQ4U',NULL),
('3WbqMM4BDZFaKbHwpvd_fQ',1800000300,'efLiOZIbW1QFBCGzxGOfCJjyPTCyMhKJsm78HIVgD7g',NULL),
('4MC4hIYinN5uE5NtVem91g',1800000300,'wYKjFpjoH5HfYlmDNLIkCUZxBVlgHRowtuuLGHmwHjU',NULL),
('4U6R-cKVJdUZskONmIYQWw',1800000300,'TScrfaJWmgn3ebJvZWnjNknDPYaCcx2XpR_Yz5sa5ls',NULL),
('6PJQhDGcYUV2dP6G60adgA',1800000300,'1TSZNLEelxyrODc9cBbnysFqPrzCWwQIpxGeDmOmbko',NULL),
('6jP7XCKAJQX9wQI3XS0kiw',1800000300,'ob0EJNpzZQ3SZ2DZImCInyo4m_fMzSjpg3FbX2-YlJk',NULL),
('F4fqNK6Pd4burM7-seF9Sw',1800000300,'VfmHJnF-xjhmxSc-8ofh-wvK4CfDIOhODEkN1jAiuBk',NULL),
('GO5fQ44ekydLxx0QIVoiDA',1800000300,'9ANh3pjm5_WkmwQlDznTRL_hRkLUI1IBDV7cwivGQL8',NULL),
('HgXGSmTF4BxbX6DxyQMssQ',1800000300,'zBapitrmuf0-Lk8OcUYz81aNDP8Pdtf0JfQkqLKiTEQ',NULL),
('KE51oRv9XI2pcJk_ywOYgA',1800001860,'EUT6aBoeNcAetuSgsPGAgJcQhcNZuAAGvnwwx6p_tKk',NULL),
('M_MBYd8zZg_MZZh4X6iJNA',1800000300,'wiWlMzMVjCKbGNWU-jfdLe1079oy5W0aRK7jl3usSR4',NULL),
('N4EeMZmOtheEnnuXAPSw-w',1799999700,'4R-4TqYRpTQIrW7HkGnHFQ53TuLDIL86JHown3j9QhY',NULL),
('S_0hHLaZ19Jx8EoVCyFzTw',1800000300,'JKiX-cIqOHqdDc5ui_af0juNc2ufpCwLFBa-vaaSoX4',NULL),
('TcPpVZ33XHnsRPBg_M4B2w',1800000300,'PDkXS1t-RK7ydoxX2fo0q73xEoZpOvePyH2SMHtdQG8',NULL),
('U8gMJzhlqhyxCfWtLkSXmg',1800000300,'Jz-I8Fg26Xbx5qx5B6q8m0rxC_HvJgYWseM6-m3GyGQ',NULL),
('YUGfRvDYNaJtNda6Ac9_3A',1800000300,'Gu7RMz-vPxhUd56CCDsQIDmaCwp4df5FE6L63HZkUI8',NULL),
('YfqeyYm865sitaemVsQ1-A',1800001860,'hFki_wAt7V8gp9-AnBjWEXSTWBzs4PwbVBrioiV6Iao',NULL),
('d3mt0-QZpf4lO_R9Iyo_OA',1800000300,'lPMx3O3bXtdczPYMFD8i_EDn6ZBP3KGOCbIhEHJJKUI',NULL),
('e0hcEXfTzGJHEzWPv2N8HA',1800000300,'wtuRO1zy6S1Sit62l2Sd3t5QZskwJNakyp-bX7vxiXg',NULL),
('fi3LUyYHSIG4KEEUUZ1tag',1800000300,'jnWY9THElZ_w_a4BOwuXIDrCQyu0govIphYQmwZxNdM',NULL),
('fuhQkXGCt-9VXBMhnAm_-g',1800000300,'7MVmgT-b8_SaxUqnRKNczeXNU98jdIhTDedmI05VPAk',NULL),
('hwzapE823ZUloYWq7OM4Yw',1800000300,'EONkm9da2Wmi4DFW9d0hFyqIIlxKkrj72s3HXEKx9SE',NULL),
('isl7qQDgIvVaSdNGUWAANA',1800000300,'QySfE4mciY-Hz-sDGg5qTgGjpzrxV_-xdVudHAaM0tg',NULL),
('kzsOI0r9RHYcVy0Yc_CsLQ',1800000300,'xxg0cMHyxKfE4JtvCVkzRWiZ2uUyOVpN9uF411tp3gY',NULL),
('r3-o-ZXxYPWNf2xN8CY1XQ',1800000300,'Xcs4DuNJ8PSsUZ2U2sWm9mxd_NwxeAGQcdccAXkdKQ4',NULL),
('rYP-tTwaOZB8WxfcWZy2TQ',1800000300,'vDYYZ8ehEii2v7BW_UhI50-4oYuackxk7oC0gH9M60w',NULL),
('sealed:0ZwHMUDT54H-KkYVsu4kMQ',1807776000,NULL,1795985856),
('sealed:7QaYLOJIkgUMnbwLmopogg',1807776000,NULL,1795985855),
('sealed:Bebvd3vbpslkMBpzhdJ45Q',1807776000,NULL,1795985855),
('sealed:Bwjq5NlaJKB1NYroIuuqLw',1807776000,NULL,1795985854),
('sealed:Cj_H_2yEFEftq2lFj6g5Xg',1807776000,NULL,1795985869),
('sealed:D6KXztdUv8VeXL0tLnlNCQ',1800432000,NULL,1795985848),
('sealed:FSpNeKI8DMMRU2vNSiuoKQ',1807776000,NULL,1795985856),
('sealed:GEuL3et3hd4yvEMlIoCupQ',1807776000,NULL,1795985856),
('sealed:I8W47pemvKtE1G1muOn0jw',1807776000,NULL,1795985851),
('sealed:NvYULlJuEpiqbIS-yd0WYQ',1807776000,NULL,1795985856),
('sealed:OZiY4R9tAjyPKGYPlN5BbQ',1807776000,NULL,1795985851),
('sealed:TD3CErm-7blPfGubNH9Peg',1807776000,NULL,1795985851),
('sealed:U4I8YOc5ThLWy9ZSjJ_3HQ',1807776000,NULL,1795985856),
('sealed:YDIhgG5DFdGrRNRXbm1LXw',1807776000,NULL,1795985851),
('sealed:YmpdPeyqQTfjPAyTvEdEag',1807776000,NULL,1795985856),
('sealed:_vAvGXgPQ8fRr2Oa0m1uog',1807776000,NULL,1795985856),
('sealed:_vlDv-HJnfdUr09-Mtw6FA',1807776000,NULL,1795985855),
('sealed:c1DmJMiid6hWZn6P2evQFQ',1807776000,NULL,1795985852),
('sealed:fNkDbxH20xujh54cipNBvw',1807776000,NULL,1795985856),
('sealed:h_bNlozrc0xAjiYcz2x5Kg',1807776000,NULL,1795985867),
('sealed:iic0uSbZXHiAWmFWeZCoQA',1807776000,NULL,1795985867),
('sealed:lmmeblKNhcs1jfqqNwTMjw',1807776000,NULL,1795985867),
('sealed:q4j5u9bb6BPWHje7UbcxnQ',1807776000,NULL,1795985855),
('sealed:yilDRxuxXx1uzdJ1GgIe4Q',1807776000,NULL,1795985851),
('xhG--EZ0J4Y2xb1W4iQe1A',1800000300,'lBgJBzalzW9juDAo8LEpeWh597iUBEauHZlj5mugWrQ',NULL);
