CREATE TABLE schema_steps (step INTEGER PRIMARY KEY);
CREATE TABLE guests (
      anonymous_id TEXT PRIMARY KEY,
      user_handle TEXT NOT NULL,
      label TEXT NOT NULL,
      collection TEXT NOT NULL,
      created_at BIGINT NOT NULL
    );
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
      auth_time BIGINT,
      PRIMARY KEY (anonymous_id, id)
    );
CREATE TABLE spent (
      id TEXT PRIMARY KEY,
      expires_at BIGINT NOT NULL,
      result TEXT
    );
CREATE INDEX passkeys_of_guest ON passkeys (anonymous_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX spent_by_expiry ON spent (expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at) VALUES
('GQaWKAl1H-mtBboE6g5I6Q','fWatM4LLMgru81P6vETNpdPuyIBkgoGUKrjnBTDoTwYyCm31pH2-ZXHHyqiuN1ugH9VB_l5PfaD-SMKGYnjOwg','mild-ibex-43','users',1800000000),
('jeh2XoaUZY3szQOR9zUb2w','Fw49WhhYRI2eHaFVuBtVJr42RzKLLvJn2Qui-MPMLxDfVe5zjcjvoacqNgsdbWhit4-nQib4o28dC-rt60OL0A','fair-mole-21','users',1792656000),
('jezHBM0gluk06Brbtzdxvg','TeYut6M1aukhGwoQ9PBCyCtmOpilXwoQfRjE-fRM7lAYqhBn1vUyyzFwDAsYZYNwMgLEgrZhxH9TF8vSWRHpRQ','violet-orca-33','users',1791360000),
('lkG5srWckGhPLEaXNCl65Q','ai-mjOaPRdi_Ve07eJEzWqGbet8_j5j6LAHaV_9LUiaJ87m0EZmaTEkS9ra7O00x31oKuX_3Pe-tttHj4aHuMA','mild-hawk-52','users',1799827200);
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('D0vA7ENHzzt2NU49JRR_gZxvlEvuR6FGph6WAQz11tk','GQaWKAl1H-mtBboE6g5I6Q','pQECAyYgASFYIF7vuQfud1m5N5crYcgIBBiqvhLAWOlVNNamALUL30CpIlggxfZ_DFLRLgkkGoyyYjtwo7WKO7GiAV_WxdacrURIM78',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('HH_COmSjv1lMmqpSI0m-YpzjiueFD6l77UqhkupjAN4','jezHBM0gluk06Brbtzdxvg','pQECAyYgASFYIEaHdkVbaPxIthmklu4TbZCnXrPm7diB8FRH5unKIyGTIlggS77IAE_npuaTzTUdJ1B8yi6Hok5_8EloKVWlIOT98Ks',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('XefXv4SLAQkHl-FOSCdx_uLhwHHOLU8TVZ9LPFIruSY','lkG5srWckGhPLEaXNCl65Q','pQECAyYgASFYIDcoyHjWKDapA26dQSHi5W4ZAEo3MKpQWdRCFejhdoaFIlggvPepn8QlY0-ZkoVcf5Vkry_hoejDC3OG3qBUXnuNwT8',0,'00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,1799827200,1800000000),
('gfSkCXNDgPnweEdgE2Eio_A8S8plF1QgFzrZgqyAUoI','lkG5srWckGhPLEaXNCl65Q','pQECAyYgASFYILVCCQxgqSAepXNEEvYkFyjBriasggAOBU83TXHqAmULIlgg6DuMl8xaIH3DdwBQvSZaTiqBqUCwxTFk6aCgyhUbEko',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799827200,1799827200),
('wW9VSTjfSHamvvfMs2AkuTbfUuB3meQE5QAJJakrdVM','jeh2XoaUZY3szQOR9zUb2w','pAEDAzkBACBZAQCcDWExQMR9pvHhIbxzYJQ9RrdbVqMSFaHG1rh4rjbu5AxLq8XHGUhdo865Jj5soFf5vaN4Rgg1cV2QkW4vFKAm4Cc4BhDOfgwnIqkNg2gae5KAtg_UfUKBjQtI1ibxsKgZ48kaUC5Cjb1FmX_MBTPTE-JimtZ7o7CgDb4BT7ZQA5c0NBllNAStmthX8LgLXZi66teiJsuxZ8YRLgnnV5EbdgL8tvURbcln8WyAHh2EHXVHVJt4GWcQZ4JdDY_qg1aquD1jS0l1WrXS6ToWTwOk5WzVcr2fjmGwqr0ixLxZOvChrjcolHyVf2Zoe6vX0HnLqL8G3GxEnLGg1u2hQC0zIUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL);
INSERT INTO schema_steps (step) VALUES
(0);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time) VALUES
('GQaWKAl1H-mtBboE6g5I6Q','ggbOxNyeb3JLwo5a9yrO69YwmSEoDZuTmgd5O4HVhL4',1800000000,1800000000,1807776000,1831536000,1800000000),
('jeh2XoaUZY3szQOR9zUb2w','0VBXLg2apEJJOFJuul4Rp6Yw_RyZILcKU6I4pPFQRV8',1792656000,1792656000,1800432000,1824192000,1792656000),
('jezHBM0gluk06Brbtzdxvg','7Xl5Q3dfaWbZZxGTU_Ya9s3ArB2fuxIZAWQorikvEtw',1791360000,1791360000,1799136000,1822896000,1791360000),
('lkG5srWckGhPLEaXNCl65Q','Dn0SFI0bHV0L66ZtJ5lFdLg8UkusSsBW5Wsx53CmKlA',1799827200,1799827200,1807603200,1831363200,1799827200),
('lkG5srWckGhPLEaXNCl65Q','Mmx4YfYYwHq4Irv4yIbAIs2NDpB1UU20kV-AhgoEYIo',1799827200,1800000000,1807776000,1831363200,1799827200),
('lkG5srWckGhPLEaXNCl65Q','WLAV_XK8RzabXmd8LH1HD4YbcMkW5Mx10M2ZCL7aZhY',1800000000,1800000000,1807776000,1831536000,1800000000);
INSERT INTO spent (id, expires_at, result) VALUES
('15hEJDln7XG8kIl6ggmoqA',1800000300,NULL),
('99sM04i8_4fGdDJpun_R_w',1799827500,'gfSkCXNDgPnweEdgE2Eio_A8S8plF1QgFzrZgqyAUoI'),
('C1qjz9spTtAIRwjmA725Fw',1799827500,NULL),
('N9ggQ4HgyNWgn-PvzvnisQ',1800000300,'D0vA7ENHzzt2NU49JRR_gZxvlEvuR6FGph6WAQz11tk'),
('SRLmTYbiKDCke3Ewamr2Pg',1799827500,'XefXv4SLAQkHl-FOSCdx_uLhwHHOLU8TVZ9LPFIruSY'),
('U8FL1RtuUhh31OP3Nax8Dg',1799827500,'nM4KrWmSbHrX8bhLIUQZvr3xOmA81JUn_RBmRQrLffM'),
('Y-pQT4vRPlQtSzUZZs4XCg',1791360300,'HH_COmSjv1lMmqpSI0m-YpzjiueFD6l77UqhkupjAN4'),
('fWMjmRnR32NR65mD4AOKDQ',1799827500,NULL),
('q86SfCr-jJT3lklCq4fnjQ',1792656300,'wW9VSTjfSHamvvfMs2AkuTbfUuB3meQE5QAJJakrdVM'),
('sealed:tPL_4m1698ai_PU_hSZxOw',1807776000,NULL);
