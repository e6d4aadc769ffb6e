// The options of 0.5 that have another name now: they work until 0.7.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { guestkey, type Options, OptionsError } from '../../../server/index.ts'
import { optionsSchema, resolveOptions } from '../../../server/options/options.ts'
import recorded from '../../recordings/0.5.0/surface.json' with { type: 'json' }
import { startApp } from '../../support/app.ts'
import { guestkey as command } from '../../support/command.ts'
import { temporaryDeployment, temporaryFolder } from '../../support/engine.ts'
import { startService } from '../../support/service.ts'

const day = 24 * 60 * 60
const hook = () => {}
const app = { packageName: 'com.example.app', sha256CertFingerprints: [Array(32).fill('AB').join(':')] }
const provider = { id: 'example', name: 'Example', issuer: 'https://id.example', clientId: 'guestkey' }
const pages = { enroll: 'https://example.com/passkeys' }
const common = {
  origin: 'https://example.com',
  secret: 's'.repeat(32),
  store: 'postgres://localhost/guestkey',
}

/** An option of 0.5, the same option of now, and its path. */
const cases = (
  [
    [{ send: hook }, { loginIds: { send: hook } }, 'loginIds.send'],
    [{ sendFrom: 'hello@example.com' }, { loginIds: { sendFrom: 'hello@example.com' } }, 'loginIds.sendFrom'],
    [{ onPromote: hook }, { loginIds: { onPromote: hook } }, 'loginIds.onPromote'],
    [{ maxLoginIds: 3 }, { loginIds: { max: 3 } }, 'loginIds.max'],
    [{ providers: [provider] }, { loginIds: { providers: [provider] } }, 'loginIds.providers'],
    [{ mergeProfiles: 'keep-source' }, { merge: { profiles: 'keep-source' } }, 'merge.profiles'],
    [{ mergeGraceSeconds: 60 }, { merge: { graceSeconds: 60 } }, 'merge.graceSeconds'],
    [{ onMerge: hook }, { merge: { onMerge: hook } }, 'merge.onMerge'],
    [{ onUndoMerge: hook }, { merge: { onUndoMerge: hook } }, 'merge.onUndoMerge'],
    [{ wellKnown: false }, { wellKnown: { atRoot: false } }, 'wellKnown.atRoot'],
    [{ android: [app] }, { wellKnown: { android: [app] } }, 'wellKnown.android'],
    [{ apple: ['A1B2C3D4E5.app'] }, { wellKnown: { apple: ['A1B2C3D4E5.app'] } }, 'wellKnown.apple'],
    [{ passkeyEndpoints: pages }, { wellKnown: { passkeyEndpoints: pages } }, 'wellKnown.passkeyEndpoints'],
    [{ auditDays: 30 }, { auditSeconds: 30 * day }, 'auditSeconds'],
    [{ sessionIdleSeconds: 60 }, { sessions: { idleSeconds: 60 } }, 'sessions.idleSeconds'],
    [{ sessionAbsoluteSeconds: 60 }, { sessions: { absoluteSeconds: 60 } }, 'sessions.absoluteSeconds'],
    [{ maxSessions: 3 }, { sessions: { max: 3 } }, 'sessions.max'],
    [{ maxPasskeys: 3 }, { passkeys: { max: 3 } }, 'passkeys.max'],
    [{ maxDeviceKeys: 3 }, { deviceKeys: { max: 3 } }, 'deviceKeys.max'],
    [{ issuer: provider.issuer }, { tokens: { issuer: provider.issuer } }, 'tokens.issuer'],
    [{ claimsNamespace: 'urn:a' }, { tokens: { claimsNamespace: 'urn:a' } }, 'tokens.claimsNamespace'],
    [{ signingAlgorithm: 'EdDSA' }, { tokens: { signingAlgorithm: 'EdDSA' } }, 'tokens.signingAlgorithm'],
    [{ signingKeyDays: 7 }, { tokens: { signingKeySeconds: 7 * day } }, 'tokens.signingKeySeconds'],
    [{ accessTokenSeconds: 60 }, { tokens: { accessTokenSeconds: 60 } }, 'tokens.accessTokenSeconds'],
    [{ refreshGraceSeconds: 60 }, { tokens: { refreshGraceSeconds: 60 } }, 'tokens.refreshGraceSeconds'],
  ] satisfies [Partial<Options>, Partial<Options>, string][]
).map(([old, now, path]) => ({ name: Object.keys(old)[0]!, old, now, path }))

