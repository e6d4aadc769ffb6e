CREATE TABLE schema_steps (step INTEGER PRIMARY KEY);
CREATE TABLE guests (
      anonymous_id TEXT PRIMARY KEY,
      user_handle TEXT NOT NULL,
      label TEXT NOT NULL,
      collection TEXT NOT NULL,
      created_at BIGINT NOT NULL
    , last_seen_at BIGINT NOT NULL DEFAULT 0, days_seen BIGINT NOT NULL DEFAULT 1, expires_at BIGINT, due_at BIGINT DEFAULT 0, stage TEXT NOT NULL DEFAULT 'active', merged_into TEXT);
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
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen, expires_at, due_at, stage, merged_into) VALUES
('-gK6U9sH15hEYEHSVsErqw','6JRjj_E68fHB6fVN_rZG8vi4ZPr5ExKl_CqDI3LnTQ3CRHiv8XkQJFUaKsSl3YgOOKUU3b16Ow_JqUpGlC3M3A','happy-panda-82','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL),
('F5bPffFbY1h3ksy1QJ8FoA','XntweTEXp_fUMnrauMIpFDsfJCIGUaE0ujN30WNP2Ro5kOX4bwMK8YRwGw4KlM4loVBfx2Sx9TpgaTL5838fcA','proud-puffin-89','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL),
('GhCsQynJ2ofbTxGrWN1HCQ','yPI3oulAkoH-QQyA9ysMGBjSFW96oFz2VNdZ27X5ks1OsoLoyiCxAtbtMN5G_53BayoC5X6RYxMRPV-JTTvjyg','quick-shrew-64','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL),
('Pu3BP49eu9Ol53O4FivQyw','THx53Hh9gN-irkixsOpsZAGgUynu3eqBHxvNhw4XvOAKJmlmkWV4SH5fFtSHmIdOqNTlPlOHbQ-QDnfoxutxIw','cosy-linnet-60','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL),
('Sh8dpytYePnv2nWLGAG91g','VWwAytko1rUjrJTqVXcEgyVcOpaBJI8-llhEgRiDMNN5pbGPEc1iGLVsQ87Dki8DHgMQw6MhZXwshevgV8toSg','lunar-elk-69','users',1799827200,1800000000,2,1810368000,1809504000,'active',NULL),
('TJfslkc3e_HecyoROFcEZg','VPCPKIfuhOXgIdO1-F8a5pKT9TcJmxmQPlQIjONIhlE1VXY27NhlSmv-a8A_WGVKHT4X8xIsTGt-JQ1ZxfHvMw','swift-gecko-56','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL),
('ToKrjbCecuBC47aJLHh8Zw','wPHmybm8FXznmKDoVNmhrec0zM-yD8E09nF2DcoUSB-u9SY-IARt7jw4cMJq5zjtfOe9QoXH8ELgMqJfTT3y3g','proud-otter-54','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL),
('UtvKNQxlMiuXcUvnYcVahw','gyXm4WWoDP-mUYrranutaDE6bw2pvaDUQLoaNUogdNtuGnFJoxoJ5Z8wH39nuRCsABx9zB3650Gokf2WbODhMQ','maple-wren-78','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL),
('dwUj_CvmK6Z9ObcVsKqvow','XJ9y6Xn0E1aBdLOkmbDeeiuX1XJYddpz66OG0r8N7_xDWO0vLhISnxbw9dV_H7mpJ6y8K6U1Jr4hagaIxjJrsA','eager-beaver-24','users',1800000000,1800000000,1,1800604800,1800604800,'merged','F5bPffFbY1h3ksy1QJ8FoA'),
('dzOedzS5nB-Lfj298H8qRg','orIpOsCQ4sd9RJ6RY5LXzM-b7ABIgUaZkrMGDFWrcpjJQPzGv3DZr8qiNspZqtj3Xck93QlKhbTQLf2BU8h4xg','clear-badger-48','users',1792656000,1792656000,1,1800518400,1800518400,'warned',NULL),
('iSYeC_YqrImrXOBm2M-h8Q','zpQVuPF9HPxH6qaSy8pinvgCtl6nYaPCeJGmVl9i8Ng5KBrKnKH99INcwx_mtlGT075NyCShxI1ptByf8m_CdQ','plucky-tern-53','users',1791360000,1791360000,1,1799568000,1801382400,'expired',NULL),
('nhxIvbB6d1KOa9H3mxgCeQ','qGBjHn7gKCjlDkKF3-0W-WF1Itj-DsrzjQi0mhASl5rdiiRWOrRoGA-Iitzbza6uLmOKABvdnLLMJKlkCNQTKw','kind-curlew-68','users',1800000000,1800000000,1,1800604800,1800604800,'merged','F5bPffFbY1h3ksy1QJ8FoA'),
('yhBBS0luU5PGAq_MyY3dYg','bzv4t2R8eVTte3vOGP753YIb-BNd47319NkQ5ZStma82pinC0AbiMl_1OymiNPXF5me08vlggCjEzwodU7_-BA','lilac-hare-70','users',1800000000,1800000000,1,1802592000,1801728000,'active',NULL),
('zzNc6IO5eTqmITOGuFpIDQ','GXKVxV_EdwwiUp_-3LpN-5R7FXh7uNWp9wa80pZoo_1wBHdgUFFMha96JmT8QYX6O6pBxDpFEx8_lP3wJHq80w','snowy-curlew-77','users',1800000000,1800000000,1,1807776000,1806912000,'active',NULL);
INSERT INTO audit (anonymous_id, at, id, session_id, action, outcome) VALUES
('-gK6U9sH15hEYEHSVsErqw',1800000000,'iQDb9NvG','-gK6U9sH15hEYEHSVsErqw','passkey.added','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'-pcg1axT','vl4TSeSEX3TRA0FXlyEW77pnXXctx-ntcEM_5IHozo8','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'7_SuyXTu',NULL,'guest.merged','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'BXy9FRC4',NULL,'guest.merged','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'EXXWczen',NULL,'guest.merged','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'FCBcrQf0','hsQ8PMFGpKEm0HueYdcN-5kz3Gzt1-WRI_-cs9HRNEg','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'I7v6yLKX','1__ixt2_3Eft4F5YTv0o_9h_1FkA6Mf9kTATbeiUUKc','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'OPEsFRsa','VaFbyETKqwc69ORPvY1HYj8BKSgSHns6q24mldJexaw','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'UPGPRfvp','-eiremH4MpCf5yLwdAijZGtcZ2VMLaro2i150OAkTW0','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'eQ7eSpip',NULL,'guest.merged','merge_refused'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'jYkkl73H','0l9rWo3_mK7SmTEOIzlmpAloBywYu5s93YIPxa6mFFE','guest.signed_in','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'khMyh81b',NULL,'guest.merged','done'),
('F5bPffFbY1h3ksy1QJ8FoA',1800000000,'qJ5xfMut','F5bPffFbY1h3ksy1QJ8FoA','passkey.added','done'),
('GhCsQynJ2ofbTxGrWN1HCQ',1800000000,'GxBR1u85','GhCsQynJ2ofbTxGrWN1HCQ','guest.kept','done'),
('GhCsQynJ2ofbTxGrWN1HCQ',1800000000,'yQop5RlY','GhCsQynJ2ofbTxGrWN1HCQ','profile.changed','done'),
('Pu3BP49eu9Ol53O4FivQyw',1800000000,'Cjw5l6oR','Pu3BP49eu9Ol53O4FivQyw','passkey.added','done'),
('Pu3BP49eu9Ol53O4FivQyw',1800000000,'x-PeM_AW',NULL,'guest.merge_undone','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'6d24Nu_h','mWBeg9wo_BHqBnYK2ZaA3eRwW4jUJirf64b4ijsb6yA','guest.signed_in','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'JyqJQshH','6L5IDhCQgN8CUjfKX_HIJrl9-d1jKz60IOclkABsg3o','guest.signed_out','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'KryzMNFa','Sh8dpytYePnv2nWLGAG91g','passkey.added','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'OyO_krmA','GIdt6_sUt9JlmCE2JSFiIvwfJVB1_S9BwB2dOM5g_8U','passkey.added','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'YDoRIZu1','GIdt6_sUt9JlmCE2JSFiIvwfJVB1_S9BwB2dOM5g_8U','passkey.removed','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'tct4bfNg','6L5IDhCQgN8CUjfKX_HIJrl9-d1jKz60IOclkABsg3o','guest.signed_in','done'),
('Sh8dpytYePnv2nWLGAG91g',1799827200,'wre7rh4R','GIdt6_sUt9JlmCE2JSFiIvwfJVB1_S9BwB2dOM5g_8U','passkey.added','done'),
('Sh8dpytYePnv2nWLGAG91g',1800000000,'2ZHFObwL','4XX8VQD-kuP9BIcUL-zE_EmGqq4Oe5pGFKQi3eMv-XU','guest.signed_in','done'),
('TJfslkc3e_HecyoROFcEZg',1800000000,'IKoMAXq8','TJfslkc3e_HecyoROFcEZg','guest.kept','done'),
('TJfslkc3e_HecyoROFcEZg',1800000000,'YpnSEDBP','TJfslkc3e_HecyoROFcEZg','profile.changed','done'),
('ToKrjbCecuBC47aJLHh8Zw',1800000000,'YGQ2iZdL','ToKrjbCecuBC47aJLHh8Zw','guest.kept','done'),
('UtvKNQxlMiuXcUvnYcVahw',1800000000,'T_J2ETRD','UtvKNQxlMiuXcUvnYcVahw','passkey.added','done'),
('d4MygbORT7OhIyc7yjvl9A',1800000000,'KM_0IRC5',NULL,'guest.erased','done'),
('dwUj_CvmK6Z9ObcVsKqvow',1800000000,'-6onsWqr','dwUj_CvmK6Z9ObcVsKqvow','guest.kept','done'),
('dwUj_CvmK6Z9ObcVsKqvow',1800000000,'nUhsHdAa','dwUj_CvmK6Z9ObcVsKqvow','profile.changed','done'),
('dzOedzS5nB-Lfj298H8qRg',1792656000,'_Mffk4Mr','dzOedzS5nB-Lfj298H8qRg','passkey.added','done'),
('dzOedzS5nB-Lfj298H8qRg',1799654400,'7OWMq_-z',NULL,'guest.expiring','done'),
('iSYeC_YqrImrXOBm2M-h8Q',1798704000,'DPg9q_Jh',NULL,'guest.expiring','done'),
('iSYeC_YqrImrXOBm2M-h8Q',1799654400,'YS-6nS--',NULL,'guest.expired','done'),
('nhxIvbB6d1KOa9H3mxgCeQ',1800000000,'nNcCWEOZ','nhxIvbB6d1KOa9H3mxgCeQ','passkey.added','done'),
('yhBBS0luU5PGAq_MyY3dYg',1800000000,'AgC84JHi','yhBBS0luU5PGAq_MyY3dYg','guest.kept','done'),
('zzNc6IO5eTqmITOGuFpIDQ',1800000000,'W4U0ed9P','-Y-a7axCpzvijAYT3nVfs91q9c769Q-POmS_GE-OiBM','passkey.added','done');
INSERT INTO chores (name, holder, taken_until) VALUES
('forget guests','ON24qfupo0aWImdwvEAY-w',1799654460),
('resume merges','ON24qfupo0aWImdwvEAY-w',1799654460),
('rotate signing keys','ON24qfupo0aWImdwvEAY-w',1799658000),
('sweep','ON24qfupo0aWImdwvEAY-w',1799654460);
INSERT INTO merges (id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, refusals, status, claimed_until, expires_at, replaced) VALUES
('0VgRxvIeQ4j_ZCxDjzFwXaZ4w7UUk85-yIpItnRDAf4','AF7x4HDQAUfivfB36UbyHA','F5bPffFbY1h3ksy1QJ8FoA','mellow-wren-10','users','none',1,1800000000,0,'merged',0,1800604800,NULL),
('0iS0Oc1dhA20brMsbNzRjf1AeDgbCjASFmTRxSOxbS0','UtvKNQxlMiuXcUvnYcVahw','F5bPffFbY1h3ksy1QJ8FoA','maple-wren-78','users','passkey',1,NULL,0,'offered',0,1800000600,NULL),
('87P430Ref64jWW1JP-1LGzK40X-5OLlAgqWEiVYxfFY','TJfslkc3e_HecyoROFcEZg','F5bPffFbY1h3ksy1QJ8FoA','swift-gecko-56','users','none',1,1800000000,1,'offered',0,1800086400,NULL),
('R2RI7o2CmmdiKq32vYw7IMk458u9qDw5ft8NW2F9TeA','dwUj_CvmK6Z9ObcVsKqvow','F5bPffFbY1h3ksy1QJ8FoA','eager-beaver-24','users','none',1,1800000000,0,'merged',0,1800604800,'{"before":{},"after":{"favourites":["coffee"]}}'),
('en5ViCYZxA5PD68J1epqCVplY7-vg1DPQyZBHL1tkqo','nhxIvbB6d1KOa9H3mxgCeQ','F5bPffFbY1h3ksy1QJ8FoA','kind-curlew-68','users','passkey',1,NULL,0,'merged',0,1800604800,NULL),
('j8j7xtU6FEkkRjd24oVtzlvxpJKjFvmo7PsWOpIQAF0','Pu3BP49eu9Ol53O4FivQyw','F5bPffFbY1h3ksy1QJ8FoA','cosy-linnet-60','users','passkey',1,NULL,0,'undone',0,1800000600,NULL);
INSERT INTO outbox (id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id) VALUES
('msg_14ccP3x4IkuwB_-pKtZ17w','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"0VgRxvIeQ4j_ZCxDjzFwXaZ4w7UUk85-yIpItnRDAf4","from":{"anonymous_id":"AF7x4HDQAUfivfB36UbyHA","label":"mellow-wren-10","collection":"users","recoverability":"none"},"into":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","label":"proud-puffin-89","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_2fMXHFcBkWvx6VthTZLzbw','http://127.0.0.1:9/down','passkey.removed','{"type":"passkey.removed","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"Sh8dpytYePnv2nWLGAG91g","passkey_id":"mVYX9_tAGl64BZFRRYnjG3-qN0YsWpqkRQyzaWIzobk"}}',1799827200,2,1800000300,'the receiver answered 503','Sh8dpytYePnv2nWLGAG91g'),
('msg_36o4PIkQjk7EaU8VW6VW8Q','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"nhxIvbB6d1KOa9H3mxgCeQ","passkey_id":"BT6EpShVJ2LOLZ52RPzvhCSp6DopHldf2wbfHQFXPaU","first":true}}',1800000000,1,1800000005,'the receiver answered 503','nhxIvbB6d1KOa9H3mxgCeQ'),
('msg_3hXVdJ8ed5P5yRlYIbEUtg','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"en5ViCYZxA5PD68J1epqCVplY7-vg1DPQyZBHL1tkqo","from":{"anonymous_id":"nhxIvbB6d1KOa9H3mxgCeQ","label":"kind-curlew-68","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","label":"proud-puffin-89","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_4Zb8HOozvClDS-W2i6IKWg','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"j8j7xtU6FEkkRjd24oVtzlvxpJKjFvmo7PsWOpIQAF0","from":{"anonymous_id":"Pu3BP49eu9Ol53O4FivQyw","label":"cosy-linnet-60","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","label":"proud-puffin-89","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_6l8fdcVSkgnr0NKrqPDr5A','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"dwUj_CvmK6Z9ObcVsKqvow","attributes":["favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','dwUj_CvmK6Z9ObcVsKqvow'),
('msg_8huUqShj7O5S-4tvShMR3A','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"Sh8dpytYePnv2nWLGAG91g","passkey_id":"uIOZAQC5tIUkqFLLAlHB8G_HElGMov-fG2ECVZ18L58","first":false}}',1799827200,2,1800000300,'the receiver answered 503','Sh8dpytYePnv2nWLGAG91g'),
('msg_AxOAxu_YCGNWMulgIrntoQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2026-10-22T08:00:00.000Z","data":{"anonymous_id":"dzOedzS5nB-Lfj298H8qRg","passkey_id":"d6apCn5UWIO90P8-lXTBugGVm6zOCMJsVoQCMX_1dtc","first":true}}',1792656000,5,1800018000,'the receiver answered 503','dzOedzS5nB-Lfj298H8qRg'),
('msg_CSVc_TX2yd0Et9ih6Kxoyg','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"UtvKNQxlMiuXcUvnYcVahw","passkey_id":"naru0nTg-WDQTGzaalzr3BLJ8Y8DMsYzdG3i7oY8XpY","first":true}}',1800000000,1,1800000005,'the receiver answered 503','UtvKNQxlMiuXcUvnYcVahw'),
('msg_DGEDfYPkUdJPhxWJrPvyGg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2026-10-22T08:00:00.000Z","data":{"guest":{"sub":"dzOedzS5nB-Lfj298H8qRg","anonymous_id":"dzOedzS5nB-Lfj298H8qRg","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"clear-badger-48","collection":"users","expires_at":1800432000}}}',1792656000,5,1800018000,'the receiver answered 503','dzOedzS5nB-Lfj298H8qRg'),
('msg_EBuMLDt4SpoKmBjckLO_GQ','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"Pu3BP49eu9Ol53O4FivQyw","passkey_id":"1By9hIQfCu8ti2okOb6BEJaK8rQegCw0KJdSBGqY2uE","first":true}}',1800000000,1,1800000005,'the receiver answered 503','Pu3BP49eu9Ol53O4FivQyw'),
('msg_F_h_x51ukgHODCIrwDrVTA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"ToKrjbCecuBC47aJLHh8Zw","anonymous_id":"ToKrjbCecuBC47aJLHh8Zw","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"","collection":"","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','ToKrjbCecuBC47aJLHh8Zw'),
('msg_HdFhiyI7HuVvRGSPR9AIAQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"zzNc6IO5eTqmITOGuFpIDQ","anonymous_id":"zzNc6IO5eTqmITOGuFpIDQ","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"snowy-curlew-77","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','zzNc6IO5eTqmITOGuFpIDQ'),
('msg_I93yYkuby_kspdRWG0t9bA','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"dwUj_CvmK6Z9ObcVsKqvow","anonymous_id":"dwUj_CvmK6Z9ObcVsKqvow","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"eager-beaver-24","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','dwUj_CvmK6Z9ObcVsKqvow'),
('msg_KQdxrfvjp9YVT7invzxLmA','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"Sh8dpytYePnv2nWLGAG91g","passkey_id":"mVYX9_tAGl64BZFRRYnjG3-qN0YsWpqkRQyzaWIzobk","first":false}}',1799827200,2,1800000300,'the receiver answered 503','Sh8dpytYePnv2nWLGAG91g'),
('msg_N3ufF3RPP078g_PnS85DUg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"nhxIvbB6d1KOa9H3mxgCeQ","anonymous_id":"nhxIvbB6d1KOa9H3mxgCeQ","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"kind-curlew-68","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','nhxIvbB6d1KOa9H3mxgCeQ'),
('msg_ODQ-_KbEoiZyk8D7w-rG_w','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"UtvKNQxlMiuXcUvnYcVahw","anonymous_id":"UtvKNQxlMiuXcUvnYcVahw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"maple-wren-78","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','UtvKNQxlMiuXcUvnYcVahw'),
('msg_P1L063ihaSrO65fjYPGt4w','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"GhCsQynJ2ofbTxGrWN1HCQ","attributes":["nickname","favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','GhCsQynJ2ofbTxGrWN1HCQ'),
('msg_Tko_8nsLXWG7n67bDXkcdw','http://127.0.0.1:9/down','guest.merged','{"type":"guest.merged","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"R2RI7o2CmmdiKq32vYw7IMk458u9qDw5ft8NW2F9TeA","from":{"anonymous_id":"dwUj_CvmK6Z9ObcVsKqvow","label":"eager-beaver-24","collection":"users","recoverability":"none"},"into":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","label":"proud-puffin-89","collection":"users","recoverability":"passkey"},"undo_until":1800604800}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_VcwNdal1jkRNN8gaNLqpwQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"F5bPffFbY1h3ksy1QJ8FoA","anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"proud-puffin-89","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_VfV6ZYuLYFm_AMfPt9Z3lg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"Pu3BP49eu9Ol53O4FivQyw","anonymous_id":"Pu3BP49eu9Ol53O4FivQyw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"cosy-linnet-60","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','Pu3BP49eu9Ol53O4FivQyw'),
('msg_XKpkZHAfjHeDidr9PgWAgw','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2026-12-31T08:00:00.000Z","data":{"anonymous_id":"iSYeC_YqrImrXOBm2M-h8Q","collection":"users","recoverability":"passkey","expires_at":1799568000}}',1798704000,5,1800018000,'the receiver answered 503','iSYeC_YqrImrXOBm2M-h8Q'),
('msg_Xk9_vUInMZgpkccQucKBbg','http://127.0.0.1:9/down','guest.expiring','{"type":"guest.expiring","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"dzOedzS5nB-Lfj298H8qRg","collection":"users","recoverability":"passkey","expires_at":1800518400}}',1799654400,3,1800001800,'the receiver answered 503','dzOedzS5nB-Lfj298H8qRg'),
('msg_a8gOB72flD9PV4GsznEpqg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"GhCsQynJ2ofbTxGrWN1HCQ","anonymous_id":"GhCsQynJ2ofbTxGrWN1HCQ","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"quick-shrew-64","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','GhCsQynJ2ofbTxGrWN1HCQ'),
('msg_bxkV75ABIY16n0mHO82GFQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"-gK6U9sH15hEYEHSVsErqw","anonymous_id":"-gK6U9sH15hEYEHSVsErqw","isAnonymous":true,"isVerified":false,"recoverability":"passkey","label":"happy-panda-82","collection":"users","expires_at":1807776000}}}',1800000000,1,1800000005,'the receiver answered 503','-gK6U9sH15hEYEHSVsErqw'),
('msg_cu9Ep6biwW7BwMxLq9wPdg','http://127.0.0.1:9/down','guest.expired','{"type":"guest.expired","timestamp":"2027-01-11T08:00:00.000Z","data":{"anonymous_id":"iSYeC_YqrImrXOBm2M-h8Q","collection":"users","recoverability":"passkey","erased_at":1801382400}}',1799654400,3,1800001800,'the receiver answered 503','iSYeC_YqrImrXOBm2M-h8Q'),
('msg_els0qURejXQnKrSbT9ZInA','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","passkey_id":"JxXKgv-tql166Hscs0lF_saWh9XgQeR5tZakT0QPs9I","first":true}}',1800000000,1,1800000005,'the receiver answered 503','F5bPffFbY1h3ksy1QJ8FoA'),
('msg_gRy6dmaIG9_Fxdx0rA7W1w','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-13T08:00:00.000Z","data":{"anonymous_id":"Sh8dpytYePnv2nWLGAG91g","passkey_id":"yeCVeH2e2Hjhp1uirsyuIns6RHK1zgVhzRG8Y_TKmhs","first":true}}',1799827200,2,1800000300,'the receiver answered 503','Sh8dpytYePnv2nWLGAG91g'),
('msg_hFZEbXsF_wi7Dzfis9fn-Q','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"yhBBS0luU5PGAq_MyY3dYg","anonymous_id":"yhBBS0luU5PGAq_MyY3dYg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"lilac-hare-70","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','yhBBS0luU5PGAq_MyY3dYg'),
('msg_qATmmJbwn2W5befhq_IU8Q','http://127.0.0.1:9/down','guest.erased','{"type":"guest.erased","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"d4MygbORT7OhIyc7yjvl9A","reason":"host"}}',1800000000,1,1800000005,'the receiver answered 503','d4MygbORT7OhIyc7yjvl9A'),
('msg_qFND95fbwneTJTKmTTUoKA','http://127.0.0.1:9/down','guest.merge_undone','{"type":"guest.merge_undone","timestamp":"2027-01-15T08:00:00.000Z","data":{"ticket":"j8j7xtU6FEkkRjd24oVtzlvxpJKjFvmo7PsWOpIQAF0","from":{"anonymous_id":"Pu3BP49eu9Ol53O4FivQyw","label":"cosy-linnet-60","collection":"users","recoverability":"passkey"},"into":{"anonymous_id":"F5bPffFbY1h3ksy1QJ8FoA","label":"proud-puffin-89","collection":"users","recoverability":"passkey"}}}',1800000000,1,1800000005,'the receiver answered 503','Pu3BP49eu9Ol53O4FivQyw'),
('msg_r1P5jO4MxdBeVX-cW168Hw','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"zzNc6IO5eTqmITOGuFpIDQ","passkey_id":"cNBB0tZIjFBiPEsVra_Mgr8bTkh78DtGGd8YDlemBoY","first":true}}',1800000000,1,1800000005,'the receiver answered 503','zzNc6IO5eTqmITOGuFpIDQ'),
('msg_t8zRWwDgwq9JmyyG3fBA1g','http://127.0.0.1:9/down','passkey.added','{"type":"passkey.added","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"-gK6U9sH15hEYEHSVsErqw","passkey_id":"75p_hqK-poMY1OKBPvBw4s9xTVT4nOrCvYUWRAq2ik8","first":true}}',1800000000,1,1800000005,'the receiver answered 503','-gK6U9sH15hEYEHSVsErqw'),
('msg_vIY716zL629YEFScW5elVQ','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-13T08:00:00.000Z","data":{"guest":{"sub":"Sh8dpytYePnv2nWLGAG91g","anonymous_id":"Sh8dpytYePnv2nWLGAG91g","isAnonymous":true,"isVerified":false,"recoverability":"synced","label":"lunar-elk-69","collection":"users","expires_at":1810195200}}}',1799827200,2,1800000300,'the receiver answered 503','Sh8dpytYePnv2nWLGAG91g'),
('msg_x3AZ8FvRQJdci7k4esR12Q','http://127.0.0.1:9/down','profile.changed','{"type":"profile.changed","timestamp":"2027-01-15T08:00:00.000Z","data":{"anonymous_id":"TJfslkc3e_HecyoROFcEZg","attributes":["favourites"]}}',1800000000,1,1800000005,'the receiver answered 503','TJfslkc3e_HecyoROFcEZg'),
('msg_zI56gtefEC_EtOzNUCKXFg','http://127.0.0.1:9/down','guest.kept','{"type":"guest.kept","timestamp":"2027-01-15T08:00:00.000Z","data":{"guest":{"sub":"TJfslkc3e_HecyoROFcEZg","anonymous_id":"TJfslkc3e_HecyoROFcEZg","isAnonymous":true,"isVerified":false,"recoverability":"none","label":"swift-gecko-56","collection":"users","expires_at":1802592000}}}',1800000000,1,1800000005,'the receiver answered 503','TJfslkc3e_HecyoROFcEZg');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('1By9hIQfCu8ti2okOb6BEJaK8rQegCw0KJdSBGqY2uE','Pu3BP49eu9Ol53O4FivQyw','pQECAyYgASFYINSBG70msTWmDJvSB2b3hiJJOv8frLClDZTeBXuOYAUXIlggyZJxxDYW_Q6CAg4XvXd4IcV6IC108uYhcTWyFbND0HA',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('75p_hqK-poMY1OKBPvBw4s9xTVT4nOrCvYUWRAq2ik8','-gK6U9sH15hEYEHSVsErqw','pQECAyYgASFYIHfczAN2OcA1ZXE3OpgLvQ1yogjR4wX9itI3q1bArNczIlggee6fq4j9p98rBDu1cMOhZwOBin1gW_K8sdUyZfKgLI0',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('BT6EpShVJ2LOLZ52RPzvhCSp6DopHldf2wbfHQFXPaU','nhxIvbB6d1KOa9H3mxgCeQ','pQECAyYgASFYIKvyMXW0FDitKzLVewbMIyJ6cX06dW0ewpaaJB0SiUfLIlgg0xuH3MNNWG6OdOCTwKomwZEvjypBadE9MwGCJ_Xz3Co',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('JxXKgv-tql166Hscs0lF_saWh9XgQeR5tZakT0QPs9I','F5bPffFbY1h3ksy1QJ8FoA','pQECAyYgASFYIED97HwkixuC1kK4jXElmyuJjLzMkQTlK5_r6lVO1xz1IlggihOlY7tkt32LEvKsxAOdQ-5v4B6JEbgfTVb97JwPUS8',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,1800000000),
('cNBB0tZIjFBiPEsVra_Mgr8bTkh78DtGGd8YDlemBoY','zzNc6IO5eTqmITOGuFpIDQ','pQECAyYgASFYIP7pvT8gStVcnWtyjaV9syrG9IcZj2HbYBmC2zeDmmPFIlgg7yeaZHmO8aO3_FGAkJuomxq-H-WK_Urb2bApoYy6gPM',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('d6apCn5UWIO90P8-lXTBugGVm6zOCMJsVoQCMX_1dtc','dzOedzS5nB-Lfj298H8qRg','pAEDAzkBACBZAQDfi40dLUqb18OPwsMsr0kF2QdRTCSUqP-inACvvp08d_p7a2JxYr4s2w5-Wr2xF_HhAqNZfOVWpa94djYIwjuMlBcHUcSt71xyCaSKrDP5p0VVF2ymRss1JjexrEnB3rN8V1r8aAd__Lokmw1Nk6IjLPtd9SmCq69WpRDJYZEwzHvhPP-7lL3jM9G9Z4nTRVbPGtzqKTzgTn5fbp2HJua0STJ01uiOracf-R5eduIPm8onFV3ZR-_oT4vXZUVkiP3McIudZkLjIzY9Ry7A7H3IPUHXVuDQbioCHyRVUJBmApTyl6cQnGCgr5yJFZK15q4Twt49jqqOByRGmvzp37glIUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL),
('dM25FodD58tFBPPW3ZIZ1SAi6YVCXxXJKTlPF04ZOG4','iSYeC_YqrImrXOBm2M-h8Q','pQECAyYgASFYICsAL3VRKZ04cgL7giXWszjxZb-NwWoWRNhwoGHXR0zHIlggMjc0ZXlIIYJ3iUFjgV0-zST0VW-wx3acgZjFEeHFFdo',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('naru0nTg-WDQTGzaalzr3BLJ8Y8DMsYzdG3i7oY8XpY','UtvKNQxlMiuXcUvnYcVahw','pQECAyYgASFYIMBFgp_hn1-9n2JbuNWsFeG079ifDIvprl0JhVHcoFeIIlgg-S8hSpa-oYw6DiGstp62VNcEh5pNoYyPTTKZuTMkoMs',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL),
('uIOZAQC5tIUkqFLLAlHB8G_HElGMov-fG2ECVZ18L58','Sh8dpytYePnv2nWLGAG91g','pQECAyYgASFYIG4vdp2vkL49CVsMxJqXUa6zG6pP0GL6qhSo3bjkGCiTIlggfC5Jr_qmKRPkeu6tHGQBtpKViX9qcn4VAlDXYYc5JdA',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799827200,1799827200),
('yeCVeH2e2Hjhp1uirsyuIns6RHK1zgVhzRG8Y_TKmhs','Sh8dpytYePnv2nWLGAG91g','pQECAyYgASFYIA3sIh0LvFYkDm_9XmOJLSJN5Avq6XpWrao2U49TXygbIlgg70piYYSNmllheLkSbpMdYb7UYSMvXIk_CxgphOH0Sl0',0,'00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,1799827200,1800000000);
INSERT INTO profiles (anonymous_id, version, attributes, updated_at) VALUES
('F5bPffFbY1h3ksy1QJ8FoA',1,'{"favourites":["coffee"]}',1800000000),
('GhCsQynJ2ofbTxGrWN1HCQ',1,'{"nickname":"Prue","favourites":["tea"]}',1800000000),
('TJfslkc3e_HecyoROFcEZg',1,'{"favourites":["coffee"]}',1800000000),
('dwUj_CvmK6Z9ObcVsKqvow',1,'{"favourites":["coffee"]}',1800000000);
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2),
(3),
(4);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('-gK6U9sH15hEYEHSVsErqw','hbk0ZSDbKvCycVbPgwBlx5pd6g1kn1OdKsfGqHL8x3k',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','-eiremH4MpCf5yLwdAijZGtcZ2VMLaro2i150OAkTW0',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','0l9rWo3_mK7SmTEOIzlmpAloBywYu5s93YIPxa6mFFE',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','1__ixt2_3Eft4F5YTv0o_9h_1FkA6Mf9kTATbeiUUKc',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','VaFbyETKqwc69ORPvY1HYj8BKSgSHns6q24mldJexaw',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','hsQ8PMFGpKEm0HueYdcN-5kz3Gzt1-WRI_-cs9HRNEg',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','vl4TSeSEX3TRA0FXlyEW77pnXXctx-ntcEM_5IHozo8',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('F5bPffFbY1h3ksy1QJ8FoA','wAEI2begHRhLYIM1pykI51OKfzfIP-Z_sR3tj9V-FZc',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('GhCsQynJ2ofbTxGrWN1HCQ','GhCsQynJ2ofbTxGrWN1HCQ',1800000000,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('Sh8dpytYePnv2nWLGAG91g','4XX8VQD-kuP9BIcUL-zE_EmGqq4Oe5pGFKQi3eMv-XU',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('Sh8dpytYePnv2nWLGAG91g','GIdt6_sUt9JlmCE2JSFiIvwfJVB1_S9BwB2dOM5g_8U',1799827200,1800000000,1807776000,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('Sh8dpytYePnv2nWLGAG91g','mWBeg9wo_BHqBnYK2ZaA3eRwW4jUJirf64b4ijsb6yA',1799827200,1799827200,1807603200,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('ToKrjbCecuBC47aJLHh8Zw','ToKrjbCecuBC47aJLHh8Zw',0,1800000000,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('dzOedzS5nB-Lfj298H8qRg','DPCyWVdxOZ6EmG3GY3-IvmPnJawfHpHBANNbhEVZs1A',1792656000,1792656000,1800432000,1824192000,1792656000,NULL,NULL,NULL,NULL,NULL),
('yhBBS0luU5PGAq_MyY3dYg','yhBBS0luU5PGAq_MyY3dYg',0,0,1807776000,1831536000,NULL,NULL,NULL,NULL,NULL,NULL),
('zzNc6IO5eTqmITOGuFpIDQ','-Y-a7axCpzvijAYT3nVfs91q9c769Q-POmS_GE-OiBM',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,2,1800000000);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
(1,'Hwq1cGj-VwFjH7Ng_IWyhUvXCCt5Akp9ENEqXWos9QQ','ES256','{"kty":"EC","x":"Akkxul41M7l7kxY7AzIx0J3R-KHQhOmdd6ZlD-iQJ70","y":"9VVNQjHsD8k1f__xqwhlhaDmEvN0LocqQB7i0dzFAAc","crv":"P-256","kid":"Hwq1cGj-VwFjH7Ng_IWyhUvXCCt5Akp9ENEqXWos9QQ","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..gUUZW8gLOloezjYg.9_cPzl7eCQzX0Wingai4IEfaG7Hye-fMYTbT1XTxWrXRuuZ1VDSlDzm72NlnfhbEL3Wv51Tip5U7UBLorsT3BK6_f8NOPtYwStPOSe-oDGc7_loqr1rrUBnHk7mqCk4dutT5gTNv4LMJTvKw1TBy4Ic5lhz4-_Dw1QsFs3efg1z1T-28ObzTSE3QWOTRTUbLC-TOM0HjsMz6RNrsPz7uAGrbvqZQBsArZnr3O7Wsc7w.Vm32KSFB6yF0nSHp49XgKA',1800000000,1800004620),
(2,'ncVvbU1W-o7sJpEE3UWF1LftJYTVrYV1YhEzbPyD1sc','ES256','{"kty":"EC","x":"voQI2ioff1H2GlRAPT-WBR-upkq98ByMc68eXniS3qM","y":"Ch4X-8jsAU5UBYzGKAI40tZ6u8qK9Oe5yFdQ9oUQvvU","crv":"P-256","kid":"ncVvbU1W-o7sJpEE3UWF1LftJYTVrYV1YhEzbPyD1sc","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..Z1m6f5sclsd57h6J.9fyUAecsAM9M6Uz0GEvak6MbvE3pVa1pN5-IKGDmrHVcKgN0c9XH29h-iC8OIVGWWNi_pLlFqzUrKFfwY1j6poXLGARaXaBgSzxQDLFsKRiEzgnXZ5oRrY3U-uPvgF0rixMQzZs7La5BQKhmdm8aWv2q1Fnqj7Csyufut82KL1xg_jlGkXeTJPSi99EDA0yGSRZGj_LDR3w0_tCr3dIHxog5HFE9cD7PVP0k_Z396WI.nsjpna-Bh8WC5jLJdU3J7Q',1800000900,NULL);
INSERT INTO snoozes (anonymous_id, prompt, times, snoozed_until) VALUES
('GhCsQynJ2ofbTxGrWN1HCQ','add_attribute:nickname',1,1800604800);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('3reX5knJ6NqGrhOhrwwEZA',1799827500,'mWBeg9wo_BHqBnYK2ZaA3eRwW4jUJirf64b4ijsb6yA',NULL),
('49Ck0Rh5kz8950Bxc9dQcQ',1800000300,'0l9rWo3_mK7SmTEOIzlmpAloBywYu5s93YIPxa6mFFE',NULL),
('EsrLLXpYxRi2HOsR578fOw',1800000300,'naru0nTg-WDQTGzaalzr3BLJ8Y8DMsYzdG3i7oY8XpY',NULL),
('HxKVrVmmfWWovWjG-7hUoQ',1800000300,'1By9hIQfCu8ti2okOb6BEJaK8rQegCw0KJdSBGqY2uE',NULL),
('Ke2iUdhWRmCUvltII3QAJw',1800000300,'VaFbyETKqwc69ORPvY1HYj8BKSgSHns6q24mldJexaw',NULL),
('L_JePua5BBVwO80TLKFE8g',1800000300,'hsQ8PMFGpKEm0HueYdcN-5kz3Gzt1-WRI_-cs9HRNEg',NULL),
('NQxZSnU2GItry3FhR-O2Rw',1800000300,'4XX8VQD-kuP9BIcUL-zE_EmGqq4Oe5pGFKQi3eMv-XU',NULL),
('QF8UDUHACQZi74FXFMAaow',1799827500,'6L5IDhCQgN8CUjfKX_HIJrl9-d1jKz60IOclkABsg3o',NULL),
('W-zg2a0iZFeYIt2yQ33_Hw',1800000300,'-eiremH4MpCf5yLwdAijZGtcZ2VMLaro2i150OAkTW0',NULL),
('Z4LLU6Hz5qVynGyfMEV_4w',1799827500,'yeCVeH2e2Hjhp1uirsyuIns6RHK1zgVhzRG8Y_TKmhs',NULL),
('_yYthqHcROTQrYBR0YvXKw',1799827500,'uIOZAQC5tIUkqFLLAlHB8G_HElGMov-fG2ECVZ18L58',NULL),
('e-hpDEdWzqWhpBp00iU9BA',1800000300,'cNBB0tZIjFBiPEsVra_Mgr8bTkh78DtGGd8YDlemBoY',NULL),
('f7HvYUQXczGP2vucAUiQfg',1800000300,'JxXKgv-tql166Hscs0lF_saWh9XgQeR5tZakT0QPs9I',NULL),
('mexuW_COwB2mQYBRw5TEtQ',1800000300,'BT6EpShVJ2LOLZ52RPzvhCSp6DopHldf2wbfHQFXPaU',NULL),
('otOiDos8_HlKvBEKbu6oHg',1799827500,'mVYX9_tAGl64BZFRRYnjG3-qN0YsWpqkRQyzaWIzobk',NULL),
('sZhZaaQ35K2DadlVoMSfmQ',1800000300,'75p_hqK-poMY1OKBPvBw4s9xTVT4nOrCvYUWRAq2ik8',NULL),
('sealed:-gK6U9sH15hEYEHSVsErqw',1807776000,NULL,1796027532),
('sealed:AF7x4HDQAUfivfB36UbyHA',1807776000,NULL,1796027533),
('sealed:F5bPffFbY1h3ksy1QJ8FoA',1807776000,NULL,1796027532),
('sealed:GhCsQynJ2ofbTxGrWN1HCQ',1807776000,NULL,1796027532),
('sealed:Pu3BP49eu9Ol53O4FivQyw',1807776000,NULL,1796027533),
('sealed:Sh8dpytYePnv2nWLGAG91g',1807603200,NULL,1796027532),
('sealed:TJfslkc3e_HecyoROFcEZg',1807776000,NULL,1796027533),
('sealed:ToKrjbCecuBC47aJLHh8Zw',1807776000,NULL,1796027532),
('sealed:UtvKNQxlMiuXcUvnYcVahw',1807776000,NULL,1796027533),
('sealed:d4MygbORT7OhIyc7yjvl9A',1807776000,NULL,1796027533),
('sealed:dwUj_CvmK6Z9ObcVsKqvow',1807776000,NULL,1796027532),
('sealed:dzOedzS5nB-Lfj298H8qRg',1800432000,NULL,1796027531),
('sealed:iC5y_ifmTUqq1wITkey7NA',1807776000,NULL,1796027532),
('sealed:nhxIvbB6d1KOa9H3mxgCeQ',1807776000,NULL,1796027533),
('sealed:yhBBS0luU5PGAq_MyY3dYg',1807776000,NULL,1796027532),
('tSTymoxEN-_NoZ0EIZEAkQ',1800000300,'vl4TSeSEX3TRA0FXlyEW77pnXXctx-ntcEM_5IHozo8',NULL),
('w1ZAYZ_X4Zkzb4ALcqzG9w',1800000300,'1__ixt2_3Eft4F5YTv0o_9h_1FkA6Mf9kTATbeiUUKc',NULL);
