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
CREATE INDEX passkeys_of_guest ON passkeys (anonymous_id);
CREATE INDEX sessions_to_sweep ON sessions (substr(id, 8, 1), expires_at);
CREATE INDEX spent_to_sweep ON spent (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent (substr(id, 8, 1), ended_at) WHERE ended_at IS NOT NULL;
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at) VALUES
('AcPjyvuaKqhuAthJF2QQ5A','JmJdrOfCPFOsd2Uuvcd_u1ddS_LKObTx26uNwOetrpnPL9jumGLh40DikYUNxHXhfqJ2uLmpsSPzmTvX6_6aTw','noble-swan-97','users',1800000000),
('KNJTsdxTIjnZ52L7QMibEQ','vDbH8ckXmbp3wWQRFUnDZ8g3m7nB-UtZeYN6MlvcTyn2iZMMugvFahnLxm1Ma_UvWdzSzrbHqROzvuLjZq4-sg','neat-ferret-98','users',1799827200),
('LncnCPz4lKGKbtlkPkC9Hg','EgDD-XelxbepOs0OP5YEoqainxqF8ehOUXjVxjMdpuxHrBpV1nNyqC1s-aag3wnW1AR5jrLMpp5vRSxaIqwFHA','lilac-dove-53','users',1792656000),
('MikABq1kgqFu50AziaPIMw','cX4Iq9kvTpAqRnPWVb-V-rxJG39ZHlYgvLmk-VVn-eLRLN091wbfu-irHd6Gz_i910Twrl4k2Yb1SQQ9y5HOWA','teal-marten-65','users',1791360000),
('oVLOFJG8lQiukCAP9KvQ0g','w5qxcp7ylOt4Trp2hx9Q-o-EjCZ-XQb1nwgDchxCZqTZY7CDGBJbqpq5cmRNyP7Nzsjpsluo4OW3xNvX7ySapQ','hazy-stoat-21','users',1800000000);
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('0W2-tspfdc542reIr5kKtdpl2wAdSX-lOvoVdyfhoys','LncnCPz4lKGKbtlkPkC9Hg','pAEDAzkBACBZAQCnFBm-9sVmLO11iYHA6MY4Utl4itBkUIPUrJFcLtWx2k_k0R0NW9ySdtxLKPutFdCCyrusCJgU5aWOMSDu4ZtwQtPvoRRRzFrSexkJaWXRML9gL-roMqtUMP5a_OpOLHPUZF5znIFWniKBwDGSBIaFFv4TBf3mb41y1HeOfk6I9KPEL5gFyf6n-G2Q6ERheRY_kW7b2oIUctJusZPOvxVhX_J2AI-6ct2g0RlXfRwKUXF97O0aGirsPrsw3DcimeSozhWmr6KXAfCyV4TLnweaxuGgnQIx_yOAHtNDACDSHKfMJ-NL6qYEPMi5NKz1ydFX7YPJkVeKtQPlDhlDXY3zIUMBAAE',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1792656000,NULL),
('4ZwrlnYkpAQWMieU1KfwIi-olBH_NiO2bUei0yi-5M4','MikABq1kgqFu50AziaPIMw','pQECAyYgASFYILSXcl2Lohy2MeHmkJ7-GAx9XSiAuuGHUgDJdD85kr8EIlggBCZniyyIJlQfMZfdRpSGJ7zOk9ZEgyEZ4-DLPQMruSs',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1791360000,NULL),
('61EERdZVQEsY8S-xvZq-wrrC3SSij7hk0IA53mZZEAs','AcPjyvuaKqhuAthJF2QQ5A','pQECAyYgASFYIPMgX85upyg8dGXuqZnajR5pAfHLBNvU-h15iIGrX8XyIlggMMw10CCsEeiVlWWPvSNwar2NI_rulX8Ngs4XtuuhgjQ',0,'00000000-0000-0000-0000-000000000000','Passkey','',0,0,1800000000,NULL),
('JsxQPn2Z8kxAjhmtBIjUYOqpp0ahe_A4Yj-9vVdAWVw','KNJTsdxTIjnZ52L7QMibEQ','pQECAyYgASFYICa8C4gA1nNWek0QkNwI4bhdY1PQEp4EgH6ABd98sYw0IlggKV8aOB8eXYy3pZQApMWli2J8Y0vL7LXmfCqExhXp4HI',2,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1799827200,1799827200),
('LbzJm63tqJ0nRBw-VT7Cfo2l_MirK6cbmRewYbi2Iz8','KNJTsdxTIjnZ52L7QMibEQ','pQECAyYgASFYIDgLeIeUq9EVHjkCY-5mpF9TZnvErakVg-UeUPIboGaAIlggTlAqfv5vLp-kfSphthmMaYSnGJ1J-n3OuqupqaDmb2A',0,'00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,1799827200,1800000000),
('xeVjJU8SvdmBmWJA2lxG9NE70LAlXrolnSXsl85p9yw','oVLOFJG8lQiukCAP9KvQ0g','pQECAyYgASFYIHkUryuvciKuiD1Y3LPhn4Pc-BlUT9tO8pL682MUoKKEIlggr3BYPxlh_a0zFpNceYa7ykISxYZOjaVCSWS7vQ-rY-Y',0,'00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,1800000000,NULL);
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('AcPjyvuaKqhuAthJF2QQ5A','sBS7dSvtQVovkQ5wDNtffxHmwb5vj9vzO98wWcrs9wo',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('KNJTsdxTIjnZ52L7QMibEQ','VfzZyHldgXGOAjwnUY7OGSW3LaoRugRRphhyd-r-YSs',1799827200,1800000000,1807776000,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('KNJTsdxTIjnZ52L7QMibEQ','oxcoWlXXce1lWmk47Owq4IM6LElZjMfWlZjvUOSAKaE',1799827200,1799827200,1807603200,1831363200,1799827200,NULL,NULL,NULL,NULL,NULL),
('KNJTsdxTIjnZ52L7QMibEQ','zAZE8LAjSZQ31c3hoJE4M2rRzwuIXVSYgg0WhUFBPgY',1800000000,1800000000,1807776000,1831536000,1800000000,NULL,NULL,NULL,NULL,NULL),
('LncnCPz4lKGKbtlkPkC9Hg','u9mPKoW7f2zYFK1-p3D9m-Jn8c2eApIA6BOd3ieI8nU',1792656000,1792656000,1800432000,1824192000,1792656000,NULL,NULL,NULL,NULL,NULL),
('MikABq1kgqFu50AziaPIMw','VFGyfyoLbppvW-qi5vT0hnsvsg-kQqffn0QGuPb9YRc',1791360000,1791360000,1799136000,1822896000,1791360000,NULL,NULL,NULL,NULL,NULL),
('oVLOFJG8lQiukCAP9KvQ0g','whKbi2-ws79AYd1S0tIa8IYY6unZQRR-fyhVD4GJefU',1800000000,1800000000,1807776000,1831536000,1800000000,'spa','read write',NULL,2,1800000000);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
(1,'34VKO4l0WnZOXsYG06-R1Dc_KKAyoPx7TN5WN1bI9cs','ES256','{"kty":"EC","x":"SRUx52ssDkQFtY6xakYOjI3QtpgknCLs5RLnx2ADX88","y":"n_lUCtBR3WQg3ZmiRHS89a2xOAKBQdvSOIh4kqSbtLI","crv":"P-256","kid":"34VKO4l0WnZOXsYG06-R1Dc_KKAyoPx7TN5WN1bI9cs","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..l-VllKLK8W_e6wEl.1CDwDNXSbMg5riwlcE6NxmELyaYzB4xH6E7B5eqyhi-2VNhfsG4VXbaoVyZHz63DeEgiV-7HmRRBzg-tCpc4hkvl4FqVWDJjrUjLYFMDy7KDg41AcP-Gf1IzCzdCNEbnQx8Zc9CaSqbFjOJ_Q_Jfl_jbozg-ApngpTyECIP4zSVMntts4ZG56kKW2ljYuw6fMypcIdQJLfVFWXau-hbIjiyCaTq5LHRqgy4MK5kpUBM.cPk7kk8ubJkwX3Cqm7BfDw',1800000000,1800004620),
(2,'6RpBqLjT62JOBrgGzs6iGiHJTR2BrooHBki-jVyBzHg','ES256','{"kty":"EC","x":"vfTC-qSsQ4ltcD1cqN3iRIeB8xLZnEBpD-iHgkYwUg4","y":"ZyYXrnTElfwgur4UprSyXC-47yHSHmt6b1LqbMXk65o","crv":"P-256","kid":"6RpBqLjT62JOBrgGzs6iGiHJTR2BrooHBki-jVyBzHg","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..jA7DwC56R44Sez5C.eKOFGjEpP3Zi-KG761y-A2q8OTsXDm_EhJSOL1Z_-gjAVEjc_8UDqFa1MGc6rcba9MgzUViUxVUY23euK4zX7YFj7hVJL4tWrK1ys0TBNakpZfHcmXXISc6RAtNZk3UMfxEYPS0kKbU4ISVvpZFB6mf10MJPbwqSvG392XrLqHd3a4nNV_8kXm8VF6G8l6D1Sc7P6Y5jk4ln0zkDjqvLX5Um06RqpxtgubKoPM8uCFQ.WI4rOnfbISe_iyo1-MfDNA',1800000900,NULL);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('0cXxc8MRkKT3TpYUVfvTEw',1799827500,'LbzJm63tqJ0nRBw-VT7Cfo2l_MirK6cbmRewYbi2Iz8',NULL),
('15IPx_mftMuQx7XphbHoCA',1800000300,'zAZE8LAjSZQ31c3hoJE4M2rRzwuIXVSYgg0WhUFBPgY',NULL),
('B6IznAWLcssVRi1qIoLstQ',1799827500,'N9W0lUkg9bqrtdgD-7U06iaduHXkpO5c1E67i2Ucp60',NULL),
('Hm00JFYpgij2LnntEi2oag',1799827500,'JsxQPn2Z8kxAjhmtBIjUYOqpp0ahe_A4Yj-9vVdAWVw',NULL),
('KCFo2DkQ5TedNA1DEXSsGg',1791360300,'4ZwrlnYkpAQWMieU1KfwIi-olBH_NiO2bUei0yi-5M4',NULL),
('SuaUbgG7LeKPJxj9c5J35w',1800000300,'61EERdZVQEsY8S-xvZq-wrrC3SSij7hk0IA53mZZEAs',NULL),
('aWzM9VoJLHC57r8CtHyAmQ',1792656300,'0W2-tspfdc542reIr5kKtdpl2wAdSX-lOvoVdyfhoys',NULL),
('cxyoGv8Pb4nxhVX0wSsUFA',1799827500,'HO-EiASQjtVZID2P31oQ-qJslAXoiMmIzt_nRa2tcNU',NULL),
('kymrErGv4rMw0afsMRhtdA',1799827500,'oxcoWlXXce1lWmk47Owq4IM6LElZjMfWlZjvUOSAKaE',NULL),
('sealed:AcPjyvuaKqhuAthJF2QQ5A',1807776000,NULL,1796027518),
('sealed:KNJTsdxTIjnZ52L7QMibEQ',1807603200,NULL,1796027518),
('sealed:LncnCPz4lKGKbtlkPkC9Hg',1800432000,NULL,1796027518),
('sealed:MikABq1kgqFu50AziaPIMw',1799136000,NULL,1796027518),
('sealed:vT52XPJYUlpjwc-p00-cKA',1807776000,NULL,1796027518),
('trBoJL7g5svYd8G1Ipyqqg',1800000300,'xeVjJU8SvdmBmWJA2lxG9NE70LAlXrolnSXsl85p9yw',NULL);