const resolved = (options: Partial<Options>) => resolveOptions({ ...common, ...options })

/** The message of the OptionsError, on one line. */
function refusal(options: object): string {
  try {
    resolveOptions({ ...common, ...options } as Options)
  } catch (error) {
    expect(error).toBeInstanceOf(OptionsError)
    return (error as Error).message.replace(/\s+/g, ' ')
  }
  throw new Error('was not refused')
}

test('the cases below are all options of 0.5 that have another name now', () => {
  const renamed = Object.keys(recorded.options.schema).filter((name) => !(name in optionsSchema.shape))
  expect(cases.map(({ name }) => name).toSorted()).toEqual([...renamed, 'wellKnown'].toSorted())
})

describe.each(cases)('$name is $path:', ({ name, old, now, path }) => {
  test('the old name does what the new one does', () => {
    expect(resolved(old)).toEqual(resolved(now))
    expect(resolved(old)).not.toEqual(resolved({}))
  })

  // wellKnown has the same name now, and so one value.
  test.skipIf(name === 'wellKnown')('both together are refused, even with the same value', () => {
    expect(refusal({ ...now, ...old })).toContain(`${name} and ${path} are one option: leave out ${name}`)
  })

  test('undefined under the old name is not given, and is not told', async () => {
    const { logs } = await startApp({ [name]: undefined })
    expect(logs).toEqual([])
    expect(resolved({ [name]: undefined, ...now })).toEqual(resolved(now))
  })

  test('the log names the new one, once', async () => {
    const { browser, logs } = await startApp(old)
    await browser().post('/guest/sign-in')
    const message = expect.stringContaining(`the option ${name} is ${path} now`)
    const warnings = logs.filter(({ level }) => level !== 'debug')
    expect(warnings).toEqual([{ level: 'warn', fields: { option: name }, message }])
    expect(warnings[0]!.message).toMatch(/; guestkey 0\.7 takes only the new name$/)
  })

  test('the new one is not told', async () => {
    const { logs } = await startApp(now)
    expect(logs).toEqual([])
  })
})

describe('an error about a value says the name that the host wrote:', () => {
  test.each([
    [{ send: 'mail' }, /function → at send$/],
    [{ providers: [{ ...provider, id: 'A b' }] }, /→ at providers\[0\]\.id$/],
    [{ maxLoginIds: 0 }, /→ at maxLoginIds$/],
    [
      { maxLoginIds: 0, loginIds: { send: 'mail' } },
      /→ at (loginIds\.send|maxLoginIds).*→ at (loginIds\.send|maxLoginIds)$/,
    ],
    [{ mergeProfiles: 'both' }, /→ at mergeProfiles$/],
    [{ android: [{ ...app, packageName: 'app' }] }, /→ at android\[0\]\.packageName$/],
    [{ wellKnown: 'no' }, /must be true or false, not a text → at wellKnown$/],
    [{ auditDays: -1 }, /must be above 0, not -1 → at auditDays$/],
    [{ auditDays: 1.5 }, /must be a whole number, not 1\.5 → at auditDays$/],
    [{ signingKeyDays: '90' }, /must be a number, not a text → at signingKeyDays$/],
    [{ sessionIdleSeconds: 0 }, /must be above 0, not 0 → at sessionIdleSeconds$/],
    [{ maxPasskeys: '20' }, /must be a number, not a text → at maxPasskeys$/],
    [{ accessTokenSeconds: 3601 }, /must be an hour at most .* → at accessTokenSeconds$/],
    [{ issuer: 'https://id.example/' }, /write https:\/\/id\.example → at issuer$/],
    [{ loginIds: 'smtp://localhost', maxLoginIds: 3 }, /must be an object, not a text → at loginIds$/],
    [{ wellKnown: null }, /must be an object, not null → at wellKnown$/],
  ])('%j', (options, said) => {
    expect(refusal(options)).toMatch(said)
  })

  test('and that of now for the new one', () => {
    expect(refusal({ loginIds: { max: 0 } })).toMatch(/→ at loginIds\.max$/)
    expect(refusal({ auditSeconds: 0 })).toMatch(/→ at auditSeconds$/)
  })
})

