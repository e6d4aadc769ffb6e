// The types of the package can be imported by name: those of all options, arguments and answers. Needs `npm run build`.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The types that other types are made of. Nobody needs to name them. */
const inner: Record<string, string[]> = {
  server: [
    // Those that `Options` joins. Each option of a group has a type of its own, such as MergeOptions.
    ...[
      'SiteOptions',
      'KeepingOptions',
      'LifeOptions',
      'LoginIdAndPageOptions',
      'EventOptions',
      'OAuthOptions',
    ],
    ...['PublishedOptions', 'CredentialOptions', 'RequestOptions', 'CurrentOptions', 'WithOldOptions'],
    'OpenIdClientOptions', // ClientOptions
    'OperatorsOption',
    ...['At', 'Old'],
    ...['GuestErrorClass', 'Known', 'LoginIdTaken'], // GuestError
    ...['Parsed', 'Attributes'], // ProfileSchema and MergeProfiles
    ...['BehindGuard', 'GuestWith', 'WithGuest'], // req.guest
  ],
  client: [
    ...['Known', 'LoginIdTaken'], // GuestClientError
    'GuestProfile$1', // GuestProfile
    'Listen', // GuestClient['on']
    'PublicKeyCredentialHint', // AddPasskeyOptions['hints']
  ],
}

const files: Record<string, string> = { server: 'dist/server/index.d.ts', client: 'client/dist/index.d.ts' }
const entries = Object.entries(files).map(([name, file]) => {
  const types = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
  return { name, types }
})

describe.each(entries)('the types of the $name', ({ name, types }) => {
  test('are exported, but for those that other types are made of', () => {
    const declared = types.matchAll(/^(?:declare )?(?:type|interface|class) ([\w$]+)/gm)
    const [, exported] = /^export type \{(.*)\}/m.exec(types)!
    const names = exported!.match(/[\w$]+/g)!
    const missing = [...declared].map(([, one]) => one!).filter((one) => !names.includes(one))
    const known = missing.filter((one) => !/^Old[A-Z]/.test(one)) // what 0.5 called differently
    expect(known.toSorted()).toEqual(inner[name]!.toSorted())
  })

  test('name the options of each function', () => {
    expect(types.match(/^.*\boptions\?: \{.*$/gm)).toBeNull()
  })
})
