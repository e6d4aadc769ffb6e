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
('-QhWiJ1O7-yjkabqomphmQ','z4ShoMhrahfVTTJsWtCq_yQ3R8SkGcbAfCnP8Z2fcleo4tyeTvJfrQA5Iv-LYM69xGfdjcKXGT9qhw2gVudAKQ','gentle-vole-30','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('4IsQ3Lm6yXyzLHR_Re1j9g','gX5KcRAb5_GtT9IJNqre5opVilda83HyBRZBhKNH6Pdb-3YUmRwPnDx5_iWD0bZdIGq3nlLi6UNLillNJe_lWQ','misty-gecko-47','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('5B86q_dxuZTgD3I0MD9QFw','zdgFnG4pKrI6Bt1_XM_0Exlbik26U4T98tBMP0QuRqOVRS1LDkciYWRQYWnHZpO5Qz4w-dFEgJZt1hDQW8xNdg','hazel-newt-13','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('68lkHPLwa7TeBk8uK-vw5w','D4RcUfYlo7Sxn83GZsabf-UTrEBEWX1b6Y08tgifFzR7v0D34mZ7C9d8StK0eibShcWfxSlh4RePj_OSr23gIQ','jolly-vole-42','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('BAoH5z1hT-8LmJTQIGoaVA','XP1XwKTI_SihY9GNpdakQxFWRdaO0jFqfNP67rEpd2meiGoUKXUszczf6CDLvQ4_mCBLbXzDAXQJ93jrB1OFLQ','happy-toucan-48','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('BozuHrs5hjoIVujDpS7jCQ','7WebbqhB2zo97xB42QYVa2ZoMjZuFvSKfq90fMI1cuzhdcVwz9SLNciFT53tRH564CISPVOyKfSFdQeBRns38Q','hazy-finch-10','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('CBA_QZM5NVSvjklzJQcASA','YXub3w7rElHzU6xKVnOOYRyMFM3x4VrBFCiEKY1cNHXkImX5Qr2sllGecuzd8SWgufdYLwlLRnWQGERXSrdubg','fair-egret-35','users',1800000000,1800000000,1,1805184000,1804320000,'active',NULL,NULL),
('JSad_Izskb9qbokqE1dxDQ','JQDR7BIsx3OzSNmRLE1uD6rZA0d2KM8w0si6cuku9Yh8Ctv4tnHLoHl1c2dgMhUVe_9TCBmBJZPL16bc2xJvyg','crisp-kestrel-25','users',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('NbjxVOSaOqvnlDLQeR2O_w','f1h-tu6Fa5HzEA5woQ0RD5-_KVaK1iR6mEF-pRJFYfF4vWeafIdA8kzdOvMkh04M5zJ4AHxD8Ee8q7kmqL8lJQ','fair-hare-29','users',1791360000,1799827200,2,1807603200,1806739200,'active',NULL,NULL),
('OHMC-o5qY-A6lLf0EZJe2A','4m9rFYDKNUuzhyFNRwQj_jKcgPyUlwSo9Z_OC0BopvulYHEzrzV8hsTOwdpPfHVb35TOxlScnmiNRWHK4vxexQ','hazel-gecko-31','users',1799999400,1799999400,1,1807775400,1806911400,'active',NULL,NULL),
('RqDi1VsmjyKZr2QKLqXTNw','pbVGa6NSPQuvLIvdf-YwVCaiHSimXPkvgJp07r8nSvn3HNzVdktqiaF7UFormYWQ6SQteqWOqSgEdVDJmj6qGg','violet-raven-95','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('YvwwR2T-XsyUfV78j8qasw','KONx_9xAn9Uwpwa6kSSENtVQ7Yc7PPNu_r9q7yRk4-e8fROlWG_OHOZ-q-79oqjmtSjH7Ad08WV5WIuqqyEqNQ','Rose 🌹','users',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('ZBWn4rY1jwh0JgpxyRBrXg','OS8jFM2uBEIHIgtlPcC4JkXEJB3ny7EVTvmUbYHTcPO7esv-7asEFestme7KT7vEfRNuR8-4_kyi4edy_7zSQA','green-owl-20','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('ZPEuW1WZcvSuaXz5ibC1Mg','Bq8mu5Nmhh3VrW_Sc4sTU6bnQuPs8wq2Kt1aYzb8osOViaHuivE1Hi5yUFCEWE2oIZbNzr-ZF_cFTaGX8656zg','rustic-hare-30','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('e8yySnRsDsz5e6BHYf0blQ','Eki2n66MLQymnzlk_sOKLHEXtt3vnCBxSax0XkcNi5YDL4LAlHGfaJg9GoOvPDCvtRmWgTR8cCYkhRsOKLKukA','kind-kiwi-20','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('gVVUHt5RGSmolp-Q8JrDOg','HRfue11vBqULBi-5dFpGfN-Zq9FmbPnlzQGhDWG6IG8JwiQMG3OFCTlYcfEfXFZkUXqCm8BWoTVYrn4WY1oecw','hazy-lemur-17','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('gl9zxfljyW2AttnQTIaJIA','5QTIGeccW2BknOK2k-_a8rhbxrblzbtkTSizXxLB4DMj8Arp6vY0gzEcpSUaIgxF6oCzA02r7WUXrHr32sa6aw','pearl-mole-10','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('ibktLuPKywyNJFyNOhV-Mw','g2sqK9SxGmTBH52iu-pzkvMmNRLEgldxBz_wicpDJBzL9zHCPX9WsXTtr-mFcQt2IWhPjf-wWsxaN8uLcesuYw','indigo-ibex-34','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL,NULL),
('jDOmlH6jE08d99s9SGMlow','y3SUJGUz-w0_YcQT_SPEordZ63mj09UbY6dJVwhmqDhX-6pGm9O8CbW6lmT53SFRNxyHWrb5so8KrynKsRPd_A','','',1800000000,1800000000,1,NULL,NULL,'active',NULL,1800000000),
('jdYot1TxjAPcJhboJ6aJYQ','nuWZrP6mcVVDQfayYHtSHNmzlsDihD8vFLzYi8FeVE97YsiOdgKI1NJFYSp2kK6mXjW3jL1ngwmrSwtdUCDQHg','cobalt-magpie-41','users',1800000000,1800000000,1,1805184000,1804320000,'active',NULL,NULL),
('legacy|4711','H-ixfm_LIpJTRNivcwM1rSLvtQmqFJHjdMmEuyoCdiMlXrRJUsWWBWyn1sEQyMH1nYx1-_FRUUbtGaMQ27x_lA','Imported One','users',1765440000,1800000000,2,NULL,NULL,'active',NULL,1799827200),
('legacy|4712','s4D1a-f19hHZm6v0r7ZYGUf9sXDzV5Rsm_SMX7ylhGVZClQq9mwDt5H0HWZ69L7T3u0vhC3ZOaAmT85kMjhG4Q','happy-elk-80','visitors',1799827200,1799827200,1,1801555200,1800691200,'active',NULL,NULL),
('mex02h0gCQETOC4v6zO5zg','NP8n3bzY3PxV--EEgqUvCDQ82Jeky8JTrfxJGq6kUvhNUiGTjfxXZ7PG5D1Xn6PGkoo1j7s0HjHSnEbaJIipXQ','cobalt-linnet-90','users',1791360000,1791360000,1,1799568000,1801382400,'expired',NULL,NULL),
('p3clWCVQ-F9Topx5FH0skw','kC51clwKZV_hZaoYa-qj2QP47mVbJzK8zHwl8eauc0_go23Kcv0QBEAuzQwZvWtp6dC42VQgwq6pApS-TKNbmw','hazel-shrew-16','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL),
('pKawOiNzhuPpQ4If-S5OZg','2s8OxnPNQdBGvurKVwngcsLwNoYZk33bu0eEpXGNyumU2Ox4cy-_gY2H6zil_LXDJCG0Lwc3TJbtzNPELIoWvg','grand-panda-42','users',1792656000,1792656000,1,1800518400,1800518400,'warned',NULL,NULL),
('qAzvuLAfmz_xxhPOBSiV3Q','CQhUQy-i1-nso5gZHvhWBqn2U52QvFVIymGSui19aWyFposvld9DAL6uOmGaloTpLp41D5yGnVB601-rKwmFmA','nimble-shrew-89','users',1800000000,1800000000,1,1800604800,1800604800,'merged','ZBWn4rY1jwh0JgpxyRBrXg',NULL),
('vABgnU6s4F6Wb4LmzDStvA','TAFdnvW7ahcduzshk8UIe15ZUDQ2XMIBP2Kq8KX5kmqK_aYuLPM_MSe6wkVnJmqM9ygJJVj42EEmGJDhjUpu1Q','nimble-lemur-92','users',1800000000,1800000000,1,1800604800,1800604800,'merged','ZBWn4rY1jwh0JgpxyRBrXg',NULL),
('x2nPNgTa18C09vY9PWSXCg','zqrHIGB98Jaxus9wzINl2acc8Ty7vYvSSjNwp8QP5c_DWUSY7Hfnjae2nGQW3Enp3YYsfZU88SUTCIbNBf-W0g','solar-tapir-79','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL,NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('-QhWiJ1O7-yjkabqomphmQ',1800000000,'voY68193','-QhWiJ1O7-yjkabqomphmQ','guest.kept','done'),
('4IsQ3Lm6yXyzLHR_Re1j9g',1800000000,'OZHCeBCU','RZPa7eZyyry5Yjzeq856I2kX4U5SlPLMkVbrE3N0WU0','passkey.added','done'),
('5B86q_dxuZTgD3I0MD9QFw',1800000000,'-C1ye39s','j_1SYj1a35RI8KFolHMIpmYunCpDnn_CsKccPfqQs7E','device.linked','done'),
('5B86q_dxuZTgD3I0MD9QFw',1800000000,'GE_y7Nd0','j_1SYj1a35RI8KFolHMIpmYunCpDnn_CsKccPfqQs7E','guest.signed_in','done'),
('5B86q_dxuZTgD3I0MD9QFw',1800000000,'wHb7O7d3','5B86q_dxuZTgD3I0MD9QFw','guest.kept','done'),
('68lkHPLwa7TeBk8uK-vw5w',1800000000,'X8g7FyJu','68lkHPLwa7TeBk8uK-vw5w','guest.kept','done'),
('68lkHPLwa7TeBk8uK-vw5w',1800000000,'vlTGiSSl','SgFyRh-aaYx-ZPB57dDqgsHy8TEaOmUnS5A9Sqc01n8','guest.demoted','done'),
('68lkHPLwa7TeBk8uK-vw5w',1800000000,'xak_CU-P','68lkHPLwa7TeBk8uK-vw5w','guest.promoted','done'),
('6aSAhMnu4prZ-pdO8fxLig',1800000000,'GBZ_ucdo',NULL,'guest.erased','done'),
('BAoH5z1hT-8LmJTQIGoaVA',1800000000,'06Twq2uS','BAoH5z1hT-8LmJTQIGoaVA','passkey.added','done'),
('BozuHrs5hjoIVujDpS7jCQ',1800000000,'-vDqsoVE','BozuHrs5hjoIVujDpS7jCQ','guest.kept','done'),
('CBA_QZM5NVSvjklzJQcASA',1800000000,'DCZZj4aS','CBA_QZM5NVSvjklzJQcASA','device_key.added','done'),
('CBA_QZM5NVSvjklzJQcASA',1800000000,'InfDh6m-','CBA_QZM5NVSvjklzJQcASA','device_key.added','done'),
('CBA_QZM5NVSvjklzJQcASA',1800000000,'RzNjJ7XK','CBA_QZM5NVSvjklzJQcASA','device_key.removed','done'),
('CBA_QZM5NVSvjklzJQcASA',1800000000,'f1E41-J5','CBA_QZM5NVSvjklzJQcASA','guest.kept','done'),
('CBA_QZM5NVSvjklzJQcASA',1800000000,'ptFirZyl','CBA_QZM5NVSvjklzJQcASA','device_key.added','done'),
('JSad_Izskb9qbokqE1dxDQ',1800000000,'Tnqf4n5w','JSad_Izskb9qbokqE1dxDQ','guest.promoted','done'),
('JSad_Izskb9qbokqE1dxDQ',1800000000,'XwagKtpy','JSad_Izskb9qbokqE1dxDQ','guest.kept','done'),
('NbjxVOSaOqvnlDLQeR2O_w',1798704000,'AkziwNit',NULL,'guest.expiring','done'),
('NbjxVOSaOqvnlDLQeR2O_w',1799654400,'RWN292Ie',NULL,'guest.expired','done'),
('NbjxVOSaOqvnlDLQeR2O_w',1799827200,'H87NQ36a','vQfNJXRaVodT2uTy55h534OKb8yPHlCfXTBAw28z5xk','guest.signed_in','done'),
('NbjxVOSaOqvnlDLQeR2O_w',1799827200,'siK3uAGc','vQfNJXRaVodT2uTy55h534OKb8yPHlCfXTBAw28z5xk','guest.restored','done'),
('OHMC-o5qY-A6lLf0EZJe2A',1799999400,'R9lBKuJy','ZqG2tbaEKH6j7I1MQoTnqUGWLf5WpbyadNpdCaSq3Dg','passkey.added','done'),
('OHMC-o5qY-A6lLf0EZJe2A',1800000000,'wed_Zzc_','ZqG2tbaEKH6j7I1MQoTnqUGWLf5WpbyadNpdCaSq3Dg','session.refresh_reused','session_ended'),
('RqDi1VsmjyKZr2QKLqXTNw',1800000000,'IMp9ZV9O','RqDi1VsmjyKZr2QKLqXTNw','profile.changed','done'),
('RqDi1VsmjyKZr2QKLqXTNw',1800000000,'o00WBGOn','RqDi1VsmjyKZr2QKLqXTNw','guest.kept','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'31tRgnC_','cz1SmjWcWabsoDv7iL1qMhsocq20XC3dHuLjjM5Gtv4','guest.signed_in','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'4dKqgjDu','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','login_id.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'6a6_cqZm','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','login_id.removed','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'B6O-clDv','YvwwR2T-XsyUfV78j8qasw','passkey.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'HQJ7szcp','_EIEfQWxc7T8w59dagyzOgAIOdUhtad81YDEUS3fUy8','guest.promoted','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'Ikpid1vO','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','device_key.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'OCZeyP1W','_EIEfQWxc7T8w59dagyzOgAIOdUhtad81YDEUS3fUy8','passkey.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'XDLzCOCa','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','guest.renamed','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'a9mdqBA9','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','login_id.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'f_P5oeQP','_EIEfQWxc7T8w59dagyzOgAIOdUhtad81YDEUS3fUy8','passkey.added','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'gMblPenh','_EIEfQWxc7T8w59dagyzOgAIOdUhtad81YDEUS3fUy8','passkey.removed','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'iYThkrKC','WOxB0IZSu8odCy8hknE6_RM73t4HVHVqJhHS7CQrCxc','guest.signed_in','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'xVApMSfk','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','guest.signed_in','done'),
('YvwwR2T-XsyUfV78j8qasw',1800000000,'zK-Pfj95','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY','recovery_codes.changed','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'9Xlcp8a-',NULL,'guest.merged','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'FkeibLIx',NULL,'guest.merged','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'HdOOGHS3',NULL,'guest.merged','merge_refused'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'KzxUPl2u','PziyxMTgy-iN0sbV_cl3TIio3MXtJVpmr5Adb6_YJzc','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'S0wuLsGE','HyqIDSoPbL0kK7YNhYmfJeedOt6esDJOf8HD_VTYPZQ','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'TP5C94dJ','GRPMHwpWsdPIllnJR9morxHHXGrYpcpyRwXE9ohPRUQ','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'Y7D2jYjp','aXlQ-mp9qgpM-ofzn_isw-koobLM9xQ_CQ1r5a5YigI','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'YD9U7U-S','M-036JZ6CAAu_GjLEb8gDs82OyPzB1STf1Q7m1dAyY4','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'hBnkF9o3',NULL,'guest.merged','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'iXB15e05','MnRvEI8V4RyM0ITg2b7JvAdTyDwMgoN5CMO3BZ3YCcY','profile.changed','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'j-5gcA69','b3pGzgCGbHTNJqLju7qfI4kf-EFQmYrpeHeNVsQp4rk','guest.signed_in','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'nHM-Tfo0','ZBWn4rY1jwh0JgpxyRBrXg','passkey.added','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'pjmyYb5g',NULL,'guest.merged','done'),
('ZBWn4rY1jwh0JgpxyRBrXg',1800000000,'qW9-G5Ec','Jph7B74Tc6lMGfZS6aHaSfWDRlIYBjcyw1a3Usy7k2Q','guest.signed_in','done'),
('ZPEuW1WZcvSuaXz5ibC1Mg',1800000000,'anQ2U9XP','ZPEuW1WZcvSuaXz5ibC1Mg','guest.kept','done'),
('ZPEuW1WZcvSuaXz5ibC1Mg',1800000000,'wkZGyLRD','ZPEuW1WZcvSuaXz5ibC1Mg','profile.changed','done'),
('e8yySnRsDsz5e6BHYf0blQ',1800000000,'QXWyVsZ_','50niVHAR6zCL1bVgCcUnPEnTB2aLFHlCh6i6U9PIbAY','passkey.added','done'),
('gVVUHt5RGSmolp-Q8JrDOg',1800000000,'ENQfO1_Q','gVVUHt5RGSmolp-Q8JrDOg','profile.changed','done'),
('gVVUHt5RGSmolp-Q8JrDOg',1800000000,'qwxxOLNl','gVVUHt5RGSmolp-Q8JrDOg','guest.kept','done'),
('gl9zxfljyW2AttnQTIaJIA',1800000000,'mOAPSOst','gl9zxfljyW2AttnQTIaJIA','passkey.added','done'),
('gl9zxfljyW2AttnQTIaJIA',1800000000,'nDUBKoD9',NULL,'guest.merge_undone','done'),
('ibktLuPKywyNJFyNOhV-Mw',1800000000,'zyj07jq8','ibktLuPKywyNJFyNOhV-Mw','passkey.added','done'),
('jDOmlH6jE08d99s9SGMlow',1800000000,'2zKV3CXz','jDOmlH6jE08d99s9SGMlow','guest.kept','done'),
('jDOmlH6jE08d99s9SGMlow',1800000000,'EOYusYNP',NULL,'guest.promoted','done'),
('jDOmlH6jE08d99s9SGMlow',1800000000,'fkhUoYW9','cpVuJ37BjAXFSeKcchYiAly0voscZ0Rhgel5Ius1WLQ','guest.signed_in','done'),
('jdYot1TxjAPcJhboJ6aJYQ',1800000000,'6LbPQP0n',NULL,'recovery_code.used','done'),
('jdYot1TxjAPcJhboJ6aJYQ',1800000000,'ZdVhpghX','jdYot1TxjAPcJhboJ6aJYQ','guest.kept','done'),
('jdYot1TxjAPcJhboJ6aJYQ',1800000000,'hHM-wqcL','BRhlBiRZ61RkX3Bx1_-1WrPzY6inPnHzwalPnAsoEh8','guest.signed_in','done'),
('jdYot1TxjAPcJhboJ6aJYQ',1800000000,'hXNzK-oe','jdYot1TxjAPcJhboJ6aJYQ','recovery_codes.changed','done'),
('legacy|4711',1799827200,'NKR5TeMb',NULL,'guest.imported','done'),
('legacy|4711',1800000000,'HLXpopsX','nE1Pfo60d9WI_8P2Okk73_rHJQttk-rOt8c52yGgc2Y','guest.signed_in','done'),
('legacy|4712',1799827200,'APRVeyJU',NULL,'guest.imported','done'),
('mex02h0gCQETOC4v6zO5zg',1798704000,'W6tkf8On',NULL,'guest.expiring','done'),
('mex02h0gCQETOC4v6zO5zg',1799654400,'vzcLC9-Y',NULL,'guest.expired','done'),
('p3clWCVQ-F9Topx5FH0skw',1800000000,'kWxpLBL5','p3clWCVQ-F9Topx5FH0skw','guest.kept','done'),
('pKawOiNzhuPpQ4If-S5OZg',1792656000,'4LzYF6B_','pKawOiNzhuPpQ4If-S5OZg','passkey.added','done'),
('pKawOiNzhuPpQ4If-S5OZg',1799654400,'jSmQAn1X',NULL,'guest.expiring','done'),
('qAzvuLAfmz_xxhPOBSiV3Q',1800000000,'Cyn9Czfa','qAzvuLAfmz_xxhPOBSiV3Q','guest.kept','done'),
('qAzvuLAfmz_xxhPOBSiV3Q',1800000000,'YsvAdexr','qAzvuLAfmz_xxhPOBSiV3Q','profile.changed','done'),
('vABgnU6s4F6Wb4LmzDStvA',1800000000,'51PsIOh-','z-uVxs-IjkSYF9DktEtTUO-n3c5w4v_NqiOw_8w_yJk','guest.signed_in','done'),
('vABgnU6s4F6Wb4LmzDStvA',1800000000,'fzk1x8xu','vABgnU6s4F6Wb4LmzDStvA','passkey.added','done'),
('x2nPNgTa18C09vY9PWSXCg',1800000000,'RUrZSWFE','x2nPNgTa18C09vY9PWSXCg','guest.kept','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','x-uG_E8vRjqvHoftp5q2cg',1800000060),
('resume merges','x-uG_E8vRjqvHoftp5q2cg',1800000060),
('rotate signing keys','x-uG_E8vRjqvHoftp5q2cg',1800003600),
('sweep','x-uG_E8vRjqvHoftp5q2cg',1800000060);
INSERT INTO codes (id, code, tries_left, expires_at) VALUES
('-JrT6dy2tHehqfVu_R_5wHe48lhdmDNV7iHSBZqzsi8','yx_7AygsSju_H7xqBOZWQYV9Ty1uFci-BqXg_uPDg8U',5,1800000600),
('15XX_FfEfk50nU2EEagNTWOXKC1jjPMB3iCeK4u_Tb8','FAGq1Y57zymCZO7f5V03BGS_bVjQAwx2NpzIxR1lf9c',5,1800000600),
('2-GDlXA5mFr7Z0SyPukbHkZ6lWldNZ4DsXlmEdCPG4Y','L5eJhh4Zx3cHqWYj-Up_mEop2atM2mEW5KA7WoL-HY4',5,1800000600),
('A4yttcXfsmx2xdQAuwhyqVTxQPnBW-zDy4VDUfSsG_I','wzTv3Ra0lYvX5Wgee0KVu58QSZnIdDmyFnZFo08BrAA',5,1800000600),
('LuxGVbdvwIWlc2Buwrx8a3UJtLD47-IP9dCWnIOdS3Y','wVvqDw2NNTwjErxfSlyfRizqLKZC0aZfUwvldnb2UdU',5,1800000600),
('M61puYS8qqX43tq0ZQOoWar5bLOnCOJIdNwcTDs7qDM','ewN1aHV_N_c1DpoxCL4marGGSNfZs1cNkpHOf3SMMLU',5,1800000600),
('fxSzhuCeJz6aG1gAPry05sQ98BPQRK2s_T5F0CFQKUQ','CDezU6mTHkUOj1xqKiUQ_4_PZPOiK5xdlkPawsJ5VCY',5,1800000600),
('lp5KLEgxOO3OwroUXzl9XVb6Q7rUZQ4E1G31BtHrwkM','Mnl812xIUzuR1JL4OW9ZPt9KAZj7ljIcDqC1ENYea6c',5,1800000600),
('nDn96fqfKfEQOGhjsS0mZJtN7Z3a-9hnAgVSB5w1VAw','xMLptI1Xeb3Oq-uz5CW80_cygeIpuFhKCscNoTkgrco',5,1800000600);
INSERT INTO device_keys (id, anonymous_id, public_key, algorithm, name, created_at, last_used_at, session_id) VALUES
('-011aog-GZh0JR1rorxmsBXv7iLA_kC9PNbnSS3MMB0','CBA_QZM5NVSvjklzJQcASA','{"kty":"RSA","n":"s5PaHXVeVV265iiPq8kmGhpZCET9-TxsQH8595gEznHVTY__VN_5kzFc07JExJxuuoEAHmFOoHmJP0QMD3VrGkkURyfWegCuvAgM6T08kvKxyNO3i7Gn6nL5Df6ncsHGxyLqJD9vDeaJoLASmxW6kNPfZDsY3jW7h_xeOWY1M35ABxrIK3RkYuwjwELgmALSn_AgI6nFZmgQthqpBsQeyIsCaT_plaZ6oWW7us-DGzyYz6sWblYvhqy7BTAdcsP1N81H8f5-aVdqpp7reSGM2LHnvFlW1qyIRWlGiEVy1N8OjNEifHurDYxeax1Fk61cyQo6m_RZFlsPrRJQtJWotw","e":"AQAB"}','RS256','A RS256 key',1800000000,NULL,'CBA_QZM5NVSvjklzJQcASA'),
('IVJvgniRCj4AWCAOSw6DK6N-F2RMmgBe4QMmNGWrUX4','YvwwR2T-XsyUfV78j8qasw','{"kty":"EC","crv":"P-256","x":"kRHQdh_Hchi5R9lnkN4LD4FImcxv4q2O5EPN2htnkF0","y":"dbA5Fz1saJu6O1npPdo0BdR1xs1waAYKN_L3H8SE4o4"}','ES256','A ES256 key',1800000000,NULL,'p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY'),
('NHafyxVgcMZRQn0f35fiuO9tqLXwLCqIgtZxlI4ggl0','CBA_QZM5NVSvjklzJQcASA','{"kty":"OKP","crv":"Ed25519","x":"vrK_19txTRqyBn0qWRONQeCu6tVzgDu4AhHK9LGzkE4"}','EdDSA','A EdDSA key',1800000000,NULL,'CBA_QZM5NVSvjklzJQcASA');
INSERT INTO device_links (id, locator, code, secret, tries_left, anonymous_id, session_id, label, status, opener, opened_in, opened_for, words, asking, result, expires_at) VALUES
('HsbzWgpCNkCfLV6-MElsfg',NULL,NULL,NULL,5,'qEcbDSpe9-1ng2FKnBaEeQ','qEcbDSpe9-1ng2FKnBaEeQ',NULL,'refused','44D3ZkNtgqqyaJTiv3xMb6jl_9sQPMtf7s2GL0EVy3k',NULL,NULL,NULL,NULL,NULL,1800000120),
('U7U7i_HrKngVJev-VZBSMQ',NULL,NULL,NULL,5,'-QhWiJ1O7-yjkabqomphmQ','-QhWiJ1O7-yjkabqomphmQ',NULL,'approved','lplz07DjYSD_VQT0H3Uev6qv3K-F_uX4Wh7LBj4-Rxk',NULL,NULL,NULL,NULL,NULL,1800000120),
('VVfRqLdinr9bAXNA1E9iyQ',NULL,NULL,NULL,5,'du9SUHGhU1SaAOlmb2ixXg','du9SUHGhU1SaAOlmb2ixXg',NULL,'opened','D9GNmcaLUtOb3FpVCiyvsE_-DvU9EAbqlWJJYFgTtvU',NULL,NULL,'lucky bobcat','{"platform":"Linux","browser":"Firefox"}',NULL,1800000120),
('ZrSuyfrDLNVy30J11ERnTQ',NULL,NULL,NULL,5,'5B86q_dxuZTgD3I0MD9QFw','5B86q_dxuZTgD3I0MD9QFw',NULL,'done','p3Ic1X8RVh46Arf15gq6zDtM6dQKvDFYh5u492Pfew0',NULL,NULL,NULL,NULL,'j_1SYj1a35RI8KFolHMIpmYunCpDnn_CsKccPfqQs7E',1800000120),
('szaRXW2xYyKkgUtAI9TzgA','DXRK','hjSXW8w6uigm7IxgmMGUQXfBsI5bnh4cb95zV5HI_bI','KLZfasnCswAtsJibSi8Ho4JqWzj5bXUYqZ_a97b_sKw',5,'uRIgdojjKF6MVlAp00CzhQ','uRIgdojjKF6MVlAp00CzhQ','sunny-koala-43','waiting',NULL,NULL,NULL,NULL,NULL,NULL,1800000600);
INSERT INTO limits (id, used, expires_at) VALUES
('-bn3GahTeQJZtb966jf3UdgZQiFalLilIzZrtrdmdQo',17,1800003600),
('1mLwqHVoRdcdbVSsIqWpHZuwC371n5lcaujEExcFbZw',1,1800003600),
('412p7rUxRKkSz5KP63x3bthYFolgQp-sHdDxKcSd-Bw',1,1800003600),
('9hXOvBxZOQQULmu0MQ36KmEyynasxx4G9UZCt3hFpGk',1,1800086400),
('BGNuMvse2aWXcIs9eZYM5UusJhipQZU2609guKCfr3g',1,1800086400),
('BOc0kQ-4UnzgrOr0Sd5fXEIeG-mWu3ZudrtUzxsQaKQ',1,1800086400),
('Dph5H7iHcPNY-hnJxjG5Tqm4RxzSjnUFKXR9z1rI-MY',1,1800003600),
('DzErVHuYn2FPCeJcD2FcobWI8nlQ38yqH1qkcJgfnjU',3,1800086400),
('FyvQ0ELTESF-YaZOxtbIGiMSeovnsgO6q5sllMymOJA',5,1800003600),
('HHRp-k4CT9YAK8A7RmEiIn0A9rZ7hSdPXl1uvWItBAE',1,1800003600),
('KH9785wCm8Q6tIrp78yKbl2AzhTqNiKn17q0YvdgINU',1,1800003600),
('KpyF2-Uf5sePRx3RhdoFcD0BNWehiTsfhlajEdyn0Z8',2,1800003600),
('LBQnzRLszAMLW69ojVIwnzWNkV4ILnjNwAi8qgizuds',1,1800086400),
('NBxn58ly9yLVzpiZttxK1fs2V4GgQbDIJ8y7JBglFKs',2,1800086400),
('P7aElWextrTzWbHabUH3a0ryucDrtHTD2cybFHjiy7s',1,1800086400),
('V588fwmX-HB13pwCIkXuDmJfAYHGvAWLO-wA9s6jjC0',1,1800003600),
('WAzJ11rYR7Fa7Xuld7-5fywqkBdaOCwTlOMGxnh5U4E',1,1800003600),
('_c2BXTLcXrNbhrj4V4tGeB1dRQbtjeEmee2sDhyKb8k',1,1800003600),
('aw2HIItqH1DGhRBUxfXHOZxP7HJjFXHxdjoXG48CGAM',3,1800003600),
('byOhx_EY4u7HWzM6SQuebPHrjuUgG__6GiCEP9GdA9E',1,1800086400),
('gnfvZEz_fLxUQiv0OPi5ZBII5Zhpna2-GExihdjJLFs',1,1800003600),
('hFGSNj7aPtTyyqQ-mzBXcFPVhY3ioJYyVcFshSrh3Ms',1,1800003600),
('ioS2ocQkaqjDgyHyoApyxdnqH5WOZTE_fYEL_cLJfUw',5,1800003600),
('ltgVB9g-N7-IdyPCjkBkqBxSBssJOROyD6O2scO9jww',3,1800003600),
('pjAzgZD_igH29-LNWUgF-mBzzHpBTelav5TZm6KV9wo',1,1800003600),
('sPGJwApvNWq_FsJKj7KR-cGQ0Ui8mbW-Wb0JgS2PIFw',1,1800003600),
('w-mDzbpdLmBtm_YML7KC6ZPyVA8_eHlYbqmNzPcGsK8',1,1800086400),
('wEMw4Wv5GHJ_YSNuPP7idsHj47KnR14CsFTtwSTCqkI',5,1800086400),
('zGVJHhEhp6TVzPnkefWeMZgTCL4Dy77Bp3HaA8q5EiI',1,1800003600);
INSERT INTO login_ids (type, value, anonymous_id, verified_at, is_primary) VALUES
('email','hugo@example.org','jDOmlH6jE08d99s9SGMlow',1800000000,1),
('email','imported@example.org','legacy|4711',1799827200,1),
('email','rose@example.org','YvwwR2T-XsyUfV78j8qasw',1800000000,1),
('oidc','http://localhost:9 olga','JSad_Izskb9qbokqE1dxDQ',1800000000,1),
('phone','+41446681800','YvwwR2T-XsyUfV78j8qasw',1800000000,0);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('0W4-gQt5LkCK6wv3FolfHjKp8uI2xso-Rjm0_t7plAY','oPHfuuDOiS07Oa3PbSF63Q','YvwwR2T-XsyUfV78j8qasw','fair-osprey-25','users','none',1,1800000000,0,'offered',0,1800000600,NULL),
('68w9cwh-vVynTnVLZ6bk56LfIaqMdK2guHdBnPBeVeY','JTDAXD5kS58EUikn0TmIcQ','ZBWn4rY1jwh0JgpxyRBrXg','jade-crane-74','users','none',1,1800000000,0,'merged',0,1800604800,NULL),
('EJrVtobDuiTTRMJb9uJkQtFBDCbcj8bMS5fdFMpvih4','gVVUHt5RGSmolp-Q8JrDOg','ZBWn4rY1jwh0JgpxyRBrXg','hazy-lemur-17','users','none',1,1800000000,0,'pending',1800000060,1800086400,NULL),
('Sw5I0i_zjh_zcACaV1OyMouRdGGCnzj2WRNM7q5CZHo','gl9zxfljyW2AttnQTIaJIA','ZBWn4rY1jwh0JgpxyRBrXg','pearl-mole-10','users','passkey',1,NULL,0,'undone',0,1800000600,NULL),
('Wrb4_Emj9dJJoFLmJcyq7QkJ5xLr2-yjua1QNvgQBPI','qAzvuLAfmz_xxhPOBSiV3Q','ZBWn4rY1jwh0JgpxyRBrXg','nimble-shrew-89','users','none',1,1800000000,0,'merged',0,1800604800,'{"before":{"nickname":"Wim"},"after":{"favourites":["coffee"],"nickname":"Wim"}}'),
('_8-eJefgks20XoPnl1yIDrps3a_SgGnreTeYcUoanTM','RqDi1VsmjyKZr2QKLqXTNw','ZBWn4rY1jwh0JgpxyRBrXg','violet-raven-95','users','none',1,1800000000,1,'offered',0,1800086400,NULL),
('aoWxab-Q40N8AaUn_BRuRyqCpFFlrr7C1g2QEf4iIdE','BAoH5z1hT-8LmJTQIGoaVA','ZBWn4rY1jwh0JgpxyRBrXg','happy-toucan-48','users','passkey',1,NULL,0,'offered',0,1800000600,NULL),
('eECaaiZyjhIDhH-ka8W75eJaoV8hXAodyyzBE0Qwf8A','vABgnU6s4F6Wb4LmzDStvA','ZBWn4rY1jwh0JgpxyRBrXg','nimble-lemur-92','users','passkey',1,NULL,0,'merged',0,1800604800,NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_rCwj16LJKV0I0zFnno-8lQ','http://127.0.0.1:9/gone','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"YvwwR2T-XsyUfV78j8qasw"}}',1800000000,1,NULL,'the receiver answered 410','YvwwR2T-XsyUfV78j8qasw'),
('msg_z0IyTCvztZlZX_E3A2v1Rw','http://127.0.0.1:9/down','guest.renamed','{"type":"guest.renamed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"YvwwR2T-XsyUfV78j8qasw"}}',1800000000,1,1800000005,'the receiver answered 503','YvwwR2T-XsyUfV78j8qasw');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('1JCwTwcYnAJEk5rQXfyenpVH6qYXG5laycrvxLVVWhc','mex02h0gCQETOC4v6zO5zg','pQECAyYgASFYIO92ggbow-8IBzDqcS_ZhXa2VooWBbXBQKdkzz73kAvdIlggatOmWoIRnARsnSeih23iYlAdC4E_z-Ff4r0rRmbekws',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('92QNhfirV0oAG6nZsOUd6t50bvo2YXHDoMzrwAdEcbA','gl9zxfljyW2AttnQTIaJIA','pQECAyYgASFYIHnbUWrSowHEdLHYX_Gm4bx0W6NEEBozZIr2bl3i68vHIlggS2eaxknKkAYn3dp01Z6tL2Q-owEnMkQGhckrqoJzZdM',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('ER417v_E39EvLAAOO4yb9M7IOGUOuNBeGqF3pk4drXo','4IsQ3Lm6yXyzLHR_Re1j9g','pQECAyYgASFYILuQnA1aJgqUr_BKTgK2dRRyd82CjtaAoIN6VsTN-CeaIlggqXXOohiiYEmNGU7HRYMelVpn_czNXd9n4afOMiZDWuM',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('Gtm1xOjxUFQWjDc1e0fOmkBWGfmt_5UA-cLmr04uiXI','e8yySnRsDsz5e6BHYf0blQ','pQECAyYgASFYIFeDyQh5e9V8ZPuN_q7oW9gUGas4X_3upk7ysync2FQNIlggMlr8oKsEfIVkNXU3d7m-MZCQ0o7PjF85ZaRlM8iRW0c',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('Lv0jdD9P4v5IQF4KZDMq7BIJUzK8hopIUqB8B-mB2P0','NbjxVOSaOqvnlDLQeR2O_w','pAEBAycgBiFYIG8QJnGflUuQNJCg5FpzmxNmWA4nE-qq47OxdlBGCOAb',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,1799827200),
('MxrjvgsGD92xo9ZR_mYOwAryVEHN2rd8VYL4jdTPzCE','ibktLuPKywyNJFyNOhV-Mw','pQECAyYgASFYIGRm3dbNtwG71Z_A0LLxIQ3q8Hi9qlUL-U9hiCRRcKnJIlggfc0uY0l7qEHh5O-3-KBZYdZow7O083lN6NKF2WnwS1s',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('XnsOuOGLEiZ18BobNXnuX5URYjSO-jDPgNxpPjKP1Tk','OHMC-o5qY-A6lLf0EZJe2A','pQECAyYgASFYIJYymrKCeB1AENGypDAHck12T0AvRhUi-WscaqpEd5GfIlggGw9R4UY_65mJIeZolsPfCMovtXLmxDA75UDQPNNnHuM',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799999400,NULL),
('_6wdBxsrGjGMSxG8V_6Zw4dF9KKOU3uA_DABj3XO8VM','YvwwR2T-XsyUfV78j8qasw','pQECAyYgASFYIPtWP6uPmcBiAe3GwfvAIi1Elw9jKsp0Zc3BEik2BaABIlggFmjtBKGrgj3PuiG3OSw5UbPdzVPPnUm-pY7o29XAiLs',0,'fbfc3007-154e-4ecc-8c0b-6e020557d7bd','Apple Passwords','hybrid internal',1,1,1800000000,1800000000),
('h_MRg3eNbwVd1Zu38Bs1MJIi9gc1x5U-KPDHerIRPUg','YvwwR2T-XsyUfV78j8qasw','pQECAyYgASFYIFfW18hAwYf78VzB-wUqlyWdv__kc4VSqYlXWO9lwJnnIlgg8Z-_jAUfVxnltEYrFwkQdV70cYMXBR5aoZA6wqO4qGs',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('kDHkSB7YG096E9wX1dWDVaeaQlGz7TMKwD9Tq5fPMvM','vABgnU6s4F6Wb4LmzDStvA','pQECAyYgASFYIDko_84r49yfDIqBfswHqWQN6rWxkJ6TPq6W9SczfjxkIlggNQTjVpb6d5zYhcpveTe52oAkfXJOqbSH78c5i_SZEwU',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('mA3OcgV9nqEyUN_Tmb3AxdP-T2Z5THgRTyvurTvm9QU','BAoH5z1hT-8LmJTQIGoaVA','pQECAyYgASFYIH5EgElZx1M5YF7vIS-7MNj3G-kukiRLjpTnnI9M3nJtIlggfSJ2rgKsoiZ1m6QuUulBGe3Qb5NTvTMnvV6sSlcUSn0',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('tPxtV_i8XrDw14mtEKM3xq6E2tpcF7R4tDuwQ7eU7-0','ZBWn4rY1jwh0JgpxyRBrXg','pQECAyYgASFYIAx_MFO-K0Z8p6Ig4ekCrwfYb6S-nZgLXP1DEZkvDhIjIlggVncmjAALFALxIbU1MGdOuTFD7HBGcnV4U8QCIVDG_H4',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('uTR9RKVrJt_qREPHwon6V_Iv_O6PPQD1v83zO5OPXbI','pKawOiNzhuPpQ4If-S5OZg','pAEDAzkBACBZAQDCdKoIotvZlGBN9hgPut-YGyniC5cJa42r6ZlCPfr0G8UaiFgo45Z3A5I737S7P9zgV3Y79kMO8d97vW44BUrnQ0bgPv2QCwockoDIXXVtbmxQM6PMHVrk0BSJGuCV1J7fLlpEH-CoFDvU6dx0vLrnUdYbzUWk4H4KJ65OWkjibfE3MpYD_7xt_dm0x8aUf9biIAa_sfhmbe60DiPd56orytPWnYuK4wiq5z1JqBlyw0RB7uTEPJapvfJ9mSMm53TbLP-5H2CR2-Rp2bYX62gd6D6gyLMxOVkr2VXU_92m9NMUrJZeBS5gb9_vASEZYmoYF21IOdKjqpgBsgUj87e_IUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('RqDi1VsmjyKZr2QKLqXTNw',1,'{"favourites":["coffee"]}',1800000000),
('ZBWn4rY1jwh0JgpxyRBrXg',2,'{"favourites":["coffee"],"nickname":"Wim"}',1800000000),
('ZPEuW1WZcvSuaXz5ibC1Mg',1,'{"nickname":"Prue","favourites":["tea"]}',1800000000),
('gVVUHt5RGSmolp-Q8JrDOg',1,'{"favourites":["coffee"]}',1800000000),
('legacy|4711',1,'{"nickname":"Fox"}',1799827200),
('qAzvuLAfmz_xxhPOBSiV3Q',1,'{"favourites":["coffee"]}',1800000000);
INSERT INTO recovery_codes (id, anonymous_id, created_at) VALUES
('3xnDa-_gnX6JW4FknXDFe4Smeec4E2YHseQSValxNo8','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('BW6MOGKh5YjxOGIqphWx3Sywbe_oesYRSxgUMVOnj5E','YvwwR2T-XsyUfV78j8qasw',1800000000),
('Cim4y3vJnjruv1Z_z8oOqen_th1SVGcmnLP8i5SZHL8','YvwwR2T-XsyUfV78j8qasw',1800000000),
('F9lJaLaMIScFaZJM11rsM3Sa8g0A54WkwBifQv_ERvM','YvwwR2T-XsyUfV78j8qasw',1800000000),
('HktY7Qj4J2adBlknJ7H_G4CYNJMZSYOwmaj-FPJSR1w','YvwwR2T-XsyUfV78j8qasw',1800000000),
('Rj7l3MpPNDjaFdE3to2-Gz9nMjJqLd28D4UHaiF4AYc','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('RlEzABFSS1F3IOxXPxMzA0PbdB23cWiTmvRFFZhJb-Y','YvwwR2T-XsyUfV78j8qasw',1800000000),
('YA4d8O_3HpvQEdVjiowd1ACgOqbwhyj-1oDzqN9VGBI','YvwwR2T-XsyUfV78j8qasw',1800000000),
('ZKqThLJv-tWkQDcX8iqc1dhGxyAee-H1ANO5uEjHEZY','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('c0QNYfgoTqDfA7xKa32G7b5OD-6bcst1h8R-SteBwy4','YvwwR2T-XsyUfV78j8qasw',1800000000),
('cRppjYcxJztfT5v15321XmH4IfT5PtOTjrzak8CkHz4','YvwwR2T-XsyUfV78j8qasw',1800000000),
('d2_U1YT5V9SQENbX_uMcjSuuOo8h45bcaCmS0roWleM','YvwwR2T-XsyUfV78j8qasw',1800000000),
('eALoV5MkE15Z1cdJMq6768xsm2OlRjppw_VHuvN1OJU','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('ejsWfQKTRz996Vguv5WsWxdszyarfQaNx57zELqe9WY','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('i1PAbnP_KEYdf3nxDVP9F5izQoUV2LKVWC0rEXz7qrE','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('jZlSmGFQG8m1YVWWFCF_128d5F79nc8NJfdowfE1JuI','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('kcVlEpwnrP03BYgPTD4Qw87g5RWbTzUtFQsX6yYoQok','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('qdQihFL1Trfw1zcDOBEIsYOPKiFMHp0BuYxDiMwt2xA','jdYot1TxjAPcJhboJ6aJYQ',1800000000),
('rfuy3nBwcLpK217kMpjsMihm7YcQeERch2YQYTAQlbw','YvwwR2T-XsyUfV78j8qasw',1800000000);
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
('-QhWiJ1O7-yjkabqomphmQ','-QhWiJ1O7-yjkabqomphmQ',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('4IsQ3Lm6yXyzLHR_Re1j9g','RZPa7eZyyry5Yjzeq856I2kX4U5SlPLMkVbrE3N0WU0',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,1,1800000000,NULL),
('5B86q_dxuZTgD3I0MD9QFw','5B86q_dxuZTgD3I0MD9QFw',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('5B86q_dxuZTgD3I0MD9QFw','j_1SYj1a35RI8KFolHMIpmYunCpDnn_CsKccPfqQs7E',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,1800000600),
('68lkHPLwa7TeBk8uK-vw5w','SgFyRh-aaYx-ZPB57dDqgsHy8TEaOmUnS5A9Sqc01n8',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('BozuHrs5hjoIVujDpS7jCQ','BozuHrs5hjoIVujDpS7jCQ',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('CBA_QZM5NVSvjklzJQcASA','CBA_QZM5NVSvjklzJQcASA',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('JSad_Izskb9qbokqE1dxDQ','a-XlJK5EB-A9xbMXLsX1K0pcw91FDO6pYx8Dr2nRrLk',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('NbjxVOSaOqvnlDLQeR2O_w','vQfNJXRaVodT2uTy55h534OKb8yPHlCfXTBAw28z5xk',1799827200,1799827200,1807603200,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL,NULL),
('YvwwR2T-XsyUfV78j8qasw','WOxB0IZSu8odCy8hknE6_RM73t4HVHVqJhHS7CQrCxc',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('YvwwR2T-XsyUfV78j8qasw','p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','GRPMHwpWsdPIllnJR9morxHHXGrYpcpyRwXE9ohPRUQ',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','HyqIDSoPbL0kK7YNhYmfJeedOt6esDJOf8HD_VTYPZQ',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','Jph7B74Tc6lMGfZS6aHaSfWDRlIYBjcyw1a3Usy7k2Q',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','M-036JZ6CAAu_GjLEb8gDs82OyPzB1STf1Q7m1dAyY4',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','MnRvEI8V4RyM0ITg2b7JvAdTyDwMgoN5CMO3BZ3YCcY',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','PziyxMTgy-iN0sbV_cl3TIio3MXtJVpmr5Adb6_YJzc',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','aXlQ-mp9qgpM-ofzn_isw-koobLM9xQ_CQ1r5a5YigI',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZBWn4rY1jwh0JgpxyRBrXg','b3pGzgCGbHTNJqLju7qfI4kf-EFQmYrpeHeNVsQp4rk',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('ZPEuW1WZcvSuaXz5ibC1Mg','ZPEuW1WZcvSuaXz5ibC1Mg',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('e8yySnRsDsz5e6BHYf0blQ','50niVHAR6zCL1bVgCcUnPEnTB2aLFHlCh6i6U9PIbAY',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,2,1800000000,NULL),
('ibktLuPKywyNJFyNOhV-Mw','I7onvdUK17XBcgIh-hQuckRD6Uya8l-mQMDQF5gN9Kg',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('jDOmlH6jE08d99s9SGMlow','cpVuJ37BjAXFSeKcchYiAly0voscZ0Rhgel5Ius1WLQ',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('jdYot1TxjAPcJhboJ6aJYQ','BRhlBiRZ61RkX3Bx1_-1WrPzY6inPnHzwalPnAsoEh8',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,1800000600),
('jdYot1TxjAPcJhboJ6aJYQ','jdYot1TxjAPcJhboJ6aJYQ',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('legacy|4711','nE1Pfo60d9WI_8P2Okk73_rHJQttk-rOt8c52yGgc2Y',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('p3clWCVQ-F9Topx5FH0skw','p3clWCVQ-F9Topx5FH0skw',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
('pKawOiNzhuPpQ4If-S5OZg','TAndOAYnzsvvEMAIJNIYlNCZlWNMK1X-B6u2Tzx2bKc',1792656000,1792656000,1800432000,1824192000,1792656000,NULL,NULL,NULL,NULL,NULL,NULL),
('vABgnU6s4F6Wb4LmzDStvA','merged:z-uVxs-IjkSYF9DktEtTUO-n3c5w4v_NqiOw_8w_yJk',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL,NULL),
('x2nPNgTa18C09vY9PWSXCg','x2nPNgTa18C09vY9PWSXCg',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
(1,'llAQvC6JXMPOcveP7wvt9tLNC6_3eX8qmIS8o63_Jw0','ES256','{"kty":"EC","x":"DziskrSF5FmVV-6qrvtjN4oiuOAcSVVsHMFnOchZKkU","y":"8i2Y7ROZKhOt202aU_ibevRfduuqK5qrqguYd12niqg","crv":"P-256","kid":"llAQvC6JXMPOcveP7wvt9tLNC6_3eX8qmIS8o63_Jw0","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..2syNPzLLmvsYRfmE.9RR6yLT_V56UH2lXq0Q8ieDWGry40InjPfZPSeBmuPTriRDITdmfJhhDS3o6zCybme-8c-tmDhI9atev2wnZ7HIBy6-L_PYOdo0yqvvht5OvJuWVv9rtOZ8zZSv9iMjcBl3PHIjwVOif3khfNNzLVtElC0PLsPFYtDPQU-Oi7D4nvfrBYeilmk01CsApP24Rygs64lo9FsVNbYfX8tbiCXeKozTqntnEaGTdx9Cpru4.22hpBErWSWhYU59PD7_HIw',1799985600,1800003420),
(2,'0DyaEE41iB0n9dhHbBIi9FU7or2KHsVT8YEUGUJTMmc','EdDSA','{"kty":"OKP","crv":"Ed25519","x":"-v3LJpkgoGeS_D5zRivKhHm0KO7CoytElQ4rpD4_Xjg","kid":"0DyaEE41iB0n9dhHbBIi9FU7or2KHsVT8YEUGUJTMmc","alg":"EdDSA","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..EJLxU9JHAvHXvm1j.LU0mDmIQSbM3spHbHbgonIvgQ_CLl5_faj44zW-9sPin2a6nNR79gT0Uj5Px5nk13Cs9PkJ1FIM4HFZbhQQqD_l_MRS3lZj2w4TFGJHBvb2BDxxwCLgvzYS1bhspRJS4WOpThq6AwZuMbJwW8B_L12dgjwNI-xB9qBl_c3-tSpmT.Fcx_G9WqAG7Q-PAkJ6ebAQ',1799999700,1800004620),
(3,'Ma-7fwR_p2dPemcnuFVeL5n0xWoVb2V03idIKViEtRE','ES256','{"kty":"EC","x":"SOKjnTsxLmJqBGh5_069dkLEp9DnK6mIXBydrG7FHbc","y":"PNc4Yw0F91m3_qX9T_t33pG01lF7BX-icI7rsT30GfA","crv":"P-256","kid":"Ma-7fwR_p2dPemcnuFVeL5n0xWoVb2V03idIKViEtRE","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..abTzo1wjVgkUrllu.pGv1UIIxcpq3ZMw53JrEazRgcBl_jDs8XwH473xFM8JCev-zeLkByPzufhjxkB-xsiViVmbdA77YUQ0ZeWH3-8vnzwpQqtELKtraFbVQAGrzEDsKI4VD_DmDZUv6tsEaJyljNRkhyMmanTYzeyugGUCOW4zFqXAEXzhueOGPkpLZH-2M7JgZghj4SNuzXS5WqHGg9pYOH1hmPl0Np57hDdoqQ_bgW6TWJSq0YfFQ7l0.pFaLPoW23Hhv73L4H-btrg',1800000900,NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('YvwwR2T-XsyUfV78j8qasw','add_attribute:nickname',1,1800604800);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('6KQB58Fu0RzTduIGPVofHw',1800000300,'aXlQ-mp9qgpM-ofzn_isw-koobLM9xQ_CQ1r5a5YigI',NULL),
('8GuBC4QrDMizJK9I7KG8Eg',1800000300,'b3pGzgCGbHTNJqLju7qfI4kf-EFQmYrpeHeNVsQp4rk',NULL),
('8_m7t3mKn1Rf0U_x_pffWQ',1799999700,'XnsOuOGLEiZ18BobNXnuX5URYjSO-jDPgNxpPjKP1Tk',NULL),
('8btIZPmJAan7yHVHkCnh4g',1800000300,'GRPMHwpWsdPIllnJR9morxHHXGrYpcpyRwXE9ohPRUQ',NULL),
('9SRXTitUd5iXVNX4WY1zqQ',1800000300,'Wi_x4dfFAaNa9-FPo4ElnP1h-eDO4ozfhhe_5d1mKQo',NULL),
('9TK0vBnlOcBDggA7IF7N4w',1800000300,'p7rmpYYNe0qJhC-JjQjYqHMSuhVysTKXFFrvmWz7JpY',NULL),
('DjxUC6UuWQ10YwSDmVcOrw',1800000300,'Jph7B74Tc6lMGfZS6aHaSfWDRlIYBjcyw1a3Usy7k2Q',NULL),
('FvkBTa6-yi2Hlsk2FaQFCA',1800000300,'WOxB0IZSu8odCy8hknE6_RM73t4HVHVqJhHS7CQrCxc',NULL),
('IZUmwLV84LCJA9sv5eCrQg',1800000300,'Gtm1xOjxUFQWjDc1e0fOmkBWGfmt_5UA-cLmr04uiXI',NULL),
('J9xDlRPLEOOror2FGCXiZQ',1800000300,'PziyxMTgy-iN0sbV_cl3TIio3MXtJVpmr5Adb6_YJzc',NULL),
('JeAgVq-GlY7MBh-xEDunUQ',1800000300,'kDHkSB7YG096E9wX1dWDVaeaQlGz7TMKwD9Tq5fPMvM',NULL),
('LBAHjsFpN9KGF6pWq1KEhA',1800001860,'a-XlJK5EB-A9xbMXLsX1K0pcw91FDO6pYx8Dr2nRrLk',NULL),
('Lq7Z2ZLZ7VBNhkaTUBiSGg',1800000300,'NHafyxVgcMZRQn0f35fiuO9tqLXwLCqIgtZxlI4ggl0',NULL),
('Q2j0fp6wPjocC2p1jup_sA',1800000300,'FAHGk2luv9oqapb0C7NLatHfornYtBTm7U5kS8TKvGw',NULL),
('QvFk6Km8twPXw86J83r-9A',1800001860,'cpVuJ37BjAXFSeKcchYiAly0voscZ0Rhgel5Ius1WLQ',NULL),
('SER5499iAYpAMkm9RGvBCA',1800000300,'MxrjvgsGD92xo9ZR_mYOwAryVEHN2rd8VYL4jdTPzCE',NULL),
('UxK2WtJ8aSSQzoVc8EWqTw',1800000300,'cz1SmjWcWabsoDv7iL1qMhsocq20XC3dHuLjjM5Gtv4',NULL),
('XeMbAEd1IpiZ2WscIYm8TQ',1800000300,'h_MRg3eNbwVd1Zu38Bs1MJIi9gc1x5U-KPDHerIRPUg',NULL),
('bt8-CtoGzo7LpCbV_DDbeA',1800000300,'HyqIDSoPbL0kK7YNhYmfJeedOt6esDJOf8HD_VTYPZQ',NULL),
('jgy3rXvYY-IdWGuGsY4k5A',1800000300,'ER417v_E39EvLAAOO4yb9M7IOGUOuNBeGqF3pk4drXo',NULL),
('l7QoDcTqfAgUqjrnBl4Uqw',1800000300,'IVJvgniRCj4AWCAOSw6DK6N-F2RMmgBe4QMmNGWrUX4',NULL),
('pob2jpzO8nadnciVk2Fx2A',1800000300,'mA3OcgV9nqEyUN_Tmb3AxdP-T2Z5THgRTyvurTvm9QU',NULL),
('qYYDhn_TKmZFsXS5L3RUww',1800000300,'z-uVxs-IjkSYF9DktEtTUO-n3c5w4v_NqiOw_8w_yJk',NULL),
('sBXkFPQT31hF42hUpQGa3w',1800000300,'_6wdBxsrGjGMSxG8V_6Zw4dF9KKOU3uA_DABj3XO8VM',NULL),
('sealed:-QhWiJ1O7-yjkabqomphmQ',1807776000,NULL,1795987147),
('sealed:5B86q_dxuZTgD3I0MD9QFw',1807776000,NULL,1795987147),
('sealed:5YQg8v4JI6gFmwlfS7QnEQ',1807776000,NULL,1795987132),
('sealed:68lkHPLwa7TeBk8uK-vw5w',1807776000,NULL,1795987135),
('sealed:6aSAhMnu4prZ-pdO8fxLig',1807776000,NULL,1795987132),
('sealed:BAoH5z1hT-8LmJTQIGoaVA',1807776000,NULL,1795987136),
('sealed:BozuHrs5hjoIVujDpS7jCQ',1807776000,NULL,1795987147),
('sealed:CBA_QZM5NVSvjklzJQcASA',1807776000,NULL,1795987133),
('sealed:JSad_Izskb9qbokqE1dxDQ',1807776000,NULL,1795987134),
('sealed:JTDAXD5kS58EUikn0TmIcQ',1807776000,NULL,1795987136),
('sealed:RqDi1VsmjyKZr2QKLqXTNw',1807776000,NULL,1795987137),
('sealed:YvwwR2T-XsyUfV78j8qasw',1807776000,NULL,1795987132),
('sealed:ZBWn4rY1jwh0JgpxyRBrXg',1807776000,NULL,1795987135),
('sealed:ZPEuW1WZcvSuaXz5ibC1Mg',1807776000,NULL,1795987132),
('sealed:gVVUHt5RGSmolp-Q8JrDOg',1807776000,NULL,1795987137),
('sealed:gl9zxfljyW2AttnQTIaJIA',1807776000,NULL,1795987136),
('sealed:ibktLuPKywyNJFyNOhV-Mw',1807776000,NULL,1795987148),
('sealed:jDOmlH6jE08d99s9SGMlow',1807776000,NULL,1795987135),
('sealed:jdYot1TxjAPcJhboJ6aJYQ',1807776000,NULL,1795987134),
('sealed:p3clWCVQ-F9Topx5FH0skw',1807776000,NULL,1795987132),
('sealed:pKawOiNzhuPpQ4If-S5OZg',1800432000,NULL,1795987129),
('sealed:qAzvuLAfmz_xxhPOBSiV3Q',1807776000,NULL,1795987135),
('sealed:vABgnU6s4F6Wb4LmzDStvA',1807776000,NULL,1795987136),
('sealed:x2nPNgTa18C09vY9PWSXCg',1807776000,NULL,1795987132),
('t60GEi5GwrMiU_41KXlGNg',1800000300,'-011aog-GZh0JR1rorxmsBXv7iLA_kC9PNbnSS3MMB0',NULL),
('w9gSEC9uBI8szGEq2gmAeQ',1800000300,'92QNhfirV0oAG6nZsOUd6t50bvo2YXHDoMzrwAdEcbA',NULL),
('wj0JdtwKgrGCnr7uBT1-LA',1800000300,'tPxtV_i8XrDw14mtEKM3xq6E2tpcF7R4tDuwQ7eU7-0',NULL),
('ydKe8PCCl2bCHod6XO51wA',1800000300,'M-036JZ6CAAu_GjLEb8gDs82OyPzB1STf1Q7m1dAyY4',NULL);
