CREATE TABLE chores (name text NOT NULL, holder text NOT NULL, taken_until bigint NOT NULL);
CREATE TABLE guests (anonymous_id text NOT NULL, user_handle text NOT NULL, label text NOT NULL, collection text NOT NULL, created_at bigint NOT NULL);
CREATE TABLE passkeys (credential_id text NOT NULL, anonymous_id text NOT NULL, public_key text NOT NULL, sign_count bigint NOT NULL, aaguid text NOT NULL, name text NOT NULL, transports text NOT NULL, backup_eligible integer NOT NULL, backed_up integer NOT NULL, created_at bigint NOT NULL, last_used_at bigint);
CREATE TABLE schema_steps (step integer NOT NULL);
CREATE TABLE sessions (anonymous_id text NOT NULL, id text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL, ends_at bigint NOT NULL, auth_time bigint, client_id text, scope text, jkt text, refreshes bigint, refreshed_at bigint);
CREATE TABLE signing_keys (generation bigint NOT NULL, kid text NOT NULL, algorithm text NOT NULL, public_key text NOT NULL, private_key text NOT NULL, signs_from bigint NOT NULL, retires_at bigint);
CREATE TABLE spent (id text NOT NULL, expires_at bigint NOT NULL, result text, ended_at bigint);
ALTER TABLE chores ADD CONSTRAINT chores_pkey PRIMARY KEY (name);
ALTER TABLE guests ADD CONSTRAINT guests_pkey PRIMARY KEY (anonymous_id);
ALTER TABLE passkeys ADD CONSTRAINT passkeys_pkey PRIMARY KEY (credential_id);
ALTER TABLE schema_steps ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (step);
ALTER TABLE sessions ADD CONSTRAINT sessions_pkey PRIMARY KEY (anonymous_id, id);
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (generation);
ALTER TABLE spent ADD CONSTRAINT spent_pkey PRIMARY KEY (id);
ALTER TABLE passkeys ADD CONSTRAINT passkeys_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
ALTER TABLE sessions ADD CONSTRAINT sessions_anonymous_id_fkey FOREIGN KEY (anonymous_id) REFERENCES guests(anonymous_id) ON DELETE CASCADE;
CREATE INDEX passkeys_of_guest ON passkeys USING btree (anonymous_id);
CREATE INDEX sessions_to_sweep ON sessions USING btree (substr(id, 8, 1), expires_at);
CREATE INDEX spent_ended ON spent USING btree (substr(id, 8, 1), ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX spent_to_sweep ON spent USING btree (substr(id, 8, 1), expires_at);
INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at) VALUES
('6IfI0nL3ZHTQDBsiy4W1AQ','6gw1m1tY8JkADNxMEOV3EK5AnLLzFFd0CxtRaFftFePbZ4Et_H7JNYrFBXoXp5ZqVpQSx7RHgWVr4GDeVNc5gQ','jolly-stoat-80','users','1799827200'),
('Ty0sQXfANO_Hv4a-FApdCQ','qjV_FRdEJpb6dA4i5TfQAb_SL18vI-Wi4r-KHngaAeiQOsosnr0X-rnCCC6jvoAzpXcXcgwStajIhlBBYdwWIw','clear-rabbit-45','users','1800000000'),
('lqBNHL8LWvpx55AC-gziug','DxUgQX_JR0UpBPoiATn2WVEMExWTw23NmShJdTzP7h3_G2uSwbCLW625QJXJoXZUvoaXvf5hDvD_4zKoBV-ITA','tidy-robin-38','users','1792656000'),
('nKuzv1_rmZfXjLqHTrKHAQ','jZS3NsrfWB-kJbEtM8utoZrGg_rYWoDA7eGzU68dq36fu5q6WFNrgyPlDYyiGKTmCP3-b60IynEKzaJhtRSNSQ','early-quail-66','users','1800000000'),
('vV02pKTdXhmO5xEg8ue2TA','UriFwTNO9q9H5_A7P0nlVh0FxlWV8fGNCwMLShVdG0cMTerpbP45wURQAvfnEK98l59ukIW_BWX4qY7upTENcQ','warm-bobcat-59','users','1791360000');
INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports, backup_eligible, backed_up, created_at, last_used_at) VALUES
('4Si5Nn2JeVAE_BcYkVspDKFIJFGoW8tWc4y-x8UKGxU','lqBNHL8LWvpx55AC-gziug','pAEDAzkBACBZAQCo7nKUshr9qFkaQIwpgkxsdkW6g_ePLDMpafw2-xjSZYkG_-2SgD6cT_dummamjaFEIn3aDGY2mnUlrGlkYiYgLB0Riy9HRB7wr1CL5auWa7SZmjkVN_qo9qfBBnh1bjKvj0lShHiOAIKY3S2i92hg8Xjyr5IVG7auKuDtGSr0VRk5MKiJqMulK5vxZ-mnyDwaY3U0nN2GYY9V3xqQxlcMJ9KiZuOkg3Zg677LdgpDtMOBsVpCB0YbGvePDADWUd9PSr-QaVaFzGGRP3wf7zGnlEdGJtxCgpy4IrYDh_4jJvR5KNkIzMeRFEX8o66ilPwJt2sDy3dmVFOP6XOkOk4RIUMBAAE','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1792656000',NULL),
('FAapZhtSmoA-QmQoB78-2VpfbP34hT1jzC95Vu3pCgE','vV02pKTdXhmO5xEg8ue2TA','pQECAyYgASFYIDga0ko9AM76MVZiRXia-7jqyiLk2zqE0XVEV4WS86VoIlgg4b3Qn94mw6UuU3EOzvwd32GAYy4Z8rwT9Y4vFrxAhcg','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1791360000',NULL),
('NG-PwrLqYUDQoGgnXCtJhcF3FZQh-yHhtDM8PJJUYF0','6IfI0nL3ZHTQDBsiy4W1AQ','pQECAyYgASFYIB-gqOE3TCZkquEgzLCcXJM4ucqjhE0jjVGuc0lVj6q4IlggW0IJeTK2DOdU_F20kdT-LAv8-US2zhAcEv5psLDGUdc','0','00000000-0000-0000-0000-000000000000','My telephone','hybrid internal',1,1,'1799827200','1800000000'),
('Uos9F9fJMEJXlxx8maOhmuanuGheJrBq-zt5ll5OXnQ','Ty0sQXfANO_Hv4a-FApdCQ','pQECAyYgASFYIK9mojxdCld2ZigbXzg9MG-kGB-K5X5lk81shn4gVARZIlggA1OkDNN4PCUvFnm6T2AD9UcMwOWRyfaK8yKEnJRhMg8','0','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1800000000',NULL),
('dlZvzltOvF_48VojldYo9sJpu7czStuF_U0UdrH3CIw','nKuzv1_rmZfXjLqHTrKHAQ','pQECAyYgASFYIDVQngaFGUDC2OIfwgayC_VmbOe9xhbz_H31ix1aLaeUIlggvm2xqtpJbhwhb1Krxc6zcBLjArZ4ZwZSndfhYynGdSM','0','00000000-0000-0000-0000-000000000000','Passkey','',0,0,'1800000000',NULL),
('yD-7HXARDCGLmjGobgLB10y37DhQabzMSanWUIcW_N4','6IfI0nL3ZHTQDBsiy4W1AQ','pQECAyYgASFYIPJaRm5idQQx4rLfwUS2dNS0yeNiuiF8aUXV7fmVltzKIlgg7XfclHiMsFhc_f13fEmVI3-EsF4YFrNwag_6AM4TuKs','2','00000000-0000-0000-0000-000000000000','Passkey','internal',0,0,'1799827200','1799827200');
INSERT INTO schema_steps (step) VALUES
(0),
(1),
(2);
INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id, scope, jkt, refreshes, refreshed_at) VALUES
('6IfI0nL3ZHTQDBsiy4W1AQ','A9E-nRL0D_xaph_41vnNd4oCvebhBjrx__jzNm5KeG0','1799827200','1800000000','1807776000','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('6IfI0nL3ZHTQDBsiy4W1AQ','DrZm1VqtIe9OcCPT-VHxDKs5KUOm2Q5NUA53hVL-PF8','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('6IfI0nL3ZHTQDBsiy4W1AQ','ScPWjyeagJnpd48EpZpxKwYew6EKInTvkRdQSUaT3Qg','1799827200','1799827200','1807603200','1831363200','1799827200',NULL,NULL,NULL,NULL,NULL),
('Ty0sQXfANO_Hv4a-FApdCQ','-a5O7RfLh9jJwaSeyPn_Qlug9KH3mYmrUwqKwVFZaDg','1800000000','1800000000','1807776000','1831536000','1800000000','spa','read write',NULL,'2','1800000000'),
('lqBNHL8LWvpx55AC-gziug','-Au89_96lJwI1fmm6V1L_IeY4SNng1Iq2fiN6LIyzPY','1792656000','1792656000','1800432000','1824192000','1792656000',NULL,NULL,NULL,NULL,NULL),
('nKuzv1_rmZfXjLqHTrKHAQ','v4ajCRDF006JlG1QtRrSv-dFUVYsYmx34-F035WnRSM','1800000000','1800000000','1807776000','1831536000','1800000000',NULL,NULL,NULL,NULL,NULL),
('vV02pKTdXhmO5xEg8ue2TA','2FnfgiFoi3B7zbWePQatzNhXd_HkTo7Sp_PcsH2xUgc','1791360000','1791360000','1799136000','1822896000','1791360000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO signing_keys (generation, kid, algorithm, public_key, private_key, signs_from, retires_at) VALUES
('1','GzE2nq1j2Gf6L5Yux8cCezq6JA3NdC9KOvYwEnOrmug','ES256','{"kty":"EC","x":"rHrzOSLfLUk-absROEI5Yr-Ivw2ijF8Ut81OU7tIOag","y":"-8-ca4g5jrjosKZiewm4ggzJcm4mU1L_5b7rDtpjBCI","crv":"P-256","kid":"GzE2nq1j2Gf6L5Yux8cCezq6JA3NdC9KOvYwEnOrmug","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..660PbvIs1ZRSh_NM.qlsMxKtYUDjR30voM7A4AFfobl0lhsmmRczhAQbEzQ3nSar9H2ZGqwVUnDCC0flcg0xAEbzaq63kM0yosMf4QCVyza5Y0spKINNLddZk1a48h8bljskRWcAdaNuve4CaAXFNEAMqlXhdNlxvfiNwlDgyLyTpIub1KyhRSEkpY7VcTDGAd1f-YkPBdJ1Znwj2tjF3nL2vRCOpA02m8Gkxj5zBC940FDW_KaYLX7VrYmg.FZaGGaMIyvVR2x6AKPcO9Q','1800000000','1800004620'),
('2','G37LshmyLNdX1SBLKymGVgTVSanftHZmJUZUN3pdNqQ','ES256','{"kty":"EC","x":"A1rMMDkn7wAQiF6J5XfJSTyqFIQhXznq8SAReuWh0rI","y":"xzWYBlp0cSpb_lQSsm0fFF3wbdtvVxsntueeFhnW9-4","crv":"P-256","kid":"G37LshmyLNdX1SBLKymGVgTVSanftHZmJUZUN3pdNqQ","alg":"ES256","use":"sig"}','eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..i8qW-zIf8TzIyDN5.zQqEYHwX5vTvV6YN_6xAes48eOHOBXn-Xd0wg7zsMO_f3hHOkzxeWpDEMBW0DC4vo7xtyIuEJ9T7ovhXqc7phRGyG8INTd89wfYJAqUr8l-JGgch5PQkp8AGb1W0GMR6gQEuJEE4RCcRi6AGUdgZNhb9XhXe9z-56w-0h-lP1YSiNY2wDbRroFM5SqLLCKx7Ww7I1M35tglGqdKY7-XKveY45nO_1kFKlXPqjSPdpUE.1j0LDaQR6h7TpW0486VT-A','1800000900',NULL);
INSERT INTO spent (id, expires_at, result, ended_at) VALUES
('321NkexoktDgymbNXQnzKw','1799827500','ScPWjyeagJnpd48EpZpxKwYew6EKInTvkRdQSUaT3Qg',NULL),
('Egs2CcLnnxLm3OW394L27Q','1799827500','yD-7HXARDCGLmjGobgLB10y37DhQabzMSanWUIcW_N4',NULL),
('OmyEEdp4iJtCAw-aN3Lq0w','1799827500','NG-PwrLqYUDQoGgnXCtJhcF3FZQh-yHhtDM8PJJUYF0',NULL),
('SW3POfAkP9I-E8xM2XXRMQ','1792656300','4Si5Nn2JeVAE_BcYkVspDKFIJFGoW8tWc4y-x8UKGxU',NULL),
('d8W5tB1dVf85xrxQ-JP3ng','1791360300','FAapZhtSmoA-QmQoB78-2VpfbP34hT1jzC95Vu3pCgE',NULL),
('eWgx04k_hYPGEeIK9_88_Q','1800000300','dlZvzltOvF_48VojldYo9sJpu7czStuF_U0UdrH3CIw',NULL),
('oTDLtVpGzAtKxkS_0r-32w','1800000300','DrZm1VqtIe9OcCPT-VHxDKs5KUOm2Q5NUA53hVL-PF8',NULL),
('sealed:6IfI0nL3ZHTQDBsiy4W1AQ','1807603200',NULL,'1796027523'),
('sealed:Q8nWuyOUc10s-UT-0tqWTw','1807776000',NULL,'1796027524'),
('sealed:lqBNHL8LWvpx55AC-gziug','1800432000',NULL,'1796027523'),
('sealed:nKuzv1_rmZfXjLqHTrKHAQ','1807776000',NULL,'1796027524'),
('sealed:vV02pKTdXhmO5xEg8ue2TA','1799136000',NULL,'1796027523'),
('vdShFNq0cPXZtC1vi3CiVw','1799827500','2s_qfrYL2bjLWs4Fsbd6DADIEXe_S9T_AnpbDzg-Ms4',NULL),
('w8Jamlly74vVetJsIWO1Dg','1800000300','Uos9F9fJMEJXlxx8maOhmuanuGheJrBq-zt5ll5OXnQ',NULL),
('y2v5KzuteM3FpZVc4ahQ6w','1799827500','F_khZCasY0tGw_57hMdaFuoUb-lLPDVFs3QlglDCuMs',NULL);