test('old and new names of one group can stand side by side', () => {
  const { loginIds, wellKnown } = resolveOptions({
    ...{ ...common, maxLoginIds: 3, loginIds: { sendFrom: 'hello@example.com' } },
    ...{ wellKnown: false, apple: ['A1B2C3D4E5.app'] },
  })
  expect(loginIds).toMatchObject({ max: 3, sendFrom: 'hello@example.com' })
  expect(wellKnown).toMatchObject({ atRoot: false, apple: ['A1B2C3D4E5.app'] })
})

test('the options of the host are not changed', () => {
  const options = Object.freeze({ ...common, maxLoginIds: 3, loginIds: Object.freeze({ send: hook }) })
  expect(resolveOptions(options).loginIds).toMatchObject({ max: 3, send: hook })
})

test('the types know the old names, beside a profile of the host', async () => {
  const guests = guestkey({
    ...{
      origin: 'http://localhost:3000',
      store: join(temporaryFolder(), 'guestkey.db'),
      onMerge: ({ ticket }) => ticket,
    },
    ...{ profile: z.object({ nickname: z.string() }), wellKnown: false, auditDays: 30 },
    logger: { debug: hook, info: hook, warn: hook, error: hook },
  })
  const read = async () => (await guests.profile.get('x')).attributes.nickname satisfies string | undefined
  expect(read).toBeInstanceOf(Function)
  await guests.close()
})

describe('a text for a code of 0.5', () => {
  const texts = { invalid_login_id: 'No address.', cancel: 'Stop' }

  test('is shown for the code of now, and the log says so', async () => {
    const { logs } = await startApp({ pages: { texts: { en: texts, fr: { unknown_prompt: 'Non.' } } } })
    expect(logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the option pages\.texts\.en\.invalid_login_id is pages\.texts\.en\.login_id_invalid now; /,
      ),
      expect.stringMatching(
        /^the option pages\.texts\.fr\.unknown_prompt is pages\.texts\.fr\.prompt_unknown now; /,
      ),
    ])
    const { pages } = resolved({ pages: { texts: { en: texts } } })
    expect(pages.texts).toEqual({ en: { login_id_invalid: 'No address.', cancel: 'Stop' } })
  })

  test('beside one for the code of now is refused', () => {
    const both = { ...texts, login_id_invalid: 'x' }
    expect(refusal({ pages: { texts: { en: both } } })).toContain(
      'pages.texts.en.invalid_login_id and pages.texts.en.login_id_invalid are one option',
    )
  })
})

describe('the service takes them in GUESTKEY_OPTIONS', () => {
  const given = { send: 'smtp://127.0.0.1:9', mergeGraceSeconds: 60, wellKnown: false }

  test('beside the options of the demo, and logs the new names', async () => {
    const service = await startService({ GUESTKEY_OPTIONS: JSON.stringify(given) })
    expect((await service.ask('/.well-known/jwks.json')).status).toBe(404)
    expect((await service.ask('/guest/.well-known/jwks.json')).status).toBe(200)
    for (const path of ['loginIds.send', 'merge.graceSeconds', 'wellKnown.atRoot'])
      expect(service.said.out.split(` is ${path} now`), path).toHaveLength(2)
  })

  test('and refuses one that is given twice', async () => {
    const { environment } = await temporaryDeployment()
    const both = JSON.stringify({ ...given, loginIds: { send: 'smtp://127.0.0.1:9' } })
    const { code, out, err } = await command(['check'], { ...environment, GUESTKEY_OPTIONS: both })
    expect(code).toBe(1)
    expect(out + err).toContain('send and loginIds.send are one option: leave out send')
  })
})
